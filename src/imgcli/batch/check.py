"""One draft at a time: types, limits and characters, with our own words for what is wrong."""

import re
from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any

import msgspec

from imgcli.batch.draft import Draft, Place, shown
from imgcli.batch.keys import matrix_key_problem, unknown_key
from imgcli.batch.paths import name_problem, out_problem
from imgcli.batch.schema import DEFAULT_KEYS, ID_LIMIT, JOBS_LIMIT, MATRIX_KEYS, PROMPT_KEYS, WANTED, Defaults, Prompt
from imgcli.errors import BatchFileError
from imgcli.model.size import parse_size

_PATH = re.compile(r" - at `\$\.(\w+)(?:\[(\d+)\])?`$")
# Surrogates cannot be written as UTF-8, and no provider could be sent them.
_BAD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
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
    return said


def id_problem(text: str) -> str:
    """Why `text` cannot be an id, or an empty string."""
    if not text:
        return "must not be blank"
    if len(text) > ID_LIMIT:
        return f"{shown(text)} is over {ID_LIMIT} characters; shorten it"
    if strange := next((letter for letter in text if not letter.isprintable()), ""):
        return f"holds a character that cannot be printed (U+{ord(strange):04X}); remove it"
    return ""


def _check(draft: Draft, shape: type[Defaults], known: Collection[str]) -> dict[str, Any]:
    _check_known(draft, known)
    matrix = draft.keys.get("matrix")
    if isinstance(matrix, dict):
        _check_names(matrix, draft.place)
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
        said[key] = _meant(key, value)
    return said


def _is_broken(value: object) -> bool:
    try:
        msgspec.json.encode(value)
    except (UnicodeEncodeError, TypeError):
        return True
    return False


def _check_names(matrix: Mapping[str, object], place: Place) -> None:
    if not matrix:
        raise place.error("is empty; give it a list of values or remove it", "matrix")
    if len(matrix) > MATRIX_KEYS:
        raise place.error(f"has {len(matrix):,} keys; {MATRIX_KEYS} are allowed", "matrix")
    for name, values in matrix.items():
        if problem := matrix_key_problem(name):
            raise place.error(problem, f"matrix.{name}")
        if isinstance(values, list) and len(values) > JOBS_LIMIT:
            raise place.error(f"has {len(values):,} values; {JOBS_LIMIT:,} are allowed", f"matrix.{name}")


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
        case "style" | "no":
            return (value,) if isinstance(value, str) else value
        case "tags":
            return (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
        case _:
            return value


def _explained(draft: Draft, message: str) -> BatchFileError:
    found = _PATH.search(message)
    if not found or found[1] == "matrix":  # msgspec does not say which key of a matrix it means
        return _matrix_explained(draft, draft.keys.get("matrix"))
    key, index = found[1], found[2]
    value = draft.keys[key]
    if index and isinstance(value, list):
        at = int(index)
        limit = "1,000" if key == "no" else "100"
        wanted = f"must be text of 1 to {limit} characters"
        return draft.place.error(f"{wanted}, not {shown(value[at])}{_size_of(value[at])}", f"{key}[{at + 1}]")
    return draft.place.error(f"{WANTED[key]}, not {shown(value)}{_size_of(value)}", key)


def _matrix_explained(draft: Draft, matrix: object) -> BatchFileError:
    for name, values in matrix.items() if isinstance(matrix, dict) else ():
        if not isinstance(values, list):
            return draft.place.error(f'must be a list such as ["red", "blue"], not {shown(values)}', f"matrix.{name}")
        if not values:
            return draft.place.error("the list is empty; give it a value or remove the key", f"matrix.{name}")
        for value in values:
            if isinstance(value, bool) or not isinstance(value, (str, int, float)):
                return draft.place.error(f"values must be texts or numbers, not {shown(value)}", f"matrix.{name}")
            if isinstance(value, str) and len(value) > 1000:
                return draft.place.error(f"{shown(value)} is over 1,000 characters; shorten it", f"matrix.{name}")
    return draft.place.error(f"{WANTED['matrix']}, not {shown(matrix)}", "matrix")


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
    if key not in {"prompt", "matrix"} and not value.strip():
        return "must not be blank"
    match key:
        case "id":
            return id_problem(value.strip())
        case "out":
            return out_problem(value)
        case "name":
            return name_problem(value)
        case "size":
            return _size_problem(value)
        case _:
            return ""


def _size_problem(value: str) -> str:
    try:
        parse_size(value)
    except ValueError as error:
        return str(error)
    return ""
