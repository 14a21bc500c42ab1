"""`imgcli budget`: caps on money and pictures, and what is left of them."""

import os
import sys
from collections.abc import Sequence
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import completing, options, show
from imgcli.cli.budget_names import ForProvider, Tag, User, subject_of
from imgcli.cli.capping import cap, uncap
from imgcli.cli.money_news import alarm_line
from imgcli.cli.safe import safe_text
from imgcli.errors import LedgerError, SettingsError, UsageError
from imgcli.model.budget import Balance, Budget, Scope, Window
from imgcli.model.money import exact_usd, format_usd, parse_usd

if TYPE_CHECKING:
    from imgcli.model.alert import Alarm
    from imgcli.model.attempt import LedgerEvent, Record
    from imgcli.ports import Ledger
    from imgcli.reports.reconcile import Agreement

BAR = 24
TYPING_ERROR = 10
"""Times the most a picture may cost above which an amount is rather a mistake."""

SHORTEST_ID = 8
"""Letters; an empty variable of a script begins every id."""

MAX_COSTS = 64 * 1024 * 1024

Per = Annotated[Window, typer.Option("--per", help="How long it lasts; days and months are UTC.")]


async def show_budgets(json: options.Json = False) -> int:
    """Show what is left of every budget. Examples:

    imgcli budget show

    imgcli budget show --json
    """
    ledger = _ledger()
    try:
        balances, total = await ledger.balances(), await ledger.spending()
    finally:
        await ledger.close()
    alarms = _alarms(balances)
    if json:
        for balance in balances:
            show.json_line(_plain(balance) | {"alerts": [each.percent for each in alarms if each.balance is balance]})
        money = {"spent_usd": exact_usd(total.spent), "held_usd": exact_usd(total.held)}
        show.json_line({"total": money | {"uncertain_usd": exact_usd(total.uncertain), "pictures": total.pictures}})
        return 0
    if balances:
        rows = [row for balance in balances for row in _rows(balance)]
        show.draw_data(show.table("", ("budget", "", "used", "left of"), rows))
        for each in alarms:
            show.line(alarm_line(each))
    else:
        show.talk("no budget is set; try:  imgcli budget set 20 --per month")
    uncertain = f", {format_usd(total.uncertain)} uncertain (imgcli budget uncertain)" if total.uncertain else ""
    held = f", {format_usd(total.held)} held" if total.held else ""
    show.line(f"ever spent: {format_usd(total.spent)} for {total.pictures} pictures{held}{uncertain}")
    return 0


async def set_budget(  # noqa: PLR0917 - a command line is named, not positional
    usd: Annotated[str | None, typer.Argument(metavar="[USD]", help="Dollars, like 20 or 2.50.")] = None,
    pictures: Annotated[
        int | None, typer.Option("--pictures", min=0, max=1_000_000, metavar="N", help="Most pictures, made or paid.")
    ] = None,
    per: Per = Window.MONTH,
    user: User = None,
    tag: Tag = None,
    provider: ForProvider = None,
) -> int:
    """Set a cap in dollars, in pictures or both. It holds for every imgcli process at once. Examples:

    imgcli budget set 20 --per month

    imgcli budget set --pictures 5 --per day --user each

    imgcli budget set 3 --per total --tag launch
    """
    if usd is None and pictures is None:
        raise UsageError("say how much: dollars, --pictures N, or both (imgcli budget remove takes a cap away)")
    try:
        nano = None if usd is None else parse_usd(usd)
    except ValueError as error:
        raise UsageError(str(error)) from None
    scope, subject = subject_of(user, tag, provider)
    await cap(Budget(scope, subject, per, nano, pictures))
    return 0


async def remove_budget(
    per: Per = Window.MONTH, user: User = None, tag: Tag = None, provider: ForProvider = None
) -> int:
    """Take a cap away; what was spent stays written down. Examples:

    imgcli budget remove --per month

    imgcli budget remove --per total --tag launch
    """
    scope, subject = subject_of(user, tag, provider)
    await uncap(Budget(scope, subject, per, None, None))
    return 0


async def show_uncertain(json: options.Json = False) -> int:
    """List attempts whose answer was lost, and what is held for each until you decide. Examples:

    imgcli budget uncertain

    imgcli budget uncertain --json
    """
    ledger = _ledger()
    try:
        records = await ledger.unresolved()
    finally:
        await ledger.close()
    if json:
        for record in records:
            show.json_line(
                {
                    "attempt": record.attempt,
                    "state": record.state.value,
                    "at": record.created_at,
                    "held_usd": exact_usd(record.upper),
                    "prompt": record.job.prompt.typed,
                    "file": "" if record.job.is_text else str(record.directory / record.name),
                    "model": record.job.model,
                    "reason": record.reason,
                }
            )
        return 0
    if not records:
        show.talk("nothing is uncertain")
        return 0
    rows = [
        (
            record.attempt,
            f"{record.state.value}\n{record.created_at[:16].replace('T', ' ')}\n{format_usd(record.cost or record.upper)}",
            f"{record.name}\n{record.job.prompt.typed[:60]}",
            record.reason,
        )
        for record in records
    ]
    show.draw_data(show.table("", ("attempt", "what (UTC)", "picture", "why"), rows, whole=(0, 1)))
    total = sum(record.cost or record.upper for record in records)
    show.talk(f"{len(records)} undecided, {format_usd(total)} counted for them; each is made again once it is decided")
    show.talk(
        "look it up at your provider (it knows the attempt as X-Client-Request-Id), then:\n"
        "  imgcli budget resolve ATTEMPT --billed USD --reason TEXT\n"
        "  imgcli budget resolve ATTEMPT --not-billed --reason TEXT"
    )
    return 0


async def resolve(
    attempts: Annotated[
        list[str],
        typer.Argument(
            metavar="ATTEMPT",
            help="As imgcli budget uncertain lists them; their beginnings are enough.",
            autocompletion=completing.complete_unresolved,
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="How you know; kept in the ledger.")],
    billed: Annotated[str | None, typer.Option("--billed", metavar="USD", help="Each was billed, this much.")] = None,
    not_billed: Annotated[bool, typer.Option("--not-billed", help="None was; their holds go back.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="The amount is right, however large.")] = False,
) -> int:
    """Decide on uncertain attempts. Afterwards the same batch makes their pictures anew. Examples:

    imgcli budget resolve 019a9d2c-41 --not-billed --reason "not on the bill"

    imgcli budget resolve 019a9d2c-41 --billed 0.04 --reason "on the bill"
    """
    from imgcli.model.attempt import State

    if (billed is None) == (not not_billed):
        raise UsageError("say either --billed USD or --not-billed")
    try:
        nano = None if billed is None else parse_usd(billed)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if not reason.strip():
        raise UsageError("--reason must say how you know; it is kept in the ledger")
    ledger = _ledger()
    try:
        # Received ones first: only the ledger can tell whether they are lost, and all are looked at before one is decided.
        there = [*await ledger.records(State.RECEIVED), *await ledger.unresolved()]
        meant = {}
        for given in attempts:
            if record := _meant(given, there, None if yes else nano):
                meant[record.attempt] = record
            else:
                await ledger.resolve(given, nano, reason)  # it says what is wrong with this one
        for record in sorted(meant.values(), key=there.index):
            await ledger.resolve(record.attempt, nano, reason)
            charge = record.cost if record.state is State.RECEIVED else nano
            money = "nothing was billed" if charge is None else f"{format_usd(charge)} billed"
            told = f"resolved ({record.job.prompt.typed[:60]}): {money}; run its batch again to have the picture made"
            show.talk(safe_text(told))
    finally:
        await ledger.close()
    return 0


def _meant(given: str, there: "Sequence[Record]", nano: int | None) -> "Record | None":
    """The one whose id begins so, or None; `nano` USD for it must be no typing error.

    Raises:
        UsageError: more than one does, or the amount is absurd.
    """
    if len(given) < SHORTEST_ID:
        raise UsageError(f"the id {given!r} is too short; type at least {SHORTEST_ID} letters of it")
    found = [record for record in there if record.attempt.startswith(given)]
    if len(found) > 1:
        raise UsageError(f"{len(found)} attempts begin with {given!r}; type more of the id")
    if found and nano is not None and nano > found[0].upper * TYPING_ERROR > 0:
        raise UsageError(
            f"{format_usd(nano)} is more than {TYPING_ERROR} times what this picture may cost "
            f"({format_usd(found[0].upper)}); add --yes if it is right"
        )
    return found[0] if found else None


async def show_log(
    attempt: Annotated[
        str | None, typer.Argument(metavar="[ATTEMPT]", help="Only this attempt; the beginning of its id is enough.")
    ] = None,
    json: options.Json = False,
) -> int:
    """Show every event of the ledger, oldest first. Examples:

    imgcli budget log

    imgcli budget log 019a9d2c-41
    """
    ledger = _ledger()
    try:
        events = await ledger.story(attempt)
    finally:
        await ledger.close()
    if attempt and not events:
        raise UsageError(f"no attempt has an id that begins with {attempt!r}; see imgcli budget log")
    if json:
        for event in events:
            plain = {"seq": event.seq, "at": event.at, "attempt": event.attempt, "event": event.kind}
            show.json_line(plain | {"changed": _body(event), "hash": event.hash})
        return 0
    # Lines, no table: a ledger may have a million events, and a table is drawn only when all are known.
    for e in events:
        told = f"{e.seq:>6}  {e.at[:19]}  {e.attempt:36}  {e.kind:12}  {_what(e.kind, _body(e))}"
        show.line(safe_text(told).rstrip())
    return 0


def _body(event: "LedgerEvent") -> dict[str, Any]:
    try:
        body: dict[str, Any] = dict(loads(event.body))
    except (ValueError, TypeError, RecursionError):
        raise LedgerError(f"event {event.seq} of the ledger cannot be read; run imgcli verify") from None
    return body


def _what(kind: str, body: dict[str, Any]) -> str:
    """An event's body in few words."""
    told = [body[name] for name in ("name", "reason", "command", "id", "table") if body.get(name)]
    match kind:
        case "reserved":
            # A ledger of the first schema kept no name in it.
            told = [body.get("name", ""), f"up to {format_usd(body['upper'])}"]
        case "jobs":
            told = [f"{body['count']} planned"]
        case "claimed":
            told = [f"taken over by run {body['owner']}"]
        case "budget-set" | "budget-removed":
            caps = [format_usd(body["usd"])] if body.get("usd") is not None else []
            caps += [f"{body['pictures']} pictures"] if body.get("pictures") is not None else []
            told = [str(Budget(Scope(body["scope"]), body["subject"], Window(body["span"]), None, None)), *caps]
        case "counter":
            told = [body["scope"], body["subject"], body["span_key"]]
        case _:
            told += [f"{format_usd(body['posted'])} billed"] if body.get("posted") is not None else []
    return ", ".join(str(part) for part in told if part)


async def reconcile(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help="JSON of the organization costs endpoint; - reads stdin.")
    ] = None,
    api: Annotated[bool, typer.Option("--api", help="Ask the endpoint, with OPENAI_ADMIN_KEY.")] = False,
    project: Annotated[str, typer.Option("--project", metavar="ID", help="With --api: only this project.")] = "",
    provider: Annotated[str, typer.Option("--provider", metavar="NAME", help="Whose attempts to compare.")] = "openai",
    json: options.Json = False,
) -> int:
    """Compare the ledger with the provider's bill, per UTC day.

    Exit code 0: no day was billed above what the ledger counts; 6: one was. Examples:

      imgcli budget reconcile --api

      imgcli budget reconcile costs.json
    """
    from imgcli.reports.reconcile import Agreement, compare, parse_costs

    if (file is None) == (not api):
        raise UsageError("say either a FILE with the costs endpoint's JSON, or --api")
    text, where = await _billed(project) if file is None else (_read_costs(file), str(file))
    bill = parse_costs(text, where)
    for note in bill.notes:
        show.talk(note)
    ledger = _ledger()
    try:
        days = compare(bill.days, await ledger.daily(provider))
    finally:
        await ledger.close()
    above = any(day.agreement is Agreement.ABOVE for day in days)
    if json:
        for day in days:
            sums = {"billed_usd": exact_usd(day.billed), "ledger_usd": exact_usd(day.spent)}
            show.json_line(
                {"day": day.day} | sums | {"uncertain_usd": exact_usd(day.uncertain), "agreement": day.agreement.value}
            )
        return 6 if above else 0
    if not days:
        show.talk("neither the bill nor the ledger has anything in these days")
        return 0
    rows = [
        (day.day, format_usd(day.billed), format_usd(day.spent), format_usd(day.uncertain), _meaning(day.agreement))
        for day in days
    ]
    show.draw_data(show.table("", ("day (UTC)", "billed", "ledger", "uncertain", ""), rows, right=(1, 2, 3)))
    if above:
        show.talk("the provider billed more than this ledger knows: another tool or machine with the same key?")
    return 6 if above else 0


def _meaning(agreement: "Agreement") -> str:
    words = {"agrees": "agrees", "below": "less than counted", "above": "MORE than the ledger knows"}
    return words[agreement.value]


async def _billed(project: str) -> tuple[str, str]:
    from imgcli.settings import load_settings
    from imgcli.wiring import billed_by_openai

    where, text = await billed_by_openai(load_settings(os.environ), os.environ, project)
    show.talk(safe_text(f"asked {where}/organization/costs"))
    return text, where


def _read_costs(file: Path) -> str:
    try:
        data = sys.stdin.buffer.read(MAX_COSTS + 1) if str(file) == "-" else file.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: cannot be read: {error}") from None
    if len(data) > MAX_COSTS:
        raise UsageError(f"{file}: is larger than {MAX_COSTS // 1024 // 1024} MiB")
    return text


def _ledger() -> "Ledger":
    from imgcli.settings import find_paths
    from imgcli.wiring import open_ledger

    return open_ledger(find_paths(os.environ))


def _alarms(balances: Sequence[Balance]) -> "list[Alarm]":
    """Of which alerts tell, whether a run has told it or not."""
    from imgcli.model.alert import alarms, parse_alert
    from imgcli.settings import load_settings

    try:
        wanted = [parse_alert(each) for each in load_settings(os.environ).alert]
    except SettingsError as error:
        # What is left is told, whatever stands in the config.
        show.talk(f"alerts are not looked at: {error}")
        return []
    return alarms(balances, wanted)


def _rows(balance: Balance) -> list[tuple[Any, ...]]:
    budget = balance.budget
    label = str(budget) if balance.subject == budget.subject else f"{budget} ({balance.subject})"
    rows: list[tuple[Any, ...]] = []
    if budget.usd is not None:
        used = balance.spent_usd + balance.held_usd
        told = format_usd(balance.spent_usd) + (f" + {format_usd(balance.held_usd)} held" if balance.held_usd else "")
        left = f"{format_usd(max(0, budget.usd - used))} of {format_usd(budget.usd)}"
        rows.append((label, _bar(balance.spent_usd, balance.held_usd, budget.usd), told, left))
    if budget.pictures is not None:
        used = balance.spent_pictures + balance.held_pictures
        told = f"{balance.spent_pictures} pictures" + (f" + {balance.held_pictures}" if balance.held_pictures else "")
        left = f"{max(0, budget.pictures - used)} of {budget.pictures}"
        rows.append((label, _bar(balance.spent_pictures, balance.held_pictures, budget.pictures), told, left))
    return rows


def _bar(spent: int, held: int, cap: int) -> Any:
    """Spent, held and free; red once nothing is left."""
    from rich.text import Text

    from imgcli.cli.bars import capped

    colour = "red" if spent + held >= cap else "yellow" if (spent + held) * 5 >= cap * 4 else "green"
    used, free = capped(spent, held, cap, BAR)
    return Text(used, style=colour).append(free, style="dim")


def _plain(balance: Balance) -> dict[str, Any]:
    budget = balance.budget
    return {
        "scope": budget.scope.value,
        "subject": balance.subject or budget.subject,
        "per": budget.window.value,
        "window": balance.window_key,
        "cap_usd": None if budget.usd is None else exact_usd(budget.usd),
        "cap_pictures": budget.pictures,
        "spent_usd": exact_usd(balance.spent_usd),
        "held_usd": exact_usd(balance.held_usd),
        "spent_pictures": balance.spent_pictures,
        "held_pictures": balance.held_pictures,
    }
