import pytest

from imgcli.director.exchange.foreign import ForeignStyle, Found, Reading, Tool
from imgcli.director.exchange.placing import Naming, Taken, place
from imgcli.director.styles import parse_style
from imgcli.errors import StyleError


def reading(*styles: ForeignStyle) -> Reading:
    return Reading(Tool.A1111, tuple(Found(f"f.csv:{n}", n, style) for n, style in enumerate(styles, 2)))


def names(
    *styles: ForeignStyle, naming: Naming | None = None, taken: dict[str, Taken] | None = None
) -> tuple[list[str], list[str]]:
    placed, problems = place(reading(*styles), "f.csv", naming or Naming(), (taken or {}).get)
    return [f"{one.written.name}={one.same_as}" for one in placed], [problem.line for problem in problems]


A, B = ForeignStyle("Fog Bank", "x"), ForeignStyle("fog-bank", "y")


def test_a_name_that_is_free_is_given() -> None:
    assert names(A, ForeignStyle("影", "z")) == (["fog-bank=", "a1111-3="], [])
    assert names(A, naming=Naming(prefix="my-")) == (["my-fog-bank="], [])


def test_the_same_words_under_a_name_are_kept() -> None:
    assert names(A, taken={"fog-bank": Taken("there.toml", A)}) == (["fog-bank=there.toml"], [])
    assert names(A, A) == (["fog-bank=", "fog-bank=f.csv:2"], [])


@pytest.mark.parametrize("foreign", [B, None])
def test_other_words_under_a_name_are_told_with_both(foreign: ForeignStyle | None) -> None:
    _, problems = names(A, taken={"fog-bank": Taken("there.toml", foreign)})
    said = "f.csv:2: 'Fog Bank' would be the style fog-bank, which has other words in there.toml; "
    assert problems == [f"{said}--rename gives it a number, --prefix keeps its kind apart"]


def test_two_names_of_one_file_that_become_one_are_told_too() -> None:
    found, problems = names(A, B)
    assert found == ["fog-bank="]
    assert problems[0].startswith("f.csv:3: 'fog-bank' would be the style fog-bank, which has other words in f.csv:2;")


def test_rename_counts_on_to_the_first_that_is_free_or_the_same() -> None:
    numbered = Naming(rename=True)
    assert names(A, B, ForeignStyle("Fog bank", "z"), naming=numbered)[0] == ["fog-bank=", "fog-bank-2=", "fog-bank-3="]
    taken = {"fog-bank": Taken("one.toml", A), "fog-bank-2": Taken("two.toml", B)}
    assert names(B, naming=numbered, taken=taken) == (["fog-bank-2=two.toml"], [])


def test_what_is_written_can_be_read_whatever_the_name() -> None:
    (one, two), _ = place(reading(A, B), "f.csv", Naming(family="weather", rename=True), lambda _: None)
    for placed in (one, two):
        style = parse_style(placed.written.text, placed.written.name, "x.toml")
        assert style.family == "weather"
        assert style.description == f"{placed.found.style.name} (imported from f.csv)"


def test_a_style_that_grows_too_long_is_told() -> None:
    _, problems = names(ForeignStyle("a", "{" * 3000))
    assert problems[0].startswith("f.csv:2: a.toml: prose: expected text of length <= 4000")


@pytest.mark.parametrize(("prefix", "family"), [("A", ""), ("-a", ""), ("", "Film Noir"), ("x" * 41, "")])
def test_a_prefix_or_family_no_style_can_have_is_refused(prefix: str, family: str) -> None:
    with pytest.raises(StyleError, match="lower-case letters"):
        Naming(prefix, family)
