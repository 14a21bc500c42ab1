from dataclasses import replace
from typing import Any

import pytest

from imgcli.providers.placeholder.wish import Wish

A_WISH = Wish("a red car", "A red car, cinematic.", ("cinematic",), ("#102030",), 7, sources=("ab" * 32,))


@pytest.mark.parametrize(
    "change",
    [
        {"typed": "a blue car"},
        {"text": "A red car."},
        {"styles": ()},
        {"colours": ("#102031",)},
        {"seed": None},
        {"sources": ("cd" * 32,)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_word_and_source_makes_another_idea(change: dict[str, Any]) -> None:
    assert replace(A_WISH, **change).idea != A_WISH.idea
    assert replace(A_WISH, **change).face != A_WISH.face


def test_variants_share_the_idea_and_not_the_face() -> None:
    other = replace(A_WISH, variant=2)
    assert other.idea == A_WISH.idea
    assert other.face != A_WISH.face


@pytest.mark.parametrize("change", [{"width": 640}, {"height": 64}, {"format": "webp"}])
def test_size_and_format_are_no_part_of_it(change: dict[str, Any]) -> None:
    assert replace(A_WISH, **change).face == A_WISH.face


@pytest.mark.parametrize(
    ("typed", "title"), [("a  red\ncar", "a red car"), ("🚗", "automobile"), ("", "edit"), ("\x1b[31m", "[31m")]
)
def test_the_title_is_what_can_be_set(typed: str, title: str) -> None:
    assert Wish(typed).title == title
    assert Wish(typed, styles=("cinematic", "neon")).caption("edit").styles == "cinematic, neon"
