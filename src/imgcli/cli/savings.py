"""`imgcli report savings`: what the same pictures would have cost otherwise, each step with its arithmetic."""

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.cli.audited import (
    WIDE,
    Csv,
    Since,
    Tagged,
    Until,
    clipped,
    heading,
    pictures,
    profile_settings,
    remark,
    require_one,
    span_of,
    tell_left_out,
    totals,
    usd,
    write_csv,
)
from imgcli.cli.audited import read as read_books
from imgcli.errors import UsageError
from imgcli.model.money import exact_usd, format_usd, parse_usd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgcli.auditing import Books
    from imgcli.cli.audited import Span
    from imgcli.model.card import ModelCard
    from imgcli.reports.saving_plan import Paid, Plan, Step, Sum
    from imgcli.repricing import Host, Repricer
    from imgcli.settings import Settings

LONG_RUN = 20
"""Pictures of a run above which nobody is taken to have waited, where the user says nothing."""

COLUMNS = ("step", "attempt", "path", "how", "paid_usd", "instead_usd", "saved_usd")
"""Of CSV; a picture is in one step at most, so that they add up."""

FEW = 6
"""Lines of arithmetic of each step."""

TITLES = {
    "cache": "exact cache: the same job again",
    "near-cache": "near cache: the same words in another form",
    "drafts": "drafts first, finals of what was kept",
    "batch-api": "half-price Batch API for long runs",
    "cheaper-model": "a cheaper model",
    "self-hosted": "a server of your own",
}
ADVICE = {
    "cache": 'imgcli gen --cache use, or cache = "use" in the config; a copy is the same picture, not another try',
    "near-cache": "imgcli gen --cache loose",
    "drafts": "imgcli batch FILE --draft, then imgcli pick and imgcli final --picked; a final is a new picture",
    "batch-api": "an answer within 24 hours; imgcli does not send to the Batch API yet",
    "cheaper-model": "imgcli gen -m MODEL; it is another picture, perhaps a worse one: try a few",
    "self-hosted": "what you stated, with nothing else of what a server costs; it is another picture too",
}
NO_HOST = "a server of your own is not counted: state what a picture costs there with --per-picture USD or --host NAME"
EACH_ONCE = (
    "each picture is in one step at most, so the steps add up; by itself a step may save more, and those do not add up"
)


async def report_savings(  # noqa: PLR0917 - a command line is named, not positional
    since: Since = None,
    until: Until = None,
    tag: Tagged = None,
    long_run: Annotated[
        int,
        typer.Option("--long-run", metavar="N", min=1, help="Nobody waits for runs of more than N pictures."),
    ] = LONG_RUN,
    near: Annotated[
        float | None,
        typer.Option("--near", metavar="N", help="Words so alike count for the near cache, as with imgcli gen --near."),
    ] = None,
    per_picture: Annotated[
        str | None, typer.Option("--per-picture", metavar="USD", help="What a picture costs on your own server.")
    ] = None,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="NAME", help="Your own server: a provider with [[rates]] in the config."),
    ] = None,
    profile: options.Profile = None,
    json: options.Json = False,
    csv: Csv = False,
) -> int:
    """Show what your pictures would have cost otherwise, with the arithmetic.

    The steps are counted in order, each on the pictures that those before it leave. Nothing is changed. Examples:

      imgcli report savings

      imgcli report savings --since 2026-11-01 --per-picture 0.002 --json
    """
    from imgcli.cli.reuse import require_near
    from imgcli.reports.saving_plan import plan

    require_one(json=json, csv=csv)
    settings = profile_settings(profile)
    span = span_of(since, until)
    require_near(settings, near)
    repricer = _repricer(settings, _host(settings, per_picture, host), is_near=near is not None)
    books = await read_books(settings, span, tag, repricer.visit)
    paid = repricer.paid(books.bought, long_run)
    found = plan(paid if near is None else await _joined(settings, paid, near))
    if json:
        for step in found.steps:
            for line in _lines(step):
                show.json_line(line)
        show.json_line(_end(found, books, repricer, span))
    elif csv:
        write_csv(COLUMNS, (line for step in found.steps for line in _changes(step)))
        tell_left_out(books)
    else:
        _draw(found, books, repricer, span)
    return 0


def _host(settings: "Settings", per_picture: str | None, host: str | None) -> "Host | None":
    from imgcli.repricing import Host
    from imgcli.settings import guess

    if per_picture is not None and host is not None:
        raise UsageError("say --per-picture or --host, not both")
    if per_picture is not None:
        try:
            return Host(per_picture=parse_usd(per_picture))
        except ValueError as error:
            raise UsageError(f"--per-picture: {error}") from None
    if host is None:
        return None
    name, _, model = host.partition("/")
    known = list(dict.fromkeys(str(rate.get("provider", "openai")) for rate in settings.rates))
    if name not in known:
        told = f"there are {', '.join(known)}" if known else "there is none"
        raise UsageError(f"--host {host}: no [[rates]] of {name!r} in the config{guess(name, known)}; {told}")
    return Host(provider=name, model=model or "*")


async def _joined(settings: "Settings", paid: "Sequence[Paid]", least: float) -> "Sequence[Paid]":
    """By vectors that are kept, of the pictures that have one."""
    from imgcli.reports.saving_plan import joined
    from imgcli.wiring import open_catalog, open_nearness

    catalog = open_catalog(settings.paths)
    try:
        ordered = sorted(paid, key=lambda each: (each.of.at, each.of.attempt))
        worded = [(each.of.attempt, each.rest, each.of.prompt) for each in ordered if each.of.prompt]
        return joined(paid, await open_nearness(settings, os.environ, catalog, least)(worded))
    finally:
        await catalog.close()


def _repricer(settings: "Settings", host: "Host | None", *, is_near: bool) -> "Repricer":
    from imgcli.repricing import Repricer
    from imgcli.wiring import loose_form_of, open_pricer, open_providers, rest_of

    providers = open_providers(settings, os.environ)

    def cards(name: str) -> "Sequence[ModelCard]":
        # What once made a picture may be gone from the config.
        return providers[name].cards() if name in providers else ()

    return Repricer(open_pricer(settings), cards, loose_form_of, rest_of if is_near else None, host)


def _draw(found: "Plan", books: "Books", repricer: "Repricer", span: "Span") -> None:
    show.line(_already(books))
    heading(f"What would have cost less, {span}")
    steps = [step for step in found.steps if step.changes or step.alone]
    rows = [(TITLES[each.saving.value], f"{len(each.changes):,}", usd(each.saved), usd(each.alone)) for each in steps]
    if rows:
        totals(("in this order", "pictures", "saves", "by itself"), [*rows, ("all steps", "", usd(found.saved), "")])
    show.line(_sum_up(found, books, has_steps=bool(rows)))
    for step in steps:
        if step.changes:
            _draw_step(step)
    if steps:
        show.prose(EACH_ONCE)
    if repricer.host is None and found.spent:
        show.prose(NO_HOST)
    if repricer.unquoted:
        show.prose(f"of {pictures(repricer.unquoted)} the price table knows nothing: only copies of them are counted")
    if found.unsaid:
        prompts = f"{found.unsaid:,} prompt{'s' if found.unsaid != 1 else ''}"
        show.prose(f"no drafts are counted of {prompts} with several pictures: nobody said which were kept")
    for doubt in _doubts(found):
        show.prose(doubt)
    tell_left_out(books)


def _doubts(found: "Plan") -> list[str]:
    """What speaks against steps that are counted."""
    changes = (change for step in found.steps if step.saving.value == "batch-api" for change in step.changes)
    return sorted({change.paid.doubt for change in changes if change.paid.doubt})


def _sum_up(found: "Plan", books: "Books", *, has_steps: bool) -> str:
    cost = f"{pictures(books.pictures)} cost {format_usd(found.spent)}"
    if not found.spent:
        return f"{cost}: nothing was paid, so nothing could be saved."
    if not has_steps:
        return f"{cost}; nothing here would have been cheaper."
    return f"{cost}; the steps leave {format_usd(found.spent - found.saved)}."


def _already(books: "Books") -> str:
    costs = [each.origin.cost for each in books.reused]
    unknown = f" ({costs.count(None):,} of unknown price)" if None in costs else ""
    saved = format_usd(sum(cost or 0 for cost in costs))
    return f"Already saved by copies: {saved}, {pictures(len(costs))}{unknown}."


def _draw_step(step: "Step") -> None:
    heading(f"{TITLES[step.saving.value]}: {format_usd(step.saved)}")
    sums = step.sums()
    for each in sums[:FEW]:
        show.line(f"  {_arithmetic(each)}")
        show.line(f"      {clipped(f'{each.look}: {each.how}', WIDE - 6)}")
    if len(sums) > FEW:
        rest = sum(each.saved for each in sums[FEW:])
        show.line(f"  and {len(sums) - FEW:,} more sums, ${exact_usd(rest)}: --json has all")
    remark(f"({ADVICE[step.saving.value]})")


def _arithmetic(each: "Sum") -> str:
    paid = _times(each.pictures, each.paid_each, each.paid)
    return f"{paid} - {_times(each.pictures, each.instead_each, each.instead)} = {_exact(each.saved)}"


def _times(count: int, price: int | None, together: int) -> str:
    return f"{_exact(together)} for {count:,}" if price is None else f"{count:,} x {_exact(price)}"


def _exact(nano: int) -> str:
    text = exact_usd(abs(nano))
    return f"-${text}" if nano < 0 else f"${text}"


def _lines(step: "Step") -> list[dict[str, Any]]:
    name = step.saving.value
    told = {"event": "step", "step": name, "title": TITLES[step.saving.value], "pictures": len(step.changes)}
    told |= {"saved_usd": exact_usd(step.saved), "alone_usd": exact_usd(step.alone), "note": ADVICE[step.saving.value]}
    sums = [
        {"event": "sum", "step": name, "look": each.look, "how": each.how, "pictures": each.pictures}
        | {"arithmetic": _arithmetic(each), "saved_usd": exact_usd(each.saved)}
        for each in step.sums()
    ]
    return [told, *sums, *_changes(step)]


def _changes(step: "Step") -> list[dict[str, Any]]:
    return [
        {"event": "change", "step": step.saving.value, "attempt": each.paid.of.attempt}
        | {"paid_usd": exact_usd(each.paid.of.cost), "instead_usd": exact_usd(each.instead)}
        | {"saved_usd": exact_usd(each.paid.of.cost - each.instead), "how": each.how, "path": each.paid.of.path or None}
        for each in step.changes
    ]


def _end(found: "Plan", books: "Books", repricer: "Repricer", span: "Span") -> dict[str, Any]:
    costs = [each.origin.cost for each in books.reused]
    told: dict[str, Any] = {"event": "end", "since": span.first.isoformat(), "until": span.last.isoformat()}
    told |= {"pictures": books.pictures, "paid_usd": exact_usd(found.spent), "saved_usd": exact_usd(found.saved)}
    told |= {"copies": len(costs), "copies_usd": exact_usd(sum(cost or 0 for cost in costs))}
    told |= {"unpriced": books.unpriced, "unquoted": repricer.unquoted, "unsaid": found.unsaid, "older": books.older}
    return told | {"doubts": _doubts(found)}
