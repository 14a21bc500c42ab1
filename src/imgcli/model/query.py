"""What is looked for among all pictures, and what they are found by."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from imgcli.model.attempt import Record
from imgcli.model.mark import Mark


class Kind(Enum):
    DRAFT = "draft"  # small and cheap, of a picture that is wanted otherwise
    FINAL = "final"  # made of a draft
    EDIT = "edit"  # made from pictures
    PLAIN = "plain"  # made of words, as it was wanted


def kind_of(record: Record) -> Kind:
    job = record.job
    if job.wanted is not None:
        return Kind.DRAFT
    if job.draft:
        return Kind.FINAL
    return Kind.EDIT if job.edit else Kind.PLAIN


@dataclass(frozen=True, slots=True)
class Query:
    """Everything said must hold; nothing said finds everything.

    Attributes:
        words: words, or phrases with blanks, of the typed, directed or revised prompt; one that ends in `*` is a beginning.
        without: words that no prompt may have.
        styles, tags, models, providers, qualities, kinds: each of these; tags that were put on later count too.
        run: as its id begins.
        id: of the batch entry.
        below: absolute directory the picture is in, or above it.
        least, most: nano-USD it cost, both included.
        since, until: RFC 3339 UTC, or its beginning: asked for at or after `since`, and before `until`.
        marks, unmarked: marks it has, and has not.
        stars: at least so many.
        sha256: of the picture, hex.
        source: what it is made from: the attempt of its draft or of the one it was made again after, or an input's SHA-256.
    """

    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    run: str = ""
    id: str = ""
    below: Path | None = None
    least: int | None = None
    most: int | None = None
    since: str = ""
    until: str = ""
    marks: tuple[Mark, ...] = ()
    unmarked: tuple[Mark, ...] = ()
    stars: int = 0
    sha256: str = ""
    source: str = ""


class Indexed(NamedTuple):
    """A picture of the ledger by all it is found by; none of this changes any more. `cost` is nano-USD.

    `sources` are the attempts of its draft and of the one it was made again after, and the SHA-256 of its inputs.
    """

    attempt: str
    created_at: str
    run: str
    directory: str
    id: str
    provider: str
    model: str
    quality: str
    kind: Kind
    cost: int
    typed: str
    directed: str
    revised: str
    styles: tuple[str, ...]
    tags: tuple[str, ...]
    sha256: str = ""
    sources: tuple[str, ...] = ()


class Page(NamedTuple):
    """Pictures of the ledger for the index, read up to the number `seen`, the last of all where `done`.

    `awaited` are the attempts up to there that are still under way.
    """

    pictures: Sequence[Indexed]
    seen: int
    awaited: Sequence[str]
    done: bool


class Found(NamedTuple):
    """A picture that a query finds; `number` orders all of them, newer ones have higher ones."""

    number: int
    attempt: str
