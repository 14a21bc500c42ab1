import pytest

from imgcli.model.size import AUTO, Size, parse_aspect, parse_size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1536x1024", Size(1536, 1024)),
        (" 1024 X 1024 ", Size(1024, 1024)),
        ("640×480", Size(640, 480)),
        ("square", Size(1024, 1024)),
        ("Portrait", Size(1024, 1536)),
        ("landscape", Size(1536, 1024)),
        ("AUTO", AUTO),
    ],
)
def test_sizes(text: str, size: Size) -> None:
    assert parse_size(text) == size
    assert parse_size(str(size)) == size


@pytest.mark.parametrize("text", ["", "big", "0x10", "10x0", "-1x5", "1x2x3", "1024", "123456x1", "16:9", "x", "1.5x2"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not WIDTHxHEIGHT"):
        parse_size(text)


def test_auto_has_no_pixels() -> None:
    assert AUTO.is_auto
    assert (AUTO.pixels, str(AUTO)) == (0, "auto")
    assert Size(3, 2).pixels == 6


@pytest.mark.parametrize(("text", "aspect"), [("16:9", (16, 9)), (" 3 / 2 ", (3, 2)), ("1:1", (1, 1))])
def test_aspects(text: str, aspect: tuple[int, int]) -> None:
    assert parse_aspect(text) == aspect


@pytest.mark.parametrize("text", ["16x9", "0:1", "1:101", "a:b", "16", "1:2:3"])
def test_what_is_no_aspect(text: str) -> None:
    with pytest.raises(ValueError, match="is not like 16:9"):
        parse_aspect(text)
