"""Where a database may stand: a disk of this machine, whose locks and syncs mean what they say."""

import sys
from pathlib import Path

NETWORKED = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "lustre", "gpfs", "beegfs", "davfs"}
    | {"fuse.sshfs", "fuse.s3fs", "fuse.rclone", "fuse.glusterfs", "fuse.gcsfuse", "fuse.davfs2", "drvfs"}
)
"""File systems, as the kernel names them, on which SQLite's locks do not hold or a sync is a promise by somebody else."""

MOUNTS = Path("/proc/self/mountinfo")


def itself(path: Path) -> Path:
    """The file that `path` is a link to, so that what lies beside it is the same for all who share it.

    `path` as it is where there is none, or no plain one: beside /dev/null nothing of ours should lie.
    """
    try:
        found = path.resolve(strict=True)
        return found if found.is_file() else path
    except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
        return path


def filesystem(path: Path) -> str:
    """The kernel's name of the file system below `path`, which need not exist yet; empty where nobody tells."""
    if not sys.platform.startswith("linux"):
        return ""
    try:
        return kind_in(MOUNTS.read_text("utf-8", errors="replace"), path.resolve())
    except OSError:
        return ""


def kind_in(mounts: str, path: Path) -> str:
    """The kind of the mount that holds `path`, from the lines of mountinfo (proc(5)); of equal ones the last mounted."""
    best, found = -1, ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(), after.split(" ")[0]
        if len(fields) < 5:
            continue
        # Blanks, tabs, newlines and backslashes stand as octal.
        point = Path(fields[4].encode().decode("unicode_escape").encode("latin-1").decode(errors="replace"))
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, found = len(point.parts), kind
    return found
