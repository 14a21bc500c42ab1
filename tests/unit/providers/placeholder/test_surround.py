import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw, ImageStat

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.palette import CURATED, make_palette
from imgcli.providers.placeholder.surround import continued, kept_box
from tests.fakes.canvases import patches
from tests.fakes.stored import still_life

PALETTE = make_palette(CURATED[0])


def canvas(size: tuple[int, int], kept: tuple[int, int], at: tuple[int, int]) -> Image.Image:
    whole = Image.new("RGBA", size, (0, 0, 0, 0))
    whole.paste(still_life(*kept), at)
    return whole


def test_a_rectangle_on_nothing_is_what_is_kept() -> None:
    assert kept_box(canvas((360, 240), (240, 240), (60, 0))) == (60, 0, 300, 240)


def test_whole_and_empty_pictures_and_other_outlines_are_not_continued() -> None:
    assert kept_box(still_life().convert("RGBA")) is None
    assert kept_box(Image.new("RGBA", (50, 50), (0, 0, 0, 0))) is None
    disc = Image.new("L", (200, 200))
    ImageDraw.Draw(disc).ellipse((20, 20, 160, 160), fill=255)
    round_one = still_life(200, 200).convert("RGBA")
    round_one.putalpha(disc)
    assert kept_box(round_one) is None


def test_a_stamp_on_a_field_is_not_continued() -> None:
    assert kept_box(canvas((400, 400), (49, 300), (10, 10))) is None


@pytest.mark.parametrize("edge", ["left", "top", "right", "bottom"])
def test_no_seam_can_be_seen(edge: str) -> None:
    whole = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    whole.paste(patches(7, 240, 240), (80, 80))
    made = continued(whole, (80, 80, 320, 320), PALETTE, Chance(b"x"))
    lines = {
        "left": ((79, 80, 80, 320), (80, 80, 81, 320)),
        "right": ((320, 80, 321, 320), (319, 80, 320, 320)),
        "top": ((80, 79, 320, 80), (80, 80, 320, 81)),
        "bottom": ((80, 320, 320, 321), (80, 319, 320, 320)),
    }
    outside, inside = lines[edge]
    step = ImageChops.difference(made.crop(outside), whole.convert("RGB").crop(inside))
    assert max(ImageStat.Stat(step).mean) < 6


def test_far_away_there_is_something_soft() -> None:
    made = continued(canvas((960, 240), (240, 240), (0, 0)), (0, 0, 240, 240), PALETTE, Chance(b"x"))
    far = made.crop((700, 0, 960, 240)).convert("L")
    assert ImageStat.Stat(far).stddev[0] > 2
    sharp = ImageStat.Stat(ImageChops.difference(far, ImageChops.offset(far, 2, 0))).mean[0]
    assert sharp < 6


@settings(max_examples=15, deadline=None)
@given(
    size=st.tuples(st.integers(64, 200), st.integers(64, 200)),
    share=st.tuples(st.floats(0.2, 1), st.floats(0.2, 1)),
    place=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_any_place_is_continued(size: tuple[int, int], share: tuple[float, float], place: tuple[float, float]) -> None:
    kept = round(size[0] * share[0]), round(size[1] * share[1])
    at = round((size[0] - kept[0]) * place[0]), round((size[1] - kept[1]) * place[1])
    box = (*at, at[0] + kept[0], at[1] + kept[1])
    assert continued(canvas(size, kept, at), box, PALETTE, Chance(b"x")).size == size
