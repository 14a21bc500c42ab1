import math
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.axes import Draw, Given, Sets, make_axis
from imgcli.batch.cut import Scope, scope_of
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
    return list(make_grid(entry, Sets(matrix), PLACE, own_id=own_id).entries())


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
        ({"a": ("x" * 101,)}, "{a}", {"id": "{a}"}, "prompts[1].id: with its values the id"),
        ({"a": (" ",)}, "x{a}", {"id": "{a}"}, "the id must not be blank"),
        ({"a": ("",)}, " {a} ", {}, "prompts[1].prompt: the prompt is empty with some values"),
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
    grid = make_grid(Entry(prompt, "car", "p"), Sets(matrix), PLACE, own_id=True)
    entries = list(grid.entries())
    assert [entry.prompt for entry in entries] == [
        "|".join(["-", *map(str, values), "-"]) for values in product(*matrix.values())
    ]
    assert len(entries) == grid.count == len({entry.id for entry in entries})
    assert max(len(entry.prompt) for entry in entries) == grid.longest
    assert all(len(entry.id) <= 100 for entry in entries)


def grid_of(prompt: str, sets: Sets | None = None, scope: Scope | None = None, **said: Any) -> list[Entry]:
    entry = Entry(**{"prompt": prompt, "id": "car", "where": "p:3", **said})
    return list(make_grid(entry, sets or Sets(), PLACE, own_id=True, scope=scope).entries())


COLOURS = scope_of(
    {"brand": "A/B {x}", "base": "shop/2026", "colour": ("red", "blue")},
    lambda body: make_axis((body,), (("oak",), ("ash",)), ""),
    "; because of [vars]",
)


def test_without_several_values_an_entry_stays_one() -> None:
    (entry,) = grid_of("{brand} {{x}}", scope=COLOURS, out="{base}/x", name="{brand}-{n}", no=("{brand}",), tags=("t",))
    assert (entry.prompt, entry.id, entry.out) == ("A/B {x} {x}", "car", "shop/2026/x")
    assert (entry.name, entry.no, entry.tags) == ("A-B {{x}}-{n}", ("A/B {x}",), ("t",))


def test_axes_come_in_the_order_matrix_zip_and_then_as_the_texts_name_them() -> None:
    found = grid_of(
        "{a} {b} {|very} {@wood} {colour} {@wood}",
        Sets({"a": (1, 2)}, {"b": ("x", "y"), "c": ("p", "q")}),
        COLOURS,
        out="{c}",
    )
    assert [entry.prompt for entry in found][:9] == [
        "1 x  oak red oak",
        "1 x  oak blue oak",
        "1 x  ash red ash",
        "1 x  ash blue ash",
        "1 x very oak red oak",
        "1 x very oak blue oak",
        "1 x very ash red ash",
        "1 x very ash blue ash",
        "1 y  oak red oak",
    ]
    assert len(found) == 2 * 2 * 2 * 2 * 2
    assert {entry.out for entry in found if " y " in entry.prompt} == {"q"}


def test_a_key_of_the_entry_wins_over_a_variable() -> None:
    assert [
        entry.prompt for entry in grid_of("{brand} {colour}", Sets({"brand": ("x",), "colour": (1,)}), COLOURS)
    ] == ["x 1"]


def test_settings_take_the_values_of_a_matrix_or_zip_and_go_into_ids() -> None:
    found = grid_of(
        "a car",
        Sets({"style": ("Noir", "macro")}, {"size": ("64x64", "auto"), "seed": (7, 8)}),
        style=("old",),
        out="{style}",
        name="{style}-{n}",
    )
    assert [(entry.id, entry.style, entry.size, entry.seed, entry.out, entry.name) for entry in found] == [
        ("car-noir-64x64", ("Noir",), "64x64", 7, "Noir", "{style}-{n}"),
        ("car-noir-auto", ("Noir",), "auto", 8, "Noir", "{style}-{n}"),
        ("car-macro-64x64", ("macro",), "64x64", 7, "macro", "{style}-{n}"),
        ("car-macro-auto", ("macro",), "auto", 8, "macro", "{style}-{n}"),
    ]


def test_lists_of_texts_are_filled_too() -> None:
    (red, _) = grid_of("a car", scope=COLOURS, style=("s", "in-{colour}"), no=("{colour} text",), tags=("{colour}",))
    assert (red.style, red.no, red.tags, red.id) == (("s", "in-red"), ("red text",), ("red",), "car-red")


@pytest.mark.parametrize(
    ("prompt", "sets", "said", "message"),
    [
        ("x", Sets(), {"id": "{colour}"}, "p:3: prompts[1].id: {colour} has several values, but is not in the prompt"),
        (
            "x",
            Sets(),
            {"tags": ("{colour}",)},
            "prompts[1].tags: {colour} has several values, but is not in the prompt",
        ),
        ("{a}", Sets({}, {"a": (1, 2), "b": (3, 4)}), {}, "prompts[1].zip.b: is used nowhere; write {b} in a text or"),
        ("x", Sets({}, {"a": (1, 2)}), {}, "prompts[1].zip.a: is not in the prompt, so its pictures would be the same"),
        ("x{brand}", Sets(draw=Draw(3, 0)), {}, "prompts[1].sample: there is nothing to draw from; add a matrix"),
        ("{a|a}", Sets(), {}, "prompts[1].prompt: has 'a' twice in '{a|a}'; remove one"),
        ("{a|b}", Sets(), {"id": "{a|b}"}, "prompts[1].id: has alternatives '{a|b}', which only a prompt may have"),
        ("{a|b} {colour}", Sets(), {"id": "{colour}"}, "name the alternatives in a matrix and put them into it"),
        ("{@a} {colour}", Sets(), {"id": "{colour}"}, "put {@a} into it"),
        (
            "a { b",
            Sets(),
            {},
            "prompts[1].prompt: has a single '{'; write {{ for the character, or {key} for a value; ",
        ),
        ("a { b", Sets(), {}, "; because of [vars]"),
        ("{colr}", Sets(), {}, "unknown field '{colr}'; did you mean '{colour}'?; because of [vars]"),
        ("x", Sets({"a": ("x" * 101,)}), {"tags": ("{a}",)}, "prompts[1].matrix.a: is not in the prompt"),
        (
            "{a}",
            Sets({"a": ("x" * 101,)}),
            {"tags": ("{a}",)},
            "prompts[1].tags: is over 100 characters with its longest",
        ),
        ("{a}x", Sets({"a": ("", "y")}), {"no": ("{a}",)}, "prompts[1].no: is blank with some values"),
        ("{a}", Sets({"a": ("y",)}), {"out": "{base}/../x"}, "prompts[1].out: 'shop/2026/../x': \"..\" is not allowed"),
    ],
)
def test_sets_that_cannot_be_meant_are_refused(prompt: str, sets: Sets, said: dict[str, Any], message: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        grid_of(prompt, sets, COLOURS, **said)
    assert message in str(caught.value)


def test_a_variable_in_a_directory_cannot_lead_out() -> None:
    for text in ("..", "../x", "/etc", "~", "C:"):
        with pytest.raises(BatchFileError, match=r"prompts\[1\]\.out: "):
            grid_of("x", scope=scope_of({"v": text}, None, ""), out="{v}")


def test_a_sample_is_named_by_its_values_and_drawn_from_any_space() -> None:
    lists = {f"k{at}": tuple(range(1000)) for at in range(8)}
    prompt = " ".join(f"{{{key}}}" for key in lists)
    few, many = (grid_of(prompt, Sets(lists, draw=Draw(count, 3))) for count in (50, 60))
    assert few == many[:50]
    assert few[0].id == "car-" + few[0].prompt.replace(" ", "-")


def test_a_sample_of_all_keeps_its_ids() -> None:
    lists: Given = {"a": ("x y", "z"), "b": ("1", "2")}
    some, every = (grid_of("{a} {b}", Sets(lists, draw=Draw(count, 0))) for count in (3, 4))
    assert {entry.id for entry in some} < {entry.id for entry in every}
    assert [entry.id for entry in every] == ["car-x_y-1", "car-x_y-2", "car-z-1", "car-z-2"]


LISTS = st.dictionaries(
    st.sampled_from(["a", "b", "c"]), st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True).map(tuple)
)


@given(LISTS, st.integers(0, 4), st.integers(0, 3), st.integers(1, 30))
def test_there_are_as_many_as_the_product_of_all_axes(
    matrix: dict[str, tuple[int, ...]], rows: int, alternatives: int, count: int
) -> None:
    zipped: Given = {"z": tuple(range(rows)), "y": tuple(range(rows))} if rows else {}
    parts = [f"{{{key}}}" for key in (*matrix, *zipped)] + ["{p|q|r}"] * alternatives
    total = math.prod(map(len, matrix.values())) * max(rows, 1) * 3**alternatives
    prompt = " ".join(["x", *parts])
    for draw in (None, Draw(count, 0)) if parts else (None,):
        grid = make_grid(Entry(prompt, "car", "p"), Sets(matrix, zipped, draw), PLACE, own_id=True, scope=COLOURS)
        found = list(grid.entries())
        assert len(found) == grid.count == (min(count, total) if draw else total)
        assert len({entry.id for entry in found}) == len({entry.prompt for entry in found}) == len(found)
        assert max(len(entry.prompt) for entry in found) <= grid.longest <= grid.characters
