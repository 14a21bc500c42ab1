import pytest

from imgcli.director.exchange.foreign import ForeignStyle, Found, Problem, Reading, Tool, problem_of, shown_file, sift


@pytest.mark.parametrize(
    ("style", "problem"),
    [
        (ForeignStyle("a", "{prompt}, x", "y"), ""),
        (ForeignStyle("a", "line\r\nline\t", "\n"), ""),
        (ForeignStyle(" ", "x"), "it has no name"),
        (ForeignStyle("a" * 201, "x"), "its name is longer than 200 characters"),
        (ForeignStyle("a", "{prompt} {prompt}"), "two {prompt} in it; the subject goes in once, so remove one"),
        (ForeignStyle("a", "x" * 4001), "its prompt has 4,001 characters; 4,000 are allowed"),
        (ForeignStyle("a", "x", "y" * 5000), "its negative_prompt has 5,000 characters; 4,000 are allowed"),
        (ForeignStyle("a", "x\x1b[2J"), "control characters such as '\\x1b' are not allowed"),
        (ForeignStyle("a\u202e", "x"), "control characters such as '\\u202e' are not allowed"),
        (ForeignStyle("a", "x", "\ud800"), "control characters such as '\\ud800' are not allowed"),
        (ForeignStyle("a", "x", "{prompt}, {prompt}"), ""),
    ],
)
def test_what_is_wrong_with_a_style(style: ForeignStyle, problem: str) -> None:
    assert problem_of(style) == problem


def test_dividers_are_told_and_left_out() -> None:
    good, divider = Found("f:2", 2, ForeignStyle("a", "x")), Found("f:3", 3, ForeignStyle("--- B ---", " "))
    bad = Found("f:4", 4, ForeignStyle("", "x"))
    assert sift(Tool.A1111, [good, divider, bad], [], []) == Reading(
        Tool.A1111,
        (good,),
        (Problem(4, "f:4: it has no name"),),
        ("f:3: '--- B ---' has no words, only a name; left out",),
    )


def test_a_file_is_named_without_its_place_and_without_escapes() -> None:
    assert shown_file("/home/me/styles.csv") == "styles.csv"
    assert shown_file("a\x1bb.csv") == "a\\x1bb.csv"
