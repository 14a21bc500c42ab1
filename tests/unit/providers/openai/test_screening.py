"""What a moderation model says, word for word or not at all."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.numbers import CATEGORIES, parse_verdict
from imgcli.model.question import moderation_question
from imgcli.providers.openai.screening import read, request
from tests.fake_api import screening

RESULT = screening.result("a car", (), ())
SAID: dict[str, Any] = screening.told("omni-moderation-latest", [RESULT])


def test_words_alone_go_as_text_which_every_server_takes() -> None:
    asked = moderation_question("openai", "m", "a car")
    assert request(asked, ()) == {"model": "m", "input": "a car"}
    assert request(asked, ["data:x"])["input"] == [
        {"type": "text", "text": "a car"},
        {"type": "image_url", "image_url": {"url": "data:x"}},
    ]
    assert [part["type"] for part in request(moderation_question("openai", "m", "a"), ["data:x"])["input"]]


def test_the_answer_is_kept_as_it_was_said() -> None:
    painted = read(json.dumps(SAID).encode(), "req_1", free=True)
    found = parse_verdict(painted.revised)
    assert set(found.scores) == set(CATEGORIES)
    assert found.scores == RESULT["category_scores"]
    assert found.applied == {name: tuple(kinds) for name, kinds in RESULT["category_applied_input_types"].items()}
    assert (found.flagged, painted.free, painted.usage, painted.notes) == (False, True, None, ())


def changed(**changes: Any) -> bytes:
    return json.dumps(SAID | {"results": [RESULT | changes]}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"results": []}',
        b'{"results": [7]}',
        json.dumps(SAID | {"results": [RESULT, RESULT]}).encode(),
        changed(flagged=None),
        changed(category_scores=None),
        changed(category_scores={"sexual": 1.5}),
        changed(category_scores={"sexual": float("nan")}),
        changed(category_applied_input_types=[]),
        changed(categories={"sexual": True}),
    ],
)
def test_what_makes_no_sense_has_no_words_and_says_why(body: bytes) -> None:
    painted = read(body, "req_1", free=True)
    assert painted.revised == ""
    assert len(painted.notes) == 1
    assert painted.free


def test_a_server_need_not_tell_what_it_looked_at_or_what_it_used() -> None:
    told = {key: value for key, value in RESULT.items() if key not in ("category_applied_input_types", "categories")}
    painted = read(json.dumps({"results": [told], "usage": {"prompt_tokens": 9}}).encode(), "", free=False)
    assert parse_verdict(painted.revised).saw_image is None
    assert painted.usage is not None
    assert (painted.usage.text_in, painted.free) == (9, False)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@given(json_values, st.sampled_from(["flagged", "category_scores", "category_applied_input_types", "categories"]))
def test_whatever_is_said_there_are_words_that_can_be_read_or_a_note(value: object, key: str) -> None:
    painted = read(changed(**{key: value}), "", free=False)
    assert bool(painted.revised) is not bool(painted.notes)
    if painted.revised:
        parse_verdict(painted.revised)
        painted.revised.encode()
