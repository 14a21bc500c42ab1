"""Questions of every kind over real sockets, at OpenAI and elsewhere, and every way in which they come to nothing."""

import asyncio
import json
import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.errors import AttemptError, Halt, Money, Retry
from imgcli.model.attempt import Hold
from imgcli.model.numbers import CATEGORIES, parse_vector, parse_verdict
from imgcli.model.picture import Painted
from imgcli.model.question import DIMENSIONS, Kind, Question, embedding_question, moderation_question
from imgcli.providers.openai.provider import EMBEDDING_MODEL, MODERATION_MODEL, OpenAIProvider
from imgcli.providers.openai.writing import CHAT, DETAIL, PICTURES, RESPONSES
from tests.fake_api import pictures
from tests.fake_api.client import KEY, FakeApi
from tests.fake_api.screening import COLOURS
from tests.fakes.looks import a_look, other_server, own_openai

FORMS = pytest.mark.parametrize("form", [RESPONSES, CHAT])
WRITTEN = pytest.mark.parametrize("kind", [Kind.DESCRIPTION, Kind.STYLE, Kind.EXPANSION])
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "subject": {"type": "string", "maxLength": 200},
            "palette": {"type": "array", "items": {"type": "string", "pattern": "^#[0-9a-f]{6}$"}},
            "mood": {"type": "string", "enum": ["calm", "wild"]},
        },
        "required": ["subject", "palette", "mood"],
        "additionalProperties": False,
    }
)


@pytest.fixture(autouse=True, params=["aiohttp", "httpx2"])
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything is proved on both ways down to the socket."""
    if request.param == "httpx2":
        monkeypatch.setitem(sys.modules, "aiohttp", None)
    return str(request.param)


def asked(provider: OpenAIProvider, question: Question) -> Painted | AttemptError:
    async def story() -> Painted | AttemptError:
        job = question.job("a car", "x", (), Path("/nowhere"))
        try:
            async with asyncio.timeout(20):
                return await provider.answer(Hold("attempt-1", "run", job, 100, priced=True))
        except AttemptError as error:
            return error
        finally:
            await provider.close()

    return asyncio.run(story())


def answered(provider: OpenAIProvider, question: Question) -> Painted:
    painted = asked(provider, question)
    assert isinstance(painted, Painted), painted
    return painted


def failed(provider: OpenAIProvider, question: Question) -> AttemptError:
    fault = asked(provider, question)
    assert isinstance(fault, AttemptError), fault
    assert KEY not in str(fault)
    assert len(str(fault).splitlines()) == 1
    return fault


def describe(tmp_path: Path, kind: Kind = Kind.DESCRIPTION, count: int = 1) -> Question:
    looks = tuple(a_look(tmp_path / f"{number}.png", number=number) for number in range(count))
    return Question("openai", "gpt-6-luna", "Describe.", '{"keep": "subject"}', SCHEMA, 700, kind, looks)


# Pictures that are looked at


@FORMS
@WRITTEN
def test_a_picture_is_described_as_the_schema_says_and_billed_as_told(
    fake_api: FakeApi, tmp_path: Path, form: str, kind: Kind
) -> None:
    question = describe(tmp_path, kind, 2)
    painted = answered(other_server(fake_api, text_api=form), question)
    said = json.loads(painted.revised)
    assert said["subject"] == "subject of a png of 64x48 in #000000 and png of 64x48 in #000001"
    assert (said["palette"], said["mood"]) == (["#000000"], "calm")
    (bill,) = fake_api.bill()
    assert painted.usage is not None
    assert (painted.usage.text_in, painted.usage.text_out) == (bill.usage["in"], bill.usage["out"])


@FORMS
def test_pictures_stand_where_users_stand_at_a_detail_that_is_bounded(
    fake_api: FakeApi, tmp_path: Path, form: str
) -> None:
    question = describe(tmp_path, count=2)
    answered(other_server(fake_api, text_api=form), question)
    (seen,) = fake_api.requests()
    body = seen.body
    turns = body["input"] if form == RESPONSES else body["messages"][1:]
    instructions = body["instructions"] if form == RESPONSES else body["messages"][0]["content"]
    urls = [f"data:image/png;sha256,{look.sha256}" for look in question.images]
    if form == RESPONSES:
        parts = [{"type": "input_image", "image_url": url, "detail": DETAIL} for url in urls]
        assert turns == [{"role": "user", "content": [{"type": "input_text", "text": question.words}, *parts]}]
    else:
        shown = [{"type": "image_url", "image_url": {"url": url, "detail": DETAIL}} for url in urls]
        assert turns == [{"role": "user", "content": [{"type": "text", "text": question.words}, *shown]}]
    assert DETAIL == "high"
    assert instructions == f"Describe.\n\n{PICTURES}"


def test_without_pictures_nothing_is_said_of_them(fake_api: FakeApi, tmp_path: Path) -> None:
    answered(other_server(fake_api, text_api=RESPONSES), replace(describe(tmp_path), images=()))
    (seen,) = fake_api.requests()
    assert seen.body["instructions"] == "Describe."
    assert seen.body["input"] == [{"role": "user", "content": '{"keep": "subject"}'}]


@pytest.mark.parametrize("kind", [Kind.DESCRIPTION, Kind.MODERATION])
@pytest.mark.parametrize("change", ["changed", "gone"])
def test_a_picture_that_is_not_what_it_was_is_not_sent(
    fake_api: FakeApi, tmp_path: Path, kind: Kind, change: str
) -> None:
    question = replace(describe(tmp_path), kind=kind)
    path = question.images[0].path
    path.write_bytes(pictures.png(64, 48, 99)) if change == "changed" else path.unlink()
    fault = failed(own_openai(fake_api), question)
    assert (fault.money, fault.code) == (Money.VOID, f"input-{change}")
    assert fake_api.requests() == []


@FORMS
@pytest.mark.parametrize(
    ("fault", "money"),
    [
        ("billed_fin", Money.HOLD),
        ("billed_cut_body", Money.HOLD),
        ("billed_500", Money.HOLD),
        ("rate_429", Money.VOID),
        ("401", Money.VOID),
        ("404", Money.VOID),
        ("moderation_input_400", Money.VOID),
    ],
)
def test_what_became_of_the_money_of_a_description(
    fake_api: FakeApi, tmp_path: Path, form: str, fault: str, money: Money
) -> None:
    fake_api.script(faults=[fault])
    assert failed(other_server(fake_api, text_api=form), describe(tmp_path)).money is money
    assert len(fake_api.requests()) == 1


# Moderation


def test_openai_moderates_words_and_a_picture_for_nothing(fake_api: FakeApi, tmp_path: Path) -> None:
    colour = next(colour for colour, (category, _) in COLOURS.items() if category == "sexual")
    look = a_look(tmp_path / "car.png", number=int(colour[1:], 16))
    painted = answered(own_openai(fake_api), moderation_question("openai", MODERATION_MODEL, "a massacre", look))
    found = parse_verdict(painted.revised)
    assert set(found.scores) == set(CATEGORIES)
    assert found.flagged
    assert (found.scores["violence"], found.scores["sexual"]) == (0.88, 0.96)
    assert (found.applied["sexual"], found.applied["hate"]) == (("text", "image"), ("text",))
    assert (painted.free, painted.usage, painted.notes) == (True, None, ())
    assert fake_api.bill() == []
    (seen,) = fake_api.requests()
    assert (seen.path, seen.body["model"]) == ("/v1/moderations", MODERATION_MODEL)
    assert seen.body["input"] == [
        {"type": "text", "text": "a massacre"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;sha256,{look.sha256}"}},
    ]
    assert seen.headers["x-client-request-id"] == "attempt-1"


def test_elsewhere_it_may_cost_something(fake_api: FakeApi) -> None:
    painted = answered(other_server(fake_api), moderation_question("openai", MODERATION_MODEL, "a car"))
    assert not parse_verdict(painted.revised).flagged
    assert not painted.free


LOST = ["read_then_close", "billed_fin", "billed_rst", "billed_cut_body", "billed_500", "bare_503", "408"]


@pytest.mark.parametrize("fault", LOST)
def test_what_is_free_is_never_uncertain_and_asked_again(fake_api: FakeApi, fault: str) -> None:
    fake_api.script(faults=[fault, fault])
    question = moderation_question("openai", MODERATION_MODEL, "a car")
    free = failed(own_openai(fake_api), question)
    assert (free.money, free.retry) == (Money.VOID, Retry.FREE)
    assert "nothing is billed" in str(free)
    assert "held" not in str(free)
    assert failed(other_server(fake_api), question).money is Money.HOLD


def test_cut_off_what_is_free_stays_free(fake_api: FakeApi) -> None:
    async def story(provider: OpenAIProvider) -> AttemptError:
        fake_api.script(gate=True)
        job = moderation_question("openai", MODERATION_MODEL, "a car").job("a car", "x", (), Path("/x"))
        task = asyncio.ensure_future(provider.answer(Hold("attempt-1", "run", job, 0, priced=True)))
        await asyncio.to_thread(fake_api.wait, in_flight=1)
        task.cancel()
        with pytest.raises(AttemptError) as caught:
            await task
        await provider.close()
        return caught.value

    free = asyncio.run(story(own_openai(fake_api)))
    assert (free.money, free.retry) == (Money.VOID, Retry.NEVER)
    fake_api.reset()
    assert asyncio.run(story(other_server(fake_api))).money is Money.HOLD


def test_one_picture_a_check_and_none_in_an_embedding(fake_api: FakeApi, tmp_path: Path) -> None:
    looks = describe(tmp_path, count=2).images
    for question in (
        replace(moderation_question("openai", MODERATION_MODEL, "a car"), images=looks),
        replace(embedding_question("openai", EMBEDDING_MODEL, "a car"), images=looks[:1]),
    ):
        fault = failed(own_openai(fake_api), question)
        assert (fault.money, fault.code) == (Money.VOID, "unsendable")
    assert fake_api.requests() == []


# Embeddings


def cosine(first: tuple[float, ...], second: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))


def test_words_that_mean_the_same_stand_near(fake_api: FakeApi) -> None:
    def placed(text: str) -> tuple[float, ...]:
        painted = answered(own_openai(fake_api), embedding_question("openai", EMBEDDING_MODEL, text))
        assert not painted.free
        assert painted.usage is not None
        assert painted.usage.text_in == fake_api.bill()[-1].usage["in"]
        return parse_vector(painted.revised)

    car, cars, boat = placed("a red car"), placed("Red cars"), placed("the old lighthouse")
    assert len(car) == DIMENSIONS
    assert cosine(car, cars) > 0.999
    assert abs(cosine(car, boat)) < 0.3
    assert math.isclose(cosine(car, car), 1, abs_tol=1e-5)


def test_another_server_gives_what_it_has(fake_api: FakeApi) -> None:
    painted = answered(other_server(fake_api), embedding_question("openai", "nomic", "a red car"))
    assert len(parse_vector(painted.revised)) == 768
    (seen,) = fake_api.requests()
    assert seen.body == {"model": "nomic", "input": ["a red car"], "encoding_format": "float"}


@pytest.mark.parametrize("fault", ["billed_fin", "billed_500", "billed_cut_body"])
def test_a_lost_embedding_may_be_billed(fake_api: FakeApi, fault: str) -> None:
    fake_api.script(faults=[fault])
    assert failed(own_openai(fake_api), embedding_question("openai", EMBEDDING_MODEL, "a car")).money is Money.HOLD


@pytest.mark.parametrize("fault", ["empty_data_200", "cut_json_200", "html_200", "no_data_200"])
def test_an_answer_that_is_no_vector_has_no_words_and_says_why(fake_api: FakeApi, fault: str) -> None:
    fake_api.script(faults=[fault])
    painted = answered(own_openai(fake_api), embedding_question("openai", EMBEDDING_MODEL, "a car"))
    assert painted.revised == ""
    assert len(painted.notes) == 1


# Of all kinds


def questions(tmp_path: Path) -> dict[str, Question]:
    return {
        "/v1/moderations": moderation_question("openai", MODERATION_MODEL, "a car"),
        "/v1/embeddings": embedding_question("openai", EMBEDDING_MODEL, "a car"),
        "/v1/chat/completions": describe(tmp_path),
    }


@pytest.mark.parametrize("path", ["/v1/moderations", "/v1/embeddings", "/v1/chat/completions"])
def test_a_server_that_lacks_an_api_is_told_plainly(fake_api: FakeApi, tmp_path: Path, path: str) -> None:
    fake_api.script(closed=[path])
    fault = failed(other_server(fake_api), questions(tmp_path)[path])
    assert (fault.money, fault.retry, fault.code) == (Money.VOID, Retry.NEVER, "no-route")
    assert str(fault).startswith(f"127.0.0.1 has no {path.removeprefix('/v1')}, so ")
    assert fault.halt is (Halt.RUN if "chat" in path else Halt.JOB)


@pytest.mark.parametrize("path", ["/v1/moderations", "/v1/embeddings"])
def test_a_model_that_is_not_there_is_told_as_such(fake_api: FakeApi, tmp_path: Path, path: str) -> None:
    fake_api.script(faults=["404"])
    fault = failed(other_server(fake_api), questions(tmp_path)[path])
    assert (fault.money, fault.code) == (Money.VOID, "model")


@pytest.mark.parametrize("path", ["/v1/moderations", "/v1/embeddings", "/v1/chat/completions"])
def test_a_wrong_key_is_no_key_and_is_not_repeated(fake_api: FakeApi, tmp_path: Path, path: str) -> None:
    fake_api.script(wrong_key=KEY)
    fault = failed(other_server(fake_api), questions(tmp_path)[path])
    assert fault.account
    assert fault.money is Money.VOID


def test_models_of_their_own_and_elsewhere_only_those_that_are_named(fake_api: FakeApi) -> None:
    own = own_openai(fake_api)
    assert (own.moderation_model, own.embedding_model) == ("omni-moderation-latest", "text-embedding-3-small")
    assert (other_server(fake_api).moderation_model, other_server(fake_api).embedding_model) == (None, None)
    named: dict[str, Any] = {"moderation_model": "guard-1", "embedding_model": "nomic"}
    for provider in (own_openai(fake_api, **named), other_server(fake_api, **named)):
        assert (provider.moderation_model, provider.embedding_model) == ("guard-1", "nomic")
