"""Styles as JSON: `sdxl_styles/*.json` of Fooocus, and the files that InvokeAI imports.

Both are a list of objects with `name`, `prompt` and `negative_prompt`. InvokeAI also knows the prompt as
`positive_prompt`, and keeps its own presets with both texts in an object `preset_data`.
"""

import json
from collections.abc import Iterable
from typing import Any

from imgcli.director.exchange.foreign import (
    COLUMNS,
    MAX_ENTRIES,
    ForeignStyle,
    Found,
    Problem,
    Reading,
    Tool,
    shown_file,
    sift,
)
from imgcli.errors import StyleError

KNOWN = {*COLUMNS, "positive_prompt", "preset_data", "type"}
INDENT = {Tool.FOOOCUS: 4, Tool.INVOKEAI: 2}


def read_list(text: str, file: str, tool: Tool | None = None) -> Reading:
    """The styles in a JSON file; without a `tool` the keys tell whose it is.

    Raises:
        StyleError: the file as a whole is of no use.
    """
    file = shown_file(file)
    told = _decoded(text.removeprefix("\ufeff"), file)
    if not isinstance(told, list):
        raise StyleError(f"{file}: must be a list of objects with {', '.join(COLUMNS)}; begin it with [")
    if len(told) > MAX_ENTRIES:
        raise StyleError(f"{file}: has {len(told):,} entries; {MAX_ENTRIES:,} are allowed, so split it")
    invoke = any(isinstance(entry, dict) and {"positive_prompt", "preset_data"} & entry.keys() for entry in told)
    entries: list[Found] = []
    problems: list[Problem] = []
    unread: dict[str, None] = {}
    for number, entry in enumerate(told, 1):
        place = f"{file}: entry {number}"
        style = _style(entry)
        if isinstance(style, str):
            problems.append(Problem(number, f"{place}: {style}"))
        else:
            entries.append(Found(place, number, style))
            unread |= dict.fromkeys(key for key in entry if key not in KNOWN)
    keys = ", ".join(repr(key[:60]) for key in [*unread][:8])
    notes = [f"{file}: keys {keys} are not read; {', '.join(COLUMNS)} are"] if unread else []
    return sift(tool or (Tool.INVOKEAI if invoke else Tool.FOOOCUS), entries, problems, notes)


def write_list(styles: Iterable[ForeignStyle], tool: Tool) -> str:
    """A JSON file as the tool reads it; letters stay as they are."""
    told = [dict(zip(COLUMNS, (style.name, style.prompt, style.negative), strict=True)) for style in styles]
    return json.dumps(told, indent=INDENT[tool], ensure_ascii=False) + "\n"


def _decoded(text: str, file: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise StyleError(f"{file}:{error.lineno}: not valid JSON: {error.msg} (column {error.colno})") from None
    except RecursionError:
        raise StyleError(f"{file}: is nested too deeply; a list of styles has two levels") from None
    except ValueError:  # Python refuses to read whole numbers of more than 4,300 digits
        raise StyleError(f"{file}: a number is too long") from None


def _style(entry: Any) -> ForeignStyle | str:
    """The style of an entry, or what is wrong with it."""
    if not isinstance(entry, dict):
        return "is no object with name, prompt and negative_prompt"
    inner = entry.get("preset_data")
    told = {**entry, **inner} if isinstance(inner, dict) else entry
    prompt = "positive_prompt" if "positive_prompt" in told else "prompt"
    texts = []
    for key in ("name", prompt, "negative_prompt"):
        text = told.get(key)
        if not isinstance(text, str | None):
            return f"{key} is no text; put it in quotes"
        texts.append(text or "")
    return ForeignStyle(*texts)
