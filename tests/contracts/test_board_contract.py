"""What every board promises, on the one in memory and on a file that processes share."""

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from imgcli.db.board import SqliteBoard
from imgcli.ports import Board
from tests.fakes.board import FakeBoard


@pytest.fixture(params=["memory", "file"])
def board(request: pytest.FixtureRequest, tmp_path: Path) -> Board:
    return FakeBoard() if request.param == "memory" else SqliteBoard(tmp_path / "state" / "pace.db")


def changed(board: Board, *changes: tuple[str, Callable[[str], str]]) -> list[str]:
    async def story() -> list[str]:
        made = [await board.change(name, work) for name, work in changes]
        board.close()
        return made

    return asyncio.run(story())


def test_a_note_is_empty_first_and_stays(board: Board) -> None:
    more: Callable[[str], str] = lambda text: f"{text}x"  # noqa: E731
    assert changed(board, ("a", more), ("a", more), ("b", more)) == ["x", "xx", "x"]


def test_a_change_that_fails_changes_nothing(board: Board) -> None:
    def fails(_text: str) -> str:
        raise KeyError

    async def story() -> str:
        await board.change("a", lambda _text: "kept")
        with pytest.raises(KeyError):
            await board.change("a", fails)
        return await board.change("a", lambda text: text)

    assert asyncio.run(story()) == "kept"
    board.close()


ADD = """
import asyncio, pathlib, sys
from imgcli.db.board import SqliteBoard
async def main():
    board = SqliteBoard(pathlib.Path(sys.argv[1]))
    for _ in range(100):
        await board.change("n", lambda text: str(int(text or 0) + 1))
    board.close()
asyncio.run(main())
"""


def test_processes_change_it_one_at_a_time(tmp_path: Path) -> None:
    place = tmp_path / "pace.db"
    started = [subprocess.Popen([sys.executable, "-c", ADD, str(place)]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert changed(SqliteBoard(place), ("n", lambda text: text)) == ["300"]


@pytest.mark.parametrize("junk", [b"no database", b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_board_is_replaced(tmp_path: Path, junk: bytes) -> None:
    place = tmp_path / "pace.db"
    place.write_bytes(junk)
    assert changed(SqliteBoard(place), ("n", lambda _text: "1"), ("n", lambda text: f"{text}2")) == ["1", "12"]
    assert changed(SqliteBoard(place), ("n", lambda text: text)) == ["12"]


def test_without_a_place_the_process_has_a_board_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    board = SqliteBoard(tmp_path / "file" / "pace.db")
    assert changed(board, ("n", lambda _text: "1"), ("n", lambda text: f"{text}2")) == ["1", "12"]
