import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.auditing import Books, Window, read_books, words_of
from imgcli.catalog.canonical import canonical
from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.errors import Money
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.input import Edit
from imgcli.model.mark import Mark
from imgcli.model.origin import Origin, Place, Reuse
from imgcli.model.verdict import Aside, Remarks
from imgcli.reports.bought import Bought, Came
from tests.fakes.catalog import FakeCatalog
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import an_input
from tests.fakes.ledger import FakeLedger
from tests.fakes.past import CENT, Past, asked
from tests.rows import each_row


@pytest.fixture(params=["memory", "sqlite"])
def past(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Past]:
    clock = FakeClock()
    if request.param == "memory":
        made = Past(FakeLedger(clock), FakeCatalog(), clock)
    else:
        made = Past(SqliteLedger(tmp_path, clock), SqliteCatalog(tmp_path), clock)
    yield made
    asyncio.run(made.catalog.close())
    asyncio.run(made.ledger.close())


async def books(past: Past, window: Window = Window("2026-11-01")) -> Books:  # noqa: B008 - frozen
    return await read_books(window, past.ledger, past.catalog, canonical)


async def one(past: Past, attempt: str) -> Bought:
    return next(each for each in (await books(past)).bought if each.attempt == attempt)


def test_the_days_and_tags_of_a_window_are_those_of_pictures_and_of_money(past: Past) -> None:
    async def story() -> None:
        await past.buy("before", asked("a"), 1, "2026-10-31T23:59")
        await past.buy("first", asked("b"), 2, "2026-11-01T00:00")
        await past.buy("tagged", asked("c", tags=("launch", "web")), 4, "2026-11-02T23:59")
        await past.lose("lost", asked("d", tags=("launch",)), 8, "2026-11-02T23:59", Money.HOLD)
        await past.buy("after", asked("e", tags=("launch",)), 16, "2026-11-03T00:00")
        window = Window("2026-11-01", "2026-11-03")
        for tags, names, spent in (
            ((), "first lost tagged", 14),
            (("launch",), "lost tagged", 12),
            (("web",), "tagged", 4),
        ):
            found = await books(past, replace(window, tags=tags))
            assert (" ".join(sorted(each.attempt for each in found.bought)), found.spent) == (names, spent * CENT)

    asyncio.run(story())


def test_what_brought_no_picture_is_told_by_what_became_of_the_money(past: Past) -> None:
    async def story() -> None:
        at = "2026-11-02T00:00"
        await past.lose("uncertain", asked("a"), 1, at, Money.HOLD)
        await past.lose("refused", asked("b"), 2, at, Money.HOLD, moderated=True)
        await past.lose("failed", asked("c"), 4, at, Money.POST)
        await past.lose("voided", asked("d"), 8, at, Money.VOID)
        await past.lose("decided", asked("e"), 16, at, Money.HOLD)
        await past.ledger.resolve("decided", 3 * CENT, "on the bill")
        await past.lose("given back", asked("f"), 32, at, Money.HOLD)
        await past.ledger.resolve("given back", None, "not on the bill")
        await past.ask("answered", asked("g", format="text", quality="100"), 64, at)
        told = {each.attempt: (each.came, each.cost // CENT) for each in (await books(past)).bought}
        assert told == {
            "uncertain": (Came.UNCERTAIN, 1),
            "refused": (Came.REFUSED, 2),
            "failed": (Came.FAILED, 4),
            "decided": (Came.FAILED, 3),
        }

    asyncio.run(story())


def test_doubts_of_long_ago_are_not_forgotten(past: Past) -> None:
    async def story() -> None:
        await past.lose("long ago", asked("a"), 9, "2026-08-01T00:00", Money.HOLD)
        await past.lose("of another tag", asked("b", tags=("web",)), 5, "2026-08-01T00:00", Money.HOLD)
        await past.lose("now", asked("c"), 1, "2026-11-02T00:00", Money.HOLD)
        assert (await books(past)).undecided == (2, 14 * CENT)
        assert (await books(past, Window("2026-11-01", tags=("web",)))).undecided == (1, 5 * CENT)

    asyncio.run(story())


@each_row(
    "marks, stars, tags, expected",
    [
        ((), 0, (), ""),
        ((Mark.OPENED,), 0, (), "seen"),
        ((Mark.PICKED,), 0, (), "kept seen"),
        ((Mark.FINISHED,), 0, (), "kept seen"),
        ((Mark.EXPORTED,), 0, (), "kept seen"),
        ((Mark.REJECTED,), 0, (), "rejected seen"),
        ((Mark.REJECTED, Mark.PICKED), 0, (), "rejected seen"),
        ((), 3, (), "seen"),
        ((), 4, (), "kept seen"),
        ((), 0, ("later",), "seen"),
    ],
)
def test_opinions_say_what_was_seen_and_kept(
    marks: tuple[Mark, ...], stars: int, tags: tuple[str, ...], expected: str
) -> None:
    async def story() -> None:
        clock = FakeClock()
        past = Past(FakeLedger(clock), FakeCatalog(), clock)
        await past.buy("a", asked("a car"), 5, marks=marks)
        await past.catalog.rate("a", stars)
        for tag in tags:
            await past.catalog.tag("a", tag)
        seen = await one(past, "a")
        assert [name for name in ("kept", "rejected", "seen") if getattr(seen, name)] == expected.split()

    asyncio.run(story())


def test_a_picture_is_of_use_to_what_is_made_of_it_also_after_the_window(past: Past) -> None:
    async def story() -> None:
        for name in ("draft", "input", "copied", "alone"):
            await past.buy(name, asked(name), 5, "2026-11-02T10:00")
        sha256 = b"input".hex().ljust(64, "0")
        await past.buy("final", asked("f", draft="draft"), 5, "2026-11-05T10:00")
        await past.buy("edit", asked("g", edit=Edit((an_input(sha256=sha256),))), 5, "2026-11-06T10:00")
        origin = Origin(Place.DIRECTORY, "c.png", "copied", 5 * CENT)
        await past.catalog.note_reuse(Reuse("r", "key", Path("/out/c2.png"), origin, "2026-11-02T11:00:00Z"))
        found = await books(past, Window("2026-11-02", "2026-11-03"))
        used = {each.attempt: each.used_at[:16] for each in found.bought}
        assert used == {
            "draft": "2026-11-05T10:00",
            "input": "2026-11-06T10:00",
            "copied": "2026-11-02T11:00",
            "alone": "",
        }
        assert {each.attempt for each in found.bought if each.kept and each.seen} == {"draft", "input", "copied"}
        assert [each.id for each in found.reused] == ["r"]
        assert (await one(past, "final")).kept

    asyncio.run(story())


def test_what_moderation_hides_has_money_and_nothing_to_be_seen(past: Past) -> None:
    async def story() -> None:
        flagged = Remarks(aside=Aside.QUARANTINE)
        await past.buy("hidden", asked("a car"), 5, remarks=flagged)
        await past.buy("released", asked("b car"), 5, remarks=replace(flagged, settled="released 2026-11-10"))
        await past.buy("deleted", asked("c car"), 5, remarks=replace(flagged, settled="deleted 2026-11-10"))
        await past.buy("unmet", asked("d car"), 5, remarks=Remarks(aside=Aside.REJECTED))
        told = {each.attempt: (each.prompt, bool(each.path), each.aside) for each in (await books(past)).bought}
        assert told == {
            "hidden": ("", False, "quarantine"),
            "released": ("b car", True, ""),
            "deleted": ("", False, "quarantine"),
            "unmet": ("d car", True, "rejected"),
        }
        assert not (await one(past, "hidden")).words.stems

    asyncio.run(story())


def test_money_that_nobody_knows_is_counted_aloud_and_what_is_above_its_quote_told(past: Past) -> None:
    async def story() -> None:
        await past.buy("mystery", asked("a", model="mystery"), None)
        await past.buy("over", asked("b"), 7, quoted=5)
        found = await books(past)
        assert (found.unpriced, [(each.attempt, each.over) for each in found.bought]) == (1, [("over", 2 * CENT)])

    asyncio.run(story())


def test_the_newest_are_read_where_there_are_too_many(past: Past) -> None:
    async def story() -> None:
        for number in range(5):
            await past.buy(f"p{number}", asked(f"car {number}"), 5, f"2026-11-0{number + 1}T10:00")
        visited: list[str] = []
        found = await read_books(
            Window("2026-11-01", most=3), past.ledger, past.catalog, visit=lambda record: visited.append(record.attempt)
        )
        assert sorted(each.attempt for each in found.bought) == sorted(visited) == ["p2", "p3", "p4"]
        assert (found.older, found.pictures, found.bought[0].words.stems) == (2, 3, frozenset())

    asyncio.run(story())


def test_users_are_told_apart_where_the_ledger_can(past: Past) -> None:
    async def story() -> None:
        await past.buy("a", asked("a"), 5, run="one", user="alice")
        await past.buy("b", asked("b", directory=Path("/bob")), 5, run="two", user="bob")
        await past.buy("c", asked("c", directory=Path("/both")), 5, run="one", user="alice")
        await past.buy("d", asked("d", directory=Path("/both")), 5, run="two", user="bob")
        users = {each.attempt: each.user for each in (await books(past)).bought}
        assert users == {"a": "alice", "b": "bob", "c": "run one", "d": "run two"}

    asyncio.run(story())


@each_row(
    "prompt, stems, pinned",
    [
        ("Two red foxes, not in the snow", "two red fox not snow", "two red not"),
        ("car boat fox hare owl 7", "car boat fox hare owl 7", "7"),
        ("a greyish lens at f/1.4", "greyish lens f 1 4", "1 4"),
        ("", "", ""),
    ],
)
def test_the_words_of_a_prompt_are_those_that_say_something(prompt: str, stems: str, pinned: str) -> None:
    found: Any = words_of(prompt, str.upper)
    form = prompt.upper() if len(stems.split()) < 6 else ""
    assert (found.form, found.stems, found.pinned) == (form, set(stems.split()), set(pinned.split()))
