"""Laws of sums, on charges of any kind."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.errors import AttemptError, Money
from imgcli.model.attempt import Receipt, State
from imgcli.model.charge import Charge
from imgcli.reports.spend import By, Only, Spend, Sums, names, spend
from tests.contracts.test_ledger_contract import Place
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_quote, a_run
from tests.fakes.ledger import FakeLedger

A_CHARGE = Charge(
    day="2026-11-21",
    user="alice",
    provider="openai",
    model="flare",
    quality="low",
    styles=(),
    tags=(),
    command="gen",
    directory="/pictures",
    is_text=False,
    is_draft=False,
    state=State.SETTLED,
    decided=False,
    attempts=1,
    posted=50,
    held=0,
)
WORDS = st.sampled_from(["a", "b", "c"])
FEW = st.lists(WORDS, max_size=3).map(tuple)
CHARGES = st.lists(
    st.builds(
        replace,
        st.just(A_CHARGE),
        day=st.sampled_from(["2026-10-31", "2026-11-01", "2026-11-21"]),
        user=WORDS,
        styles=FEW,
        tags=FEW,
        state=st.sampled_from(State),
        is_text=st.booleans(),
        attempts=st.integers(1, 9),
        posted=st.integers(0, 10**12),
        held=st.integers(0, 10**12),
    ),
    max_size=12,
)
ENDS = {
    State.VOIDED: AttemptError("refused", money=Money.VOID),
    State.UNCERTAIN: AttemptError("lost", money=Money.HOLD),
    State.MODERATED: AttemptError("unsafe", money=Money.HOLD, moderated=True),
    State.POSTED: AttemptError("nothing", money=Money.POST),
}


@given(CHARGES, st.sets(st.sampled_from(By), max_size=3))
def test_rows_add_up_to_the_total_and_what_stands_in_several(charges: Sequence[Charge], by: set[By]) -> None:
    told = spend(charges, sorted(by, key=lambda each: each.value))
    assert told.total == spend(charges, ()).total == sum((one.total for one in map(_alone, charges)), Sums())
    rows = sum((row.sums for row in told.rows), Sums())
    if not by & {By.TAG, By.STYLE}:
        assert rows == told.total
        assert told.overlap == Sums()
    assert rows.money - told.total.money >= told.overlap.money
    assert len({row.names for row in told.rows}) == len(told.rows)


@given(CHARGES, st.sampled_from(By))
def test_a_row_is_what_a_filter_of_its_name_leaves(charges: Sequence[Charge], by: By) -> None:
    for row in spend(charges, [by]).rows:
        assert row.sums == spend([one for one in charges if row.names[0] in names(one, by)], ()).total
        if by.value in Only.__dataclass_fields__ and row.names[0]:
            only = Only(**{by.value: row.names[0]})
            assert row.sums == spend([one for one in charges if only.takes(one)], ()).total


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(State), st.integers(0, 10**10), st.integers(0, 10**10), st.booleans()), max_size=8
    )
)
def test_sums_are_those_of_the_ledger_to_the_nano(steps: list[tuple[State, int, int, bool]]) -> None:
    async def story() -> tuple[Sums, tuple[int, int, int, int]]:
        ledger = FakeLedger(FakeClock())
        await ledger.begin(a_run())
        for number, (state, upper, actual, is_text) in enumerate(steps):
            await _take(ledger, number, state, upper, actual, is_text=is_text)
        spent = await ledger.spending()
        total = spend(await ledger.charges(), [By.DAY]).total
        return total, (spent.spent, spent.held, spent.uncertain, spent.pictures)

    told, ledgers = asyncio.run(story())
    assert (told.spent, told.held, told.uncertain, told.pictures) == ledgers


async def _take(ledger: FakeLedger, number: int, state: State, upper: int, actual: int, *, is_text: bool) -> None:
    quote = a_quote(upper, variant=number, directory=Path("/nowhere"), format="text" if is_text else "png")
    await ledger.enter("run-1", [quote.job])
    hold = await ledger.reserve("run-1", f"attempt-{number}", quote, Place())
    assert hold
    if state is State.RESERVED:
        return
    await ledger.send(hold)
    if state in ENDS:
        await ledger.fail(hold, ENDS[state])
    elif is_text:
        await ledger.post(hold, SOME_PAINTED, actual)
    elif state is not State.SENT:
        await ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, actual))
        for step in (ledger.save, ledger.settle)[: {State.SAVED: 1, State.SETTLED: 2}.get(state, 0)]:
            await step(hold.attempt, "run-1")


def test_free_pictures_do_not_make_the_others_look_cheap() -> None:
    free = replace(A_CHARGE, provider="placeholder", attempts=98, posted=0)
    total = spend([free, replace(A_CHARGE, attempts=2, posted=101)], ()).total
    assert (total.pictures, total.priced, total.average) == (100, 2, 51)
    assert spend([free], ()).total.average is None


def test_what_a_picture_without_a_tag_is_told_under() -> None:
    two = replace(A_CHARGE, tags=("hero", "web"))
    told = spend([A_CHARGE, two, two], [By.TAG])
    assert [(row.names, row.sums.spent) for row in told.rows] == [(("hero",), 100), (("web",), 100), ((None,), 50)]
    assert (told.total.spent, told.overlap.pictures) == (150, 2)


def test_days_stand_in_their_order_and_all_else_the_dearest_first() -> None:
    charges = [replace(A_CHARGE, day=day, model=model, posted=cost) for day, model, cost in _LISTED]
    assert [row.names for row in spend(charges, [By.MODEL, By.DAY]).rows] == [
        ("b", "2026-11-01"),
        ("a", "2026-11-01"),
        ("a", "2026-11-02"),
    ]
    assert [row.names for row in spend(charges, [By.MODEL]).rows] == [("b",), ("a",)]


_LISTED = [("2026-11-02", "a", 1), ("2026-11-01", "a", 2), ("2026-11-01", "b", 9)]


def _alone(charge: Charge) -> Spend:
    return spend([charge], ())
