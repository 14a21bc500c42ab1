"""The workshop: what it makes, that it is the same again, and that it never believes its cache."""

import hashlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from imgcli.errors import StorageError, UsageError
from imgcli.inputs import pixels as encoder
from imgcli.inputs.boxes import parse_box
from imgcli.inputs.prepare import ANCHORS, Workshop
from imgcli.inputs.read import read_input
from imgcli.model.input import Edit, EditRules, Input
from tests.fakes.inputs import BLUE, RED, a_drawing, a_photo, a_promise, a_turned_photo, pixels


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path / "cache" / "inputs")


def holes(mask: Input) -> int:
    return pixels(mask.path).getchannel("A").histogram()[0]


def test_what_is_made_is_a_file_named_by_its_bytes(tmp_path: Path, workshop: Workshop) -> None:
    made = workshop.smaller(a_photo(tmp_path / "a.png"), 32)
    assert (made.width, made.height, made.format, made.name) == (32, 24, "jpeg", "a.png")
    data = made.path.read_bytes()
    assert made.path == tmp_path / "cache" / "inputs" / f"{hashlib.sha256(data).hexdigest()}.jpg"
    assert replace(made, origin="") == read_input(made.path, "a.png")
    assert list((tmp_path / "cache" / "inputs").iterdir()) == [made.path]
    assert made.path.stat().st_mode & 0o777 == 0o600


def test_the_same_call_gives_the_same_picture_and_a_spoilt_cache_is_mended(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    made = workshop.converted(photo, "webp")
    data = made.path.read_bytes()
    made.path.write_bytes(b"spoilt")
    assert workshop.converted(photo, "webp") == made
    assert made.path.read_bytes() == data
    mine = tmp_path / "mine"
    mine.write_text("mine")
    made.path.unlink()
    made.path.symlink_to(mine)
    workshop.converted(photo, "webp")
    assert (mine.read_text(), made.path.read_bytes()) == ("mine", data)


def test_a_copy_to_look_at_is_upright_and_never_larger(tmp_path: Path, workshop: Workshop) -> None:
    seen = workshop.smaller(a_turned_photo(tmp_path / "a.jpg"), 1000)
    assert (seen.width, seen.height) == (48, 64)
    assert b"Secret" not in seen.path.read_bytes()
    assert workshop.smaller(a_photo(tmp_path / "b.png", (300, 10)), 30, "png").width == 30


@pytest.mark.parametrize("suffix", ["png", "jpg", "webp"])
def test_a_picture_is_made_to_fit_in_its_own_format(tmp_path: Path, workshop: Workshop, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    Image.effect_noise((400, 300), 80).convert("RGB").save(path)
    photo = read_input(path, path.name)
    fits = workshop.fitted(photo, EditRules(most_bytes=photo.size_bytes + 1))
    assert fits is photo
    made = workshop.fitted(photo, EditRules(most_bytes=20_000))
    assert made.size_bytes < 20_000
    assert made.format == photo.format
    assert abs(made.width / made.height - 4 / 3) < 0.05
    assert made.width > 40
    with pytest.raises(UsageError, match="cannot be made smaller than 100 bytes"):
        workshop.fitted(photo, EditRules(most_bytes=100))


def test_a_conversion_is_upright_and_one_that_is_none_changes_nothing(tmp_path: Path, workshop: Workshop) -> None:
    turned = a_turned_photo(tmp_path / "a.jpg")
    assert workshop.converted(turned, "jpeg") is turned
    made = workshop.converted(turned, "png")
    assert (made.width, made.height, made.format) == (48, 64, "png")


# Masks


def test_boxes_become_holes(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    mask = workshop.box_mask(photo, [parse_box("0,0,4,4"), parse_box("50%,50%,25%,25%")])
    assert (mask.width, mask.height, mask.format) == (64, 48, "png")
    assert mask.name == "box 0,0,4,4 and 50%,50%,25%,25%"
    assert holes(mask) == 16 + 16 * 12
    assert not EditRules().problem(Edit((photo,), mask))


def test_a_box_over_a_picture_that_lies_on_its_side_is_refused(tmp_path: Path, workshop: Workshop) -> None:
    box = [parse_box("0,0,4,4")]
    with pytest.raises(UsageError, match=r"EXIF orientation 6\), and --convert png turns it"):
        workshop.box_mask(a_turned_photo(tmp_path / "a.jpg"), box)
    with pytest.raises(UsageError, match="--convert jpeg turns it"):
        workshop.box_mask(a_turned_photo(tmp_path / "a.png"), box)
    workshop.box_mask(workshop.converted(a_turned_photo(tmp_path / "a.jpg"), "png"), box)


def test_a_colour_becomes_a_hole(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    mask = workshop.colour_mask(photo, "#c81e1e", 0)
    assert holes(mask) == 256
    assert mask.name == "colour #c81e1e within 0"
    with pytest.raises(UsageError, match="no pixel has the colour #00ff00, with a tolerance of 9"):
        workshop.colour_mask(photo, "#00ff00", 9)


def test_black_and_white_becomes_alpha(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    for drawing in (a_drawing(tmp_path / "m.png"), a_drawing(tmp_path / "m.webp", lossless=True)):
        mask = workshop.alpha_mask(drawing, photo)
        assert (mask.format, mask.name, holes(mask)) == ("png", drawing.name, 256)


def test_a_jpeg_mask_is_black_and_white_all_the_same(tmp_path: Path, workshop: Workshop) -> None:
    mask = workshop.alpha_mask(a_drawing(tmp_path / "m.jpg", quality=80), a_photo(tmp_path / "a.png"))
    assert mask.format == "png"
    assert pixels(mask.path).getpixel((16, 16)) == (0, 0, 0, 0)


def test_a_mask_with_holes_is_sent_as_it_is(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    image = Image.new("RGBA", (64, 48), (1, 2, 3, 255))
    image.putpixel((0, 0), (9, 9, 9, 0))
    image.save(tmp_path / "m.png")
    image.save(tmp_path / "m.webp", lossless=True)
    mask = read_input(tmp_path / "m.png", "m.png")
    assert workshop.alpha_mask(mask, photo) is mask
    made = workshop.alpha_mask(read_input(tmp_path / "m.webp", "m.webp"), photo)
    assert (made.format, holes(made)) == ("png", 1)


def test_holes_in_a_palette_become_an_alpha_channel_which_servers_ask_for(tmp_path: Path, workshop: Workshop) -> None:
    Image.new("P", (64, 48), 0).save(tmp_path / "m.png", transparency=0)
    made = workshop.alpha_mask(read_input(tmp_path / "m.png", "m.png"), a_photo(tmp_path / "a.png"))
    with Image.open(made.path) as image:
        assert image.mode == "RGBA"


def test_a_mask_that_shows_nothing_or_fits_nothing(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    with pytest.raises(UsageError, match=r"b\.png: has no transparent part and is no black and white drawing"):
        workshop.alpha_mask(a_photo(tmp_path / "b.png"), photo)
    with pytest.raises(UsageError, match=r"it has 48x64, a\.png 64x48$"):
        workshop.alpha_mask(a_drawing(tmp_path / "m.png", (48, 64)), photo)
    with pytest.raises(UsageError, match="EXIF orientation 6"):
        workshop.alpha_mask(a_drawing(tmp_path / "m.png", (48, 64)), a_turned_photo(tmp_path / "c.jpg"))


def test_a_mask_follows_its_picture_when_that_is_made_smaller(tmp_path: Path, workshop: Workshop) -> None:
    Image.effect_noise((400, 300), 80).convert("RGB").save(tmp_path / "a.png")
    photo, rules = read_input(tmp_path / "a.png", "a.png"), EditRules(most_bytes=20_000, mask_bytes=5000)
    mask = workshop.box_mask(photo, [parse_box("0,0,50%,100%")])
    small = workshop.fitted(photo, rules)
    laid = workshop.laid_over(mask, small, rules)
    assert not rules.problem(Edit((small,), laid))
    assert abs(holes(laid) / (laid.width * laid.height) - 0.5) < 0.05
    assert workshop.laid_over(laid, small, rules) is laid
    pixels(small.path).save(tmp_path / "fat.png")
    fat = workshop.laid_over(read_input(tmp_path / "fat.png", "fat.png"), small, rules)
    assert fat.size_bytes < 5000


# Canvases


@pytest.mark.parametrize("anchor", sorted(ANCHORS))
def test_a_canvas_holds_the_picture_untouched_and_its_mask_everything_else(
    tmp_path: Path, workshop: Workshop, anchor: str
) -> None:
    photo = a_photo(tmp_path / "a.png")
    canvas, mask = workshop.canvas(photo, 101, 99, anchor)
    seen, alpha = pixels(canvas.path), pixels(mask.path).getchannel("A")
    left, top, right, bottom = alpha.getbbox() or (0, 0, 0, 0)
    assert (right - left, bottom - top) == (64, 48)
    assert ImageChops.difference(seen.crop((left, top, right, bottom)), pixels(photo.path)).getbbox() is None
    assert ImageChops.difference(seen.getchannel("A"), alpha).getbbox() is None
    sides = {"left": left == 0, "right": right == 101, "top": top == 0, "bottom": bottom == 99}
    assert all(sides[word] for word in anchor.split("-") if word in sides)
    assert not EditRules().problem(Edit((canvas,), mask))


def test_a_canvas_may_be_larger_on_one_side_alone(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    assert workshop.canvas(photo, 64, 49, "center")[0].height == 49
    for size in ((64, 48), (63, 100), (100, 47)):
        with pytest.raises(UsageError, match=r"a\.png: is 64x48, so nothing can be added around it"):
            workshop.canvas(photo, *size, "center")
    with pytest.raises(UsageError, match=r"^99999x99999 has 9,999,800,001 pixels, and 150,000,000 are the most$"):
        workshop.canvas(photo, 99_999, 99_999, "center")
    with pytest.raises(UsageError, match="the anchor 'middle' is not one of center, left"):
        workshop.canvas(photo, 100, 100, "middle")


# Previews


def test_a_preview_leaves_what_stays_as_it_is(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    data = workshop.preview(Edit((photo,), workshop.colour_mask(photo, "#c81e1e", 0)))
    with Image.open(BytesIO(data)) as seen:
        assert (seen.format, seen.size) == ("PNG", (64, 48))
        plain = seen.convert("RGB")
    assert plain.getpixel((0, 0)) == BLUE
    assert ImageChops.difference(plain, pixels(photo.path, "RGB")).getbbox() == (8, 8, 24, 24)
    assert plain.getpixel((16, 16)) != RED


# What goes wrong


def test_a_bomb_is_one_line(tmp_path: Path, workshop: Workshop) -> None:
    bomb = read_input(a_promise(tmp_path / "bomb.png", 12_000, 12_000), "bomb.png")
    with pytest.raises(UsageError, match=r"^bomb\.png: is a damaged png; save it anew in an image editor$"):
        workshop.smaller(bomb, 100)


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(StorageError, match=r"cannot keep a\.png made ready to be sent"):
        Workshop(tmp_path / "cache").smaller(a_photo(tmp_path / "a.png"), 10)


def test_a_picture_that_changed_meanwhile_is_noticed_by_all_of_it(tmp_path: Path, workshop: Workshop) -> None:
    photo = a_photo(tmp_path / "a.png")
    mask = workshop.box_mask(photo, [parse_box("0,0,4,4")])
    photo.path.write_bytes(photo.path.read_bytes() + b"x")
    for work in (
        lambda: workshop.smaller(photo, 10),
        lambda: workshop.converted(photo, "jpeg"),
        lambda: workshop.fitted(photo, EditRules(most_bytes=10)),
        lambda: workshop.colour_mask(photo, "#c81e1e", 0),
        lambda: workshop.alpha_mask(photo, photo),
        lambda: workshop.canvas(photo, 100, 100, "center"),
        lambda: workshop.preview(Edit((photo,), mask)),
    ):
        with pytest.raises(UsageError, match="was changed since it was looked at"):
            work()


# Origins


def test_what_is_made_goes_by_what_was_done_and_not_by_what_an_encoder_wrote(
    tmp_path: Path, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, drawing = a_photo(tmp_path / "a.png"), a_drawing(tmp_path / "m.png")

    def all_made() -> list[Input]:
        return [
            workshop.smaller(photo, 20),
            workshop.converted(photo, "jpeg"),
            workshop.converted(photo, "webp"),
            workshop.box_mask(photo, [parse_box("0,0,4,4")]),
            workshop.colour_mask(photo, "#c81e1e", 3),
            workshop.colour_mask(photo, "#c81e1e", 4),
            workshop.alpha_mask(drawing, photo),
            *workshop.canvas(photo, 100, 100, "left"),
            *workshop.canvas(photo, 100, 100, "right"),
            *workshop.canvas(photo, 101, 100, "left"),
        ]

    before = all_made()
    assert len({each.origin for each in before}) == len(before)
    encoded = encoder.encoded
    monkeypatch.setattr(
        encoder, "encoded", lambda image, image_format: encoded(image, image_format) + b" other version"
    )
    after = all_made()
    assert [each.mark for each in after] == [each.mark for each in before]
    assert all(one.sha256 != other.sha256 for one, other in zip(before, after, strict=True))


def test_an_origin_follows_the_bytes_it_was_made_from(tmp_path: Path, workshop: Workshop) -> None:
    one = workshop.converted(a_photo(tmp_path / "a.png"), "webp")
    two = workshop.converted(a_photo(tmp_path / "a.png", compress_level=1), "webp")
    assert one.sha256 == two.sha256
    assert one.mark != two.mark
    assert workshop.smaller(one, 20).mark != workshop.smaller(two, 20).mark
