"""What a picture can be expected to be."""

from collections.abc import Sequence

EXPECTATIONS = ("size", "alpha", "palette", "not-blank", "distinct")
"""The words; `measure.expect` and `expectations` say what each means."""

MOST_TRIES = 10
"""More pictures at most in the place of one that is not what was expected."""

USUAL_TRIES = 2
"""Where something is expected and nobody says how often."""


def expected(words: Sequence[str]) -> tuple[str, ...]:
    """The expectations in `words`, which may hold several with commas between them; each once.

    Raises:
        ValueError: a word that is none.
    """
    wanted = [part.strip().lower().replace("_", "-") for word in words for part in word.split(",") if part.strip()]
    for word in wanted:
        if word not in EXPECTATIONS:
            raise ValueError(f"{word[:40]!r} is nothing to expect; there are {', '.join(EXPECTATIONS)}")
    return tuple(dict.fromkeys(wanted))
