import pytest

from imgcli.model.alert import Alert, alarms, parse_alert
from imgcli.model.budget import EACH, Balance, Budget, Scope, Window
from tests.rows import each_row

MONTH = Budget(Scope.ALL, "", Window.MONTH, 1000, None)


def balance(budget: Budget = MONTH, spent: int = 0, held: int = 0, pictures: int = 0) -> Balance:
    return Balance(budget, "" if budget.subject == EACH else budget.subject, "2026-11", held, spent, 0, pictures)


@each_row(
    ("text", "percent", "budget"),
    [
        ("80%", 80, ""),
        (" 100 % ", 100, ""),
        ("5% of everything, per month", 5, "everything, per month"),
        ("5%  of each user, in total", 5, "each user, in total"),
        ("5% of tag 10% of all, per day, per day", 5, "tag 10% of all, per day, per day"),
    ],
)
def test_what_an_alert_is(text: str, percent: int, budget: str) -> None:
    found = parse_alert(text)
    assert found == Alert(percent, budget)
    assert parse_alert(str(found)) == found


@each_row(
    "text", ["", "80", "0%", "101%", "-5%", "80% of", "80% of lunch", "8.5%", "80% of everything, per run", "x" * 999]
)
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="write it like 80%"):
        parse_alert(text)


@each_row(
    ("spent", "held", "percents", "told"),
    [
        (799, 0, [80], []),
        (800, 0, [80], [80]),
        (799, 201, [80], []),
        (1200, 0, [80, 100, 50], [100]),
        (900, 0, [80, 95], [80]),
        (900, 0, [], []),
    ],
)
def test_when_a_budget_has_come_to_it(spent: int, held: int, percents: list[int], told: list[int]) -> None:
    found = alarms([balance(spent=spent, held=held)], [Alert(each) for each in percents])
    assert [each.percent for each in found] == told


def test_which_budget_is_meant() -> None:
    day = Budget(Scope.USER, EACH, Window.DAY, None, 10)
    both = [balance(spent=1000), balance(day, pictures=9)]
    assert [each.is_money for each in alarms(both, [Alert(50)])] == [True, False]
    assert [each.balance.budget for each in alarms(both, [Alert(50, "each user, per day")])] == [day]
    assert alarms(both, [Alert(50, "user alice, per day")]) == []
    assert alarms([balance(Budget(Scope.ALL, "", Window.RUN, 1, 1), 5)], [Alert(1)]) == []


def test_a_cap_of_nothing_is_full_once_something_is_spent() -> None:
    nothing = Budget(Scope.ALL, "", Window.DAY, 0, None)
    assert alarms([balance(nothing)], [Alert(80)]) == []
    (alarm,) = alarms([balance(nothing, spent=1)], [Alert(80)])
    assert alarm.reached == 100
