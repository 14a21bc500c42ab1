"""`--explain`: each prompt of a plan with who said what, what was left out, and who chose size and quality."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from imgcli.cli import show, worded
from imgcli.director.explain import Omission
from imgcli.explanation import Explanation
from imgcli.model.money import exact_usd, format_usd
from imgcli.model.quote import Priced, Quote
from imgcli.reports.history import DIRECTED, TYPED, changes, stages
from imgcli.reports.inputs import input_fields, input_lines

VERSION = 12
"""Digits of a style's version that are shown."""


def tell(explanations: Sequence[Explanation], output: show.Output) -> None:
    """Everything on stdout, and one line about the whole on stderr."""
    for explanation in explanations:
        if output.json:
            show.json_line(explanation_line(explanation))
        else:
            worded.draw(_title(explanation), _rows(explanation))
    if output.talks:
        pictures = sum(explanation.count for explanation in explanations)
        prompts = len(explanations)
        show.talk(
            f"{prompts} prompt{'s' if prompts != 1 else ''}, {pictures} picture{'s' if pictures != 1 else ''}; "
            "nothing was sent"
        )


def explanation_line(explanation: Explanation) -> dict[str, Any]:
    """One prompt for JSON; `by` of a piece is null for what was typed or expanded, `--no`, a style, or styles with + between."""
    quote, words = explanation.quote, explanation.quote.job.prompt
    price: dict[str, Any] = {"expected_usd": None, "upper_usd": None}
    if isinstance(quote, Priced):
        price = {"expected_usd": exact_usd(quote.expected), "upper_usd": exact_usd(quote.upper)}
    told: dict[str, Any] = {"event": "explained", "id": quote.job.entry, "pictures": explanation.count}
    told |= {stage.name: stage.text for stage in stages(words)}
    return (
        told
        | {
            "pieces": [{"text": piece.text, "by": piece.origin or None} for piece in explanation.pieces],
            "left_out": [
                {"style": o.style, "part": o.part.value, "what": o.what, "why": o.why} for o in explanation.left_out
            ],
            "negative": words.negative,
            "constraints": list(words.constraints),
            "styles": [{"name": name, "version": version} for name, version in _versions(quote)],
            "provider": quote.job.provider,
        }
        | input_fields(quote.job.edit)
        | {choice.name: {"value": choice.value, "from": choice.source} for choice in explanation.choices}
        | price
    )


def _title(explanation: Explanation) -> str:
    job = explanation.quote.job
    return (
        f"{job.entry} · {explanation.count} of {job.model}" if explanation.count > 1 else f"{job.entry} · {job.model}"
    )


def _rows(explanation: Explanation) -> list[worded.Row]:
    words = explanation.quote.job.prompt
    rows: list[worded.Row] = []
    for stage, runs in changes(stages(words), explanation.pieces):
        if stage.name == TYPED:
            rows.append((stage.name, stage.text))
        elif any(run.text != stage.text for run in runs):
            rows.append((stage.name, runs))
        else:
            rows.append((stage.name, "the same, to the letter" if stage.name == DIRECTED else stage.text))
    rows.append(("", ""))
    if words.negative:
        rows.append(("negative", words.negative))
    rows += [("left out", line) for line in _omissions(explanation.left_out)][:1]
    rows += [("", line) for line in _omissions(explanation.left_out)][1:]
    styles = [f"{name} {version[:VERSION]}".strip() for name, version in _versions(explanation.quote)]
    rows += [("styles", ", ".join(styles))] if styles else []
    edit = explanation.quote.job.edit
    rows += [("inputs" if not number else "", line) for number, line in enumerate(input_lines(edit) if edit else [])]
    rows += [(choice.name, f"{choice.value}  ({choice.source})") for choice in explanation.choices]
    rows.append(("price", _price(explanation.quote, explanation.count)))
    return rows


def _omissions(omissions: Sequence[Omission]) -> list[str]:
    """A line for each reason: `film still, haze  (keyword of paint: film says it already)`."""
    names = {"keyword": "keyword of", "avoid": "avoided by", "palette": "palette of"}
    ordered = sorted(omissions, key=lambda o: (o.style, o.part.value, o.why))
    return [
        f"{', '.join(o.what for o in some)}  ({names[part]} {style}: {why})"
        for (style, part, why), some in groupby(ordered, key=lambda o: (o.style, o.part.value, o.why))
    ]


def _versions(quote: Quote) -> list[tuple[str, str]]:
    words = quote.job.prompt
    return list(zip(words.styles, words.versions or ("",) * len(words.styles), strict=True))


def _price(quote: Quote, count: int) -> str:
    if not isinstance(quote, Priced):
        return f"unknown: {quote.reason}"
    if quote.expected == quote.upper:
        each = format_usd(quote.upper)
    else:
        each = f"{'~' if quote.rough else ''}{format_usd(quote.expected)}, at most {format_usd(quote.upper)}"
    return f"{each} each; {format_usd(quote.expected * count)} for all {count}" if count > 1 else each
