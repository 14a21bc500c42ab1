"""Words over real sockets: both APIs, and every way in which an answer comes to nothing."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from imgcli.errors import AttemptError, Money, SettingsError
from imgcli.model.attempt import Hold
from imgcli.model.picture import Painted, Usage
from imgcli.model.question import Question
from imgcli.model.secret import Secret
from imgcli.ports import ProviderConfig
from imgcli.providers.openai.provider import TEXT_MODEL, OpenAIProvider
from imgcli.providers.openai.writing import CHAT, MOST_TOKENS, RESPONSES, read, request
from tests.fake_api.client import KEY, FakeApi

ASKED = Question("openai", "words-1", "Write.", json.dumps({"prompt": "a car", "count": 2}), '{"type": "object"}', 700)
FORMS = pytest.mark.parametrize("form", [RESPONSES, CHAT])


def provider(url: str, form: str = CHAT, key: str = KEY, timeout: float = 20) -> OpenAIProvider:
    return OpenAIProvider(ProviderConfig(Secret(key), url, "the test", {"text_api": form}, timeout, "openai"))


def ask(api: FakeApi, form: str = CHAT, fault: Any = "", **how: Any) -> Painted | AttemptError:
    if fault:
        api.script(faults=[fault])

    async def story() -> Painted | AttemptError:
        writer = provider(api.base_url, form, **how)
        job = ASKED.job("a car", "x", (), Path("/nowhere"))
        try:
            return await writer.answer(Hold("attempt-1", "run", job, 100, priced=True))
        except AttemptError as error:
            return error
        finally:
            await writer.close()

    return asyncio.run(story())


@FORMS
def test_a_question_is_answered_and_billed_as_told(fake_api: FakeApi, form: str) -> None:
    painted = ask(fake_api, form)
    assert isinstance(painted, Painted)
    assert len(json.loads(painted.revised)["prompts"]) == 2
    (bill,) = fake_api.bill()
    assert painted.usage == Usage(bill.usage["in"], 0, 0, bill.usage["out"])
    assert (bill.model, bill.prompt, bill.x_client_request_id) == ("words-1", "a car", "attempt-1")
    assert painted.request_id


def test_the_users_words_stand_where_users_stand_and_nowhere_else(fake_api: FakeApi) -> None:
    ask(fake_api, RESPONSES)
    ask(fake_api, CHAT)
    responses, chat = (seen.body for seen in fake_api.requests())
    assert responses["instructions"] == chat["messages"][0]["content"] == "Write."
    assert responses["input"] == [{"role": "user", "content": ASKED.words}]
    assert chat["messages"][1:] == [{"role": "user", "content": ASKED.words}]
    assert responses["store"] is False
    assert (responses["max_output_tokens"], chat["max_tokens"]) == (700, 700)
    assert responses["text"]["format"]["strict"] is chat["response_format"]["json_schema"]["strict"] is True


@FORMS
@pytest.mark.parametrize(
    ("fault", "money"),
    [
        ("read_then_close", Money.HOLD),
        ("billed_fin", Money.HOLD),
        ("billed_cut_body", Money.HOLD),
        ("billed_500", Money.HOLD),
        ("bare_503", Money.HOLD),
        ("rate_429", Money.VOID),
        ("quota_429", Money.VOID),
        ("401", Money.VOID),
        ("404", Money.VOID),
    ],
)
def test_what_became_of_the_money_when_no_answer_came(fake_api: FakeApi, form: str, fault: str, money: Money) -> None:
    error = ask(fake_api, form, fault)
    assert isinstance(error, AttemptError)
    assert error.money is money
    assert KEY not in str(error)


@FORMS
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"choices": "x", "output": 7}',
        b'{"choices": [{"message": 1}, 7], "output": [{"content": [1, {"type": "output_text", "text": 5}]}]}',
        b'{"choices": [{"message": {"content": null}}], "output": []}',
        (
            b'{"choices": [{"message": {"content": "x"}, "finish_reason": "length"}], "status": "incomplete",'
            b' "incomplete_details": {"reason": "max_output_tokens"}, "output": []}'
        ),
        (
            b'{"choices": [{"message": {"refusal": "no"}}],'
            b' "output": [{"content": [{"type": "refusal", "refusal": "no"}]}], "status": "completed"}'
        ),
        b'{"choices": [{"message": {}, "finish_reason": []}], "status": {}, "output": []}',
        b"[" * 100_000,
    ],
)
def test_an_answer_without_words_says_why(form: str, body: bytes) -> None:
    painted = read(body, form, "req_1")
    assert painted.revised == ""
    assert painted.usage is None
    assert len(painted.notes) == 1


@FORMS
@pytest.mark.parametrize("count", [0, -1, True, 1.5, "7", None, MOST_TOKENS])
def test_usage_that_no_text_has_is_no_usage(form: str, count: object) -> None:
    used = {"prompt_tokens": 5, "completion_tokens": count, "input_tokens": 5, "output_tokens": count}
    assert read(json.dumps({"usage": used}).encode(), form, "").usage is None


def test_a_key_that_a_server_repeats_is_not_kept(fake_api: FakeApi) -> None:
    fake_api.script(answer=f'{{"prompts": ["{KEY}"]}}')
    painted = ask(fake_api)
    assert isinstance(painted, Painted)
    assert KEY not in painted.revised


def test_an_endless_answer_is_not_read_to_its_end(fake_api: FakeApi) -> None:
    fake_api.script(answer="x" * (2 << 20))
    error = ask(fake_api)
    assert isinstance(error, AttemptError)
    assert error.money is Money.POST


def test_cut_off_it_may_be_billed(fake_api: FakeApi) -> None:
    async def story() -> None:
        writer = provider(fake_api.base_url)
        fake_api.script(gate=True)
        job = ASKED.job("a car", "x", (), Path("/nowhere"))
        task = asyncio.ensure_future(writer.answer(Hold("attempt-1", "run", job, 100, priced=True)))
        await asyncio.to_thread(fake_api.wait, in_flight=1)
        task.cancel()
        with pytest.raises(AttemptError) as caught:
            await task
        assert caught.value.money is Money.HOLD
        await writer.close()

    asyncio.run(story())


def test_openai_has_a_model_of_its_own_and_other_servers_need_a_name() -> None:
    assert OpenAIProvider(ProviderConfig(None, "", "", {}, 5, "openai")).text_model == TEXT_MODEL
    assert provider("http://127.0.0.1:9/v1").text_model == ""
    named = ProviderConfig(None, "http://127.0.0.1:9/v1", "", {"text_model": "mine"}, 5, "other")
    assert OpenAIProvider(named).text_model == "mine"
    with pytest.raises(SettingsError, match="text_api must be responses or chat"):
        provider("http://127.0.0.1:9/v1", "grpc")


def test_nothing_is_asked_of_openai_that_is_stored_or_cached() -> None:
    asked = request(ASKED, RESPONSES)
    assert asked["store"] is False
    assert asked["prompt_cache_options"] == {"mode": "explicit"}
    assert asked["reasoning"] == {"effort": "none"}


@FORMS
def test_half_a_character_in_an_answer_does_not_lose_it(form: str) -> None:
    said = {"content": "a \ud800 car"}
    body = {"choices": [{"message": said}], "output": [{"content": [{"type": "output_text", "text": "a \ud800 car"}]}]}
    assert read(json.dumps(body).encode(), form, "").revised.encode() == b"a ? car"
