"""imgcli with a profile of every thread of its own; the last line of stderr has who took how much.

Own CPU seconds by file of the code, or by name of the builtin: {"main": {...}, "others": {...}}. What the profiler itself
takes at each call is measured first, and taken off. From Python 3.12 on a process can be profiled in one thread only;
what the others took is then missing.
"""

import cProfile
import importlib
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

CALLS = 100_000


@dataclass(frozen=True, slots=True)
class Toll:
    """CPU seconds that profiling a call adds to the one who is called, and to the one who calls."""

    called: float
    calling: float


def _empty() -> None:
    pass


def _calls() -> None:
    for _ in range(CALLS):
        _empty()


def measure_toll() -> Toll:
    began = time.thread_time()
    _calls()
    plain = time.thread_time() - began
    profile = cProfile.Profile(time.thread_time)
    profile.runcall(_calls)
    own = {entry.code: entry.inlinetime for entry in profile.getstats()}
    return Toll(own[_empty.__code__] / CALLS, (own[_calls.__code__] - plain) / CALLS)


def own_seconds(profiles: Iterable[cProfile.Profile], toll: Toll) -> dict[str, float]:
    seconds: dict[str, float] = defaultdict(float)
    for profile in profiles:
        for entry in profile.getstats():
            code = entry.code
            calls = sum(call.callcount for call in entry.calls or ())
            name = code if isinstance(code, str) else code.co_filename
            seconds[name] += entry.inlinetime - entry.callcount * toll.called - calls * toll.calling
    return dict(seconds)


def main(argv: list[str]) -> int:
    from imgcli.cli.app import run

    # Imported when it is first asked for; a profile of it is large and tells nothing of pictures.
    with suppress(ImportError):
        _ = importlib.import_module("openai").AsyncOpenAI(api_key="none").images
    toll = measure_toll()
    others: list[cProfile.Profile] = []
    plain = threading.Thread.run

    def profiled(thread: threading.Thread) -> None:
        profile = cProfile.Profile(time.thread_time)
        try:
            profile.enable()
        except ValueError:
            plain(thread)
            return
        others.append(profile)
        try:
            plain(thread)
        finally:
            profile.disable()

    threading.Thread.run = profiled  # type: ignore[assignment,method-assign]
    profile = cProfile.Profile(time.thread_time)
    code = profile.runcall(run, argv)
    told = {"main": own_seconds([profile], toll), "others": own_seconds(others, toll)}
    sys.stderr.write(json.dumps(told) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
