"""Opening a picture or a directory in the program that the system has for it; never through a shell."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Thread

from imgcli.cli.process import without_keys
from imgcli.errors import UsageError

OPENERS: Mapping[str, tuple[tuple[str, ...], ...]] = {"darwin": (("open",),), "win32": (("explorer",),)}
UNIX = (("xdg-open",), ("gio", "open"), ("wslview",))

SECONDS = 1.0
"""An opener that has not failed by then shows the file; some stay until it is closed."""


def open_path(path: Path, env: Mapping[str, str] = os.environ) -> None:
    """Show a file or a directory to the user, without waiting for him to close it.

    Raises:
        UsageError: it is not there, nothing here opens files, or what does failed.
    """
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - links stay; a whole path is no option either
    if not whole.exists():
        raise UsageError(f"{whole} is not there, so it cannot be opened")
    words = opener(env)
    if words is None:
        raise UsageError(f"nothing here opens files (xdg-open is not on the PATH); look at it yourself: {whole}")
    try:
        process = subprocess.Popen(  # noqa: S603 - a program of the system, no shell
            [*words, str(whole)],
            env=without_keys(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise UsageError(f"{words[0]} cannot be started: {error.strerror or error}") from None
    code = _ended(process)
    # The explorer of Windows says 1 when all is well.
    if code and sys.platform != "win32":
        raise UsageError(f"{words[0]} could not open {whole} (code {code})")


def opener(env: Mapping[str, str], platform: str = sys.platform) -> list[str] | None:
    """The program that opens files, with its first arguments; None if there is none."""
    for name, *rest in OPENERS.get(platform, UNIX):
        found = shutil.which(name, path=env.get("PATH", os.defpath))
        # Windows looks into the current directory first, which may hold what a stranger put there.
        if found and os.path.isabs(found):  # noqa: PTH117 - of a word
            return [found, *rest]
    return None


def _ended(process: "subprocess.Popen[bytes]") -> int:
    """Its exit code, or 0 if it is still there after a moment."""
    try:
        return process.wait(SECONDS)
    except subprocess.TimeoutExpired:
        # Somebody has to hear when it ends, or it stays behind as a zombie of a long run.
        Thread(target=process.wait, daemon=True).start()
        return 0
