"""A history made by hand, in nano-USD; the figures in the comments are worked out on paper."""

from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.reports.bought import Bought, Came
from imgcli.reports.waste import SURE, Audit, Kind, audit, counted, paid_again
from tests.fakes.bought import at, bought
from tests.rows import each_row

SEEN: dict[str, Any] = {"seen": True, "quality": "low"}
KEPT = SEEN | {"kept": True}

HISTORY = (
    # Six of one prompt at high, of which the second was kept: the five others were not needed (5 x 21 = 105), and nobody
    # looked at four of them (84); the sixth was rejected, which is a look.
    bought("hero1", 21, "hero", run="heroes", quality="high"),
    bought("hero2", 21, "hero", run="heroes", quality="high", seen=True, kept=True),
    bought("hero3", 21, "hero", run="heroes", quality="high"),
    bought("hero4", 21, "hero", run="heroes", quality="high"),
    bought("hero5", 21, "hero", run="heroes", quality="high"),
    bought("hero6", 21, "hero", run="heroes", quality="high", seen=True, rejected=True),
    # The same job twice: the second for nothing, 7.
    bought("twin1", 7, "twins", run="t1", key="twin", **KEPT),
    bought("twin2", 7, "twins", run="t2", key="twin", at=at(1), **SEEN),
    # The same words in another order, and with one more: 5 + 6 = 11 for what the first prompt said; one more was kept.
    bought("sea1", 5, "old car by the sea", run="s1", **SEEN),
    bought("sea2", 5, "by the sea old car", run="s2", at=at(200), **SEEN),
    bought("sea2b", 5, "by the sea old car", run="s2", at=at(200), **KEPT),
    bought("sea3", 6, "old rusty car by the sea", run="s3", at=at(400), **SEEN),
    # Three prompts on the way to the fourth: 2 + 2 + 2 = 6; the second cost 3 more for a picture that was kept.
    bought("fox1", 2, "fox", run="f1", directory="/foxes", at=at(10), **SEEN),
    bought("fox2", 2, "fox snow", run="f2", directory="/foxes", at=at(20), **SEEN),
    bought("fox2b", 3, "fox snow", run="f2", directory="/foxes", at=at(20), **KEPT),
    bought("fox3", 2, "fox snow sun", run="f3", directory="/foxes", at=at(30), **SEEN),
    bought("fox4", 9, "fox snow moon", run="f4", directory="/foxes", at=at(40), **SEEN),
    # A draft at max quality: 40, and by itself nobody can say more of it.
    bought("draft", 40, run="d", is_draft=True, **SEEN | {"quality": "max"}),
    # A low one was kept where a high one of the same prompt was made: 30.
    bought("low", 1, "map", run="m1", **KEPT),
    bought("high", 30, "map", run="m2", at=at(90), **SEEN | {"quality": "high"}),
    # In quarantine: 8. Above its quote by 4: the whole 11 is not waste.
    bought("hidden", 8, run="q", aside="quarantine", **SEEN | {"path": "", "prompt": ""}),
    bought("over", 11, run="o", over=4, **KEPT),
    # Billed without a picture 12, refused 13, uncertain 14.
    bought("failed", 12, came=Came.FAILED, path="", prompt=""),
    bought("refused", 13, came=Came.REFUSED, path="", prompt=""),
    bought("uncertain", 14, came=Came.UNCERTAIN, path="", prompt=""),
)
EXPECTED = {
    Kind.FAILED: (12, "failed"),
    Kind.REFUSED: (13, "refused"),
    Kind.UNCERTAIN: (14, "uncertain"),
    Kind.ASIDE: (29, "hero6 hidden"),
    Kind.OVERRUN: (4, "over"),
    Kind.UNSEEN: (84, "hero1 hero3 hero4 hero5"),
    Kind.AGAIN: (7, "twin2"),
    Kind.ALIKE: (11, "sea2 sea3"),
    Kind.CHAIN: (6, "fox1 fox2 fox3"),
    Kind.FINE: (175, "draft hero1 hero3 hero4 hero5 hero6 high"),
}
TOTAL = 12 + 13 + 14 + 5 * 21 + 8 + 4 + 7 + 11 + 6 + 40 + 30
"""Each once: the heroes stand in three lines, and count as 5 x 21."""


def told(found: Audit) -> dict[Kind, tuple[int, str]]:
    return {line.kind: (line.nano_usd, " ".join(sorted(p.of.attempt for p in line.parts))) for line in found.lines}


def test_every_line_has_the_figures_of_the_history() -> None:
    assert told(audit(HISTORY)) == EXPECTED


def test_the_total_counts_a_picture_once_however_many_lines_it_stands_in() -> None:
    found = audit(HISTORY)
    assert found.sure + found.hinted == TOTAL == 250
    assert sum(line.nano_usd for line in found.lines) == 355


def test_what_is_sure_and_what_is_a_hint_are_two_sums() -> None:
    # Billed for nothing 12 + 13 + 14, set aside 21 + 8, above the quote 4, paid again 7.
    found = audit(HISTORY)
    assert (found.sure, found.hinted) == (79, 250 - 79)
    assert audit([replace(each, seen=True, quality="low", prompt="") for each in HISTORY]).sure == 79


def test_nobody_has_to_have_looked_at_what_was_made_just_now() -> None:
    days = ("2026-11-14T23:59:59Z", "2026-11-15T23:59:59Z", "2026-11-16T00:00:00Z")
    three = [bought(f"p{n}", 5, quality="low", at=day, prompt=f"a{n}") for n, day in enumerate(days)]
    found = audit([*three, bought("free", 0, at=days[2])], ripe="2026-11-15")
    assert told(found) == {Kind.UNSEEN: (10, "p0 p1")}
    assert found.young == 1
    assert (told(audit(three))[Kind.UNSEEN][0], audit(three).young) == (15, 0)


def test_the_dearest_come_first_and_say_why() -> None:
    fine = next(line for line in audit(HISTORY).lines if line.kind is Kind.FINE)
    assert [(part.of.attempt, part.why) for part in fine.parts][:3] == [
        ("draft", "a draft"),
        ("high", "a lower quality was kept"),
        ("hero1", "another was kept"),
    ]
    assert fine.parts[-1].why == "thrown away"


def test_groups_and_chains_are_told_whole() -> None:
    found = audit(HISTORY)
    assert found.groups == (("old car by the sea", "by the sea old car", "old rusty car by the sea"),)
    (chain,) = found.chains
    assert (chain.prompts, chain.cost, chain.kept) == (("fox", "fox snow", "fox snow sun", "fox snow moon"), 18, 1)


def test_the_order_in_which_a_history_is_read_changes_nothing() -> None:
    one, other = audit(HISTORY), audit(HISTORY[::-1])
    assert (told(one), one.sure, one.hinted, one.groups) == (told(other), other.sure, other.hinted, other.groups)


def test_nothing_bought_is_no_waste() -> None:
    assert audit(()) == Audit((), 0, 0, (), ())


def test_what_was_free_is_no_waste() -> None:
    assert audit([replace(each, cost=0, over=0) for each in HISTORY]) == Audit((), 0, 0, (), ())


@each_row(
    "first, then, again",
    [
        ({}, {}, True),
        ({"rejected": True}, {}, False),  # another was wanted
        ({"aside": "rejected"}, {}, False),
        ({}, {"kept": True}, False),  # and is better than the first
        ({"kept": True}, {"kept": True}, True),
        ({}, {"rejected": True}, True),
        ({}, {"key": "other"}, False),
    ],
)
def test_a_job_is_paid_again_where_its_picture_was_there(
    first: dict[str, Any], then: dict[str, Any], again: bool
) -> None:
    pictures = [bought("a", 5, key="k", **first), bought("b", 5, **{"key": "k"} | then)]
    assert [each.attempt for each in paid_again(pictures)] == (["b"] if again else [])


def pictures() -> st.SearchStrategy[list[Bought]]:
    one = st.builds(
        lambda **told: told,
        cost=st.integers(0, 50),
        prompt=st.sampled_from(["fox", "fox snow", "fox snow sun", "old car by the sea", "by the sea old car"]),
        key=st.sampled_from("klm"),
        quality=st.sampled_from(["low", "high", "auto"]),
        at=st.integers(0, 90).map(at),
        run=st.sampled_from(["r1", "r2", "r3"]),
        kept=st.booleans(),
        seen=st.booleans(),
        rejected=st.booleans(),
        is_draft=st.booleans(),
        came=st.sampled_from(Came),
    )
    return st.lists(one, max_size=12).map(lambda told: [bought(f"p{n}", **each) for n, each in enumerate(told)])


@settings(deadline=None)
@given(pictures())
def test_no_more_is_wasted_than_was_spent(history: list[Bought]) -> None:
    found = audit(history)
    lines = [line.nano_usd for line in found.lines]
    parts = [(kind in SURE, nano) for kind, _, nano in counted(found)]
    assert (sum(nano for sure, nano in parts if sure), sum(nano for sure, nano in parts if not sure)) == (
        found.sure,
        found.hinted,
    )
    assert len(parts) == sum(len(line.parts) for line in found.lines)
    assert max(lines, default=0) <= found.sure + found.hinted <= min(sum(lines), sum(each.cost for each in history))
    for line in found.lines:
        assert len({part.of.attempt for part in line.parts}) == len(line.parts)
