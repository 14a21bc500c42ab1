"""All that people said of one picture."""

from dataclasses import dataclass

from imgcli.model.mark import Mark

MOST_STARS = 5


@dataclass(frozen=True, slots=True)
class Opinion:
    """Marks, stars (1 to 5, 0 for none given) and tags that were put on it after it was made."""

    marks: frozenset[Mark] = frozenset()
    stars: int = 0
    tags: tuple[str, ...] = ()


UNSEEN = Opinion()
"""Nobody said anything."""
