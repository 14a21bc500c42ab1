"""Words of a search -> a query, and the index it runs on kept as new as the ledger."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from imgcli.errors import UsageError
from imgcli.model.mark import Mark
from imgcli.model.money import parse_usd
from imgcli.model.opinion import MOST_STARS
from imgcli.model.query import Kind, Query
from imgcli.ports import Catalog, Ledger

T = TypeVar("T")

PAGE = 10_000
"""Pictures of the ledger in memory at once."""

LONGEST = 2000
"""Characters of a search."""

_PART = re.compile(r'(?P<minus>-)?(?:(?P<key>[a-z]+)(?P<op>:|>=|<=|>|<|=))?(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S+))')
_TERMS: Mapping[str, str] = {
    "style": "styles",
    "tag": "tags",
    "model": "models",
    "provider": "providers",
    "quality": "qualities",
}
KEYS = (*_TERMS, "run", "id", "cost", "since", "until", "day", "is", "not", "stars")
"""What may stand before a colon."""

_KEYED = re.compile(r"(?P<key>[^\W\d_]+):(?!//)\S")

_IS = {**{kind.value: kind for kind in Kind}, **{mark.value: mark for mark in Mark}}


def parse_query(text: str) -> Query:  # noqa: C901 - one branch a kind of part
    """`red car style:cinematic -night cost>0.05 since:2026-11-01 is:picked "old town"` as a query.

    Raises:
        UsageError: a word before a colon that is nearly one of KEYS, or a value that does not fit its key.
    """
    if len(text) > LONGEST:
        raise UsageError(f"a search of {len(text):,} characters is too long; {LONGEST:,} are the most")
    found: dict[str, list[object]] = {}
    single: dict[str, object] = {}
    for part in _PART.finditer(text):
        key, value = part["key"], part["bare"] if part["quoted"] is None else part["quoted"]
        if key is not None and key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, n=1, cutoff=0.75)
            if near:
                raise UsageError(f"{part[0]!r}: there is no {key}:; did you mean {near[0]}{part['op']}{value}?")
            key, value = None, part[0].removeprefix("-")
        if key is None:
            if _is_word(value):
                found.setdefault("without" if part["minus"] else "words", []).append(value)
        elif part["minus"]:
            raise UsageError(f"{part[0]!r}: only words can be left out by a minus; is: has its opposite in not:")
        elif not value:
            raise UsageError(f"{part[0]!r}: say what comes behind {key}{part['op']}")
        elif key in _TERMS:
            found.setdefault(_TERMS[key], []).append(value)
        else:
            single |= _single(part, key, value, found)
    if text.strip() and not (found or single):
        # Else everything would be found, where nothing was asked for that can be.
        raise UsageError(f"{text[:40]!r}: nothing in it can be searched for; type a word")
    return Query(**{name: tuple(values) for name, values in found.items()}, **single)  # type: ignore[arg-type]


def _is_word(value: str) -> bool:
    """Whether the index may hold it; marks between words are no part of a search.

    Raises:
        UsageError: a picture sign, which the index does not hold and which is no mark either.
    """
    if any(sign.isalnum() for sign in value):
        return True
    if any(unicodedata.category(sign) == "So" for sign in value):
        raise UsageError(f"{value[:40]!r}: signs like this cannot be searched for; leave it out")
    return False


def unknown_key(query: Query) -> str:
    """The first word before a colon that was perhaps meant as a key and is none; empty if there is none."""
    found = (_KEYED.match(word) for word in query.words)
    return next((match["key"] for match in found if match), "")


def _single(part: re.Match[str], key: str, value: str, found: dict[str, list[object]]) -> dict[str, object]:
    """The fields of a term that is no list of names; a mark is put with the others."""
    op, typed = part["op"], part[0]
    match key:
        case "run" | "id":
            return {key: value.lower() if key == "run" else value}
        case "cost":
            return _bounds(op, _parsed(parse_usd, value, typed, "an amount in dollars, like cost>0.05"))
        case "stars":
            least = _parsed(int, value, typed, "a number, like stars>=4") + (op == ">")
            if op not in {":", ">=", ">", "="} or not 0 <= least <= MOST_STARS:
                raise UsageError(f"{typed!r}: stars are counted from below, like stars>=4; {MOST_STARS} are the most")
            return {"stars": least}
        case "is" | "not":
            _mark(key, value, typed, found)
            return {}
        case _:
            return _days(key, _parsed(date.fromisoformat, value, typed, "a day, like since:2026-11-01"))


def _mark(key: str, value: str, typed: str, found: dict[str, list[object]]) -> None:
    what = _IS.get(value.lower())
    if what is None or (key == "not" and isinstance(what, Kind)):
        known = [name for name, meant in _IS.items() if key == "is" or isinstance(meant, Mark)]
        near = difflib.get_close_matches(value.lower(), known, n=1)
        guess = f"; did you mean {key}:{near[0]}?" if near else ""
        raise UsageError(f"{typed!r}: {key}: takes one of {', '.join(known)}{guess}")
    name = "kinds" if isinstance(what, Kind) else "marks" if key == "is" else "unmarked"
    found.setdefault(name, []).append(what)


def _bounds(op: str, usd: int) -> dict[str, object]:
    match op:
        case ">" | ">=":
            return {"least": usd + (op == ">")}
        case "<" | "<=":
            return {"most": usd - (op == "<")}
        case _:
            return {"least": usd, "most": usd}


def _days(key: str, day: date) -> dict[str, object]:
    # Behind the last day of the calendar comes none, and nothing was made.
    after = (day + timedelta(days=1)).isoformat() if day < date.max else "~"
    match key:
        case "since":
            return {"since": day.isoformat()}
        case "until":
            return {"until": after}
        case _:
            return {"since": day.isoformat(), "until": after}


def _parsed(parse: Callable[[str], T], value: str, typed: str, wanted: str) -> T:
    try:
        return parse(value)
    except (ValueError, OverflowError):
        raise UsageError(f"{typed!r}: {value!r} is not {wanted}") from None


async def freshen(ledger: Ledger, catalog: Catalog, tell: Callable[[int], None] = lambda _: None) -> int:
    """Bring the index up to the ledger; `tell` hears after each page how many were read. Returns that number.

    Each page is kept by itself, so that whoever is interrupted goes on there.
    """
    newest = [each.attempt for each in await catalog.find(Query(), 1)]
    if newest and not await ledger.records_of(newest):
        # An older ledger took the place of the one that was read, and gives the same numbers to other attempts.
        await catalog.forget()
    after, awaited, read = await catalog.indexed(), await catalog.awaited(), 0
    while True:
        page = await ledger.indexable(after, PAGE, awaited)
        is_new = page.pictures or page.seen != after or set(page.awaited) != set(awaited)
        if is_new and not await catalog.index(page.pictures, page.seen, page.awaited, after):
            after, awaited = await catalog.indexed(), await catalog.awaited()
            continue
        read += len(page.pictures)
        if page.pictures:
            tell(read)
        if page.done:
            return read
        after, awaited = page.seen, page.awaited
