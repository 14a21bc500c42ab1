"""`imgcli report waste`: money that brought nothing, and the pictures behind it."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.cli.audited import (
    MONEY,
    WIDE,
    Csv,
    Since,
    Tagged,
    Until,
    clipped,
    entry,
    heading,
    profile_settings,
    require_one,
    span_of,
    tell_left_out,
    totals,
    usd,
    write_csv,
)
from imgcli.cli.audited import read as read_books
from imgcli.cli.places import near
from imgcli.model.money import exact_usd, format_usd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from imgcli.auditing import Books
    from imgcli.cli.audited import Span
    from imgcli.reports.bought import Part
    from imgcli.reports.chains import Chain
    from imgcli.reports.waste import Audit, Kind, Waste

ID = 18
"""Characters of an id of an attempt that tell it from all others but by a rare chance, which the commands tell."""

COLUMNS = (
    *("kind", "sure", "attempt", "created_at", "age_days", "look", "path", "prompt", "why"),
    *("usd", "counted_usd", "since", "until"),
)
"""Of CSV; `counted_usd` is what a row adds to the sum that is sure, or to that of hints."""

FEW = 3
"""Pictures of each line that are named."""

GRACE = 7
"""Days in which nobody has to have looked at a picture."""

TITLES = {
    "failed": "billed, and no picture came",
    "refused": "refused by the provider, perhaps billed",
    "uncertain": "answer lost, perhaps billed",
    "aside": "rejected or set aside",
    "overrun": "billed above the quote",
    "unseen": "never opened through imgcli, chosen or used",
    "again": "the same job paid again",
    "alike": "prompts that say nearly the same",
    "chain": "tries on the way to a prompt",
    "fine": "high quality that was not needed",
}
RESOLVE = "imgcli budget resolve {attempt} --not-billed --reason TEXT"
COMMANDS = {"refused": RESOLVE, "uncertain": RESOLVE, "unseen": "imgcli history open {attempt}"}
"""What to type next, where it is not to look at the story of a picture."""

OPENED = (
    "never opened: by imgcli history open or the gallery; that a file was opened otherwise cannot be seen. Nor was it "
    "picked, starred, tagged, exported, or another made of it"
)
ONCE = "a picture may stand in several lines; the sums count its money once"


async def report_waste(  # noqa: PLR0917 - a command line is named, not positional
    since: Since = None,
    until: Until = None,
    tag: Tagged = None,
    grace: Annotated[
        int,
        typer.Option("--grace", metavar="DAYS", min=0, help="Younger pictures are not told as never opened."),
    ] = GRACE,
    profile: options.Profile = None,
    json: options.Json = False,
    csv: Csv = False,
) -> int:
    """Show money that brought nothing, and the pictures behind it.

    Two sums: what surely brought nothing (billed without a picture, rejected, asked for twice), and hints, such as what
    nobody opened through imgcli. Nothing is changed. Examples:

      imgcli report waste

      imgcli report waste --since 2026-11-01 --tag launch --json
    """
    from imgcli.reports.waste import audit

    require_one(json=json, csv=csv)
    span = span_of(since, until)
    books = await read_books(profile_settings(profile), span, tag)
    found = audit(books.bought, _ripe(span, grace))
    if json:
        for line in _lines(found, span):
            show.json_line(line)
        show.json_line(_end(found, books, span))
    elif csv:
        write_csv(COLUMNS, _rows(found, span))
        _tell_doubts(found, books)
    else:
        _draw(found, books, span)
    return 0


def _ripe(span: "Span", grace: int) -> str:
    """The last day of which it is told that nobody has looked."""
    return str(date.fromordinal(max(1, span.today.toordinal() - grace)))


def _draw(found: "Audit", books: "Books", span: "Span") -> None:
    if not found.lines:
        show.prose(f"nothing was wasted from {span}: {format_usd(books.spent)} spent")
        _tell_doubts(found, books)
        return
    heading(f"Waste from {span}")
    show.line(f"{format_usd(books.spent)} was spent in these days.")
    _draw_sum(found, span, books.spent, is_sure=True)
    _draw_sum(found, span, books.spent, is_sure=False)
    for line in found.lines:
        heading(f"{TITLES[line.kind.value]}: {format_usd(line.nano_usd)}")
        if line.kind.value == "chain":
            _draw_chains(found.chains)
        else:
            for part in line.parts[:FEW]:
                entry(part.nano_usd, _about(line.kind, part, span), _command(line.kind, part))
        if len(line.parts) > FEW:
            show.line(f"{'':>{MONEY}}  and {len(line.parts) - FEW:,} more: --json names all")
    show.prose(ONCE)
    if any(line.kind.value == "unseen" for line in found.lines):
        show.prose(OPENED)
    _tell_doubts(found, books)


def _draw_sum(found: "Audit", span: "Span", spent: int, *, is_sure: bool) -> None:
    """One of the two sums with its lines; a percentage is told of the one that is sure."""
    from imgcli.reports.waste import SURE

    lines = [line for line in found.lines if (line.kind in SURE) == is_sure]
    rows = [(_title(line, span), f"{len(line.parts):,}", usd(line.nano_usd)) for line in lines]
    if not rows:
        return
    share = f", {found.sure * 100 / spent:.0f}%" if spent else ""
    last = f"surely for nothing{share}" if is_sure else "perhaps for nothing, beyond that above"
    head = "brought nothing" if is_sure else "a hint, no proof"
    totals((head, "count", "money"), [*rows, (last, "", usd(found.sure if is_sure else found.hinted))])


def _tell_doubts(found: "Audit", books: "Books") -> None:
    """What the figures do not hold."""
    if found.young:
        are = "1 picture is" if found.young == 1 else f"{found.young:,} pictures are"
        show.prose(f"{are} too young to be told as never opened (--grace)")
    _tell_undecided(books)
    tell_left_out(books)


def _title(line: "Waste", span: "Span") -> str:
    title = TITLES[line.kind.value]
    if line.kind.value not in {"refused", "uncertain"}:
        return title
    days = max(_days(part, span) for part in line.parts)
    return f"{title}, up to {days:,} day{'s' if days != 1 else ''} ago"


def _tell_undecided(books: "Books") -> None:
    count, nano = books.undecided
    if count:
        show.prose(f"before these days: {format_usd(nano)} may be billed of {count:,} more (imgcli budget uncertain)")


def _draw_chains(chains: "tuple[Chain, ...]") -> None:
    for chain in chains[:FEW]:
        count = f"{len(chain.prompts)} prompts, {len(chain.pictures):,} pictures, {chain.kept:,} kept"
        entry(chain.cost, f"{count}: {chain.prompts[0]}", f"→ {clipped(chain.prompts[-1], WIDE - MONEY - 4)}")


def _about(kind: "Kind", part: "Part", span: "Span") -> str:
    of = part.of
    name = near(of.path) if of.path else f"{of.look}, {of.at[:10]}"
    if kind.value == "uncertain":
        name = f"{of.look}, {_days(part, span)} days ago"
    return f"{name}: {part.why}" if part.why else name


def _command(kind: "Kind", part: "Part") -> str:
    command = COMMANDS.get(kind.value, "imgcli history show {attempt}")
    if kind.value == "aside" and part.of.aside == "quarantine":
        command = "imgcli quarantine show {attempt}"
    return command.format(attempt=part.of.attempt[:ID])


def _days(part: "Part", span: "Span") -> int:
    return (span.today - date.fromisoformat(part.of.at[:10])).days


def _rows(found: "Audit", span: "Span") -> "Iterator[dict[str, Any]]":
    from imgcli.reports.waste import SURE, counted

    days = {"since": str(span.first), "until": str(span.last)}
    for kind, part, nano in counted(found):
        sure = "yes" if kind in SURE else "no"
        yield _part(kind, part, span) | days | {"sure": sure, "counted_usd": exact_usd(nano)}


def _lines(found: "Audit", span: "Span") -> list[dict[str, Any]]:
    from imgcli.reports.waste import SURE

    lines: list[dict[str, Any]] = []
    for line in found.lines:
        lines.append(_sum(line, is_sure=line.kind in SURE))
        lines += [_part(line.kind, part, span) for part in line.parts]
    lines += [{"event": "alike", "prompts": group} for group in found.groups]
    return [*lines, *(_chain(chain) for chain in found.chains)]


def _sum(line: "Waste", *, is_sure: bool) -> dict[str, Any]:
    told = {"event": "waste", "kind": line.kind.value, "sure": is_sure, "title": TITLES[line.kind.value]}
    return told | {"count": len(line.parts), "usd": exact_usd(line.nano_usd)}


def _part(kind: "Kind", part: "Part", span: "Span") -> dict[str, Any]:
    of = part.of
    told: dict[str, Any] = {
        "event": "wasted",
        "kind": kind.value,
        "attempt": of.attempt,
        "usd": exact_usd(part.nano_usd),
    }
    told |= {"why": part.why, "path": of.path or None, "prompt": of.prompt or None, "look": of.look}
    return told | {"created_at": of.at, "age_days": _days(part, span), "next": _command(kind, part)}


def _chain(chain: "Chain") -> dict[str, Any]:
    told = {"event": "chain", "prompts": chain.prompts, "pictures": len(chain.pictures), "kept": chain.kept}
    return told | {"usd": exact_usd(chain.cost), "attempts": [each.attempt for each in chain.pictures]}


def _end(found: "Audit", books: "Books", span: "Span") -> dict[str, Any]:
    told: dict[str, Any] = {"event": "end", "since": span.first.isoformat(), "until": span.last.isoformat()}
    told |= {"sure_usd": exact_usd(found.sure), "hinted_usd": exact_usd(found.hinted), "too_young": found.young}
    told |= {"spent_usd": exact_usd(books.spent)}
    count, nano = books.undecided
    told |= {"undecided_before": count, "undecided_before_usd": exact_usd(nano)}
    return told | {"pictures": books.pictures, "unpriced": books.unpriced, "older": books.older}
