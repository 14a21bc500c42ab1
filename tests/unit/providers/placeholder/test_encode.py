from io import BytesIO

import pytest
from PIL import Image, ImageCms

from imgcli.providers.placeholder.encode import encode, encode_exactly
from tests.fakes.stored import still_life

PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def reopened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
@pytest.mark.parametrize("photographic", [False, True])
def test_a_picture_is_written_in_the_format_asked_for(image_format: str, photographic: bool) -> None:
    picture = reopened(encode(still_life(), image_format, photographic=photographic))
    assert (picture.format, picture.size, picture.mode) == (image_format.upper(), (240, 240), "RGB")


@pytest.mark.parametrize("image_format", ["png", "webp"])
def test_every_pixel_comes_back_exactly_also_where_it_is_transparent(image_format: str) -> None:
    whole = still_life().convert("RGBA")
    whole.putalpha(Image.linear_gradient("L").resize(whole.size))
    again = reopened(encode_exactly(whole, image_format, PROFILE))
    assert again.tobytes() == whole.tobytes()
    assert again.info["icc_profile"] == PROFILE


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_a_picture_without_a_profile_gets_none(image_format: str) -> None:
    assert not reopened(encode_exactly(still_life(), image_format, b"")).info.get("icc_profile")


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(ValueError, match="bmp"):
        encode(still_life(), "bmp")
    with pytest.raises(ValueError, match="bmp"):
        encode_exactly(still_life(), "bmp", b"")
