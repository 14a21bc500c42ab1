import asyncio
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from imgcli.errors import AttemptError
from imgcli.model.input import Edit
from imgcli.providers.openai.enclosures import MOST, Enclosures
from tests.fakes.jobs import a_file

PNG = b"\x89PNG\r\n\x1a\n" + bytes(92)


def done(story: Coroutine[Any, Any, None]) -> None:
    async def quickly() -> None:
        async with asyncio.timeout(20):
            await story

    asyncio.run(quickly())


def edit(place: Path, *names: str, **changes: Any) -> Edit:
    return Edit(tuple(a_file(place / name, PNG) for name in names or ("a.png",)), **changes)


def free(enclosures: Enclosures) -> int:
    return enclosures._room._free


def read_out(files: dict[str, Any]) -> list[bytes]:
    """As the SDK's transport does: in blocks, until there is none."""
    images = files["image"] if isinstance(files["image"], list) else [files["image"]]
    return [b"".join(iter(partial(part.read, 64), b"")) for _, part, _ in images]


async def turns(count: int = 20) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


def test_names_and_types_tell_nothing_of_this_machine(tmp_path: Path) -> None:
    async def story() -> None:
        wanted = edit(tmp_path, "secret-plan.png", "b.jpg", "c.webp", mask=a_file(tmp_path / "m.png", PNG))
        async with Enclosures().of(wanted) as files:
            told = [(name, kind) for name, _, kind in (*files["image"], files["mask"])]
        assert told == [
            ("input-1.png", "image/png"),
            ("input-2.jpg", "image/jpeg"),
            ("input-3.webp", "image/webp"),
            ("mask.png", "image/png"),
        ]
        assert "markup" not in files

    done(story())


def test_a_single_picture_is_no_list(tmp_path: Path) -> None:
    async def story() -> None:
        async with Enclosures().of(edit(tmp_path)) as files:
            assert files["image"][0] == "input-1.png"
            assert read_out(files) == [PNG]

    done(story())


def test_what_has_left_is_held_no_longer(tmp_path: Path) -> None:
    async def story() -> None:
        enclosures = Enclosures()
        async with enclosures.of(edit(tmp_path, "a.png", "b.png")) as files:
            assert free(enclosures) == MOST - 200
            read_out(files)
            assert free(enclosures) == MOST
            assert all(part.closed for _, part, _ in files["image"])
        assert free(enclosures) == MOST

    done(story())


def test_what_never_left_is_given_back(tmp_path: Path) -> None:
    async def story() -> None:
        enclosures = Enclosures()
        async with enclosures.of(edit(tmp_path, "a.png", "b.png")) as files:
            files["image"][0][1].read(10)
            assert free(enclosures) == MOST - 200
        assert free(enclosures) == MOST
        gone = edit(tmp_path, "a.png", "b.png", "c.png")
        gone.inputs[1].path.unlink()
        with pytest.raises(AttemptError):
            async with enclosures.of(gone):
                pass
        assert free(enclosures) == MOST

    done(story())


def test_requests_wait_for_room_in_the_order_they_came(tmp_path: Path) -> None:
    async def story() -> None:
        enclosures, order = Enclosures(most=250), []
        leave, entered = ({name: asyncio.Event() for name in "abcd"} for _ in range(2))

        async def send(name: str, *files: str) -> None:
            async with enclosures.of(edit(tmp_path, *files)):
                order.append(name)
                entered[name].set()
                await leave[name].wait()

        # b has more than all that may be held, and goes alone; d would fit beside a.
        tasks = [asyncio.ensure_future(send("a", "a1.png"))]
        await entered["a"].wait()
        tasks += [asyncio.ensure_future(send("b", "b1.png", "b2.png", "b3.png"))]
        await turns()
        tasks += [asyncio.ensure_future(send("c", "c1.png")), asyncio.ensure_future(send("d", "d1.png"))]
        await turns()
        assert order == ["a"]
        leave["a"].set()
        await entered["b"].wait()
        await turns()
        assert order == ["a", "b"]
        leave["b"].set()
        await asyncio.gather(entered["c"].wait(), entered["d"].wait())
        leave["c"].set()
        leave["d"].set()
        await asyncio.gather(*tasks)
        assert free(enclosures) == 250

    done(story())


def test_whoever_is_cut_off_while_waiting_keeps_no_room(tmp_path: Path) -> None:
    async def story() -> None:
        enclosures = Enclosures(most=100)

        async def send() -> None:
            async with enclosures.of(edit(tmp_path)):
                pass

        async with enclosures.of(edit(tmp_path)):
            waiting = asyncio.ensure_future(send())
            await turns()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        assert free(enclosures) == 100
        await send()

    done(story())


def test_reading_holds_nobody_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop goes on while a slow disk reads."""

    async def story() -> None:
        loop, goes_on = asyncio.get_running_loop(), asyncio.Event()

        class Slow(Enclosures):
            def _data(self, source: Any, *, is_mask: bool) -> bytes:
                asyncio.run_coroutine_threadsafe(goes_on.wait(), loop).result(10)
                return super()._data(source, is_mask=is_mask)

        async def send() -> None:
            async with Slow().of(edit(tmp_path)) as files:
                assert read_out(files) == [PNG]

        task = asyncio.ensure_future(send())
        await turns()
        assert not task.done()
        goes_on.set()
        await task

    done(story())
