import os
import shutil
import sys
from pathlib import Path

import pytest

from imgcli.errors import AttemptError, Halt, Money, Retry
from imgcli.providers.reading import read
from tests.fakes.jobs import a_file

DATA = b"\x89PNG\r\n\x1a\nnot much more"


def test_the_bytes_that_were_looked_at(tmp_path: Path) -> None:
    source = a_file(tmp_path / "in.png", DATA)
    os.utime(source.path, (1, 1))
    assert read(source) == DATA


@pytest.mark.parametrize("now", [b"", DATA[:-1], DATA + b"!", DATA[:-1] + b"!", DATA.lower()])
def test_any_other_byte_is_a_change(tmp_path: Path, now: bytes) -> None:
    source = a_file(tmp_path / "in.png", DATA)
    source.path.write_bytes(now)
    with pytest.raises(AttemptError) as caught:
        read(source)
    fault = caught.value
    assert (fault.money, fault.halt, fault.retry) == (Money.VOID, Halt.JOB, Retry.NEVER)
    assert (fault.code, fault.account) == ("input-changed", False)
    assert str(fault) == (
        "in.png has changed since it was looked at; nothing was sent, nothing is billed; run the command again to use it "
        "as it is now"
    )


@pytest.mark.parametrize("instead", ["nothing", "directory", "pipe", "dangling link"])
def test_what_is_no_file_any_more(tmp_path: Path, instead: str) -> None:
    if instead == "pipe" and sys.platform == "win32":
        pytest.skip("no pipes have names there")
    source = a_file(tmp_path / "in.png", DATA)
    source.path.unlink()
    match instead:
        case "directory":
            source.path.mkdir()
        case "pipe":
            os.mkfifo(source.path)
        case "dangling link":
            source.path.symlink_to(tmp_path / "nowhere")
        case _:
            pass
    with pytest.raises(AttemptError) as caught:
        read(source)
    assert (caught.value.money, caught.value.halt, caught.value.code) == (Money.VOID, Halt.JOB, "input-gone")
    assert "put it back and run the same command again" in str(caught.value)


def test_it_goes_by_the_bytes_and_not_by_the_file(tmp_path: Path) -> None:
    source = a_file(tmp_path / "in.png", DATA)
    shutil.copyfile(source.path, tmp_path / "copy.png")
    source.path.unlink()
    source.path.symlink_to(tmp_path / "copy.png")
    assert read(source) == DATA
