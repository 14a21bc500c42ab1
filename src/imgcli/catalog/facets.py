"""What is exact about a picture, as made-up words of the index: what is wanted together is found in one walk."""

import hashlib
from collections.abc import Iterator
from functools import lru_cache

from imgcli.model.query import Indexed

EVERY = ("every", "")
"""All pictures have it: words that must not be are taken from these, where none are wanted."""

UNLISTED = frozenset({"id", "every", "sha256", "source"})
"""Kinds of which nobody asks what values there are."""


def facets_of(picture: Indexed) -> Iterator[tuple[str, str]]:
    """(kind, value) of all that a picture is found by beside words and opinions."""
    yield EVERY
    yield "provider", picture.provider
    yield "model", picture.model
    yield "quality", picture.quality
    yield "kind", picture.kind.value
    yield "id", picture.id
    yield "run", picture.run
    yield "month", picture.created_at[:7]
    yield "day", picture.created_at[:10]
    yield "cost", magnitude(picture.cost)
    if picture.sha256:
        yield "sha256", picture.sha256
    for source in picture.sources:
        yield "source", source
    for name in picture.styles:
        yield "style", name
    for name in picture.tags:
        yield "tag", name


def magnitude(cost: int) -> str:
    """About how much, as two digits: each is twice the one before."""
    return f"{cost.bit_length():02}"


@lru_cache(maxsize=4096)
def facet(kind: str, value: str) -> str:
    """A word that stands for a value, whatever letters that has; the same for upper and lower case."""
    return f"f{hashlib.sha256(f'{kind}:{value.casefold()}'.encode()).hexdigest()[:16]}"
