import asyncio
from typing import Any

import pytest

from imgcli.errors import AccountError, AttemptError, Money, Retry, SettingsError
from imgcli.model.attempt import Hold
from imgcli.model.card import Wording
from imgcli.model.secret import Secret
from imgcli.ports import ProviderConfig
from imgcli.providers.openai.provider import OpenAIProvider
from tests.contracts.test_provider_contract import Canvas
from tests.fake_api.client import KEY, FakeApi
from tests.fakes.jobs import a_job

ATTEMPT = "01a1fd1f-666b-756c-9d44-d415359a8970"


def provider(url: str = "", timeout: float = 30, key: str | None = KEY, **options: object) -> OpenAIProvider:
    return OpenAIProvider(ProviderConfig(Secret(key) if key else None, url, "the test", options, timeout, "openai"))


def paint(api: FakeApi, fault: Any = "", **changes: Any) -> bytes | AttemptError:
    """The bytes, or the fault."""
    if fault:
        api.script(faults=[fault])
    timeout = changes.pop("timeout", 30)

    async def story() -> bytes | AttemptError:
        painter, canvas = provider(api.base_url, timeout), Canvas()
        hold = Hold(ATTEMPT, "run", a_job(**changes), 100, priced=True)
        try:
            await painter.paint(hold, canvas)
        except AttemptError as error:
            return error
        finally:
            await painter.close()
        return canvas.data

    return asyncio.run(story())


@pytest.mark.parametrize(
    ("fault", "money"),
    [
        ("close_at_accept", Money.HOLD),
        ("read_then_close", Money.HOLD),
        ("billed_fin", Money.HOLD),
        ("billed_rst", Money.HOLD),
        ("billed_cut_body", Money.HOLD),
        ("billed_500", Money.HOLD),
        ("billed_502_html", Money.HOLD),
        ("bare_503", Money.HOLD),
        ("html_200", Money.HOLD),
        ("cut_json_200", Money.HOLD),
        ("no_data_200", Money.HOLD),
        ("empty_data_200", Money.POST),
        ("bad_base64_200", Money.POST),
        ("moderation_output_400", Money.HOLD),
        ("moderation_input_400", Money.VOID),
        ("408", Money.HOLD),
        ("409", Money.VOID),
        ("400", Money.VOID),
        ("401", Money.VOID),
        ("403", Money.VOID),
        ("404", Money.VOID),
        ("413", Money.VOID),
        ("422", Money.VOID),
        ("rate_429", Money.VOID),
        ("quota_429", Money.VOID),
        ("retry_after_300", Money.VOID),
        ("overloaded_503", Money.VOID),
        ("redirect_307", Money.VOID),
        ("string_error_400", Money.VOID),
    ],
)
def test_every_way_to_go_wrong_is_one_request_and_an_honest_word_about_the_money(
    fake_api: FakeApi, fault: str, money: Money
) -> None:
    found = paint(fake_api, fault)
    assert isinstance(found, AttemptError)
    assert found.money is money
    assert len(fake_api.requests()) <= 1
    if fake_api.bill():
        assert found.money is not Money.VOID
    assert KEY not in str(found)
    assert "<html" not in str(found)


def test_silence_after_sending_is_a_lost_answer(fake_api: FakeApi) -> None:
    found = paint(fake_api, "billed_silence", timeout=0.3)
    assert isinstance(found, AttemptError)
    assert (found.money, found.retry) == (Money.HOLD, Retry.NEVER)


def test_nobody_there_is_certainly_unpaid() -> None:
    async def story() -> None:
        painter = provider("http://127.0.0.1:9/v1")
        with pytest.raises(AttemptError) as caught:
            await painter.paint(Hold(ATTEMPT, "run", a_job(), 1, priced=True), Canvas())
        assert (caught.value.money, caught.value.retry, caught.value.code) == (Money.VOID, Retry.FREE, "unreachable")
        await painter.close()

    asyncio.run(story())


def test_waits_come_from_headers(fake_api: FakeApi) -> None:
    found = paint(fake_api, "retry_after_300")
    assert isinstance(found, AttemptError)
    assert found.wait == 300
    found = paint(fake_api, "rate_429")
    assert isinstance(found, AttemptError)
    assert found.wait == pytest.approx(0.2)
    assert found.limit == 300


def test_what_is_sent(fake_api: FakeApi) -> None:
    paint(fake_api)
    (seen,) = fake_api.requests()
    assert seen.headers["x-client-request-id"] == ATTEMPT
    assert seen.headers["accept-encoding"] == "identity"
    assert "idempotency-key" not in seen.headers
    assert seen.headers.get("x-stainless-retry-count") == "0"


def test_openai_itself_gets_no_more_than_it_takes() -> None:
    request = provider()._request(a_job(seed=7, quality="high"))
    assert request == {
        "model": "gpt-image-2.5-flare",
        "prompt": "a car",
        "n": 1,
        "size": "1024x1024",
        "quality": "high",
        "output_format": "png",
    }


def test_a_compatible_server_gets_what_its_table_says() -> None:
    studio = provider("http://127.0.0.1:9/v1", takes_seed=True, wording="keywords", extra_body={"steps": 20})
    assert studio.card("anything").wording is Wording.KEYWORDS
    request = studio._request(a_job(seed=7, quality="auto"))
    assert request["extra_body"] == {"steps": 20, "seed": 7}
    assert "quality" not in request
    assert (
        provider("http://127.0.0.1:9/v1", response_format="b64_json")._request(a_job())["response_format"] == "b64_json"
    )


def test_a_foreign_host_is_told_and_its_lack_of_encryption(fake_api: FakeApi) -> None:
    (line,) = provider(fake_api.base_url).notices(["x"])
    assert fake_api.base_url in line
    assert "the test" in line
    assert "not encrypted" in line
    assert provider().notices(["gpt-image-2"]) == []
    assert "2026-12-01" in provider().notices(["gpt-image-1.5"])[0]


def test_no_key() -> None:
    with pytest.raises(AccountError, match="--provider placeholder"):
        provider(key=None).ready()
    provider("http://127.0.0.1:9/v1", key=None).ready()


def test_options_are_checked() -> None:
    with pytest.raises(SettingsError, match="models must be a list of names"):
        provider(models=[1])


def test_a_wrong_key_is_found_by_check(fake_api: FakeApi) -> None:
    async def story() -> str:
        painter = provider(fake_api.base_url)
        try:
            return (await painter.check()).seen
        finally:
            await painter.close()

    assert "...cdef" in asyncio.run(story())
