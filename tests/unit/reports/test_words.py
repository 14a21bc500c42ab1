import itertools
import random
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgcli.model.prompt import Piece
from imgcli.reports.words import Kind, Run, diff, kept_share, told_by, words

SAME, ADDED, REMOVED = Kind.SAME, Kind.ADDED, Kind.REMOVED
letters = st.characters(exclude_categories=["Cs"])
# Few words make many ways to line two texts up, which is where a diff goes wrong.
few = st.lists(st.sampled_from(["a", "car", " ", "  ", ",", ".", "\n", "b", "’s", "é"]), max_size=40).map("".join)
texts = st.text(letters, max_size=60) | few


def side(runs: tuple[Run, ...], kind: Kind) -> str:
    return "".join(run.text for run in runs if run.kind in {SAME, kind})


@given(texts, texts)
@example(" a", "a ")
@example("a a b", "a b a")
def test_both_texts_are_in_the_diff_to_the_letter(before: str, after: str) -> None:
    runs = diff(before, after)
    assert side(runs, REMOVED) == before
    assert side(runs, ADDED) == after
    assert all(run.text for run in runs)
    assert all(one.kind is not other.kind for one, other in itertools.pairwise(runs))


@given(texts)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert diff(text, text) == ((Run(SAME, text),) if text else ())


@given(st.integers(0, 2**32))
def test_long_texts_keep_the_law_where_they_are_parted(seed: int) -> None:
    luck = random.Random(seed)  # noqa: S311 - lots, no secrets
    before = [luck.choice(["the", "a", ",", f"w{luck.randrange(900)}"]) for _ in range(700)]
    after = [word for word in before if luck.random() > 0.2]
    after.insert(luck.randrange(len(after)), "new")
    runs = diff(" ".join(before), "  ".join(after))
    assert (side(runs, REMOVED), side(runs, ADDED)) == (" ".join(before), "  ".join(after))


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("a red car", "a blue car", [(SAME, "a"), (REMOVED, " red"), (ADDED, " blue"), (SAME, " car")]),
        ("a car", "a car, at dusk", [(SAME, "a car"), (ADDED, ", at dusk")]),
        ("no text", "", [(REMOVED, "no text")]),
        # Blanks and marks between two changes are no island.
        ("old, worn", "new, shiny", [(REMOVED, "old, worn"), (ADDED, "new, shiny")]),
        # Nor is a word between two sentences.
        (
            "No text on any of its surfaces.",
            "A sign with large text in the window.",
            [(REMOVED, "No text on any of its surfaces"), (ADDED, "A sign with large text in the window"), (SAME, ".")],
        ),
        (
            "red car fast",
            "blue car slow",
            [(REMOVED, "red"), (ADDED, "blue"), (SAME, " car"), (REMOVED, " fast"), (ADDED, " slow")],
        ),
        ("A car", "a car", [(REMOVED, "A"), (ADDED, "a"), (SAME, " car")]),
        ("it's", "it’s", [(REMOVED, "it's"), (ADDED, "it’s")]),
    ],
)
def test_diffs_as_a_reader_wants_them(before: str, after: str, runs: list[tuple[Kind, str]]) -> None:
    assert [(run.kind, run.text) for run in diff(before, after)] == runs


def test_what_both_say_once_lines_a_long_text_up() -> None:
    before = " ".join(f"w{n}" for n in range(3000))
    after = before.replace("w1500", "other words")
    runs = diff(before, after)
    assert [(r.kind, r.text) for r in runs[1:3]] == [(REMOVED, " w1500"), (ADDED, " other words")]
    assert len(runs) == 4


@pytest.mark.parametrize("case", ["prose", "one word", "two words", "marks", "nothing alike"])
def test_the_longest_prompts_take_less_than_a_second(case: str) -> None:
    luck = random.Random(5)  # noqa: S311 - lots, no secrets
    vocabulary = [f"word{n}" for n in range(800)] + ["the", "a", ",", ".", "of"] * 40
    prose = [luck.choice(vocabulary) for _ in range(6000)]
    pairs = {
        "prose": (" ".join(prose), " ".join(word for word in prose if luck.random() > 0.3)),
        "one word": ("a " * 16000, "a " * 15000 + "b"),
        "two words": (
            " ".join(luck.choice("ab") for _ in range(16000)),
            " ".join(luck.choice("ab") for _ in range(16000)),
        ),
        "marks": (",." * 16000, ".,!" * 10666),
        "nothing alike": ("a " * 16000, "b " * 16000),
    }
    before, after = pairs[case]
    began = time.process_time()
    runs = diff(before, after)
    assert time.process_time() - began < 1
    assert (side(runs, REMOVED), side(runs, ADDED)) == (before, after)


def test_pieces_are_a_diff_that_knows_who_added_what() -> None:
    pieces = [
        Piece("A still: ", "noir"),
        Piece("a car", ""),
        Piece(". Dark", "noir"),
        Piece(".", "noir"),
        Piece("", "x"),
    ]
    assert told_by(pieces) == (Run(ADDED, "A still: ", "noir"), Run(SAME, "a car"), Run(ADDED, ". Dark.", "noir"))


def test_words_are_counted_without_marks() -> None:
    assert words("It’s a well-lit car, no?") == ["It’s", "a", "well-lit", "car", "no"]
    assert kept_share(diff("a red car", "a blue, fast car")) == (2, 2, 1)
