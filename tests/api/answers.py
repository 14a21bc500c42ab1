"""What the fake Images API says: usage, bills and every way to go wrong. No sockets here.

A fault is a name, or a name with options: `rate_429`, `{"fault": "rate_429", "retry_after": 2}`.

    before any bill    close_at_accept read_then_close 401 403 quota_429 rate_429 retry_after_300 overloaded_503
                       moderation_input_400 400 404 413 422 408 409 redirect_307 string_error_400
    billed, no answer  billed_fin billed_rst billed_silence billed_cut_body billed_500 billed_502_html
                       moderation_output_400 bare_503
    billed, odd 200    html_200 cut_json_200 empty_data_200 no_data_200 bad_base64_200 not_a_picture_200 url_200
                       data_url_200 jpeg_for_png wrong_size_200 two_pictures_200 no_usage_200 zero_usage_200
                       foreign_usage_200 huge_usage_200
"""

import base64
import hashlib
import json
import math
from dataclasses import dataclass, field
from typing import Any

from tests.api import pictures

GRIDS = {
    "gpt-image-2": {"low": 16, "medium": 48, "high": 96},
    "gpt-image-2.5-flare": {"low": 16, "medium": 24, "high": 48, "xhigh": 64, "max": 96},
}
TEXT_IN, IMAGE_OUT = 5_000, 30_000
"""Nano-USD per token."""

KNOWN = {"model", "prompt", "n", "size", "quality", "output_format", "background", "moderation", "user"}

ERRORS: dict[str, tuple[int, dict[str, Any]]] = {
    "401": (401, {"code": "invalid_api_key", "type": "invalid_request_error", "message": "Incorrect API key provided"}),
    "403": (403, {"code": "unsupported_country_region_territory", "message": "Country not supported"}),
    "quota_429": (429, {"code": "credit_balance_exhausted", "type": "insufficient_quota", "message": "No credit left"}),
    "moderation_input_400": (
        400,
        {
            "code": "moderation_blocked",
            "type": "image_generation_user_error",
            "message": "Your request was rejected by the safety system. safety_violations=[violence].",
            "moderation_details": {"moderation_stage": "input", "categories": ["violence"]},
        },
    ),
    "moderation_output_400": (
        400,
        {
            "code": "moderation_blocked",
            "type": "image_generation_user_error",
            "message": "Your request was rejected by the safety system. safety_violations=[sexual].",
            "moderation_details": {"moderation_stage": "output", "categories": ["sexual"]},
        },
    ),
    "400": (
        400,
        {"code": "invalid_value", "type": "image_generation_user_error", "param": "size", "message": "Invalid size"},
    ),
    "404": (404, {"code": "model_not_found", "message": "The model does not exist"}),
    "408": (408, {"code": "timeout", "message": "Request timeout"}),
    "409": (409, {"code": "conflict", "message": "Conflict"}),
    "413": (413, {"code": "too_large", "message": "Too large"}),
    "overloaded_503": (
        503,
        {"code": "server_is_overloaded", "type": "service_unavailable_error", "message": "Overloaded"},
    ),
    "bare_503": (503, {"message": "Service unavailable"}),
    "billed_500": (500, {"code": "server_error", "type": "server_error", "message": "The server had an error"}),
}
BILLED_ERRORS = {"moderation_output_400", "bare_503", "billed_500"}
UNBILLED_DROPS = {"close_at_accept", "read_then_close"}
RATE_TEXT = (
    "Rate limit reached for gpt-image-2.5 (for limit gpt-image) in organization org-x on input-images per min: "
    "Limit 300, Used 300, Requested 1. Please try again in 200ms."
)


@dataclass
class Answer:
    """One HTTP answer; `end` tells what the connection does: keep, close, cut (half the body), reset or hang."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    end: str = "keep"


@dataclass(frozen=True)
class Billed:
    usage: dict[str, Any]
    cost_nano: int
    pictures: list[bytes]


def error(status: int, details: dict[str, Any], **headers: str) -> Answer:
    return Answer(status, json.dumps({"error": details}).encode(), headers=headers)


def refusal(body: dict[str, Any]) -> Answer | None:
    """What the real API refuses about a request, before anything is billed."""
    unknown = sorted(set(body) - KNOWN)
    if unknown:
        details = {"code": "unknown_parameter", "param": unknown[0], "message": f"Unknown parameter: '{unknown[0]}'."}
        return error(400, details | {"type": "invalid_request_error"})
    if body.get("model") in {"dall-e-2", "dall-e-3", "gpt-image-1"}:
        message = f"The model '{body['model']}' does not exist."
        return error(400, {"code": "invalid_value", "type": "image_generation_user_error", "message": message})
    if not isinstance(body.get("prompt"), str) or not body["prompt"]:
        return error(400, {"code": "missing_required_parameter", "param": "prompt", "message": "Missing prompt"})
    return None


def bill(body: dict[str, Any], number: int, fault: str) -> Billed:
    """The picture, its usage by the published formula, and what it costs."""
    width, height = (int(part) for part in body.get("size", "1024x1024").split("x"))
    if fault == "wrong_size_200":
        width, height = 64, 48
    grid = GRIDS.get(body["model"], GRIDS["gpt-image-2.5-flare"])[body.get("quality", "medium")]
    short = round(grid / (max(width, height) / min(width, height)))
    out = math.ceil(grid * short * (2_000_000 + width * height) / 4_000_000)
    if fault == "huge_usage_200":
        out *= 10
    text = len(body["prompt"].encode()) // 4 + 6
    usage = {
        "input_tokens": text,
        "output_tokens": out,
        "total_tokens": text + out,
        "input_tokens_details": {"text_tokens": text, "image_tokens": 0},
        "output_tokens_details": {"text_tokens": 0, "image_tokens": out},
    }
    made = pictures.jpeg(number) if fault == "jpeg_for_png" else pictures.png(width, height, number)
    return Billed(usage, text * TEXT_IN + out * IMAGE_OUT, [made])


def success(billed: Billed, body: dict[str, Any]) -> dict[str, Any]:
    data = [{"b64_json": base64.b64encode(made).decode()} for made in billed.pictures]
    return {"created": 1, "data": data, "usage": billed.usage, "size": body.get("size"), "output_format": "png"}


def odd(fault: str, told: dict[str, Any], billed: Billed, address: str) -> Answer:
    """A 200 that was billed and is not what it should be."""
    first = told["data"][0]
    match fault:
        case "html_200":
            return Answer(body=b"<html><body>Please log in</body></html>", kind="text/html")
        case "cut_json_200":
            return Answer(body=json.dumps(told).encode()[:-400])
        case "empty_data_200":
            told["data"] = []
        case "no_data_200":
            told = {"error": {"message": "something went wrong"}}
        case "bad_base64_200":
            first["b64_json"] = first["b64_json"][:40] + "!!" + first["b64_json"][40:]
        case "not_a_picture_200":
            first["b64_json"] = base64.b64encode(b"sorry, no picture today" * 10).decode()
        case "url_200":
            told["data"] = [{"url": address}]
        case "data_url_200":
            told["data"] = [{"url": "data:image/png;base64," + first["b64_json"]}]
        case "two_pictures_200":
            told["data"] = [first, first]
        case "no_usage_200":
            del told["usage"]
        case "zero_usage_200":
            told["usage"] = {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0}
        case "foreign_usage_200":
            told["usage"] = {"prompt_tokens": 5, "completion_tokens": 100, "image_count": 1}
        case _:
            pass
    return Answer(body=json.dumps(told).encode())


def hashes(billed: Billed) -> list[str]:
    return [hashlib.sha256(made).hexdigest() for made in billed.pictures]
