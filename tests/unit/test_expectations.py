"""What is expected of pictures, at the part of the chain and all through the corridor."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.expectations import Expectations
from imgcli.guarding import Guards
from imgcli.measure.dhash import dhash
from imgcli.measure.workers import Workers
from imgcli.model.attempt import Hold
from imgcli.model.job import Job
from imgcli.model.likeness import Likeness
from imgcli.model.outcome import Made, SetAside
from imgcli.model.picture import Painted, Picture
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from imgcli.model.verdict import Aside, Remarks
from imgcli.ports import Easel
from tests.fakes.canvases import flat, patches, png
from tests.fakes.catalog import FakeCatalog
from tests.fakes.jobs import a_job
from tests.fakes.provider import MEDIUM, Script
from tests.unit.test_pipeline import Bench, bench  # noqa: F401 - a fixture

SMALL = Size(96, 96)


def paint(data: bytes) -> Script:
    async def script(hold: Hold, easel: Easel) -> Painted:
        await easel.write(data)
        return Painted(usage=MEDIUM)

    return script


@pytest.fixture
def workers() -> Iterator[Workers]:
    made = Workers()
    yield made
    made.close()


def seen_of(data: bytes, job: Job, workers: Workers, catalog: FakeCatalog | None = None) -> Remarks:
    part = Expectations(workers, catalog or FakeCatalog())
    picture = Picture("0" * 64, len(data), "png", 96, 96)
    return asyncio.run(part.inspect(job, data, picture, 1))


def test_of_what_nothing_is_expected_nothing_is_looked_at(workers: Workers) -> None:
    assert seen_of(b"no picture", a_job(), workers) == Remarks()


def test_a_size_that_was_not_asked_for_is_told(workers: Workers) -> None:
    found = seen_of(png(patches(1)), a_job(expect=("size",)), workers)
    assert (found.aside, found.unmet) == (Aside.REJECTED, ("size: asked for 1024x1024, got 96x96",))
    assert seen_of(png(patches(1)), a_job(expect=("size",), size=SMALL), workers).aside is None
    assert seen_of(png(patches(1)), a_job(expect=("size",), size=Size(0, 0)), workers).aside is None


def test_the_palette_is_that_of_the_styles(workers: Workers) -> None:
    words = DirectedPrompt("a car", "a car", colours=("#cc3333",))
    job = a_job(expect=("palette",), prompt=words)
    assert seen_of(png(flat("#cc3333")), job, workers).aside is None
    assert seen_of(png(flat("#33cc33")), job, workers).aside is Aside.REJECTED


def test_what_cannot_be_measured_is_not_what_was_expected(workers: Workers) -> None:
    assert seen_of(b"no picture", a_job(expect=("not-blank",)), workers).aside is Aside.REJECTED


def test_one_that_looks_like_one_of_before_is_not_distinct(workers: Workers, tmp_path: Path) -> None:
    catalog, data, old = FakeCatalog(), png(patches(1)), tmp_path / "old.png"
    old.write_bytes(data)
    asyncio.run(catalog.remember([Likeness("1" * 64, dhash(patches(1)), old)]))
    found = seen_of(data, a_job(expect=("distinct",)), workers, catalog)
    assert found.unmet == (f"distinct: it looks like {old}",)
    assert seen_of(png(patches(2)), a_job(expect=("distinct",)), workers, catalog).aside is None
    old.unlink()
    assert seen_of(data, a_job(expect=("distinct",)), workers, catalog).aside is None


def test_what_was_accepted_is_known_to_the_next_run_though_this_one_is_cut_off(
    workers: Workers, tmp_path: Path
) -> None:
    catalog, data = FakeCatalog(), png(patches(1))
    first, second = (a_job(expect=("distinct",), directory=tmp_path, stem=stem) for stem in ("one", "two"))
    assert seen_of(data, first, workers, catalog).aside is None
    (tmp_path / "one.png").write_bytes(data)
    assert seen_of(data, second, workers, catalog).unmet == (f"distinct: it looks like {tmp_path / 'one.png'}",)
    # One whose run died is looked at again by the next, and is no double of itself.
    assert seen_of(data, first, workers, catalog).aside is None


def test_of_two_alike_that_come_at_once_one_is_kept(workers: Workers) -> None:
    async def story() -> list[Remarks]:
        part = Expectations(workers, FakeCatalog())
        data = png(patches(1))
        picture = Picture("0" * 64, len(data), "png", 96, 96)
        jobs = [a_job(variant=number, expect=("distinct",)) for number in (1, 2, 3)]
        return list(await asyncio.gather(*(part.inspect(job, data, picture, 1) for job in jobs)))

    assert sorted(found.aside is None for found in asyncio.run(story())) == [False, False, True]


async def walked(
    bench: Bench,  # noqa: F811
    pictures: list[bytes],
    *,
    tries: int,
    usd: int | None = None,
    resume: bool = False,
    expect: tuple[str, ...] = ("not-blank",),
    count: int = 1,
) -> list[object]:
    bench.will(*(paint(data) for data in pictures))
    workers = Workers()
    guard = Guards([Expectations(workers, FakeCatalog())])
    try:
        quotes = bench.quotes(count, expect=expect, tries=tries, size=SMALL)
        return list(await bench.go(quotes, usd=usd, resume=resume, guard=guard))
    finally:
        workers.close()


def walk(bench: Bench, pictures: list[bytes], **wish: Any) -> list[object]:  # noqa: F811
    return asyncio.run(walked(bench, pictures, **wish))


BLANKS = [png(flat(colour)) for colour in ("#000000", "#ffffff", "#ff0000", "#00ff00", "#0000ff")]
FULL = png(patches(1))


def test_what_is_not_as_expected_is_kept_aside_and_made_anew(bench: Bench) -> None:  # noqa: F811
    (made,) = walk(bench, [BLANKS[0], BLANKS[1], FULL], tries=2)
    assert isinstance(made, Made)
    assert made.saved.path == bench.out / "car-1.png"
    assert made.saved.path.read_bytes() == FULL
    assert sorted(path.name for path in (bench.out / "rejected").iterdir()) == [
        *("car-1-2.png", "car-1-2.png.json", "car-1.png", "car-1.png.json")
    ]
    assert '"tried": 3' in made.saved.sidecar.read_text()
    told = (bench.out / "rejected" / "car-1.png.json").read_text()
    assert '"aside": "rejected"' in told
    assert "nothing to be seen" in told
    assert len(bench.painter.calls) == 3


def test_tries_are_at_most_what_was_allowed_and_each_is_paid(bench: Bench) -> None:  # noqa: F811
    (aside,) = walk(bench, BLANKS, tries=2)
    assert isinstance(aside, SetAside)
    assert aside.aside is Aside.REJECTED
    assert len(bench.painter.calls) == 3
    assert not list(bench.out.glob("*.png"))
    spending = asyncio.run(bench.studio.ledger.spending())
    assert spending.pictures == 3
    assert spending.spent == 3 * (aside.cost or 0)


def test_the_budget_goes_before_the_tries(bench: Bench) -> None:  # noqa: F811
    (aside,) = walk(bench, BLANKS, tries=9, usd=30_000_000)
    assert isinstance(aside, SetAside)
    assert "no other was made: budget" in aside.reason
    assert len(bench.painter.calls) == 1


def test_the_very_same_picture_again_ends_it(bench: Bench) -> None:  # noqa: F811
    (aside,) = walk(bench, [BLANKS[0]] * 9, tries=9)
    assert isinstance(aside, SetAside)
    assert "the very same picture came again" in aside.reason
    assert len(bench.painter.calls) == 2


def test_a_second_run_goes_on_with_the_tries_that_are_left(bench: Bench) -> None:  # noqa: F811
    async def story() -> None:
        await walked(bench, BLANKS[:1], tries=0, resume=True)
        (still,) = await walked(bench, [], tries=0, resume=True)
        assert isinstance(still, SetAside)
        assert still.cost == 0
        assert len(bench.painter.calls) == 1
        (aside,) = await walked(bench, BLANKS[1:], tries=2, resume=True)
        assert isinstance(aside, SetAside)
        assert len(bench.painter.calls) == 3
        (still,) = await walked(bench, [FULL], tries=2, resume=True)
        assert isinstance(still, SetAside)
        assert len(bench.painter.calls) == 3

    asyncio.run(story())


def test_alike_ones_of_one_run_are_made_anew(bench: Bench) -> None:  # noqa: F811
    other = png(patches(2))
    made = walk(bench, [FULL, FULL, other], tries=1, expect=("distinct",), count=2)
    assert [type(each) for each in made] == [Made, Made]
    assert len(bench.painter.calls) == 3


def test_what_is_expected_is_no_input_of_the_picture() -> None:
    assert a_job(expect=("size",), tries=3).key == a_job().key
    assert replace(a_job(), tries=1).key == a_job().key
