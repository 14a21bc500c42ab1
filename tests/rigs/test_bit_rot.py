"""A flipped bit anywhere in ledger, picture or sidecar is noticed, and what is untouched is never suspected."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pytest

from imgcli.db.connect import present
from imgcli.errors import ImgcliError
from imgcli.ledger.rebuild import rebuild
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Record, State
from imgcli.model.budget import Budget, Scope, Window
from imgcli.model.inspection import Verdict
from imgcli.storage.local import LocalStore
from tests.contracts.test_ledger_contract import LOST, MODERATED, VOID, Desk
from tests.fake_api import pictures
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.jobs import SOME_PAINTED, a_job, a_run

SPENT = 60 * 9 + 100 * 2
"""What the attempts of `a_busy_ledger` count with."""


async def a_busy_ledger(home: Path) -> None:
    """Every kind of row and event, and more than one page of each."""
    desk = Desk(SqliteLedger(home, FakeClock()), FakeClock())
    await desk.ledger.begin(a_run(usd=10**9))
    await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, 10**9, 500))
    await desk.ledger.set_budget(Budget(Scope.TAG, "*", Window.MONTH, 10**9, None))
    for _ in range(9):
        hold = await desk.received(tags=("launch",))
        await desk.ledger.rename(hold.attempt, "car-2.png")
        await desk.ledger.save(hold.attempt, "run-1")
        await desk.ledger.settle(hold.attempt, "run-1")
    for fault in (LOST, MODERATED, VOID):
        await desk.ledger.fail(await desk.sent(), fault)
    await desk.ledger.end("run-1")
    await desk.ledger.close()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    home = tmp_path_factory.mktemp("sound")
    asyncio.run(a_busy_ledger(home))
    return (home / "ledger.db").read_bytes()


def problems(data: bytes, home: Path) -> list[str]:
    """What imgcli says of a ledger with these bytes."""
    (home / "ledger.db").write_bytes(data)

    async def look() -> list[str]:
        ledger = SqliteLedger(home, FakeClock())
        try:
            return [finding.seen for finding in await ledger.audit()]
        except ImgcliError as error:
            return [str(error)]
        finally:
            await ledger.close()

    return asyncio.run(look())


def content(data: bytes, home: Path) -> list[str] | None:
    """All that the file holds, as SQLite tells it; None if it cannot."""
    path = home / "looked-at.db"
    path.write_bytes(data)
    connection = sqlite3.connect(path)
    try:
        connection.text_factory = bytes
        rows = []
        for table in ("sqlite_master", "run", "job", "attempt", "budget", "counter", "event", "freeze"):
            rows += [repr(row) for row in connection.execute(f"SELECT rowid, * FROM {table}")]  # noqa: S608
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        connection.close()
    return [str(version), *rows]


def flips(data: bytes, count: int, luck: Random) -> Iterator[bytes]:
    for _ in range(count):
        at = luck.randrange(len(data) * 8)
        changed = bytearray(data)
        changed[at // 8] ^= 1 << at % 8
        yield bytes(changed)


def noticed(sound: bytes, home: Path, count: int) -> tuple[int, int]:
    """How many of `count` flips changed what the ledger tells, and how many of those were noticed."""
    seed = int(os.environ.get("RIG_SEED", "0")) or Random().getrandbits(32)
    before = content(sound, home)
    changed = found = 0
    for data in flips(sound, count, Random(seed)):
        if content(data, home) == before:
            continue
        changed += 1
        found += bool(problems(data, home))
    print(f"RIG_SEED={seed}: {count} flips, {changed} changed the ledger, {found} noticed")
    return changed, found


def test_an_untouched_ledger_is_never_suspected(sound: bytes, tmp_path: Path) -> None:
    assert problems(sound, tmp_path) == []


def test_every_flip_that_changes_the_ledger_is_noticed(sound: bytes, tmp_path: Path) -> None:
    changed, found = noticed(sound, tmp_path, 400)
    assert changed > 100
    assert found == changed


@pytest.mark.rig
def test_ten_thousand_flips(sound: bytes, tmp_path: Path) -> None:
    changed, found = noticed(sound, tmp_path, 10_000)
    assert found == changed


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE attempt SET posted = 1 WHERE id = 'attempt-1'", "attempt attempt-1: posted changed"),
        ("UPDATE attempt SET state = 'voided' WHERE state = 'uncertain'", "state changed"),
        ("DELETE FROM attempt WHERE id = 'attempt-2'", "attempt attempt-2 is missing"),
        ("UPDATE counter SET spent = spent - 1", "sums of counter"),
        ("UPDATE counter SET usd_cap = usd_cap + 1", "usd_cap changed"),
        ("UPDATE budget SET usd = usd * 2", "budget all day: usd changed"),
        ("UPDATE job SET body = replace(body, 'a car', 'a cab')", "jobs of run run-1 were changed"),
        ("UPDATE run SET user = 'bob'", "run run-1: user changed"),
        ("INSERT INTO freeze VALUES ('x')", "frozen"),
        ("CREATE TABLE more (x)", "not those that imgcli makes"),
    ],
)
def test_what_somebody_changed_by_hand_is_named(sound: bytes, tmp_path: Path, sql: str, words: str) -> None:
    (tmp_path / "ledger.db").write_bytes(sound)
    connection = sqlite3.connect(tmp_path / "ledger.db")
    with connection:
        connection.execute(sql)
    connection.close()
    assert any(words in problem for problem in problems((tmp_path / "ledger.db").read_bytes(), tmp_path))


@pytest.mark.parametrize("end", ["last", "middle"])
def test_an_event_that_was_taken_out_is_missed(sound: bytes, tmp_path: Path, end: str) -> None:
    (tmp_path / "ledger.db").write_bytes(sound)
    connection = sqlite3.connect(tmp_path / "ledger.db")
    with connection:
        connection.execute("DROP TRIGGER event_is_never_deleted")
        which = "max(seq)" if end == "last" else "max(seq) / 2"
        connection.execute(f"DELETE FROM event WHERE seq = (SELECT {which} FROM event)")  # noqa: S608
        connection.execute(
            "CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event BEGIN\n"
            "  SELECT RAISE(ABORT, 'events are append-only');\nEND"
        )
    connection.close()
    assert problems((tmp_path / "ledger.db").read_bytes(), tmp_path)


def counted(home: Path) -> int:
    """All money the ledger counts, in nano-USD; the ledger itself must be sound."""

    async def look() -> int:
        ledger = SqliteLedger(home, FakeClock())
        total = await ledger.spending()
        assert await ledger.audit() == []
        await ledger.close()
        return total.spent + total.uncertain + total.held

    return asyncio.run(look())


@pytest.mark.parametrize("page", range(1, 29))
def test_a_ledger_with_a_page_gone_is_rebuilt_without_losing_a_cent(sound: bytes, tmp_path: Path, page: int) -> None:
    """Whichever page it is: what the events lost, the rows still tell, and the other way round."""
    size = 4096
    assert page * size <= len(sound)
    broken = bytearray(sound)
    broken[(page - 1) * size : page * size] = bytes(size)
    (tmp_path / "ledger.db").write_bytes(bytes(broken))
    done = rebuild(tmp_path, NOON, [])
    assert done.kept is not None
    assert done.kept.read_bytes() == bytes(broken)
    assert counted(tmp_path) == SPENT


def test_a_rebuilt_ledger_pays_nothing_until_it_is_adopted(sound: bytes, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(sound)
    done = rebuild(tmp_path, NOON, [])
    assert (done.from_events, done.from_rows, done.lost) == (12, 0, 0)
    assert counted(tmp_path) == SPENT

    async def story() -> None:
        desk = Desk(SqliteLedger(tmp_path, FakeClock()), FakeClock())
        with pytest.raises(ImgcliError, match="frozen"):
            await desk.ledger.begin(a_run("run-2"))
        assert await desk.ledger.adopt("looked at it")
        await desk.ledger.begin(a_run("run-2"))
        desk.count = 77
        await desk.hold(run="run-2")
        assert len(await desk.ledger.records(State.SETTLED)) == 9
        assert await desk.ledger.audit() == []
        await desk.ledger.close()

    asyncio.run(story())


def test_nothing_is_rebuilt_while_a_run_lives(sound: bytes, tmp_path: Path) -> None:
    async def story() -> None:
        desk = Desk(SqliteLedger(tmp_path, FakeClock()), FakeClock())
        await desk.ledger.begin(a_run())
        with pytest.raises(ImgcliError, match="at work"):
            rebuild(tmp_path, NOON, [])
        await desk.ledger.close()

    asyncio.run(story())
    assert rebuild(tmp_path, NOON, []).lost == 0


async def a_picture(home: Path) -> Record:
    """A settled picture of the fake API's on disk, with its sidecar."""
    store = LocalStore(home / "spool")
    job = a_job(directory=home, stem="car")
    slot = await store.open(job, "attempt-1")
    await slot.write(pictures.png(64, 48, 1))
    picture = await slot.seal(SOME_PAINTED)

    async def takes_every_name(_name: str) -> None: ...

    saved = await slot.publish(picture, takes_every_name)
    record = Record(
        *("attempt-1", "run-1", State.SETTLED, job, 100, 60, "2026-11-21", home, saved.path.name),
        picture=picture,
        painted=SOME_PAINTED,
        created_at="2026-11-21T12:00:00.000000Z",
        received_at="2026-11-21T12:00:09.000000Z",
    )
    await store.tell(record)
    await store.sweep(record)
    return record


@pytest.mark.parametrize("which", ["car.png", "car.png.json"])
@pytest.mark.parametrize("known", [True, False])
def test_every_flip_in_a_picture_or_its_sidecar_is_noticed(tmp_path: Path, which: str, known: bool) -> None:
    """Also of a picture this ledger does not know: there the sidecar's words are free, its facts are not."""

    async def verdict() -> Verdict:
        if known:
            return (await LocalStore(tmp_path / "spool").inspect(record, read_data=True)).verdict
        found = await LocalStore(tmp_path / "spool").strays(tmp_path, [], read_data=True)
        return found[0].verdict if found else Verdict.GONE

    record = asyncio.run(a_picture(tmp_path))
    sound = Verdict.SOUND if known else Verdict.STRANGE
    assert asyncio.run(verdict()) is sound
    path = tmp_path / which
    data = path.read_bytes()
    missed = 0
    for changed in flips(data, 300, Random(7)):
        path.write_bytes(changed)
        missed += asyncio.run(verdict()) is sound
    assert missed == 0 or (not known and which.endswith("json"))


def test_a_transaction_that_was_cut_off_is_rolled_back_and_never_meets_the_new_file(
    sound: bytes, tmp_path: Path
) -> None:
    """A hot journal beside the damaged ledger: SQLite would roll it into whatever file has the ledger's name."""
    (tmp_path / "ledger.db").write_bytes(sound)
    writer = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA cache_size=1")
connection.execute("BEGIN IMMEDIATE")
connection.execute("UPDATE attempt SET posted = 0")
connection.executemany("INSERT INTO budget VALUES ('tag', ?, 'day', 1, 1)", [(f"{n}-{'x' * 900}",) for n in range(400)])
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", writer, str(tmp_path / "ledger.db")], check=False)
    assert (tmp_path / "ledger.db-journal").stat().st_size > 0
    rebuild(tmp_path, NOON, [])
    assert counted(tmp_path) == SPENT
    assert len(asyncio.run(budgets(tmp_path))) == 2


async def budgets(home: Path) -> Sequence[Budget]:
    ledger = SqliteLedger(home, FakeClock())
    try:
        return await ledger.budgets()
    finally:
        await ledger.close()


def test_nobody_begins_while_it_is_rebuilt(sound: bytes, tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(sound)
    with present(tmp_path / "ledger.db", alone=True):
        assert "being rebuilt" in problems(sound, tmp_path)[0]
    assert problems(sound, tmp_path) == []


PLANTED = [
    ('"nano_usd": 60', '"nano_usd": -1'),
    ('"nano_usd": 60', f'"nano_usd": {2**62}'),
    ('"file": "car.png"', '"file": "../../car.png"'),
    ('"attempt": "attempt-1"', '"attempt": ""'),
    ('"asked_at": "2026', '"asked_at": "2026-13'),
    ('"variant": 1', '"variant": -1'),
]


@pytest.mark.parametrize(("old", "new"), PLANTED)
def test_a_sidecar_that_no_imgcli_wrote_counts_for_nothing(tmp_path: Path, old: str, new: str) -> None:
    record = asyncio.run(a_picture(tmp_path))
    sidecar = tmp_path / f"{record.name}.json"
    assert len(asyncio.run(LocalStore(tmp_path / "spool").told(tmp_path))) == 1
    text = sidecar.read_text()
    assert old in text
    sidecar.write_text(text.replace(old, new))
    assert asyncio.run(LocalStore(tmp_path / "spool").told(tmp_path)) == []
