"""Work on pixels in processes of its own: decoding a picture holds the interpreter for 20 ms, and requests must not wait."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from imgcli.measure.expect import Measured, measure

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

T = TypeVar("T")

FEW = 3
"""Pictures that are measured on a thread: a process takes longer to start."""


class Workers:
    """Measures pictures, or makes them small, a bounded number at once; processes are started when there is enough for them to do."""

    def __init__(self, at_once: int | None = None) -> None:
        self._at_once = at_once or max(1, (os.cpu_count() or 2) // 2)
        self._seats = asyncio.Semaphore(self._at_once + 1)
        self._done = 0
        self._pool: ProcessPoolExecutor | None = None

    async def measure(self, picture: bytes | Path, palette: Sequence[str] = (), *, hash_only: bool = False) -> Measured:
        """As `expect.measure`.

        Raises:
            ValueError: as there.
        """
        return await self.run(partial(measure, picture, palette, hash_only=hash_only))

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises; it is pickled, and so is that."""
        async with self._seats:
            self._done += 1
            if self._done <= FEW:
                return await asyncio.to_thread(work)
            from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415 - as in _opened

            try:
                return await asyncio.wrap_future(self._opened().submit(work))
            except (BrokenProcessPool, OSError):
                # Somebody killed it, or the machine starts no more; a thread does as well.
                self.close()
                return await asyncio.to_thread(work)

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def _opened(self) -> "ProcessPoolExecutor":
        if self._pool is None:
            # Few runs come so far, and the import takes as long as a picture.
            from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415
            from multiprocessing import get_context  # noqa: PLC0415

            # Spawned: a fork would take locks of our threads along, which nobody frees in it.
            self._pool = ProcessPoolExecutor(self._at_once, get_context("spawn"), initializer=_begin)
        return self._pool


def _begin() -> None:
    """A worker outlives Ctrl-C, which is its parent's to answer, and nothing else of its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import parent_process  # noqa: PLC0415

    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(0)
