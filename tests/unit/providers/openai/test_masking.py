import hashlib
import io
import zlib

import pytest
from PIL import Image

from imgcli.errors import AttemptError, Money
from imgcli.providers.openai.masking import converted
from imgcli.providers.openai.options import BLACK, WHITE

ALPHAS = (0, 1, 128, 254, 255, 0)
"""Of the pixels of MASK; only what is fully transparent may change."""


def png(mode: str, pixels: list[object], **options: object) -> bytes:
    image = Image.new(mode, (len(pixels), 1))
    image.putdata(pixels)
    out = io.BytesIO()
    image.save(out, "PNG", **options)
    return out.getvalue()


MASK = png("RGBA", [(9, 9, 9, alpha) for alpha in ALPHAS])


def levels(data: bytes) -> list[int]:
    with Image.open(io.BytesIO(data)) as opened:
        assert (opened.format, opened.mode) == ("PNG", "L")
        return [int(str(opened.getpixel((x, 0)))) for x in range(opened.width)]


def test_what_is_transparent_becomes_white_or_black_and_all_else_the_other() -> None:
    assert levels(converted(MASK, "mask.png", WHITE)) == [255, 0, 0, 0, 0, 255]
    assert levels(converted(MASK, "mask.png", BLACK)) == [0, 255, 255, 255, 255, 0]


@pytest.mark.parametrize(
    "data",
    [
        png("LA", [(9, 0), (9, 255)]),
        png("L", [7, 8], transparency=7),
        png("P", [0, 1], transparency=0),
        png("RGBA", [(0, 0, 0, 0), (255, 255, 255, 255)]),
    ],
)
def test_every_kind_of_transparency(data: bytes) -> None:
    assert levels(converted(data, "mask.png", WHITE)) == [255, 0]


def test_without_transparency_nothing_may_change() -> None:
    assert levels(converted(png("RGB", [(0, 0, 0), (255, 255, 255)]), "mask.png", WHITE)) == [0, 0]


def test_it_is_the_same_every_time() -> None:
    assert len({hashlib.sha256(converted(MASK, "mask.png", WHITE)).hexdigest() for _ in range(3)}) == 1


@pytest.mark.parametrize("data", [b"", b"GIF89a", MASK[:40], MASK[:-30]])
def test_what_cannot_be_decoded_is_refused_and_costs_nothing(data: bytes) -> None:
    with pytest.raises(AttemptError, match=r"mask\.png cannot be turned into a white mask") as caught:
        converted(data, "mask.png", WHITE)
    assert (caught.value.money, caught.value.code) == (Money.VOID, "input-unreadable")


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    header = MASK[12:16] + (60_000).to_bytes(4, "big") * 2 + MASK[24:29]
    huge = MASK[:12] + header + zlib.crc32(header).to_bytes(4, "big") + MASK[33:]
    with pytest.raises(AttemptError, match="DecompressionBombError") as caught:
        converted(huge, "mask.png", WHITE)
    assert caught.value.money is Money.VOID
