"""`imgcli history show`: the story of one picture."""

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import completing, options, show
from imgcli.cli.places import near
from imgcli.errors import StyleError, UsageError
from imgcli.model.attempt import State
from imgcli.model.money import format_usd

if TYPE_CHECKING:
    from imgcli.cli.worded import Row
    from imgcli.model.attempt import Record
    from imgcli.model.prompt import Piece, Style

SHORTEST = 4
"""Characters of an id that say which; attempts of one month begin alike, so it often takes more."""

LONGEST = 1000
"""Characters of a file name and all its directories that a person means."""

MOST_LISTED = 5
"""Attempts of an ambiguous id that are named."""

FATES = {
    "kept": "still ruled out by the revised prompt",
    "lost": "not spoken of in the revised prompt any more",
    "inverted": "ASKED FOR by the revised prompt",
}
STATES = {
    State.RESERVED: "money is held, nothing was sent yet",
    State.SENT: "sent, no answer yet",
    State.RECEIVED: "the picture came and waits for its name",
    State.SAVED: "the picture is saved",
    State.SETTLED: "made",
    State.POSTED: "billed, and no picture came",
    State.VOIDED: "not billed, no picture",
    State.MODERATED: "refused by the provider, perhaps billed",
    State.UNCERTAIN: "the answer was lost, perhaps billed",
}


async def show_story(
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE",
            help="How the id of an attempt begins, or a picture or its sidecar.",
            autocompletion=completing.complete_picture,
        ),
    ],
    json: options.Json = False,
) -> int:
    """Show what became of a prompt, from typed to revised.

    With each step comes what it added and removed, and who did; then model, cost, styles, state and constraints, where
    it comes from and what was made of it, and what people said of it.
    A file is told from its sidecar alone, so that of another machine is told too; an id is looked up in the ledger,
    also of attempts that failed (imgcli history list and --failed tell ids). Examples:

      imgcli history show a-car-1.png

      imgcli history show 019ab3f2 --json
    """
    from imgcli.cli.family import family_line, family_rows, kin
    from imgcli.cli.nearby import styles_of
    from imgcli.cli.worded import draw
    from imgcli.director.explain import retold

    key, record = await _found(what)
    known, trouble = _styles()
    styles = styles_of(record, known)
    pieces = retold(record.job.prompt, styles)
    family, opinion = await kin(record)
    if json:
        show.json_line(_line(key, record, pieces) | family_line(family, opinion))
        return 0
    rows = [*_facts(key, record), *family_rows(family, opinion)]
    draw(_title(record), [*rows, *_words(record, pieces, trouble or _why_unknown(record, styles))])
    return 0


async def _found(what: str) -> "tuple[str, Record]":
    from imgcli.settings import find_paths
    from imgcli.wiring import open_ledger, read_sidecar

    if len(what) > LONGEST:
        raise UsageError(f"{what[:40]!r}... is too long for an id or a file name")
    if _is_file(what):
        return read_sidecar(Path(what))
    if len(what) < SHORTEST:
        raise UsageError(f"{what!r} is too short for an id; type at least {SHORTEST} characters of it, or name a file")
    ledger = open_ledger(find_paths(os.environ))
    try:
        records = await ledger.begun(what.lower(), MOST_LISTED + 1)
    finally:
        await ledger.close()
    if not records:
        raise UsageError(f"there is no file {what!r}, and no attempt whose id begins so; see imgcli budget log")
    if len(records) > 1:
        named = ", ".join(f"{record.attempt} ({record.name})" for record in records[:MOST_LISTED])
        more = ", ..." if len(records) > MOST_LISTED else ""
        raise UsageError(f"several ids begin with {what!r}: {named}{more}; type more of it")
    return records[0].job.key, records[0]


def _is_file(what: str) -> bool:
    # The words of os.path answer for any name, also one that no disk takes.
    return os.path.lexists(what) or re.fullmatch(r"[0-9A-Za-z-]*", what) is None


def _styles() -> "tuple[Mapping[str, Style], str]":
    """The styles there are, or none and why: a story is told also while a style file is broken."""
    from imgcli.settings import find_paths
    from imgcli.wiring import load_styles

    try:
        return load_styles(find_paths(os.environ)), ""
    except StyleError as error:
        return {}, str(error)


def _title(record: "Record") -> str:
    from imgcli.reports.history import has_picture

    return near(record.directory / record.name) if has_picture(record) else f"attempt {record.attempt}"


def _facts(key: str, record: "Record") -> "list[Row]":
    job, picture = record.job, record.picture
    asked = "words for a prompt" if job.is_text else f"{job.size} {job.quality} {job.format}"
    asked += f", background {job.background}" if job.background != "auto" else ""
    asked += f", seed {job.seed}" if job.seed is not None else ""
    again = " again" if job.again else ", another final" if job.number != job.variant else ""
    versions = job.prompt.versions or ("",) * len(job.prompt.styles)
    styles = [f"{name} {version}".strip() for name, version in zip(job.prompt.styles, versions, strict=False)]
    rows: list[tuple[str, str]] = [
        ("state", _state(record) + (f": {record.reason}" if record.reason else "")),
        ("when", _when(record)),
        ("model", f"{job.model} of {job.provider}" + (f", through {job.through}" if job.through else "")),
        ("asked for", asked),
        ("came", f"{picture.width}x{picture.height} {picture.format}, {picture.size_bytes:,} bytes" if picture else ""),
        ("cost", _cost(record)),
        ("styles", ", ".join(styles)),
        ("tags", ", ".join(job.tags)),
        ("id", f"{job.entry}, picture {job.number}{again}" if job.number > 1 or again else job.entry),
        ("draft", job.draft),
        ("key", key),
        ("attempt", record.attempt),
        ("run", record.run),
        ("notes", "; ".join(record.painted.notes) if record.painted else ""),
        ("moderation", "; ".join(_verdicts(record))),
        ("set aside", _aside(record)),
    ]
    return [(label, text) for label, text in rows if text]


def _verdicts(record: "Record") -> list[str]:
    told = [(f"{v.stage.value}: {v.layer} {v.decision.value}", v.reason) for v in record.remarks.verdicts]
    return [f"{words} ({reason})" if reason else words for words, reason in told]


def _aside(record: "Record") -> str:
    remarks = record.remarks
    if remarks.aside is None:
        return ""
    return ", ".join(part for part in (remarks.aside.value, "; ".join(remarks.unmet), remarks.settled) if part)


def _state(record: "Record") -> str:
    if record.job.is_text:
        return "a text model answered" if record.painted else STATES[record.state].replace("picture", "answer")
    return STATES[record.state]


def _when(record: "Record") -> str:
    asked = f"{record.created_at[:19].replace('T', ' ')} UTC"
    came = record.received_at[11:19]
    return f"{asked}, came {came}" if came else asked


def _cost(record: "Record") -> str:
    if "unpriced" in record.flags:
        return "unknown: no price was stated"
    if record.state in {State.UNCERTAIN, State.MODERATED}:
        return f"perhaps {format_usd(record.cost or record.upper)}, which stays counted until you decide"
    if record.cost is None:
        return f"at most {format_usd(record.upper)}, held"
    oddities = {"usage_missing": "the provider told no usage: counted at its upper bound", "overrun": "above its quote"}
    told = [words for flag, words in oddities.items() if flag in record.flags]
    return f"{format_usd(record.cost)}{'  (' + '; '.join(told) + ')' if told else ''}"


def _words(record: "Record", pieces: "Sequence[Piece]", unknown: str) -> "list[Row]":
    from imgcli.cli.worded import share
    from imgcli.reports.history import DIRECTED, REVISED, TYPED, changes, exchange, stages
    from imgcli.reports.words import Kind

    if record.job.is_text:
        return [row for stage in exchange(record) for row in (("", ""), (stage.name, stage.text))]
    words, revised = record.job.prompt, record.painted.revised if record.painted else ""
    rows: list[Row] = []
    for stage, runs in changes(stages(words, revised), pieces):
        changed = any(run.kind is not Kind.SAME for run in runs)
        typed = stage.text or UNTYPED
        rows += [("", ""), (stage.name, typed if stage.name == TYPED else runs if changed else SAME)]
        if stage.name == DIRECTED and changed and not pieces and words.styles:
            rows.append(("", f"who added what is not known: {unknown}"))
        if stage.name == REVISED and changed:
            rows.append(("", share(runs)))
    if not revised and record.painted:
        rows += [("", ""), (REVISED, "the model told no revised prompt")]
    rows += [("", ""), ("negative", words.negative)] if words.negative else []
    fates = [f"{thing}: {fate}" for thing, fate in _fates(record)]
    return [*rows, *([("", "")] if fates else []), *(("" if n else "--no", fate) for n, fate in enumerate(fates))]


SAME = "the same, to the letter"
UNTYPED = "no words"


def _fates(record: "Record") -> list[tuple[str, str]]:
    from imgcli.director.constraints import split
    from imgcli.director.survival import fate

    revised = record.painted.revised if record.painted else ""
    things = split(record.job.prompt.constraints)
    return [(thing, FATES[fate(revised, thing).value] if revised else "told to the model") for thing in things]


def _why_unknown(record: "Record", styles: "Mapping[str, Style]") -> str:
    words = record.job.prompt
    gone = [name for name in words.styles if name not in styles]
    if gone:
        return f"there is no style {', '.join(gone)} here"
    pinned = dict(zip(words.styles, words.versions, strict=False))
    changed = [name for name, version in pinned.items() if version != styles[name].version]
    if changed:
        return f"{', '.join(changed)} changed since"
    return "this imgcli directs otherwise than the one that made it"


def _line(key: str, record: "Record", pieces: "Sequence[Piece]") -> dict[str, Any]:
    from imgcli.director.constraints import split
    from imgcli.director.survival import fate
    from imgcli.reports.history import exchange, record_line, stage_lines, stages

    line = {"event": "story"} | record_line(record, key)
    if record.job.is_text:
        return line | {"stages": [stage._asdict() for stage in exchange(record)]}
    words, revised = record.job.prompt, record.painted.revised if record.painted else ""
    fates = [
        {"thing": thing, "fate": fate(revised, thing).value if revised else None} for thing in split(words.constraints)
    ]
    return line | {
        "stages": stage_lines(stages(words, revised), pieces),
        "attributed": bool(pieces),
        "negative": words.negative,
        "constraints": fates,
    }
