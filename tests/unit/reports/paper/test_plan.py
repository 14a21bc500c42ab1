from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.reports.paper.plan import AIR, FACTS, LINE, NAME, PAPERS, SMALL, Page, Print, Sheet, columns_of, plan
from imgcli.typeset import setting

SHAPES = st.tuples(st.integers(0, 4000), st.integers(0, 4000)) | st.just((0, 0)) | st.just((1, 4000))
NAMES = st.text("abcÄ旗س -_.", max_size=80)


def a_sheet(
    count: int, shape: tuple[int, int] = (3, 2), paper: str = "a4", margin: float = 14, columns: int = 0
) -> Sheet:
    prints = [Print(Path(f"{n}.png"), shape, (f"{n}.png", "style")) for n in range(count)]
    return Sheet("Cars", "facts", "foot", prints, PAPERS[paper], margin, columns)


def boxes(page: Page) -> list[tuple[float, float, float, float]]:
    return [(f.left, f.top, f.left + f.width, f.top + f.height) for f in page.frames]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(SHAPES, NAMES), min_size=1, max_size=25),
    st.sampled_from(sorted(PAPERS)),
    st.booleans(),
    st.integers(0, 5),
    st.sampled_from([0.0, 8.0, 20.0]),
)
def test_nothing_leaves_the_margins_or_lies_over_another(
    wanted: list[tuple[tuple[int, int], str]], paper: str, lies: bool, columns: int, margin: float
) -> None:
    size = PAPERS[paper][::-1] if lies else PAPERS[paper]
    prints = [Print(Path("x.png"), shape, (name, name, "")) for shape, name in wanted]
    made = plan(Sheet("A title", "facts", "foot", prints, size, margin, columns))
    assert [frame.print for page in made.pages for frame in page.frames] == prints
    for page in made.pages:
        assert page.frames
        for frame, (left, top, right, bottom) in zip(page.frames, boxes(page), strict=True):
            assert left >= margin - 1e-6
            assert right <= size[0] - margin + 1e-6
            assert top >= margin + made.title.height
            lines = [NAME, SMALL, SMALL][: len(frame.label)]
            assert bottom + AIR + LINE * sum(lines) <= size[1] - margin - FACTS + 1e-6
            for label in frame.label:
                assert setting.measure(label.lines[0], label.font) * label.size <= made.width + 0.01
        placed = boxes(page)
        for at, one in enumerate(placed):
            for other in placed[at + 1 :]:
                assert one[2] <= other[0] + 1e-6 or one[0] >= other[2] - 1e-6 or one[3] <= other[1] + 1e-6


def test_pictures_keep_their_shape_and_stand_on_one_line() -> None:
    prints = [Print(Path("w"), (300, 100), ("w",)), Print(Path("t"), (100, 140), ("t",))]
    (page,) = plan(Sheet("", "", "", prints, PAPERS["a4"], 14)).pages
    wide, tall = page.frames
    assert wide.width / wide.height == pytest.approx(3)
    assert tall.width / tall.height == pytest.approx(1 / 1.4)
    assert wide.top + wide.height == pytest.approx(tall.top + tall.height)


def test_labels_are_of_one_size_and_long_ones_lose_their_middle() -> None:
    names = (
        "a-lighthouse-on-a-cliff-in-a-storm-of-november-cinematic-12.png",
        "car.png",
        "a-rather-long-name-of-it.png",
    )
    prints = [Print(Path(name), (3, 2), (name, name)) for name in names]
    (page,) = plan(Sheet("", "", "", prints, PAPERS["a4"], 14, columns=5)).pages
    assert {tuple(label.size for label in frame.label) for frame in page.frames} == {(NAME, SMALL)}
    first = page.frames[0].label[0].lines[0]
    assert (first[:6], first[-6:], setting.ELLIPSIS in first) == ("a-ligh", "12.png", True)


def test_pages_are_numbered_and_none_is_empty() -> None:
    made = plan(a_sheet(200))
    assert [page.number for page in made.pages] == list(range(1, len(made.pages) + 1))
    assert made.folio(made.pages[-1]).lines == (f"{len(made.pages)} / {len(made.pages)}",)
    assert columns_of(1, PAPERS["a4"]) == 1
    assert columns_of(200, PAPERS["a4"]) < columns_of(200, PAPERS["a4"][::-1])


@pytest.mark.parametrize(("columns", "margin"), [(12, 14), (1, 100)])
def test_paper_without_room_is_refused(columns: int, margin: float) -> None:
    with pytest.raises(ValueError, match="less than 12 mm"):
        plan(a_sheet(4, paper="a5", columns=columns, margin=margin))
