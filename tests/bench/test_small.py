"""The small form of every bench: that it works, never how fast."""

import subprocess
import sys
from pathlib import Path

from bench.__main__ import CASES
from bench.control import ROOT


def test_every_case_can_be_measured(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bench", "--small", "--scratch", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [f"{name}: works" for name in CASES]
    assert not list(tmp_path.iterdir())
