"""What a run and its process owe each other: signals that end it in order, and enough open files."""

import asyncio
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from imgcli.engine.stop import Stop

GRACE = 10.0
"""Seconds that TERM and HUP leave to what is under way."""

PATIENCE = 120.0
"""Seconds that the first Ctrl-C leaves to it; a picture takes that long at most."""


SECRET_ENDS = ("_KEY", "_SECRET", "_TOKEN", "_PASSWORD")
"""Ends of the names of variables that hold what only imgcli and its provider are to know."""

OWN_FILES = 48
"""Open files of a process before any picture: streams, ledger, locks, libraries being imported."""

FILES_EACH = 5
"""Open files of one picture at most: its part, its connection, and what is synced beside it."""


def without_keys(env: Mapping[str, str]) -> dict[str, str]:
    """`env` for a program that has nothing to do with providers: a viewer, or what shows notifications."""
    return {name: text for name, text in env.items() if not name.upper().endswith(SECRET_ENDS)}


def within_open_files(wanted: int, say: Callable[[str], None]) -> int:
    """How many pictures may be under way with the files this process may open; an answer that finds none is lost."""
    from imgcli.pipeline import hands

    try:
        import resource
    except ImportError:
        return wanted  # Windows counts them otherwise, and has plenty
    needed = OWN_FILES + FILES_EACH * hands(wanted)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if resource.RLIM_INFINITY != soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    possible = next((n for n in range(wanted, 1, -1) if OWN_FILES + FILES_EACH * hands(n) <= soft), 1)
    say(f"this system lets imgcli open {soft} files: {possible} pictures at once instead of {wanted} (ulimit -n)")
    return possible


@contextmanager
def signals(stop: "Stop", say: Callable[[str], None]) -> Iterator[Callable[[], int]]:
    """INT drains and then aborts; TERM and HUP drain and abort after a grace. Yields the exit code so far."""
    loop = asyncio.get_running_loop()
    code = 0

    def interrupt() -> None:
        nonlocal code
        code = 130
        # First the deed, then the words: a terminal that is gone takes none.
        if stop.draining:
            stop.abort("interrupted")
            say("cut off: what was under way is uncertain now")
        else:
            stop.drain("interrupted")
            loop.call_later(PATIENCE, stop.abort, "interrupted")
            say("stopping: finishing what is under way; press Ctrl-C again to cut it off")

    def terminate() -> None:
        nonlocal code
        code = 143
        stop.drain("terminated")
        loop.call_later(GRACE, stop.abort, "terminated")
        say(f"stopping: what is under way has {GRACE:.0f} s")

    handlers: Mapping[str, Callable[[], None]] = {"SIGINT": interrupt, "SIGTERM": terminate, "SIGHUP": terminate}
    with handled(handlers):
        yield lambda: code


async def is_cut_off(work: "asyncio.Task[Any]") -> bool:
    """Wait for `work`, which a signal ends, and nothing else with it; whether one did."""

    def cut() -> None:
        work.cancel()

    with handled(dict.fromkeys(("SIGINT", "SIGTERM", "SIGHUP"), cut)):
        await asyncio.wait({work})
    return work.cancelled()


@contextmanager
def handled(handlers: Mapping[str, Callable[[], None]]) -> Iterator[None]:
    """Signals by their names, each handed to the event loop's own thread."""
    loop = asyncio.get_running_loop()
    installed = [number for name in handlers if (number := getattr(signal, name, None)) is not None]
    for number in installed:
        handler = handlers[number.name]
        try:
            loop.add_signal_handler(number, handler)
        except NotImplementedError:
            # Windows: the handler runs between bytecodes and hands over to the loop.
            signal.signal(number, lambda *_args, handler=handler: loop.call_soon_threadsafe(handler))
    try:
        yield
    finally:
        for number in installed:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)
