"""Forecasts, against figures worked out by hand."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.attempt import State
from imgcli.model.budget import EACH, UNKNOWN, Balance, Budget, Scope, Window
from imgcli.model.charge import Charge
from imgcli.reports.forecast import Outlook, Pace, Sure, Unit, covers, first_day, outlooks, pace
from tests.unit.reports.test_spend import A_CHARGE

TODAY = date(2026, 11, 22)


def spent(back: int, nano: int, **changes: object) -> Charge:
    day = str(TODAY - timedelta(days=back))
    return replace(A_CHARGE, day=day, posted=nano, **changes)  # type: ignore[arg-type]


def balance(window: Window, usd: int | None, used: int, pictures: int | None = None, made: int = 0) -> Balance:
    return Balance(Budget(Scope.ALL, "", window, usd, pictures), "", "", 0, used, 0, made)


EVERY_DAY = [spent(back, 100) for back in range(1, 29)]


def of(charges: list[Charge], balance: Balance) -> Outlook:
    return outlooks(charges, [balance], TODAY)[-1]


def test_days_that_are_all_alike_leave_no_doubt() -> None:
    whole = outlooks(EVERY_DAY, [], TODAY)[0]
    assert whole.pace == Pace(28, 28, 100, 0)
    # 21 days of November were, today is to come, and 8 days after it.
    assert (whole.used, whole.likely, whole.low, whole.high) == (2100, 3000, 3000, 3000)
    assert (whole.sure, whole.reached, whole.daily) == (Sure.FAIRLY, None, None)


def test_the_range_is_that_of_a_sum_of_days_and_of_a_mean_that_is_not_sure() -> None:
    charges = [spent(back, 100 + 50 * (-1) ** back) for back in range(1, 29)]
    found = outlooks(charges, [], TODAY)[0]
    # variance 28·2500/27 = 2592; of 8 days: √(2592·8·(28+8)/28) = 163, times 1.28 = 208
    assert found.pace == Pace(28, 28, 100, 2592)
    assert found.likely is not None
    assert (found.likely - (found.low or 0), (found.high or 0) - found.likely) == (208, 208)


def test_a_day_on_which_nothing_was_spent_counts_and_days_before_the_first_do_not() -> None:
    daily = {str(TODAY - timedelta(days=back)): 70 for back in (1, 3, 5, 7)}
    found = pace(daily, min(daily), TODAY)
    assert (found.days, found.active, found.mean) == (7, 4, 40)
    assert pace({}, "", TODAY) == Pace(28, 0, 0, 0)
    assert pace({str(TODAY): 9}, str(TODAY), TODAY) == Pace(0, 0, 0, 0)


def test_the_day_on_which_a_cap_is_reached() -> None:
    month = of(EVERY_DAY, balance(Window.MONTH, 2450, 2100))
    # 350 are left: today takes 100, and so do the 23rd, 24th and 25th.
    assert (month.reached, month.daily, month.until) == (date(2026, 11, 25), 38, date(2026, 11, 30))
    assert of(EVERY_DAY, balance(Window.MONTH, 3001, 2100)).reached is None
    assert of(EVERY_DAY, balance(Window.MONTH, 2000, 2100)).reached == TODAY
    assert of(EVERY_DAY, balance(Window.TOTAL, 4000, 2100)).reached == date(2026, 12, 10)
    assert of(EVERY_DAY, balance(Window.TOTAL, 10**9, 2100)).reached is None


def test_what_today_took_already_is_not_expected_again() -> None:
    today = [*EVERY_DAY, spent(0, 60)]
    assert of(today, balance(Window.MONTH, 10_000, 2160)).likely == 2160 + 40 + 800
    dear = [*EVERY_DAY, spent(0, 500)]
    assert of(dear, balance(Window.MONTH, 10_000, 2600)).likely == 2600 + 800


def test_a_cap_per_day_is_held_against_a_usual_day() -> None:
    day = of([*EVERY_DAY, spent(0, 30)], balance(Window.DAY, 90, 30))
    assert (day.until, day.likely, day.reached, day.daily) == (TODAY, 100, TODAY, 60)
    assert of(EVERY_DAY, balance(Window.DAY, 101, 0)).reached is None


def test_a_cap_on_pictures_counts_pictures_that_were_perhaps_made_and_no_words() -> None:
    charges = [spent(back, 5, attempts=3) for back in range(1, 29)]
    charges += [spent(1, 9, state=State.UNCERTAIN), spent(1, 9, is_text=True), spent(1, 0, state=State.VOIDED)]
    found = of(charges, balance(Window.MONTH, None, 0, 100, 64))
    assert (found.unit, found.cap, found.used) == (Unit.PICTURES, 100, 64)
    assert (found.pace.mean, found.likely) == (3, 64 + 27)


def test_few_days_say_so() -> None:
    few = of(EVERY_DAY[:4], balance(Window.MONTH, 500, 400))
    assert (few.sure, few.likely, few.reached, few.daily) == (Sure.UNKNOWN, None, None, 100 // 9)
    assert of(EVERY_DAY[:4], balance(Window.MONTH, 400, 400)).reached == TODAY
    assert outlooks([], [], TODAY)[0].sure is Sure.UNKNOWN


def test_the_last_day_of_a_month_ends_it() -> None:
    last = date(2026, 11, 30)
    charges = [replace(each, day=str(last - timedelta(days=back))) for back, each in enumerate(EVERY_DAY, 1)]
    found = outlooks(charges, [balance(Window.MONTH, 5000, 2800)], last)[-1]
    assert (found.likely, found.until, found.daily) == (2900, last, 2200)
    assert first_day(last) == date(2026, 11, 1)
    assert first_day(TODAY) == date(2026, 10, 25)


def test_whom_a_budget_covers() -> None:
    def covered(scope: Scope, subject: str, charge: Charge) -> bool:
        return covers(Balance(Budget(scope, EACH, Window.DAY, 1, None), subject, "", 0, 0, 0, 0), charge)

    assert covered(Scope.USER, "alice", A_CHARGE)
    assert not covered(Scope.USER, "bob", A_CHARGE)
    assert covered(Scope.USER, "bob", replace(A_CHARGE, user=UNKNOWN))
    assert covered(Scope.TAG, "b", replace(A_CHARGE, tags=("a", "b")))
    assert not covered(Scope.TAG, "c", replace(A_CHARGE, tags=("a", "b")))
    assert covered(Scope.PROVIDER, "openai", A_CHARGE)


def test_caps_of_a_run_and_of_nobody_yet_are_not_foretold() -> None:
    run = balance(Window.RUN, 5, 0)
    nobody = Balance(Budget(Scope.USER, EACH, Window.DAY, 5, None), EACH, "", 0, 0, 0, 0)
    assert len(outlooks(EVERY_DAY, [run, nobody], TODAY)) == 1


@given(st.lists(st.integers(0, 10**12), min_size=28, max_size=28), st.integers(0, 10**12), st.integers(1, 10**14))
def test_laws(values: list[int], today: int, cap: int) -> None:
    charges = [spent(back, value) for back, value in enumerate(values, 1)] + [spent(0, today)]
    used = sum(each.posted for each in charges if each.day >= "2026-11-01")
    whole, found = outlooks(charges, [balance(Window.MONTH, cap, used)], TODAY)
    assert whole.used == used
    if found.likely is not None and found.low is not None and found.high is not None:
        assert used <= found.low <= found.likely <= found.high
        assert (found.reached is not None) == (found.likely >= cap)
        if found.reached:
            assert found.earliest is not None
            assert TODAY <= found.earliest <= found.reached <= found.until


def test_the_range_holds_in_about_eight_of_ten_months() -> None:
    lots = Random(7)  # noqa: S311 - the same lots every time
    held, months = 0, 400
    for _ in range(months):
        # Nothing on a third of the days, and else amounts that differ by a factor of ten.
        days = [lots.choice([0, 1, 1]) * lots.randint(100, 1000) for _ in range(28 + 9)]
        found = outlooks([spent(back, value) for back, value in enumerate(days[:28], 1)], [], TODAY)[0]
        assert found.low is not None
        assert found.high is not None
        held += found.low <= found.used + sum(days[28:]) <= found.high
    assert 0.72 <= held / months <= 0.9
