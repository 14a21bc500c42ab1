"""How a run ends early: drained (nothing new starts, what is under way finishes) or aborted (it is cut off)."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class Stop:
    """Two one-way switches; `reason` tells who pulled the first."""

    def __init__(self) -> None:
        self._draining = asyncio.Event()
        self._aborting = asyncio.Event()
        self.reason = ""

    @property
    def draining(self) -> bool:
        return self._draining.is_set()

    def drain(self, reason: str) -> None:
        if not self.draining:
            self.reason = reason
        self._draining.set()

    def abort(self, reason: str) -> None:
        self.drain(reason)
        self._aborting.set()

    async def unless_draining(self, waiting: Coroutine[Any, Any, T]) -> T | None:
        """The result of `waiting`, or None as soon as the run drains; for waits that cost nothing."""
        return await _first(waiting, self._draining)

    async def unless_aborting(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`; on abort `work` is cancelled, and what it raises or returns then still counts.

        The same holds when its caller is cancelled: work that may have cost money is never left without an ear.
        """
        task = asyncio.ensure_future(work)
        alarm = asyncio.ensure_future(self._aborting.wait())
        try:
            await asyncio.wait((task, alarm), return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            pass
        finally:
            alarm.cancel()
        if not task.done():
            task.cancel()
        return await task


async def _first(waiting: Coroutine[Any, Any, T], event: asyncio.Event) -> T | None:
    if event.is_set():
        waiting.close()
        return None
    task = asyncio.ensure_future(waiting)
    alarm = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait((task, alarm), return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        alarm.cancel()
