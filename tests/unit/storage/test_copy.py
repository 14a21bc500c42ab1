"""Copies of pictures that are there already: whole with their sidecar, or not at all."""

import asyncio
import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli import durable
from imgcli.errors import StorageError
from imgcli.model.attempt import Record, State
from imgcli.model.inspection import Verdict
from imgcli.model.origin import Match, Origin, Place
from imgcli.model.picture import Picture, Saved
from imgcli.storage import copy as copying
from imgcli.storage import disk
from imgcli.storage.local import LocalStore
from imgcli.storage.sidecar import parse_sidecar
from tests.fake_api import pictures
from tests.fakes.jobs import SOME_PAINTED, a_job

PNG = pictures.png(64, 48, 1)
ID = "01a1fd1f-666b-756c-9d44-d415359a8970"
ORIGIN = Origin(Place.DIRECTORY, "old.png", "01a1fd1f-0000-756c-9d44-d415359a8970", 13_210_000)


def a_copy(job: Any, picture: Picture, name: str = ID) -> Record:
    return Record(
        *(name, "run-1", State.SETTLED, job, 0, 0, "", job.directory, "", picture, SOME_PAINTED),
        created_at="2026-11-21T10:00:00Z",
        received_at="2026-11-21T10:00:05Z",
        imgcli="0.1.0",
        origin=ORIGIN,
    )


async def handed_over(store: LocalStore, source: Path, out: Path, *, share: bool = False, name: str = ID) -> Saved:
    job = a_job(directory=out, stem="car")
    copied = await store.copy(source, job, name)
    assert copied is not None
    slot, picture = copied
    return await slot.hand_over(a_copy(job, picture, name), share=share)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "from" / "old.png"
    path.parent.mkdir()
    path.write_bytes(PNG)
    return path


def test_it_is_a_file_of_its_own_and_says_where_from(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    saved = asyncio.run(handed_over(LocalStore(tmp_path / "spool"), source, out))
    assert saved.path.read_bytes() == PNG
    assert (saved.path.stat().st_nlink, source.stat().st_nlink) == (1, 1)
    assert sorted(path.name for path in out.iterdir()) == ["car.png", "car.png.json"]
    key, told = parse_sidecar(saved.sidecar.read_bytes(), out)
    assert (key, told.origin, told.cost, told.name) == (a_job().key, ORIGIN, 0, "car.png")
    assert not (tmp_path / "spool").exists()


def test_nothing_is_replaced(tmp_path: Path, source: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "car.png").write_bytes(b"mine")
    (out / "car-2.png.json").write_bytes(b"mine too")
    saved = asyncio.run(handed_over(LocalStore(tmp_path / "spool"), source, out))
    assert saved.path.name == "car-3.png"
    assert (out / "car.png").read_bytes() == b"mine"


@pytest.mark.parametrize("data", [b"", b"this is no picture" * 10])
def test_what_is_no_picture_is_not_copied(tmp_path: Path, data: bytes) -> None:
    async def story() -> None:
        source = tmp_path / "x.png"
        source.write_bytes(data)
        store = LocalStore(tmp_path / "spool")
        job = a_job(directory=tmp_path / "out", stem="car")
        assert await store.copy(source, job, ID) is None
        assert await store.copy(tmp_path / "nowhere.png", job, ID) is None
        assert list((tmp_path / "out").glob("*")) == []
        assert not (tmp_path / "spool").exists()

    asyncio.run(story())


def test_a_directory_that_takes_nothing_keeps_nothing(tmp_path: Path, source: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(StorageError, match="takes no copy"):
        asyncio.run(handed_over(LocalStore(tmp_path / "spool"), source, tmp_path / "out"))


def test_two_runs_of_one_batch_share_one_copy_and_two_wishes_do_not(tmp_path: Path, source: Path) -> None:
    """Both looked before either had it."""

    async def story(*, share: bool, out: Path) -> list[str]:
        stores = [LocalStore(tmp_path / "spool") for _ in range(2)]
        job = a_job(directory=out, stem="car")
        both = [await store.copy(source, job, f"{ID[:-1]}{n}") for n, store in enumerate(stores)]
        saved = []
        for copied in both:
            assert copied is not None
            saved.append(await copied[0].hand_over(a_copy(job, copied[1]), share=share))
        assert not list(out.glob(".imgcli-*"))
        return [each.path.name for each in saved]

    assert asyncio.run(story(share=True, out=tmp_path / "a")) == ["car.png", "car.png"]
    assert asyncio.run(story(share=False, out=tmp_path / "b")) == ["car.png", "car-2.png"]


STEPS: dict[str, Callable[..., Any]] = {
    "write_durably": disk.write_durably,
    "set_mode": disk.set_mode,
    "sync_directory": durable.sync_directory,
    "move_without_replacing": durable.move_without_replacing,
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_any_step_leaves_all_or_nothing_once_the_next_run_cleared_up(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: bool
) -> None:
    real, out = STEPS[step], tmp_path / "out"

    def dies(*args: Any, **options: Any) -> None:
        if after:
            real(*args, **options)
        os._exit(9)

    child = os.fork()
    if not child:
        monkeypatch.setattr(copying, step, dies)
        asyncio.run(handed_over(LocalStore(tmp_path / "spool"), source, out))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9

    async def next_run() -> None:
        store = LocalStore(tmp_path / "spool")

        async def unknown(_attempt: str) -> None: ...

        await store.clear(out, unknown)
        left = sorted(path.name for path in out.iterdir())
        assert left in ([], ["car.png", "car.png.json"])
        told = await store.kept(a_job(directory=out))
        assert (told is None) == (left == [])
        if told:
            assert await store.intact(told)
        strays = await store.strays(out, [], read_data=True)
        assert {stray.verdict for stray in strays} <= {Verdict.SOUND}

    asyncio.run(next_run())
    assert source.read_bytes() == PNG


def test_one_that_is_being_made_is_left_alone(tmp_path: Path, source: Path) -> None:
    async def story() -> None:
        store, out = LocalStore(tmp_path / "spool"), tmp_path / "out"
        job = a_job(directory=out, stem="car")
        copied = await store.copy(source, job, ID)
        assert copied is not None

        async def unknown(_attempt: str) -> None: ...

        await LocalStore(tmp_path / "spool").clear(out, unknown)
        assert (await store.strays(out, [], read_data=False)) == []
        saved = await copied[0].hand_over(a_copy(job, copied[1]), share=False)
        assert saved.path.read_bytes() == PNG

    asyncio.run(story())


def test_verify_believes_its_sidecar_and_its_bytes_alone(tmp_path: Path, source: Path) -> None:
    async def story() -> None:
        store, out = LocalStore(tmp_path / "spool"), tmp_path / "out"
        saved = await handed_over(store, source, out)
        (sound,) = await store.strays(out, [], read_data=True)
        assert (sound.verdict, sound.problems) == (Verdict.SOUND, ())
        saved.path.write_bytes(PNG[:-1] + b"x")
        (damaged,) = await store.strays(out, [], read_data=True)
        assert damaged.verdict is Verdict.DAMAGED

    asyncio.run(story())


def test_the_sidecar_tells_other_words_where_they_were_others(tmp_path: Path, source: Path) -> None:
    async def story() -> None:
        store, out = LocalStore(tmp_path / "spool"), tmp_path / "out"
        job = a_job(directory=out, stem="car")
        copied = await store.copy(source, job, ID)
        assert copied is not None
        slot, picture = copied
        words = replace(ORIGIN, match=Match.LOOSE, typed="A car.", directed="A car., in ink", cost=None)
        saved = await slot.hand_over(replace(a_copy(job, picture), origin=words), share=False)
        told = json.loads(saved.sidecar.read_bytes())["reused"]
        assert (told["match"], told["typed"], told["directed"], told["known"]) == (
            *("loose", "A car.", "A car., in ink"),
            False,
        )
        assert parse_sidecar(saved.sidecar.read_bytes(), out)[1].origin == words

    asyncio.run(story())
