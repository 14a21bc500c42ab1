import asyncio
from pathlib import Path

from imgcli.model.entry import Entry
from imgcli.model.picture import Painted, Usage
from imgcli.model.quote import Priced
from imgcli.model.run import Run
from imgcli.script import write_script
from tests.fakes.provider import FakeProvider
from tests.fakes.studio import a_studio, settings_for

ENTRIES = [Entry("a car", "prompt-001", "prompt 1"), Entry("a boat", "prompt-002", "prompt 2")]


class Nowhere:
    name = ""

    def __init__(self, directory: Path) -> None:
        self.directory = directory


def test_without_expansion_a_script_is_the_plan(tmp_path: Path) -> None:
    studio, _ = a_studio(tmp_path, {"openai": FakeProvider()})
    script = asyncio.run(write_script(ENTRIES, studio, settings_for(tmp_path), tmp_path))
    assert [quote.job.prompt.text for quote in script.quotes] == ["a car", "a boat"]
    assert not script.questions
    assert not script.notices


def test_a_script_is_whole_once_every_question_has_its_answer_in_the_ledger(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, expand="model", text_model="gpt-6-luna")

    async def story() -> None:
        studio, _ = a_studio(tmp_path, {"openai": FakeProvider()})
        first = await write_script(ENTRIES, studio, settings, tmp_path)
        assert [quote.job.prompt.text for quote in first.quotes] == ["a car", "a boat"]
        assert len(first.questions) == 2
        ledger = studio.ledger
        await ledger.begin(Run("run-1", "gen", "alice", "host", 1, None))
        await ledger.enter("run-1", [quote.job for quote in first.questions])
        for number, (quote, words) in enumerate(
            zip(first.questions, ["A car at dusk.", "A boat at dawn."], strict=True)
        ):
            assert isinstance(quote, Priced)
            place = Nowhere(settings.paths.data)
            hold = await ledger.reserve("run-1", f"attempt-{number}", quote, place)
            assert hold is not None
            await ledger.send(hold)
            text = Painted(usage=Usage(1, 0, 0, 1), revised=f'{{"prompts": ["{words}"]}}')
            await ledger.post(hold, text, 7)
        second = await write_script(ENTRIES, studio, settings, tmp_path)
        assert not second.questions
        told = [(quote.job.prompt.typed, quote.job.prompt.expanded) for quote in second.quotes]
        assert told == [("a car", "A car at dusk."), ("a boat", "A boat at dawn.")]
        assert {quote.job.key for quote in first.quotes}.isdisjoint(quote.job.key for quote in second.quotes)
        await ledger.close()

    asyncio.run(story())
