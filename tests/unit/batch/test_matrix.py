from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.draft import Place
from imgcli.batch.matrix import check_unmultiplied, make_grid
from imgcli.errors import BatchFileError
from imgcli.model.entry import Entry

PLACE = Place("p", 3, "prompts[1]")
TWO: dict[str, tuple[str | int | float, ...]] = {"colour": ("red", "blue"), "angle": ("front", "rear", "top")}


def multiplied(
    matrix: dict[str, tuple[str | int | float, ...]], prompt: str, *, own_id: bool = True, **said: Any
) -> list[Entry]:
    entry = Entry(**{"prompt": prompt, "id": "car", "where": "p:3", **said})
    return list(make_grid(entry, matrix, PLACE, own_id=own_id).entries())


def refusal(matrix: dict[str, tuple[str | int | float, ...]], prompt: str, **said: Any) -> str:
    with pytest.raises(BatchFileError) as caught:
        multiplied(matrix, prompt, **said)
    return str(caught.value)


def test_the_first_key_changes_slowest() -> None:
    assert [entry.prompt for entry in multiplied(TWO, "{angle} of a {colour} car")] == [
        "front of a red car",
        "rear of a red car",
        "top of a red car",
        "front of a blue car",
        "rear of a blue car",
        "top of a blue car",
    ]


def test_values_are_added_to_an_id_that_has_none() -> None:
    ids = [entry.id for entry in multiplied(TWO, "{colour} {angle}")]
    assert ids == ["car-red-front", "car-red-rear", "car-red-top", "car-blue-front", "car-blue-rear", "car-blue-top"]
    assert [entry.id for entry in multiplied({"a": ("Sea Buckthorn!", 2)}, "{a}")] == ["car-sea-buckthorn", "car-2"]


@pytest.mark.parametrize(
    ("matrix", "ids"),
    [
        ({"a": ("x!", "x?")}, ["car-1", "car-2"]),
        ({"a": ("", "x")}, ["car-1", "car-2"]),
        ({"a": ("🚗", "x")}, ["car-1", "car-2"]),
        ({"a": ("very " * 10, "x")}, ["car-1", "car-2"]),
        ({"a": ("x-y", "x"), "b": ("z", "y-z")}, ["car-1-1", "car-1-2", "car-2-1", "car-2-2"]),
    ],
)
def test_values_that_make_no_good_ids_are_numbered(
    matrix: dict[str, tuple[str | int | float, ...]], ids: list[str]
) -> None:
    assert [entry.id for entry in multiplied(matrix, "x" + "".join(f"{{{key}}}" for key in matrix))] == ids


def test_braces_of_an_id_we_gave_are_not_read() -> None:
    assert [entry.id for entry in multiplied({"a": ("x",)}, "{a}", own_id=False, id="{b}")] == ["{b}-x"]
    assert [entry.id for entry in multiplied({"a": ("x",)}, "{a}", id="{{b}}")] == ["{b}-x"]


def test_values_go_into_id_directory_and_name() -> None:
    entry, _ = multiplied(
        {"a": ("x/y: {z}", "b")}, "{a} {{a}}", id="{a}", out="o/{a}/p", name="{a}-{slug}-{n}", style=("s",), n=2
    )
    assert (entry.prompt, entry.id, entry.out, entry.name) == (
        "x/y: {z} {a}",
        "x/y: {z}",
        "o/x-y- {z}/p",
        "x-y- {{z}}-{slug}-{n}",
    )
    assert (entry.style, entry.n, entry.where) == (("s",), 2, "p:3")


def test_a_value_cannot_leave_the_directory() -> None:
    outs = [entry.out for entry in multiplied({"a": ("..", "../x", "/etc", "C:\\x")}, "x{a}", out="{a}")]
    assert outs == ["-", "-x", "-etc", "C-x"]
    assert "'con': 'con' is a reserved name" in refusal({"a": ("con",)}, "{a}", out="{a}")


@pytest.mark.parametrize(
    ("matrix", "prompt", "said", "message"),
    [
        (TWO, "{colr}", {}, "p:3: prompts[1].prompt: unknown field '{colr}'; did you mean '{colour}'?"),
        (TWO, "{colour} }", {}, "p:3: prompts[1].prompt: has a single '}'"),
        (TWO, "{colour}", {}, "p:3: prompts[1].matrix.angle: is not in the prompt, so its pictures would be the same"),
        (TWO, "{colour}", {"id": "{angle}"}, "prompts[1].matrix.angle: is not in the prompt"),
        (
            TWO,
            "{colour}{angle}",
            {"name": "{colr}"},
            "prompts[1].name: unknown field '{colr}'; did you mean '{colour}'?",
        ),
        (TWO, "{colour}{angle}", {"out": "{slug}"}, "prompts[1].out: unknown field '{slug}'"),
        (TWO, "{colour}{angle}", {"id": "{colour}"}, "two combinations would have the id 'red'; put {angle} into it"),
        ({"a": (1, 11), "b": (11, 1)}, "{a} {b}", {"id": "{a}{b}"}, "the id '111'; put another character between"),
        ({"a": ("x" * 101,)}, "{a}", {"id": "{a}"}, "prompts[1].id: with its matrix values the id"),
        ({"a": (" ",)}, "x{a}", {"id": "{a}"}, "the id must not be blank"),
        ({"a": ("",)}, " {a} ", {}, "prompts[1].prompt: the prompt is empty with some matrix values"),
        ({"a": ("x", "x")}, "{a}", {}, "prompts[1].matrix.a: has 'x' twice; remove one"),
        ({"a": (1, "1")}, "{a}", {}, "prompts[1].matrix.a: has '1' twice; remove one"),
        ({"a": (float("nan"),)}, "{a}", {}, "prompts[1].matrix.a: nan is no number"),
        ({"a": (10**30,)}, "{a}", {}, "prompts[1].matrix.a: a number is too long"),
        ({"a": ("x" * 1000,)}, "{a}" * 33, {}, "prompts[1].prompt: is over 32,000 characters with its longest"),
    ],
)
def test_a_matrix_that_cannot_be_meant_is_refused(
    matrix: dict[str, tuple[str | int | float, ...]], prompt: str, said: dict[str, str], message: str
) -> None:
    assert message in refusal(matrix, prompt, **said)


def test_without_a_matrix_a_name_has_only_naming_fields() -> None:
    check_unmultiplied(Entry("{a}", "{b}", "p", name="{slug}-{{x}}", out="a{"), PLACE)
    with pytest.raises(BatchFileError, match=r"name: unknown field '\{colour\}'"):
        check_unmultiplied(Entry("{a}", "x", "p", name="{colour}"), PLACE)
    with pytest.raises(BatchFileError, match=r"out: \{colour\} needs a matrix"):
        check_unmultiplied(Entry("{a}", "x", "p", out="a/{colour}"), PLACE)


matrices = st.dictionaries(
    st.sampled_from(["colour", "angle", "größe", "k-1"]),
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30),
        min_size=1,
        max_size=4,
        unique=True,
    ).map(tuple),
    min_size=1,
)


@given(matrices)
def test_every_combination_is_made_once_and_in_order(matrix: dict[str, tuple[str | int | float, ...]]) -> None:
    prompt = "|".join(["-", *(f"{{{key}}}" for key in matrix), "-"])
    grid = make_grid(Entry(prompt, "car", "p"), matrix, PLACE, own_id=True)
    entries = list(grid.entries())
    assert [entry.prompt for entry in entries] == [
        "|".join(["-", *map(str, values), "-"]) for values in product(*matrix.values())
    ]
    assert len(entries) == grid.count == len({entry.id for entry in entries})
    assert max(len(entry.prompt) for entry in entries) == grid.longest
    assert all(len(entry.id) <= 100 for entry in entries)
