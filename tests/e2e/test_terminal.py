"""What a person at a terminal sees: bars while it works, a table when it is done, and escapes of nobody else."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import IO

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def at_a_terminal(
    cwd: Path, *words: str, columns: int = 100, answer: str = "", out: IO[bytes] | None = None, **env: str
) -> tuple[int, str]:
    """Exit code and everything written to a pseudo-terminal that is stdin, stderr and, without `out`, stdout."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "imgcli", *words],
        cwd=cwd,
        stdin=theirs,
        stdout=theirs if out is None else out,
        stderr=theirs,
        env=os.environ | {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "40"} | env,
    )
    os.close(theirs)
    if answer:
        os.write(ours, answer.encode())
    seen = b""
    while True:
        try:
            block = os.read(ours, 65536)
        except OSError:  # Linux says so when the other side is gone
            break
        if not block:
            break
        seen += block
    os.close(ours)
    return process.wait(timeout=60), seen.decode()


def test_bars_then_a_table_with_paths_and_sums(tmp_path: Path) -> None:
    code, seen = at_a_terminal(
        tmp_path, "gen", "a car", "-n", "3", "--style", "cinematic", "--provider", "placeholder", "-s", "128x128"
    )
    assert code == 0
    text = CONTROL.sub("", seen)
    assert "pictures" in text
    assert "a-car-cinematic-3.png" in text
    assert "3 made of 3; $0.00 spent" in text
    assert "\x1b[?25h" in seen, "the cursor is given back"


def test_a_few_pictures_are_shown_and_a_batch_is_not(tmp_path: Path) -> None:
    (tmp_path / "two.txt").write_text("a car\na boat\n")
    paint = ("--provider", "placeholder", "-s", "128x128")
    _, seen = at_a_terminal(tmp_path, "gen", "a car", *paint, TERM="xterm-kitty")
    assert seen.count("\x1b_Ga=T,") == 1
    _, seen = at_a_terminal(tmp_path, "gen", "a car", *paint, TERM="xterm-kitty", IMGCLI_PREVIEW="off")
    assert "\x1b_G" not in seen
    _, seen = at_a_terminal(tmp_path, "batch", "two.txt", "--provider", "placeholder", TERM="xterm-kitty")
    assert "\x1b_G" not in seen


def test_a_narrow_terminal_cuts_nothing_off(tmp_path: Path) -> None:
    code, seen = at_a_terminal(tmp_path, "gen", "a car", "--provider", "placeholder", "-s", "128x128", columns=40)
    assert code == 0
    assert "a-car-1.png" in CONTROL.sub("", seen).replace("\r\n", "").replace(" ", "")


def test_paths_reach_a_file_while_the_bars_are_on_the_terminal(tmp_path: Path) -> None:
    with (tmp_path / "paths").open("wb") as out:
        code, seen = at_a_terminal(
            tmp_path, "gen", "a car", "-n", "2", "--provider", "placeholder", "-s", "128x128", out=out
        )
    assert code == 0
    assert "pictures" in seen
    paths = (tmp_path / "paths").read_text().splitlines()
    assert sorted(Path(path).name for path in paths) == ["a-car-1.png", "a-car-2.png"]


def test_no_color_means_none(tmp_path: Path) -> None:
    _, seen = at_a_terminal(tmp_path, "gen", "help", NO_COLOR="1")
    assert "\x1b" not in seen


def test_a_dear_run_asks_first_and_no_means_no(tmp_path: Path) -> None:
    words = ["gen", "a car", "-n", "40", "-q", "high", "--base-url", "http://127.0.0.1:9/v1"]
    words += ["-m", "some-model", "--assume-cost", "0.10"]
    code, seen = at_a_terminal(tmp_path, *words, answer="n\n")
    assert code == 2
    assert "40 pictures, about $4.00, at most $4.00" in seen
    assert "nothing was sent" in seen
