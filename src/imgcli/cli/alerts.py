"""`imgcli budget alert`: at how much of a budget the end of a run tells so."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.cli.budget_names import ForProvider, Tag, User, subject_of
from imgcli.errors import UsageError
from imgcli.model.budget import Budget, Window

if TYPE_CHECKING:
    from imgcli.model.alert import Alert

Part = Annotated[str | None, typer.Argument(metavar="[PERCENT]", help="Like 80%; without it alerts are listed.")]
Per = Annotated[Window | None, typer.Option("--per", help="Only for a budget of this window.")]
Remove = Annotated[bool, typer.Option("--remove", help="Take it away; without PERCENT all that are for the same.")]


async def alert(  # noqa: PLR0917 - a command line is named, not positional
    percent: Part = None,
    per: Per = None,
    user: User = None,
    tag: Tag = None,
    provider: ForProvider = None,
    remove: Remove = False,
    json: options.Json = False,
) -> int:
    """Be told at the end of a run that a budget is nearly used: once for each of its days or months.

    Without --per, --user, --tag or --provider it is for every budget. Alerts are kept in the config file,
    as alert. Examples:

      imgcli budget alert 80%

      imgcli budget alert 95% --per month --user each

      imgcli budget alert --remove
    """
    from imgcli.model.alert import parse_alert
    from imgcli.settings import load_settings

    known = [parse_alert(each) for each in load_settings(os.environ).alert]
    budget = await _budget(per, user, tag, provider, must_exist=not remove and percent is not None)
    if percent is None and not remove:
        _list([each for each in known if budget is None or each.budget == str(budget)], json=json)
        return 0
    if json:
        raise UsageError("--json lists alerts; leave PERCENT and --remove away")
    wanted = _alert(percent, budget)
    if not remove and wanted is not None:
        _keep([*known, wanted])
        return 0
    target = str(budget) if budget else ""
    gone = [each for each in known if (each == wanted if wanted else each.budget == target or budget is None)]
    if not gone:
        missing = str(wanted) if wanted else f"for {target or 'any budget'}"
        raise UsageError(f"there is no alert {missing}; see imgcli budget alert")
    _keep([each for each in known if each not in gone])
    return 0


def _alert(percent: str | None, budget: Budget | None) -> "Alert | None":
    from imgcli.model.alert import parse_alert

    if percent is None:
        return None
    number = percent.strip().removesuffix("%")
    try:
        return parse_alert(f"{number}% of {budget}" if budget else f"{number}%")
    except ValueError:
        raise UsageError(f"{percent[:40]!r} is not a part of a budget; write it like 80%, from 1% to 100%") from None


async def _budget(
    per: Window | None, user: str | None, tag: str | None, provider: str | None, *, must_exist: bool
) -> Budget | None:
    """The one that options name; None if they name none, which means all.

    Raises:
        UsageError: there is no such budget, or it is over with its run.
    """
    if per is None and user is None and tag is None and provider is None:
        return None
    scope, subject = subject_of(user, tag, provider)
    budget = Budget(scope, subject, per or Window.MONTH, None, None)
    if budget.window is Window.RUN:
        raise UsageError("a budget per run is over with its run; alerts are for days, months and totals")
    if must_exist:
        from imgcli.settings import find_paths
        from imgcli.wiring import open_ledger

        ledger = open_ledger(find_paths(os.environ))
        try:
            known = [str(each) for each in await ledger.budgets()]
        finally:
            await ledger.close()
        if str(budget) not in known:
            raise UsageError(f"there is no budget for {budget}; set it first, or see imgcli budget show")
    return budget


def _list(known: "list[Alert]", *, json: bool) -> None:
    if json:
        for each in known:
            show.json_line({"event": "alert", "percent": each.percent, "budget": each.budget or None})
        return
    for each in known:
        show.line(f"{each.percent}% of {each.budget or 'every budget'}")
    if not known:
        show.talk("no alert is set; try:  imgcli budget alert 80%")


def _keep(alerts: "list[Alert]") -> None:
    from imgcli.cli.setting import write_setting
    from imgcli.settings import load_settings

    ordered = sorted(dict.fromkeys(alerts), key=lambda each: (each.budget, each.percent))
    write_setting("alert", ";".join(map(str, ordered)))
    if (source := load_settings(os.environ).sources["alert"]) == "IMGCLI_ALERT":
        show.talk(f"{source} of the environment holds before the config file; the alerts are those it names")
