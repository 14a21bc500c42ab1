import io

import pytest
from rich.console import Console

from imgcli.cli.style_tables import NARROW, blend, facts, families_of, listing
from imgcli.model.prompt import Style


def a_style(name: str, family: str = "", source: str = "built-in") -> Style:
    return Style(
        name, f"What {name} looks like, told in a good many words", "{prompt}.", family=family, source=source,
        colours=("#000000", "#444444", "#888888", "#bbbbbb", "#ffffff"),
    )  # fmt: skip


STYLES = [a_style("zoo"), a_style("noir", "cinema"), a_style("cinematic", "cinema"), a_style("film", "photo")]


def drawn(styles: list[Style], width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(listing(families_of(styles), width))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_families_stand_in_order_and_what_has_none_stands_last() -> None:
    found = families_of([*STYLES, a_style("baroque", "art")])
    assert {family: [style.name for style in styles] for family, styles in found.items()} == {
        "cinema": ["cinematic", "noir"],
        "art": ["baroque"],
        "photo": ["film"],
        "other": ["zoo"],
    }
    assert list(found) == ["cinema", "art", "photo", "other"]


@pytest.mark.parametrize("width", [40, 60, NARROW - 1, NARROW, 100, 140])
def test_no_line_is_wider_than_the_terminal_and_no_name_is_broken(width: int) -> None:
    styles = [*STYLES, a_style("a-name-of-quite-some-length", "photo", "/home/me/styles/a.toml")]
    lines = drawn(styles, width)
    assert max(map(len, lines)) <= width
    for style in styles:
        assert any(style.name in line.split() for line in lines)
    for family in ("cinema", "photo", "other"):
        assert sum(line.split() == [family] for line in lines) == 1


def test_a_single_family_needs_no_heading() -> None:
    assert not any(line.split() == ["other"] for line in drawn([a_style("zoo"), a_style("ark")], 100))


@pytest.mark.parametrize("width", [50, 140])
def test_a_style_of_ones_own_is_marked(width: int) -> None:
    lines = drawn([*STYLES, a_style("mine", source="/styles/mine.toml")], width)
    assert sum("(yours)" in line for line in lines) == 1
    assert any("mine (yours)" in line for line in lines)


def test_nothing_said_has_an_empty_cell() -> None:
    rows = dict(facts(Style("a", "d", "{prompt}.", palette=("#123456",))))
    assert not rows["extends"]
    assert not rows["avoid"]
    assert "#123456" in str(rows["keeps to"])
    assert "size" not in rows


def test_only_the_first_conflict_is_labelled() -> None:
    assert [head for head, _ in blend(STYLES[:2], ["x", "y"])] == ["zoo", "noir", "conflicts", ""]
