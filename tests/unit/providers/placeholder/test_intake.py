import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from imgcli.errors import AttemptError, Money
from imgcli.model.input import Input
from imgcli.providers.placeholder.intake import MOST_PIXELS, take, take_alpha
from tests.fakes.stored import mask_of, still_life, stored

RGB_PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
ORIENTATION = 0x0112


def refused(source: Input, words: str, money: str = "nothing was billed") -> AttemptError:
    with pytest.raises(AttemptError, match=words) as caught:
        take(source, (8, 8))
    assert caught.value.money is Money.VOID
    assert money in str(caught.value)
    assert "\n" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize("name", ["a.png", "a.webp"])
def test_pixels_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    source = stored(tmp_path / name, still_life(), **({"lossless": True} if name.endswith("webp") else {}))
    assert take(source, (240, 240)).picture.tobytes() == still_life().tobytes()


def test_what_a_camera_says_of_its_orientation_is_not_applied(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    source = stored(tmp_path / "a.jpg", still_life(120, 80), exif=exif)
    assert take(source, (120, 80)).picture.size == (120, 80)


@pytest.mark.parametrize(
    ("mode", "taken"),
    [("L", "RGB"), ("P", "RGB"), ("1", "RGB"), ("LA", "RGBA"), ("RGBA", "RGBA"), ("RGB", "RGB")],
)
def test_every_mode_becomes_one_of_two(tmp_path: Path, mode: str, taken: str) -> None:
    assert take(stored(tmp_path / "a.png", still_life().convert(mode)), (8, 8)).picture.mode == taken


def test_sixteen_bits_are_scaled_and_not_cut_off(tmp_path: Path) -> None:
    deep = Image.new("I;16", (4, 1))
    for x, level in enumerate((0, 255, 25_600, 65_535)):
        deep.putpixel((x, 0), level)
    picture = take(stored(tmp_path / "a.png", deep), (4, 1)).picture
    assert picture.getchannel("R").tobytes() == bytes((0, 0, 100, 255))


def test_cmyk_becomes_rgb_and_leaves_its_profile(tmp_path: Path) -> None:
    fake_profile = bytes(16) + b"CMYK" + bytes(200)
    taken = take(stored(tmp_path / "a.jpg", still_life().convert("CMYK"), icc_profile=fake_profile), (240, 240))
    assert (taken.picture.mode, taken.profile) == ("RGB", b"")


def test_a_profile_of_rgb_is_handed_on(tmp_path: Path) -> None:
    assert take(stored(tmp_path / "a.png", still_life(), icc_profile=RGB_PROFILE), (8, 8)).profile == RGB_PROFILE


def test_a_jpeg_is_reduced_while_it_is_decoded_and_stays_large_enough(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.jpg", still_life(800, 800))
    assert take(source, (90, 90)).picture.size == (100, 100)
    assert take(source, (800, 800)).picture.size == (800, 800)


def test_a_picture_that_is_gone_or_another_is_not_taken(tmp_path: Path) -> None:
    source = stored(tmp_path / "car.png", still_life())
    source.path.write_bytes(source.path.read_bytes() + b"x")
    assert refused(source, r"car\.png has changed.*run the command again", "nothing is billed").code == "input-changed"
    source.path.unlink()
    assert refused(source, r"car\.png cannot be read any more.*put it back", "nothing is billed").code == "input-gone"


def test_bytes_that_are_no_picture_are_told(tmp_path: Path) -> None:
    source = stored(tmp_path / "car.png", still_life())
    source.path.write_bytes(source.path.read_bytes()[:200])
    cut = hashed(source)
    assert refused(cut, r"car\.png cannot be decoded").code == "unreadable"


def test_another_format_than_was_seen_is_not_decoded(tmp_path: Path) -> None:
    source = replace(stored(tmp_path / "car.png", still_life()), format="webp")
    assert refused(source, "cannot be decoded .it is no webp").code == "unreadable"


def test_a_bomb_is_refused_before_it_is_read(tmp_path: Path) -> None:
    source = replace(stored(tmp_path / "car.png", still_life()), width=MOST_PIXELS // 1000 + 1, height=1000)
    assert (
        refused(source, "megapixels; the placeholder painter takes 64; make it smaller with --downscale").code
        == "too_large"
    )


def test_a_bomb_that_hid_its_size_is_stopped_by_pillow(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (20_000, 20_000)).save(path)
    source = hashed(Input(path, "", 0, "png", 10, 10, "bomb.png"))
    assert refused(source, "far more pixels").code == "unreadable"


def test_the_alpha_of_a_mask(tmp_path: Path) -> None:
    keep = Image.linear_gradient("L")
    assert take_alpha(mask_of(tmp_path / "m.png", keep)).tobytes() == keep.tobytes()


def test_a_mask_without_alpha_says_what_to_do(tmp_path: Path) -> None:
    source = stored(tmp_path / "m.png", Image.new("RGB", (8, 8)))
    with pytest.raises(AttemptError, match=r"m\.png has no transparent pixels.*alpha channel") as caught:
        take_alpha(source)
    assert caught.value.code == "no_alpha"


def hashed(source: Input) -> Input:
    """`source` with the hash and size its file has now."""
    data = source.path.read_bytes()
    return replace(source, sha256=hashlib.sha256(data).hexdigest(), size_bytes=len(data))
