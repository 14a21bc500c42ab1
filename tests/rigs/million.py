"""A ledger of very many settled attempts, made by SQL in about a minute, and how fast its history is.

    python -m tests.rigs.million build DIRECTORY [ROWS]
    python -m tests.rigs.million measure DIRECTORY

`build` begins anew in a directory that must be empty; `measure` brings the index up to the ledger first, as a user's
first search does. The file is as large as such a ledger: never put it into the repository.
"""

import asyncio
import hashlib
import json
import random
import sqlite3
import sys
import time
from bisect import bisect
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.cli.history import COUNTED, COUNTED_BY_OPINION
from imgcli.ledger import codec
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.ids import uuid7
from imgcli.model.job import Look
from imgcli.model.mark import Mark
from imgcli.model.picture import Painted, Picture
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from imgcli.searching import freshen, parse_query
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_job

T = TypeVar("T")

ROWS = 1_000_000
PER_RUN = 500
FIRST = datetime(2024, 11, 22, tzinfo=UTC)
STYLES = ("cinematic", "film-noir", "watercolor", "comic", "glass", "isometric", "product", "line-art")
COMMON = (
    "light",
    "car",
    "house",
    "tree",
    "woman",
    "city",
    "sky",
    "old",
    "red",
    "blue",
    "night",
    "street",
    "glass",
    "water",
)
DIRECTION = (
    "{style} picture: {typed}. Soft key light from the left, shallow depth of field, film grain, muted palette, "
    "eye-level framing, a quiet background with room for a headline. No text, no logos, no watermark."
)


def words(chance: random.Random) -> Iterator[str]:
    """Words by Zipf's law: the common ones of above, then 20,000 made-up ones."""
    vocabulary = [*COMMON, *(f"{a}{b}{c}{d}" for a in SOUNDS for b in SOUNDS for c in SOUNDS[:20] for d in ("", "n"))]
    weights = list(accumulate(1 / (rank + 2) for rank in range(len(vocabulary))))
    while True:
        yield vocabulary[bisect(weights, chance.random() * weights[-1])]


SOUNDS = [f"{consonant}{vowel}" for consonant in "bdfgklmnprstvz" for vowel in "aeiou"][:64]


def rows(count: int) -> Iterator[tuple[tuple[object, ...], tuple[object, ...]]]:
    """(job, attempt) of each, by one real job whose varying parts are put in as text."""
    chance = random.Random(7)
    stream = words(chance)
    plain = a_job(
        prompt=DirectedPrompt("@TYPED", "@TEXT", styles=("@STYLE",), versions=("1",)),
        model="@MODEL",
        quality="@QUALITY",
        tags=("@TAG",),
        entry="@ENTRY",
        directory=Path("/pictures/@RUN"),
    )
    bodies = [codec.job_text(each) for each in (plain, replace(plain, wanted=Look(Size(1536, 1024), "high")))]
    picture = codec.picture_text(Picture("@SHA", 1_234_567, "png", 1024, 1024))
    painted = [codec.painted_text(Painted(request_id="req_1", revised=revised)) for revised in ("", "@REVISED")]
    second = 2 * 365 * 86400 / count
    for number in range(1, count + 1):
        at = FIRST + timedelta(seconds=number * second)
        stamp, run = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), f"run-{number // PER_RUN:06d}"
        typed = " ".join(next(stream) for _ in range(chance.randint(4, 12)))
        if number % 200_000 == 77:
            typed += " zeppelin"
        if number % 50 == 9:
            typed = f"红色汽车 {typed}"
        style, tag = STYLES[int(chance.random() ** 2 * 8)], f"tag{int(chance.random() ** 3 * 40)}"
        model = "gpt-image-2" if chance.random() < 0.1 else "gpt-image-2.5-flare"
        quality = chance.choice(("low", "medium", "medium", "high"))
        cost = int(chance.lognormvariate(17.5, 0.8)) if number % 100_000 != 50_000 else 9_000_000_000
        key, attempt = hashlib.sha256(b"%d" % number).hexdigest(), uuid7(at, chance.randbytes(10))
        values = {"@TYPED": typed, "@TEXT": DIRECTION.format(style=style, typed=typed), "@STYLE": style}
        values |= {"@TAG": tag, "@MODEL": model, "@QUALITY": quality, "@ENTRY": f"prompt-{number % PER_RUN:03d}"}
        values |= {"@RUN": run, "@SHA": key, "@REVISED": f"A picture of {typed}, revised by the model"}
        body, told = filled(bodies[number % 20 == 3], values), filled(painted[number % 5 == 1], values)
        failed = number % 50 == 30
        remarks = '{"aside":"quarantine","dhash":"","settled":"","tried":1,"unmet":[],"verdicts":[]}'
        yield (
            (run, key, number % PER_RUN, body),
            (
                *(attempt, run, run, key, "voided" if failed else "settled", "openai", "alice", json.dumps([tag])),
                *(stamp[:10], stamp[:7], cost * 2, 1, "2026-11-21", 0 if failed else cost, f"/pictures/{run}"),
                *(f"{number}.png", stamp, stamp, "" if failed else filled(picture, values), "" if failed else told),
                *("refused" if failed else "", "0.7.0", remarks if number % 1000 == 500 else ""),
            ),
        )


def filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def build(home: Path, count: int) -> None:
    home.mkdir(parents=True)
    ledger = SqliteLedger(home, FakeClock())
    asyncio.run(ledger.budgets())
    asyncio.run(ledger.close())
    tx = sqlite3.connect(home / "ledger.db")
    tx.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000")
    runs = [
        (f"run-{n:06d}", "batch", "alice", "host", 1, "2024-11-22T00:00:00.000000Z")
        for n in range(count // PER_RUN + 1)
    ]
    tx.executemany("INSERT INTO run (id, command, user, host, pid, began_at) VALUES (?,?,?,?,?,?)", runs)
    enter = (
        "INSERT INTO attempt (id, run, owner, key, state, provider, user, tags, day, month, upper, priced, rates, posted,"
        " directory, name, created_at, received_at, picture, painted, reason, imgcli, remarks)"
        " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
    )
    for job, attempt in rows(count):
        tx.execute("INSERT INTO job (run, key, position, body) VALUES (?,?,?,?)", job)
        tx.execute(enter, attempt)
    tx.commit()
    tx.close()


SEARCHES = (
    "",
    "light",
    "zeppelin",
    '"old red"',
    "dabak*",
    "li*",
    "light -car",
    "style:cinematic cost>0.05 since:2025-03-01 until:2025-03-31",
    "light since:2024-12-01 until:2024-12-01",
    "cost>8",
    "light cost>8",
    "light run:run-000007",
    "is:draft light",
    "is:picked",
    "light is:picked",
    "is:rejected",
    "light is:rejected",
    "not:opened light",
    "stars>=5",
    "tag:tag3",
    "tag:tag39",
    "tag:late",
    "light tag:late",
    "red tag:tag3 style:comic model:gpt-image-2",
    "汽车",
    "nosuchword",
    "light nosuchword",
    "tag:nosuch",
)


async def measure(home: Path) -> None:
    ledger, catalog = SqliteLedger(home, FakeClock()), SqliteCatalog(home)
    began = time.perf_counter()
    read = await freshen(ledger, catalog)
    took = time.perf_counter() - began
    if read:
        size = (home / "catalog.db").stat().st_size
        print(f"catch-up: {read:,} pictures in {took:.1f} s, {read / took:,.0f} a second; catalog {size / 1e6:,.0f} MB")
        await opine(ledger, catalog)
    began = time.perf_counter()
    await freshen(ledger, catalog)
    print(f"catch-up with nothing new: {(time.perf_counter() - began) * 1000:.1f} ms")
    print("milliseconds of work (CPU) for a first page of 20, and of waiting; the same for the count")
    for text in SEARCHES:
        query = parse_query(text)
        most = COUNTED_BY_OPINION if query.marks or query.stars or query.tags else COUNTED
        found, work, wait = await timed(partial(catalog.find, query, 20))
        count, counted, waited = await timed(partial(catalog.count, query, most))
        told = f"{count:,}{'+' if count >= most else ''}"
        print(f"{work:6.1f} {wait:6.1f}  {len(found):2} found   {counted:6.1f} {waited:6.1f}  {told:>6}  {text}")
    await catalog.close()
    await ledger.close()


async def timed(call: Callable[[], Awaitable[T]]) -> tuple[T, float, float]:
    """What it returns, and the worst of three: CPU of all threads, and time, in milliseconds."""
    work, wait, found = [], [], []
    for _ in range(3):
        at, began = time.process_time(), time.perf_counter()
        found.append(await call())
        work.append(time.process_time() - at)
        wait.append(time.perf_counter() - began)
    return found[-1], max(work) * 1000, max(wait) * 1000


async def opine(ledger: SqliteLedger, catalog: SqliteCatalog) -> None:
    """5,000 picked, 30 rejected, 60,000 opened, 2,000 tagged later, 300 with stars; by SQL, as years of use would."""
    tx = sqlite3.connect(home_of(catalog))
    for mark, each in ((Mark.PICKED, 200), (Mark.REJECTED, 33_333), (Mark.OPENED, 17)):
        tx.execute("INSERT INTO mark SELECT attempt, ?, '/x' FROM picture WHERE number % ? = 5", (mark.value, each))
    tx.execute("INSERT INTO tagged SELECT attempt, 'late' FROM picture WHERE number % 500 = 3")
    tx.execute("INSERT INTO stars SELECT attempt, 5 FROM picture WHERE number % 3333 = 3")
    tx.commit()
    tx.close()


def home_of(catalog: SqliteCatalog) -> Path:
    return catalog.path


if __name__ == "__main__":
    place = Path(sys.argv[2])
    if sys.argv[1] == "build":
        build(place, int(sys.argv[3]) if len(sys.argv) > 3 else ROWS)
    else:
        asyncio.run(measure(place))
