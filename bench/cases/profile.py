"""Where the CPU of imgcli goes, by package, in all its threads."""

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bench.arms import IMGCLI, imgcli
from bench.case import NOTHING, Case, Column, Plan, Row, Table
from bench.lab import Lab, Run
from bench.manner import TINY, Manner

PROFILED = imgcli(name="profiled", program=("-m", "bench.clients.profiled"))
SUM, PLAIN, REST = "**all of it**", "**all of it, not profiled**", "the rest"
LEAST = 0.1
"""Milliseconds a picture of a group that is told by its name."""

Sample = dict[str, dict[str, float]]
"""Figures by group, of one round."""

GROUPS: tuple[tuple[str, str], ...] = (
    ("sqlite3", r"sqlite3"),
    ("fsync", r"posix\.f(data)?sync"),
    ("hashlib", r"_hashlib|_sha|_blake|/hashlib\.py|zlib"),
    ("base64", r"binascii|base64"),
    ("JSON, msgspec", r"_json|/json/|msgspec|jiter|orjson"),
    ("files", r"posix\.|'_io\.|_io\.|fcntl|/pathlib|/posixpath|/os\.py|/shutil\.py|/tempfile\.py"),
    ("sockets", r"_socket|/socket\.py|'select\.|/selectors\.py|/ssl\.py|_ssl"),
    ("openai, pydantic", r"/(openai|pydantic|pydantic_core)/|pydantic"),
    ("httpx2, h11, anyio", r"/(httpx2?|httpcore2?|h11|anyio|sniffio)/"),
    ("aiohttp", r"/(aiohttp|yarl|multidict|frozenlist|aiosignal|propcache)/|aiohttp|yarl|multidict"),
    ("asyncio", r"/asyncio/|_asyncio|_contextvars|contextvars"),
    ("threads, queues", r"/concurrent/|/threading\.py|_thread|/queue\.py|_queue"),
    ("bytes and text", r"of '(bytes|bytearray|memoryview|str)' objects|unicodedata"),
    ("imports", r"builtins\.compile|builtins\.exec|importlib|marshal|_imp\.|zipimport|/sre_|_sre|/re/"),
)
ROOM = re.compile(r"/imgcli/(\w+)")


def group_of(name: str) -> str:
    """The group of a file of code, or of a builtin by its name."""
    if room := ROOM.search(name):
        return f"imgcli.{room[1]}"
    found = next((group for group, pattern in GROUPS if re.search(pattern, name)), "")
    return found or ("other builtins" if name.startswith("<") else "other Python")


def measure(lab: Lab, plan: Plan) -> list[Row]:
    few, more, at_once = (1, 3, 2) if plan.small else (8, 120, 8)
    manner = Manner(size=TINY if plan.small else "1024x1024")
    samples: list[Sample] = []
    table = Table()
    for _ in range(plan.rounds):
        short, long = (lab.run(PROFILED, count, at_once, manner) for count in (few, few + more))
        plain = [] if plan.small else [lab.run(IMGCLI, count, at_once, manner) for count in (few, few + more)]
        if void := next((run.void for run in (short, long, *plain) if run.void), ""):
            table.void(SUM, void)
            continue
        samples.append(_sample(short, long, more))
        if plain:
            samples[-1][PLAIN] = {"ms": 1000 * (plain[1].cpu - plain[0].cpu) / more}
    samples = [_gathered(sample, samples) for sample in samples]
    for name in _by_weight(samples):
        for sample in samples:
            table.add(name, **sample.get(name, {"ms": 0.0, "main": 0.0, "others": 0.0, "share": 0.0}))
    return table.rows()


def _sample(short: Run, long: Run, more: int) -> Sample:
    """Milliseconds a picture by group; what both runs have in common, the start, is gone."""
    found: Sample = {}
    for thread in ("main", "others"):
        before, after = (_grouped(json.loads(run.spent[0].err.splitlines()[-1])[thread]) for run in (short, long))
        for name in {*before, *after}:
            ms = 1000 * (after.get(name, 0.0) - before.get(name, 0.0)) / more
            found.setdefault(name, {"main": 0.0, "others": 0.0})[thread] = ms
    found[SUM] = {thread: sum(each[thread] for each in found.values()) for thread in ("main", "others")}
    whole = found[SUM]["main"] + found[SUM]["others"]
    for each in found.values():
        each["ms"] = each["main"] + each["others"]
        each["share"] = 100 * each["ms"] / whole if whole else 0.0
    return found


def _gathered(sample: Sample, samples: Sequence[Sample]) -> Sample:
    """The groups that never come to anything are one."""
    found: Sample = {}
    for name, figures in sample.items():
        most = max(each.get(name, {"ms": 0.0})["ms"] for each in samples)
        into = found.setdefault(name if most >= LEAST or name == SUM else REST, defaultdict(float))
        for key, value in figures.items():
            into[key] += value
    return found


def _grouped(own: Mapping[str, float]) -> Mapping[str, float]:
    seconds: dict[str, float] = defaultdict(float)
    for name, spent in own.items():
        seconds[group_of(name)] += spent
    return seconds


def _by_weight(samples: list[Sample]) -> list[str]:
    """Every group of any sample, the heaviest first, the sums last."""
    weight: dict[str, float] = defaultdict(float)
    for sample in samples:
        for name, figures in sample.items():
            weight[name] += figures["ms"]
    return sorted(weight, key=lambda name: (name in {SUM, PLAIN}, name == PLAIN, -weight[name]))


def meaning(rows: Mapping[str, Row]) -> str:
    heaviest = [row for row in rows.values() if row.who not in {SUM, PLAIN}][:3]
    seen, true = (rows[name].median("ms") for name in (SUM, PLAIN))
    if seen is None or true is None:
        return NOTHING
    named = ", ".join(f"{row.who} ({row.median('share') or 0.0:.0f} %)" for row in heaviest)
    return f"The heaviest: {named}. All of it adds up to {seen / true:.2f} times what a run without a profiler takes."


CASE = Case(
    name="profile",
    title="Where imgcli's CPU goes",
    how=(
        "Own CPU time of every function in every thread (cProfile by the clock of the thread, less what a profiled call "
        "costs), by package; 1024x1024, 8 at once, answers without delay, 128 pictures less 8. Waiting, for a sync too, is "
        "no CPU."
    ),
    first="package",
    columns=(
        Column("ms", "CPU ms a picture", 2),
        Column("share", "%"),
        Column("main", "main thread, ms", 2),
        Column("others", "other threads, ms", 2),
    ),
    rounds=3,
    measure=measure,
    meaning=meaning,
)
