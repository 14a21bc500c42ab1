from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import AttemptError, LedgerError, Money
from imgcli.ledger import rules
from imgcli.model.attempt import State
from imgcli.model.ids import EPOCH
from tests.fakes.clock import NOON

STATES = st.sampled_from(State)
NANO = st.integers(0, 10**12)


def test_every_state_has_its_edges() -> None:
    assert set(rules.EDGES) == set(State)


@pytest.mark.parametrize("final", [State.SETTLED, State.VOIDED])
def test_an_end_is_an_end(final: State) -> None:
    for after in State:
        with pytest.raises(LedgerError):
            rules.require_edge(final, after)


def test_nothing_is_received_that_was_not_sent() -> None:
    sent = {State.SENT, State.UNCERTAIN, State.POSTED}
    assert {before for before, after in rules.EDGES.items() if State.RECEIVED in after} == sent
    others = {before for before, after in rules.EDGES.items() if after & (sent - {State.SENT})}
    assert others <= sent | {State.RECEIVED, State.MODERATED}


def test_what_was_sent_is_never_silently_forgotten() -> None:
    """From SENT, only the proof that nothing was billed leads to VOIDED; the fault must say so."""
    held = AttemptError("x", money=Money.HOLD)
    assert rules.ending(held) is State.UNCERTAIN
    assert rules.ending(AttemptError("x", money=Money.HOLD, moderated=True)) is State.MODERATED
    assert rules.ending(AttemptError("x", money=Money.POST)) is State.POSTED
    assert rules.ending(AttemptError("x", money=Money.VOID)) is State.VOIDED


@given(STATES, NANO, NANO)
def test_money_is_held_or_spent_and_never_both(state: State, upper: int, posted: int) -> None:
    weight = rules.weight(state, upper, posted)
    assert min(weight.held, weight.spent) == 0
    assert weight.spent <= upper
    if state in {State.RESERVED, State.SENT}:
        assert (weight.held, weight.held_pictures) == (upper, 1)
    else:
        assert weight.spent + weight.overrun == posted


@given(st.datetimes(), st.datetimes())
def test_written_time_never_goes_back(first: datetime, second: datetime) -> None:
    one = rules.timestamp(first.replace(tzinfo=UTC), "")
    assert rules.timestamp(second.replace(tzinfo=UTC), one) >= one


@given(st.timedeltas(timedelta(0), timedelta(days=1_000_000)), st.timezones())
def test_times_are_written_as_they_always_were(since: timedelta, zone: tzinfo) -> None:
    now = (EPOCH + since).astimezone(zone)
    assert rules.timestamp(now, "") == now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_windows() -> None:
    assert rules.windows(rules.timestamp(NOON, ""), "r") == {
        "run": "r",
        "day": "2026-11-21",
        "month": "2026-11",
        "total": "",
    }


@given(st.text(), st.integers(0, 2**40), st.text(), st.text(), st.text(), st.text(), st.integers(0, 5))
def test_a_hash_covers_every_part(a: str, seq: int, at: str, attempt: str, kind: str, body: str, which: int) -> None:
    parts: list[object] = [a, seq, at, attempt, kind, body]
    changed = list(parts)
    part = changed[which]
    changed[which] = part + 1 if isinstance(part, int) else f"{part}x"

    def sealed(previous: str, number: int, when: str, *rest: str) -> str:
        return rules.chained(previous, number, when, attempt=rest[0], kind=rest[1], body=rest[2])

    assert sealed(*parts) != sealed(*changed)  # type: ignore[arg-type]
