from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.prompt import DirectedPrompt
from imgcli.model.question import Kind, Question, embedding_question, moderation_question, noun_of, question_of
from tests.fakes.jobs import a_job
from tests.fakes.looks import a_look

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


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_comes_back_from_its_job_with_its_pictures(kind: Kind, tmp_path: Path) -> None:
    asked = replace(ASKED, kind=kind, images=(a_look(tmp_path / "a.png"), a_look(tmp_path / "b.webp", "webp")))
    job = asked.job("a car", "x", (), Path("/nowhere"))
    assert question_of(job) == asked
    assert job.is_text
    others = [replace(asked, images=asked.images[::-1]), replace(asked, images=asked.images[:1])]
    others += [replace(asked, kind=other) for other in Kind if other is not kind]
    assert job.key not in {other.job("a car", "x", (), Path("/nowhere")).key for other in others}


def test_a_moved_picture_is_the_same_question(tmp_path: Path) -> None:
    first, second = (moderation_question("openai", "m", "", a_look(tmp_path / name)) for name in ("a.png", "b.png"))
    assert first.job("x", "x", (), tmp_path).key == second.job("x", "x", (), tmp_path).key


def test_nothing_is_not_asked_about(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to moderate"):
        moderation_question("openai", "m", " \n")
    with pytest.raises(ValueError, match="no words to embed"):
        embedding_question("openai", "m", "")
    assert moderation_question("openai", "m", "", a_look(tmp_path / "a.png")).images
    assert not moderation_question("openai", "m", "a car").kind.is_written
    assert not embedding_question("openai", "m", "a car").kind.is_written
    assert all(kind.is_written for kind in (Kind.EXPANSION, Kind.DESCRIPTION, Kind.STYLE))


def test_a_job_is_named_by_what_it_asks_for(tmp_path: Path) -> None:
    assert noun_of(a_job()) == "picture"
    assert noun_of(ASKED.job("a car", "x", (), tmp_path)) == "expansion"
    assert noun_of(moderation_question("openai", "m", "a car").job("a car", "x", (), tmp_path)) == "moderation check"


@pytest.mark.parametrize("text", ["a car", "5", "null", "{}", "[]", '["a", "b", "c", "song"]', '["a", "b", "c", 7]'])
def test_other_text_is_no_question(text: str) -> None:
    job = a_job(format="text", prompt=DirectedPrompt("a car", text))
    with pytest.raises(ValueError, match=r".+"):
        question_of(job)
    assert noun_of(job) == "answer"
