"""A picture asked of a text model with the image tool of the Responses API, which tells the prompt that was used."""

import json
import re
from typing import Any, TypeGuard

from imgcli.errors import AttemptError
from imgcli.model.errand import INSTRUCTIONS, message, most_written
from imgcli.model.job import Job
from imgcli.model.picture import Painted, Usage
from imgcli.providers.openai import faults
from imgcli.providers.openai.answer import ABSURD, MAX_REVISED, json_object, read_usage
from imgcli.providers.openai.answer_stream import TOOL, AnswerStream
from imgcli.providers.openai.error_answer import Answer, one_line, read_categories, read_error, storable
from imgcli.providers.openai.taxonomy import MODERATED
from imgcli.providers.openai.writing import MANNER

ONCE = (TOOL.items, *TOOL.keys, "type")
"""Keys that no object may have twice: by them the picture is found."""

FILTERED = "content_filter"
"""Why an answer is incomplete that the safety system cut off."""


def request(job: Job, *, foreign: bool) -> dict[str, Any]:
    """The parameters of `responses.create`: one call of the tool, with the parameters of `job` and no other."""
    tool = {
        "type": "image_generation",
        "action": "generate",
        "model": job.model,
        "size": str(job.size),
        "quality": job.quality,
        "output_format": job.format,
    }
    if job.background != "auto":
        tool["background"] = job.background
    asked: dict[str, Any] = {
        "model": job.through,
        "instructions": INSTRUCTIONS,
        "input": [{"role": "user", "content": message(job)}],
        "tools": [tool],
        "tool_choice": {"type": "image_generation"},
        "max_tool_calls": 1,
        "parallel_tool_calls": False,
        "max_output_tokens": most_written(job),
        **MANNER,
    }
    # A project may be set to a dearer tier than the one whose prices we know.
    return asked if foreign else asked | {"service_tier": "default"}


def read_drawn(stream: AnswerStream, request_id: str, content_type: str, model: str) -> Painted:
    """What the body of a 200 says beside its picture, once all of it went through `stream`.

    Raises:
        AttemptError: there is no picture; says whether the answer proves a bill.
    """
    told = json_object(stream.text, request_id, content_type, ONCE)
    items = told.get(TOOL.items)
    calls = [call for call in items if _is_call(call)] if isinstance(items, list) else []
    usage, raw_usage = _usage(told)
    call = items[stream.at] if stream.has_picture and isinstance(items, list) else None
    if not _is_call(call) or not _is_done(call, told):
        raise _none(told, calls, request_id)
    if stream.is_broken:
        raise faults.unusable("its picture is not valid base64", request_id, billed=True)
    notes = []
    if (pictures := sum(isinstance(each.get("result"), str) for each in calls)) > 1:
        notes.append(f"the server sent {pictures} pictures, 1 was asked for")
    if why := _incomplete(told):
        notes.append(f"the answer is incomplete ({why}), its picture is not")
    if other := _other_model(told, model):
        notes.append(f"asked for {model}, and the answer says {other}")
        usage = None  # who knows at what price
    revised = call.get("revised_prompt")
    return Painted(
        usage=usage,
        request_id=request_id,
        revised=storable(revised[:MAX_REVISED]) if isinstance(revised, str) else "",
        notes=tuple(notes),
        raw_usage=raw_usage,
    )


def _is_call(item: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(item, dict) and item.get("type") == TOOL.kind


def _is_done(call: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether the picture of `call` is whole.

    In answers that are complete, calls with a whole picture have been seen as `generating` as often as `completed`.
    """
    if call.get("error") or call.get("status") in ("failed", "incomplete"):
        return False
    return call.get("status") == "completed" or not _incomplete(told)


def _incomplete(told: dict[str, Any]) -> str:
    """Why the answer is not complete, or an empty string."""
    if told.get("status") in (None, "completed"):
        return ""
    details = told.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    words = next((word for word in (reason, told["status"]) if isinstance(word, str) and word), "nobody knows why")
    return one_line(words[:100])[:40] or "nobody knows why"


def _none(told: dict[str, Any], calls: list[dict[str, Any]], request_id: str) -> AttemptError:
    """The fault for an answer without a picture."""
    errors = [error for error in (told.get("error"), *(call.get("error") for call in calls)) if error]
    code, kind, param, said, stage = read_error({"error": errors[0]}) if errors else ("", "", "", "", "")
    why = _incomplete(told)
    if code in MODERATED or why == FILTERED:
        code = code if code in MODERATED else "content_policy_violation"
        named = read_categories({"error": errors[0]}) if errors else ()
        answer = Answer(200, code, kind, param, said, stage, request_id, categories=named)
        return faults.refused(answer, "", "")
    if errors:
        what = f"its picture failed{': ' + said if said else ''}"
    elif refusal := _refusal(told):
        what = f"its text model asked for no picture: {refusal}"
    elif why:
        what = f"its answer is incomplete ({why})"
    else:
        what = "its answer holds no picture"
    return faults.unusable(what, request_id, billed=_is_billed(told))


def _refusal(told: dict[str, Any]) -> str:
    """What the text model said instead of asking for the picture."""
    items = told.get(TOOL.items)
    parts = [item.get("content") for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    for part in (each for content in parts if isinstance(content, list) for each in content):
        words = part.get("refusal") or part.get("text") if isinstance(part, dict) else None
        if isinstance(words, str) and words.strip():
            return one_line(words[:1000])[:200]
    return ""


def _is_billed(told: dict[str, Any]) -> bool:
    """Whether the answer tells that any token was used."""
    counts = [part.get(name) for part in _used(told) for name in ("input_tokens", "output_tokens", "total_tokens")]
    return any(type(count) is int and count > 0 for count in counts)


def _used(told: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The usage of the text model, and that of the image tool; empty where nothing is told."""
    words, tools = told.get("usage"), told.get("tool_usage")
    images = tools.get("image_gen") if isinstance(tools, dict) else None
    return words if isinstance(words, dict) else {}, images if isinstance(images, dict) else {}


def _usage(told: dict[str, Any]) -> tuple[Usage | None, str]:
    """The tokens of both models if both can be believed, else None; and what is told of them, canonical JSON."""
    words, images = _used(told)
    if not words and not images:
        return None, ""
    try:
        raw = json.dumps({"usage": words, "image_gen": images}, sort_keys=True, separators=(",", ":"))[:4000]
    except RecursionError:
        return None, ""
    used, _ = read_usage(images)
    asked, written, details = words.get("input_tokens"), words.get("output_tokens"), words.get("input_tokens_details")
    # `type` and not isinstance: true and false are numbers in Python.
    if used is None or used.text_in <= 0 or type(asked) is not int or type(written) is not int:
        return None, raw
    if not 0 < min(asked, written) <= max(asked, written) <= ABSURD:
        return None, raw
    if isinstance(details, dict) and details.get("cache_write_tokens"):
        return None, raw  # billed above the price of input, and we asked for none
    return Usage(used.text_in, used.image_in, used.image_out, used.text_out, asked, written), raw


def _other_model(told: dict[str, Any], model: str) -> str:
    """The model of the tool that the answer repeats, if it is neither `model` nor a dated snapshot of it."""
    tools = told.get("tools")
    names = [tool.get("model") for tool in tools if isinstance(tool, dict)] if isinstance(tools, list) else []
    same = re.compile(re.escape(model) + r"(-\d{4}-\d{2}-\d{2})?", re.ASCII)
    others = [name for name in names if isinstance(name, str) and name and not same.fullmatch(name)]
    return one_line(others[0][:100])[:80] if others else ""
