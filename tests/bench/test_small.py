"""The small form of every bench: that it works, never how fast."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench.__main__ import CASES
from bench.control import ROOT

QUICK = ("latency", "limit")
"""Those that take seconds; the others stand behind the marker."""


def test_a_case_can_be_measured(tmp_path: Path) -> None:
    measured(tmp_path, *QUICK)


@pytest.mark.rig
def test_every_case_can_be_measured(tmp_path: Path) -> None:
    measured(tmp_path, *CASES)


def measured(scratch: Path, *names: str) -> None:
    command = [sys.executable, "-m", "bench", "--small", "--scratch", str(scratch), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [f"{name}: works" for name in CASES if name in names]
    assert not list(scratch.iterdir())
