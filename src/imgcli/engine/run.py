"""Many things at once, in order, a bounded number of them alive; knows nothing of what it runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def run_each(work: Callable[[T], Awaitable[None]], items: Iterable[T], at_once: int) -> None:
    """Await `work` for every item, at most `at_once` at a time; items are taken only as places fall free.

    Raises:
        ExceptionGroup: `work` raised; the others were cancelled, and no further item was taken.
    """
    if at_once < 1:
        raise ValueError(f"{at_once} at once would never do anything")
    queue = iter(items)

    async def worker() -> None:
        task = asyncio.current_task()
        for item in queue:
            await work(item)
            if task and task.cancelling():
                # Work that may have cost money answers a cancellation with how it ended; that is no leave to go on.
                raise asyncio.CancelledError

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(worker())
