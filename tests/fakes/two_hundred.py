"""The hand-made ledger: 200 attempts of two months, entered through the real one as runs would."""

import asyncio
import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from imgcli.errors import AttemptError, Money
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Hold, Receipt
from imgcli.model.job import TEXT, Look
from imgcli.model.money import parse_usd
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.run import Run
from imgcli.model.size import Size
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_quote

DATA = Path(__file__).parents[1] / "data"
FAULTS = {
    "voided": AttemptError("refused", money=Money.VOID),
    "uncertain": AttemptError("lost", money=Money.HOLD),
    "moderated": AttemptError("unsafe", money=Money.HOLD, moderated=True),
    "posted": AttemptError("no picture", money=Money.POST),
}

Listed = Mapping[str, str]


@dataclass(frozen=True)
class Slot:
    directory: Path
    name: str


def attempts() -> list[Listed]:
    with (DATA / "attempts_200.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def expected() -> list[Listed]:
    with (DATA / "spend_200.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def at(listed: Listed) -> datetime:
    return datetime.fromisoformat(listed["at"])


async def fill(home: Path) -> None:
    """Write the ledger below `home`."""
    listed = attempts()
    clock = FakeClock(at(listed[0]))
    ledger = SqliteLedger(home, clock)
    runs = {_run(each): each for each in listed}
    for run, each in runs.items():
        await ledger.begin(Run(run, each["command"], each["user"], "host", 1))
        await ledger.enter(run, [_quote(one).job for one in listed if _run(one) == run])
    holds = []
    for each in listed:
        clock.set(at(each))
        hold = await ledger.reserve(
            _run(each),
            f"attempt-{each['number']}",
            _quote(each),
            Slot(Path(each["directory"]), f"{each['number']}.png"),
        )
        assert hold is not None
        holds.append((hold, each))
    # Together, so that the disk is waited for once for all of them.
    await asyncio.gather(*(ledger.send(hold) for hold, each in holds if each["state"] != "reserved"))
    await asyncio.gather(*(_finish(ledger, hold, each) for hold, each in holds))
    for run in runs:
        await ledger.end(run)
    await ledger.close()


async def _finish(ledger: SqliteLedger, hold: Hold, each: Listed) -> None:
    state, posted = each["state"], parse_usd(each["posted_usd"] or "0")
    if state in {"reserved", "sent"}:
        return
    if state in {"received", "saved", "settled"}:
        await ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, posted))
        if state != "received":
            await ledger.save(hold.attempt, hold.run)
        if state == "settled":
            await ledger.settle(hold.attempt, hold.run)
    elif each["what"] == "words" and state == "posted":
        await ledger.post(hold, SOME_PAINTED, posted)
    elif each["decided"]:
        await ledger.fail(hold, FAULTS["uncertain"])
        await ledger.resolve(hold.attempt, None if state == "voided" else posted, "looked at the bill")
    else:
        await ledger.fail(hold, FAULTS[state])


def _run(each: Listed) -> str:
    return f"run-{each['user']}-{each['command']}"


def _quote(each: Listed) -> Any:
    number = int(each["number"])
    prompt = DirectedPrompt(typed=f"picture {number}", text=f"picture {number}", styles=tuple(each["styles"].split()))
    return a_quote(
        parse_usd(each["upper_usd"]),
        variant=number,
        provider=each["provider"],
        model=each["model"],
        quality=each["quality"],
        prompt=prompt,
        tags=tuple(each["tags"].split()),
        directory=Path(each["directory"]),
        format=TEXT if each["what"] == "words" else "png",
        wanted=Look(Size(2048, 2048), "high") if each["draft"] else None,
    )
