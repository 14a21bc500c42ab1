import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import AttemptError, Halt, Money, Retry
from imgcli.providers.openai.faults import Answer, aborted, read_error, refused, unanswered, unusable

VOID, HOLD, POST = Money.VOID, Money.HOLD, Money.POST
FREE, NEVER = Retry.FREE, Retry.NEVER
RATE = "Rate limit reached for gpt-image-2-codex (for limit gpt-image) in organization org-x on input-images per min: "
RATE += "Limit 5, Used 5, Requested 1. Please try again in 12s."


def fault(status: int, code: str = "", **more: object) -> AttemptError:
    return refused(Answer(status, code, **more), "dall-e-3", "...abcd")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "money", "retry", "halt"),
    [
        (fault(429, "rate_limit_exceeded"), VOID, FREE, Halt.JOB),
        (fault(429, "slow_down"), VOID, FREE, Halt.JOB),
        (fault(503, "slow_down"), VOID, FREE, Halt.JOB),
        (fault(503, "server_is_overloaded"), VOID, FREE, Halt.JOB),
        (fault(503), HOLD, NEVER, Halt.JOB),
        (fault(429, "credit_balance_exhausted", kind="insufficient_quota"), VOID, NEVER, Halt.RUN),
        (fault(429, "insufficient_quota"), VOID, NEVER, Halt.RUN),
        (fault(429, "project_spend_limit_exceeded", kind="insufficient_quota"), VOID, NEVER, Halt.RUN),
        (fault(429, "something_new", kind="insufficient_quota"), VOID, NEVER, Halt.RUN),
        (fault(400, "billing_hard_limit_reached"), VOID, NEVER, Halt.RUN),
        (fault(401, "invalid_api_key"), VOID, NEVER, Halt.RUN),
        (fault(403, "unsupported_country_region_territory"), VOID, NEVER, Halt.RUN),
        (fault(400, "moderation_blocked", stage="input"), VOID, NEVER, Halt.JOB),
        (fault(400, "moderation_blocked", stage="output"), HOLD, NEVER, Halt.JOB),
        (fault(400, "moderation_blocked", stage="unknown"), HOLD, NEVER, Halt.JOB),
        (fault(400, "moderation_blocked"), HOLD, NEVER, Halt.JOB),
        (fault(400, "content_policy_violation"), HOLD, NEVER, Halt.JOB),
        (fault(400, "invalid_value", param="size"), VOID, NEVER, Halt.JOB),
        (fault(400, "unknown_parameter"), VOID, NEVER, Halt.JOB),
        (fault(400, "invalid_value", message="The model 'dall-e-3' does not exist."), VOID, NEVER, Halt.MODEL),
        (fault(404, "model_not_found"), VOID, NEVER, Halt.MODEL),
        (fault(404), VOID, NEVER, Halt.RUN),
        (fault(408), HOLD, NEVER, Halt.JOB),
        (fault(409), VOID, FREE, Halt.JOB),
        (fault(413), VOID, NEVER, Halt.JOB),
        (fault(422), VOID, NEVER, Halt.JOB),
        (fault(500, "server_error"), HOLD, NEVER, Halt.JOB),
        (fault(502), HOLD, NEVER, Halt.JOB),
        (fault(504), HOLD, NEVER, Halt.JOB),
        (fault(301), VOID, NEVER, Halt.RUN),
        (fault(307), VOID, NEVER, Halt.RUN),
        (fault(308), VOID, NEVER, Halt.RUN),
        (fault(303), HOLD, NEVER, Halt.JOB),
        (unanswered(sent=False, what="ConnectError", host="h"), VOID, FREE, Halt.JOB),
        (unanswered(sent=True, what="ReadTimeout", host="h"), HOLD, NEVER, Halt.JOB),
        (aborted(sent=False), VOID, NEVER, Halt.JOB),
        (aborted(sent=True), HOLD, NEVER, Halt.JOB),
        (unusable("html", "r"), HOLD, NEVER, Halt.JOB),
        (unusable("junk", "r", billed=True), POST, NEVER, Halt.JOB),
    ],
)
def test_the_table(found: AttemptError, money: Money, retry: Retry, halt: Halt) -> None:
    assert (found.money, found.retry, found.halt) == (money, retry, halt)
    assert found.code
    assert "\n" not in str(found)


def test_only_accounts_are_accounts_and_only_refusals_are_moderated() -> None:
    assert fault(401).account
    assert fault(429, "insufficient_quota").account
    assert not fault(429, "rate_limit_exceeded").account
    assert fault(400, "moderation_blocked").moderated
    assert "...abcd" in str(fault(401))


@given(st.integers(300, 599), st.text(max_size=20), st.text(max_size=20), st.text(max_size=60))
def test_what_is_sent_again_is_always_certainly_unpaid(status: int, code: str, kind: str, message: str) -> None:
    found = refused(Answer(status, code, kind, message=message), "m", "...")
    assert found.retry is Retry.NEVER or found.money is Money.VOID


def test_waits_and_limits_are_read_from_headers_and_words() -> None:
    found = fault(429, "rate_limit_exceeded", message=RATE)
    assert (found.wait, found.limit) == (12.0, 5.0)
    assert fault(429, message="try again in 467ms").wait == pytest.approx(0.467)
    assert fault(429, message="try again in 2m").wait == 120
    assert fault(429, message=RATE, wait=3.0).wait == 3.0
    assert fault(429, message="tokens per min: Limit 100000").limit is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"error": {"code": "c", "type": "t", "param": "p", "message": "m"}}, ("c", "t", "p", "m", "")),
        (
            {"code": "c", "message": "m", "moderation_details": {"moderation_stage": "input"}},
            ("c", "", "", "m", "input"),
        ),
        ({"error": "prompt required"}, ("", "", "", "prompt required", "")),
        ("plain", ("", "", "", "plain", "")),
        ({"detail": [{"msg": "bad"}]}, ("", "", "", "bad", "")),
        ({"message": "m", "code": 7, "type": None}, ("", "", "", "m", "")),
        (None, ("", "", "", "", "")),
        ({"moderation_details": "x"}, ("", "", "", "", "")),
    ],
)
def test_errors_in_any_shape(body: object, expected: tuple[str, ...]) -> None:
    assert read_error(body) == expected


def test_a_servers_words_are_cut() -> None:
    assert len(read_error({"message": "x" * 10_000})[3]) == 300
