"""What pictures cost, as one page without scripts that asks nobody for anything: tables, and charts drawn here. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import jinja2
from markupsafe import Markup

from imgcli.model.charge import Charge
from imgcli.model.money import NANO, format_usd
from imgcli.reports.forecast import METHOD
from imgcli.reports.period import Period
from imgcli.reports.policy import hashed
from imgcli.reports.spend import By, Row, Spend, Sums, label, spend

MOST_ROWS = 200
"""Of one table; the rest is one row. CSV has all of them."""

MOST_DAYS = 92
"""Bars that can be told apart on a phone; beyond, each stands for a month."""

LONGEST = 500
"""Letters of a name, or of a line of the page."""

WIDE = 1000
"""Units across a bar or a gauge; browsers stretch them."""

_ROUND = (10, 15, 20, 25, 30, 40, 50, 75)
"""Tenths of what a tick of a scale may be."""

_PARTS = files("imgcli.reports").joinpath("templates")
_TITLES = {By.PROJECT: "project", By.STATE: "what became of it"}


@dataclass(frozen=True, slots=True)
class Gauge:
    """A cap and where it is heading, in nano-USD or pictures; `facts` are (what, words) for people."""

    name: str
    facts: Sequence[tuple[str, str]]
    used: int
    likely: int | None
    low: int | None
    high: int | None
    cap: int | None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a bar: what of, and from where to where."""

    kind: str
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A day or a month of the chart: parts from its foot, in thousandths of the highest tick."""

    label: str
    told: str
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of equal width under `ticks`, from the highest down to nothing; `keys` are the kinds of parts there are."""

    bars: Sequence[Bar]
    ticks: Sequence[str]
    labels: Sequence[str]
    what: str
    keys: Sequence[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: words, figures, and the parts of its bar."""

    name: str
    cells: Sequence[str]
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    heads: Sequence[str]
    lines: Sequence[Line]
    note: str


def spend_page(
    charges: Sequence[Charge],
    period: Period,
    today: date,
    tables: Sequence[Sequence[By]],
    *,
    gauges: Sequence[Gauge] = (),
    notes: Sequence[str] = (),
    only: Sequence[str] = (),
) -> str:
    """The page.

    Args:
        charges: of the period, those that are wanted.
        period: that was asked for.
        today: in UTC, when the page is made.
        tables: what rows are told by, a table for each.
        gauges: caps and where they are heading.
        notes: what a person should know of the figures.
        only: what charges were chosen by, in words.
    """
    style = _style()
    policy = f"default-src 'none'; style-src {hashed(style)}; base-uri 'none'; form-action 'none'"
    total = spend(charges, ()).total
    return _template().render(
        policy=policy,
        style=style,
        period=str(period),
        today=str(today),
        only=only,
        cards=_cards(total),
        chart=_chart(charges, period, today),
        tables=[_table(spend(charges, by)) for by in tables],
        gauges=[(each, _gauge(each)) for each in gauges],
        method=METHOD[0].upper() + METHOD[1:] if any(each.likely is not None for each in gauges) else "",
        notes=notes,
        is_empty=not total.attempts,
        free="" if total.money or not total.pictures else _free(total),
    )


_COLUMNS = ("pictures", "spent", "each", "uncertain", "held", "no picture", "for words")


def _cells(sums: Sums) -> list[str]:
    money = (sums.uncertain, sums.held, sums.for_nothing, sums.words)
    each = "" if sums.average is None else format_usd(sums.average)
    return [f"{sums.pictures:,}", format_usd(sums.spent), each, *(format_usd(one) if one else "" for one in money)]


def _cards(total: Sums) -> list[tuple[str, str, str]]:
    """(what, figure, a word more) of the sums at the head of the page."""
    free = total.pictures - total.priced
    cards = [
        ("Spent", format_usd(total.spent), f"{format_usd(total.words)} of it for words" if total.words else ""),
        ("Pictures", f"{total.pictures:,}", f"{free:,} of them free" if free and total.priced else ""),
    ]
    if total.average is not None:
        cards.append(("Each", format_usd(total.average), "of those that cost something"))
    if total.uncertain:
        refused = f"{format_usd(total.refused)} of it refused" if total.refused else "until somebody decides"
        cards.append(("Uncertain", format_usd(total.uncertain), refused))
    if total.failed:
        cards.append(("Failed", format_usd(total.failed), "paid, and no picture came"))
    if total.held:
        cards.append(("Held", format_usd(total.held), "for what is under way"))
    return cards


def _free(total: Sums) -> str:
    return f"{total.pictures:,} free picture{'s' if total.pictures != 1 else ''}, nothing to pay."


def _table(told: Spend) -> Table:
    rows = list(told.rows)
    if len(rows) > MOST_ROWS:
        rest = sum((row.sums for row in rows[MOST_ROWS:]), Sums())
        rows = [*rows[:MOST_ROWS], Row((f"{len(rows) - MOST_ROWS:,} more",) * len(told.by), rest)]
    cells = [_cells(row.sums) for row in rows]
    kept = [place for place in range(len(_COLUMNS)) if place < 2 or any(each[place] for each in cells)]
    most = max((row.sums.money for row in rows), default=0)
    lines = [
        Line(_name(row, told.by), [each[place] for place in kept], _parts(row.sums, most, WIDE))
        for row, each in zip(rows, cells, strict=True)
    ]
    overlap = told.overlap
    note = (
        f"{overlap.pictures:,} picture{'s' if overlap.pictures != 1 else ''} ({format_usd(overlap.money)}) stand in more "
        "than one row; the sums above count each once"
        if overlap.attempts
        else ""
    )
    title = "By " + " and ".join(_TITLES.get(by, by.value) for by in told.by)
    return Table(title, [_COLUMNS[place] for place in kept], lines, note)


def _name(row: Row, by: Sequence[By]) -> str:
    return " · ".join(label(name, each) for name, each in zip(row.names, by, strict=True))


def _parts(sums: Sums, most: int, room: int) -> list[Part]:
    """Spent, uncertain and held end to end; what is not nothing is at least a unit long."""
    found, end, money = [], 0, 0
    for kind in ("spent", "uncertain", "held"):
        money += getattr(sums, kind)
        stop = -(-money * room // most) if most else 0
        if stop > end:
            found.append(Part(kind, end, stop - end))
        end = stop
    return found


def _chart(charges: Sequence[Charge], period: Period, today: date) -> Chart | None:
    days = sorted({charge.day for charge in charges})
    if not days:
        return None
    first = period.since or date.fromisoformat(days[0])
    last = max(min(period.until or today, today), date.fromisoformat(days[-1]))
    by = By.DAY if (last - first).days < MOST_DAYS else By.MONTH
    sums = {row.names[0]: row.sums for row in spend(charges, [by]).rows}
    length = 10 if by is By.DAY else 7
    names = list(dict.fromkeys(str(first + timedelta(days=n))[:length] for n in range((last - first).days + 1)))
    every = [sums.get(name, Sums()) for name in names]
    most = max(each.money for each in every)
    what, step = ("Money", _step(most)) if most else ("Pictures", _count_step(max(each.pictures for each in every)))
    found = [_parts(one, step * 4, WIDE) if most else _counted(one, step * 4) for one in every]
    bars = [Bar(name, _told(name, one), parts) for name, one, parts in zip(names, every, found, strict=True)]
    ticks = [format_usd(step * number) if most else f"{step * number:,}" for number in (4, 3, 2, 1, 0)]
    places = sorted({0, (len(names) - 1) // 2, len(names) - 1})
    labels = [names[place] for place in places]
    keys = ("spent", "uncertain", "held") if most else ("pictures",)
    return Chart(bars, ticks, labels, f"{what} by {by.value}, {names[0]} to {names[-1]}", keys)


def _counted(sums: Sums, most: int) -> list[Part]:
    """Of pictures that cost nothing."""
    return [Part("pictures", 0, -(-sums.pictures * WIDE // most))] if sums.pictures else []


def _count_step(most: int) -> int:
    """A whole quarter of a scale that holds `most` pictures."""
    return max(1, -(-most // 4)) if most <= 20 else -(-_step(most * NANO) // NANO)


def _told(name: str, sums: Sums) -> str:
    rest = [f"{format_usd(getattr(sums, kind))} {kind}" for kind in ("uncertain", "held") if getattr(sums, kind)]
    count = f"{sums.pictures:,} picture{'s' if sums.pictures != 1 else ''}"
    return ", ".join([f"{name}: {format_usd(sums.spent)}, {count}", *rest])


def _step(most: int) -> int:
    """A round quarter of a scale that holds `most`."""
    unit = NANO // 100_000
    while True:
        for factor in _ROUND:
            if unit * factor * 4 >= most:
                return unit * factor
        unit *= 10


def _gauge(gauge: Gauge) -> dict[str, int | None]:
    """Its marks, in thousandths of the longest of them; none at all where there is nothing to draw."""
    if not (gauge.cap or gauge.high or gauge.used):
        return {}
    most = max(gauge.cap or 0, gauge.high or 0, gauge.used, 1)

    def place(amount: int | None) -> int | None:
        return None if amount is None else amount * WIDE // most

    return {name: place(getattr(gauge, name)) for name in ("used", "likely", "low", "high", "cap")}


def _shown(value: object) -> object:
    """All that the template is about to escape: of bounded length, and without letters that are invisible."""
    if type(value) is not str:
        return value
    text: str = value
    cut = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in cut)


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FunctionLoader(lambda name: _PARTS.joinpath(name).read_text("utf-8"))
    known = jinja2.Environment(
        loader=loader,
        autoescape=True,
        finalize=_shown,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return known.get_template("spend.html")


@cache
def _style() -> Markup:
    return Markup(_PARTS.joinpath("spend", "page.css").read_text("utf-8"))  # noqa: S704 - ours
