import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imgcli.director.exchange.foreign import Tool
from imgcli.director.exchange.formats import WRITERS, read_foreign
from imgcli.director.exchange.placing import Naming, place
from imgcli.errors import StyleError

HERE = Path(__file__).parent
SEEDS = [(HERE / name).read_bytes().decode() for name in ("a1111.csv", "fooocus.json", "invokeai.csv", "invokeai.json")]


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("name,prompt,negative_prompt\na,x,\n", Tool.A1111),
        ("\ufeffname,text\na,x\n", Tool.A1111),
        ("name,positive_prompt\na,x\n", Tool.INVOKEAI),
        ('\ufeff [{"name": "a", "prompt": "x", "negative_prompt": ""}]', Tool.FOOOCUS),
        ('[{"name": "a", "positive_prompt": "x"}]', Tool.INVOKEAI),
    ],
)
def test_the_content_tells_whose_file_it_is(text: str, tool: Tool) -> None:
    reading = read_foreign(text, "f")
    assert reading.tool is tool
    assert len(reading.found) == 1


def test_a_word_from_the_user_goes_first() -> None:
    assert read_foreign("name,prompt\n#a,x\n", "f", Tool.INVOKEAI).found[0].style.name == "#a"
    assert read_foreign(SEEDS[1], "f", Tool.INVOKEAI).tool is Tool.INVOKEAI


@pytest.mark.parametrize("form", WRITERS)
def test_no_styles_make_a_file_that_can_be_read(form: str) -> None:
    assert read_foreign(WRITERS[form]([]), "f").found == ()


TOKENS = ['"', '""', ",", "\r\n", "\n", "\r", "{prompt}", "{", "}", "[", "]", "#", ";", "\x00", "\x1b", "\ud800", "\ufeff", "name", "null", "1e999", "\\u0000", "\\"]  # fmt: skip


@st.composite
def wounded(draw: st.DrawFn) -> str:
    """A real file with a few wounds, or pure noise that begins like one."""
    text = draw(st.sampled_from(SEEDS))
    if draw(st.integers(0, 3)) == 0:
        cells = st.lists(st.sampled_from(TOKENS) | st.text(max_size=8), max_size=12)
        head = draw(st.sampled_from(["name,prompt,negative_prompt\n", "[", '[{"name": "a", "prompt": "', ""]))
        return head + "".join(draw(cells))
    begin = draw(st.integers(0, len(text)))
    text = text[begin : begin + 1500] if draw(st.booleans()) else text[: begin + 40][-1500:]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(st.sampled_from(TOKENS)) + text[at + draw(st.sampled_from([0, 0, 1, 5])) :]
    return draw(st.sampled_from(["", "name,prompt,negative_prompt\r\n"])) + text


def attempt(work: Callable[[], object]) -> None:
    said = "one line"
    try:
        work()
    except StyleError as error:
        said = str(error)
    assert len(said.splitlines()) == 1, said


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(wounded(), st.sampled_from([None, *Tool]), st.booleans())
def test_no_file_ends_in_anything_but_styles_or_one_line_each(text: str, tool: Tool | None, rename: bool) -> None:
    def bring_in() -> None:
        reading = read_foreign(text, "f.csv", tool)
        placed, problems = place(reading, "f.csv", Naming(rename=rename), lambda _: None)
        lines = [problem.line for problem in (*reading.problems, *problems)]
        assert all(line.startswith("f.csv:") for line in lines)
        assert len(placed) + len(problems) == len(reading.found)

    attempt(bring_in)


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "prompt", "negative_prompt", "preset_data", "positive_prompt"]) | st.text(max_size=3), inner, max_size=4), max_leaves=20))  # fmt: skip
def test_any_json_at_all_is_read_or_told(value: object) -> None:
    attempt(lambda: read_foreign(json.dumps([value]), "f.json"))


def test_the_order_of_a_file_is_kept() -> None:
    rows = [f"style {number},{{prompt}} x{number},\n" for number in range(100)]
    rows = rows[50::-1] + rows[51:]
    found = read_foreign("name,prompt,negative_prompt\n" + "".join(rows), "f.csv").found
    assert [f"{one.style.name},{one.style.prompt},\n" for one in found] == rows
