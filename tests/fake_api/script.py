"""What the fake API was told to do: which request meets which fault, when answers leave, how many are allowed.

A list of faults is used up from its front, one for each POST that asks for work; null or "ok" lets a request through.
An entry with a condition stays, and comes before the list:

    {"fault": "billed_500", "prompt": "car|boat"}    requests whose prompt matches
    {"fault": "rate_429", "every": 3}                the 3rd, 6th, 9th ... from now on
    {"fault": "401", "path": "/v1/moderations"}      requests below that path
    {..., "times": 2}                                twice and no more; in the list: two in a row
"""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from tests.fake_api.faults import FAULTS, Fault, configured
from tests.fake_api.wire import Json

AT_ACCEPT = "close_at_accept"
_WHEN = ("prompt", "path", "every", "times")
_ALWAYS = ("billed", "headers", "latency")


@dataclass(frozen=True, slots=True)
class Choice:
    """A fault and what was said about it; the three are None or empty unless the script set them."""

    name: str = "ok"
    fault: Fault = FAULTS["ok"]
    billed: bool | None = None
    headers: dict[str, str] = field(default_factory=dict)
    latency: float | None = None

    @property
    def is_billed(self) -> bool:
        return self.fault.billed if self.billed is None else self.billed


@dataclass(slots=True)
class _Standing:
    """A choice with a condition; `left` is None when it never ends."""

    choice: Choice
    prompt: re.Pattern[str] | None
    path: str
    every: int
    left: int | None
    seen: int = 0

    def claims(self, prompt: str, path: str) -> bool:
        if self.left == 0 or not path.startswith(self.path) or (self.prompt and not self.prompt.search(prompt)):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        if self.left is not None:
            self.left -= 1
        return True


class Faults:
    """The list and the conditions.

    Raises:
        ValueError: `entries` name a fault that is not in the table, or an option it does not take.
    """

    def __init__(self, entries: list[Any]) -> None:
        self._queue: deque[Choice] = deque()
        self._standing: list[_Standing] = []
        for entry in entries:
            self._add(entry if isinstance(entry, dict) else {"fault": entry or "ok"})

    def _add(self, entry: Json) -> None:
        options = {key: value for key, value in entry.items() if key not in _WHEN}
        choice = _choice(options.pop("fault", "ok"), options)
        times = entry.get("times")
        if not entry.keys() & {"prompt", "path", "every"}:
            self._queue.extend([choice] * (1 if times is None else times))
            return
        if choice.name == AT_ACCEPT:
            raise ValueError(f"{AT_ACCEPT} sees neither prompt nor request: put it in the list without a condition")
        if entry.get("every", 1) < 1:
            raise ValueError(f"every {entry['every']} never comes: it counts from 1")
        pattern = re.compile(entry["prompt"]) if "prompt" in entry else None
        self._standing.append(_Standing(choice, pattern, entry.get("path", ""), entry.get("every", 1), times))

    def next(self, prompt: str, path: str = "/v1/images/generations") -> Choice:
        """What the request that just came meets; it uses that entry up."""
        for standing in self._standing:
            if standing.claims(prompt, path):
                return standing.choice
        return self._queue.popleft() if self._queue else Choice()

    def closes_at_accept(self) -> bool:
        if self._queue and self._queue[0].name == AT_ACCEPT:
            self._queue.popleft()
            return True
        return False


def _choice(name: object, options: Json) -> Choice:
    if not isinstance(name, str) or name not in FAULTS:
        near = get_close_matches(str(name), FAULTS, 1)
        raise ValueError(f"no fault is called {name!r}" + (f", perhaps you meant {near[0]}" if near else ""))
    common = {key: options.pop(key) for key in _ALWAYS if key in options}
    fault = configured(name, options)
    if "billed" in common and (not fault.answers_without_work or name == AT_ACCEPT):
        raise ValueError(f"whether {name} is billed is not for a script to say")
    if "latency" in common:
        common["latency"] = float(common["latency"])
    return Choice(name, fault, **common)


class Gate:
    """Holds answers, oldest first out."""

    def __init__(self) -> None:
        self.is_shut = False
        self._waiting: list[asyncio.Future[None]] = []

    @property
    def held(self) -> int:
        return len(self._live())

    def release(self, count: int | None = None) -> None:
        """Let the `count` oldest go; without a count let all go and open the gate."""
        if count is None:
            self.is_shut = False
        for turn in self._live()[:count]:
            turn.set_result(None)

    def turn(self) -> asyncio.Future[None]:
        """A place in the queue, taken at once, also while the gate is open; done when released."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        turn.add_done_callback(self._waiting.remove)
        return turn

    def _live(self) -> list[asyncio.Future[None]]:
        return [turn for turn in self._waiting if not turn.done()]


class Limit:
    """Images per minute, as a bucket that fills steadily and is full at the start."""

    def __init__(self, per_minute: float, bucket: float, now: Callable[[], float]) -> None:
        if per_minute <= 0 or bucket < 1:
            raise ValueError(f"ipm {per_minute} and bucket {bucket} would let no picture through")
        self.per_minute = per_minute
        self._size = self._left = bucket
        self._now = now
        self._filled = now()

    def take(self, images: int) -> float:
        """0 when there was room for all; else the seconds until there is, and nothing is taken."""
        now = self._now()
        self._left = min(self._size, self._left + (now - self._filled) * self.per_minute / 60)
        self._filled = now
        if self._left >= images:
            self._left -= images
            return 0.0
        return (images - self._left) * 60 / self.per_minute

    @property
    def used(self) -> float:
        return round(self.per_minute * (1 - self._left / self._size))
