import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from imgcli.ledger import codec
from imgcli.model.job import Look
from imgcli.model.picture import Painted, Picture, Usage
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from tests.fakes.jobs import A_JOB, A_PICTURE

WORDS = st.text(max_size=40)
NAMES = st.tuples(WORDS, WORDS) | st.just(())
COUNT = st.integers(0, 10**9)
USAGES = st.none() | st.builds(Usage, COUNT, COUNT, COUNT, COUNT, COUNT, COUNT)


@given(st.builds(DirectedPrompt, WORDS, WORDS, WORDS, NAMES, NAMES, NAMES), NAMES, st.none() | COUNT)
def test_a_job_comes_back_as_it_was(words: DirectedPrompt, tags: tuple[str, ...], seed: int | None) -> None:
    job = replace(A_JOB, prompt=words, tags=tags, seed=seed, directory=Path("/a b/ü"))
    again = codec.parse_job(codec.job_text(job))
    assert again == job
    assert again.key == job.key


def test_a_draft_comes_back_with_what_it_stands_for_and_others_do_not_speak_of_it() -> None:
    draft = replace(A_JOB, wanted=Look(Size(2048, 1152), "high"))
    again = codec.parse_job(codec.job_text(draft))
    assert again == draft
    assert again.key == A_JOB.key  # its own look is in the key already
    assert "wanted" not in codec.job_text(A_JOB)
    assert codec.parse_job(codec.job_text(A_JOB)).wanted is None


@given(st.builds(Painted, USAGES, WORDS, WORDS, st.booleans(), NAMES, WORDS, WORDS))
def test_what_was_told_comes_back_as_it_was(painted: Painted) -> None:
    assert codec.parse_painted(codec.painted_text(painted)) == painted


def written_out(value: Any) -> str:
    """The form that hashes were made of since the first ledger, by the means that made it then."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(st.builds(Painted, USAGES, WORDS, WORDS, st.booleans(), NAMES, WORDS, WORDS), WORDS, NAMES)
def test_the_bytes_are_those_of_the_first_ledger(painted: Painted, words: str, tags: tuple[str, ...]) -> None:
    assert codec.painted_text(painted) == written_out(asdict(painted))
    assert codec.picture_text(A_PICTURE) == written_out(asdict(A_PICTURE))
    job = replace(A_JOB, prompt=DirectedPrompt(words, words, styles=tags), tags=tags, directory=Path("/a b/ü"))
    told = {
        name: value
        for name, value in asdict(job).items()
        if name not in {"key", "wanted", "edit", "expect", "tries", "guard", "again"}
    }
    assert codec.job_text(job) == written_out(told | {"directory": "/a b/ü"})
    assert codec.canonical([words, tags, {"b": None, "a": True}]) == written_out([words, tags, {"b": None, "a": True}])


def test_a_picture_comes_back_as_it_was_and_nothing_stays_nothing() -> None:
    assert codec.parse_picture(codec.picture_text(A_PICTURE)) == A_PICTURE
    assert codec.parse_picture("") is None
    assert codec.parse_painted("") is None


def test_what_was_written_before_there_was_through_is_read() -> None:
    job = json.loads(codec.job_text(A_JOB))
    del job["through"]
    again = codec.parse_job(json.dumps(job))
    assert (again, again.key) == (A_JOB, A_JOB.key)
    through = replace(A_JOB, through="gpt-6-luna")
    assert codec.parse_job(codec.job_text(through)) == through
    painted = Painted(usage=Usage(18, 0, 439), request_id="req_1")
    told = json.loads(codec.painted_text(painted))
    del told["usage"]["words_in"], told["usage"]["words_out"]
    assert codec.parse_painted(json.dumps(told)) == painted


def test_the_text_is_canonical() -> None:
    assert codec.canonical({"b": 1, "a": (1, "ü")}) == '{"a":[1,"ü"],"b":1}'
    one = Picture("aa", 1, "png", 2, 3)
    assert codec.picture_text(one) == '{"format":"png","height":3,"sha256":"aa","size_bytes":1,"width":2}'
