"""Pictures looked at for their own sake, by a text model or by measuring: what `describe` and `styles learn` share."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.errors import ImgcliError

if TYPE_CHECKING:
    from imgcli.cli.show import Output
    from imgcli.describing import Take
    from imgcli.director.description import Description
    from imgcli.inputs.measured import Measured
    from imgcli.model.input import Input
    from imgcli.model.quote import Quote
    from imgcli.ports import Studio
    from imgcli.settings import Settings

MEASURED = "measured here"
ASK_AGAIN = "--again asks anew, and costs again"
"""What to do about an answer that is of no use, and remembered."""


@dataclass(frozen=True, slots=True)
class Viewed:
    """What became of one picture.

    Attributes:
        by: the model that described it, or MEASURED.
        told: what was found; None with a `problem`.
    """

    name: str
    sha256: str
    by: str
    told: "Description | Measured | None"
    problem: str = ""

    def plain(self) -> dict[str, object]:
        """As JSON says it."""
        head: dict[str, object] = {"path": self.name, "sha256": self.sha256, "by": self.by}
        if self.told is None:
            return head | {"error": self.problem}
        return head | {key: _listed(value) for key, value in asdict(self.told).items()}


def _listed(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def settled(flags: Mapping[str, object], profile: str | None) -> "Settings":
    """The settings of a call.

    Raises:
        UsageError: a setting or a flag that is none.
    """
    from imgcli.settings import load_settings

    return load_settings(os.environ, flags, profile)


async def described(
    images: Sequence[Path],
    settings: "Settings",
    output: "Output",
    *,
    local: bool,
    again: bool,
    yes: bool,
    dry_run: bool,
) -> tuple[list[Viewed], int]:
    """Each picture as it was described, and the exit code; none on a dry run of a text model.

    Raises:
        ImgcliError: what concerns all of them.
    """
    from imgcli.describing import require_provider, viewer
    from imgcli.inputs.read import Reader
    from imgcli.wiring import open_studio

    reader = Reader()
    pictures = [reader.input(path) for path in images]
    if local:
        return measured(pictures), 0
    async with open_studio(settings, os.environ, lambda _: None) as studio:
        seen = viewer(require_provider(studio, settings), settings)
        if not seen.model:
            if not output.json:
                show.talk(f"{seen.why}, so the pictures are measured")
            return measured(pictures), 0
        return await _asked(pictures, studio, settings, output, again=again, yes=yes, dry_run=dry_run)


def measured(pictures: "Sequence[Input]") -> list[Viewed]:
    """What can be said of pictures without knowing what they show."""
    from imgcli.inputs.measured import measure

    return [Viewed(picture.name, picture.sha256, MEASURED, measure(picture)) for picture in pictures]


async def _asked(
    pictures: "Sequence[Input]",
    studio: "Studio",
    settings: "Settings",
    output: "Output",
    *,
    again: bool,
    yes: bool,
    dry_run: bool,
) -> tuple[list[Viewed], int]:
    from imgcli.cli import asked
    from imgcli.cli.inputs import room_for
    from imgcli.reports.summary import most_urgent

    with room_for(settings.paths, keeps=not dry_run) as cache:
        takes = await _takes(pictures, studio, settings, cache, again=again)
        quotes = [take.quote for take in takes]
        open_ = {take.quote.job.key: take.quote for take in takes if take.painted is None}
        failed: Mapping[str, ImgcliError] = {}
        code = 0
        if dry_run and open_:
            await asked.dry_run([*open_.values()], studio, settings, output)
        elif open_:
            if output.talks:
                for line in asked.told_first([*open_.values()]):
                    show.talk(line)
            failed, code = await asked.ask_only("describe", [*open_.values()], studio, settings, output, yes=yes)
    found = [
        await _viewed(picture, quote, studio, failed)
        for picture, quote in zip(pictures, quotes, strict=True)
        if not (dry_run and quote.job.key in open_)
    ]
    codes = [*(error.exit_code for error in failed.values()), *(1 for one in found if one.problem)]
    return found, code or most_urgent(codes)


async def _takes(
    pictures: "Sequence[Input]", studio: "Studio", settings: "Settings", cache: Path, *, again: bool
) -> "list[Take]":
    from imgcli.describing import require_provider, take_of, viewer
    from imgcli.director.description import LOOKED_AT, describes, question_about
    from imgcli.inputs.prepare import Workshop

    seen = viewer(require_provider(studio, settings), settings)
    workshop = Workshop(cache)
    return [
        await take_of(
            question_about(workshop.smaller(picture, LOOKED_AT), provider=seen.provider, model=seen.model),
            f"describe-{number}",
            studio,
            settings,
            describes,
            again=again,
        )
        for number, picture in enumerate(pictures, 1)
    ]


async def _viewed(picture: "Input", quote: "Quote", studio: "Studio", failed: Mapping[str, ImgcliError]) -> Viewed:
    from imgcli.describing import answered
    from imgcli.director.description import read_description

    model = quote.job.model
    painted = await answered(quote, studio.ledger)
    if painted is None:
        why = str(failed.get(quote.job.key) or "it was not described")
        return Viewed(picture.name, picture.sha256, model, None, why)
    told = read_description(painted.revised)
    if told is None:
        why = f"{model} did not say what it shows{f' ({painted.notes[0]})' if painted.notes else ''}; {ASK_AGAIN}"
        return Viewed(picture.name, picture.sha256, model, None, why)
    return Viewed(picture.name, picture.sha256, model, told)
