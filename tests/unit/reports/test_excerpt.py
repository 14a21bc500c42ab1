from hypothesis import given
from hypothesis import strategies as st

from imgcli.reports.excerpt import excerpt, found_in
from tests.rows import each_row

FOUND: dict[str, tuple[str, tuple[str, ...], list[str]]] = {
    "a word": ("a Red car", ("red",), ["Red"]),
    "no part of one": ("a redder car", ("red",), []),
    "a beginning": ("a redder car", ("red*",), ["redder"]),
    "a phrase": ("the old, town. old", ("old town",), ["old, town"]),
    "a phrase that begins": ("the old townhouse", ("old town*",), ["old townhouse"]),
    "accents": ("in São Paulo", ("sao",), ["São"]),
    "several, in order": ("night and day", ("day", "night"), ["night", "day"]),
    "no blanks": ("红色汽车", ("汽车",), ["汽车"]),
    "one over the other": ("old town hall", ("old town", "town hall"), ["old town hall"]),
    "nothing": ("a car", ("...",), []),
}


@each_row("row", FOUND)
def test_finds(row: str) -> None:
    text, words, expected = FOUND[row]
    assert [text[first:last] for first, last in found_in(text, words)] == expected


def test_a_long_text_is_cut_around_the_first() -> None:
    parts = excerpt("x " * 100 + "red car" + " y" * 100, ["red"], 60)
    assert (parts[0].text, parts[-1].text) == ("…", "…")
    assert [part.text for part in parts if part.found] == ["red"]
    assert excerpt("a boat", ["red"], 60) == ()


@given(st.text(max_size=80), st.lists(st.text(max_size=4), max_size=3), st.integers(5, 40))
def test_an_excerpt_is_a_piece_of_the_text(text: str, words: list[str], width: int) -> None:
    parts = [part for part in excerpt(text, words, width) if part.text != "…"]
    assert "".join(part.text for part in parts) in text
