"""What is told of questions before they are asked."""

from pathlib import Path

import pytest

from imgcli.cli.asked import VERBS, told_first
from imgcli.model.input import Input
from imgcli.model.question import Kind, Question
from imgcli.model.quote import Priced, Quote, Unpriced

PICTURE = Input(Path("/x/car.png"), "ab" * 32, 1000, "png", 640, 480, "car.png")


def quote(kind: Kind, number: int = 1, *, priced: bool = True) -> Quote:
    images = () if kind is Kind.EXPANSION else (PICTURE,)
    question = Question("openai", "words-1", "i", str(number), "{}", 100, kind, images)
    job = question.job("", "e", (), Path("/x"))
    return Priced(job, 1_000_000, 2_000_000, "yours") if priced else Unpriced(job, "no price")


def test_each_kind_has_a_line() -> None:
    lines = told_first(
        [quote(Kind.EXPANSION), quote(Kind.DESCRIPTION), quote(Kind.DESCRIPTION, 2, priced=False), quote(Kind.STYLE)]
    )
    assert lines == [
        "words-1 expands 1 prompt first: about $0.0010, at most $0.0020",
        "words-1 describes 2 pictures first: about $0.0010, at most $0.0020, 1 of unknown price",
        "words-1 distils 1 style first: about $0.0010, at most $0.0020",
    ]
    assert told_first([]) == []


@pytest.mark.parametrize("kind", VERBS)
def test_the_words_are_those_of_the_kinds(kind: str) -> None:
    assert Kind(kind).value == kind
