import uuid

from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.ids import uuid7
from tests.fakes.clock import NOON, FakeClock


@given(st.binary(min_size=10, max_size=10))
def test_it_is_a_uuid_of_version_7(noise: bytes) -> None:
    made = uuid.UUID(uuid7(NOON, noise))
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == int(NOON.timestamp() * 1000)


def test_later_ones_sort_later() -> None:
    clock = FakeClock()
    first = uuid7(clock.now(), b"\xff" * 10)
    clock.advance(0.001)
    assert uuid7(clock.now(), b"\x00" * 10) > first
