"""The script of a restyled picture before and after its description; what it costs in tests/e2e/test_verbs.py."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from imgcli.cli.redressing import Redressing
from imgcli.cli.reworking import settled
from imgcli.director.restyling import USUALLY
from imgcli.inputs.read import read_edit
from imgcli.model.entry import Entry
from imgcli.model.question import Kind, question_of
from imgcli.model.quote import Priced
from imgcli.wiring import open_studio


@pytest.fixture
def entry(tmp_path: Path, home: Path) -> Entry:
    Image.new("RGB", (1536, 1024), "navy").save(tmp_path / "car.png")
    edit = read_edit([tmp_path / "car.png"], None, None)
    return Entry("", id="restyle", where="car.png", style=("comic",), size="input", edit=edit)


def test_the_question_comes_first_and_the_quote_covers_the_longest_answer(entry: Entry, tmp_path: Path) -> None:
    async def story() -> None:
        settings = settled({}, None, None, None)
        async with open_studio(settings, {}, lambda _: None) as studio:
            asking = Redressing(entry, USUALLY, settings, tmp_path, tmp_path / "cache", describes=True)
            script = await asking.write(studio)
            (question,) = script.questions
            assert question_of(question.job).kind is Kind.DESCRIPTION
            assert dict(script.pending) == dict(script.asked) == {"restyle": question.job.key}
            (quote,) = script.quotes
            assert isinstance(quote, Priced)
            silent = await Redressing(entry, USUALLY, settings, tmp_path, tmp_path / "c", describes=False).write(studio)
            (plain,) = silent.quotes
            assert isinstance(plain, Priced)
            assert (silent.questions, dict(silent.pending)) == ((), {})
            assert quote.upper > plain.upper
            assert quote.job.prompt.text == plain.job.prompt.text

    asyncio.run(story())


def test_a_provider_without_a_text_model_says_so(entry: Entry, tmp_path: Path) -> None:
    async def story() -> None:
        settings = settled({"provider": "placeholder"}, None, None, None)
        async with open_studio(settings, {}, lambda _: None) as studio:
            script = await Redressing(
                replace(entry, size="640x480"), USUALLY, settings, tmp_path, tmp_path / "c", describes=True
            ).write(studio)
            assert script.questions == ()
            assert script.notices == [
                "placeholder has no model that describes pictures, so the picture and the style must do"
            ]

    asyncio.run(story())
