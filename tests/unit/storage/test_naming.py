import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgcli.errors import UsageError
from imgcli.storage.naming import FIELDS, MAX_BYTES, render, safe_stem, slug
from tests.rows import each_row

NASTY = ["CON", "nul.txt", "com1", "COM¹", "lpt9.tar.gz", "a:b", "a.", "a ", " a", "-rf", "..", ".", "", "a/b", "a\\b"]
NASTY += [
    "é" * 130,
    "\u202eevil",
    "\x00",
    "\x9b2J",
    "\udcff",
    "a\u200bb",
    "x" * 400,
    "con .png",
    "🎨" * 80,
    "a\nb",
    "~",
]


@given(st.text(max_size=300))
@example("CON")
@example("é" * 130)
def test_a_safe_stem_is_safe_everywhere(name: str) -> None:
    stem = safe_stem(name)
    assert 1 <= len(stem.encode()) <= MAX_BYTES
    assert not set('<>:"/\\|?*') & set(stem)
    assert not any(unicodedata.category(c)[0] == "C" for c in stem)
    assert stem == unicodedata.normalize("NFC", stem)
    assert stem[0] not in " .-"
    assert stem[-1] not in " ."
    assert stem.split(".")[0].strip().casefold() not in {"con", "prn", "aux", "nul", "com1", "lpt1"}
    assert safe_stem(stem) == stem


@each_row("name", NASTY)
def test_nasty_names(name: str) -> None:
    test_a_safe_stem_is_safe_everywhere.hypothesis.inner_test(name)  # type: ignore[attr-defined]


def test_long_names_stay_different() -> None:
    assert safe_stem("x" * 400) != safe_stem("x" * 401)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A Red CAR, at night!", "a-red-car-at-night"),
        ("Straße nach Köln", "strasse-nach-köln"),
        ("夜の街", "夜の街"),
        ("🎨🎨", ""),
        ("../../etc/passwd", "etc-passwd"),
        ("one two three " * 20, "one-two-three-one-two-three-one-two-three-one-two-three-one"),
        ("w" * 100, "w" * 60),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    assert slug(text) == expected


def fields(**given: str) -> dict[str, str]:
    return dict.fromkeys(FIELDS, "") | given


def test_render_fills_and_leaves_no_double_hyphen() -> None:
    assert render("{slug}-{style}-{n}", fields(slug="A Car", n="1")) == "a-car-1"
    assert render("{slug}-{style}-{n}", fields(slug="A Car", style="cinematic+food", n="2")) == "a-car-cinematic+food-2"
    assert render("{{x}} {id}", fields(id="Hero Shot")) == "{x} hero-shot"


def test_a_value_is_never_a_path() -> None:
    assert "/" not in render("{model}", fields(model="../../black-forest/flux"))


@pytest.mark.parametrize("template", ["{nope}", "{n!r}", "{n:>5}", "a/b", "..\\a", "{", "}", "{n.real}", "{0}"])
def test_templates_that_are_none(template: str) -> None:
    with pytest.raises(UsageError) as caught:
        render(template, fields(n="1"))
    assert "\n" not in str(caught.value)


@given(st.text(st.characters(max_codepoint=127), max_size=60))
def test_plain_text_is_looked_at_as_any_other(text: str) -> None:
    """A letter beyond ASCII takes the long way, and changes nothing for the others."""
    assert slug(f"{text} ж", 10_000) == "-".join(part for part in (slug(text, 10_000), "ж") if part)
    assert safe_stem(f"a{text}b ж") == f"{safe_stem(f'a{text}b')} ж"
