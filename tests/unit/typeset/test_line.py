from PIL import Image, ImageDraw

from imgcli.typeset import glyphs
from imgcli.typeset.line import write


def box_of(text: str, *, rtl: bool = False) -> tuple[int, int, int, int]:
    picture = Image.new("RGB", (400, 60))
    write(ImageDraw.Draw(picture), text, (50, 350, 40), (glyphs.SANS, 30), (255, 255, 255), rtl=rtl)
    found = picture.getbbox()
    assert found is not None
    return found


def test_a_line_stands_on_its_baseline_at_its_left() -> None:
    left, top, _, bottom = box_of("Hn")
    assert abs(left - 50) <= 1
    assert abs(bottom - 40) <= 1
    assert 15 <= top <= 20


def test_one_that_reads_right_to_left_stands_at_the_right() -> None:
    assert abs(box_of("abc", rtl=True)[2] - 350) <= 3


def test_letters_of_several_fonts_stand_beside_each_other() -> None:
    assert box_of("a 赤い車 b")[2] > box_of("a 赤い車")[2] > box_of("a")[2]
