"""Plans over a history made by hand, in nano-USD, and the laws that hold for any."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.reports.saving_plan import Paid, Plan, Saving, Sum, plan
from tests.fakes.bought import at, bought
from tests.rows import each_row


def paid(attempt: str, cost: int, prices: dict[str, Any] | None = None, **changes: Any) -> Paid:
    told: dict[str, Any] = {"loose": f"form of {attempt}", "model": "flare"} | (prices or {})
    return Paid(bought(attempt, cost, **changes), **told)


HEROES = {"variants": "hero", "prompt": "hero", "look": "2 high"}
HISTORY = (
    # The job of a is paid again by b (30), and in other words by c (29).
    paid("a", 30, {"loose": "form", "cheaper": 20, "half": 15}, key="job", variants="x"),
    paid("b", 30, {"loose": "form", "cheaper": 20, "half": 15}, key="job", variants="x", at=at(1)),
    paid("c", 29, {"loose": "form", "cheaper": 20}, variants="y", at=at(2)),
    # Four of one prompt of which one was kept: 4 x 21 - (3 x 2 + (21 + 2)) = 84 - 29 = 55.
    paid("h1", 21, {"draft": 2, "half": 11, "cheaper": 5}, **HEROES),
    paid("h2", 21, {"draft": 2, "half": 11, "cheaper": 5}, kept=True, **HEROES),
    paid("h3", 21, {"draft": 2, "half": 11, "cheaper": 5}, **HEROES),
    paid("h4", 21, {"draft": 2, "half": 11, "cheaper": 5}, **HEROES),
    # Two of a long run, at 9 and 10: (9 + 10) - (5 + 5) = 9.
    paid("l1", 9, {"half": 5, "cheaper": 1}),
    paid("l2", 10, {"half": 5, "cheaper": 1}),
    # For 8, with another model 6, on one's own 1; for 3, which no other model makes, on one's own 1; for 1 nothing is less.
    paid("m", 8, {"cheaper": 6, "hosted": 1}),
    paid("s", 3, {"hosted": 1}),
    paid("n", 1, {"hosted": 1, "cheaper": 1}),
)
EXPECTED = {
    Saving.CACHE: ("b", 30, 30),
    Saving.NEAR: ("c", 29, 29),  # b is the very job, not one in other words
    Saving.DRAFTS: ("h1 h2 h3 h4", 55, 55),
    # Of a: 30 - 15. By itself also of b (15) and of the heroes: 4 x (21 - 11).
    Saving.BATCH: ("a l1 l2", 24, 24 + 15 + 40),
    # By itself also of a and b (10 each), c (9), the heroes (4 x 16), and l1 and l2 (8 + 9).
    Saving.MODEL: ("m", 2, 2 + 20 + 9 + 64 + 17),
    Saving.HOSTED: ("s", 2, 7 + 2),
}


def told(found: Plan) -> dict[Saving, tuple[str, int, int]]:
    return {
        step.saving: (" ".join(sorted(each.paid.of.attempt for each in step.changes)), step.saved, step.alone)
        for step in found.steps
    }


def test_each_step_counts_what_the_steps_before_it_leave() -> None:
    found = plan(HISTORY)
    assert told(found) == EXPECTED
    assert (found.spent, found.saved) == (204, 30 + 29 + 55 + 24 + 2 + 2)
    assert told(plan(HISTORY[::-1])) == EXPECTED


def test_the_arithmetic_is_written_out() -> None:
    drafts = next(step for step in plan(HISTORY).steps if step.saving is Saving.DRAFTS)
    assert drafts.sums() == [
        Sum("2 high", "a draft alone", 3, 63, 6, 21, 2),
        Sum("2 high", "kept: a draft and the final", 1, 21, 23, 21, 23),
    ]
    batch = next(step for step in plan(HISTORY).steps if step.saving is Saving.BATCH)
    assert [(each.pictures, each.paid, each.paid_each, each.saved) for each in batch.sums()] == [(3, 49, None, 24)]


@each_row(
    "changes, saved",
    [
        ({}, 2 * 21 - (2 * 2 + 21)),
        ({"kept": True}, 0),  # more than half of them
        ({"is_final": True}, 0),
        ({"is_draft": True}, 0),
    ],
)
def test_drafts_are_for_prompts_of_which_few_were_kept(changes: dict[str, Any], saved: int) -> None:
    one = paid("one", 21, {"draft": 2}, kept=True, **HEROES)
    other = paid("other", 21, {"draft": 2}, **HEROES | changes)
    assert plan([one, other]).saved == saved
    assert plan([paid("x", 21, {"draft": 2}, **HEROES), other]).saved in {0, saved, 2 * 21 - (2 * 2 + 21)}


def test_where_nobody_said_what_was_kept_no_draft_is_counted() -> None:
    found = plan([paid(name, 21, {"draft": 2}, **HEROES) for name in "abc"])
    assert (found.saved, found.unsaid) == (0, 1)
    assert plan([paid("a", 21, {"draft": 2}, **HEROES)]).unsaid == 0
    assert plan([paid(name, 2, {"draft": 2}, **HEROES) for name in "abc"]).unsaid == 0


def test_drafts_that_cost_more_than_they_spare_are_no_step() -> None:
    dear = [paid("a", 21, {"draft": 20}, kept=True, **HEROES), paid("b", 21, {"draft": 20}, **HEROES)]
    assert plan(dear).saved == 0


def test_a_copy_of_what_was_turned_down_saves_nothing() -> None:
    first = paid("a", 30, {"loose": "form"}, key="job", rejected=True)
    assert plan([first, paid("b", 30, {"loose": "form"}, key="job", at=at(1))]).saved == 0
    assert plan([first, paid("b", 30, {"loose": "form"}, at=at(1))]).saved == 0


def histories() -> st.SearchStrategy[list[Paid]]:
    price = st.none() | st.integers(0, 60)
    one: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
        {
            "cost": st.integers(0, 50),
            "prices": st.fixed_dictionaries(
                {
                    "loose": st.sampled_from(["", "f", "g"]),
                    "draft": price,
                    "half": price,
                    "cheaper": price,
                    "hosted": price,
                }
            ),
            "key": st.sampled_from("klm"),
            "variants": st.sampled_from("vw"),
            "at": st.integers(0, 9).map(at),
            "look": st.sampled_from(["low", "high"]),
            **{name: st.booleans() for name in ("kept", "rejected", "is_draft", "is_final")},
        }
    )
    return st.lists(one, max_size=14).map(lambda told: [paid(f"p{n}", **each) for n, each in enumerate(told)])


@settings(deadline=None)
@given(histories())
def test_no_plan_saves_more_than_was_spent(history: list[Paid]) -> None:
    found = plan(history)
    assert 0 <= found.saved <= found.spent == sum(each.of.cost for each in history)
    for step in found.steps:
        assert 0 <= step.saved <= found.spent
        assert step.saved <= step.alone <= found.spent or step.saving in {Saving.NEAR, Saving.DRAFTS}


@settings(deadline=None)
@given(histories())
def test_every_step_is_the_sum_of_its_pictures_and_none_is_counted_twice(history: list[Paid]) -> None:
    found = plan(history)
    counted = [change.paid.of.attempt for step in found.steps for change in step.changes]
    assert len(counted) == len(set(counted))
    for step in found.steps:
        assert step.saved == sum(change.paid.of.cost - change.instead for change in step.changes)
        assert step.saved == sum(each.saved for each in step.sums())
        assert len(step.changes) == sum(each.pictures for each in step.sums())
        for each in step.sums():
            for total, price in ((each.paid, each.paid_each), (each.instead, each.instead_each)):
                assert price is None or total == each.pictures * price
