import json
from hashlib import sha256, sha512
from itertools import product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.axes import Axis, Draw, Sets, as_texts, axes_of, combinations, labelled, make_axis
from imgcli.batch.draft import Place
from imgcli.errors import BatchFileError

PLACE = Place("p", 3, "prompts[1]")


def axes(*sizes: int) -> tuple[Axis, ...]:
    return tuple(
        make_axis((f"k{at}",), tuple((f"v{row}",) for row in range(size)), "matrix") for at, size in enumerate(sizes)
    )


def labels(found: tuple[Axis, ...], room: int, draw: Draw) -> list[str]:
    return [label for _, label in labelled(found, room, draw)]


SIZES = st.lists(st.integers(1, 6), min_size=1, max_size=4)
SEEDS = st.integers(0, 2**63 - 1)


@given(SIZES)
def test_without_a_draw_all_combinations_come_in_order(sizes: list[int]) -> None:
    assert list(combinations(axes(*sizes), None)) == list(product(*map(range, sizes)))


@given(SIZES, SEEDS, st.integers(1, 40), st.integers(0, 20))
def test_drawing_more_keeps_what_was_drawn(sizes: list[int], seed: int, count: int, more: int) -> None:
    some = list(combinations(axes(*sizes), Draw(count, seed)))
    total = prod(sizes)
    assert len(some) == len(set(some)) == min(count, total)
    assert set(some) <= set(product(*map(range, sizes)))
    longer = list(combinations(axes(*sizes), Draw(count + more, seed)))
    if count + more < total:
        assert longer[:count] == some
    else:
        assert longer == list(product(*map(range, sizes)))


@given(SIZES, SEEDS, st.integers(1, 40), st.integers(0, 20))
def test_the_label_of_a_drawn_combination_does_not_depend_on_the_others(
    sizes: list[int], seed: int, count: int, more: int
) -> None:
    found = axes(*sizes)

    def named(number: int) -> dict[tuple[int, ...], str]:
        return dict(labelled(found, 99, Draw(number, seed)))

    few, many = named(count), named(count + more)
    assert few.items() <= many.items()
    assert len(set(many.values())) == len(many)


def test_the_same_seed_draws_the_same_everywhere() -> None:
    """The very draws of every machine and Python: a change here would make everybody's samples anew."""
    assert list(combinations(axes(10, 10, 10), Draw(4, 7))) == [(7, 0, 1), (7, 0, 8), (1, 1, 4), (6, 2, 3)]
    found = json.dumps(list(combinations(axes(*[50] * 7), Draw(1000, 2**63 - 1)))).encode()
    assert sha256(found).hexdigest()[:16] == "59eb483b8b54208c"


@given(st.integers(2, 60), SEEDS)
def test_the_draws_are_those_of_the_textbook(size: int, seed: int) -> None:
    cards = list(range(size))
    for at in range(size):
        other = at + int.from_bytes(sha512(f"{seed}:{at}".encode()).digest(), "big") % (size - at)
        cards[at], cards[other] = cards[other], cards[at]
    assert [row for (row,) in combinations(axes(size), Draw(size - 1, seed))] == cards[:-1]


def test_a_space_that_nobody_could_multiply_out_is_drawn_from_at_once() -> None:
    found = list(combinations(axes(*[1000] * 16), Draw(1000, 0)))
    assert len(set(found)) == 1000


def test_every_combination_is_as_likely_as_another() -> None:
    often: dict[tuple[int, ...], int] = dict.fromkeys(product(range(2), range(3)), 0)
    for seed in range(6000):
        (picked,) = combinations(axes(2, 3), Draw(1, seed))
        often[picked] += 1
    assert min(often.values()) > 850
    assert max(often.values()) < 1150


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((("Sea Buckthorn!", "mint"), ("x", "y")), ["sea_buckthorn-x", "sea_buckthorn-y", "mint-x", "mint-y"]),
        # The second and third have no word of their own; those that have one keep it.
        ((("a", "b!", "b?"),), ["a", None, None]),
        ((("a", "🚗"),), ["a", None]),
        ((("a", "long " * 9),), ["a", None]),
    ],
)
def test_drawn_labels_are_words_or_a_hash(values: tuple[tuple[str, ...], ...], expected: list[str | None]) -> None:
    found = tuple(make_axis((f"k{at}",), tuple((one,) for one in column), "matrix") for at, column in enumerate(values))
    seen = labels(found, 99, Draw(1000, 0))
    for label, word in zip(seen, expected, strict=True):
        assert label == word if word else len(label) == 12 and int(label, 16) >= 0
    assert all(len(label) == 12 for label in labels(found, 0, Draw(1000, 0)))


def test_a_hash_tells_where_one_value_ends() -> None:
    found = tuple(make_axis((key,), (("🚗",), ("🚗🚗",)), "matrix") for key in "ab")
    assert len(set(labels(found, 99, Draw(9, 0)))) == 4


def test_zip_walks_its_lists_together_after_the_matrix() -> None:
    first, zipped = axes_of(Sets({"a": ("x", "y")}, {"b": (1, 2, 3), "c": ("one", "one", "two")}), PLACE)
    assert first.rows == (("x",), ("y",))
    assert zipped.names == ("b", "c")
    assert zipped.rows == (("1", "one"), ("2", "one"), ("3", "two"))
    assert zipped.widths == (1, 3)
    assert zipped.words == ("1", "2", "3")


def test_a_row_of_a_zip_is_named_by_its_first_value_or_by_all() -> None:
    (zipped,) = axes_of(Sets(zip={"b": ("x", "x"), "c": ("one", "two")}), PLACE)
    assert zipped.words == ("x-one", "x-two")


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        (
            Sets({}, {"a": (1, 2, 3), "b": (1, 2)}),
            "p:3: prompts[1].zip.b: is a list of 2, but zip.a one of 3; zip walks its",
        ),
        (Sets({"a": (1,)}, {"a": (1,)}), "prompts[1].zip.a: is also in the matrix; remove one"),
        (Sets({}, {"a": (1, 2, 1), "b": (4, 5, 4)}), "prompts[1].zip: has the same values in places 1 and 3 of its"),
        (Sets({"a": (1, "1")}), "prompts[1].matrix.a: has '1' twice; remove one"),
        (Sets({}, {"a": (float("inf"),)}), "prompts[1].zip.a: inf is no number"),
        (Sets({"size": ("huge",)}), "prompts[1].matrix.size: size 'huge' is not WIDTHxHEIGHT"),
    ],
)
def test_lists_that_cannot_be_meant_are_refused(sets: Sets, message: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        axes_of(sets, PLACE)
    assert message in str(caught.value)


def test_numbers_become_the_words_one_types() -> None:
    assert as_texts("a", (1, 2.5, "x"), PLACE, "matrix.a") == ("1", "2.5", "x")
