"""What is measured in a picture is what is in it."""

from pathlib import Path

import pytest
from PIL import Image

from imgcli.errors import UsageError
from imgcli.inputs.measured import ALIKE, MOST_COLOURS, colours_of, measure, name_of, shape_of
from imgcli.inputs.read import read_input
from imgcli.model.input import Input


def saved(image: Image.Image, path: Path, **options: object) -> Input:
    image.save(path, **options)  # type: ignore[arg-type]
    return read_input(path, path.name)


def test_two_colours_are_two_colours_with_their_shares(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 200), (20, 40, 90))
    image.paste((240, 130, 30), (0, 0, 100, 200))
    seen = measure(saved(image, tmp_path / "a.png"))
    assert [(colour.hex, colour.name) for colour in seen.colours] == [("#14285a", "navy"), ("#f0821e", "orange")]
    assert seen.colours[0].share == pytest.approx(2 / 3, abs=0.01)
    assert (seen.width, seen.height, seen.shape) == (300, 200, "landscape 3:2")
    assert (seen.has_alpha, seen.transparent) == (False, 0.0)


@pytest.mark.parametrize(
    ("colour", "key", "contrast", "colourfulness"),
    [
        ((10, 10, 10), "low", "low", "grey"),
        ((245, 245, 245), "high", "low", "grey"),
        ((210, 35, 42), "middle", "low", "vivid"),
    ],
)
def test_light_and_contrast(
    tmp_path: Path, colour: tuple[int, int, int], key: str, contrast: str, colourfulness: str
) -> None:
    seen = measure(saved(Image.new("RGB", (64, 64), colour), tmp_path / "a.png"))
    assert (seen.key, seen.contrast, seen.colourfulness) == (key, contrast, colourfulness)


def test_black_beside_white_is_contrast(tmp_path: Path) -> None:
    image = Image.new("RGB", (64, 64), "white")
    image.paste("black", (0, 0, 32, 64))
    assert measure(saved(image, tmp_path / "a.png")).contrast == "high"


def test_what_is_transparent_is_not_seen(tmp_path: Path) -> None:
    image = Image.new("RGBA", (100, 100), (255, 0, 0, 0))
    image.paste((40, 100, 200, 255), (0, 0, 50, 100))
    seen = measure(saved(image, tmp_path / "a.png"))
    assert [colour.name for colour in seen.colours] == ["blue"]
    assert seen.has_alpha
    assert seen.transparent == pytest.approx(0.5, abs=0.02)
    nothing = measure(saved(Image.new("RGBA", (10, 10), (0, 0, 0, 0)), tmp_path / "b.png"))
    assert (nothing.colours, nothing.transparent) == ((), 1.0)


def test_a_picture_that_lies_on_its_side_is_measured_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    seen = measure(saved(Image.new("RGB", (300, 200), "red"), tmp_path / "a.jpg", exif=exif))
    assert (seen.width, seen.height, seen.shape) == (200, 300, "portrait 2:3")


def test_each_of_several_pictures_counts_the_same_whatever_its_size(tmp_path: Path) -> None:
    small = saved(Image.new("RGB", (10, 10), (20, 40, 90)), tmp_path / "a.png")
    large = saved(Image.new("RGB", (1000, 1000), (240, 130, 30)), tmp_path / "b.png")
    assert [colour.share for colour in colours_of([small, large])] == [0.5, 0.5]


def test_shades_of_one_colour_are_one(tmp_path: Path) -> None:
    image = Image.new("RGB", (256, 16))
    for x in range(256):
        image.paste((100 + x // 16, 150, 200), (x, 0, x + 1, 16))
    assert ALIKE > 0
    assert len(measure(saved(image, tmp_path / "a.png")).colours) == 1


def test_a_rainbow_has_only_so_many(tmp_path: Path) -> None:
    image = Image.new("HSV", (256, 4))
    image.putdata([(x, 255, 255) for _ in range(4) for x in range(256)])
    assert len(measure(saved(image.convert("RGB"), tmp_path / "a.png")).colours) == MOST_COLOURS


@pytest.mark.parametrize(
    ("size", "shape"),
    [
        ((1024, 1024), "square"),
        ((1023, 1024), "square"),
        ((1920, 1080), "landscape 16:9"),
        ((1024, 1536), "portrait 2:3"),
        ((5000, 100), "landscape 50.00:1"),
        ((100, 5000), "portrait 1:50.00"),
    ],
)
def test_shapes(size: tuple[int, int], shape: str) -> None:
    assert shape_of(*size) == shape


@pytest.mark.parametrize(
    ("colour", "name"),
    [((0, 0, 0), "black"), ((255, 255, 255), "white"), ((255, 0, 0), "red"), ((0, 128, 128), "teal")],
)
def test_colours_have_names(colour: tuple[int, int, int], name: str) -> None:
    assert name_of(colour) == name


def test_a_damaged_picture_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (64, 64), "red").save(path)
    path.write_bytes(path.read_bytes()[:80])
    with pytest.raises(UsageError, match="is a damaged png"):
        measure(read_input(path, "a.png"))
