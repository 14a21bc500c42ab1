"""`imgcli final`: picked drafts made for good."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options
from imgcli.errors import StorageError, UsageError

if TYPE_CHECKING:
    from imgcli.cli.making import Afterword
    from imgcli.finals import Finals, Wish
    from imgcli.model.attempt import Record
    from imgcli.model.outcome import Outcome
    from imgcli.model.pick import Pick
    from imgcli.ports import Catalog, Studio
    from imgcli.reports.savings import Savings
    from imgcli.script import Script


async def final(  # noqa: PLR0917 - a command line is named, not positional
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="WHAT", help="Drafts, their sidecars, or ids of attempts (as they begin)."),
    ] = None,
    picked: Annotated[
        bool,
        typer.Option("--picked", help="All that imgcli pick chose below this directory and that have no final yet."),
    ] = False,
    size: options.Size = None,
    quality: options.Quality = None,
    number: Annotated[
        int,
        typer.Option(
            "--count", "-n", metavar="N", min=1, max=100, help="Finals of each.", rich_help_panel=options.PICTURE
        ),
    ] = 1,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Default: where each draft is.", rich_help_panel=options.WHERE),
    ] = None,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="Also those made before or uncertain; costs again.", rich_help_panel=options.WHERE
        ),
    ] = False,
    max_cost: options.MaxCost = None,
    assume_cost: options.AssumeCost = None,
    paid_retries: options.PaidRetries = None,
    reuse: options.Cache = None,
    near: options.Near = None,
    jobs: options.Jobs = None,
    ipm: options.Ipm = None,
    base_url: options.BaseUrl = None,
    profile: options.Profile = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
    template_out: options.Print = None,
    quiet: options.Quiet = False,
    preview: options.Preview = None,
    no_progress: options.NoProgress = False,
    opens: options.Open = False,
) -> int:
    """Make drafts for good: the same words, in the size and quality that was wanted.

    Each is painted anew, so it is another picture of the same words; models that take a seed come closer.

    Run it again and it makes only what is missing. Examples:

      imgcli final --picked

      imgcli final out/a-car-1-draft.png --quality max -n 2
    """
    from imgcli.cli.making import Wanted, make_pictures
    from imgcli.cli.show import Output
    from imgcli.finals import Wish
    from imgcli.settings import load_settings
    from imgcli.wiring import open_catalog

    if bool(what) == picked:
        raise UsageError("name the drafts to make for good, like imgcli final out/car-1-draft.png, or --picked")
    flags: dict[str, object] = {"max_cost": max_cost, "assume_cost": assume_cost, "paid_retries": paid_retries}
    flags |= {"jobs": jobs, "ipm": ipm, "cache": reuse, "base_url": base_url}
    flags["preview"] = options.previewing(wanted=preview)
    settings = load_settings(os.environ, flags, profile)
    wish = Wish(options.size_of(size), quality, number, options.real_directory(out), settings.paths.cache / "inputs")
    catalog = open_catalog(settings.paths)
    desk = Desk(catalog, what or [], wish, again=again)
    output = Output(json, quiet, not no_progress, template_out, opens)
    wanted = Wanted(
        "final",
        (),
        settings,
        wish.out or Path.cwd(),
        resume=not again,
        dry_run=dry_run,
        yes=yes,
        output=output,
        near=near,
        write=desk.write,
        after=desk.after,
    )
    try:
        return await make_pictures(wanted)
    finally:
        await catalog.close()


class Desk:
    """The picks of one call: what is to be made of them, and what is told and written down of them afterwards."""

    def __init__(self, catalog: "Catalog", words: Sequence[str], wish: "Wish", *, again: bool) -> None:
        self._catalog, self._words, self._wish, self._again = catalog, words, wish, again
        self._finals: Finals | None = None
        self._elsewhere = ""

    async def write(self, studio: "Studio") -> "Script":
        from imgcli.finals import plan_finals
        from imgcli.plan import Plan
        from imgcli.script import Script

        finals = self._finals = await plan_finals(await self._picks(studio), self._wish, studio)
        told = [f"{pick.path.name} is final already; --quality or --size makes it otherwise" for pick in finals.final]
        if told and self._words and not finals.jobs:
            raise UsageError("; ".join(told[:3]) + (f"; and {len(told) - 3} more" if len(told) > 3 else ""))
        told += [self._elsewhere] if self._elsewhere else []
        return Script(Plan(finals.jobs, ()), [studio.pricer.quote(job) for job in finals.jobs], (), told)

    async def _picks(self, studio: "Studio") -> "list[Pick]":
        """Those that were named, or else all that are picked and not finished."""
        from imgcli.cli.drafts import count
        from imgcli.model.mark import Mark
        from imgcli.picks import find_pictures, is_below, recall

        if self._words:
            return await find_pictures(self._words, studio.ledger, studio.store)
        every = await self._catalog.marked(Mark.PICKED)
        # Another project's picks are another project's money.
        picked = [marked for marked in every if is_below(marked.path, Path.cwd())]
        if elsewhere := len(every) - len(picked):
            self._elsewhere = f"{count(elsewhere, 'pick')} elsewhere left alone (imgcli pick --list)"
        if not picked:
            left = f"; {self._elsewhere}" if elsewhere else ""
            raise UsageError(f"nothing is picked below this directory{left}; choose with:  imgcli pick FILE...")
        finished = {marked.attempt for marked in await self._catalog.marked(Mark.FINISHED)}
        wish = self._wish
        otherwise = wish.size or wish.quality or wish.count > 1 or wish.out or self._again
        found = []
        for marked in picked:
            if marked.attempt in finished and not otherwise:
                continue
            if (known := await recall(marked, studio.ledger, studio.store)) is None:
                raise UsageError(
                    f"{marked.path}: neither the ledger nor a sidecar tells of this pick any more; "
                    f"let it go with:  imgcli pick --undo {marked.attempt}"
                )
            found.append(known)
        return found

    async def after(self, studio: "Studio", outcomes: "Sequence[Outcome]") -> "Afterword":
        """Link drafts and finals, mark what is finished, and tell what was saved.

        What cannot be written down now is told: the pictures are paid and there, and the next call writes it.
        """
        from imgcli.cli.drafts import savings_line
        from imgcli.cli.making import Afterword

        finals = self._finals
        if finals is None:
            return Afterword()
        if not finals.jobs:
            return Afterword(["every pick has its final:  imgcli pick --list"])
        troubles = await self._tell(self._finished(finals, outcomes), studio)
        picks = [pick for each in finals.picks.values() for pick in each]
        saved = await _savings(picks, studio)
        lines = [savings_line(saved)] if saved is not None and saved.whole_cost else []
        return Afterword(lines, troubles, _event(saved) if saved is not None else None)

    def _finished(self, finals: "Finals", outcomes: "Sequence[Outcome]") -> "list[Pick]":
        """The picks all of whose finals are there."""
        from imgcli.model.outcome import Made, Reused

        missing = {
            pick.record.attempt
            for outcome in outcomes
            if not isinstance(outcome, Made | Reused)
            for pick in finals.picks[outcome.job.key]
        }
        every = {pick.record.attempt: pick for picks in finals.picks.values() for pick in picks}
        return [pick for attempt, pick in every.items() if attempt not in missing]

    async def _tell(self, finished: "Sequence[Pick]", studio: "Studio") -> list[str]:
        from imgcli.model.mark import Mark, Marked

        troubles = []
        try:
            picked = {marked.attempt for marked in await self._catalog.marked(Mark.PICKED)}
            for pick in finished:
                if pick.record.attempt in picked:
                    await self._catalog.mark(Marked(pick.record.attempt, Mark.FINISHED, pick.path))
        except StorageError as error:
            troubles.append(str(error))
        made: dict[str, list[str]] = {}
        for record in await _made([pick.record.attempt for pick in finished], studio):
            made.setdefault(record.job.draft, []).append(record.attempt)
        for pick in finished:
            try:
                finals = made.get(pick.record.attempt, [])
                if finals and not await studio.store.link(pick.path, finals):
                    troubles.append(
                        f"{pick.path.name}: its sidecar is gone or was changed, and is not told of its final"
                    )
            except StorageError as error:
                troubles.append(str(error))
        return troubles


async def _made(drafts: Sequence[str], studio: "Studio") -> "list[Record]":
    """The finals of `drafts` that are there."""
    from imgcli.model.attempt import State

    return [record for record in await studio.ledger.finals_of(drafts) if record.state is State.SETTLED]


async def _savings(picks: "Sequence[Pick]", studio: "Studio") -> "Savings | None":
    """Over all drafts of the runs that the picks are of."""
    from imgcli.reports.savings import savings

    drafts = await studio.ledger.drafts_of({pick.record.run for pick in picks})
    finals = await _made([record.attempt for record in drafts], studio)
    return savings(drafts, finals, studio.pricer.quote) if drafts else None


def _event(seen: "Savings") -> dict[str, object]:
    from imgcli.model.money import exact_usd

    told: dict[str, object] = {"event": "savings", "drafts": seen.drafts, "finals": seen.finals}
    told |= {"draft_usd": exact_usd(seen.draft_cost), "final_usd": exact_usd(seen.final_cost)}
    return told | {"without_drafts_usd": exact_usd(seen.whole_cost), "saved_usd": exact_usd(seen.saved)}
