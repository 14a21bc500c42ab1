import json
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgcli.director.places import MAX_BYTES
from imgcli.director.style_file import (
    CHECKS,
    GROUPS,
    KEYS,
    around_subject,
    has_subject,
    read_draft,
    read_imported,
    style_json_schema,
)
from imgcli.director.styles import parse_style
from imgcli.errors import StyleError
from imgcli.model.prompt import Style
from tests.rows import each_row

LEAST = 'description = "d"\nprose = "A photo: {prompt}."\n'

FULL = '''
description = " Cold dawn light "
prose = """
A photograph at dawn: {prompt}.
\tMist {{thin}} and   pale.
"""
avoid = ["harsh flash"]
colours = ["#AABBCC", "#000000", "#0f0f0f"]
size = "landscape"
quality = "high"
family = "photo"
background = "opaque"
palette = ["#AABBCC", "#000000"]
keyword_prompt = """
dawn photo of {prompt},
(mist:1.2)"""
negative = """ lowres, (bad:1.1)
 blurry """

[keywords]
mood = ["still"]
medium = ["photograph"]
lighting = []
'''


def fault(text: str, name: str = "mine", source: str = "mine.toml") -> str:
    with pytest.raises(StyleError) as caught:
        parse_style(text, name, source)
    message = str(caught.value)
    assert "\n" not in message
    assert not any(unicodedata.category(char) in {"Cc", "Zl", "Zp"} for char in message)
    return message


def test_a_full_file_becomes_a_style() -> None:
    style = parse_style(FULL, "dawn", "styles/dawn.toml")
    assert replace(style, version="") == Style(
        name="dawn",
        description="Cold dawn light",
        prose="A photograph at dawn: {prompt}. Mist {{thin}} and pale.",
        keywords=(("medium", ("photograph",)), ("mood", ("still",))),
        avoid=("harsh flash",),
        colours=("#aabbcc", "#000000", "#0f0f0f"),
        size="1536x1024",
        quality="high",
        source="styles/dawn.toml",
        family="photo",
        background="opaque",
        palette=("#aabbcc", "#000000"),
        keyword_prompt="dawn photo of {prompt},\n(mist:1.2)",
        negative="lowres, (bad:1.1)\n blurry",
    )


def test_the_least_a_file_may_say() -> None:
    style = parse_style(LEAST, "a", "built-in")
    assert replace(style, version="") == Style("a", "d", "A photo: {prompt}.")


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter() -> None:
    text = "\ufeff" + FULL.replace("\n", "\r\n")
    assert parse_style(text, "dawn", "dawn.toml") == parse_style(FULL, "dawn", "dawn.toml")


@each_row(
    ("text", "message"),
    [
        ("", "mine.toml: description: it is missing or empty"),
        ('description = "d"', "mine.toml: prose: it is missing or empty"),
        ('description = " "\nprose = "{prompt}"', "mine.toml: description: it is missing or empty"),
        ("description = 3", "mine.toml: description: expected text, got a number"),
        (LEAST + 'colors = ["#000000"]', "mine.toml: colors: no such key; did you mean colours?"),
        (
            LEAST + "zzz = 1",
            "mine.toml: zzz: no such key; there are description, family, extends, prose, keyword_prompt, negative, avoid",
        ),
        (LEAST + "[keywords]\nlightning = []", "mine.toml: keywords.lightning: no such key; did you mean lighting?"),
        (LEAST + 'keywords = ["a"]', "mine.toml: keywords: expected a table, got a list"),
        (LEAST + 'keywords.mood = "calm"', "mine.toml: keywords.mood: expected a list, got text"),
        (LEAST + 'keywords.mood = ["calm", 7]', "mine.toml: keywords.mood[1]: expected text, got a number"),
        (LEAST + 'avoid = ["blur", ""]', "mine.toml: avoid[1]: it is missing or empty"),
        (LEAST + 'colours = ["#000000", "red", "#fff"]', "mine.toml: colours[1]: 'red' is not a colour like #1f4e5f"),
        (LEAST + 'colours = ["#000000"]', "mine.toml: colours: there are 1; a swatch has 3 to 6"),
        (LEAST + 'size = "big"', "mine.toml: size: size 'big' is not WIDTHxHEIGHT"),
        (LEAST + 'quality = ""', "mine.toml: quality: it is missing or empty"),
        ('description = "d"\nprose = "no subject"', "mine.toml: prose: it needs {prompt} where the subject goes"),
        ('description = "d"\nprose = "{prompt} {prompt}"', "mine.toml: prose: {prompt} stands in it twice"),
        (
            'description = "d"\nprose = "{prompt} {subject}"',
            "mine.toml: prose: at '{subject}': only {prompt} is filled",
        ),
        ('description = "d"\nprose = "{prompt} }"', "mine.toml: prose: at '}': only {prompt} is filled in"),
        ('description = "d"\nprose = "{{prompt}}"', "mine.toml: prose: it needs {prompt}"),
        ("description = \nprose", "mine.toml: line 1, column 15: "),
        (LEAST + 'family = "Photo"', "mine.toml: family: 'Photo' is not 1 to 40 lower-case letters"),
        (
            LEAST + 'background = "transparnt"',
            "mine.toml: background: 'transparnt' is not auto, opaque or transparent; did you mean transparent?",
        ),
        (LEAST + 'palette = ["red"]', "mine.toml: palette[0]: 'red' is not a colour like #1f4e5f"),
        (LEAST + 'palette = "#000000"', "mine.toml: palette: expected a list, got text"),
        (LEAST + f"palette = {['#000000'] * 13}", "mine.toml: palette: expected a list of length <= 12"),
        (LEAST + 'keyword_prompt = "ink"', "mine.toml: keyword_prompt: it needs {prompt} where the subject goes"),
        (LEAST + 'keyword_prompt = "{prompt} {prompt}"', "mine.toml: keyword_prompt: {prompt} stands in it twice"),
        (LEAST + 'keyword_prompt = "{prompt} {a|b}"', "mine.toml: keyword_prompt: at '{a|b}': only {prompt} is filled"),
        (LEAST + "negative = 3", "mine.toml: negative: expected text, got a number"),
        (LEAST + "extends = 3", "mine.toml: extends: expected text or a list, got a number"),
        (LEAST + "extends = [3]", "mine.toml: extends[0]: expected text, got a number"),
        (LEAST + 'extends = ""', "mine.toml: extends: it is missing or empty"),
        (LEAST + 'extends = ["a", "a"]', "mine.toml: extends: 'a' stands in it twice"),
        (LEAST + f"extends = {[f'a{i}' for i in range(9)]}", "mine.toml: extends: expected a list of length <= 8"),
        (LEAST + 'avoid = ["blur", "-fog"]', "mine.toml: avoid[1]: '-fog' takes away what another style avoids, and"),
        (LEAST + 'avoid = ["-"]', "mine.toml: avoid[0]: '-' names no thing"),
        ('description = "d"\nextends = "a"\nprose = "x {y}"', "mine.toml: prose: at '{y}': only {prompt} is filled in"),
        (LEAST + 'extends = "a"', "mine.toml: extends: it cannot be read apart from a"),
        (LEAST + LEAST, "mine.toml: line 3, column "),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key(text: str, message: str) -> None:
    assert fault(text).startswith(message)


def test_a_built_in_style_is_named_by_its_file() -> None:
    assert fault("", "neon", "built-in").startswith("neon.toml: description")


@pytest.mark.parametrize("name", ["", "-a", "Neon", "a b", "a/b", "../a", "ä", "a" * 41, "a\n"])
def test_a_bad_name_is_refused(name: str) -> None:
    assert "name: " in fault(LEAST, name)


@pytest.mark.parametrize("name", ["a", "0", "neon-noir", "a" * 40])
def test_a_good_name_is_kept(name: str) -> None:
    assert parse_style(LEAST, name, "built-in").name == name


@each_row("hidden", ["\x1b[31m", "\x00", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"])
@each_row("key", ["description", "prose", "quality", "avoid", "negative", "keyword_prompt", "extends"])
def test_control_characters_are_refused(hidden: str, key: str) -> None:
    escaped = "".join(f"\\u{ord(char):04x}" for char in hidden)
    value = f'["x{escaped}"]' if key == "avoid" else f'"{{prompt}} x{escaped}"'
    lines = {"description": '"d"', "prose": '"{prompt}"'} | {key: value}
    assert "control characters" in fault("\n".join(f"{name} = {text}" for name, text in lines.items()))


def test_a_key_with_control_characters_cannot_reach_the_terminal() -> None:
    assert "\\x1b" in fault(LEAST + '"a\\u001b[31m" = 1')


@pytest.mark.parametrize(
    "text",
    [
        "a." * 20_000 + "b = 1",
        "[" + "a." * 20_000 + "b]",
        '"a".' * 10_000 + "b = 1",
        "x = {" + "a." * 20_000 + "b = 1}",
        "a = " + "[" * 50_000,
        "a = " + "{a = " * 10_000,
        "a = " + "9" * 50_000,
        '"' + '\\"' * 30_000,
        "'" * 60_001,
        "#" * (MAX_BYTES + 1),
        'description = "' + "ä" * (MAX_BYTES // 2) + '"',
    ],
    ids=["dotted", "header", "quoted", "inline", "lists", "tables", "digits", "escapes", "quotes", "comment", "large"],
)
def test_hostile_files_are_refused_at_once(text: str) -> None:
    before = time.process_time()
    fault(text)
    assert time.process_time() - before < 0.5


def test_a_long_text_of_many_sentences_is_no_dotted_key() -> None:
    prose = "A photo: {prompt}. " + "Short. " * 60
    assert parse_style(f'description = "d"\nprose = "{prose}"', "a", "built-in").prose == prose.strip()


@pytest.mark.parametrize(
    ("line", "where"),
    [
        (f'prose = "{{prompt}}{"x" * 4000}"', "prose: expected text of length <= 4000"),
        (f'avoid = ["{"x" * 301}"]', "avoid[0]: expected text of length <= 300"),
        (f"avoid = {['x'] * 41}", "avoid: expected a list of length <= 40"),
    ],
)
def test_limits(line: str, where: str) -> None:
    assert fault(f'description = "d"\n{line}').startswith(f"mine.toml: {where}")


@given(st.text(max_size=200))
@example("a = 1979-05-27\n")
@example("description = nan")
@example("\ud800")
def test_any_text_is_a_style_or_a_style_error(text: str) -> None:
    try:
        parse_style(text, "mine", "mine.toml")
    except StyleError as error:
        assert str(error).startswith("mine.toml: ")  # noqa: PT017 - both ways out are right


@given(before=st.text(st.characters(exclude_characters="{}")), after=st.text(st.characters(exclude_characters="{}")))
def test_the_subject_parts_the_prose(before: str, after: str) -> None:
    assert around_subject(f"{before}{{prompt}}{after}") == (before, after)
    assert around_subject(f"{{{{{before}{{prompt}}{after}}}}}") == (f"{{{before}", f"{after}}}")


def test_a_draft_tells_what_was_said_from_what_was_not() -> None:
    draft = read_draft(
        'description = "d"\nextends = "a"\nkeywords.mood = []\navoid = ["-fog"]\nnegative = ""', "b", "b.toml"
    )
    assert draft.extends == ("a",)
    assert draft.said == {"keywords": {"mood": ()}, "avoid": ("-fog",), "negative": ""}
    assert read_draft('description = "d"\nextends = ["a", "c"]', "b", "b.toml").extends == ("a", "c")


@pytest.mark.parametrize(
    ("prose", "is_there"), [("{prompt}.", True), ("{{prompt}}", False), ("x", False), ("{{{prompt}", True)]
)
def test_a_doubled_brace_holds_no_subject(prose: str, *, is_there: bool) -> None:
    assert has_subject(prose) is is_there


def test_every_key_is_checked() -> None:
    assert {*CHECKS, "description", "extends", "imported"} == set(KEYS)


def test_the_schema_tells_every_key_and_what_must_be_there() -> None:
    schema = style_json_schema()
    table, groups = schema["$defs"]["StyleFile"], schema["$defs"]["KeywordGroups"]
    assert tuple(table["properties"]) == KEYS
    assert tuple(groups["properties"]) == GROUPS
    assert all(
        told.get("description") for name, told in table["properties"].items() if name not in {"keywords", "imported"}
    )
    assert all(told.get("description") for told in groups["properties"].values())
    assert table["required"] == ["description"]
    assert table["anyOf"] == [{"required": ["prose"]}, {"required": ["extends"]}]
    assert table["additionalProperties"] is groups["additionalProperties"] is False
    assert table["properties"]["background"]["enum"] == ["auto", "opaque", "transparent"]
    assert table["properties"]["palette"]["items"]["pattern"] == "^#[0-9a-fA-F]{6}$"


def test_the_examples_of_the_schema_can_be_read() -> None:
    table = style_json_schema()["$defs"]["StyleFile"]["properties"]
    for key, told in table.items():
        for value in told.get("examples", ()):
            base = 'description = "d"\n' + ("" if key == "extends" else 'extends = "a"\n')
            read_draft(f"{base}{key} = {json.dumps(value)}\n", "mine", "mine.toml")


odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "{prompt}", "{", "-x", "#000000", "a", "x" * 301]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["mood", "medium", "x"]), inner, max_size=2)
    ),
    max_leaves=6,
)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + "}"
    return f"[{', '.join(map(toml, value))}]" if isinstance(value, list) else json.dumps(value)


@given(st.dictionaries(st.sampled_from(KEYS), odd, max_size=5))
def test_any_values_are_a_draft_or_a_style_error(told: dict[str, object]) -> None:
    try:
        read_draft("".join(f"{key} = {toml(value)}\n" for key, value in told.items()), "mine", "mine.toml")
    except StyleError as error:
        assert str(error).startswith("mine.toml: ")  # noqa: PT017 - both ways out are right
        assert "\n" not in str(error)  # noqa: PT017 - ditto


IMPORTED = '[imported]\ntool = "a1111"\nfile = "styles.csv"\nentry = 3\nname = "A"\n'


def test_where_a_style_came_from_changes_no_picture() -> None:
    least = 'description = "d"\nprose = "A photo: {prompt}."\n'
    told = read_imported(least + IMPORTED)
    assert told is not None
    assert (told.tool, told.file, told.entry, told.name, told.prompt) == ("a1111", "styles.csv", 3, "A", None)
    assert read_draft(least + IMPORTED, "a", "a") == read_draft(least, "a", "a")
    assert read_imported(least) is None
