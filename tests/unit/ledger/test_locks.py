import subprocess
import sys
from pathlib import Path

import pytest

from imgcli.errors import LedgerError
from imgcli.ledger.locks import RunLocks

HOLD = """
import sys
from pathlib import Path
from imgcli.ledger.locks import RunLocks
locks = RunLocks(Path(sys.argv[1]))
locks.take("theirs")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_lock_lives_as_long_as_its_process(tmp_path: Path) -> None:
    locks = RunLocks(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"held\n"
        assert not locks.is_dead("theirs")
        child.kill()
    assert locks.is_dead("theirs")


def test_ones_own_run_is_alive_until_it_is_dropped(tmp_path: Path) -> None:
    locks = RunLocks(tmp_path)
    locks.take("mine")
    assert not locks.is_dead("mine")
    locks.drop("mine")
    assert locks.is_dead("mine")
    assert list(tmp_path.iterdir()) == []
    locks.drop("mine")


def test_a_run_that_never_was_is_dead(tmp_path: Path) -> None:
    assert RunLocks(tmp_path).is_dead("nobody")


def test_no_place_for_locks(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerError, match="set IMGCLI_HOME"):
        RunLocks(tmp_path / "file").take("mine")
