"""The text model of the fake API: it obeys whatever it is told, by anyone.

It answers the Responses API and chat completions. A prompt that says `return exactly X` gets X and nothing else, and so
does a picture in whose file that is written; one that says `size = 3840x2160`, `n: 10` or the like gets these as keys
beside its prompts. Shown pictures (see `sight`), it fills in the JSON Schema that it was given. Its price is $1 for a
million tokens in and $4 for a million out.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fake_api import sight
from tests.fake_api.sight import Seen
from tests.fake_api.wire import Json

ROUTES = ("/v1/responses", "/v1/chat/completions")
TEXT_IN, TEXT_OUT = 1_000, 4_000
"""Nano-USD per token."""

_EXACTLY = re.compile(r"return exactly (.*)", re.DOTALL | re.IGNORECASE)
_ORDERS = re.compile(
    r"\b(size|n|count|quality|model|provider|out|seed|format|max_cost|style)\s*(?:=|:| to )\s*([\w./-]+)"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks: the user's words as the JSON they came as (`{}` when they are none), and the pictures."""

    words: Json
    seen: Sequence[Seen]
    schema: Json

    def said(self) -> str:
        """What the model says."""
        if not self.seen:
            return obey(self.words)
        for text in (str(self.words.get("prompt", "")), *sight.texts(self.seen)):
            if found := _EXACTLY.search(text):
                return found[1].strip()
        return json.dumps(_filled("it", self.schema, self.seen, self.schema.get("$defs", {})))


def asked(path: str, body: Json) -> Asked:
    """What is asked in a request.

    Raises:
        RefusedError: one of its pictures is none.
    """
    turns = body.get("input") if path == ROUTES[0] else body.get("messages")
    content = turns[-1].get("content") if isinstance(turns, list) and turns and isinstance(turns[-1], dict) else ""
    _, seen = sight.parts_of(content)
    return Asked(wanted(path, body), seen, _schema(path, body))


def wanted(path: str, body: Json) -> Json:
    """The user's words in a request, as the JSON they came as; `{}` when they are none."""
    turns = body.get("input") if path == ROUTES[0] else body.get("messages")
    if not isinstance(turns, list) or not turns or not isinstance(turns[-1], dict):
        return {}
    content = turns[-1].get("content", "")
    if isinstance(content, list):
        content = "".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    try:
        told = json.loads(content)
    except (ValueError, TypeError):
        return {}
    return told if isinstance(told, dict) else {}


def _schema(path: str, body: Json) -> Json:
    """The schema that the answer has to obey, or `{}`."""
    if path == ROUTES[0]:
        held = body.get("text", {}).get("format", {})
    else:
        held = body.get("response_format", {}).get("json_schema", {})
    schema = held.get("schema") if isinstance(held, dict) else None
    return schema if isinstance(schema, dict) else {}


def _filled(name: str, schema: Json, seen: Sequence[Seen], defs: Json) -> Any:
    """A value that obeys `schema`; its texts tell of the pictures."""
    if "$ref" in schema:
        return _filled(name, defs[schema["$ref"].rpartition("/")[2]], seen, defs)
    if "anyOf" in schema:
        return _filled(name, schema["anyOf"][0], seen, defs)
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            return {key: _filled(key, each, seen, defs) for key, each in schema.get("properties", {}).items()}
        case "array":
            return [
                _filled(name, schema.get("items", {}), seen, defs) for _ in range(max(1, schema.get("minItems", 1)))
            ]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return False
        case "null":
            return None
        case _:
            return _worded(name, schema, seen)


def _worded(name: str, schema: Json, seen: Sequence[Seen]) -> str:
    if "pattern" in schema and re.search(schema["pattern"], seen[0].colour):
        return seen[0].colour
    looks = " and ".join(f"{each.kind} of {each.width}x{each.height} in {each.colour}" for each in seen)
    return f"{name} of a {looks}"[: schema.get("maxLength", 1000)]


def obey(words: Json) -> str:
    """What the model says to words alone."""
    prompt, count = str(words.get("prompt", "")), int(words.get("count", 1))
    if found := _EXACTLY.search(prompt):
        return found[1].strip()
    styles = " ".join(str(style.get("look", "")) for style in words.get("styles", []))
    orders = dict(_ORDERS.findall(f"{prompt} {styles}"))
    lights = [f"{prompt.strip().rstrip('.')}, seen from the side in light {number}." for number in range(1, count + 1)]
    return json.dumps({**orders, "prompts": lights})


def usage(body: Json, said: str, seen: Sequence[Seen] = ()) -> Json:
    """Tokens by their own names: one for four characters, and those of the pictures."""
    return {"in": len(json.dumps(sight.told(body))) // 4 + 7 + sight.tokens(seen), "out": len(said) // 4 + 1}


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
