import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.errors import UsageError
from imgcli.expansion import Expansion, plan_expansion
from imgcli.model.entry import Entry
from imgcli.model.picture import Painted
from imgcli.ports import Provider, ProviderConfig, Studio
from imgcli.providers.openai.provider import OpenAIProvider
from imgcli.providers.placeholder.provider import PlaceholderProvider
from tests.fakes.provider import FakeProvider
from tests.fakes.studio import a_studio, settings_for

CAR = Entry("three red cars", "prompt-001", "prompt 1")


class Room:
    def __init__(self, home: Path) -> None:
        self.home = home
        providers: dict[str, Provider] = {
            "openai": FakeProvider(),
            "placeholder": PlaceholderProvider(ProviderConfig(None, "", "", {}, 5, "placeholder")),
            "keyless": OpenAIProvider(ProviderConfig(None, "", "", {}, 5, "keyless")),
            "mine": OpenAIProvider(ProviderConfig(None, "http://127.0.0.1:9/v1", "", {}, 5, "mine")),
        }
        self.studio: Studio = a_studio(home, providers)[0]

    def plan(self, *entries: Entry, ideas: int = 1, **flags: object) -> Expansion:
        settings = settings_for(self.home, **{"expand": "model", **flags})
        return plan_expansion(entries, self.studio, settings, ideas)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    room = Room(tmp_path)
    yield room
    asyncio.run(room.studio.ledger.close())


def said(expansion: Expansion, *prompts: str, note: str = "") -> Mapping[str, Painted]:
    words = Painted(revised=json.dumps({"prompts": prompts}) if prompts else "", notes=(note,) if note else ())
    return {quote.job.key: words for quote in expansion.questions()}


def test_the_answer_stands_in_the_entry_and_the_typed_prompt_beside_it(room: Room) -> None:
    expansion = room.plan(CAR)
    (entry,), told = expansion.entries_with(said(expansion, "Three red cars wait on wet asphalt."))
    assert (entry.prompt, entry.expanded, entry.id) == ("three red cars", "Three red cars wait on wet asphalt.", CAR.id)
    assert told == []
    assert expansion.asked(said(expansion, "x")) == []


def test_what_is_not_answered_yet_stays_as_typed(room: Room) -> None:
    entries, told = room.plan(CAR, ideas=2).entries_with({})
    assert [entry.expanded for entry in entries] == ["", ""]
    assert [entry.id for entry in entries] == ["prompt-001-idea-1", "prompt-001-idea-2"]
    assert told == []


def test_a_lost_demand_is_put_back_and_told(room: Room) -> None:
    expansion = room.plan(CAR)
    (entry,), (line,) = expansion.entries_with(said(expansion, "A car waits on wet asphalt."))
    assert "three" in entry.expanded
    assert line.startswith("prompt 1: put back what the expansion lost: ")


def test_an_answer_that_contradicts_the_prompt_is_told_and_made_up_for_by_rules(room: Room) -> None:
    expansion = room.plan(replace(CAR, prompt="a dog chasing a cat"), ideas=2)
    answers = said(expansion, "A cat chasing a dog through snow.", "A dog chasing a cat through snow.")
    entries, (line,) = expansion.entries_with(answers)
    first, second = (entry.expanded for entry in entries)
    assert first == "A dog chasing a cat through snow."
    assert second.startswith("a dog chasing a cat. ")
    assert line.startswith("prompt 1: an expansion that loses or contradicts ")
    assert line.endswith(" is not used; rules made one instead")


@pytest.mark.parametrize("note", ["", "the text model refused"])
def test_an_answer_without_use_is_made_up_for_by_rules(room: Room, note: str) -> None:
    expansion = room.plan(CAR, ideas=2)
    entries, (line,) = expansion.entries_with(said(expansion, note=note))
    assert len({entry.expanded for entry in entries}) == 2
    assert all(entry.expanded.startswith("three red cars") for entry in entries)
    assert line.startswith("prompt 1: the text model gave 0 of 2 expansions")
    assert note in line


def test_equal_prompts_are_one_question_and_different_bans_are_two(room: Room) -> None:
    same = replace(CAR, id="prompt-002", where="prompt 2")
    assert len(room.plan(CAR, same).asked({})) == 1
    assert len(room.plan(CAR, replace(same, no=("text",))).asked({})) == 2


@pytest.mark.parametrize(
    ("provider", "why"),
    [
        ("placeholder", "placeholder has no text model, so prompts are expanded by rules"),
        ("keyless", "keyless has no key, so prompts are expanded by rules"),
        ("mine", "no text model of mine is named (the setting text_model), so prompts are expanded by rules"),
    ],
)
def test_without_a_text_model_rules_do_it_and_say_so(room: Room, provider: str, why: str) -> None:
    expansion = room.plan(replace(CAR, provider=provider))
    assert expansion.reasons({}) == (why,)
    assert expansion.asked({}) == []
    (entry,), _ = expansion.entries_with({})
    assert entry.expanded.startswith("three red cars")


def test_a_named_model_is_asked_on_any_server(room: Room) -> None:
    (quote,) = room.plan(replace(CAR, provider="mine"), text_model="words-1").asked({})
    assert (quote.job.provider, quote.job.model) == ("mine", "words-1")


def test_local_asks_nobody(room: Room) -> None:
    expansion = room.plan(CAR, expand="local")
    assert (expansion.asked({}), expansion.why) == ([], ())


def test_an_unknown_style_is_said_before_anything_is_asked(room: Room) -> None:
    with pytest.raises(UsageError, match="no style"):
        room.plan(replace(CAR, style=("cinemtic",)))


def test_without_a_key_what_was_answered_before_still_counts(room: Room) -> None:
    expansion = room.plan(replace(CAR, provider="keyless"))
    known = said(expansion, "Three red cars wait on wet asphalt.")
    (entry,), _ = expansion.entries_with(known)
    assert entry.expanded == "Three red cars wait on wet asphalt."
    assert expansion.reasons(known) == ()
    assert expansion.keys(known) == {CAR.id: expansion.questions()[0].job.key}
    assert expansion.keys({}) == {}


def test_whole_expansions_of_a_lock_file_are_taken_as_they_are(room: Room) -> None:
    expansion = room.plan(CAR, ideas=2)
    (question,) = expansion.questions()
    entries, told = expansion.entries_with({question.job.key: ("one", "two")})
    assert [entry.expanded for entry in entries] == ["one", "two"]
    assert told == []


def test_a_prompt_that_says_enough_is_not_expanded(room: Room) -> None:
    expansion = room.plan(replace(CAR, prompt="three red cars " * 300), ideas=2)
    assert expansion.questions() == []
    entries, told = expansion.entries_with({})
    assert {entry.expanded for entry in entries} == {"three red cars " * 300}
    assert "is not expanded" in told[0]
