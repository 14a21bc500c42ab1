"""`imgcli report`: what all pictures together tell."""

import os
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.cli.safe import safe_text
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.attempt import Record
    from imgcli.ports import Ledger
    from imgcli.reports.prompts import PromptReport, Tally

PAGE = 500
"""Attempts in memory at once."""

MOST_DRAWN, MOST_TOLD = 12, 1000
"""Rows of each table, and of each kind in JSON and CSV."""

COLUMNS = ("kind", "name", "style", "pictures", "said", "kept", "lost", "inverted")
WHY_NONE = "GPT Image models do not tell what they made of a prompt through the Images API; some compatible servers do"


async def prompts(
    style: Annotated[
        str | None,
        typer.Option(
            "--style", metavar="NAME", help="Only pictures of this style.", autocompletion=options.complete_style
        ),
    ] = None,
    tag: Annotated[str | None, typer.Option("--tag", metavar="WORD", help="Only pictures with this tag.")] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DATE", help="Only those asked for from this UTC day on: 2026-11-01."),
    ] = None,
    json: options.Json = False,
    csv: Annotated[
        bool, typer.Option("--csv", help="One table as CSV on stdout.", rich_help_panel=options.TALK)
    ] = False,
) -> int:
    """Show what survives when models revise prompts: per style, and per thing that must not appear.

    It counts pictures whose provider told a revised prompt, by the words alone. Examples:

      imgcli report prompts

      imgcli report prompts --style cinematic --since 2026-11-01 --csv
    """
    if json and csv:
        raise UsageError("say --json or --csv, not both")
    report, revised, known = await _counted(style, tag, _day(since))
    if json:
        for line in _lines(report):
            show.json_line(line)
        end = {"event": "end", "pictures": report.pictures, "revised": revised, "made": known}
        show.json_line(end | {"told": _sum(report, revised, known)})
    elif csv:
        _write_csv(report)
    else:
        _draw(report)
    if not json:
        show.talk(_sum(report, revised, known))
    return 0


async def moderation(json: options.Json = False) -> int:
    """Show what moderation said, by layer and category: how often it warned, blocked, or set a picture aside.

    It counts the lines of the audit log, moderation.jsonl in the data directory (imgcli config path). Categories of one
    verdict are counted each. Examples:

      imgcli report moderation

      imgcli report moderation --json
    """
    from imgcli.moderation.log import counted, read_log
    from imgcli.settings import find_paths

    rows = counted(read_log(find_paths(os.environ).data))
    columns = ("stage", "layer", "decision", "category", "count")
    if json:
        for row in rows:
            show.json_line({"event": "moderation"} | dict(zip(columns, row, strict=True)))
    elif rows:
        drawn = [(*row[:4], f"{row[4]:,}") for row in rows]
        show.draw_data(show.table("", columns, drawn, right=(4,)))
    else:
        show.talk("moderation has said nothing yet but that all was well")
    return 0


async def _counted(style: str | None, tag: str | None, since: str) -> "tuple[PromptReport, int, int]":
    """The report, how many pictures have a revised prompt, and how many there are."""
    from imgcli.director.judging import Judging
    from imgcli.model.names import plain_name
    from imgcli.reports.prompts import Tally
    from imgcli.settings import find_paths
    from imgcli.wiring import load_styles, open_ledger

    paths = find_paths(os.environ)
    styles = load_styles(paths)
    tally = Tally(styles, Judging(), style)
    wanted = plain_name(tag) if tag is not None else None
    ledger = open_ledger(paths)
    try:
        revised = await _each(
            ledger,
            tally,
            lambda record: (
                (style is None or style in record.job.prompt.styles)
                and (wanted is None or wanted in record.job.tags)
                and record.created_at >= since
            ),
        )
        known = (await ledger.spending()).pictures
    finally:
        await ledger.close()
    if style is not None and not tally.count:
        from imgcli.director.styles import find_style

        # A style that is gone may still have its pictures; one that never was is a typing error.
        find_style(style, styles)
    return tally.report(MOST_TOLD), revised, known


async def _each(ledger: "Ledger", tally: "Tally", is_wanted: Any) -> int:
    after = revised = 0
    while page := await ledger.revised(after, PAGE):
        after = page[-1][0]
        revised += len(page)
        for _, record in page:
            if is_wanted(record):
                tally.add(record.job.prompt, _revised(record))
    return revised


def _revised(record: "Record") -> str:
    return record.painted.revised if record.painted else ""


def _day(typed: str | None) -> str:
    if typed is None:
        return ""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise UsageError(f"--since {typed!r} is no day; write it like 2026-11-01") from None


def _sum(report: "PromptReport", revised: int, known: int) -> str:
    if not revised:
        made = f"{known:,} picture{'s' if known != 1 else ''} made" if known else "no picture is made yet"
        return f"{made}, none with a revised prompt: {WHY_NONE}"
    if not report.pictures:
        return f"none of the {revised:,} pictures with a revised prompt is one of those asked for"
    return f"{report.pictures:,} pictures with a revised prompt, of {known:,} made; counted by words alone"


def _draw(report: "PromptReport") -> None:
    if not report.pictures:
        return
    from rich.text import Text

    for title, columns, rows, words in _tables(report):
        if rows:
            # As the title of its table it would be broken to the width of a narrow one.
            show.draw_data(Text(safe_text(title), style="bold"))
            show.draw_data(show.table("", columns, rows, right=range(words, len(columns))))


def _tables(report: "PromptReport") -> list[tuple[str, tuple[str, ...], list[tuple[Any, ...]], int]]:
    """(title, columns, rows, how many of the columns are words)."""
    styles = [
        (row.style, f"{row.pictures:,}", f"{row.survived:,} of {row.said:,}", _percent(row.survived, row.said))
        if row.known
        else (row.style, f"{row.pictures:,}", "the style is gone", "")
        for row in report.styles[:MOST_DRAWN]
    ]
    constraints = [
        (row.thing, f"{row.pictures:,}", f"{row.kept:,}", f"{row.lost:,}", f"{row.inverted:,}")
        for row in report.constraints[:MOST_DRAWN]
    ]
    dropped = [
        (row.phrase, row.style, f"{row.dropped:,} of {row.said:,}", _percent(row.dropped, row.said))
        for row in report.dropped[:MOST_DRAWN]
    ]
    added = [(row.word, f"{row.pictures:,}") for row in report.added[:MOST_DRAWN]]
    return [
        ("What survives of a style", ("style", "pictures", "terms that survive", "share"), styles, 1),
        ("What must not appear", ("--no", "pictures", "kept out", "forgotten", "asked for"), constraints, 1),
        ("What models drop most", ("phrase", "style", "pictures", "share"), dropped, 2),
        ("What models add most", ("word", "pictures"), added, 1),
    ]


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 / whole:.0f}%" if whole else ""


def _lines(report: "PromptReport") -> list[dict[str, Any]]:
    from dataclasses import asdict

    kinds: dict[str, Sequence[Any]] = {
        "style": report.styles,
        "constraint": report.constraints,
        "dropped": report.dropped,
        "added": report.added,
    }
    return [{"event": kind} | asdict(row) for kind, rows in kinds.items() for row in rows]


def _write_csv(report: "PromptReport") -> None:
    from imgcli.cli.csv_safe import csv_text

    rows: list[tuple[object, ...]] = [COLUMNS]
    rows += [
        ("style", r.style, r.style, r.pictures, r.said, r.survived, r.said - r.survived, "") for r in report.styles
    ]
    rows += [("constraint", r.thing, "", r.pictures, "", r.kept, r.lost, r.inverted) for r in report.constraints]
    rows += [("dropped", r.phrase, r.style, "", r.said, r.said - r.dropped, r.dropped, "") for r in report.dropped]
    rows += [("added", r.word, "", r.pictures, "", "", "", "") for r in report.added]
    show.line(csv_text(rows).rstrip("\n"))
