"""One draft at a time: types, limits and characters, with our own words for what is wrong."""

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any

import msgspec

from imgcli.batch.draft import Draft, Place, shown
from imgcli.batch.keys import matrix_key_problem, unknown_key
from imgcli.batch.paths import name_problem, out_problem
from imgcli.batch.refs import KEYS
from imgcli.batch.schema import (
    DEFAULT_KEYS,
    ID_LIMIT,
    JOBS_LIMIT,
    MATRIX_KEYS,
    PROMPT_KEYS,
    SAMPLE_KEYS,
    SEED_LIMIT,
    SET_KEYS,
    WANTED,
    Defaults,
    Prompt,
)
from imgcli.errors import BatchFileError
from imgcli.model.size import parse_size

VALUE_LIMIT = 1000
_PATH = re.compile(r" - at `\$\.(\w+)(?:\[(\d+)\]`$)?")
# Surrogates cannot be written as UTF-8, and no provider could be sent them.
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_WILDCARD = re.compile(r"\{@[^{}]*\}")
_LISTS = ("matrix", "zip")
_FIELDS = {key: field for field, key in KEYS.items()}
LIKE_INPUT = "input"
"""As a size; see `plan.LIKE_INPUT`."""

_BAD_IN_PROSE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def check_defaults(draft: Draft) -> dict[str, Any]:
    """The defaults of a file, by the fields of `Entry`.

    Raises:
        BatchFileError: an unknown key, a wrong type or a value no picture could have.
    """
    for key in draft.keys:
        if key in PROMPT_KEYS and key not in DEFAULT_KEYS:
            raise draft.place.error("belongs in a [[prompts]] entry, not in [defaults]", key)
    return _check(draft, Defaults, DEFAULT_KEYS)


def check_prompt(draft: Draft, known: Collection[str]) -> dict[str, Any]:
    """What a draft says, by the fields of `Entry`, and its matrix; `known` are the keys it may use.

    Raises:
        BatchFileError: see `check_defaults`; or there is no prompt.
    """
    if "prompt" not in draft.keys:
        _check_known(draft, known)
        raise draft.place.error('has no prompt; add prompt = "what the picture shows"')
    said = _check(draft, Prompt, known)
    if not said["prompt"]:
        raise draft.place.error("the prompt is empty; say what the picture shows", "prompt")
    if not SET_KEYS.isdisjoint(said):
        _check_settings(said, draft)
    return said


def value_problem(key: str, value: object) -> str:
    """Why the key `key` of an entry cannot have `value`, or an empty string."""
    try:
        checked = msgspec.convert({key: value}, Defaults)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return f"{WANTED[key]}, not {shown(value)}"
    return _problem(key, getattr(checked, key))


def text_problem(text: str) -> str:
    """Why `text` cannot be a value that goes into other texts, or an empty string."""
    if len(text) > VALUE_LIMIT:
        return f"{shown(text)} is over {VALUE_LIMIT:,} characters; shorten it"
    return _text_problem("matrix", text)


def id_problem(text: str) -> str:
    """Why `text` cannot be an id, or an empty string."""
    if not text:
        return "must not be blank"
    if len(text) > ID_LIMIT:
        return f"{shown(text)} is over {ID_LIMIT} characters; shorten it"
    if not text.isprintable():
        strange = next(letter for letter in text if not letter.isprintable())
        return f"holds a character that cannot be printed (U+{ord(strange):04X}); remove it"
    return ""


def _check(draft: Draft, shape: type[Defaults], known: Collection[str]) -> dict[str, Any]:
    _check_known(draft, known)
    if not SET_KEYS.isdisjoint(draft.keys):
        for key in _LISTS:
            lists = draft.keys.get(key)
            if isinstance(lists, dict):
                _check_names(key, lists, draft.place)
    try:
        checked = msgspec.convert(draft.keys, shape)
    except msgspec.ValidationError as error:
        raise _explained(draft, str(error)) from None
    except UnicodeEncodeError:
        # msgspec cannot say what it got: a lone surrogate, which JSON can hold, where no text belongs.
        broken = next(key for key, value in draft.keys.items() if _is_broken(value))
        raise draft.place.error("holds half a character (a lone surrogate); type it anew", broken) from None
    said = {}
    for key in draft.keys:
        value = getattr(checked, key)
        if problem := _problem(key, value):
            raise draft.place.error(problem, key)
        said[_FIELDS.get(key, key)] = _meant(key, value)
    return said


def _is_broken(value: object) -> bool:
    try:
        msgspec.json.encode(value)
    except (UnicodeEncodeError, TypeError):
        return True
    return False


def _check_settings(said: Mapping[str, Any], draft: Draft) -> None:
    for key in _LISTS:
        if twice := next((name for name in said.get(key, ()) if name in draft.keys), ""):
            raise draft.place.error(f"{twice} is also a key of this entry; remove one", f"{key}.{twice}")


def _check_names(key: str, lists: Mapping[str, object], place: Place) -> None:
    if not lists:
        raise place.error("is empty; give it a list of values or remove it", key)
    if len(lists) > MATRIX_KEYS:
        raise place.error(f"has {len(lists):,} keys; {MATRIX_KEYS} are allowed", key)
    for name, values in lists.items():
        if problem := matrix_key_problem(name):
            raise place.error(problem.replace("matrix", key, 1), f"{key}.{name}")
        if isinstance(values, list) and len(values) > JOBS_LIMIT:
            raise place.error(f"has {len(values):,} values; {JOBS_LIMIT:,} are allowed", f"{key}.{name}")


def _check_known(draft: Draft, known: Collection[str]) -> None:
    for key in draft.keys:
        if key not in known:
            raise draft.place.error(unknown_key(key, known), key)


def _meant(key: str, value: Any) -> Any:
    match key:
        case "prompt":
            return value.replace("\r\n", "\n").strip()
        case "id":
            return value.strip()
        case "out":
            return value.removesuffix("/")
        case "style" | "no" | "ref":
            return (value,) if isinstance(value, str) else value
        case "tags" | "expect":
            return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
        case _:
            return value


def _explained(draft: Draft, message: str) -> BatchFileError:
    found = _PATH.search(message)
    if not found:
        return draft.place.error("holds something that cannot be read; see the keys it may have")
    key, index = found[1], found[2]
    if key in _LISTS:  # msgspec does not say which key of a matrix it means
        return _lists_explained(draft.place, key, draft.keys[key])
    if key == "sample":
        return _sample_explained(draft.place, draft.keys[key])
    value = draft.keys[key]
    if index and key == "expect" and isinstance(value, list):
        return draft.place.error(f"{WANTED[key]}, not {shown(value[int(index)])}", f"{key}[{int(index) + 1}]")
    if index and isinstance(value, list):
        at = int(index)
        limit = {"no": "1,000", "ref": "200"}.get(key, "100")
        wanted = f"must be text of 1 to {limit} characters"
        return draft.place.error(f"{wanted}, not {shown(value[at])}{_size_of(value[at])}", f"{key}[{at + 1}]")
    return draft.place.error(f"{WANTED[key]}, not {shown(value)}{_size_of(value)}", key)


def _lists_explained(place: Place, key: str, lists: object) -> BatchFileError:
    for name, values in lists.items() if isinstance(lists, dict) else ():
        if problem := list_problem(values):
            return place.error(problem, f"{key}.{name}")
    return place.error(f"{WANTED[key]}, not {shown(lists)}", key)


def list_problem(values: object) -> str:
    """Why `values` is no list of texts and numbers, or an empty string."""
    if not isinstance(values, list):
        return f'must be a list such as ["red", "blue"], not {shown(values)}'
    if not values:
        return "the list is empty; give it a value or remove the key"
    for value in values:
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            return f"values must be texts or numbers, not {shown(value)}"
        if isinstance(value, str) and len(value) > VALUE_LIMIT:
            return f"{shown(value)} is over {VALUE_LIMIT:,} characters; shorten it"
    return ""


def _sample_explained(place: Place, sample: object) -> BatchFileError:
    if not isinstance(sample, dict):
        return place.error(f"{WANTED['sample']}, not {shown(sample)}", "sample")
    for key in sample:
        if key not in SAMPLE_KEYS:
            return place.error(unknown_key(key, SAMPLE_KEYS), f"sample.{key}")
    if "count" not in sample:
        return place.error("has no count; write { count = 50, seed = 7 }", "sample")
    for key, low, high in (("count", 1, JOBS_LIMIT), ("seed", 0, SEED_LIMIT)):
        value = sample.get(key, low)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            return place.error(f"must be a whole number from {low} to {high}, not {shown(value)}", f"sample.{key}")
    return place.error(f"{WANTED['sample']}, not {shown(sample)}", "sample")


def _size_of(value: object) -> str:
    if isinstance(value, str) and len(value) > 40:
        return f" ({len(value):,} characters)"
    return f" of {len(value):,}" if isinstance(value, list) else ""


def _problem(key: str, value: object) -> str:
    if isinstance(value, str):
        return _text_problem(key, value)
    texts: Iterable[object] = ()
    if isinstance(value, tuple):
        texts = value
    elif isinstance(value, dict):
        texts = chain.from_iterable(value.values())
    problems = (_text_problem(key, text) for text in texts if isinstance(text, str))
    return next((problem for problem in problems if problem), "")


def _text_problem(key: str, value: str) -> str:
    bad = _BAD_IN_PROSE.search(value.replace("\r\n", "\n")) if key == "prompt" else _BAD.search(value)
    if bad:
        return f"holds a control character (U+{ord(bad[0]):04X}); remove it"
    if key != "prompt" and key not in _LISTS and not value.strip():
        return "must not be blank"
    match key:
        case "id":
            return id_problem(value.strip())
        case "out":
            return out_problem(_WILDCARD.sub("{@}", value))
        case "name":
            return name_problem(_WILDCARD.sub("{@}", value))
        case "size":
            return _size_problem(value)
        case _:
            return ""


def _size_problem(value: str) -> str:
    if value == LIKE_INPUT:
        return ""
    try:
        parse_size(value)
    except ValueError as error:
        return str(error)
    return ""
