"""The tables of what this machine may refuse, and what a person can do about it; `docs/errors.md` is written from them.

Pure data. The money does not depend on what was refused but on when: before a request is sent nothing is paid, and
what comes after keeps its paid bytes elsewhere (`storage/slot.py`) or its room in reserve (`db/ballast.py`).
"""

import errno

REMEDIES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "your quota there is used up; delete something, or choose another place",
    errno.EFBIG: "no file there may be that large; choose another place",
    errno.EROFS: "that disk is mounted read-only; choose another place",
    errno.EACCES: "you may not read or write there; change its permissions, or choose another place",
    errno.EPERM: "the system does not allow it there; choose another place",
    errno.EIO: "the disk fails; save what is on it, and choose another place",
    errno.ENOENT: "the directory is gone, or its disk is not connected",
    errno.ENOTDIR: "a part of the path is a file; move it, or choose another place",
    errno.ELOOP: "a link there leads nowhere, or should not be one; remove it",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EMFILE: "make fewer at once (-j), or raise the limit (ulimit -n)",
    errno.ENFILE: "close other programs, or make fewer at once (-j)",
    errno.ESTALE: "the network drive lost it; connect it anew",
    errno.ENOTCONN: "the network drive is not connected; connect it",
}
"""By the system's error number, for files and directories."""

BUSY_SECONDS = 30.0
"""How long the ledger is waited for."""

RESTORE = "restore a backup (delete ledger.db-journal first) and run imgcli ledger rebuild DIR, or do that alone"
"""A journal that a dead run left would be rolled into whatever file has the ledger's name."""

LEDGER_REMEDIES = {
    "SQLITE_BUSY": f"another imgcli has held it for {BUSY_SECONDS:.0f} s; try again when it is done",
    "SQLITE_FULL": "its disk is full; free some space and try again",
    "SQLITE_READONLY_DBMOVED": "it was moved or replaced while imgcli had it open; after a backup run imgcli ledger rebuild DIR, then try again",
    "SQLITE_READONLY": "it is read-only; make it writable, or set IMGCLI_HOME to another place",
    "SQLITE_CANTOPEN": "it cannot be opened; check its directory, or set IMGCLI_HOME to another place",
    "SQLITE_IOERR": "its disk fails or is full; run imgcli doctor, and save what is on that disk",
    "SQLITE_NOTADB": f"it is not a ledger, or not any more; {RESTORE}",
    "SQLITE_CORRUPT": f"it is damaged; {RESTORE}",
}
"""By the beginning of SQLite's name of an error (sqlite.org/rescode.html); the first that fits counts."""


def why(error: OSError) -> str:
    """What the system says, and what to do about it."""
    said = error.strerror or str(error)
    remedy = REMEDIES.get(error.errno or 0)
    return f"{said}: {remedy}" if remedy else said


def sqlite_name(error: BaseException | None) -> str:
    """SQLite's name of an error; empty for any other."""
    return getattr(error, "sqlite_errorname", "") or ""


def ledger_remedy(name: str) -> str:
    """What to do about an error of SQLite with this name; empty where nothing is known."""
    return next((text for start, text in LEDGER_REMEDIES.items() if name.startswith(start)), "")
