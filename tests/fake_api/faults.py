"""Every way the fake API can go wrong, as a table.

A script names a fault (`"billed_fin"`) or gives it options (`{"fault": "rate_429", "wait": 12}`).

    never billed, no answer
        close_at_accept         the next connection is closed before anything is read (on an open one: after reading)
        read_then_close         the request is read, then FIN
    billed, no whole answer
        billed_fin billed_rst   FIN; RST
        billed_silence          nothing until released, then the late answer
        billed_cut_body         200, full content-length, half the body, FIN
        billed_headers_then_silence     200 and full content-length, the body once released
        billed_500 billed_502_html bare_503 moderation_output_400
    billed, an odd 200
        html_200 cut_json_200 empty_data_200 no_data_200 bad_base64_200 not_a_picture_200
        url_200 data_url_200    a link instead of base64; `via` is plain, redirect, endless or slow
        jpeg_for_png            another format than asked for (and PNG for JPEG); the answer claims the one asked for
        wrong_size_200          64x48, whatever was asked for and is claimed
        two_pictures_200        one more picture than asked for
        no_usage_200 zero_usage_200 foreign_usage_200
        huge_usage_200          ten times the usage, and billed so
    billed, an odd 200 of the image tool of /v1/responses
        no_tool_usage_200 zero_tool_usage_200   of the picture, that of the words is told
        tool_moderated_200 tool_failed_200      the call has an error and no picture; with its usage of words
        tool_refused_200        the model says no instead of asking for a picture
        tool_incomplete_200     no picture: the model was cut off; `reason` max_output_tokens or content_filter
        tool_cut_off_200        a whole picture, and the model was cut off after it
        tool_generating_200     a whole picture, whose call is said to be under way
        tool_other_model_200    a picture of another model than asked for
        tool_failed_response_200        an error instead of an answer, without usage
    refused, never billed
        rate_429                `wait` seconds (0.2) of a limit of 60 / wait, told by `via` retry-after-ms, retry-after or text
        quota_429               `code` credit_balance_exhausted or another of the spending codes
        retry_after_300 slow_down_429 moderation_input_400 400 401 403 403_org 404 408 409 413 422
        overloaded_503 slow_down_503 redirect_307 string_error_400
    nothing wrong
        ok

Options for all: `billed` true or false for a refusal or a dropped connection, `headers` to add or replace,
`latency` seconds. Options for when: see `script`.
"""

import base64
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from tests.fake_api.wire import Ending, Json

Twist = Callable[[Json, Sequence[str]], bytes]
"""The true answer and links to its pictures -> the body that is sent instead."""


class Silence(Enum):
    NONE = auto()
    ALL = auto()
    BODY = auto()


@dataclass(frozen=True, slots=True)
class Work:
    """How the work itself differs from what was ordered."""

    other_format: bool = False
    size: tuple[int, int] | None = None
    extra: int = 0
    usage_factor: int = 1


@dataclass(frozen=True, slots=True)
class Fault:
    """`said` replaces the body: an object as JSON, text as HTML."""

    billed: bool = True
    status: int = 200
    said: Json | str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    ending: Ending = Ending.ANSWERED
    silence: Silence = Silence.NONE
    twist: Twist | None = None
    work: Work = Work()
    options: frozenset[str] = frozenset()

    @property
    def answers_without_work(self) -> bool:
        return self.status != 200 or self.ending in {Ending.FIN, Ending.RST}


def rate_limit(limit: float, used: float, requested: int, wait: float, via: str = "retry-after") -> Fault:
    """The 429 of the images-per-minute limit, in the words of the real one."""
    told = f"{math.ceil(wait * 10) / 10:g}s" if wait >= 1 else f"{math.ceil(wait * 1000)}ms"
    message = (
        "Rate limit reached for gpt-image (for limit gpt-image) in organization org-x on input-images per min: "
        f"Limit {limit:g}, Used {used:g}, Requested {requested}. Please try again in {told}."
    )
    headers = {
        "retry-after": {"retry-after": str(max(1, math.ceil(wait)))},
        "retry-after-ms": {"retry-after-ms": str(math.ceil(wait * 1000))},
        "text": {},
    }[via]
    return Fault(False, 429, _error("rate_limit_exceeded", message, "input-images"), headers)


def configured(name: str, options: Json) -> Fault:
    """The fault `name` with the options that change what it says.

    Raises:
        KeyError, TypeError, ValueError: no such fault, or options it does not take.
    """
    fault = FAULTS[name]
    if strange := sorted(options.keys() - fault.options):
        raise ValueError(f"the fault {name} does not take {', '.join(strange)}")
    match name:
        case "rate_429":
            return _paced(float(options.get("wait", 0.2)), options.get("via", "retry-after-ms"))
        case "quota_429":
            return _quota(options.get("code", "credit_balance_exhausted"))
        case "tool_incomplete_200":
            return Fault(twist=_tool_incomplete(options.get("reason", "max_output_tokens")))
        case "url_200":
            return Fault(twist=_linked(LINKS[options.get("via", "plain")]))
        case _:
            return fault


def _paced(wait: float, via: str) -> Fault:
    if wait <= 0:
        raise ValueError(f"a wait of {wait:g} seconds is no wait")
    # A bucket of one picture is full again after 60 / limit seconds: 12 s at 5, 200 ms at 300.
    return rate_limit(60 / wait, 60 / wait, 1, wait, via)


def _error(code: str | None, message: str, kind: str, param: str | None = None, **more: object) -> Json:
    return {"error": {"message": message, "type": kind, "param": param, "code": code, **more}}


def _refusal(status: int, code: str, message: str, kind: str = "invalid_request_error") -> Fault:
    return Fault(False, status, _error(code, message, kind))


def _quota(code: str) -> Fault:
    return _refusal(429, code, "You exceeded your current quota, please check your plan.", "insufficient_quota")


def _moderated(stage: str, category: str, *, billed: bool) -> Fault:
    message = (
        "Your request was rejected by the safety system. If you believe this is an error, contact us at"
        f" help.openai.com and include the request ID. safety_violations=[{category}]."
    )
    details = {"moderation_stage": stage, "categories": [category]}
    body = _error("moderation_blocked", message, "image_generation_user_error", moderation_details=details)
    return Fault(billed, 400, body)


def _text(told: Json) -> bytes:
    return json.dumps(told).encode()


def _cut_json(told: Json, _links: Sequence[str]) -> bytes:
    whole = _text(told)
    return whole[: len(whole) * 2 // 3]


def _first_base64(change: Callable[[str], str]) -> Twist:
    def twist(told: Json, _links: Sequence[str]) -> bytes:
        if "output" in told:
            first, key = _call(told), "result"
        else:
            first, key = told["data"][0], "b64_json"
        first[key] = change(first[key])
        return _text(told)

    return twist


def _call(told: Json) -> Json:
    call: Json = next(item for item in told["output"] if item["type"] == "image_generation_call")
    return call


def _tool(**changes: object) -> Twist:
    """Of the first call of the tool."""

    def twist(told: Json, _links: Sequence[str]) -> bytes:
        _call(told).update(changes)
        return _text(told)

    return twist


def _without_picture(status: str, **call: object) -> Twist:
    """A call that came to nothing: words were used, and no picture."""

    def twist(told: Json, _links: Sequence[str]) -> bytes:
        _call(told).update({"result": None, "status": status, **call})
        return _text(told | {"tool_usage": _NO_TOOLS})

    return twist


def _tool_refused(told: Json, _links: Sequence[str]) -> bytes:
    said = [{"type": "refusal", "refusal": "I can't help with that."}]
    message = {"type": "message", "role": "assistant", "status": "completed", "content": said}
    return _text(told | {"output": [message], "tool_usage": _NO_TOOLS})


def _tool_incomplete(reason: str) -> Twist:
    if reason not in {"max_output_tokens", "content_filter"}:
        raise ValueError(f"no answer is incomplete for {reason}")
    why = {"status": "incomplete", "incomplete_details": {"reason": reason}}
    return lambda told, _links: _text(told | why | {"output": [], "tool_usage": _NO_TOOLS})


def _tool_cut_off(told: Json, _links: Sequence[str]) -> bytes:
    return _text(told | {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}})


def _other_model(told: Json, _links: Sequence[str]) -> bytes:
    tools = [tool | {"model": "gpt-image-dearer"} for tool in told["tools"]]
    return _text(told | {"tools": tools})


def _failed_response(told: Json, _links: Sequence[str]) -> bytes:
    error = {"code": "server_error", "message": "An error occurred."}
    return _text(told | {"status": "failed", "error": error, "output": [], "usage": None, "tool_usage": None})


def _nothing(told: Json, _links: Sequence[str]) -> bytes:
    return _text(told | {"output" if "output" in told else "data": []})


def _with(name: str, value: object) -> Twist:
    return lambda told, _links: _text(told | {name: value})


def _without(name: str) -> Twist:
    return lambda told, _links: _text({key: value for key, value in told.items() if key != name})


def _linked(folder: str) -> Twist:
    return lambda told, links: _text(told | {"data": [{"url": link.replace("/files/", folder)} for link in links]})


def _data_url(told: Json, _links: Sequence[str]) -> bytes:
    kind = f"image/{told['output_format']}"
    return _text(told | {"data": [{"url": f"data:{kind};base64,{each['b64_json']}"} for each in told["data"]]})


LINKS = {
    "plain": "/files/",
    "redirect": "/files/redirect/",
    "endless": "/files/endless/",
    "slow": "/files/slow/",
}
_HTML = "<html><body><h1>{0}</h1></body></html>"
_DETAIL = {"detail": [{"loc": ["body", "size"], "msg": "value is not a valid size", "type": "value_error"}]}
_JUNK = base64.b64encode(b"sorry, no picture today. " * 10).decode()
_USER = "image_generation_user_error"
_ZERO = {
    "input_tokens": 0,
    "input_tokens_details": {"image_tokens": 0, "text_tokens": 0},
    "output_tokens": 0,
    "output_tokens_details": {"image_tokens": 0, "text_tokens": 0},
    "total_tokens": 0,
}
_NO_TOOLS = {"image_gen": _ZERO, "web_search": {"num_requests": 0}}
_BLOCKED = {
    "code": "moderation_blocked",
    "message": "Your request was rejected by the safety system.",
    "type": _USER,
    "moderation_details": {"moderation_stage": "output", "categories": ["violence"]},
}

FAULTS: Mapping[str, Fault] = {
    "ok": Fault(),
    "close_at_accept": Fault(False, ending=Ending.FIN),
    "read_then_close": Fault(False, ending=Ending.FIN),
    "billed_fin": Fault(ending=Ending.FIN),
    "billed_rst": Fault(ending=Ending.RST),
    "billed_silence": Fault(silence=Silence.ALL),
    "billed_cut_body": Fault(ending=Ending.CUT),
    "billed_headers_then_silence": Fault(silence=Silence.BODY),
    "billed_500": Fault(True, 500, _error("server_error", "The server had an error.", "server_error")),
    "billed_502_html": Fault(True, 502, _HTML.format("502 Bad Gateway")),
    "bare_503": Fault(True, 503, _error(None, "Service Unavailable", "server_error")),
    "moderation_output_400": _moderated("output", "sexual", billed=True),
    "html_200": Fault(said=_HTML.format("Please log in to the network")),
    "cut_json_200": Fault(twist=_cut_json),
    "empty_data_200": Fault(twist=_nothing),
    "no_data_200": Fault(said=_error("server_error", "something went wrong", "server_error")),
    "bad_base64_200": Fault(twist=_first_base64(lambda text: f"{text[:40]}!!{text[40:]}")),
    "not_a_picture_200": Fault(twist=_first_base64(lambda _text: _JUNK)),
    "url_200": Fault(twist=_linked("/files/"), options=frozenset({"via"})),
    "data_url_200": Fault(twist=_data_url),
    "jpeg_for_png": Fault(work=Work(other_format=True)),
    "wrong_size_200": Fault(work=Work(size=(64, 48))),
    "two_pictures_200": Fault(work=Work(extra=1)),
    "no_usage_200": Fault(twist=_without("usage")),
    "zero_usage_200": Fault(twist=_with("usage", {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0})),
    "foreign_usage_200": Fault(
        twist=_with("usage", {"prompt_tokens": 5, "completion_tokens": 1756, "total_tokens": 1761, "image_count": 1})
    ),
    "huge_usage_200": Fault(work=Work(usage_factor=10)),
    "no_tool_usage_200": Fault(twist=_without("tool_usage")),
    "zero_tool_usage_200": Fault(twist=_with("tool_usage", _NO_TOOLS)),
    "tool_moderated_200": Fault(twist=_without_picture("failed", error=_BLOCKED)),
    "tool_failed_200": Fault(twist=_without_picture("failed", error={"type": "server_error", "message": "It failed."})),
    "tool_refused_200": Fault(twist=_tool_refused),
    "tool_incomplete_200": Fault(twist=_tool_incomplete("max_output_tokens"), options=frozenset({"reason"})),
    "tool_cut_off_200": Fault(twist=_tool_cut_off),
    "tool_generating_200": Fault(twist=_tool(status="generating")),
    "tool_other_model_200": Fault(twist=_other_model),
    "tool_failed_response_200": Fault(twist=_failed_response),
    "rate_429": Fault(False, 429, options=frozenset({"wait", "via"})),
    "quota_429": Fault(False, 429, options=frozenset({"code"})),
    "retry_after_300": rate_limit(5, 5, 1, 300),
    "slow_down_429": _refusal(429, "slow_down", "Traffic rose too fast. Slow down.", "rate_limit_error"),
    "moderation_input_400": _moderated("input", "violence", billed=False),
    "400": Fault(False, 400, _error("invalid_value", "Invalid size '1x1'.", _USER, "size")),
    "401": _refusal(401, "invalid_api_key", "Incorrect API key provided."),
    "403": _refusal(403, "unsupported_country_region_territory", "Country, region, or territory not supported"),
    "403_org": Fault(False, 403, _error(None, "Your organization must be verified.", "invalid_request_error")),
    "404": _refusal(404, "model_not_found", "The model does not exist or you do not have access to it."),
    "408": _refusal(408, "timeout", "Request timeout."),
    "409": _refusal(409, "conflict", "Conflict."),
    "413": _refusal(413, "request_too_large", "Request too large."),
    "422": Fault(False, 422, _DETAIL),
    "overloaded_503": _refusal(503, "server_is_overloaded", "The server is overloaded.", "service_unavailable_error"),
    "slow_down_503": _refusal(503, "slow_down", "Slow down.", "service_unavailable_error"),
    "redirect_307": Fault(False, 307, "", {"location": "/v1/images/moved"}),
    "string_error_400": Fault(False, 400, {"error": "prompt required"}),
}
