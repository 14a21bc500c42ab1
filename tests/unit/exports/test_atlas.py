import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.errors import UsageError
from imgcli.exports.atlas import Atlas, Piece, pack

SHAPES = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 60)), min_size=1, max_size=40)


def pieces(shapes: list[tuple[int, int]]) -> list[Piece]:
    return [Piece(f"p{number}", *shape) for number, shape in enumerate(shapes)]


def boxes(atlas: Atlas, some: list[Piece]) -> list[tuple[int, int, int, int]]:
    return [(x, y, x + p.width, y + p.height) for (x, y), p in zip(atlas.places, some, strict=True)]


@settings(deadline=None)
@given(SHAPES, st.integers(0, 5))
def test_nothing_overlaps_all_is_inside_and_the_padding_is_kept(shapes: list[tuple[int, int]], padding: int) -> None:
    some = pieces(shapes)
    atlas = pack(some, padding, 4096)
    laid = boxes(atlas, some)
    assert all(
        padding <= left and padding <= top and right + padding <= atlas.width and bottom + padding <= atlas.height
        for left, top, right, bottom in laid
    )
    for at, one in enumerate(laid):
        for other in laid[:at]:
            assert (
                one[2] + padding <= other[0]
                or other[2] + padding <= one[0]
                or one[3] + padding <= other[1]
                or other[3] + padding <= one[1]
            )


@settings(deadline=None)
@given(SHAPES)
def test_the_same_pictures_lie_at_the_same_places_in_any_order(shapes: list[tuple[int, int]]) -> None:
    some = pieces(shapes)
    atlas, turned = pack(some, 2, 4096), pack(some[::-1], 2, 4096)
    assert (atlas.width, atlas.height, atlas.places) == (turned.width, turned.height, turned.places[::-1])


@settings(deadline=None)
@given(SHAPES, st.integers(16, 200))
def test_an_atlas_is_never_larger_than_it_may_be(shapes: list[tuple[int, int]], most: int) -> None:
    try:
        atlas = pack(pieces(shapes), 1, most)
    except UsageError:
        return
    assert max(atlas.width, atlas.height) <= most


def test_squares_fill_their_atlas() -> None:
    atlas = pack(pieces([(64, 64)] * 64), 0, 512)
    assert (atlas.width, atlas.height) == (512, 512)


def test_what_does_not_fit_is_told_with_what_helps() -> None:
    for shapes in ([(300, 10)], [(10, 300)], [(200, 200)] * 2):
        with pytest.raises(UsageError, match="do not fit into an atlas of 256x256; make them smaller with --width"):
            pack(pieces(shapes), 2, 256)
    assert pack(pieces([(252, 252)]), 2, 256).width == 256
