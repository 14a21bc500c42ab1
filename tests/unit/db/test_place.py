import asyncio
from pathlib import Path

import pytest

from imgcli.db.connect import Database
from imgcli.db.place import MOUNTS, NETWORKED, filesystem, kind_in
from imgcli.errors import LedgerError

INFO = """\
22 28 0:20 / / rw shared:1 - ext4 /dev/vda rw
23 22 0:21 / /home rw shared:2 - nfs4 server:/home rw
24 22 0:22 / /mnt/my\\040disk rw - 9p C: rw
25 23 0:23 / /home/alice/local rw - xfs /dev/vdb rw
26 22 0:24 / /home rw shared:2 - btrfs /dev/vdc rw
odd
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/etc", "ext4"),
        ("/homework", "ext4"),
        ("/home/alice/local/imgcli", "xfs"),
        ("/home/alice", "btrfs"),
        ("/mnt/my disk/x", "9p"),
    ],
)
def test_the_mount_that_holds_a_path(path: str, kind: str) -> None:
    assert kind_in(INFO, Path(path)) == kind


def test_nobody_tells(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("imgcli.db.place.MOUNTS", tmp_path / "absent")
    assert filesystem(tmp_path) == ""


@pytest.mark.skipif(not MOUNTS.exists(), reason="no /proc")
def test_here_is_a_disk_of_this_machine(tmp_path: Path) -> None:
    assert filesystem(tmp_path / "not" / "there" / "yet") not in NETWORKED | {""}


def test_a_network_drive_is_refused_until_the_user_insists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"22 28 0:20 / {tmp_path} rw shared:1 - nfs4 server:/ rw\n")
    monkeypatch.setattr("imgcli.db.place.MOUNTS", mounts)
    refused = Database(tmp_path / "home" / "a.db", ())
    with pytest.raises(LedgerError, match=r"nfs4.*IMGCLI_HOME"):
        asyncio.run(refused.read(lambda _tx: None))
    assert not (tmp_path / "home").exists()
    taken = Database(tmp_path / "home" / "a.db", (), any_filesystem=True)
    asyncio.run(taken.read(lambda _tx: None))
    asyncio.run(taken.close())
