"""What a server says in its errors, in every shape, and what of it is believed."""

import json
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.providers.openai.error_answer import (
    MAX_TEXT,
    Answer,
    asked_wait,
    one_line,
    read_error,
    retry_after,
    stated_limit,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("Please try again in 12s.", 12.0),
        ("Please try again in 467ms.", 0.467),
        ("try again in 1.5 s", 1.5),
        ("try again in 2m", 120.0),
        ("try again in 1m30s", 90.0),
        ("try again in 6m0s.", 360.0),
        ("try again in 1m0.25s", 60.25),
        ("try again in 0s", 0.0),
        ("try again in 3 days", None),
        ("try again in 1h2m3s", None),
        ("try again in 1.2.3s", None),
        ("try again in .s", None),
        ("try again in ٣s", None),
        ("try again in " + "9" * 400 + "s", None),
        ("try again later", None),
        ("", None),
    ],
)
def test_the_wait_in_words(words: str, seconds: float | None) -> None:
    assert asked_wait(Answer(429, message=words)) == seconds


def test_the_header_outweighs_the_words() -> None:
    assert asked_wait(Answer(429, message="try again in 12s", wait=3.0)) == 3.0
    assert asked_wait(Answer(429, message="try again in 12s", wait=0.0)) == 0.0


@pytest.mark.parametrize(
    ("words", "limit"),
    [
        ("on input-images per min: Limit 5, Used 5, Requested 1.", 5.0),
        ("on input-images per min (IPM): Limit 250, Used 250", 250.0),
        ("on input-images per min: Limit 2.5", 2.5),
        ("on tokens per min (TPM): Limit 100000", None),
        ("on input-images per day: Limit 5", None),
        ("on input-images per min: Limit .", None),
        ("on input-images per min: Limit ٣", None),
        ("on input-images per min: Limit 1.2.3", 1.2),
    ],
)
def test_the_limit_in_words(words: str, limit: float | None) -> None:
    assert stated_limit(Answer(429, message=words)) == limit


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after-ms": "200"}, 0.2),
        ({"retry-after": "12"}, 12.0),
        ({"retry-after-ms": "200", "retry-after": "12"}, 0.2),
        ({"retry-after-ms": "soon", "retry-after": "12"}, 12.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sat, 21 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Sat, 21 Nov 2026 12:00:30 -0000"}, None),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "1e9"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "tomorrow"}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@given(st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms"]), st.text(max_size=40)))
def test_any_retry_after_is_a_sane_wait_or_none(headers: dict[str, str]) -> None:
    wait = retry_after(headers, NOW)
    assert wait is None or 0 <= wait < 1e6


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ({"error": {"code": "c", "type": "t", "param": "p", "message": "m"}}, "c", "m"),
        ({"code": "c", "message": "m"}, "c", "m"),
        ({"error": "prompt required"}, "", "prompt required"),
        ({"detail": "no such thing"}, "", "no such thing"),
        ({"detail": [{"msg": "bad size", "loc": ["body"]}, {"msg": "bad n"}, 7, "x"]}, "", "bad size; bad n; x"),
        ({"message": "m", "code": 404}, "", "m"),
        ({"error": {"message": {"en": "m"}, "detail": "d"}}, "", "d"),
        ({"error": {"code": None, "message": None}}, "", ""),
        ({"error": ["odd"]}, "", ""),
        ({"error": {}}, "", ""),
        ("bare text", "", "bare text"),
        (None, "", ""),
        (["odd"], "", "odd"),
        (17, "", ""),
    ],
)
def test_errors_in_every_shape_servers_use(body: object, code: str, message: str) -> None:
    found = read_error(body)
    assert (found[0], found[3]) == (code, message)


def test_the_stage_of_a_moderation() -> None:
    error = {"code": "moderation_blocked", "moderation_details": {"moderation_stage": "input"}}
    assert read_error({"error": error})[4] == "input"
    assert not read_error({"error": error | {"moderation_details": {"moderation_stage": ["input"]}}})[4]
    assert not read_error({"error": error | {"moderation_details": "input"}})[4]


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["error", "message", "detail", "code", "type", "param", "moderation_details", "msg"]), inner
        )
    ),
    max_leaves=20,
)


@given(ANY_JSON)
def test_whatever_a_server_says_is_cut_to_one_line_that_can_be_stored(body: object) -> None:
    for word in read_error(body):
        assert len(word) <= MAX_TEXT
        assert word == one_line(word)
        word.encode()


def test_long_and_hostile_words_are_cut_and_flattened() -> None:
    hostile = json.loads(
        '{"error": {"message": "' + "a\\n\\ud800b\\r\\u2028" * 5000 + '", "code": "' + "c" * 5000 + '"}}'
    )
    code, _, _, message, _ = read_error(hostile)
    assert len(code) == 100
    assert len(message) <= MAX_TEXT
    assert set(message) <= set(string.ascii_lowercase + " ?")
