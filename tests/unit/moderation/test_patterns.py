"""Regular expressions of strangers: matched, and ended where they would take for ever."""

import asyncio
import sys

import pytest

from imgcli.moderation.blocklist import Entry
from imgcli.moderation.patterns import STRIKES, Patterns, PatternsError

KNIVES = Entry("/kni(fe|ves)/", "a.txt:1", pattern="kni(fe|ves)")
EVIL = Entry("/(a+)+$/", "a.txt:2", pattern="(a+)+$")
ENDLESS = "a" * 60 + "!"


def test_they_match_in_any_case_and_through_what_has_no_width() -> None:
    async def story() -> None:
        patterns = Patterns([KNIVES])
        assert await patterns.hits("two kni\u200bVES") == [KNIVES]
        assert await patterns.hits("two forks") == []
        await patterns.close()
        assert await patterns.hits("a knife") == [KNIVES]  # a closed one begins again
        await patterns.close()

    asyncio.run(story())


def test_without_patterns_there_is_no_process() -> None:
    async def story() -> None:
        patterns = Patterns([])
        assert await patterns.hits(ENDLESS) == []
        await patterns.close()

    asyncio.run(story())


def test_one_that_takes_for_ever_is_ended_and_named_and_then_not_asked_any_more() -> None:
    async def story() -> None:
        patterns = Patterns([KNIVES, EVIL], longest=0.2)
        assert await patterns.hits("a knife") == [KNIVES]
        for _ in range(STRIKES):
            with pytest.raises(PatternsError, match=r"a.txt:2: /\(a\+\)\+\$/ takes too long"):
                await patterns.hits(ENDLESS)
            if _ + 1 < STRIKES:
                assert await patterns.hits("a knife") == [KNIVES]
        with pytest.raises(PatternsError, match="takes too long"):
            await patterns.hits("a knife")  # nothing is cleared by what nobody can ask
        await patterns.close()

    asyncio.run(story())


def test_many_ask_at_once_and_each_gets_its_own_answer() -> None:
    async def story() -> None:
        patterns = Patterns([KNIVES])
        found = await asyncio.gather(*(patterns.hits(f"{'knife' if i % 2 else 'fork'} {i}") for i in range(40)))
        assert [bool(each) for each in found] == [bool(i % 2) for i in range(40)]
        await patterns.close()

    asyncio.run(story())


def test_where_no_process_can_be_started_nothing_is_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    async def story() -> None:
        with pytest.raises(PatternsError, match="cannot be matched"):
            await Patterns([KNIVES]).hits("a knife")

    asyncio.run(story())
