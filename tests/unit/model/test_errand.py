import json

from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.errand import INSTRUCTIONS, ROOM, message, most_written
from imgcli.model.prompt import DirectedPrompt
from tests.fakes.jobs import a_job


@given(st.text())
def test_the_prompt_is_the_only_thing_in_the_message(text: str) -> None:
    job = a_job(prompt=DirectedPrompt("x", text), through="words-1")
    assert json.loads(message(job)) == {"prompt": text}
    long = a_job(prompt=DirectedPrompt("x", 1000 * text), through="words-1")
    assert most_written(long) >= len(long.prompt.text.encode(errors="surrogatepass")) + ROOM
    assert most_written(job) >= len(text.encode(errors="surrogatepass")) + ROOM


def test_our_words_are_ours_alone() -> None:
    assert "car" not in INSTRUCTIONS
    assert INSTRUCTIONS.isascii()
