"""The text model of the fake API: it obeys whatever it is told, by anyone.

It answers the Responses API and chat completions. A prompt that says `return exactly X` gets X and nothing else; one
that says `size = 3840x2160`, `n: 10` or the like gets these as keys beside its prompts. Its price is $1 for a million
tokens in and $4 for a million out.
"""

import json
import re
from collections.abc import Mapping

from tests.fake_api.wire import Json

ROUTES = ("/v1/responses", "/v1/chat/completions")
TEXT_IN, TEXT_OUT = 1_000, 4_000
"""Nano-USD per token."""

_EXACTLY = re.compile(r"return exactly (.*)", re.DOTALL | re.IGNORECASE)
_ORDERS = re.compile(
    r"\b(size|n|count|quality|model|provider|out|seed|format|max_cost|style)\s*(?:=|:| to )\s*([\w./-]+)"
)


def wanted(path: str, body: Json) -> Json:
    """The user's words in a request, as the JSON they came as; `{}` when they are none."""
    turns = body.get("input") if path == ROUTES[0] else body.get("messages")
    if not isinstance(turns, list) or not turns or not isinstance(turns[-1], dict):
        return {}
    try:
        told = json.loads(turns[-1].get("content", ""))
    except (ValueError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}


def obey(words: Json) -> str:
    """What the model says."""
    prompt, count = str(words.get("prompt", "")), int(words.get("count", 1))
    if found := _EXACTLY.search(prompt):
        return found[1].strip()
    styles = " ".join(str(style.get("look", "")) for style in words.get("styles", []))
    orders = dict(_ORDERS.findall(f"{prompt} {styles}"))
    lights = [f"{prompt.strip().rstrip('.')}, seen from the side in light {number}." for number in range(1, count + 1)]
    return json.dumps({**orders, "prompts": lights})


def usage(body: Json, said: str) -> Json:
    """Tokens by their own names: one for four characters."""
    return {"in": len(json.dumps(body)) // 4 + 7, "out": len(said) // 4 + 1}


def cost(used: Mapping[str, int]) -> int:
    return used["in"] * TEXT_IN + used["out"] * TEXT_OUT


def told(path: str, model: str, said: str, used: Mapping[str, int]) -> Json:
    """The body of an answer."""
    if path == ROUTES[0]:
        content = [{"type": "output_text", "text": said, "annotations": []}]
        return {
            "id": "resp_1",
            "object": "response",
            "status": "completed",
            "model": model,
            "output": [{"type": "message", "role": "assistant", "status": "completed", "content": content}],
            "usage": {
                "input_tokens": used["in"],
                "output_tokens": used["out"],
                "total_tokens": used["in"] + used["out"],
                "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}],
        "usage": {
            "prompt_tokens": used["in"],
            "completion_tokens": used["out"],
            "total_tokens": used["in"] + used["out"],
        },
    }
