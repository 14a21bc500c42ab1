"""What an answer that is no picture means: for the money, for a retry, and for the rest of the run.

Pure: the table of `docs/errors.md`. "Sent" is decided by the transport's trace, never by an exception's class: only
a request whose body never left in full is certainly unpaid. `error.code` is the provider's stable discriminator
(OpenAI, error codes guide), so it is read before the status.
"""

import re
from dataclasses import dataclass

from imgcli.errors import AttemptError, Halt, Money, Retry

MAX_TEXT = 300
"""Characters of a server's own words that are shown; they are untrusted."""

NO_CREDIT = frozenset(
    {
        "credit_balance_exhausted",
        "insufficient_quota",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "billing_hard_limit_reached",
        "billing_not_active",
        "account_deactivated",
    }
)
MODERATED = frozenset({"moderation_blocked", "content_policy_violation"})
UNPAID_OVERLOAD = frozenset({"server_is_overloaded", "slow_down"})
MODEL_GONE = frozenset({"model_not_found", "model_deprecated"})
_WAIT = re.compile(r"try again in ([\d.]+) ?(ms|s|m)\b")
_LIMIT = re.compile(r"per min[^:]*: Limit ([\d.]+)")


@dataclass(frozen=True, slots=True)
class Answer:
    """An error answer, taken apart. Strings are as the server sent them, cut to a sane length.

    Attributes:
        stage: of a moderation: input, output or empty.
        wait: seconds from Retry-After or retry-after-ms.
    """

    status: int
    code: str = ""
    kind: str = ""
    param: str = ""
    message: str = ""
    stage: str = ""
    request_id: str = ""
    wait: float | None = None


def read_error(body: object) -> tuple[str, str, str, str, str]:
    """(code, type, param, message, stage) of an error body in any of the shapes servers use.

    `{"error": {...}}`, `{"error": "text"}`, `{"detail": "text" | [...]}`, `{"message": "text"}`, or bare text.
    """
    if isinstance(body, dict) and isinstance(body.get("error"), dict | str):
        body = body["error"]
    if not isinstance(body, dict):
        return "", "", "", str(body or "")[:MAX_TEXT], ""
    details = body.get("moderation_details")
    stage = details.get("moderation_stage") if isinstance(details, dict) else ""
    said = body.get("message") or body.get("detail") or ""
    words = [body.get(key) for key in ("code", "type", "param")]
    code, kind, param = (word if isinstance(word, str) else "" for word in words)
    return code, kind, param, str(said)[:MAX_TEXT], stage if isinstance(stage, str) else ""


def asked_wait(answer: Answer) -> float | None:
    """Seconds to wait: from the headers, else from the words "try again in 12s"."""
    if answer.wait is not None:
        return answer.wait
    if match := _WAIT.search(answer.message):
        return float(match[1]) * {"ms": 0.001, "s": 1, "m": 60}[match[2]]
    return None


def stated_limit(answer: Answer) -> float | None:
    """Images per minute from the words "on input-images per min: Limit 5"."""
    match = _LIMIT.search(answer.message) if "images" in answer.message else None
    return float(match[1]) if match else None


def refused(answer: Answer, model: str, key_hint: str) -> AttemptError:
    """The fault for an answer with an error status."""
    found = (
        _account(answer, key_hint) or _rate(answer) or _moderation(answer) or _model(answer, model) or _status(answer)
    )
    found.request_id = answer.request_id
    found.code = found.code or answer.code or str(answer.status)
    return found


def unanswered(*, sent: bool, what: str, host: str) -> AttemptError:
    """The fault for a connection that failed; `sent` tells whether the whole request had left."""
    if sent:
        return AttemptError(
            f"the answer was lost on its way ({what}); it may be billed, so its upper bound stays held",
            money=Money.HOLD,
            code="lost",
        )
    return AttemptError(
        f"could not reach {host} ({what}); nothing was sent in full, nothing is billed",
        money=Money.VOID,
        retry=Retry.FREE,
        code="unreachable",
    )


def aborted(*, sent: bool) -> AttemptError:
    """The fault for a request that the user cut off."""
    if sent:
        return AttemptError("cut off while the provider worked; it may be billed", money=Money.HOLD, code="aborted")
    return AttemptError("cut off before it was sent; nothing is billed", money=Money.VOID, code="aborted")


def unusable(what: str, request_id: str, *, billed: bool = False) -> AttemptError:
    """The fault for a 200 that holds no picture. `billed`: the answer itself proves that work was done."""
    money = Money.POST if billed else Money.HOLD
    held = "billed" if billed else "it may be billed, so its upper bound stays held"
    return AttemptError(
        f"the server said yes but {what}; {held}", money=money, code="no-picture", request_id=request_id
    )


def _account(answer: Answer, key_hint: str) -> AttemptError | None:
    said = f": {answer.message}" if answer.message else ""
    if NO_CREDIT & {answer.code, answer.kind}:
        text = f"the account has no credit left or reached its spending limit{said}"
    elif answer.status == 401:
        text = f"the API key ending {key_hint} was rejected{said}"
    elif answer.status == 403:
        text = f"the account may not do this{said}"
    else:
        return None
    return AttemptError(text, money=Money.VOID, halt=Halt.RUN, account=True)


def _rate(answer: Answer) -> AttemptError | None:
    overloaded = answer.status == 503 and answer.code in UNPAID_OVERLOAD
    if answer.status != 429 and not overloaded:
        return None
    text = "the provider is overloaded" if overloaded else "the provider's rate limit is reached"
    wait = asked_wait(answer)
    asks = f"; it asks for {wait:.0f} s" if wait else ""
    return AttemptError(
        f"{text}{asks}; nothing is billed for this",
        money=Money.VOID,
        retry=Retry.FREE,
        wait=wait,
        limit=stated_limit(answer),
        code="overloaded" if overloaded else "rate",
    )


def _moderation(answer: Answer) -> AttemptError | None:
    if answer.code not in MODERATED:
        return None
    before = answer.stage == "input"
    held = "nothing is billed" if before else "it may be billed, so its upper bound stays held"
    return AttemptError(
        f"the provider's safety system refused it; {held}: {answer.message}",
        money=Money.VOID if before else Money.HOLD,
        moderated=True,
    )


def _model(answer: Answer, model: str) -> AttemptError | None:
    missing = f"model '{model}' does not exist".lower() in answer.message.lower()
    if answer.code in MODEL_GONE or missing or (answer.status == 400 and answer.param == "model"):
        return AttemptError(
            f"the provider does not have the model {model}: {answer.message} (imgcli models lists what there is)",
            money=Money.VOID,
            halt=Halt.MODEL,
            code="model",
        )
    if answer.status == 404:
        return AttemptError(
            f"there is no images API at this address{': ' + answer.message if answer.message else ''}; "
            "check the base URL (it usually ends in /v1)",
            money=Money.VOID,
            halt=Halt.RUN,
            code="no-route",
        )
    return None


def _status(answer: Answer) -> AttemptError:
    said = f": {answer.message}" if answer.message else ""
    match answer.status:
        case 409:
            return AttemptError(f"the server was busy with a conflict{said}", money=Money.VOID, retry=Retry.FREE)
        case 408:
            return AttemptError(f"the server gave up waiting; it may be billed{said}", money=Money.HOLD)
        case 303:
            return AttemptError("the server answered with a redirect after working; it may be billed", money=Money.HOLD)
        case status if 300 <= status < 400:
            return AttemptError(
                f"the server redirects ({status}), and imgcli does not carry prompts and keys to another address; "
                "set the base URL to the final one",
                money=Money.VOID,
                halt=Halt.RUN,
            )
        case status if status >= 500:
            return AttemptError(
                f"server error {status}{said}; it may be billed, so its upper bound stays held", money=Money.HOLD
            )
        case status:
            return AttemptError(f"the provider refused it ({status}){said}; nothing is billed", money=Money.VOID)
