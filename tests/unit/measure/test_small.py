import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from imgcli.measure.small import LONG, MOST_PIXELS, shape_of, shrink


def saved(path: Path, picture: Image.Image, **how: Any) -> Path:
    picture.save(path, **how)
    return path


def opened(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as small:
        assert small.format == "WEBP"
        small.load()
        return small


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.gif", "a.avif"])
def test_every_format_is_made_small_and_stays_as_it_was(name: str, tmp_path: Path) -> None:
    path = saved(tmp_path / name, Image.new("RGB", (1200, 800), (200, 40, 40)))
    before = path.read_bytes()
    made = shrink(path)
    assert (made.width, made.height, made.clear) == (LONG, LONG * 2 // 3, False)
    assert made.sha256 == hashlib.sha256(before).hexdigest()
    red, green, blue = opened(made.data).convert("RGB").getpixel((9, 9))  # type: ignore[misc] # of RGB
    assert red > 180
    assert max(green, blue) < 60
    assert path.read_bytes() == before


def test_what_is_small_is_not_made_larger(tmp_path: Path) -> None:
    made = shrink(saved(tmp_path / "a.png", Image.new("RGB", (33, 7))))
    assert (made.width, made.height) == (33, 7)
    assert opened(made.data).size == (33, 7)


def test_a_line_is_still_a_picture(tmp_path: Path) -> None:
    assert shrink(saved(tmp_path / "a.png", Image.new("RGB", (9000, 1))))[2:4] == (LONG, 1)


def test_transparency_is_kept_where_there_is_some(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    clear.paste((255, 0, 0, 255), (0, 0, 300, 600))
    made = shrink(saved(tmp_path / "clear.png", clear))
    assert made.clear
    assert opened(made.data).convert("RGBA").getpixel((400, 100))[3] == 0  # type: ignore[index] # of RGBA
    assert shape_of(made.data) == (LONG, LONG, True)
    solid = shrink(saved(tmp_path / "solid.png", Image.new("RGBA", (600, 600), (1, 2, 3, 255))))
    assert not solid.clear
    assert shape_of(solid.data) == (LONG, LONG, False)


def test_a_camera_that_was_turned_is_turned_back(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert shrink(saved(tmp_path / "a.jpg", Image.new("RGB", (600, 300)), exif=exif))[2:4] == (LONG // 2, LONG)


def test_other_modes_are_pictures_too(tmp_path: Path) -> None:
    for mode in ("1", "L", "P", "LA", "I;16", "CMYK"):
        path = tmp_path / ("a.jpg" if mode == "CMYK" else "a.png")
        assert shrink(saved(path, Image.new(mode, (500, 250))))[2:4] == (LONG, LONG // 2)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "UnidentifiedImageError"),
        (b"no picture", "UnidentifiedImageError"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "cannot be made small"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "UnidentifiedImageError"),
    ],
)
def test_what_is_no_picture_is_told_in_one_way(data: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(ValueError, match=why):
        shrink(tmp_path / "a.png")


def test_a_picture_that_is_not_there_is_told_likewise(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="FileNotFoundError"):
        shrink(tmp_path / "a.png")


def test_a_bomb_is_not_unfolded(tmp_path: Path) -> None:
    side = int(MOST_PIXELS**0.5) + 1
    path = saved(tmp_path / "bomb.png", Image.new("1", (side, side)))
    assert path.stat().st_size < 1_000_000
    with pytest.raises(ValueError, match="pixels"):
        shrink(path)
