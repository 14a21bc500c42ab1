"""What a page says of a picture, read strictly and put into the catalog."""

import msgspec

from imgcli.model.mark import Mark, Marked
from imgcli.model.names import plain_name
from imgcli.model.opinion import MOST_STARS, UNSEEN
from imgcli.model.pick import Pick
from imgcli.ports import Catalog

LONGEST_TAG = 100

WRITABLE = {mark.value: mark for mark in (Mark.PICKED, Mark.REJECTED, Mark.OPENED)}
OPPOSITE = {Mark.PICKED: Mark.REJECTED, Mark.REJECTED: Mark.PICKED}
"""A picture is one of these two at most."""


class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page says of one picture: a mark or a tag that is put on or taken off, or stars."""

    attempt: str
    mark: str = ""
    on: bool = True
    stars: int | None = None
    tag: str = ""


class Opined(msgspec.Struct, frozen=True):
    """What was said of a picture, all in all."""

    attempt: str
    marks: tuple[str, ...]
    stars: int
    tags: tuple[str, ...]


def read_opinion(data: bytes) -> Said:
    """What the JSON of a page says.

    Raises:
        ValueError: it is none.
    """
    try:
        return msgspec.json.decode(data, type=Said)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None


async def opine(said: Said, pick: Pick, catalog: Catalog) -> Opined:
    """Put one thing into the catalog; returns all that is said of the picture now.

    Raises:
        ValueError: it is not exactly one, or none that can be said.
    """
    match said:
        case Said(mark=mark, stars=None, tag="") if mark in WRITABLE:
            await _mark(WRITABLE[mark], pick, catalog, on=said.on)
        case Said(mark="", stars=int(stars), tag="") if 0 <= stars <= MOST_STARS:
            await catalog.rate(said.attempt, stars)
        case Said(mark="", stars=None, tag=tag) if (word := plain_name(tag)) and is_tag(word):
            await (catalog.tag if said.on else catalog.untag)(said.attempt, word)
        case _:
            raise ValueError("it says nothing, or too much at once")
    told = (await catalog.opinions([said.attempt])).get(said.attempt, UNSEEN)
    return Opined(said.attempt, tuple(sorted(mark.value for mark in told.marks)), told.stars, told.tags)


async def _mark(mark: Mark, pick: Pick, catalog: Catalog, *, on: bool) -> None:
    attempt = pick.record.attempt
    if not on:
        await catalog.unmark(attempt, mark)
        return
    await catalog.mark(Marked(attempt, mark, pick.path))
    if mark in OPPOSITE:
        await catalog.unmark(attempt, OPPOSITE[mark])


def is_tag(word: str) -> bool:
    return len(word) <= LONGEST_TAG and word.isprintable()
