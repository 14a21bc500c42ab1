"""An error answer taken apart: what its status, headers and body say. All of it is untrusted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from imgcli.errors import PATIENCE
from imgcli.model.allowance import Allowance

MAX_TEXT = 300
"""Characters of a server's own words that are shown; they are untrusted."""

MAX_CATEGORY, MOST_CATEGORIES = 60, 20
"""Characters of what a refusal names, and how many of these are told."""

LONGEST_WAIT = 1e6
"""Seconds; whoever asks for more cannot mean it."""

_NUMBER = r"([0-9]{1,5}(?:\.[0-9]{1,9})?)"
_WAIT = re.compile(rf"try again in (?:{_NUMBER} ?m(?![a-z]))? ?(?:{_NUMBER} ?(ms|s)\b)?")
_RATE_HEADER = re.compile(r"x-ratelimit-(limit|remaining|reset)-([a-z][a-z0-9-]*)")
_DURATION = re.compile(rf"(?:{_NUMBER}h)?(?:{_NUMBER}m(?!s))?(?:{_NUMBER}s)?(?:{_NUMBER}ms)?")
_LIMIT = re.compile(rf"per min[^:]*: Limit {_NUMBER}")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a request instead of a picture.

    Strings are the server's own, on one line and cut to a sane length.

    Attributes:
        status: 0 if nothing came back.
        stage: of a moderation: input, output or empty.
        categories: what it named.
        wait: seconds from Retry-After or retry-after-ms.
        model: the one that was asked for.
        sent: whether the whole request had left.
        cut_off: whether the user cut it off.
        billed: whether the answer itself proves that work was done.
        edit: whether pictures were sent along.
    """

    status: int
    code: str = ""
    kind: str = ""
    param: str = ""
    message: str = ""
    stage: str = ""
    request_id: str = ""
    wait: float | None = None
    model: str = ""
    sent: bool = True
    cut_off: bool = False
    billed: bool = False
    edit: bool = False
    categories: tuple[str, ...] = ()


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


def told_allowance(headers: Mapping[str, str]) -> Allowance | None:
    """What `x-ratelimit-(limit|remaining|reset)-*` tell; None if they tell nothing.

    Only a limit named for images is taken for images a minute: others count in windows that nobody states. When
    nothing is left of any of them, that is until its reset.
    """
    limits, wait = [], 0.0
    for name, value in headers.items():
        found = _RATE_HEADER.fullmatch(name.lower())
        number = _header_number(value)
        if found is None or number is None:
            continue
        if found[1] == "limit" and "image" in found[2]:
            limits.append(number)
        elif found[1] == "remaining" and number < 1:
            wait = max(wait, _duration(headers.get(f"x-ratelimit-reset-{found[2]}", "")))
    known = [limit for limit in limits if limit >= 1]
    return Allowance(min(known) if known else None, min(wait, PATIENCE)) if known or wait else None


def _header_number(value: str) -> float | None:
    return float(value) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value.strip()) else None


def _duration(text: str) -> float:
    """Seconds of `20ms`, `1.5s`, `6m0s`, `1h2m3s`, or of a bare number; 0 for anything else."""
    if (bare := _header_number(text)) is not None:
        return bare
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return 0.0
    hours, minutes, seconds, thousandths = (float(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


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


def read_categories(body: object) -> tuple[str, ...]:
    """What the moderation of an error body, in the shapes of `read_error`, names: a few short words."""
    if isinstance(body, dict) and isinstance(body.get("error"), dict):
        body = body["error"]
    details = body.get("moderation_details") if isinstance(body, dict) else None
    named = details.get("categories") if isinstance(details, dict) else None
    words = (
        [one_line(word[:200])[:MAX_CATEGORY] for word in named if isinstance(word, str)]
        if isinstance(named, list)
        else []
    )
    return tuple(dict.fromkeys(word for word in words if word))[:MOST_CATEGORIES]


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
