import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.shelf import MAX_DEPTH, Book, Shelf, checked, open_shelf
from imgcli.director.styles import find_style
from imgcli.errors import StyleError


def text(extends: str | list[str] = "", more: str = "") -> str:
    """A style file that extends others, or stands alone."""
    base = f"extends = {extends!r}" if extends else 'prose = "A: {prompt}."'
    return f'description = "d"\n{base}\n{more}\n'


def board(files: Mapping[str, str], place: str = "") -> dict[str, Book]:
    return {name: Book(f"{place}{name}.toml", partial(str, words)) for name, words in files.items()}


def shelf(*boards: Mapping[str, str]) -> Shelf:
    return Shelf([board(files, place) for files, place in zip(boards, ("", "mine/", "beside/"), strict=False)])


def fault(found: Shelf, name: str) -> str:
    with pytest.raises(StyleError) as caught:
        found[name]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_it_is_a_mapping_that_reads_what_is_asked_for_and_once() -> None:
    reads: list[str] = []

    def read(name: str, words: str) -> str:
        reads.append(name)
        return words

    files = {"a": text("b"), "b": text(), "c": "no style at all"}
    books = {name: Book(f"{name}.toml", partial(read, name, words)) for name, words in files.items()}
    found = Shelf([books])
    assert (list(found), len(found), "c" in found, "z" in found, found.get("z")) == (
        ["a", "b", "c"],
        3,
        True,
        False,
        None,
    )
    assert reads == []
    assert found["a"] is found["a"]
    assert reads == ["a", "b"]
    assert found["b"].prose == found["a"].prose
    assert reads == ["a", "b"]
    with pytest.raises(KeyError):
        found["z"]
    assert find_style("a", found) is found["a"]
    with pytest.raises(StyleError, match="did you mean"):
        find_style("bb", found)


def test_one_built_in_style_is_read_for_one_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = open_shelf([])
    assert "cinematic" in found
    assert found["cinematic"].source == "built-in"
    # What is on the shelf has been read; asking it what it read is no part of what it offers.
    assert [name for _, name in found._drafts] == ["cinematic"]


def test_of_two_of_one_name_the_upper_is_found() -> None:
    found = shelf({"a": text(more='size = "square"')}, {"a": text(more='size = "portrait"')})
    assert found["a"].size == "1024x1536"
    assert found["a"].source == "mine/a.toml"
    assert len(found) == 1


def test_a_style_may_extend_the_one_it_hides() -> None:
    found = shelf(
        {"a": text(more='avoid = ["one"]')},
        {"a": text("a", 'avoid = ["two"]')},
        {"a": text("a", 'avoid = ["three"]'), "b": text("a")},
    )
    assert found["a"].avoid == found["b"].avoid == ("one", "two", "three")
    assert found["a"].extends == ("a",)


def test_a_style_never_depends_on_one_of_a_board_above_it() -> None:
    found = shelf({"a": text(more='size = "square"'), "b": text("a")}, {"a": text(more='size = "portrait"')})
    assert found["b"].size == "1024x1024"
    below = shelf({"b": text("mine")}, {"mine": text()})
    assert fault(below, "b") == "b.toml: extends: no style 'mine'"


def test_a_style_beside_a_batch_may_extend_any() -> None:
    found = shelf({"a": text(more='size = "square"')}, {"b": text("a")}, {"c": text(["b"])})
    assert found["c"].size == "1024x1024"
    assert found.own() == ("b", "c")
    assert [style.name for style in found.parents("c")] == ["b"]
    assert found.draft("c").said == {}


@pytest.mark.parametrize(
    ("files", "name", "message"),
    [
        ({"a": text("b"), "b": text("a")}, "a", "a.toml: extends: a -> b -> a goes round in a circle"),
        ({"a": text("a")}, "a", "a.toml: extends: a -> a goes round in a circle"),
        (
            {"x": text("a"), "a": text("b"), "b": text(["c", "a"]), "c": text()},
            "x",
            "a.toml: extends: a -> b -> a goes round in a circle",
        ),
        ({"cinematic": text(), "mine": text("cinematc")}, "mine", "mine.toml: extends: no style 'cinematc'; did you mean cinematic?"),
        ({"a": text("../evil")}, "a", "a.toml: extends: no style '../evil'"),
        ({"a": text("b"), "b": "description = 3"}, "a", "b.toml: description: expected text, got a number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_file_and_key(files: Mapping[str, str], name: str, message: str) -> None:
    assert fault(shelf(files), name) == message


def chain(length: int) -> Mapping[str, str]:
    """s0 stands alone; each other extends the one before it."""
    return {"s0": text(), **{f"s{number}": text(f"s{number - 1}") for number in range(1, length + 1)}}


@pytest.mark.parametrize("order", [sorted, lambda names: sorted(names, reverse=True)], ids=["up", "down"])
def test_a_chain_has_a_longest_length_from_whichever_end_it_is_read(order: Callable[[range], list[int]]) -> None:
    found = shelf(chain(2000))
    for number in order(range(20)):
        if number <= MAX_DEPTH:
            assert found[f"s{number}"].prose == "A: {prompt}."
        else:
            assert re.fullmatch(
                r"s\d+\.toml: extends: it is more than 8 steps from the last one", fault(found, f"s{number}")
            )
    assert "more than 8 steps" in fault(found, "s2000")


def test_a_shared_grandparent_is_read_once_and_counts_once() -> None:
    # A lattice of 8 by 8 has 8 ** 8 ways through it.
    files = {"root": text(more='avoid = ["blur"]')}
    for level in range(1, MAX_DEPTH):
        below = [f"l{level - 1}x{i}" for i in range(8)] if level > 1 else ["root"]
        files |= {f"l{level}x{i}": text(below) for i in range(8)}
    assert shelf(files)["l7x0"].avoid == ("blur",)


def test_a_text_is_tried_before_it_is_kept() -> None:
    found = shelf({"a": text()}, {"mine": text("a")})
    tried = found.holding("mine", text("a", 'size = "square"'), "mine/mine.toml")
    assert (tried["mine"].size, found["mine"].size) == ("1024x1024", None)
    assert found.holding("a", text("a", 'size = "square"'), "x.toml")["mine"].size == "1024x1024"
    assert "goes round" in fault(found.holding("new", text("new"), "new.toml"), "new")


def test_a_mistake_in_a_style_of_ones_own_is_told_though_nobody_asks_for_it(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(text("cinematc"))
    found = open_shelf([tmp_path])
    assert found["cinematic"].name == "cinematic"
    with pytest.raises(StyleError, match=r"bad\.toml: extends: no style 'cinematc'; did you mean cinematic\?$"):
        checked(found)
    (tmp_path / "bad.toml").write_text(text("cinematic"))
    assert checked(open_shelf([tmp_path]))["bad"].size == "1536x1024"


NAMES = ("a", "b", "c", "d", "e")
boards = st.dictionaries(
    st.sampled_from(NAMES), st.lists(st.sampled_from([*NAMES, "nowhere"]), max_size=3, unique=True), max_size=5
)


def outcome(found: Shelf, name: str) -> object:
    try:
        return found[name]
    except StyleError as error:
        return type(error)


@given(low=boards, high=boards, order=st.permutations(NAMES))
def test_what_a_style_is_does_not_depend_on_what_was_asked_for_before(
    low: dict[str, list[str]], high: dict[str, list[str]], order: list[str]
) -> None:
    files = [
        {name: text(parents, f'avoid = ["{name}{level}"]') for name, parents in board.items()}
        for level, board in enumerate((low, high))
    ]
    one = shelf(*files)
    for name in order:
        if name in one:
            assert outcome(one, name) == outcome(shelf(*files), name)
            assert outcome(one, name) == outcome(one, name)
