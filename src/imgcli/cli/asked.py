"""Questions to text models on a command line: what is told of them first, and runs that ask nothing else."""

import asyncio
import os
import platform
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.consent import confirm, require_room
from imgcli.errors import ImgcliError
from imgcli.model.money import format_usd
from imgcli.model.quote import Priced, Quote

if TYPE_CHECKING:
    from imgcli.cli.show import Output
    from imgcli.model.events import Event
    from imgcli.moderating import Moderation
    from imgcli.pipeline import Line
    from imgcli.ports import Studio
    from imgcli.settings import Settings

VERBS = {
    "an expansion": ("expands", "prompt"),
    "a description": ("describes", "picture"),
    "a style": ("distils", "style"),
}


def told_first(questions: Sequence[Quote]) -> list[str]:
    """Who is asked what before anything else, and what it costs; a line for each kind of question."""
    from imgcli.model.question import question_of

    kinds: dict[str, list[Quote]] = {}
    for quote in questions:
        kinds.setdefault(question_of(quote.job).kind.value, []).append(quote)
    return [_told(kind, quotes) for kind, quotes in kinds.items()]


def _told(kind: str, quotes: Sequence[Quote]) -> str:
    priced = [quote for quote in quotes if isinstance(quote, Priced)]
    names = ", ".join(dict.fromkeys(quote.job.model for quote in quotes))
    unknown = f", {len(quotes) - len(priced)} of unknown price" if len(priced) < len(quotes) else ""
    cost = f"about {format_usd(sum(q.expected for q in priced))}, at most {format_usd(sum(q.upper for q in priced))}"
    verb, noun = VERBS.get(kind, ("answers", "question"))
    return f"{names} {verb} {len(quotes)} {noun if len(quotes) == 1 else noun + 's'} first: {cost}{unknown}"


async def ask_only(
    command: str, quotes: Sequence[Quote], studio: "Studio", settings: "Settings", output: "Output", *, yes: bool
) -> tuple[Mapping[str, ImgcliError], int]:
    """A run of nothing but questions: (why some got no answer, by key; the exit code of a signal, or of an overrun).

    The answers are in the ledger.

    Raises:
        ImgcliError: what ends all of them alike.
    """
    from imgcli.asking import ask_all
    from imgcli.cli.process import signals, within_open_files
    from imgcli.cli.screening import open_screening, refused_questions
    from imgcli.engine.stop import Stop
    from imgcli.model.ids import uuid7
    from imgcli.model.run import Run
    from imgcli.moderating import Journal
    from imgcli.pipeline import Line
    from imgcli.recovery import recover
    from imgcli.reports.summary import OVERRUN
    from imgcli.wiring import open_writers

    screening = open_screening(settings)
    _require_ready(quotes, studio)
    if screening.rules.asks("inputs"):
        screening.require({quote.job.provider for quote in quotes}, studio)
    confirm((), quotes, settings, output, yes=yes, asks=False)
    at_once = within_open_files(settings.jobs, show.talk)
    name = uuid7(studio.clock.now(), secrets.token_bytes(10))
    run = Run(name, command, settings.user, platform.node(), os.getpid(), settings.max_cost)
    writers = open_writers(studio, {quote.job.provider for quote in quotes}, at_once)
    line = Line(run, studio, Stop(), {}, resume=False, writers=writers, mend=lambda: recover(studio, run))
    moderation = screening.part(replace(studio, observe=_warns), run, line.stop, at_once)
    journal = Journal(name, studio.clock, settings.paths.data)
    await studio.ledger.begin(run)
    try:
        with signals(line.stop, show.talk) as code:
            try:
                await recover(studio, run)
                refused = await refused_questions(quotes, moderation, journal, at_once)
                cleared = [quote for quote in quotes if quote.job.key not in refused]
                failed = {**refused, **await ask_all(cleared, line, at_once)}
            except ImgcliError as error:
                if not code():
                    raise
                show.error(str(error))
                return {}, code()
            return failed, code() or (OVERRUN if line.overrun else 0)
    finally:
        await asyncio.shield(studio.ledger.end(run.id))
        await moderation.close()
        if output.talks:
            show.talk(told_money(line, moderation))


def _warns(event: "Event") -> None:
    """What the checks before a question say to people."""
    from imgcli.model.events import Told

    if isinstance(event, Told):
        show.talk(event.text)


def told_money(line: "Line", moderation: "Moderation") -> str:
    """What questions cost, and the checks before them."""
    spent, held = (own + others for own, others in zip((line.spent, line.held), moderation.money, strict=True))
    return f"{format_usd(spent)} spent{f', {format_usd(held)} held' if held else ''}"


async def dry_run(quotes: Sequence[Quote], studio: "Studio", settings: "Settings", output: "Output") -> None:
    """What would be asked, and whether there is room for it; nothing is sent.

    Raises:
        BudgetError: there is none.
    """
    for quote in quotes if output.json else ():
        show.json_line(_line(quote))
    for line in told_first(quotes) if output.talks else ():
        show.talk(line.replace(" first: ", ": "))
    if output.talks:
        show.talk("nothing was sent")
    await require_room(studio, (), quotes, settings)


def _line(quote: Quote) -> dict[str, object]:
    from imgcli.model.money import exact_usd
    from imgcli.model.question import question_of

    asked = question_of(quote.job)
    line: dict[str, object] = {"event": "question", "kind": asked.kind.name.lower(), "model": asked.model}
    line |= {"pictures": [image.name for image in asked.images], "key": quote.job.key}
    expected, upper = (quote.expected, quote.upper) if isinstance(quote, Priced) else (None, None)
    return line | {
        "expected_usd": None if expected is None else exact_usd(expected),
        "upper_usd": None if upper is None else exact_usd(upper),
    }


def _require_ready(quotes: Sequence[Quote], studio: "Studio") -> None:
    """Everything that would refuse every question, and where pictures go, is told before the first is paid."""
    for name in dict.fromkeys(quote.job.provider for quote in quotes):
        provider = studio.providers[name]
        provider.ready()
        for notice in provider.notices(()):
            show.talk(notice)
