"""The index of pictures, and a query as SQL over it: words by FTS5, what is exact about a picture as made-up words."""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from imgcli.catalog.facets import EVERY, UNLISTED, facet, facets_of, magnitude
from imgcli.catalog.scripts import spread, wanted
from imgcli.model.query import Found, Indexed, Query

Parameters = dict[str, object]

FEW, FEW_WORDS = 1000, 2000
"""So few members of a set are asked one by one for what else is wanted; unless its words find as few as that."""

MOST_DAYS, MOST_RUNS = 62, 200
"""Days that are looked for each; of more, their months. Of more runs, none by itself."""

NO_FTS5 = (
    "the SQLite of this Python has no FTS5, and history, searches and what takes pictures by them need it; use a Python "
    "from python.org, your system or uv, which has it"
)
MAKE_WORDS = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (said, facets, content='', columnsize=0,"
    ' tokenize = "unicode61 remove_diacritics 2")'
)
"""Texts are not kept, only found by; the ledger has them."""

_BARRIER = " \ue000 "
"""A word nobody types, so that no phrase reaches from one text into the next."""


def enter(tx: sqlite3.Connection, pictures: Sequence[Indexed]) -> None:
    """Add those that are new.

    Raises:
        sqlite3.OperationalError: there is no FTS5.
    """
    # 64 MiB: with less, every page of new words is read from disk again.
    tx.execute("PRAGMA cache_size=-65536")
    tx.execute(MAKE_WORDS)
    names = json.dumps([each.attempt for each in pictures])
    known = tx.execute("SELECT attempt FROM picture WHERE attempt IN (SELECT value FROM json_each(?))", (names,))
    there = {row[0] for row in known}
    last = tx.execute("SELECT coalesce(max(number), 0) FROM picture").fetchone()[0]
    new = list({each.attempt: each for each in pictures if each.attempt not in there}.values())
    tx.executemany(
        "INSERT INTO picture (number, attempt, created_at, run, directory, cost) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (n, each.attempt, each.created_at, each.run, each.directory, each.cost)
            for n, each in enumerate(new, last + 1)
        ],
    )
    told = [set(facets_of(each)) for each in new]
    tx.executemany(
        "INSERT INTO words (rowid, said, facets) VALUES (?, ?, ?)",
        [
            (n, _said(each), " ".join(facet(*one) for one in has))
            for n, (each, has) in enumerate(zip(new, told, strict=True), last + 1)
        ],
    )
    values = {one for has in told for one in has if one[0] not in UNLISTED}
    tx.executemany("INSERT INTO known (kind, value) VALUES (?, ?) ON CONFLICT DO NOTHING", values)


def leave(tx: sqlite3.Connection) -> None:
    """Take all of them out again."""
    for text in ("DROP TABLE IF EXISTS words", "DELETE FROM picture", "DELETE FROM known"):
        tx.execute(text)


def _said(picture: Indexed) -> str:
    """All texts of a prompt, each word once as often as can be: the directed one mostly holds the typed one."""
    typed = picture.typed if picture.typed not in picture.directed else ""
    return spread(_BARRIER.join(text for text in (picture.directed, typed, picture.revised) if text))


def find(tx: sqlite3.Connection, query: Query, most: int, before: int | None) -> list[Found]:
    if not _is_made(tx):
        return []
    found: set[Found] = set()
    for way in _ways(tx, query):
        found.update(_walk(tx, way, most, before))
    ordered = sorted(found, reverse=True)
    return ordered if most < 0 else ordered[:most]


def count(tx: sqlite3.Connection, query: Query, most: int | None) -> int:
    """How many there are, or `most` where there are that or more."""
    limit = -1 if most is None else most
    if query == Query():
        return int(tx.execute("SELECT count(*) FROM (SELECT 1 FROM picture LIMIT ?)", (limit,)).fetchone()[0])
    return len(find(tx, query, limit, None))


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to be found: all of it must hold.

    Attributes:
        match: terms for FTS5.
        sets: SELECTs of attempts, each a set the picture is in; people's opinions, which the index does not hold.
        where: terms over `picture`.
        empty: nothing can be found so.
    """

    match: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    values: Parameters = field(default_factory=dict)
    empty: bool = False

    @property
    def matched(self) -> str:
        return " AND ".join(f"({each})" for each in self.match)


def _walk(tx: sqlite3.Connection, way: _Way, most: int, before: int | None) -> Iterable[Found]:
    """What one way finds, the newest first: led by the words or by a set, whichever is small."""
    if way.empty:
        return ()
    values: Parameters = {**way.values, "match": way.matched, "limit": most, "before": before}
    small = _small_set(tx, way, values)
    if small is not None:
        return _by_set(tx, way, small, values)
    where = [*way.where, *(f"EXISTS ({each} AND attempt = picture.attempt)" for each in way.sets)]
    if not way.match:
        return _rows(tx, "picture", "picture.number", where, values)
    # The words lead: they come in the order that is wanted, and as few as there are.
    source = "words CROSS JOIN picture ON picture.number = words.rowid"
    return _rows(tx, source, "words.rowid", [*where, "words MATCH :match"], values)


def _small_set(tx: sqlite3.Connection, way: _Way, values: Parameters) -> str | None:
    """A set of few members; None where there is none, or where the words find few themselves."""
    if way.match and way.sets:
        found = _count(tx, "SELECT 1 FROM words WHERE words MATCH :match", values, FEW_WORDS)
        if found < FEW_WORDS:
            return None
    return next((each for each in way.sets if _count(tx, each, values, FEW) < FEW), None)


def _by_set(tx: sqlite3.Connection, way: _Way, small: str, values: Parameters) -> Iterator[Found]:
    """Its members one by one, until there are enough: whether the words find one is asked last."""
    inside = (f"EXISTS ({each} AND attempt = picture.attempt)" for each in way.sets if each != small)
    source = f"({small}) AS lead CROSS JOIN picture ON picture.attempt = lead.attempt"
    limit, found = values["limit"], 0
    for each in list(_rows(tx, source, "picture.number", [*way.where, *inside], values | {"limit": -1})):
        if found == limit:
            return
        if way.match and not _says(tx, values, each.number):
            continue
        found += 1
        yield each


def _says(tx: sqlite3.Connection, values: Parameters, number: int) -> bool:
    named = {"match": values["match"], "number": number}
    return tx.execute("SELECT 1 FROM words WHERE words MATCH :match AND rowid = :number", named).fetchone() is not None


def _rows(
    tx: sqlite3.Connection, source: str, number: str, where: Sequence[str], values: Parameters
) -> Iterator[Found]:
    terms = [*where, *([f"{number} < :before"] if values["before"] is not None else [])]
    wanted = f" WHERE {' AND '.join(terms)}" if terms else ""
    text = f"SELECT picture.number, picture.attempt FROM {source}{wanted} ORDER BY {number} DESC LIMIT :limit"
    return (Found(*row) for row in tx.execute(text, values))


def _count(tx: sqlite3.Connection, rows: str, values: Parameters, most: int) -> int:
    """How many `rows` there are, a SELECT of ours; `most` if that many or more."""
    return int(tx.execute(f"SELECT count(*) FROM ({rows} LIMIT {most:d})", values).fetchone()[0])


def _ways(tx: sqlite3.Connection, query: Query) -> list[_Way]:
    """One way, and one more for each tag that was put on later: the index does not hold those."""
    way = _plain_way(tx, query)
    made = [f"facets : {facet('tag', tag)}" for tag in query.tags]
    ways = [replace(way, match=(*way.match, *made))]
    for number, tag in enumerate(query.tags):
        if tx.execute("SELECT 1 FROM tagged WHERE tag = ? LIMIT 1", (tag,)).fetchone() is None:
            continue
        others = [other for at, other in enumerate(query.tags) if at != number]
        either = tuple(
            f"(EXISTS (SELECT 1 FROM words WHERE words MATCH :tag{at}m AND words.rowid = picture.number)"
            f" OR EXISTS (SELECT 1 FROM tagged WHERE tag = :tag{at} AND attempt = picture.attempt))"
            for at in range(len(others))
        )
        values: Parameters = {f"tag{at}": other for at, other in enumerate(others)}
        values |= {f"tag{at}m": f"facets : {facet('tag', other)}" for at, other in enumerate(others)}
        later = "SELECT attempt FROM tagged WHERE tag = :later"
        ways.append(
            replace(
                way,
                sets=(later, *way.sets),
                where=(*way.where, *either),
                values=way.values | values | {"later": tag},
            )
        )
    return ways


def _plain_way(tx: sqlite3.Connection, query: Query) -> _Way:
    """All of `query` but its tags."""
    match = [_words(word) for word in query.words]
    single = (("style", query.styles), ("model", query.models), ("provider", query.providers))
    match += [f"facets : {facet(kind, value)}" for kind, wanted in single for value in wanted]
    match += [f"facets : {facet('quality', value)}" for value in query.qualities]
    match += [f"facets : {facet('kind', kind.value)}" for kind in query.kinds]
    lone = (("id", query.id), ("sha256", query.sha256), ("source", query.source))
    match += [f"facets : {facet(kind, value)}" for kind, value in lone if value]
    ranges = [*_ranges(tx, query)]
    match += [f"facets : ({' OR '.join(facet(*each) for each in one)})" for one in ranges if one]
    if query.without:
        kept = " AND ".join(f"({each})" for each in match) or f"facets : {facet(*EVERY)}"
        match = [f"({kept}) NOT ({' OR '.join(map(_words, query.without))})"]
    where: list[str] = []
    values: Parameters = {}
    for term, names in _terms(query):
        where.append(term)
        values |= names
    sets = [f"SELECT attempt FROM mark WHERE mark = :has{number}" for number in range(len(query.marks))]
    values |= {f"has{number}": mark.value for number, mark in enumerate(query.marks)}
    if query.stars:
        sets.append("SELECT attempt FROM stars WHERE stars >= :stars")
        values["stars"] = query.stars
    return _Way(tuple(match), tuple(sets), tuple(where), values, empty=any(not one for one in ranges))


def _ranges(tx: sqlite3.Connection, query: Query) -> Iterator[list[tuple[str, str]]]:
    """Values of which one must be there, for each range that is wanted: days, runs, costs. Rough: `_terms` are exact."""
    if query.since or query.until:
        first, last = query.since[:10], query.until[:10] or "~"
        days = _known(tx, "day", first, last)
        if len(days) > MOST_DAYS:
            yield [("month", month) for month in sorted({day[:7] for day in days})]
        else:
            yield [("day", day) for day in days]
    if query.run:
        runs = _known(tx, "run", query.run, f"{query.run}\U0010ffff")
        if len(runs) <= MOST_RUNS:
            yield [("run", run) for run in runs]
    if query.least is not None or query.most is not None:
        high = magnitude(query.most) if query.most is not None and query.most >= 0 else "~"
        yield [("cost", value) for value in _known(tx, "cost", magnitude(max(0, query.least or 0)), high)]


def _known(tx: sqlite3.Connection, kind: str, first: str, last: str) -> list[str]:
    text = "SELECT value FROM known WHERE kind = ? AND value >= ? AND value <= ? ORDER BY value"
    return [row[0] for row in tx.execute(text, (kind, first, last))]


def _words(word: str) -> str:
    """A word or phrase in quotes, so that nothing in it is a command of FTS5."""
    stem = word.removesuffix("*")
    phrase, is_part = wanted(stem)
    quoted = '"' + phrase.replace('"', '""') + '"'
    is_beginning = is_part or (word.endswith("*") and bool(stem))
    return f"said : {quoted}{' *' if is_beginning else ''}"


def _terms(query: Query) -> Iterator[tuple[str, Parameters]]:
    if query.run:
        yield "picture.run >= :run AND picture.run < :run || char(1114111)", {"run": query.run}
    if query.below is not None:
        below = str(query.below)
        inside = f"{below.rstrip('/')}/"
        yield (
            "(picture.directory = :below OR (picture.directory >= :inside AND picture.directory < :beyond))",
            {"below": below, "inside": inside, "beyond": f"{inside}\U0010ffff"},
        )
    if query.least is not None:
        yield "picture.cost >= :least", {"least": query.least}
    if query.most is not None:
        yield "picture.cost <= :most", {"most": query.most}
    if query.since:
        yield "picture.created_at >= :since", {"since": query.since}
    if query.until:
        yield "picture.created_at < :until", {"until": query.until}
    for number, mark in enumerate(query.unmarked):
        key = f"no{number}"
        yield (
            f"NOT EXISTS (SELECT 1 FROM mark WHERE mark = :{key} AND attempt = picture.attempt)",
            {key: mark.value},
        )


def _is_made(tx: sqlite3.Connection) -> bool:
    return tx.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchone() is not None
