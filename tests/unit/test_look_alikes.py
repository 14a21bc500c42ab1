import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.errors import StorageError
from imgcli.look_alikes import MOST_TOLD, Lookout
from imgcli.measure.workers import Workers
from imgcli.model.events import JobEnded
from imgcli.model.outcome import Made, Unstarted
from imgcli.model.picture import Picture, Saved
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from tests.fakes.canvases import flat, patches, png
from tests.fakes.catalog import FakeCatalog
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_JOB, a_job, an_edit, an_input
from tests.fakes.ledger import FakeLedger
from tests.fakes.past import Past


def made(path: Path, data: bytes, **job: Any) -> JobEnded:
    path.write_bytes(data)
    sha256 = path.name.encode().hex().ljust(64, "0")
    picture = Picture(sha256, len(data), "png", 96, 96)
    return JobEnded(Made(a_job(**job), Saved(path, path.with_suffix(".json"), picture), 0))


def told(catalog: FakeCatalog, *events: JobEnded, ledger: FakeLedger | None = None) -> list[str]:
    async def story() -> list[str]:
        workers = Workers(at_once=1)
        lookout = Lookout(workers, catalog)
        for event in events:
            lookout.observe(event)
        try:
            return await lookout.tell(ledger or FakeLedger(FakeClock()))
        finally:
            workers.close()

    return asyncio.run(story())


def test_how_many_of_one_prompt_look_alike(tmp_path: Path) -> None:
    one, other = patches(1), patches(2)
    events = [made(tmp_path / f"car-{n}.png", png(picture)) for n, picture in enumerate([one, other, one, one], 1)]
    assert told(FakeCatalog(), *events) == ["3 of 4 look alike: car-1.png, car-3.png, car-4.png"]


def test_nothing_is_said_where_nothing_looks_alike(tmp_path: Path) -> None:
    events = [made(tmp_path / f"{n}.png", png(patches(n))) for n in range(3)]
    assert told(FakeCatalog(), *events, JobEnded(Unstarted(A_JOB, "interrupted"))) == []
    assert told(FakeCatalog()) == []


def test_one_that_was_made_before_is_named_while_it_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "set").mkdir()
    monkeypatch.chdir(tmp_path / "set")
    catalog, old = FakeCatalog(), tmp_path / "old.png"
    told(catalog, made(old, png(patches(1))))
    again = made(tmp_path / "new.png", png(patches(1).resize((200, 200))))
    assert told(catalog, again) == [f"new.png looks like {Path('..', 'old.png')}, made before"]
    old.unlink()
    (tmp_path / "new.png").unlink()
    assert told(catalog, made(tmp_path / "newest.png", png(patches(1)))) == []


def test_one_that_took_the_name_of_one_that_is_gone_does_not_look_like_itself(tmp_path: Path) -> None:
    catalog, path = FakeCatalog(), tmp_path / "car.png"
    told(catalog, made(path, png(patches(1))))
    event = made(path, png(patches(1)))
    assert isinstance(event.outcome, Made)
    other = replace(event.outcome.saved.picture, sha256="f" * 64)
    saved = replace(event.outcome.saved, picture=other)
    assert told(catalog, JobEnded(replace(event.outcome, saved=saved))) == []


@pytest.mark.parametrize("relation", ["draft", "again"])
def test_a_picture_is_to_look_like_its_draft_or_the_one_it_is_made_after(tmp_path: Path, relation: str) -> None:
    catalog, clock = FakeCatalog(), FakeClock()
    ledger = FakeLedger(clock)
    first = made(tmp_path / "first.png", png(patches(1)))
    told(catalog, first, ledger=ledger)
    # As an attempt whose picture has the very bytes of first.png.
    asyncio.run(Past(ledger, catalog, clock).buy("first.png", a_job(), 4))
    later = png(patches(1).resize((200, 200)))
    assert told(catalog, made(tmp_path / "later.png", later, **{relation: "first.png"}), ledger=ledger) == []
    assert len(told(catalog, made(tmp_path / "other.png", later, **{relation: "unknown"}), ledger=ledger)) == 1


def test_variations_and_ideas_are_entries_of_their_own_and_yet_one_group(tmp_path: Path) -> None:
    events = [
        made(
            tmp_path / f"{n}.png",
            png(patches(1)),
            entry=f"vary-{n}",
            prompt=DirectedPrompt(typed="", text=f"change {n}"),
            edit=an_edit(),
        )
        for n in range(4)
    ]
    assert told(FakeCatalog(), *events) == ["4 of 4 look alike: 0.png, 1.png, 2.png, 3.png"]


@pytest.mark.parametrize(
    "other",
    [
        {"directory": Path("/elsewhere")},
        {"model": "gpt-image-1.5"},
        {"size": Size(1536, 1024)},
        {"edit": an_edit(inputs=(an_input(sha256="ef" * 32),))},
        {"prompt": DirectedPrompt(typed="a car", text="a car in ink", styles=("ink",))},
        {"prompt": DirectedPrompt(typed="a boat", text="a boat")},
    ],
)
def test_what_is_asked_for_otherwise_is_another_matter(tmp_path: Path, other: dict[str, Any]) -> None:
    events = [made(tmp_path / "a.png", png(patches(1))), made(tmp_path / "b.png", png(patches(1)), **other)]
    assert told(FakeCatalog(), *events) == []


def test_what_is_no_picture_and_a_catalog_that_fails_cost_nothing(tmp_path: Path) -> None:
    class Broken(FakeCatalog):
        async def likenesses(self) -> list[object]:  # type: ignore[override]
            raise StorageError("the catalog is gone")

    assert told(FakeCatalog(), made(tmp_path / "a.png", b"no picture")) == []
    (line,) = told(Broken(), made(tmp_path / "b.png", png(flat())))
    assert "the catalog is gone" in line


def test_few_lines_are_told(tmp_path: Path) -> None:
    events = [
        made(tmp_path / f"{n}-{m}.png", png(patches(n)), directory=Path(f"/{n}")) for n in range(9) for m in range(2)
    ]
    lines = told(FakeCatalog(), *events)
    assert len(lines) == MOST_TOLD + 1
    assert lines[-1] == "and 4 more like these"
