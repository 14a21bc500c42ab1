from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import UsageError
from imgcli.inputs.boxes import parse_box
from imgcli.model.input import Input


def a_picture(width: int = 200, height: int = 100) -> Input:
    return Input(Path("a.png"), "0" * 64, 1, "png", width, height, "a.png")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("10,20,30,40", (10, 20, 40, 60)),
        (" 10px , 20 , 30 , 40 ", (10, 20, 40, 60)),
        ("25%,25%,50%,50%", (50, 25, 150, 75)),
        ("0,0,100%,100%", (0, 0, 200, 100)),
        ("12.5%,0,10,1", (25, 0, 35, 1)),
    ],
)
def test_a_box(typed: str, expected: tuple[int, int, int, int]) -> None:
    assert parse_box(typed).within(a_picture()) == expected


@pytest.mark.parametrize(
    "typed", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "-1,0,5,5", "1e3,0,5,5", "1,2,3,4%%", "١,2,3,4x"]
)
def test_what_is_no_box(typed: str) -> None:
    with pytest.raises(UsageError, match="is not x,y,width,height in pixels or percent"):
        parse_box(typed)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("0,0,0,5", "is empty in a.png (200x100)"),
        ("0,0,0.1%,50%", "is empty"),
        ("190,0,20,5", "reaches to 210,5, and a.png is 200x100"),
        ("50%,50%,50%,51%", "reaches to 200,101"),
    ],
)
def test_a_box_that_is_not_in_the_picture(typed: str, problem: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_box(typed).within(a_picture())
    assert problem in str(raised.value)


@given(st.text(alphabet="0123456789,.%px -", max_size=30))
def test_any_text_is_a_box_or_one_line(text: str) -> None:
    try:
        left, top, right, bottom = parse_box(text).within(a_picture())
    except UsageError as error:
        seen = str(error)
    else:
        seen = ""
        assert 0 <= left < right <= 200
        assert 0 <= top < bottom <= 100
    assert "\n" not in seen
