import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.exchange.foreign import ForeignStyle, Tool
from imgcli.director.exchange.lists import read_list, write_list
from imgcli.errors import StyleError

HERE = Path(__file__).parent


def as_fooocus_reads(text: str) -> list[ForeignStyle]:
    """The way Fooocus loads a file; older ones need all three keys, so all are written."""
    return [ForeignStyle(entry["name"], entry["prompt"], entry["negative_prompt"]) for entry in json.loads(text)]


def test_a_real_list_of_fooocus_is_read_as_fooocus_reads_it() -> None:
    text = (HERE / "fooocus.json").read_text("utf-8")
    reading = read_list(text, "fooocus.json")
    assert reading.tool is Tool.FOOOCUS
    assert (reading.problems, reading.notes) == ((), ())
    assert [found.style for found in reading.found] == as_fooocus_reads(text)
    assert len(reading.found) == 32


def test_a_list_of_invokeai_may_say_positive_prompt() -> None:
    reading = read_list((HERE / "invokeai.json").read_text("utf-8"), "invokeai.json")
    assert reading.tool is Tool.INVOKEAI
    assert (reading.problems, reading.notes) == ((), ())
    assert len(reading.found) == 30
    assert all(found.style.prompt or found.style.negative for found in reading.found)


def test_the_presets_that_come_with_invokeai_have_an_object_more() -> None:
    inner = {"positive_prompt": "{prompt}, x", "negative_prompt": "y"}
    reading = read_list(json.dumps([{"name": "a", "type": "default", "preset_data": inner}]), "f.json")
    assert reading.tool is Tool.INVOKEAI
    assert [found.style for found in reading.found] == [ForeignStyle("a", "{prompt}, x", "y")]
    assert reading.notes == ()


TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.builds(ForeignStyle, TEXT, TEXT, TEXT), max_size=6))
def test_both_tools_read_what_is_written_for_them(rows: list[ForeignStyle]) -> None:
    for tool in (Tool.FOOOCUS, Tool.INVOKEAI):
        text = write_list(rows, tool)
        assert as_fooocus_reads(text) == rows
        assert set().union(*(entry.keys() for entry in json.loads(text))) <= {"name", "prompt", "negative_prompt"}


def test_a_misspelt_key_is_told_as_its_words_are_not_read() -> None:
    reading = read_list('[{"name": "a", "prompt": "x", "negative": "y"}]', "f.json")
    assert reading.notes == ("f.json: keys 'negative' are not read; name, prompt, negative_prompt are",)


def test_bad_entries_are_told_and_the_others_read() -> None:
    entries = ["x", {"name": 3}, {"name": "a", "prompt": ["x"]}, {"name": "b", "prompt": "{prompt}{prompt}"}]
    reading = read_list(json.dumps([*entries, {"name": "c", "negative_prompt": "y", "prompt": None}]), "f.json")
    assert [found.style for found in reading.found] == [ForeignStyle("c", "", "y")]
    assert [problem.line for problem in reading.problems] == [
        "f.json: entry 1: is no object with name, prompt and negative_prompt",
        "f.json: entry 2: name is no text; put it in quotes",
        "f.json: entry 3: prompt is no text; put it in quotes",
        "f.json: entry 4: two {prompt} in it; the subject goes in once, so remove one",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "f.json: must be a list of objects with name, prompt, negative_prompt; begin it with ["),
        ('[{"name": "a",}]', "f.json:1: not valid JSON: "),
        ("[" * 200_000, "f.json: is nested too deeply"),
        (f"[{'9' * 5000}]", "f.json: a number is too long"),
        (json.dumps([{}] * 5001), "f.json: has 5,001 entries; 5,000 are allowed, so split it"),
    ],
)
def test_a_file_of_no_use_is_one_line(text: str, message: str) -> None:
    with pytest.raises(StyleError) as caught:
        read_list(text, "f.json")
    assert str(caught.value).startswith(message)
