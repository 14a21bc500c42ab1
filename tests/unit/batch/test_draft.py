from datetime import date

import pytest

from imgcli.batch.draft import Place, shown


@pytest.mark.parametrize(
    ("place", "key", "message"),
    [
        (Place("f"), "", "f: x"),
        (Place("f", 3), "", "f:3: x"),
        (Place("f", 3), "size", "f:3: size: x"),
        (Place("f", 0, "prompts[2]"), "size", "f: prompts[2].size: x"),
        (Place("f", 3, "prompts[2]"), "style[1]", "f:3: prompts[2].style[1]: x"),
        (Place("f", 3, "prompts[2]", len), "size", "f:4: prompts[2].size: x"),
        (Place("f", 3, "prompts[2]", lambda _: 0), "size", "f:3: prompts[2].size: x"),
        (Place("f", 3), "a\x1b[2J", "f:3: x"),
    ],
)
def test_an_error_says_as_much_of_the_place_as_is_known(place: Place, key: str, message: str) -> None:
    assert str(place.error("x", key)) == message


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a\nb", r"'a\nb'"),
        ("x" * 50, f"'{'x' * 39}…'"),
        (True, "true"),
        (3, "3"),
        pytest.param(16**5000, "a huge number", id="huge"),
        (2.5, "2.5"),
        (None, "null"),
        ({}, "a table"),
        ([1], "a list"),
        (date(2026, 1, 1), "a date"),
    ],
)
def test_any_value_is_shown_on_one_short_line(value: object, text: str) -> None:
    assert shown(value) == text
