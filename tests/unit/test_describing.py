"""Who looks at pictures, and what a question about them costs and goes by."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.describing import answered, quoted, require_provider, take_of, viewer
from imgcli.director.description import describes, question_about
from imgcli.errors import UsageError
from imgcli.model.input import Input
from imgcli.model.quote import Priced
from imgcli.settings import Settings, load_settings
from imgcli.wiring import open_studio

PICTURE = Input(Path("/x/car.png"), "ab" * 32, 1000, "png", 640, 480, "car.png")


@pytest.fixture
def settings(home: Path) -> Settings:
    return load_settings({"IMGCLI_HOME": str(home)})


def test_the_settings_name_the_model_or_the_provider_does(settings: Settings, home: Path) -> None:
    async def story() -> None:
        async with open_studio(settings, {}, lambda _: None) as studio:
            assert viewer(studio.providers["openai"], settings).model == "gpt-6-luna"
            assert viewer(studio.providers["openai"], replace(settings, text_model="words-1")).model == "words-1"
            seen = viewer(studio.providers["placeholder"], settings)
            assert (seen.model, seen.why) == ("", "placeholder has no model that describes pictures")
            with pytest.raises(UsageError, match="no provider 'nope'; there are openai, placeholder"):
                require_provider(studio, replace(settings, provider="nope"))
            assert require_provider(studio, settings).name == "openai"

    asyncio.run(story())


def test_a_question_is_priced_and_goes_by_the_bytes_of_its_picture(settings: Settings, home: Path) -> None:
    async def story() -> None:
        async with open_studio(settings, {}, lambda _: None) as studio:
            question = question_about(PICTURE, provider="openai", model="gpt-6-luna")
            quote = quoted(question, "a", studio, settings)
            assert isinstance(quote, Priced)
            assert 0 < quote.expected <= quote.upper < 20_000_000
            moved = replace(PICTURE, path=Path("/y/other.png"), name="other.png")
            twin = quoted(question_about(moved, provider="openai", model="gpt-6-luna"), "b", studio, settings)
            assert twin.job.key == quote.job.key
            assert await answered(quote, studio.ledger) is None

    asyncio.run(story())


def test_a_question_that_nobody_answered_is_put_as_it_always_was(settings: Settings, home: Path) -> None:
    async def story() -> None:
        async with open_studio(settings, {}, lambda _: None) as studio:
            question = question_about(PICTURE, provider="openai", model="gpt-6-luna")
            for again in (False, True):
                take = await take_of(question, "a", studio, settings, describes, again=again)
                assert (take.painted, take.useful) == (None, False)
                assert take.quote.job.key == quoted(question, "a", studio, settings).job.key

    asyncio.run(story())
