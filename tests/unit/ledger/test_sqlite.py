"""What only the ledger on disk has to promise: durability, the chain of events, caps kept by the database itself."""

import asyncio
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imgcli.errors import BudgetError, LedgerError
from imgcli.ledger import codec, rules
from imgcli.ledger.rebuild import rebuild
from imgcli.ledger.sql import SCRIPTS
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Receipt, State
from imgcli.model.budget import Budget, Scope, Window
from imgcli.model.finding import Level
from tests.contracts.test_ledger_contract import LOST, Desk
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job, a_run


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = FakeClock()
    ledger = SqliteLedger(tmp_path, clock)
    asyncio.run(ledger.begin(a_run()))
    yield Desk(ledger, clock)
    asyncio.run(ledger.close())


def query(home: Path, sql: str, *, write: bool = False) -> list[sqlite3.Row]:
    connection = sqlite3.connect(home / "ledger.db")
    connection.row_factory = sqlite3.Row
    try:
        rows = connection.execute(sql).fetchall()
        if write:
            connection.commit()
        return rows
    finally:
        connection.close()


def chain_is_whole(home: Path) -> bool:
    previous, expected = "", 1
    for row in query(home, "SELECT * FROM event ORDER BY seq"):
        parts = {"attempt": row["attempt"], "kind": row["kind"], "body": row["body"]}
        if row["seq"] != expected or row["hash"] != rules.chained(previous, row["seq"], row["at"], **parts):
            return False
        previous, expected = row["hash"], expected + 1
    return True


def test_every_step_is_an_event_in_a_chain(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        hold = await desk.received()
        await desk.ledger.save(hold.attempt, "run-1")
        await desk.ledger.settle(hold.attempt, "run-1")
        await desk.ledger.fail(await desk.sent(), LOST)
        await desk.ledger.resolve("attempt-2", None, "called them")

    asyncio.run(story())
    kinds = [row["kind"] for row in query(tmp_path, "SELECT kind FROM event WHERE attempt <> '' ORDER BY seq")]
    way = ["reserved", "sent", "received", "saved", "settled"]
    assert kinds == [*way, "reserved", "sent", "uncertain", "voided"]
    assert chain_is_whole(tmp_path)


def test_events_cannot_be_rewritten_and_a_forced_change_is_seen(desk: Desk, tmp_path: Path) -> None:
    asyncio.run(desk.received())
    for sql in ("UPDATE event SET body = '{}'", "DELETE FROM event"):
        with pytest.raises(sqlite3.DatabaseError, match=r"append-only|never"):
            query(tmp_path, sql, write=True)
    query(tmp_path, "DROP TRIGGER event_is_written_once", write=True)
    query(tmp_path, "UPDATE event SET body = '{\"posted\":1}' WHERE kind = 'received'", write=True)
    assert not chain_is_whole(tmp_path)


def test_the_database_itself_keeps_the_cap(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, 100, 1))
        await desk.hold(100)

    asyncio.run(story())
    for sql in ("UPDATE counter SET held = held + 1", "UPDATE counter SET spent_pictures = spent_pictures + 1"):
        with pytest.raises(sqlite3.IntegrityError, match="CHECK"):
            query(tmp_path, sql, write=True)


def test_a_refused_hold_leaves_no_trace(desk: Desk, tmp_path: Path) -> None:
    async def story() -> None:
        await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, 99, None))
        with pytest.raises(BudgetError, match=r"\$0.00 of|left, and this picture may cost"):
            await desk.hold(100)

    asyncio.run(story())
    assert not query(tmp_path, "SELECT * FROM attempt")
    assert not query(tmp_path, "SELECT * FROM event WHERE attempt <> ''")


@pytest.mark.parametrize(
    ("now", "window", "until"),
    [
        ((2026, 11, 21), Window.DAY, " until 2026-11-22 00:00 UTC"),
        ((2027, 2, 28), Window.DAY, " until 2027-03-01 00:00 UTC"),
        ((2026, 12, 31), Window.DAY, " until 2027-01-01 00:00 UTC"),
        ((2026, 12, 31), Window.MONTH, " until 2027-01-01 00:00 UTC"),
        ((2027, 1, 1), Window.MONTH, " until 2027-02-01 00:00 UTC"),
        ((2026, 11, 30), Window.MONTH, " until 2026-12-01 00:00 UTC"),
        ((2026, 11, 21), Window.TOTAL, ""),
    ],
)
def test_a_refusal_says_how_long_it_lasts(desk: Desk, now: tuple[int, int, int], window: Window, until: str) -> None:
    async def story() -> None:
        desk.clock.set(datetime(*now, 23, 59, 59, tzinfo=UTC))
        await desk.ledger.set_budget(Budget(Scope.ALL, "", window, 1_000_000_000, None))
        with pytest.raises(BudgetError, match=f"of \\$1.00 left{until}, and this picture"):
            await desk.hold(1_500_000_000)
        await desk.ledger.set_budget(Budget(Scope.ALL, "", window, None, 0))
        with pytest.raises(BudgetError, match=f"all 0 pictures{until} are made"):
            await desk.hold(0)

    asyncio.run(story())


def test_an_attempt_taken_over_is_lost_to_its_first_owner(desk: Desk, tmp_path: Path) -> None:
    hold = asyncio.run(desk.sent())
    query(tmp_path, "UPDATE attempt SET owner = 'somebody'", write=True)
    with pytest.raises(LedgerError, match="taken over"):
        asyncio.run(desk.ledger.receive(hold, Receipt(A_PICTURE, SOME_PAINTED, 1)))


def test_the_ledger_is_private(desk: Desk, tmp_path: Path) -> None:
    asyncio.run(desk.hold())
    assert (tmp_path / "ledger.db").stat().st_mode & 0o077 == 0


def test_two_homes_that_share_a_ledger_by_a_link_see_each_others_runs(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "ledger.db").symlink_to(tmp_path / "ledger.db")

    async def story() -> None:
        await desk.sent()
        second = SqliteLedger(other, desk.clock)
        await second.begin(a_run("run-2"))
        assert await second.orphans("run-2") == []
        with pytest.raises(LedgerError, match="an imgcli is at work on it"):
            rebuild(other, desk.clock.now(), [])
        await desk.ledger.close()
        assert [record.attempt for record in await second.orphans("run-2")] == ["attempt-1"]
        await second.close()
        rebuild(other, desk.clock.now(), [])

    asyncio.run(story())
    assert [path.name for path in other.iterdir()] == ["ledger.db"]
    assert (other / "ledger.db").is_symlink()


def test_a_ledger_with_two_names_or_at_the_end_of_a_broken_link_is_refused(desk: Desk, tmp_path: Path) -> None:
    other, disk = tmp_path / "other", tmp_path / "disk"
    for place in (other, disk):
        place.mkdir()
    (other / "ledger.db").hardlink_to(tmp_path / "ledger.db")
    with pytest.raises(LedgerError, match=r"has 2 names \(hard links\)"):
        asyncio.run(SqliteLedger(other, desk.clock).begin(a_run("run-2")))
    (other / "ledger.db").unlink()
    (other / "ledger.db").symlink_to(disk / "ledger.db")
    with pytest.raises(LedgerError, match=r"is a link to .*/disk/ledger.db, which is not there; connect its disk"):
        asyncio.run(SqliteLedger(other, desk.clock).begin(a_run("run-2")))
    assert list(disk.iterdir()) == []
    (other / "ledger.db").unlink()
    (other / "ledger.db").symlink_to("ledger.db")
    with pytest.raises(LedgerError, match="which is not there"):
        asyncio.run(SqliteLedger(other, desk.clock).begin(a_run("run-2")))


def test_the_check_writes_as_a_run_would(desk: Desk, tmp_path: Path) -> None:
    """A limit on the size of files stands in for a directory that takes no journal: root may write anywhere."""

    async def story() -> None:
        before = await desk.ledger.story()
        assert (await desk.ledger.check()).level is Level.OK
        limit = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limit[1]))
        try:
            found = await desk.ledger.check()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        assert found.level is Level.FAIL
        assert "SQLITE_" in found.seen
        assert (await desk.ledger.check()).level is Level.OK
        assert await desk.ledger.story() == before

    asyncio.run(story())
    assert query(tmp_path, "PRAGMA user_version")[0][0] == len(SCRIPTS)


CROWD = """
import asyncio, os, sys
from pathlib import Path
from imgcli.errors import BudgetError
from imgcli.ledger.sql import SCRIPTS
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.wiring import SystemClock
from tests.contracts.test_ledger_contract import Desk
from tests.fakes.jobs import a_run
home = Path(sys.argv[2])

def wait():
    os.write(1, b"ready\\n")
    os.read(0, 1)

async def race(name):
    ledger = SqliteLedger(home, SystemClock())
    wait()
    await ledger.begin(a_run(name))
    desk, held = Desk(ledger, None, name), 0
    for number in range(40):
        try:
            await desk.hold(100, run=name, variant=number + 1)
        except BudgetError:
            continue
        held += 1
    os.write(1, b"%d\\n" % held)
    await ledger.close()

async def make(name):
    wait()
    ledger = SqliteLedger(home, SystemClock())
    await ledger.begin(a_run(name))
    await ledger.end(name)
    await ledger.close()

def live(name):
    code = 1
    try:
        asyncio.run({"race": race, "make": make}[sys.argv[1]](name))
        code = 0
    finally:
        if code:
            sys.excepthook(*sys.exc_info())
        os._exit(code)

born = [os.fork() or live(f"run-{i}") for i in range(8)]
sys.exit(sum(os.waitpid(pid, 0)[1] != 0 for pid in born))
"""
"""Eight processes that were one until they had imported all, which takes longer than what they do."""


def crowd(what: str, home: Path) -> subprocess.Popen[str]:
    """Eight processes that are ready."""
    pipe = subprocess.PIPE
    started = subprocess.Popen([sys.executable, "-c", CROWD, what, str(home)], stdin=pipe, stdout=pipe, text=True)
    assert started.stdout is not None
    assert [started.stdout.readline() for _ in range(8)] == ["ready\n"] * 8
    return started


@pytest.mark.parametrize("cap", [(None, 5), (570, None)])
def test_eight_first_runs_race_for_five_holds(tmp_path: Path, cap: tuple[int | None, int | None]) -> None:
    """Without a ledger yet: all eight create it at once. With a cap of five, five of 320 reservations succeed."""
    home = tmp_path / "fresh"
    racers = crowd("race", home)

    async def set_cap() -> None:
        ledger = SqliteLedger(home, FakeClock())
        await ledger.set_budget(Budget(Scope.ALL, "", Window.TOTAL, *cap))
        await ledger.close()

    asyncio.run(set_cap())
    out, _ = racers.communicate("g" * 8, timeout=120)
    assert racers.returncode == 0
    held = [int(line) for line in out.splitlines()]
    assert (len(held), sum(held)) == (8, 5)
    assert chain_is_whole(home)


def test_eight_processes_make_the_ledger_at_once(tmp_path: Path) -> None:
    home = tmp_path / "fresh"
    makers = crowd("make", home)
    makers.communicate("g" * 8, timeout=60)
    assert makers.returncode == 0
    assert query(home, "SELECT count(*) FROM run")[0][0] == 8


OLD_ROWS = f"""
INSERT INTO run VALUES ('run-0', 'gen', 'alice', 'host', 1, '2026-11-01T00:00:00.000000Z', NULL);
INSERT INTO job VALUES ('run-0', '{a_job().key}', 0, '{codec.job_text(a_job())}');
INSERT INTO attempt VALUES ('old', 'run-0', 'run-0', '{a_job().key}', 'settled', 'openai', 'alice', '[]', '2026-11-01',
  '2026-11', 100, 1, 'r', 60, 0, '/nowhere', 'car.png', '2026-11-01T00:00:00.000000Z', '2026-11-01T00:00:01.000000Z',
  '{codec.picture_text(A_PICTURE)}', '{codec.painted_text(SOME_PAINTED)}', '', '[]', '0.1.0');
"""  # noqa: S608 - all of it is ours


def test_a_ledger_of_the_first_schema_is_taken_over_whole(tmp_path: Path) -> None:
    """What the old one held is told by events of the new, so that it can be proved from then on."""
    connection = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    for script in (SCRIPTS[0], OLD_ROWS, "PRAGMA user_version=1;"):
        connection.executescript(script)
    connection.close()
    desk = Desk(SqliteLedger(tmp_path, clock := FakeClock()), clock)

    async def story() -> None:
        await desk.ledger.set_budget(Budget(Scope.ALL, "", Window.DAY, 1000, None))
        assert await desk.ledger.audit() == []
        assert await desk.sums() == (60, 0, 0, 1)
        (record,) = await desk.ledger.records(State.SETTLED)
        assert record.name == "car.png"
        await desk.ledger.close()

    asyncio.run(story())
    assert (tmp_path / "ledger.db.v1").exists()
    assert chain_is_whole(tmp_path)
