"""A library in a temporary directory; what lies in it is made by hand."""

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest

from imgcli.batch.changes import Unchanged, compare
from imgcli.durable import alone_beside
from imgcli.errors import AttemptError, BatchFileError, Money, StorageError
from imgcli.library import Library, pictures
from imgcli.model.attempt import Record, State
from imgcli.model.job import Job
from imgcli.model.outcome import Failed, Made, Outcome, Reused
from imgcli.model.picture import Painted, Picture, Saved
from imgcli.model.prompt import DirectedPrompt
from imgcli.storage.local import LocalStore
from imgcli.storage.sidecar import sidecar_bytes
from tests.fakes.jobs import a_job


@dataclass
class Place:
    top: Path
    store: LocalStore

    @property
    def root(self) -> Path:
        return self.top / "set"

    @property
    def lock(self) -> Path:
        return self.top / "set.toml.lock"

    def library(self, root: Path | None = None) -> Library:
        return Library(self.top / "set.toml", root or self.root, self.store)

    def job(self, entry: str = "hero", below: str = "", **changes: object) -> Job:
        words = DirectedPrompt(entry, entry)
        return a_job(**{"entry": entry, "prompt": words, "directory": self.root / below, "stem": entry, **changes})

    def made(self, job: Job, name: str = "", data: bytes = b"picture") -> Made:
        job.directory.mkdir(parents=True, exist_ok=True)
        path = job.directory / (name or f"{job.stem}.png")
        path.write_bytes(data)
        picture = Picture(hashlib.sha256(data).hexdigest(), len(data), "png", 1, 1)
        return Made(job, Saved(path, path.with_name(f"{path.name}.json"), picture), 0)

    def told(self) -> dict[str, str]:
        return {line["id"]: line["file"] for line in map(json.loads, self.lock.read_text().splitlines()[1:])}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "set.toml").touch()
    return Place(tmp_path, LocalStore(tmp_path / "spool"))


def unchanged(library: Library, jobs: Sequence[Job]) -> int:
    lock = library.read()
    return sum(isinstance(change, Unchanged) for change in compare(jobs, lock, library.seen(lock)))


def test_what_was_made_is_written_down_and_there(place: Place) -> None:
    jobs = [place.job(), place.job("mug", "shop/mugs")]
    assert place.library().record([place.made(job) for job in jobs]) == ""
    assert place.told() == {"hero": "set/hero.png", "mug": "set/shop/mugs/mug.png"}
    assert unchanged(place.library(), jobs) == 2
    kept = place.library().kept(jobs, lambda _: True)
    assert {listed.path for listed in kept.listed.values()} == {
        str(place.root / "hero.png"),
        str(place.root / "shop/mugs/mug.png"),
    }


def test_what_nobody_vouches_for_is_not_written_down(place: Place) -> None:
    job = place.job()
    outcomes: list[Outcome] = [Failed(job, AttemptError("x", money=Money.VOID)), Reused(job, place.root / "x.png", "?")]
    assert place.library().record(outcomes) == ""
    assert not place.lock.exists()


def test_nothing_new_writes_nothing(place: Place) -> None:
    made = place.made(place.job())
    place.library().record([made])
    before = place.lock.stat()
    place.library().record([made])
    place.library().record([Reused(made.job, made.saved.path, "kept", made.saved.picture.sha256, 7)])
    assert place.lock.stat() == before


def test_a_lock_merged_by_hand_is_put_in_order(place: Place) -> None:
    made = [place.made(place.job(name)) for name in ("a", "b", "c")]
    place.library().record(made)
    text = place.lock.read_text()
    head, *lines = text.splitlines(keepends=True)
    place.lock.write_text("".join([head, *reversed(lines), "\n"]))
    assert place.library().record([]) == ""
    assert place.lock.read_text() == text


def test_each_run_merges_into_what_is_there_then(place: Place) -> None:
    """Two runs that read the lock before either wrote it."""
    one, two = place.library(), place.library()
    one.read()
    two.read()
    one.record([place.made(place.job("a"))])
    two.record([place.made(place.job("b"))])
    assert set(place.told()) == {"a", "b"}


def test_an_old_picture_that_somebody_took_away_is_forgotten(place: Place) -> None:
    first = place.made(place.job())
    place.library().record([first])
    place.library().record([place.made(place.job(quality="high"), "hero-2.png")])
    assert [file for file, _, _ in pictures(place.library().read())] == ["set/hero-2.png", "set/hero.png"]
    first.saved.path.unlink()
    place.library().record([])
    assert [file for file, _, _ in pictures(place.library().read())] == ["set/hero-2.png"]


def test_a_line_whose_picture_is_gone_goes_when_nobody_wants_it(place: Place) -> None:
    made = place.made(place.job())
    place.library().record([made, place.made(place.job("b"))])
    kept = place.library().kept([], lambda _: True)
    assert kept.forgotten == {("hero", 1), ("b", 1)}
    made.saved.path.unlink()
    place.library().record([], kept.forgotten)
    assert place.told() == {"b": "set/b.png"}


def test_a_library_beside_the_file_below_it_and_elsewhere(place: Place, tmp_path: Path) -> None:
    away = tmp_path / "away" / "out"
    batch = tmp_path / "batches"
    batch.mkdir()
    library = Library(batch / "set.toml", away, place.store)
    (batch / "set.toml").touch()
    library.record([place.made(place.job(directory=away / "sub"))])
    assert json.loads((batch / "set.toml.lock").read_text().splitlines()[0])["files_below"] == "out"
    assert library.read().lines["hero", 1].file == "sub/hero.png"
    here = Library(batch / "set.toml", batch, place.store)
    assert here.read().lines["hero", 1].file == "sub/hero.png"
    below = Library(batch / "set.toml", batch / "set", place.store)
    assert below.read().lines["hero", 1].file == "set/sub/hero.png"


def test_a_library_that_moves_out_leaves_no_line_that_cannot_be_told(place: Place, tmp_path: Path) -> None:
    place.library().record([place.made(place.job())])
    away = Library(tmp_path / "set.toml", tmp_path.parent / "away", place.store)
    assert away.read().lines == {}
    around = Library(tmp_path / "set.toml", tmp_path.parent, place.store)
    assert around.read().lines["hero", 1].file == f"{tmp_path.name}/set/hero.png"


def test_links_are_followed_before_files_are_told_from_a_directory(place: Place, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    library = Library(tmp_path / "link" / "set.toml", tmp_path / "link" / "set", place.store)
    library.record([place.made(place.job())])
    assert place.told() == {"hero": "set/hero.png"}


def test_a_directory_that_no_lock_can_name_is_told_and_left_out(place: Place) -> None:
    made = [place.made(place.job()), place.made(place.job("odd", directory=place.root / "odd\nname"))]
    assert "cannot tell of every picture: odd: file is no file name" in place.library().record(made)
    assert place.told() == {"hero": "set/hero.png"}


def test_a_lock_that_somebody_spoilt_meanwhile_is_left_as_it_is(place: Place) -> None:
    place.lock.write_text("mine\n")
    assert "it was not written" in place.library().record([place.made(place.job())])
    assert place.lock.read_text() == "mine\n"


def test_a_lock_without_end_is_not_read(place: Place) -> None:
    place.lock.touch()
    with place.lock.open("r+b") as file:
        file.truncate(200 << 20)
    with pytest.raises(BatchFileError, match="is larger than 128 MiB"):
        place.library().read()


def test_reading_every_byte_finds_what_sizes_do_not(place: Place) -> None:
    made = place.made(place.job())
    library = place.library()
    library.record([made])
    made.saved.path.write_bytes(b"PICTURE")
    lock = library.read()
    seen = library.seen(lock)
    assert not seen.other
    assert asyncio.run(library.proved(lock, seen)).other == {"set/hero.png"}
    made.saved.path.write_bytes(b"longer than before")
    assert library.seen(lock).other == {"set/hero.png"}
    made.saved.path.unlink()
    assert library.seen(lock).gone == {"set/hero.png"}


def tell(made: Made) -> Path:
    """A true sidecar beside a picture."""
    job, picture, path = made.job, made.saved.picture, made.saved.path
    record = Record(
        *("attempt-1", "run-1", State.SETTLED, job, 0, 0, "", job.directory, path.name, picture, Painted()),
        created_at="2026-11-21T12:00:00.000000Z",
        received_at="2026-11-21T12:00:01.000000Z",
        imgcli="0.1.0",
    )
    made.saved.sidecar.write_bytes(sidecar_bytes(record))
    return path


def files(top: Path) -> list[Path]:
    return sorted(path for path in top.rglob("*") if path.is_file())


@pytest.mark.parametrize("spoil", ["outside", "no sidecar", "another's sidecar", "no sidecar at all", "hidden", "kind"])
def test_only_what_is_surely_ours_is_put_aside(place: Place, tmp_path: Path, spoil: str) -> None:
    made = place.made(place.job(below=".git" if spoil == "hidden" else ""))
    path = tell(made)
    match spoil:
        case "outside":
            path = path.rename(tmp_path / "hero.png")
        case "no sidecar":
            made.saved.sidecar.unlink()
        case "another's sidecar":
            path = path.rename(path.with_name("mine.png"))
            made.saved.sidecar.rename(path.with_name("mine.png.json"))
        case "no sidecar at all":
            made.saved.sidecar.write_text("{}")
        case "kind":
            path = path.rename(path.with_suffix(".toml"))
            made.saved.sidecar.rename(path.with_name(f"{path.name}.json"))
        case _:
            pass
    before = files(tmp_path)
    with pytest.raises(StorageError):
        asyncio.run(place.library().put_aside(str(path.relative_to(tmp_path)), place.root / "aside"))
    assert files(tmp_path) == before


def test_a_picture_goes_aside_with_its_sidecar_even_if_it_was_edited(place: Place) -> None:
    path = tell(place.made(place.job(below="sub")))
    path.write_bytes(b"edited")
    now = asyncio.run(place.library().put_aside("set/sub/hero.png", place.root / "aside"))
    assert now == place.root / "aside" / "sub" / "hero.png"
    assert now.read_bytes() == b"edited"
    assert now.with_name("hero.png.json").exists()


def test_nobody_reads_the_lock_while_another_writes_it(place: Place) -> None:
    """Else the one who read first would write last, and the other's lines were lost."""
    one, two = place.made(place.job("a")), place.made(place.job("b"))
    other = Thread(target=lambda: place.library().record([two]))
    with alone_beside(place.top / "set.toml"):
        other.start()
        other.join(0.3)
        assert other.is_alive()
        assert not place.lock.exists()
    place.library().record([one])
    other.join()
    assert set(place.told()) == {"a", "b"}
