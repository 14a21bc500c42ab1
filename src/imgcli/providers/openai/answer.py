"""An images answer taken apart; a 200 is unproven until a picture has been found in it."""

import functools
import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from imgcli.model.picture import Painted, Usage
from imgcli.providers.openai.answer_stream import IMAGES, AnswerStream
from imgcli.providers.openai.error_answer import one_line, read_error, storable
from imgcli.providers.openai.faults import unusable

ABSURD = 1_000_000
"""Tokens above which a usage is not believed; a dearest picture takes about 14,000."""

MAX_REVISED = 100_000
"""Characters of revised prompt that are kept, three times the longest prompt."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer says beside its picture; `url` is where to fetch that, if it did not come along."""

    url: str
    painted: Painted


def read_answer(stream: AnswerStream, request_id: str, content_type: str) -> Found:
    """What the body of a 200 says, once all of it went through `stream`.

    Accepts a picture in `b64_json` or a `data:` URL, and a web address, as compatible servers use all three.

    Raises:
        AttemptError: there is no picture; says whether the answer proves a bill.
    """
    answer = json_object(stream.text, request_id, content_type, (IMAGES.items, *IMAGES.keys))
    items = answer.get("data")
    if answer.get("error") and not items:
        said = read_error(answer)[3]
        raise unusable(f"its answer is an error{': ' + said if said else ''}", request_id)
    usage, raw_usage = read_usage(answer.get("usage"))
    if not isinstance(items, list) or not items or not isinstance(items[0], dict):
        raise unusable("its answer holds no picture", request_id, billed=usage is not None)
    first: dict[str, Any] = items[0]
    notes = (f"the server sent {len(items)} pictures, 1 was asked for",) if len(items) > 1 else ()
    revised, url = first.get("revised_prompt"), first.get("url")
    painted = Painted(
        usage=usage,
        request_id=request_id,
        revised=storable(revised[:MAX_REVISED]) if isinstance(revised, str) else "",
        notes=notes,
        raw_usage=raw_usage,
    )
    if stream.is_broken:
        raise unusable("its picture is not valid base64", request_id, billed=True)
    if stream.has_picture:
        return Found("", painted)
    if isinstance(url, str) and url:
        return Found(url, painted)
    raise unusable("its answer holds no picture", request_id, billed=usage is not None)


def read_usage(usage: object) -> tuple[Usage | None, str]:
    """The tokens of a usage that can be believed, else None; and the usage as it came, canonical JSON.

    Without `output_tokens_details` all output tokens count as image tokens, the dearer reading.
    """
    if not isinstance(usage, dict):
        return None, ""
    try:
        raw = json.dumps(usage, sort_keys=True, separators=(",", ":"))[:4000]
    except RecursionError:
        return None, ""
    told = usage.get("input_tokens_details")
    spent = usage.get("output_tokens_details")
    into = told if isinstance(told, dict) else {"text_tokens": usage.get("input_tokens")}
    out = spent if isinstance(spent, dict) else {"image_tokens": usage.get("output_tokens")}
    counts: list[Any] = [
        into.get("text_tokens", 0),
        into.get("image_tokens", 0),
        out.get("image_tokens", 0),
        out.get("text_tokens", 0),
    ]
    if any(isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= ABSURD for count in counts):
        return None, raw
    if counts[2] == 0:
        # Servers that fill in zeros measure nothing.
        return None, raw
    return Usage(*counts), raw


def json_object(text: bytearray, request_id: str, content_type: str, once: Collection[str]) -> dict[str, Any]:
    """The object that `text` is; no object in it has one of the keys `once` twice.

    Raises:
        AttemptError: it is none.
    """
    try:
        hook = functools.partial(_unambiguous, once)
        answer = json.loads(text.decode(errors="surrogatepass"), object_pairs_hook=hook)
    except _TwiceError as error:
        raise unusable(f"its answer says {error} twice", request_id, billed=True) from None
    except (ValueError, RecursionError):
        if "json" not in content_type:
            what = f"its answer is {one_line(content_type)[:100] or 'no JSON'} (a proxy or a login page?)"
        else:
            what = "its JSON is cut short"
        raise unusable(what, request_id) from None
    if not isinstance(answer, dict):
        raise unusable("its answer is not an images answer", request_id)
    return answer


class _TwiceError(Exception):
    """A key came twice where the picture is found by it."""


def _unambiguous(once: Collection[str], pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one with two pictures under one key is none, as no two readers agree on which counts."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        for name in once:
            if names.count(name) > 1:
                raise _TwiceError(name)
    return found
