"""imgcli with a profile of every thread of its own; the last line of stderr has who took how much.

Own CPU seconds by file of the code, or by name of the builtin: {"main": {...}, "others": {...}, "total": seconds}. From
Python 3.12 on a process can be profiled in one thread only; what the others took is then missing from both.
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


def _own(profiles: Iterable[cProfile.Profile]) -> dict[str, float]:
    seconds: dict[str, float] = defaultdict(float)
    for profile in profiles:
        for entry in profile.getstats():
            code = entry.code
            seconds[code if isinstance(code, str) else code.co_filename] += entry.inlinetime
    return dict(seconds)


def main(argv: list[str]) -> int:
    from imgcli.cli.app import run

    # Imported when it is first asked for; a profile of it is large and tells nothing of pictures.
    with suppress(ImportError):
        _ = importlib.import_module("openai").AsyncOpenAI(api_key="none").images
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
    told = {"main": _own([profile]), "others": _own(others), "total": time.process_time()}
    sys.stderr.write(json.dumps(told) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
