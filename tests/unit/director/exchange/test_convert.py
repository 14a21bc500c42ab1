import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.director.direct import direct
from imgcli.director.exchange.convert import foreign_of, keyword_prompt, negative_of, numbered, slug, style_file
from imgcli.director.exchange.foreign import ForeignStyle, Found, Tool, problem_of
from imgcli.director.exchange.formats import WRITERS, read_foreign
from imgcli.director.style_file import Imported, read_imported
from imgcli.director.styles import parse_style
from imgcli.model.card import Wording
from imgcli.model.prompt import Style

HERE = Path(__file__).parent
FILES = {
    "a1111.csv": (Tool.A1111, "a1111"),
    "fooocus.json": (Tool.FOOOCUS, "fooocus"),
    "invokeai.csv": (Tool.INVOKEAI, "invokeai-csv"),
    "invokeai.json": (Tool.INVOKEAI, "invokeai-json"),
}


def taken_in(style: ForeignStyle, tool: Tool = Tool.A1111) -> tuple[Style, Imported, str]:
    text = style_file(Found("f:2", 2, style), "f.csv", tool, "a", "mine").text
    imported = read_imported(text)
    assert imported is not None
    return parse_style(text, "a", "a.toml"), imported, text


def there_and_back(style: ForeignStyle, tool: Tool = Tool.A1111) -> ForeignStyle:
    taken, imported, _ = taken_in(style, tool)
    return foreign_of(taken, imported)


@pytest.mark.parametrize("file", FILES)
def test_a_real_file_comes_back_with_every_letter(file: str) -> None:
    """Names, prompts and negatives, character for character and in order, through files of ours on the way."""
    tool, form = FILES[file]
    text = (HERE / file).read_bytes().decode()
    before = read_foreign(text, file, tool)
    assert len(before.found) >= 30
    assert not before.problems
    written = WRITERS[form]([there_and_back(found.style, tool) for found in before.found])
    after = read_foreign(written, file, tool)
    assert [found.style for found in after.found] == [found.style for found in before.found]


WORD = st.sampled_from(
    ["{prompt}", "{", "}", "{{", "}}", "(a:1.2)", "<lora:x:0.8>", " ", "  ", "\n", "\r\n", "\t", ",", ", ", '"', "\\", "'", "#", "BREAK", "é", "影", "🪵"]
)  # fmt: skip
TEXT = st.lists(
    WORD | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=4), max_size=8
).map("".join)
STYLES = st.builds(ForeignStyle, TEXT, TEXT, TEXT).filter(lambda style: not problem_of(style) and not style.is_silent)


@settings(max_examples=600)
@given(STYLES, st.sampled_from(Tool))
def test_whatever_can_be_imported_comes_back_with_every_letter(style: ForeignStyle, tool: Tool) -> None:
    assert there_and_back(style, tool) == style


@given(STYLES, st.sampled_from(Tool))
def test_whatever_is_written_for_a_tool_is_read_again(style: ForeignStyle, tool: Tool) -> None:
    form = {Tool.A1111: "a1111", Tool.FOOOCUS: "fooocus", Tool.INVOKEAI: "invokeai-csv"}[tool]
    if tool is Tool.A1111 and style.name.startswith("#"):
        return  # a comment there
    found = read_foreign(WRITERS[form]([there_and_back(style, tool)]), "f", tool).found
    assert [one.style for one in found] == [style]


def test_a_style_is_used_as_the_tool_would_use_it() -> None:
    style, _, _ = taken_in(ForeignStyle("A", "film of {prompt}, {oak|elm}", "fog, {prompt}, (text:1.2)"))
    directed = direct("a car", [style], (), Wording.KEYWORDS)
    assert directed.text == "film of a car, {oak|elm}"
    assert directed.negative == "fog, (text:1.2)"
    assert style.avoid == ("fog", "text")
    assert style.family == "mine"
    assert direct("a car", [style], (), Wording.PROSE).text == "Film of a car, oak or elm. Avoid fog and text."


@pytest.mark.parametrize(
    ("tool", "prompt", "expected"),
    [
        (Tool.A1111, "fresco", "{prompt}, fresco"),
        (Tool.FOOOCUS, "fresco", "{prompt}, fresco"),
        (Tool.INVOKEAI, "fresco", "{prompt} fresco"),
        (Tool.A1111, "", "{prompt}"),
        (Tool.A1111, " a,\r\n{prompt}\tb ", "a,\n{prompt}\tb"),
        (Tool.A1111, "{a|b} {prompt}", "{{a|b}} {prompt}"),
    ],
)
def test_the_subject_goes_where_the_tool_puts_it(tool: Tool, prompt: str, expected: str) -> None:
    assert keyword_prompt(prompt, tool.value) == expected


@pytest.mark.parametrize(
    ("negative", "expected"),
    [("fog", "fog"), ("{prompt}, fog", "fog"), ("a, {prompt}, b", "a, b"), ("{prompt}", ""), ("a\r\nb,", "a\nb,")],
)
def test_a_negative_keeps_its_words_and_loses_the_place_for_others(negative: str, expected: str) -> None:
    assert negative_of(negative) == expected


def test_only_what_the_keys_cannot_hold_is_kept_beside_them() -> None:
    _, plain, text = taken_in(ForeignStyle("A", "{prompt}, x", "y"))
    assert (plain.prompt, plain.negative) == (None, None)
    assert text.count('{prompt}, x"') == 1
    _, odd, _ = taken_in(ForeignStyle("A", "x\ny", " y"))
    assert (odd.prompt, odd.negative) == ("x\ny", " y")


def test_an_edit_of_the_words_goes_out_and_the_rest_stays_to_the_letter() -> None:
    style, imported, _ = taken_in(ForeignStyle("A", "x\ny", " y"))
    edited = replace(style, keyword_prompt="{prompt}, z, {{q}}")
    assert foreign_of(edited, imported) == ForeignStyle("A", "{prompt}, z, {q}", " y")
    assert foreign_of(replace(style, negative="fog"), imported) == ForeignStyle("A", "x\ny", "fog")
    assert foreign_of(replace(style, prose="anew: {prompt}"), imported) == ForeignStyle("A", "x\ny", " y")


def test_a_style_of_ours_goes_out_as_a_keyword_model_gets_it() -> None:
    style = Style("a", "d", "P: {prompt}.", (("medium", ("ink", "wash")), ("mood", ("calm",))), avoid=("fog", "text"))
    assert foreign_of(style) == ForeignStyle("a", "{prompt}, ink, wash, calm", "fog, text")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Film Noir", "film-noir"),
        ("  sai-3D_model!! ", "sai-3d-model"),
        ("Émaux à l'ancienne", "emaux-a-l-ancienne"),
        ("影絵", "style-9"),
        ("x" * 60, "x" * 40),
        ("a" * 39 + " b", "a" * 39),
    ],
)
def test_names_become_ours(name: str, expected: str) -> None:
    assert slug(name, instead="style-9") == expected


@given(st.text(max_size=60), st.sampled_from(["", "p-", "x" * 39 + "-"]), st.integers(1, 5000))
def test_every_name_is_one_a_style_may_have(name: str, prefix: str, number: int) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", numbered(slug(name, prefix, "style-7"), number))
