"""The image tool of the fake API's Responses route: a text model that rewords the prompt and has the picture made.

Its words are billed like those of any text model here (see `words`), twice for what it reads, and the picture like one
of the Images API with the reworded prompt.
"""

import base64
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fake_api import words
from tests.fake_api.checks import Order, RefusedError, check
from tests.fake_api.wire import Json

ROUTE = "/v1/responses"
KIND = "image_generation"
KNOWN = frozenset(
    [
        *("model", "input", "instructions", "tools", "tool_choice", "store", "max_output_tokens", "max_tool_calls"),
        *("parallel_tool_calls", "reasoning", "prompt_cache_options", "service_tier", "metadata"),
    ]
)
OF_THE_TOOL = frozenset(["type", "action", "model", "size", "quality", "output_format", "background", "moderation"])
READ_MORE = 1_400
"""Tokens in beside the words: the description of the tool, and the picture."""


@dataclass(frozen=True, slots=True)
class Errand:
    """`used` are the tokens of the text model, `cost` what they cost in nano-USD; `order` has the reworded prompt."""

    order: Order
    used: Mapping[str, int]
    cost: int


def is_meant(body: object) -> bool:
    """Whether a request for words asks for a picture."""
    tools = body.get("tools") if isinstance(body, dict) else None
    return isinstance(tools, list) and any(isinstance(tool, dict) and tool.get("type") == KIND for tool in tools)


def prompt_of(body: Json) -> str:
    """The prompt in the last message of the user, which is JSON."""
    return str(words.wanted(ROUTE, body).get("prompt", ""))


def reworded(prompt: str) -> str:
    return f"{prompt.strip()}, in soft light, drawn with care"


def check_errand(body: Json, extra_models: Sequence[str] = ()) -> Errand:
    """What a request asks for.

    Raises:
        RefusedError: with the status and body of the first thing wrong.
    """
    if unknown := sorted(set(body) - KNOWN):
        raise RefusedError("unknown_parameter", unknown[0], f"Unknown parameter: '{unknown[0]}'.")
    if body.get("tool_choice") != {"type": KIND} or body.get("max_tool_calls") != 1:
        raise RefusedError("invalid_value", "tool_choice", "This server paints one picture, or it writes.")
    if not isinstance(body.get("model"), str) or str(body["model"]).startswith("gpt-image"):
        raise RefusedError("invalid_value", "model", f"The model '{body.get('model')}' does not exist.")
    (tool,) = body["tools"]
    if unknown := sorted(set(tool) - OF_THE_TOOL):
        raise RefusedError("unknown_parameter", f"tools[0].{unknown[0]}", f"Unknown parameter: '{unknown[0]}'.")
    prompt = reworded(prompt_of(body))
    order = check(
        {name: tool[name] for name in tool if name not in {"type", "action"}} | {"prompt": prompt}, extra_models
    )
    read = words.usage(body, prompt)
    used = {"in": 2 * read["in"] + READ_MORE, "out": read["out"] + 12}
    if used["out"] > int(body.get("max_output_tokens", 1 << 30)):
        raise RefusedError("invalid_value", "max_output_tokens", "The prompt alone is longer.")
    return Errand(order, used, words.cost(used))


def told(body: Json, errand: Errand, usage: Json, painted: Sequence[bytes]) -> Json:
    """The body of an answer: thoughts, a call for each picture, and a sentence."""
    order, used = errand.order, errand.used
    said = [{"type": "output_text", "text": "Here it is.", "annotations": []}]
    calls: list[dict[str, Any]] = [
        {
            "id": f"ig_{number}",
            "type": "image_generation_call",
            "status": "completed",
            "action": "generate",
            "background": order.background,
            "output_format": order.output_format,
            "quality": order.quality,
            "result": base64.b64encode(picture).decode(),
            "revised_prompt": order.prompt,
            "size": order.size,
        }
        for number, picture in enumerate(painted, 1)
    ]
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": int(time.time()),
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "model": body["model"],
        "output": [
            {"id": "rs_1", "type": "reasoning", "summary": []},
            *calls,
            {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": said},
        ],
        "instructions": body.get("instructions"),
        "metadata": {},
        "parallel_tool_calls": False,
        "temperature": 1.0,
        "top_p": 1.0,
        "tool_choice": body["tool_choice"],
        "tools": body["tools"],
        "tool_usage": {"image_gen": usage, "web_search": {"num_requests": 0}},
        "usage": {
            "input_tokens": used["in"],
            "output_tokens": used["out"],
            "total_tokens": used["in"] + used["out"],
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }
