"""What is shown when a run is over, and what it would be for `--dry-run`."""

from collections.abc import Sequence
from typing import Any

from imgcli.cli import show
from imgcli.cli.live import verdict
from imgcli.cli.safe import safe_text
from imgcli.model.money import format_usd
from imgcli.model.outcome import Made, Outcome, Reused, SetAside, Unstarted
from imgcli.model.quote import Priced, Quote, likely_and_most
from imgcli.model.verdict import Aside
from imgcli.reports.inputs import input_lines
from imgcli.reports.lines import quote_line, summary_line
from imgcli.reports.summary import Summary

MOST_ROWS = 40
"""Pictures the closing table lists; of more it shows only the last lines of trouble and the totals."""


MOST_LETTERS = 60
"""Letters of a column of plain lines; `--json` tells all of them."""

MOST_DRAWN = 500
"""Rows of a table that is drawn: it must be measured whole, and nobody reads more; beyond, each is a plain line."""


def closing(outcomes: Sequence[Outcome], summary: Summary, output: show.Output, again: str) -> None:
    """The table and the sums; `again` is the command that carries on, empty if it would not help."""
    if output.json:
        show.json_line(summary_line(summary))
        return
    if output.quiet:
        for outcome in outcomes:
            if not isinstance(outcome, Made | Reused):
                show.error(verdict(outcome))
        return
    places = {outcome.saved.path.parent for outcome in outcomes if isinstance(outcome, Made)}
    if output.is_live and len(outcomes) <= MOST_ROWS:
        # What was not started is counted below; a line for each would push the others off the screen.
        show.draw(_pictures([outcome for outcome in outcomes if not isinstance(outcome, Unstarted)]))
    elif output.is_live and len(places) == 1:
        show.talk(f"in {_near(str(places.pop()))}/")
    for text in (*sums(summary), *_aside(outcomes)):
        show.talk(text)
    if again:
        show.talk(f"carry on with:  {again}")


def _aside(outcomes: Sequence[Outcome]) -> list[str]:
    """Where the pictures are that are not among the others."""
    aside = [outcome for outcome in outcomes if isinstance(outcome, SetAside)]
    places = {outcome.saved.path.parent for outcome in aside if outcome.aside is Aside.REJECTED}
    lines = [
        f"rejected ones are in {_near(str(place))}/, each with the reason in its sidecar" for place in sorted(places)
    ]
    if any(outcome.aside is Aside.QUARANTINE for outcome in aside):
        lines.append("those in quarantine:  imgcli quarantine list")
    return lines


def sums(summary: Summary) -> list[str]:
    """The totals in words."""
    counts = {
        "made": summary.made,
        "kept": summary.reused - summary.cached,
        "reused": summary.cached,
        "refused": summary.refused,
        "failed": summary.failed,
        "not started": summary.unstarted,
        "uncertain": summary.uncertain,
        "set aside": summary.set_aside,
    }
    told = [f"{count} {name}" for name, count in counts.items() if count] or ["nothing to do"]
    money = f"{format_usd(summary.spent)} spent"
    if summary.held:
        money += f", {format_usd(summary.held)} held"
    if summary.unpriced:
        money += f", {summary.unpriced} of unknown price"
    wanted = f" of {summary.wanted}" if summary.wanted else ""
    lines = [f"{', '.join(told)}{wanted}; {money}"]
    if summary.cached:
        lines.append(f"{summary.cached} reused from the cache, {format_usd(summary.saved)} saved")
    if summary.unseen:
        were, one = ("was", "it") if summary.unseen == 1 else ("were", "one")
        lines.append(
            f"{pictures(summary.unseen)} {were} made before without being looked at; --again ID makes {one} anew, "
            "looked at and paid again"
        )
    if summary.lost:
        lines.append(
            f"{summary.lost} asked for again after a lost answer and perhaps billed twice:  imgcli budget uncertain"
        )
    if summary.uncertain:
        lines.append("nobody knows whether the uncertain ones were billed; decide with:  imgcli budget uncertain")
    return lines


def dry_run(quotes: Sequence[Quote], output: show.Output, kept: int = 0, reused: int = 0) -> None:
    """Typed and directed prompt side by side, with the price of each picture and of all.

    `kept` are the pictures of the batch that are there already, or uncertain, and would not be asked for; `reused` are
    those that would be copied from where they were made before.
    """
    if output.json:
        for quote in quotes:
            show.json_line(quote_line(quote))
        return
    groups = _grouped(quotes)
    if len(groups) <= MOST_DRAWN:
        rows = [tuple("\n".join(cell) for cell in _cells(first, count)) for first, count in groups]
        show.draw_data(show.table("", ("id", "typed", "directed", "asked of", "each"), _texts(rows), right=(4,)))
    else:
        show.line("id\ttyped\tasked of\teach")
        for first, count in groups:
            entry, typed, _, asked, each = (safe_text(" ".join(cell), MOST_LETTERS) for cell in _cells(first, count))
            show.line(f"{entry}\t{typed}\t{asked}\t{each}")
    priced = [quote for quote in quotes if isinstance(quote, Priced)]
    expected, upper = sum(quote.expected for quote in priced), sum(quote.upper for quote in priced)
    unknown = f", {len(quotes) - len(priced)} of unknown price" if len(priced) < len(quotes) else ""
    show.talk(
        f"{pictures(len(quotes))}, about {format_usd(expected)}, at most {format_usd(upper)}{unknown}{with_tries(quotes)}"
        f"{f'; {kept} kept as they are' if kept else ''}{f'; {reused} reused, free' if reused else ''}; nothing was sent"
    )


def with_tries(quotes: Sequence[Quote]) -> str:
    """What it may cost if pictures are not what is expected of them; an empty string where no other would be made."""
    most = likely_and_most(quotes)[1]
    if most == sum(quote.upper for quote in quotes if isinstance(quote, Priced)):
        return ""
    return f", and {format_usd(most)} if all are made as often as --tries allows"


def _cells(quote: Quote, count: int) -> tuple[list[str], ...]:
    """The lines of each column for `count` pictures that differ in nothing but their number."""
    job, prompt = quote.job, quote.job.prompt
    directed = _lines(prompt.text) + (["", f"negative prompt: {safe_text(prompt.negative)}"] if prompt.negative else [])
    asked = [safe_text(job.model), safe_text(f"{job.size} {job.quality} {job.format}")]
    asked += [f"through {safe_text(job.through)}"] if job.through else []
    asked += [safe_text(line) for line in input_lines(job.edit)] if job.edit else []
    asked += [f"{count} pictures"] if count > 1 else []
    return _lines(job.entry), _lines(prompt.typed), directed, asked, _price(quote)


def pictures(count: int) -> str:
    return f"{count} picture" if count == 1 else f"{count} pictures"


def _grouped(quotes: Sequence[Quote]) -> list[tuple[Quote, int]]:
    groups: dict[tuple[str, str], list[Quote]] = {}
    for quote in quotes:
        groups.setdefault((quote.job.entry, quote.job.prompt.text), []).append(quote)
    return [(group[0], len(group)) for group in groups.values()]


def _price(quote: Quote) -> list[str]:
    if not isinstance(quote, Priced):
        return ["unknown"]
    if quote.expected == quote.upper:
        return [format_usd(quote.upper)]
    about = "~" if quote.rough else ""
    return [f"{about}{format_usd(quote.expected)}", f"at most {format_usd(quote.upper)}"]


def _pictures(outcomes: Sequence[Outcome]) -> Any:
    rows: list[tuple[str, ...]] = []
    models = {outcome.job.model for outcome in outcomes}
    for outcome in outcomes:
        job = outcome.job
        styles = ", ".join(job.prompt.styles)
        match outcome:
            case Made():
                cost = "unknown" if outcome.cost is None else format_usd(outcome.cost)
                rows.append(("made", _near(str(outcome.saved.path)), styles, job.model, cost))
            case Reused():
                rows.append(
                    ("reused" if outcome.origin else "kept", _near(str(outcome.path)), styles, job.model, format_usd(0))
                )
            case _:
                word, _, rest = verdict(outcome).partition(" ")
                rows.append((word, rest, styles, job.model, ""))
    columns: tuple[str, ...] = ("", "picture", "style", "model", "cost")
    if len(models) == 1:
        columns, rows = ("", "picture", "style", "cost"), [(*row[:3], row[4]) for row in rows]
    return show.table("", columns, rows, right=(len(columns) - 1,), whole=(0, len(columns) - 1))


def _near(path: str) -> str:
    """`path` as the user would type it from here."""
    import os

    here = os.getcwd() + os.sep  # noqa: PTH109 - a string prefix is wanted
    return path.removeprefix(here)


def _lines(text: str) -> list[str]:
    return [safe_text(part) for part in text.splitlines()]


def _texts(rows: Sequence[Sequence[str]]) -> list[list[Any]]:
    from rich.text import Text

    return [[Text(cell) for cell in row] for row in rows]
