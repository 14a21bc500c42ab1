"""Numbers as text: what was written is read again, and nothing else is."""

import base64
import json
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.numbers import (
    CATEGORIES,
    MOST_DIMENSIONS,
    Screening,
    floats_of,
    parse_vector,
    parse_verdict,
    screening_of,
    vector_text,
    verdict_text,
)

categories = st.sampled_from(CATEGORIES) | st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20)
screenings = st.builds(
    Screening,
    st.booleans(),
    st.dictionaries(categories, st.floats(0, 1), min_size=1),
    st.dictionaries(categories, st.lists(st.sampled_from(["text", "image"]), max_size=2).map(tuple)),
)
vectors = st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=300).filter(lambda v: math.hypot(*v) > 1e-30)


@given(screenings)
def test_a_verdict_is_read_as_it_was_written(screening: Screening) -> None:
    assert parse_verdict(verdict_text(screening)) == screening


@given(screenings)
def test_a_verdict_has_one_text(screening: Screening) -> None:
    turned = Screening(screening.flagged, dict(reversed([*screening.scores.items()])), screening.applied)
    assert verdict_text(turned) == verdict_text(screening)


SAID: dict[str, Any] = {"flagged": False, "scores": {"sexual": 0.1, "new/one": 1}, "applied": {"sexual": ["image"]}}


def test_scores_of_categories_nobody_knows_are_kept() -> None:
    found = screening_of(SAID["flagged"], SAID["scores"], SAID["applied"])
    assert found == Screening(False, {"sexual": 0.1, "new/one": 1.0}, {"sexual": ("image",)})
    assert found.saw_image
    assert screening_of(True, {"sexual": 1}, {}).saw_image is None
    assert screening_of(True, {"sexual": 1}, {"sexual": ["text"]}).saw_image is False


@pytest.mark.parametrize(
    "changed",
    [
        {"flagged": None},
        {"flagged": 1},
        {"flagged": "false"},
        {"scores": {}},
        {"scores": None},
        {"scores": [0.1]},
        {"scores": {"sexual": 1.01}},
        {"scores": {"sexual": -0.0001}},
        {"scores": {"sexual": True}},
        {"scores": {"sexual": "0.1"}},
        {"scores": {"sexual": None}},
        {"scores": {"sexual": math.nan}},
        {"scores": {"sexual": math.inf}},
        {"scores": {"sexual": 10**400}},
        {"scores": {"sexual": 0.1, "": 0.1}},
        {"scores": {"sexual": 0.1, "a\nb": 0.1}},
        {"scores": {"sexual": 0.1, "\ud800": 0.1}},
        {"scores": {"x" * 101: 0.1}},
        {"scores": {str(number): 0.1 for number in range(201)}},
        {"applied": None},
        {"applied": ["text"]},
        {"applied": {"sexual": "text"}},
        {"applied": {"sexual": ["sound"]}},
        {"applied": {"sexual": [["text"]]}},
        {"applied": {"\x1b[31m": ["text"]}},
    ],
)
def test_a_verdict_that_makes_no_sense_is_none(changed: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_verdict(json.dumps(SAID | changed))


@pytest.mark.parametrize("text", ["", "null", "[]", "{}", "7", "{", "[" * 100_000, '{"flagged": false}'])
def test_other_text_is_no_verdict(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_verdict(text)


@given(vectors)
def test_a_vector_is_read_with_its_direction_and_the_length_1(numbers: list[float]) -> None:
    read = parse_vector(vector_text(numbers))
    length = math.hypot(*numbers)
    assert all(math.isclose(got * length, true, abs_tol=length * 1e-6) for got, true in zip(read, numbers, strict=True))
    assert math.isclose(math.hypot(*read), 1, abs_tol=1e-5)


@pytest.mark.parametrize(
    "numbers",
    [[], [0.0], [0.0, -0.0], [math.nan, 1.0], [math.inf], [1.7e308] * 4096, [1.0] * (MOST_DIMENSIONS + 1)],
)
def test_what_has_no_direction_is_no_vector(numbers: list[float]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        vector_text(numbers)


def packed(*numbers: float) -> str:
    return base64.b64encode(struct.pack(f"<{len(numbers)}f", *numbers)).decode()


@pytest.mark.parametrize(
    "text",
    [
        *("", "!", "AAA", "AAAA", "ä", packed(1.0, 1.0), packed(0.0), packed(math.nan), packed(math.inf), "A" * 40_000),
        packed(*[1 / 64.0078] * (MOST_DIMENSIONS + 1)),
    ],
)
def test_other_text_is_no_vector(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_vector(text)


def test_the_longest_vector_is_one() -> None:
    assert len(parse_vector(vector_text([1.0] * MOST_DIMENSIONS))) == MOST_DIMENSIONS
    assert floats_of(packed(3.0, 4.0)) == (3.0, 4.0)
