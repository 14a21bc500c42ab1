import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.typeset import glyphs, setting, wording
from imgcli.typeset.setting import Title

SIZES = (20.0, 100.0)
ROOM = (800.0, 300.0)


def lines_fit(title: Title, room: tuple[float, float]) -> bool:
    return all(setting.measure(line, title.font) * title.size <= room[0] * 1.01 for line in title.lines)


def test_a_short_title_is_set_as_large_as_allowed() -> None:
    title = setting.set_title("a car", glyphs.SANS, ROOM, SIZES)
    assert (title.lines, title.size) == (("a car",), SIZES[1])


def test_a_long_title_is_smaller_and_keeps_every_word() -> None:
    text = "a red vintage sports car on a coastal road at sunset, seen from a helicopter"
    title = setting.set_title(text, glyphs.SANS, ROOM, SIZES)
    assert SIZES[0] <= title.size < SIZES[1]
    assert " ".join(title.lines) == text
    assert lines_fit(title, ROOM)
    assert title.height <= ROOM[1]


def test_lines_are_balanced() -> None:
    title = setting.set_title("reading nook with a tabby cat, a", glyphs.SANS, (640, 300), (60, 60))
    widths = [setting.measure(line, title.font) for line in title.lines]
    assert len(widths) == 2
    assert min(widths) > max(widths) * 0.6


def test_far_too_much_is_cut_with_an_ellipsis() -> None:
    title = setting.set_title("a lighthouse in a storm " * 25, glyphs.SANS, ROOM, SIZES)
    assert len(title.lines) == setting.MOST_LINES
    assert title.lines[-1].endswith("…")
    assert lines_fit(title, ROOM)


def test_a_word_wider_than_a_line_is_cut_between_letters() -> None:
    title = setting.set_title("W" * 120, glyphs.SANS, ROOM, SIZES)
    assert len(title.lines) > 1
    assert set("".join(title.lines)) <= {"W", "…"}
    assert lines_fit(title, ROOM)


@settings(max_examples=60, deadline=None)
@given(
    text=st.text(max_size=300).map(wording.clean).filter(bool),
    room=st.tuples(st.floats(60, 1500), st.floats(20, 500)),
    font=st.sampled_from((glyphs.SANS, glyphs.SERIF)),
)
def test_nothing_ever_leaves_its_room(text: str, room: tuple[float, float], font: str) -> None:
    title = setting.set_title(text, font, room, (10.0, 90.0))
    assert 1 <= len(title.lines) <= setting.MOST_LINES
    assert lines_fit(title, room)
    assert title.height <= max(room[1], title.size)


@pytest.mark.parametrize("width", [0.0, 3.0, 8.0, 100.0])
def test_facts_are_shortened_to_their_room(width: float) -> None:
    text = setting.shorten("cinematic, neon-noir, watercolor", glyphs.TEXT, width)
    assert setting.measure(text, glyphs.TEXT) <= width


def test_a_blank_between_two_typefaces_does_not_push_a_title_out_of_its_room() -> None:
    room = (60.0, 20.0)
    assert lines_fit(setting.set_title("¬ 0", glyphs.SERIF, room, (10.0, 90.0)), room)
