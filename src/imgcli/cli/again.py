"""`imgcli history again`: pictures made again from their record, and others in place of those that were rejected."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import chosen, options
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.cli.making import Afterword
    from imgcli.model.outcome import Outcome
    from imgcli.model.query import Query
    from imgcli.ports import Catalog, Studio
    from imgcli.remaking import Again, Wish
    from imgcli.script import Script

MOST_TOLD = 5
"""Pictures whose changes are told."""

LONGEST_TOLD = 60
"""Characters of what was asked for before and is now, each."""


async def again(  # noqa: PLR0917 - a command line is named, not positional
    what: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WHAT", help="Pictures, their sidecars, or ids of attempts; with --rejected, directories."
        ),
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option(
            "--with",
            metavar="KEY=VALUE",
            help="What is to be different, by the keys of a batch file: prompt, style, no, provider, model, size, quality, "
            "format, background, seed, ref, mask, input_fidelity, expect, tries, tags, name, out. Repeatable.",
            rich_help_panel=options.PICTURE,
        ),
    ] = None,
    number: Annotated[
        int,
        typer.Option(
            "--count", "-n", metavar="N", min=1, max=100, help="New ones of each.", rich_help_panel=options.PICTURE
        ),
    ] = 1,
    rejected: Annotated[
        bool,
        typer.Option(
            "--rejected",
            help="One new picture in place of each that is rejected, below this directory or as chosen; each once.",
            rich_help_panel=chosen.WHICH,
        ),
    ] = False,
    run: chosen.RunId = None,
    tag: chosen.Tagged = None,
    search: chosen.Search = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Default: where each picture is.", rich_help_panel=options.WHERE
        ),
    ] = None,
    max_cost: options.MaxCost = None,
    assume_cost: options.AssumeCost = None,
    paid_retries: options.PaidRetries = None,
    reuse: options.Cache = None,
    near: options.Near = None,
    policy: options.Policy = None,
    blocklist: options.Blocklist = None,
    moderate: options.Moderate = None,
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
) -> int:
    """Make pictures again from their record, changed or as they were.

    Words that do not change are sent as they were, to the letter; a prompt, style or --no that does is directed anew.
    The new picture stands beside the old one, which stays. Examples:

      imgcli history again out/a-car-1.png

      imgcli history again 019ab3f2 --with quality=high --with seed=7

      imgcli history again --rejected --tag launch --dry-run
    """
    from imgcli.cli.making import Wanted, make_pictures
    from imgcli.cli.said import read_changes
    from imgcli.cli.show import Output
    from imgcli.remaking import Wish
    from imgcli.settings import load_settings
    from imgcli.wiring import open_catalog

    said = read_changes(changes or [])
    choice = chosen.choice_of((), run, tag, search, picked=False)
    _require_sense(what, said, number, out, rejected=rejected, narrowed=bool(run or tag or search))
    flags: dict[str, object] = {"max_cost": max_cost, "assume_cost": assume_cost, "paid_retries": paid_retries}
    flags |= {"jobs": jobs, "ipm": ipm, "cache": reuse, "base_url": base_url}
    flags["preview"] = options.previewing(wanted=preview)
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate, "expand": "off"}
    settings = load_settings(os.environ, flags, profile)
    wish = Wish(said, number, options.real_directory(out), settings.paths.cache / "inputs")
    wanted = Wanted(
        "again",
        (),
        settings,
        wish.out or Path.cwd(),
        resume=rejected,
        dry_run=dry_run,
        yes=yes,
        output=Output(json, quiet, not no_progress, template_out),
        near=near,
    )
    if not rejected:
        desk = Desk(wanted, what or [], wish)
        return await make_pictures(replace(wanted, write=desk.write, after=desk.after))
    catalog = open_catalog(settings.paths)
    try:
        bin_ = Bin(wanted, what or [], wish, catalog, choice.query)
        return await make_pictures(replace(wanted, write=bin_.write, after=bin_.after))
    finally:
        await catalog.close()


def _require_sense(
    what: Sequence[str] | None,
    said: dict[str, Any],
    number: int,
    out: Path | None,
    *,
    rejected: bool,
    narrowed: bool,
) -> None:
    if not rejected:
        if narrowed:
            raise UsageError("--run, --tag and --search choose among rejects; add --rejected, or name pictures")
        if not what:
            raise UsageError("name the pictures, like imgcli history again out/car-1.png, or --rejected")
        return
    place = "--out" if out is not None else next((f"--with {key}" for key in ("out", "name") if key in said), "")
    if place or number > 1:
        odd = place or "-n"
        raise UsageError(
            f"{odd}: rejects get one new picture each, beside them; name the pictures to have it otherwise"
        )


class Desk:
    """The pictures of one call: what is asked for them, and what is told of it."""

    def __init__(self, wanted: Any, words: Sequence[str], wish: "Wish") -> None:
        self._settings, self._words, self._wish = wanted.settings, words, wish
        self._agains: Sequence[Again] = ()

    async def write(self, studio: "Studio") -> "Script":
        from imgcli.picks import find_pictures
        from imgcli.remaking import plan_again

        picks = await find_pictures(self._words, studio.ledger, studio.store)
        return self._script(await plan_again(picks, self._wish, studio, self._settings), studio, [])

    def _script(self, agains: "Sequence[Again]", studio: "Studio", told: Sequence[str]) -> "Script":
        from imgcli.plan import Plan
        from imgcli.script import Script

        self._agains = agains
        jobs = tuple(each.job for each in agains)
        return Script(Plan(jobs, ()), [studio.pricer.quote(job) for job in jobs], (), [*told, *_told(agains)])

    async def after(self, _: "Studio", __: "Sequence[Outcome]") -> "Afterword":
        from imgcli.cli.making import Afterword

        pictures = [
            {"key": each.job.key, "of": each.pick.record.attempt, "directed_anew": each.directed}
            | {"changes": {change.what: [change.before, change.now] for change in each.changes}}
            for each in self._agains
        ]
        return Afterword(event={"event": "again", "pictures": pictures})


class Bin(Desk):
    """The rejects of one call."""

    def __init__(self, wanted: Any, words: Sequence[str], wish: "Wish", catalog: "Catalog", query: "Query") -> None:
        super().__init__(wanted, words, wish)
        self._catalog, self._query = catalog, query

    async def write(self, studio: "Studio") -> "Script":
        from imgcli.cli.drafts import count
        from imgcli.cli.rejects import meant, recalled
        from imgcli.remaking import plan_remakes

        marked, elsewhere = await meant(self._words, self._query, studio, self._catalog)
        rejects, lost = await recalled(marked, studio)
        remakes = await plan_remakes(rejects, self._wish, studio, self._settings)
        told = [f"{count(len(remakes.due), 'reject')} to make again"] if remakes.due else []
        if remakes.done:
            more = "; for more of one, name it:  imgcli history again FILE" if not remakes.due else ""
            told.append(f"{count(len(remakes.done), 'reject')} made again before, and left alone{more}")
        if lost:
            told.append(f"{count(lost, 'reject')} in quarantine or known to nobody any more, and left alone")
        if elsewhere:
            told.append(f"{count(elsewhere, 'reject')} elsewhere left alone; --search finds them anywhere")
        return replace(self._script(remakes.due, studio, told), planned_at=remakes.seen)


def _told(agains: "Sequence[Again]") -> list[str]:
    """What is different about each, once for those that are alike."""
    lines: dict[str, list[str]] = {}
    for each in agains:
        lines.setdefault(_difference(each), []).append(each.pick.path.name)
    told = []
    for words, names in list(lines.items())[:MOST_TOLD]:
        few = ", ".join(dict.fromkeys(names[:MOST_TOLD]))
        told.append(f"{few}{f' and {len(names) - MOST_TOLD:,} more' if len(names) > MOST_TOLD else ''}: {words}")
    if len(lines) > MOST_TOLD:
        told.append(f"and {len(lines) - MOST_TOLD:,} more differences; --json tells all")
    return told


def _difference(one: "Again") -> str:
    changes = ", ".join(f"{c.what} {_short(c.before)} -> {_short(c.now)}" for c in one.changes)
    words = "the words directed anew" if one.directed else "the same words, to the letter"
    return f"{changes}; {words}" if changes else f"nothing different; {words}"


def _short(text: str) -> str:
    if not text:
        return "none"
    plain = " ".join(text.split())
    return repr(plain if len(plain) <= LONGEST_TOLD else f"{plain[: LONGEST_TOLD - 1]}…") if " " in plain else plain
