import zlib
from pathlib import Path

import pytest
from PIL import Image

from imgcli.measure.expect import Measured, measure, unmet
from tests.fake_api import pictures
from tests.fakes.canvases import flat, patches, png

ALL = ("alpha", "palette", "not-blank")


def cut_out() -> Image.Image:
    picture = patches(5).convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 48, 96))
    return picture


@pytest.mark.parametrize(
    ("picture", "palette", "reasons"),
    [
        pytest.param(patches(1), (), ["alpha"], id="a full picture without alpha"),
        pytest.param(cut_out(), (), [], id="a cut-out"),
        pytest.param(flat("#ffffff"), (), ["alpha", "not-blank"], id="white"),
        pytest.param(Image.new("RGBA", (64, 64)), (), ["alpha", "not-blank"], id="nothing at all"),
        pytest.param(flat("#c83232"), ("#cc3333",), ["alpha", "not-blank"], id="the colour of the palette"),
        pytest.param(flat("#32c832"), ("#cc3333",), ["alpha", "palette", "not-blank"], id="another colour"),
        pytest.param(patches(2), ("#cc3333",), ["alpha"], id="greys belong to every palette"),
    ],
)
def test_what_a_picture_is_not(picture: Image.Image, palette: tuple[str, ...], reasons: list[str]) -> None:
    found = unmet(ALL, measure(png(picture), palette))
    assert [reason.partition(":")[0] for reason in found] == reasons


def test_only_what_is_expected_is_missed() -> None:
    assert unmet((), measure(png(flat()))) == []


def test_a_file_is_measured_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(png(patches(7)))
    assert measure(path) == measure(path.read_bytes())
    assert measure(path, hash_only=True) == Measured(measure(path).dhash)


def odd() -> bytes:
    """What a stranger's server sent: an empty colour profile behind the pixels."""
    whole = png(patches(1))
    chunk = b"\0\0\0\0iCCP" + zlib.crc32(b"iCCP").to_bytes(4, "big")
    return whole[:-12] + chunk + whole[-12:]


HUGE = pictures.png(13_000, 13_000, 1)


@pytest.mark.parametrize("data", [b"", b"no picture", png(patches(1))[:200], odd(), HUGE])
def test_what_cannot_be_read_says_so(data: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be measured"):
        measure(data)
