"""What a run that ended does beside the terminal: shows its pictures, tells the desktop, and tells a server.

None of it changes what the run made or its exit code: a failure is one line. Ctrl-C ends all of it at once.
"""

import asyncio
import json
import os
import sys
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.closing import sums
from imgcli.cli.process import is_cut_off
from imgcli.errors import ImgcliError
from imgcli.model.ids import time_of
from imgcli.model.money import exact_usd
from imgcli.model.outcome import Made, Outcome, Reused
from imgcli.reports.lines import summary_line
from imgcli.reports.summary import Summary
from imgcli.settings import Settings

if TYPE_CHECKING:
    from imgcli.webhook import Outside

SIGNALS = 128
"""Exit codes above it are those of runs that a signal ended: who ended it waits for his prompt."""

SECRET_OF = "webhook"  # noqa: S105 - a name
SECRET_VARIABLE = "IMGCLI_WEBHOOK_SECRET"  # noqa: S105 - a name
MOST_TOLD = 100
"""Pictures that are told to a server one by one, where it is told of prompts."""

MOST_LETTERS = 2000
"""Of each prompt."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A run that is over since `at` (UTC); `opens`: its pictures are to be shown."""

    command: str
    run: str
    at: datetime
    outcomes: Sequence[Outcome]
    summary: Summary
    opens: bool = False

    @property
    def seconds(self) -> float:
        return max(0.0, (self.at - time_of(self.run)).total_seconds())


async def tell_elsewhere(ended: Ended, settings: Settings, outside: "Outside | None" = None) -> None:
    """Do what the user and `settings` want done once a run is over; `outside` is what the webhook has of the world."""
    if ended.summary.exit_code > SIGNALS:
        return
    wanted = [_open(ended.outcomes)] if ended.opens else []
    if ended.seconds >= settings.notify_after:
        wanted += [_notify(ended)] if _shows(settings) else []
        wanted += [_call(ended, settings, outside)] if settings.webhook_url else []
    if wanted and await is_cut_off(asyncio.ensure_future(_each(wanted))):
        show.talk("interrupted: who was to hear of this run may not have")


async def _each(wanted: "Sequence[Coroutine[None, None, None]]") -> None:
    for problem in await asyncio.gather(*wanted, return_exceptions=True):
        if isinstance(problem, Exception):
            # Not foreseen, and no reason to end otherwise than the run did.
            show.talk(f"not everybody was told of this run: {type(problem).__name__}: {problem}")


async def _open(outcomes: Sequence[Outcome]) -> None:
    from imgcli.cli.opening import open_path

    shown = shown_of(outcomes)
    if shown is None:
        return
    try:
        await asyncio.to_thread(open_path, shown)
    except ImgcliError as error:
        show.talk(f"--open: {error}")


def shown_of(outcomes: Sequence[Outcome]) -> Path | None:
    """The one picture that is there, or the directory of the first of several."""
    made = [outcome.saved.path for outcome in outcomes if isinstance(outcome, Made)]
    there = made or [outcome.path for outcome in outcomes if isinstance(outcome, Reused)]
    if not there:
        return None
    return there[0] if len(there) == 1 else there[0].parent


def _shows(settings: Settings) -> bool:
    from imgcli.cli.desktop import has_desktop

    if settings.notify == "auto":
        return sys.stderr.isatty() and has_desktop(os.environ)
    return settings.notify == "on"


async def _notify(ended: Ended) -> None:
    from imgcli.cli.desktop import DesktopError, notify

    code = ended.summary.exit_code
    title = f"imgcli {ended.command}: {f'ended with code {code}' if code else 'done'}"
    try:
        await notify(title, sums(ended.summary)[0], os.environ)
    except DesktopError as error:
        show.talk(f"no notification was shown: {error}")


async def _call(ended: Ended, settings: Settings, outside: "Outside | None") -> None:
    from imgcli.settings import shown_webhook
    from imgcli.webhook import Message, Outside, WebhookError, deliver

    where = shown_webhook(settings.webhook_url)
    try:
        body = json.dumps(event(ended, prompts=settings.webhook_prompts == "on"), ensure_ascii=False).encode()
        message = Message(f"msg_{ended.run}", body)
        await deliver(
            settings.webhook_url, _secrets(settings), message, outside or Outside(lambda: datetime.now(UTC).timestamp())
        )
    except (WebhookError, ImgcliError) as error:
        show.talk(f"the webhook {where} was not told: {error}")


def _secrets(settings: Settings) -> list[bytes]:
    from imgcli.credentials import find_key
    from imgcli.webhook import secrets_of

    secret, _ = find_key(SECRET_OF, SECRET_VARIABLE, os.environ, settings.paths.credentials)
    return secrets_of(secret) if secret else []


def webhook_problem(settings: Settings) -> str:
    """Why the webhook cannot be told of anything, as far as that is known without calling it; empty if it can."""
    from imgcli.webhook import WebhookError

    try:
        return "" if _secrets(settings) else "it has no secret to sign with"
    except (WebhookError, ImgcliError) as error:
        return str(error)


def event(ended: Ended, *, prompts: bool) -> dict[str, object]:
    """What a server is told of a run; of `prompts` and file names, which hold their words, only where they are asked for."""
    sums_ = {key: value for key, value in summary_line(ended.summary).items() if key != "event"}
    told: dict[str, object] = {"run": ended.run, "command": ended.command, "seconds": round(ended.seconds, 3), **sums_}
    if prompts:
        there = [outcome for outcome in ended.outcomes if isinstance(outcome, Made | Reused)]
        told["pictures"] = [_picture(outcome) for outcome in there[:MOST_TOLD]]
        told["more_pictures"] = max(0, len(there) - MOST_TOLD)
    return {"type": "run.ended", "timestamp": ended.at.isoformat(timespec="seconds"), "data": told}


def _picture(outcome: Made | Reused) -> dict[str, object]:
    path = outcome.saved.path if isinstance(outcome, Made) else outcome.path
    cost = outcome.cost if isinstance(outcome, Made) else 0
    return {
        "id": outcome.job.entry,
        "prompt": outcome.job.prompt.typed[:MOST_LETTERS],
        "file": path.name,
        "cost_usd": None if cost is None else exact_usd(cost),
    }
