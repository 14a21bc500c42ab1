"""What every store promises, on the one in memory and on real directories."""

import asyncio
import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from imgcli.errors import NotAPictureError, StorageError, UsageError
from imgcli.model.attempt import Record, State
from imgcli.model.inspection import Verdict as Found
from imgcli.model.job import Job
from imgcli.model.picture import Picture, Saved
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict
from imgcli.ports import Slot, Store
from imgcli.storage.local import LocalStore
from tests.fake_api import pictures
from tests.fakes.jobs import SOME_PAINTED, a_job
from tests.fakes.store import FakeStore

PNG = pictures.png(64, 48, 1)
JPEG = pictures.jpeg(64, 48, 1)
ATTEMPTS = iter(f"01a1fd1f-666b-756c-9d44-{number:012d}" for number in range(10**6))


@dataclass
class Shelf:
    """A store, a directory in it, and a way to look at and to put files there as somebody else would."""

    store: Store
    out: Path
    read: Callable[[Path], bytes]
    put: Callable[[Path, bytes], object]
    renamed: list[str]

    def job(self, **changes: object) -> Job:
        return a_job(**{"directory": self.out, "stem": "car", **changes})

    async def rename(self, name: str) -> None:
        self.renamed.append(name)

    async def sealed(self, data: bytes = PNG, **changes: object) -> tuple[Slot, Picture]:
        slot = await self.store.open(self.job(**changes), next(ATTEMPTS))
        for start in range(0, len(data), 50):
            await slot.write(data[start : start + 50])
        try:
            return slot, await slot.seal(SOME_PAINTED)
        except StorageError:
            await slot.discard()
            raise

    async def saved(self, data: bytes = PNG, **changes: object) -> Saved:
        slot, picture = await self.sealed(data, **changes)
        return await slot.publish(picture, self.rename)

    def record(self, saved: Saved, attempt: str = "a") -> Record:
        return Record(
            *(attempt, "run", State.SAVED, self.job(), 100, 60, "2026-11-21", self.out, saved.path.name),
            picture=saved.picture,
            painted=SOME_PAINTED,
            created_at="2026-11-21T12:00:00.000000Z",
            received_at="2026-11-21T12:00:09.000000Z",
            imgcli="0.1.0",
        )


@pytest.fixture(params=["memory", "local"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "memory":
        store = FakeStore()
        return Shelf(store, Path("/out"), store.files.__getitem__, store.files.__setitem__, [])
    out = tmp_path / "out"
    out.mkdir()
    return Shelf(LocalStore(tmp_path / "spool"), out, Path.read_bytes, Path.write_bytes, [])


def test_bytes_come_out_as_they_came_in(shelf: Shelf) -> None:
    saved = asyncio.run(shelf.saved())
    assert saved.path == shelf.out / "car.png"
    assert shelf.read(saved.path) == PNG
    assert (saved.picture.format, saved.picture.width, saved.picture.height) == ("png", 64, 48)
    assert saved.picture.size_bytes == len(PNG)
    assert shelf.renamed == []


@pytest.mark.parametrize("decoded", [0, 1, 2, 3, 100, 1_000_000, 3_000_001])
def test_an_answer_without_a_picture_is_kept_as_it_came(shelf: Shelf, decoded: int) -> None:
    body = bytes(range(256)) * 12_000

    async def story() -> str:
        slot = await shelf.store.open(shelf.job(), "01a1fd1f-666b-756c-9d44-d415359a8970")
        for start in range(0, len(body), 500_000):
            await slot.write(body[start : start + 500_000])
        where = await slot.keep(b"before", decoded, b"after")
        await slot.discard()
        return where

    where = asyncio.run(story())
    kept = shelf.store.spool["01a1fd1f-666b-756c-9d44-d415359a8970"] if isinstance(shelf.store, FakeStore) else None
    encoded = base64.b64encode(body[:decoded]) + body[decoded:]
    assert (kept or Path(where).read_bytes()) == b"before" + encoded + b"after"


def test_the_true_format_names_the_file_and_the_name_is_told_first(shelf: Shelf) -> None:
    saved = asyncio.run(shelf.saved(JPEG))
    assert saved.path.name == "car.jpg"
    assert shelf.renamed == ["car.jpg"]


def test_a_name_that_is_taken_is_numbered(shelf: Shelf) -> None:
    shelf.put(shelf.out / "car.png", b"mine")
    assert asyncio.run(shelf.saved()).path.name == "car-2.png"
    assert shelf.read(shelf.out / "car.png") == b"mine"


def test_a_name_with_a_number_counts_on(shelf: Shelf) -> None:
    shelf.put(shelf.out / "car-3.png", b"mine")
    saved = asyncio.run(shelf.saved(stem="car-3", renumber="car-{n}", variant=3))
    assert saved.path.name == "car-4.png"


def test_a_name_taken_while_it_was_painted_is_not_replaced(shelf: Shelf) -> None:
    async def story() -> None:
        slot, picture = await shelf.sealed()
        shelf.put(shelf.out / "car.png", b"mine")
        saved = await slot.publish(picture, shelf.rename)
        assert saved.path.name == "car-2.png"
        assert shelf.renamed == ["car-2.png"]
        assert shelf.read(shelf.out / "car.png") == b"mine"

    asyncio.run(story())


def test_two_at_once_get_two_names(shelf: Shelf) -> None:
    async def story() -> None:
        one = await shelf.store.open(shelf.job(), next(ATTEMPTS))
        two = await shelf.store.open(shelf.job(), next(ATTEMPTS))
        assert {one.name, two.name} == {"car.png", "car-2.png"}
        await one.discard()
        again = await shelf.store.open(shelf.job(), next(ATTEMPTS))
        assert again.name == "car.png"
        await two.discard()
        await again.discard()

    asyncio.run(story())


def test_what_is_no_picture_is_refused(shelf: Shelf) -> None:
    with pytest.raises(NotAPictureError):
        asyncio.run(shelf.sealed(b"<html>please log in</html>"))


def test_the_sidecar_is_the_same_each_time_and_never_replaces_another(shelf: Shelf) -> None:
    async def story() -> None:
        record = shelf.record(await shelf.saved())
        path = await shelf.store.tell(record)
        first = shelf.read(path)
        assert await shelf.store.tell(record) == path
        assert shelf.read(path) == first
        with pytest.raises(StorageError, match="in the way"):
            await shelf.store.tell(replace(record, cost=61))
        assert shelf.read(path) == first

    asyncio.run(story())


def test_intact_means_the_same_bytes(shelf: Shelf) -> None:
    async def story() -> None:
        saved = await shelf.saved()
        record = shelf.record(saved)
        assert await shelf.store.intact(record) == saved
        assert await shelf.store.intact(replace(record, name="other.png")) is None
        shelf.put(saved.path, PNG[:-1])
        assert await shelf.store.intact(record) is None

    asyncio.run(story())


def test_a_sealed_picture_is_found_again_and_published_by_another(shelf: Shelf) -> None:
    async def story() -> None:
        attempt = next(ATTEMPTS)
        slot = await shelf.store.open(shelf.job(), attempt)
        await slot.write(PNG)
        await slot.seal(SOME_PAINTED)
        record = replace(shelf.record(Saved(shelf.out / "car.png", Path(), Picture("", 0, "", 0, 0)), attempt))
        record = replace(record, picture=None, painted=None, state=State.SENT)
        relic = await shelf.store.relic(record)
        assert relic is not None
        assert relic.painted == SOME_PAINTED
        saved = await relic.slot.publish(relic.picture, shelf.rename)
        assert shelf.read(saved.path) == PNG
        await shelf.store.sweep(record)
        assert await shelf.store.relic(replace(record, attempt=next(ATTEMPTS))) is None

    asyncio.run(story())


def test_names_and_directories_stay_below_their_root(shelf: Shelf) -> None:
    assert shelf.store.directory(shelf.out, "a/b") == shelf.out / "a" / "b"
    for below in ("..", "a/../..", "a/../../b"):
        with pytest.raises(UsageError):
            shelf.store.directory(shelf.out, below)
    with pytest.raises(UsageError):
        shelf.store.stem("{nope}", {})


def test_taken_sees_any_extension(shelf: Shelf) -> None:
    assert shelf.store.taken(shelf.job()) is None
    shelf.put(shelf.out / "car.webp", b"x")
    assert shelf.store.taken(shelf.job()) == shelf.out / "car.webp"


def test_check_and_prepare(shelf: Shelf) -> None:
    asyncio.run(shelf.store.prepare(shelf.out))
    assert asyncio.run(shelf.store.check(shelf.out)).level.value == "ok"


def test_a_picture_can_be_looked_at_and_no_more_of_it_than_wished(shelf: Shelf) -> None:
    saved = asyncio.run(shelf.saved())
    assert asyncio.run(shelf.store.look(saved.path, len(PNG))) == PNG
    with pytest.raises(StorageError):
        asyncio.run(shelf.store.look(saved.path, len(PNG) - 1))
    with pytest.raises(StorageError):
        asyncio.run(shelf.store.look(shelf.out / "gone.png", 100))


def test_what_is_hung_beside_the_pictures_replaces_nothing(shelf: Shelf) -> None:
    shelf.put(shelf.out / "car-grid.html", b"mine")
    files = {"png": PNG, "html": b"a page"}
    paths = asyncio.run(shelf.store.hang(shelf.out, "car-grid", files))
    assert list(paths) == [shelf.out / "car-grid-2.png", shelf.out / "car-grid-2.html"]
    assert shelf.read(shelf.out / "car-grid.html") == b"mine"
    assert shelf.read(paths[1]) == b"a page"


def test_holds_is_about_the_very_bytes(shelf: Shelf) -> None:
    async def story() -> None:
        saved = await shelf.saved()
        assert await shelf.store.holds(saved.path, saved.picture.sha256)
        assert not await shelf.store.holds(saved.path, "00" * 32)
        assert not await shelf.store.holds(shelf.out / "other.png", saved.picture.sha256)

    asyncio.run(story())


def test_sizes_are_those_of_files(shelf: Shelf) -> None:
    shelf.put(shelf.out / "a.png", b"four")
    shelf.put(shelf.out / "b.txt", b"")
    assert shelf.store.sizes(shelf.out) == {"a.png": 4, "b.txt": 0}
    assert shelf.store.sizes(shelf.out / "nothing") == {}


def test_pictures_that_nobody_lists_are_told_of_by_their_sidecars(shelf: Shelf) -> None:
    async def story() -> None:
        saved = await shelf.saved()
        await shelf.store.tell(shelf.record(saved))
        assert shelf.store.unlisted(shelf.out, ()) == {shelf.job().key: "car.png"}
        assert shelf.store.unlisted(shelf.out, {"car.png"}) == {}
        assert shelf.store.unlisted(shelf.out / "nothing", ()) == {}
        await shelf.store.put_aside(saved.path, shelf.out / "aside")
        await shelf.store.tell(shelf.record(saved))  # a sidecar alone is no picture
        assert shelf.store.unlisted(shelf.out, ()) == {}

    asyncio.run(story())


def test_what_is_put_aside_takes_its_sidecar_along_and_replaces_nothing(shelf: Shelf) -> None:
    async def story() -> None:
        aside = shelf.out / "aside" / "2026"
        saved = await shelf.saved()
        await shelf.store.tell(shelf.record(saved))
        await shelf.store.put_aside(saved.path, aside)
        assert shelf.read(aside / "car.png") == PNG
        assert set(shelf.store.sizes(aside)) == {"car.png", "car.png.json"}
        assert not {"car.png", "car.png.json"} & set(shelf.store.sizes(shelf.out))
        shelf.put(saved.path, b"another")
        with pytest.raises(StorageError, match="cannot be moved"):
            await shelf.store.put_aside(saved.path, aside)
        assert shelf.read(saved.path) == b"another"
        await shelf.store.put_aside(shelf.out / "gone.png", aside)
        assert set(shelf.store.sizes(aside)) == {"car.png", "car.png.json"}

    asyncio.run(story())


def test_a_sidecar_that_tells_of_finals_is_still_that_of_its_picture(shelf: Shelf) -> None:
    """The link is told later; nothing takes it away again, and nothing else of the sidecar changes with it."""

    async def story() -> None:
        record = replace(shelf.record(await shelf.saved()), state=State.SETTLED)
        path = await shelf.store.tell(record)
        first, picture = shelf.read(path), record.directory / record.name
        assert await shelf.store.link(picture, ["one"])
        assert await shelf.store.link(picture, ["two", "one"])
        linked = shelf.read(path)
        assert first.decode().rstrip("}\n") in linked.decode()
        assert json.loads(linked) == json.loads(first) | {"finals": ["one", "two"]}
        assert await shelf.store.tell(record) == path
        assert shelf.read(path) == linked
        assert (await shelf.store.inspect(record, read_data=True)).problems == ()
        assert (told := await shelf.store.told_of(picture)) is not None
        assert told[1].attempt == record.attempt
        shelf.put(path, linked.replace(b"a car", b"a bar"))
        assert (await shelf.store.inspect(record, read_data=True)).problems == ("its sidecar was changed",)

    asyncio.run(story())


def test_a_picture_without_a_sidecar_has_nothing_to_tell_of_finals(shelf: Shelf) -> None:
    async def story() -> None:
        saved = await shelf.saved()
        assert not await shelf.store.link(saved.path, ["one"])
        assert await shelf.store.told_of(saved.path) is None

    asyncio.run(story())


def test_the_bytes_of_a_sealed_picture_can_be_looked_at_before_it_has_a_name(shelf: Shelf) -> None:
    async def story() -> None:
        slot, picture = await shelf.sealed()
        assert await slot.look(len(PNG)) == PNG
        with pytest.raises(StorageError):
            await slot.look(len(PNG) - 1)
        await slot.publish(picture, shelf.rename)

    asyncio.run(story())


@pytest.mark.parametrize("aside", list(Aside))
def test_what_is_set_aside_is_below_its_directory_and_its_name_is_told_first(shelf: Shelf, aside: Aside) -> None:
    async def story() -> None:
        slot, picture = await shelf.sealed()
        saved = await slot.publish(picture, shelf.rename, aside)
        assert shelf.renamed == [f"{aside.value}/car.png"]
        assert saved.path == shelf.out / aside.value / "car.png"
        assert saved.sidecar == shelf.out / aside.value / "car.png.json"
        assert shelf.read(saved.path) == PNG
        slot, picture = await shelf.sealed()
        assert (await slot.publish(picture, shelf.rename, aside)).path.name == "car-2.png"

    asyncio.run(story())


def test_a_picture_that_was_set_aside_is_found_by_its_sidecar(shelf: Shelf) -> None:
    async def story() -> None:
        slot, picture = await shelf.sealed()
        saved = await slot.publish(picture, shelf.rename, Aside.QUARANTINE)
        remarks = Remarks(
            (Verdict(Stage.PICTURE, "local", Decision.BLOCKED, "sexual 0.97", (("sexual", 0.97),)),),
            unmet=("size: small",),
            tried=2,
            dhash="0f" * 8,
            aside=Aside.QUARANTINE,
        )
        record = replace(shelf.record(saved), name="quarantine/car.png", remarks=remarks, state=State.SETTLED)
        assert await shelf.store.tell(record) == saved.sidecar
        assert json.loads(shelf.read(saved.sidecar))["file"] == "car.png"
        ((key, told),) = await shelf.store.told(shelf.out)
        assert (key, told.directory, told.name) == (record.job.key, shelf.out, "quarantine/car.png")
        assert (told.remarks, told.job.directory) == (remarks, shelf.out)
        assert (await shelf.store.inspect(record, read_data=True)).verdict is Found.SOUND
        assert (found := await shelf.store.intact(record)) is not None
        assert found.path == saved.path

    asyncio.run(story())


def test_one_that_was_set_aside_by_a_run_that_died_is_not_let_out_by_the_next(shelf: Shelf) -> None:
    async def story() -> None:
        attempt = next(ATTEMPTS)
        slot = await shelf.store.open(shelf.job(), attempt)
        await slot.write(PNG)
        picture = await slot.seal(SOME_PAINTED)
        saved = await slot.publish(picture, shelf.rename, Aside.QUARANTINE)
        record = replace(shelf.record(saved, attempt), name="quarantine/car.png", state=State.RECEIVED)
        relic = await shelf.store.relic(record)
        assert relic is not None
        again = await relic.slot.publish(relic.picture, shelf.rename, Aside.QUARANTINE)
        assert again.path == saved.path
        assert shelf.read(again.path) == PNG

    asyncio.run(story())


async def flagged(shelf: Shelf, data: bytes = PNG) -> Record:
    """The record of a settled picture in quarantine, with its sidecar."""
    attempt = next(ATTEMPTS)
    slot = await shelf.store.open(shelf.job(), attempt)
    await slot.write(data)
    saved = await slot.publish(await slot.seal(SOME_PAINTED), shelf.rename, Aside.QUARANTINE)
    name = f"quarantine/{saved.path.name}"
    verdict = Verdict(Stage.PICTURE, "local", Decision.BLOCKED, "nsfw 0.97", (("nsfw", 0.97),))
    remarks = Remarks((verdict,), aside=Aside.QUARANTINE)
    record = replace(shelf.record(saved, attempt), name=name, remarks=remarks, state=State.SETTLED)
    await shelf.store.tell(record)
    await shelf.store.sweep(record)
    return record


class Desk:
    """Says yes or no to a name, and remembers it."""

    def __init__(self, *, yes: bool = True) -> None:
        self.yes, self.names = yes, list[str]()

    async def settle(self, name: str) -> bool:
        self.names.append(name)
        return self.yes


def test_a_picture_is_let_out_under_its_planned_name_and_then_taken_away_below(shelf: Shelf) -> None:
    async def story() -> None:
        record, desk = await flagged(shelf), Desk()
        assert await shelf.store.let_out(record, desk.settle)
        assert desk.names == ["car.png"]
        assert shelf.read(shelf.out / "car.png") == shelf.read(shelf.out / "quarantine" / "car.png") == PNG
        # Cut off here, the same is done once more.
        assert await shelf.store.let_out(record, desk.settle)
        assert desk.names == ["car.png", "car.png"]
        out = replace(record, name="car.png", remarks=replace(record.remarks, settled="released 2026-11-21 by alice"))
        await shelf.store.tell(out)
        for _ in range(2):
            assert await shelf.store.take_away(out)
            assert shelf.store.sizes(shelf.out / "quarantine") == {}
        assert set(shelf.store.sizes(shelf.out)) == {"car.png", "car.png.json"}
        assert (await shelf.store.inspect(out, read_data=True)).verdict is Found.SOUND

    asyncio.run(story())


def test_letting_out_replaces_nothing_and_is_taken_back_if_somebody_else_decided(shelf: Shelf) -> None:
    async def story() -> None:
        record = await flagged(shelf)
        shelf.put(shelf.out / "car.png", b"mine")
        shelf.put(shelf.out / "car-2.png.json", b"{}")
        no = Desk(yes=False)
        assert not await shelf.store.let_out(record, no.settle)
        assert no.names == ["car-3.png"]
        assert set(shelf.store.sizes(shelf.out)) == {"car.png", "car-2.png.json"}
        assert await shelf.store.let_out(record, Desk().settle)
        assert shelf.read(shelf.out / "car.png") == b"mine"
        assert shelf.read(shelf.out / "car-3.png") == PNG

    asyncio.run(story())


def test_what_is_no_longer_that_picture_is_neither_let_out_nor_taken_away(shelf: Shelf) -> None:
    async def story() -> None:
        record = await flagged(shelf)
        shelf.put(shelf.out / "quarantine" / "car.png", b"another")
        with pytest.raises(StorageError, match="is gone, or not the picture any more"):
            await shelf.store.let_out(record, Desk().settle)
        assert not await shelf.store.take_away(record)
        assert shelf.read(shelf.out / "quarantine" / "car.png") == b"another"

    asyncio.run(story())


def test_of_two_in_quarantine_only_the_one_that_is_meant_is_taken_away(shelf: Shelf) -> None:
    async def story() -> None:
        first, _ = await flagged(shelf), await flagged(shelf, pictures.png(64, 48, 2))
        deleted = replace(first, remarks=replace(first.remarks, settled="deleted 2026-11-21 by alice"))
        assert await shelf.store.take_away(deleted)
        assert set(shelf.store.sizes(shelf.out / "quarantine")) == {"car-2.png", "car-2.png.json"}

    asyncio.run(story())


def test_what_a_release_had_made_is_taken_away_with_a_picture_that_is_deleted(shelf: Shelf) -> None:
    async def story() -> None:
        record = await flagged(shelf)
        for name in ("car-2.png", "car-3.png", "car-4.png"):
            shelf.put(shelf.out / name, PNG)
        shelf.put(shelf.out / "car.png", b"mine")
        shelf.put(shelf.out / "another.png", PNG)
        shelf.put(shelf.out / "car-4.png.json", b"{}")
        released = replace(record, remarks=replace(record.remarks, settled="released 2026-11-21 by alice"))
        deleted = replace(record, remarks=replace(record.remarks, settled="deleted 2026-11-21 by alice"))
        assert await shelf.store.take_away(replace(released, name="car-2.png"))
        assert "car-2.png" in shelf.store.sizes(shelf.out)
        for _ in range(2):
            assert await shelf.store.take_away(deleted, ["car-3.png"])
            left = {"car.png", "another.png", "car-3.png", "car-4.png", "car-4.png.json"}
            assert set(shelf.store.sizes(shelf.out)) == left

    asyncio.run(story())


def test_a_copy_has_its_bytes_a_free_name_and_a_sidecar(shelf: Shelf) -> None:
    async def story() -> None:
        saved = await shelf.saved()
        job = shelf.job()
        for expected in ("car-2.png", "car-3.png"):
            copied = await shelf.store.copy(saved.path, job, next(ATTEMPTS))
            assert copied is not None
            slot, picture = copied
            assert (picture, await slot.look(10**6)) == (saved.picture, PNG)
            again = await slot.hand_over(shelf.record(saved, "copy"), share=False)
            assert (again.path.name, shelf.read(again.path)) == (expected, PNG)
            assert await shelf.store.told_of(again.path) is not None
        assert shelf.read(saved.path) == PNG

    asyncio.run(story())


def test_a_copy_that_another_run_made_meanwhile_is_shared(shelf: Shelf) -> None:
    async def story() -> None:
        source = shelf.out / "source.png"
        shelf.put(source, PNG)
        both = [await shelf.store.copy(source, shelf.job(), next(ATTEMPTS)) for _ in range(2)]
        names = []
        for copied in both:
            assert copied is not None
            slot, picture = copied
            record = shelf.record(Saved(shelf.out / "car.png", shelf.out / "car.png.json", picture), "copy")
            names.append((await slot.hand_over(record, share=True)).path.name)
        assert names == ["car.png", "car.png"]

    asyncio.run(story())


def test_what_is_no_picture_or_not_there_is_not_copied(shelf: Shelf) -> None:
    async def story() -> None:
        shelf.put(shelf.out / "x.png", b"no picture at all")
        assert await shelf.store.copy(shelf.out / "x.png", shelf.job(), next(ATTEMPTS)) is None
        assert await shelf.store.copy(shelf.out / "y.png", shelf.job(), next(ATTEMPTS)) is None
        assert (await shelf.saved()).path.name == "car.png"

    asyncio.run(story())


def test_a_copy_that_is_given_up_leaves_nothing(shelf: Shelf) -> None:
    async def story() -> None:
        saved = await shelf.saved()
        before = shelf.store.sizes(shelf.out)
        copied = await shelf.store.copy(saved.path, shelf.job(), next(ATTEMPTS))
        assert copied is not None
        await copied[0].discard()
        assert shelf.store.sizes(shelf.out) == before

    asyncio.run(story())
