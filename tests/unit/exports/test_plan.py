from hypothesis import given
from hypothesis import strategies as st

from imgcli.exports.plan import LONGEST, RAW, Drawing, File, Skipped, drawn, name_apart, pieces, scale_of, web
from imgcli.exports.wish import Fit, Wish
from tests.fakes.masters import a_master
from tests.rows import each_row


def told(planned: object) -> tuple[str, int, int]:
    assert isinstance(planned, File)
    assert isinstance(planned.content, Drawing)
    return planned.path, planned.content.width, planned.content.height


def test_three_densities_of_each_format() -> None:
    assert [told(each) for each in web(a_master(), Wish(("web",), 300, ("avif", "jpeg")))] == [
        ("web/a car.avif", 300, 200),
        ("web/a car.jpg", 300, 200),
        ("web/a car@2x.avif", 600, 400),
        ("web/a car@2x.jpg", 600, 400),
        ("web/a car@3x.avif", 900, 600),
        ("web/a car@3x.jpg", 900, 600),
    ]


def test_without_a_width_the_largest_is_the_master_itself() -> None:
    assert [told(each)[1:] for each in web(a_master(1000, 500), Wish(("web",)))] == [
        (333, 166),
        (667, 334),
        (1000, 500),
    ]


def test_nothing_is_made_larger_than_its_master_unless_that_is_wished() -> None:
    small = a_master(500, 300)
    first, second, third = web(small, Wish(("web",), 250))
    assert (told(first)[1], told(second)[1]) == (250, 500)
    assert isinstance(third, Skipped)
    assert (third.path, third.why) == ("web/a car@3x.webp", "750x450 is more than the 500x300 there are")
    assert [told(each)[1:] for each in web(small, Wish(("web",), 250, upscale=True))][2] == (750, 450)
    assert isinstance(next(pieces(small, Wish(("sprite",), 501))), Skipped)
    assert told(next(pieces(small, Wish(("sprite",))))) == ("sprite/a car", 500, 300)


@each_row(
    "fit, side, is_made",
    [
        (Fit.COVER, 800, True),
        (Fit.COVER, 801, False),
        (Fit.CONTAIN, 1200, True),
        (Fit.CONTAIN, 1201, False),
    ],
)
def test_what_counts_is_how_large_the_picture_becomes(fit: Fit, side: int, is_made: bool) -> None:
    found = drawn("a.png", "favicon", a_master(), Drawing(side, side, "png", fit), Wish(("favicon",)))
    assert isinstance(found, File) is is_made


def test_no_file_is_larger_than_files_can_be() -> None:
    huge = Drawing(LONGEST + 1, 1, "webp")
    assert isinstance(drawn("a", "web", a_master(), huge, Wish(("web",), upscale=True)), Skipped)
    many = Drawing(9000, 9000, "webp")
    assert isinstance(drawn("a", "web", a_master(), many, Wish(("web",), upscale=True)), Skipped)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_the_whole_master_is_never_scaled_up(width: int, height: int) -> None:
    master = a_master(width, height)
    assert all(
        scale_of(master, each.content) <= 1
        for each in web(master, Wish(("web",)))
        if isinstance(each, File) and isinstance(each.content, Drawing)
    )
    assert isinstance(next(pieces(master, Wish(("sprite",)))), File)
    assert told(next(pieces(master, Wish(("sprite",)))))[1:] == (width, height)
    assert next(pieces(master, Wish(("sprite",)))).content.format == RAW  # type: ignore[union-attr] # it is made


@each_row(
    "stems, apart",
    [
        (["a", "b"], ["a", "b"]),
        (["a", "A", "a"], ["a", "A-2", "a-3"]),
        (["a", "a", "a-2"], ["a", "a-3", "a-2"]),
        (["a-2", "a", "a"], ["a-2", "a", "a-3"]),
        (["Straße", "STRASSE"], ["Straße", "STRASSE-2"]),
        (["car", "car@2x", "car@3X", "car-2x"], ["car", "car-2x", "car-3X", "car-2x-2"]),
    ],
)
def test_no_two_have_one_name_on_any_system(stems: list[str], apart: list[str]) -> None:
    assert name_apart(stems) == apart


@given(st.lists(st.sampled_from(["a", "A", "a-2", "a-3", "a-2-2", "b", "a@2x", "A@3x", "a@2x@2x"]), max_size=12))
def test_names_are_always_apart(stems: list[str]) -> None:
    masters = [a_master(stem=stem) for stem in name_apart(stems)]
    paths = {told(each)[0].casefold() for master in masters for each in web(master, Wish(("web",)))}
    assert len(paths) == 3 * len(stems)
