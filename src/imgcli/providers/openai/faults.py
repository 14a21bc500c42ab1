"""What an answer that is no picture means: for the money, for a retry, and for the rest of the run.

Pure: the table of `docs/money.md`. "Sent" is decided by the transport's trace, never by an exception's class: only
a request whose body never left in full is certainly unpaid. `error.code` is the provider's stable discriminator
(OpenAI, error codes guide), so it is read before the status.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

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
LONGEST_WAIT = 1e6
"""Seconds; whoever asks for more cannot mean it."""

_NUMBER = r"([0-9]{1,5}(?:\.[0-9]{1,9})?)"
_WAIT = re.compile(rf"try again in (?:{_NUMBER} ?m(?![a-z]))? ?(?:{_NUMBER} ?(ms|s)\b)?")
_LIMIT = re.compile(rf"per min[^:]*: Limit {_NUMBER}")


@dataclass(frozen=True, slots=True)
class Answer:
    """An error answer, taken apart. Strings are the server's own, on one line and cut to a sane length.

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


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds from `retry-after-ms` or `Retry-After` (seconds or an HTTP date), as of `now`; None if they make no sense."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            wait = float(headers[name]) * unit
        except (KeyError, ValueError):
            continue
        return wait if 0 <= wait < LONGEST_WAIT else None
    try:
        wait = (parsedate_to_datetime(headers["retry-after"]) - now).total_seconds()
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
    return max(0.0, wait) if wait < LONGEST_WAIT else None


def read_error(body: object) -> tuple[str, str, str, str, str]:
    """(code, type, param, message, stage) of an error body in any of the shapes servers use.

    `{"error": {...}}`, `{"error": "text"}`, `{"detail": "text" | [...]}`, `{"message": "text"}`, or bare text.
    """
    if isinstance(body, dict) and isinstance(body.get("error"), dict | str):
        body = body["error"]
    if not isinstance(body, dict):
        return "", "", "", _said(body), ""
    details = body.get("moderation_details")
    stage = details.get("moderation_stage") if isinstance(details, dict) else ""
    words = [body.get(key) for key in ("code", "type", "param")]
    code, kind, param, stage = (one_line(word)[:100] if isinstance(word, str) else "" for word in (*words, stage))
    return code, kind, param, _said(body.get("message")) or _said(body.get("detail")), stage


def storable(text: str) -> str:
    """`text` without the lone surrogates that JSON can hold and neither a database nor UTF-8 takes."""
    return text.encode(errors="replace").decode()


def one_line(text: str) -> str:
    return " ".join(storable(text).split())


def _said(words: object) -> str:
    """The words of an error: text, or the list of faults FastAPI makes."""
    if isinstance(words, list):
        each = [word.get("msg") if isinstance(word, dict) else word for word in words]
        words = "; ".join(word for word in each if isinstance(word, str))
    return one_line(words[: 4 * MAX_TEXT])[:MAX_TEXT] if isinstance(words, str) else ""


def asked_wait(answer: Answer) -> float | None:
    """Seconds to wait: from the headers, else from the words "try again in 12s" (also `467ms`, `1m30s`)."""
    if answer.wait is not None:
        return answer.wait
    match = _WAIT.search(answer.message)
    if match and (match[1] or match[2]):
        return float(match[1] or 0) * 60 + float(match[2] or 0) * (0.001 if match[3] == "ms" else 1)
    return None


def stated_limit(answer: Answer) -> float | None:
    """Images per minute from the words "on input-images per min: Limit 5"."""
    match = _LIMIT.search(answer.message) if "images" in answer.message else None
    return float(match[1]) if match else None


def refused(answer: Answer, model: str, key_hint: str) -> AttemptError:
    """The fault for an answer with an error status."""
    found = (
        _moderation(answer) or _account(answer, key_hint) or _rate(answer) or _model(answer, model) or _status(answer)
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


def _quoted(answer: Answer) -> str:
    return f": {answer.message}" if answer.message else ""


def _account(answer: Answer, key_hint: str) -> AttemptError | None:
    said = _quoted(answer)
    if NO_CREDIT & {answer.code, answer.kind} or answer.status == 402:
        text = "the account has no credit left or reached its spending limit"
    elif answer.status == 401:
        text = f"the API key ending {key_hint} was rejected"
    elif answer.status == 403:
        text = "the account may not do this"
    else:
        return None
    return AttemptError(f"{text}; nothing is billed for this{said}", money=Money.VOID, halt=Halt.RUN, account=True)


def _rate(answer: Answer) -> AttemptError | None:
    overloaded = answer.status == 503 and answer.code in UNPAID_OVERLOAD
    if answer.status != 429 and not overloaded:
        return None
    text = "the provider is overloaded" if overloaded else "the provider's rate limit is reached"
    wait = asked_wait(answer)
    asks = f"; it asks for {round(wait, 1):g} s" if wait else ""
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
        f"the provider's safety system refused it; {held}{_quoted(answer)}",
        money=Money.VOID if before else Money.HOLD,
        moderated=True,
    )


def _model(answer: Answer, model: str) -> AttemptError | None:
    missing = f"model '{model}' does not exist".lower() in answer.message.lower()
    said = _quoted(answer)
    if answer.code in MODEL_GONE or missing or (answer.status in {400, 404} and answer.param == "model"):
        return AttemptError(
            f"the provider does not have the model {model}; nothing is billed{said} "
            "(imgcli models lists what there is)",
            money=Money.VOID,
            halt=Halt.MODEL,
            code="model",
        )
    if answer.status == 404:
        return AttemptError(
            "there is no images API at this address, nothing is billed; "
            f"check the base URL (it usually ends in /v1){said}",
            money=Money.VOID,
            halt=Halt.RUN,
            code="no-route",
        )
    return None


def _status(answer: Answer) -> AttemptError:
    said = _quoted(answer)
    match answer.status:
        case 409:
            return AttemptError(
                f"the server was busy with a conflict; nothing is billed for this{said}",
                money=Money.VOID,
                retry=Retry.FREE,
            )
        case 408:
            return AttemptError(
                f"the server gave up waiting; it may be billed, so its upper bound stays held{said}", money=Money.HOLD
            )
        case 301 | 302 | 307 | 308:
            return AttemptError(
                f"the server redirects ({answer.status}), and imgcli does not carry prompts and keys to another "
                "address; nothing is billed; set the base URL to the final one",
                money=Money.VOID,
                halt=Halt.RUN,
            )
        case status if status < 400:
            # 303 points to a result, so work was done; what the others mean here nobody knows.
            return AttemptError(
                f"the server answered {status} and no picture; it may be billed, so its upper bound stays held",
                money=Money.HOLD,
            )
        case status if status >= 500:
            return AttemptError(
                f"server error {status}; it may be billed, so its upper bound stays held{said}", money=Money.HOLD
            )
        case status:
            return AttemptError(f"the provider refused it ({status}); nothing is billed{said}", money=Money.VOID)
