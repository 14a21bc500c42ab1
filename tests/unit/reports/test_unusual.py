"""When a day is not as usual, against figures worked out by hand."""

from dataclasses import replace

from imgcli.model.charge import Charge
from imgcli.model.money import NANO
from imgcli.reports.spend import By
from imgcli.reports.unusual import Usual, by_name, suspects, unusual, usual
from tests.rows import each_row
from tests.unit.reports.test_spend import A_CHARGE

HERO = (By.TAG, "hero")


def cost(dollars: float, *tags: str) -> Charge:
    return replace(A_CHARGE, posted=int(dollars * NANO), tags=tags)


@each_row(
    ("history", "today", "is_told"),
    [
        # A new tag that takes the day.
        ([0] * 28, 5, True),
        ([0] * 28, 4.99, False),
        # Twice the median is not yet unusual, a cent more is.
        ([4] * 28, 8, False),
        ([4] * 28, 8.01, True),
        # Days that swing: median 10, MAD 2, so up to 10 + 5·1.4826·2 = 24.826.
        ([8, 10, 12, 8, 12], 24.82, False),
        ([8, 10, 12, 8, 12], 24.83, True),
        # One wild day does not make the next one usual.
        ([1] * 27 + [100], 20, True),
        # Nobody knows yet what is usual.
        ([1] * 4, 100, False),
    ],
)
def test_the_rule(history: list[float], today: float, is_told: bool) -> None:
    days = [by_name([cost(1, "other"), cost(each, "hero")]) for each in history]
    charges = [cost(today, "hero")]
    found = unusual(charges, {HERO: usual(days, [HERO])[HERO]})
    assert [(each.by, each.name) for each in found] == ([HERO] if is_told else [])


def test_what_does_not_dominate_the_day_is_quiet() -> None:
    known = {HERO: Usual(0, 0, 28)}
    assert unusual([cost(10, "hero"), cost(10.01, "web")], known) == []
    (found,) = unusual([cost(10, "hero"), cost(10, "web")], known)
    assert (found.today, found.whole, found.percent) == (10 * NANO, 20 * NANO, 50)


def test_days_without_any_money_are_left_out_and_a_name_without_money_counts_as_nothing() -> None:
    days = [by_name([cost(4, "web")]), by_name([]), by_name([cost(2, "hero")]), by_name([cost(0, "hero")])]
    assert usual(days, [HERO]) == {HERO: Usual(NANO, NANO, 2)}
    assert usual([], [HERO]) == {HERO: Usual(0, 0, 0)}


def test_the_most_telling_name_comes_first_and_small_days_are_not_looked_at() -> None:
    today = [replace(cost(9, "hero"), styles=("ink",))]
    known = dict.fromkeys(suspects(today), Usual(0, 0, 28))
    assert [each.by for each in unusual(today, known)] == [By.TAG, By.STYLE, By.COMMAND, By.USER, By.MODEL]
    assert suspects([cost(4.99, "hero")]) == []
    assert suspects([]) == []
