from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.question import Question, question_of

ASKED = Question("openai", "gpt-6-luna", "Write.", '{"prompt": "a car"}', '{"type": "object"}', 700)
texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts, texts, st.integers(1, 9999))
def test_the_job_tells_the_question(instructions: str, words: str, schema: str, most: int) -> None:
    asked = Question("openai", "gpt-6-luna", instructions, words, schema, most)
    assert question_of(asked.job("a car", "x", (), Path("/nowhere"))) == asked


def test_every_input_is_in_the_key_and_nothing_else() -> None:
    def key(question: Question, entry: str = "x") -> str:
        return question.job("a car", entry, (), Path("/nowhere")).key

    others = [
        replace(ASKED, provider="mine"),
        replace(ASKED, model="other"),
        replace(ASKED, instructions="Write well."),
        replace(ASKED, words="{}"),
        replace(ASKED, schema="{}"),
        replace(ASKED, most=701),
    ]
    assert len({key(ASKED), *map(key, others)}) == 7
    assert key(ASKED) == key(ASKED, "another entry")
