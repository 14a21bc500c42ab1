from PIL import Image, ImageChops

from imgcli.inputs.masks import of_boxes
from imgcli.inputs.preview import drawn

SIZE = (120, 80)


def differing(before: Image.Image, after: Image.Image) -> Image.Image:
    return (
        ImageChops.difference(before.convert("RGB"), after.convert("RGB")).convert("L").point(lambda v: 255 if v else 0)
    )


def test_only_what_may_change_is_drawn_over_on_any_ground() -> None:
    for ground in ((0, 0, 0), (255, 255, 255), (255, 0, 128), (127, 127, 127)):
        first = Image.new("RGB", SIZE, ground)
        after = drawn(first, of_boxes(SIZE, [(20, 20, 100, 60)]), None)
        changed = differing(first, after)
        left, top, right, bottom = changed.getbbox() or (0, 0, 0, 0)
        # A white rim is not to be told from white.
        assert 20 <= left <= 22
        assert 20 <= top <= 22
        assert 98 <= right <= 100
        assert 58 <= bottom <= 60
        assert after.size == SIZE
        levels = after.crop((20, 20, 100, 60)).convert("L").tobytes()
        assert max(levels) - min(levels) > 100, ground


def test_without_a_mask_all_of_it_may_change() -> None:
    first = Image.new("RGB", SIZE, (10, 200, 10))
    assert differing(first, drawn(first, None, None)).getbbox() == (0, 0, *SIZE)


def test_nothing_shows_through_where_something_may_change() -> None:
    first = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    after = drawn(first, of_boxes(SIZE, [(20, 20, 100, 60)]), None)
    assert after.getchannel("A").getpixel((20, 20)) == 255
    assert after.getchannel("A").getpixel((0, 0)) == 0


def test_the_markup_lies_on_top() -> None:
    markup = Image.new("RGBA", SIZE, (0, 0, 0, 0))
    markup.putpixel((50, 40), (1, 2, 3, 255))
    assert drawn(Image.new("RGB", SIZE), None, markup).getpixel((50, 40)) == (1, 2, 3, 255)
