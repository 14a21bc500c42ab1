"""A query as SQL over the index of pictures: words by FTS5, what they were made with as made-up words of the same index."""

import hashlib
import sqlite3
from collections.abc import Iterator

from imgcli.model.query import Found, Indexed, Query

Parameters = dict[str, object]


def facets(picture: Indexed) -> str:
    """All that is exact about a picture, as one word each."""
    single = (
        ("provider", picture.provider),
        ("model", picture.model),
        ("quality", picture.quality),
        ("kind", picture.kind.value),
        ("id", picture.id),
    )
    several = [("style", name) for name in picture.styles] + [("tag", name) for name in picture.tags]
    return " ".join(facet(*each) for each in (*single, *several))


def facet(kind: str, value: str) -> str:
    """A word that stands for a value, whatever letters that has; the same for upper and lower case."""
    return f"f{hashlib.sha256(f'{kind}:{value.casefold()}'.encode()).hexdigest()[:16]}"


def find(tx: sqlite3.Connection, query: Query, most: int, before: int | None) -> list[Found]:
    source, where, values = _parts(tx, query)
    if before is not None:
        where, values = [*where, "picture.number < :before"], values | {"before": before}
    text = f"SELECT picture.number, picture.attempt FROM {source}{_where(where)} ORDER BY {_order(source)} LIMIT :limit"
    return [Found(*row) for row in tx.execute(text, values | {"limit": most})]


def count(tx: sqlite3.Connection, query: Query) -> int:
    source, where, values = _parts(tx, query)
    return int(tx.execute(f"SELECT count(*) FROM {source}{_where(where)}", values).fetchone()[0])


_BY_WORDS = "words CROSS JOIN picture ON picture.number = words.rowid"
"""The words lead: they come in the order that is wanted, and as few as there are."""


def _order(source: str) -> str:
    return "words.rowid DESC" if source == _BY_WORDS else "picture.number DESC"


def _where(terms: list[str]) -> str:
    return f" WHERE {' AND '.join(terms)}" if terms else ""


def _parts(tx: sqlite3.Connection, query: Query) -> tuple[str, list[str], Parameters]:
    """What is read, the terms that must hold, and their values."""
    match = [f"{{typed directed revised}} : {_phrase(word)}" for word in query.words]
    single = (("style", query.styles), ("model", query.models), ("provider", query.providers))
    match += [f"facets : {facet(kind, value)}" for kind, wanted in single for value in wanted]
    match += [f"facets : {facet('quality', value)}" for value in query.qualities]
    match += [f"facets : {facet('kind', kind.value)}" for kind in query.kinds]
    match += [f"facets : {facet('id', query.id)}"] if query.id else []
    where: list[str] = []
    values: Parameters = {}
    for number, tag in enumerate(query.tags):
        if tx.execute("SELECT 1 FROM tagged WHERE tag = :tag LIMIT 1", {"tag": tag}).fetchone() is None:
            match.append(f"facets : {facet('tag', tag)}")
            continue
        where.append(
            f"(picture.number IN (SELECT rowid FROM words WHERE words MATCH :made{number})"
            f" OR picture.attempt IN (SELECT attempt FROM tagged WHERE tag = :tag{number}))"
        )
        values |= {f"made{number}": f"facets : {facet('tag', tag)}", f"tag{number}": tag}
    if query.without:
        where.append("picture.number NOT IN (SELECT rowid FROM words WHERE words MATCH :without)")
        without = " OR ".join(_phrase(word) for word in query.without)
        values["without"] = f"{{typed directed revised}} : ({without})"
    for term, names in _terms(query):
        where.append(term)
        values |= names
    if match:
        where, values = ["words MATCH :match", *where], values | {"match": " AND ".join(f"({each})" for each in match)}
    return _BY_WORDS if match else "picture", where, values


def _phrase(word: str) -> str:
    """A word or phrase in quotes, so that nothing in it is a command of FTS5."""
    stem = word.removesuffix("*")
    quoted = '"' + stem.replace('"', '""') + '"'
    return f"{quoted} *" if word.endswith("*") and stem else quoted


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
    if query.stars:
        yield "picture.attempt IN (SELECT attempt FROM stars WHERE stars >= :stars)", {"stars": query.stars}
    for name, marks, word in (("has", query.marks, "IN"), ("no", query.unmarked, "NOT IN")):
        for number, mark in enumerate(marks):
            key = f"{name}{number}"
            yield f"picture.attempt {word} (SELECT attempt FROM mark WHERE mark = :{key})", {key: mark.value}
