"""When to send again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.engine.retry import LONGEST, RetryRules
from imgcli.errors import PATIENCE, AttemptError, Money, Retry

LUCK = st.floats(0, 1, exclude_max=True)
WAITS = st.none() | st.floats(0, 1e6)


def free(wait: float | None = None) -> AttemptError:
    return AttemptError("later", money=Money.VOID, retry=Retry.FREE, wait=wait)


@given(st.integers(1, 9), st.integers(1, 9), LUCK, WAITS)
def test_waits_stay_in_their_bounds(tries: int, tried: int, luck: float, asked: float | None) -> None:
    wait = RetryRules(tries).wait(free(asked), tried, luck)
    if tried >= tries or (asked is not None and asked > PATIENCE):
        assert wait is None
    elif asked is None:
        assert wait is not None
        assert 0 <= wait <= min(LONGEST, 2.0**tried)
    else:
        assert wait is not None
        assert asked <= wait <= asked * 1.25 + 0.1 + 1e-9  # floats round


@given(st.integers(1, 9), LUCK, WAITS, st.sampled_from(Money))
def test_what_may_have_cost_something_is_never_sent_again(
    tried: int, luck: float, asked: float | None, money: Money
) -> None:
    assert RetryRules(100).wait(AttemptError("lost", money=money, wait=asked), tried, luck) is None


@given(st.integers(1, 12), st.lists(LUCK, min_size=12, max_size=12))
def test_the_tries_of_a_job_are_bounded(tries: int, luck: list[float]) -> None:
    sent = 1
    while RetryRules(tries).wait(free(), sent, luck[sent % 12]) is not None:
        sent += 1
    assert sent == tries


@pytest.mark.parametrize(
    ("asked", "waits"), [(0.0, True), (12.0, True), (PATIENCE, True), (PATIENCE + 0.001, False), (300.0, False)]
)
def test_patience_has_an_end(asked: float, waits: bool) -> None:
    assert (RetryRules().wait(free(asked), 1, 0.5) is not None) is waits


def test_jitter_is_full_and_grows() -> None:
    rules = RetryRules()
    assert [rules.wait(free(), tried, 0.5) for tried in range(1, 6)] == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert rules.wait(free(), 3, 0.0) == 0.0
    assert RetryRules(20).wait(free(), 19, 0.5) == LONGEST / 2


def test_two_who_were_told_the_same_wait_do_not_wake_together() -> None:
    rules = RetryRules()
    early, late = rules.wait(free(12.0), 2, 0.1), rules.wait(free(12.0), 2, 0.9)
    assert early is not None
    assert late is not None
    assert 12.0 < early < late
