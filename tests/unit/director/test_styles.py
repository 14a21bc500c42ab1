import re
import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgcli.director.styles import (
    GROUPS,
    MAX_BYTES,
    TEMPLATE,
    around_subject,
    find_style,
    parse_style,
    render_new,
)
from imgcli.errors import StyleError
from imgcli.model.prompt import Style

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
    )


def test_the_least_a_file_may_say() -> None:
    style = parse_style(LEAST, "a", "built-in")
    assert replace(style, version="") == Style("a", "d", "A photo: {prompt}.")


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter() -> None:
    text = "\ufeff" + FULL.replace("\n", "\r\n")
    assert parse_style(text, "dawn", "dawn.toml") == parse_style(FULL, "dawn", "dawn.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "mine.toml: description: it is missing or empty"),
        ('description = "d"', "mine.toml: prose: it is missing or empty"),
        ('description = " "\nprose = "{prompt}"', "mine.toml: description: it is missing or empty"),
        ("description = 3", "mine.toml: description: expected text, got a number"),
        (LEAST + 'colors = ["#000000"]', "mine.toml: colors: no such key; did you mean colours?"),
        (
            LEAST + "zzz = 1",
            "mine.toml: zzz: no such key; there are description, family, prose, keywords, avoid, colours",
        ),
        (LEAST + "[keywords]\nlightning = []", "mine.toml: keywords.lightning: no such key; did you mean lighting?"),
        (LEAST + 'keywords = ["a"]', "mine.toml: keywords: expected a table, got a list"),
        (LEAST + 'keywords.mood = "calm"', "mine.toml: keywords.mood: expected a list, got text"),
        (LEAST + 'keywords.mood = ["calm", 7]', "mine.toml: keywords.mood[1]: expected text, got a number"),
        (LEAST + 'avoid = ["blur", ""]', "mine.toml: avoid[1]: it is missing or empty"),
        (LEAST + 'colours = ["#000000", "red", "#fff"]', "mine.toml: colours[1]: 'red' is not a colour like #1f4e5f"),
        (LEAST + 'colours = ["#000000"]', "mine.toml: colours: there are 1; a palette has 3 to 6"),
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


@pytest.mark.parametrize("hidden", ["\x1b[31m", "\x00", "\x7f", "\x9b", "\u2028", "\u202e", "\u2066"])
@pytest.mark.parametrize("key", ["description", "prose", "quality", "avoid"])
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


STYLES = {name: Style(name, "d", "{prompt}") for name in ("cinematic", "neon-noir", "watercolor")}


def test_a_style_is_found_by_its_name() -> None:
    assert find_style("neon-noir", STYLES) is STYLES["neon-noir"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("cinematc", "no style 'cinematc'; did you mean cinematic? (imgcli styles list shows all)"),
        ("Watercolour", "no style 'Watercolour'; did you mean watercolor? (imgcli styles list shows all)"),
        ("zzz", "no style 'zzz' (imgcli styles list shows all)"),
        ("\x1b[2J", r"no style '\x1b[2J' (imgcli styles list shows all)"),
    ],
)
def test_an_unknown_style_gets_a_guess(name: str, message: str) -> None:
    with pytest.raises(StyleError, match=f"^{re.escape(message)}$"):
        find_style(name, STYLES)


def test_the_template_is_a_style_that_uses_every_group() -> None:
    style = parse_style(TEMPLATE, "mine", "mine.toml")
    assert tuple(group for group, _ in style.keywords) == GROUPS
    assert style.size is None
    for key in ("size", "quality"):
        mended = re.sub(rf"^# ({key} = )", r"\1", TEMPLATE, flags=re.MULTILINE)
        assert getattr(parse_style(mended, "mine", "mine.toml"), key)


@pytest.mark.parametrize("described", ['Say "cheese" \\ now', "Ölfarbe 🎨", "ends in a backslash \\", "{prompt}"])
def test_a_new_style_carries_its_description(described: str) -> None:
    style = parse_style(render_new("mine", f" {described} "), "mine", "mine.toml")
    assert style.description == described
    assert style.prose == parse_style(TEMPLATE, "mine", "mine.toml").prose


@pytest.mark.parametrize(
    ("name", "described", "key"),
    [("Mine", "d", "name"), ("mine", "", "description"), ("mine", "a\nb", "description"), ("mine", "x" * 301, "desc")],
)
def test_a_new_style_with_a_bad_name_or_description_is_refused(name: str, described: str, key: str) -> None:
    with pytest.raises(StyleError, match=f"^{name}.toml: {key}"):
        render_new(name, described)
