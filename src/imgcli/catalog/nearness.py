"""Which pictures a model of words finds alike, by the vectors that are kept of them; nobody is asked anything."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from imgcli.catalog.alike import opposed
from imgcli.catalog.near import ranked, unpacked
from imgcli.ports import Catalog

MOST_FIRST = 300
"""Pictures, of those that differ in their words alone, with which each later one is compared."""

NEAREST = 5


class Worded(NamedTuple):
    """A picture by its words; `rest` as `alike.rest_key` tells it."""

    attempt: str
    rest: str
    typed: str


class _First(NamedTuple):
    worded: Worded
    vector: Sequence[float]


async def nearest(pictures: Iterable[Worded], catalog: Catalog, model: str, least: float) -> Mapping[str, str]:
    """Attempt -> the earlier attempt of `pictures` whose words are near, of those that have one.

    Args:
        pictures: oldest first.
        catalog: that keeps the vectors.
        model: whose vectors are compared.
        least: cosine from which words are near, unless a rule says that they differ.
    """
    groups: dict[str, list[Worded]] = {}
    for each in pictures:
        groups.setdefault(each.rest, []).append(each)
    found: dict[str, str] = {}
    for rest, group in groups.items():
        if len(group) > 1:
            vectors = {attempt: unpacked(data) for attempt, data in await catalog.vectors(rest, model)}
            found |= _near(group, vectors, least)
    return found


def _near(group: Iterable[Worded], vectors: Mapping[str, Sequence[float]], least: float) -> dict[str, str]:
    firsts: dict[str, _First] = {}
    found: dict[str, str] = {}
    for each in group:
        vector = vectors.get(each.attempt)
        if vector is None:
            continue
        close = ranked(vector, ((name, first.vector) for name, first in firsts.items()), least, NEAREST)
        near = (name for name, _ in close if not opposed(each.typed, firsts[name].worded.typed))
        if (first := next(near, None)) is not None:
            found[each.attempt] = first
        elif len(firsts) < MOST_FIRST:
            firsts[each.attempt] = _First(each, vector)
    return found
