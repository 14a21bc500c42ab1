"""The table of errors: what an answer that is no picture means for the money, a retry and the rest of the run."""

import json
import string
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import AttemptError, Halt, Money, Retry
from imgcli.providers.openai.faults import (
    MAX_TEXT,
    MODEL_GONE,
    NO_CREDIT,
    Answer,
    aborted,
    asked_wait,
    one_line,
    read_error,
    refused,
    retry_after,
    stated_limit,
    unanswered,
    unusable,
)

MODEL = "gpt-image-2.5-flare"
VOID, HOLD, POST = Money.VOID, Money.HOLD, Money.POST
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Verdict:
    money: Money
    free: bool = False
    halt: Halt = Halt.JOB
    account: bool = False
    moderated: bool = False


def verdict(fault: AttemptError) -> Verdict:
    return Verdict(fault.money, fault.retry is Retry.FREE, fault.halt, fault.account, fault.moderated)


AGAIN = Verdict(VOID, free=True)
NEVER = Verdict(VOID)
LOST = Verdict(HOLD)
ACCOUNT = Verdict(VOID, halt=Halt.RUN, account=True)
NO_MODEL = Verdict(VOID, halt=Halt.MODEL)
WRONG_PLACE = Verdict(VOID, halt=Halt.RUN)
BLOCKED_FIRST = Verdict(VOID, moderated=True)
BLOCKED_LATE = Verdict(HOLD, moderated=True)

TABLE = [
    # rates
    (Answer(429, code="rate_limit_exceeded", kind="input-images"), AGAIN),
    (Answer(429, code="rate_limit_exceeded", kind="tokens", wait=300.0), AGAIN),
    (Answer(429, code="slow_down", kind="rate_limit_error"), AGAIN),
    (Answer(429), AGAIN),
    (Answer(503, code="server_is_overloaded", kind="service_unavailable_error"), AGAIN),
    (Answer(503, code="slow_down"), AGAIN),
    # accounts
    *((Answer(429, code=code, kind="insufficient_quota"), ACCOUNT) for code in sorted(NO_CREDIT)),
    (Answer(429, kind="insufficient_quota"), ACCOUNT),
    (Answer(400, code="billing_hard_limit_reached"), ACCOUNT),
    (Answer(402), ACCOUNT),
    (Answer(401, code="invalid_api_key"), ACCOUNT),
    (Answer(401), ACCOUNT),
    (Answer(403, code="unsupported_country_region_territory"), ACCOUNT),
    (Answer(403), ACCOUNT),
    # moderation
    (Answer(400, code="moderation_blocked", stage="input"), BLOCKED_FIRST),
    (Answer(400, code="moderation_blocked", stage="output"), BLOCKED_LATE),
    (Answer(400, code="moderation_blocked", stage="unknown"), BLOCKED_LATE),
    (Answer(400, code="moderation_blocked"), BLOCKED_LATE),
    (Answer(400, code="content_policy_violation"), BLOCKED_LATE),
    (Answer(403, code="content_policy_violation"), BLOCKED_LATE),
    # models and routes
    *((Answer(404, code=code), NO_MODEL) for code in sorted(MODEL_GONE)),
    (Answer(400, code="invalid_value", param="model"), NO_MODEL),
    (Answer(404, param="model", message="The model `x` does not exist."), NO_MODEL),
    (Answer(400, code="invalid_value", message=f"The model '{MODEL}' does not exist."), NO_MODEL),
    (Answer(404), WRONG_PLACE),
    # requests
    (Answer(400, code="invalid_value", kind="image_generation_user_error", param="size"), NEVER),
    (Answer(400, code="unknown_parameter"), NEVER),
    *((Answer(status), NEVER) for status in (400, 405, 410, 413, 414, 415, 422, 451)),
    # servers
    (Answer(409), AGAIN),
    (Answer(408), LOST),
    *((Answer(status, code="server_error"), LOST) for status in (500, 502, 503, 504, 520, 524, 529, 599)),
    (Answer(503, kind="server_is_overloaded"), LOST),
    (Answer(500, code="slow_down"), LOST),
    # answers that are neither
    *((Answer(status), WRONG_PLACE) for status in (301, 302, 307, 308)),
    *((Answer(status), LOST) for status in (201, 202, 204, 206, 300, 303, 304, 305)),
]


@pytest.mark.parametrize(("answer", "expected"), TABLE, ids=lambda value: repr(value)[:60])
def test_what_an_error_answer_means(answer: Answer, expected: Verdict) -> None:
    assert verdict(refused(answer, MODEL, "...cdef")) == expected


@pytest.mark.parametrize("answer", [row[0] for row in TABLE], ids=lambda value: repr(value)[:60])
def test_every_refusal_is_one_line_that_says_what_it_cost(answer: Answer) -> None:
    fault = refused(replace(answer, request_id="req_7", message="Said the server."), MODEL, "...cdef")
    text = str(fault)
    assert text.splitlines() == [text]
    paid = {VOID: "nothing is billed", HOLD: "may be billed, so its upper bound stays held"}[fault.money]
    assert paid in text
    assert fault.request_id == "req_7"
    assert fault.code


def test_only_what_is_certainly_unpaid_is_ever_sent_again() -> None:
    for answer, expected in TABLE:
        assert not (expected.free and expected.money is not VOID), answer


@given(
    status=st.integers(201, 599),
    code=st.sampled_from(["", "x", "slow_down", "server_is_overloaded", "moderation_blocked", *sorted(NO_CREDIT)]),
    kind=st.sampled_from(["", "server_error", "insufficient_quota", "slow_down"]),
    param=st.sampled_from(["", "size", "model"]),
    stage=st.sampled_from(["", "input", "output", "unknown"]),
    message=st.text(max_size=MAX_TEXT),
)
def test_no_answer_is_a_bug(status: int, code: str, kind: str, param: str, stage: str, message: str) -> None:
    fault = refused(Answer(status, code, kind, param, message, stage), MODEL, "...cdef")
    assert fault.retry is Retry.NEVER or fault.money is VOID
    assert fault.halt is Halt.RUN or not fault.account
    assert fault.code


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


def test_a_rate_tells_wait_and_limit() -> None:
    words = "Rate limit reached on input-images per min: Limit 20, Used 20, Requested 1. Please try again in 3s."
    fault = refused(Answer(429, code="rate_limit_exceeded", message=words), MODEL, "")
    assert (fault.wait, fault.limit, fault.code) == (3.0, 20.0, "rate")
    assert "it asks for 3 s" in str(fault)
    assert "it asks for 0.2 s" in str(refused(Answer(429, wait=0.2), MODEL, ""))
    assert refused(Answer(503, code="slow_down"), MODEL, "").code == "overloaded"


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


@pytest.mark.parametrize(
    ("fault", "money", "free", "cost"),
    [
        (unanswered(sent=True, what="ReadError: ", host="h"), HOLD, False, "upper bound stays held"),
        (unanswered(sent=False, what="ConnectError: ", host="h"), VOID, True, "nothing is billed"),
        (aborted(sent=True), HOLD, False, "may be billed"),
        (aborted(sent=False), VOID, False, "nothing is billed"),
        (unusable("it is HTML", "req_1"), HOLD, False, "upper bound stays held"),
        (unusable("it is empty", "req_1", billed=True), POST, False, "billed"),
    ],
)
def test_where_no_answer_came(fault: AttemptError, money: Money, free: bool, cost: str) -> None:
    assert verdict(fault) == Verdict(money, free)
    assert cost in str(fault)


def test_the_words_of_what_to_do_next() -> None:
    assert "ending ...cdef was rejected" in str(refused(Answer(401), MODEL, "...cdef"))
    assert "imgcli models" in str(refused(Answer(404, code="model_not_found"), MODEL, ""))
    assert "/v1" in str(refused(Answer(404), MODEL, ""))
    assert "base URL" in str(refused(Answer(307), MODEL, ""))
