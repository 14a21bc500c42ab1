"""The words on a sheet: labels from templates, and what heads its pages."""

from collections.abc import Mapping, Sequence
from datetime import date

from imgcli.model.attempt import Record
from imgcli.model.money import format_usd
from imgcli.model.pick import Pick

FIELDS = (
    "n",
    "file",
    "stem",
    "id",
    "entry",
    "style",
    "model",
    "provider",
    "size",
    "quality",
    "seed",
    "cost",
    "date",
    "prompt",
    "tags",
)
"""What a label may hold."""

SEPARATOR = " · "
DEFAULT = ("{file}", "{style} · {cost}")
LONGEST = 200
"""Letters of a field; no label has room for more."""


def fields_of(pick: Pick, number: int, tags: Sequence[str]) -> Mapping[str, str]:
    """Every field of FIELDS of the picture with this number on its sheet, from 1; what is not known is empty."""
    record = pick.record
    job, picture = record.job, record.picture
    told = {
        "n": str(number),
        "file": pick.path.name,
        "stem": pick.path.stem,
        "id": record.attempt,
        "entry": job.entry,
        "style": " + ".join(job.prompt.styles),
        "model": job.model,
        "provider": job.provider,
        "size": f"{picture.width} × {picture.height}" if picture and picture.width else "",
        "quality": job.quality,
        "seed": "" if job.seed is None else str(job.seed),
        "cost": _cost(record),
        "date": record.created_at[:10],
        "prompt": " ".join(job.prompt.typed.split()),
        "tags": ", ".join(dict.fromkeys((*job.tags, *tags))),
    }
    return {name: told[name][:LONGEST] for name in FIELDS}


def joined(line: str) -> str:
    """A line without the separators of parts that turned out empty."""
    return SEPARATOR.join(part.strip() for part in line.split(SEPARATOR.strip()) if part.strip())


def facts(picks: Sequence[Pick]) -> str:
    """How many there are, when they were made, and what they cost together."""
    count = f"{len(picks):,} picture{'s' * (len(picks) != 1)}"
    days = sorted(day for pick in picks if (day := _day(pick.record.created_at)))
    costs = [pick.record.cost for pick in picks]
    spent = sum(cost or 0 for cost in costs)
    money = format_usd(spent) if spent else ""
    unknown = sum(cost is None for cost in costs)
    return SEPARATOR.join(
        part
        for part in (
            count,
            span(days[0], days[-1]) if days else "",
            money,
            f"{unknown} of unknown price" * bool(unknown),
        )
        if part
    )


def span(first: date, last: date) -> str:
    """`3 November 2026`, or from one day to another without saying anything twice."""
    end = _said(last)
    if first == last:
        return end
    if first.year != last.year:
        return f"{_said(first)} – {end}"
    return f"{first.day}–{end}" if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]} – {end}"


MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _said(day: date) -> str:
    # Not strftime, whose months follow the language of the machine and not that of the sheet.
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _cost(record: Record) -> str:
    return "" if record.cost is None else format_usd(record.cost)
