import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from imgcli.errors import UsageError
from imgcli.inputs import pixels
from imgcli.inputs.read import read_input
from tests.fakes.inputs import RED, a_photo, a_promise, a_turned_photo


def saved(path: Path, image: Image.Image, **options: Any) -> Image.Image:
    image.save(path, **options)
    return pixels.opened(read_input(path, path.name), pixels.stored)


@pytest.mark.parametrize(
    ("mode", "name", "expected"),
    [
        ("RGB", "a.png", "RGB"),
        ("RGB", "a.jpg", "RGB"),
        ("L", "a.png", "RGB"),
        ("1", "a.png", "RGB"),
        ("P", "a.png", "RGB"),
        ("LA", "a.png", "RGBA"),
        ("RGBA", "a.png", "RGBA"),
        ("RGBA", "a.webp", "RGBA"),
        ("CMYK", "a.jpg", "RGB"),
        ("I;16", "a.png", "RGB"),
    ],
)
def test_every_kind_of_picture_becomes_eight_bits_of_rgb(tmp_path: Path, mode: str, name: str, expected: str) -> None:
    image = Image.new(
        "RGBA" if mode in {"LA", "RGBA"} else "RGB", (8, 8), (*RED, 99)[: 4 if mode in {"LA", "RGBA"} else 3]
    )
    image = image.convert("L").convert(mode) if mode == "I;16" else image.convert(mode)
    assert saved(tmp_path / name, image).mode == expected


def test_whole_pictures_are_let_through_and_each_is_decoded_once(tmp_path: Path) -> None:
    whole = [a_photo(tmp_path / f"a.{end}") for end in ("png", "jpg", "webp")]
    pixels.require_whole(whole)
    (tmp_path / "b.png").write_bytes((tmp_path / "a.png").read_bytes())
    twin = read_input(tmp_path / "b.png", "b.png")
    (tmp_path / "b.png").unlink()
    pixels.require_whole([twin, whole[0]])


@pytest.mark.parametrize("end", ["png", "jpg", "webp"])
def test_a_picture_that_is_cut_off_is_damaged(tmp_path: Path, end: str) -> None:
    a_photo(tmp_path / f"a.{end}", (800, 600))
    data = (tmp_path / f"a.{end}").read_bytes()
    (tmp_path / f"a.{end}").write_bytes(data[: len(data) // 2])
    with pytest.raises(UsageError, match=rf"^half\.{end}: is a damaged "):
        pixels.require_whole([read_input(tmp_path / f"a.{end}", f"half.{end}")])


def test_sixteen_bits_are_scaled_and_not_clipped(tmp_path: Path) -> None:
    image = Image.new("I;16", (2, 1))
    image.putpixel((0, 0), 65_535)
    image.putpixel((1, 0), 257 * 100)
    assert list(saved(tmp_path / "a.png", image).convert("L").tobytes()) == [255, 100]


def test_transparency_of_a_palette_is_kept(tmp_path: Path) -> None:
    image = Image.new("P", (2, 1), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.putpixel((1, 0), 1)
    seen = saved(tmp_path / "a.png", image, transparency=1)
    assert seen.mode == "RGBA"
    assert [seen.getpixel((0, 0)), seen.getpixel((1, 0))] == [(255, 0, 0, 255), (0, 255, 0, 0)]


def test_a_colour_profile_is_followed_and_a_broken_one_is_no_trouble(tmp_path: Path) -> None:
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (linear, srgb, b"nonsense"):
        seen = saved(tmp_path / "a.png", Image.new("RGB", (2, 2), RED), icc_profile=profile)
        assert all(abs(a - b) < 3 for a, b in zip(seen.getpixel((0, 0)), RED, strict=True))  # type: ignore[arg-type]


def test_a_camera_that_was_turned_is_turned_back(tmp_path: Path) -> None:
    seen = a_turned_photo(tmp_path / "a.jpg")
    assert (seen.width, seen.height) == (64, 48)
    assert pixels.opened(seen, pixels.orientation) == 6
    assert pixels.opened(seen, pixels.stored).size == (64, 48)
    turned = pixels.opened(seen, pixels.upright)
    assert turned.size == (48, 64)
    # What was on the left is above, and what was below is on the left.
    red = turned.getpixel((48 - 16, 16))
    assert red[0] > 150 > red[2]  # type: ignore[index]


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_what_is_made_is_the_same_again_and_tells_nothing_of_place_or_camera(tmp_path: Path, image_format: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    exif = Image.Exif()
    exif[0x010F] = "Secret Cameras Ltd"
    seen = a_photo(tmp_path / "a.jpg", exif=exif, comment=b"Secret words", icc_profile=profile)
    one, two = (pixels.encoded(pixels.opened(seen, pixels.upright), image_format) for _ in range(2))
    assert one == two
    assert b"Secret" in seen.path.read_bytes()
    assert b"Secret" not in one
    with Image.open(io.BytesIO(one)) as made:
        assert not made.getexif()
        assert "icc_profile" not in made.info
        assert made.format == image_format.upper()


def test_a_jpeg_of_something_transparent_lies_on_white() -> None:
    with Image.open(io.BytesIO(pixels.encoded(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "jpeg"))) as made:
        assert made.getpixel((4, 4)) == (255, 255, 255)


def test_a_damaged_picture_is_one_line(tmp_path: Path) -> None:
    seen = a_photo(tmp_path / "a.png", (400, 300))
    seen.path.write_bytes(seen.path.read_bytes()[:200])
    with pytest.raises(UsageError, match=r"a\.png: is a damaged png; save it anew"):
        pixels.opened(read_input(seen.path, "a.png"), pixels.stored)


def test_a_header_that_lies_of_the_size_is_found_out(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a damaged png"):
        pixels.opened(read_input(a_promise(tmp_path / "a.png", 5000, 5000), "a.png"), pixels.stored)


def test_what_is_said_of_a_picture_must_be_true(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="its header tells another size than its pixels"):
        pixels.opened(replace(a_photo(tmp_path / "a.png"), width=65), pixels.stored)


def test_no_memory_is_one_line(tmp_path: Path) -> None:
    def starve(_: Image.Image) -> None:
        raise MemoryError

    with pytest.raises(UsageError, match="memory"):
        pixels.opened(a_photo(tmp_path / "a.png"), starve)


def test_a_file_that_changed_is_not_decoded(tmp_path: Path) -> None:
    seen = a_photo(tmp_path / "a.png")
    a_photo(tmp_path / "a.png", (65, 48))
    with pytest.raises(UsageError, match="was changed since it was looked at"):
        pixels.opened(seen, pixels.stored)
