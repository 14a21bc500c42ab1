"""The provider against servers that lie, stall, echo and hang up: one request each, and an honest word about the money."""

import asyncio
import hashlib
import itertools
import json
import sys
from collections.abc import Coroutine
from datetime import date
from typing import Any

import pytest

from imgcli.errors import AccountError, AttemptError, Halt, Money, Retry, SettingsError, StorageError
from imgcli.model.attempt import Hold
from imgcli.model.finding import Finding, Level
from imgcli.model.picture import Painted
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.secret import Secret
from imgcli.ports import Easel, ProviderConfig
from imgcli.providers.openai.answer_stream import MAX_TEXT
from imgcli.providers.openai.pouring import MAX_BODY
from imgcli.providers.openai.provider import OpenAIProvider
from tests.fake_api.client import FakeApi
from tests.fakes.easel import Keeps
from tests.fakes.jobs import a_job
from tests.fakes.web import Said, Web, said
from tests.rows import each_row

KEY = "sk-test-canary-0123456789abcdef"
VOID, HOLD, POST = Money.VOID, Money.HOLD, Money.POST
PNG = "iVBORw0KGgo="
MADE = json.dumps({"data": [{"b64_json": PNG}]}).encode()
JSON = "application/json"


@pytest.fixture(autouse=True, params=["aiohttp", "httpx2"])
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything is proved on both ways down to the socket."""
    if request.param == "httpx2":
        monkeypatch.setitem(sys.modules, "aiohttp", None)
    return str(request.param)


class Paper(Keeps):
    """An easel, which may be broken."""

    def __init__(self, *, broken: bool = False) -> None:
        super().__init__()
        self.broken = broken

    async def write(self, data: bytes) -> None:
        if self.broken:
            raise StorageError("no room")
        await super().write(data)


def a_provider(url: str = "", key: str | None = KEY, timeout: float = 20, **options: object) -> OpenAIProvider:
    config = ProviderConfig(Secret(key) if key else None, url, "the test", options, timeout, "openai")
    return OpenAIProvider(config, date(2026, 11, 21))


def a_hold(attempt: str = "attempt-1", **changes: Any) -> Hold:
    return Hold(attempt, "run", a_job(**changes), 100, priced=True)


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(20):
            return await story

    return asyncio.run(quickly())


async def painted(provider: OpenAIProvider, hold: Hold, easel: Easel) -> Painted | AttemptError:
    try:
        return await provider.paint(hold, easel)
    except AttemptError as fault:
        return fault


def met(*answers: Said, key: str = KEY, job: dict[str, Any] | None = None, **config: Any) -> tuple[AttemptError, Web]:
    """The fault that a server with these answers ends in."""

    async def story() -> tuple[AttemptError, Web]:
        async with Web(*answers) as web:
            provider = a_provider(f"{web.url}/v1", key, **config)
            fault = await painted(provider, a_hold(**job or {}), Paper())
            await provider.close()
        assert isinstance(fault, AttemptError)
        return fault, web

    got: tuple[AttemptError, Web] = done(story())
    return got


FAULTS = [
    # fault, requests seen, bills, money, sent again
    ("read_then_close", 1, 0, HOLD, Retry.NEVER),
    ("401", 1, 0, VOID, Retry.NEVER),
    ("403", 1, 0, VOID, Retry.NEVER),
    ("quota_429", 1, 0, VOID, Retry.NEVER),
    ("rate_429", 1, 0, VOID, Retry.FREE),
    ("retry_after_300", 1, 0, VOID, Retry.FREE),
    ("overloaded_503", 1, 0, VOID, Retry.FREE),
    ("moderation_input_400", 1, 0, VOID, Retry.NEVER),
    ("400", 1, 0, VOID, Retry.NEVER),
    ("404", 1, 0, VOID, Retry.NEVER),
    ("413", 1, 0, VOID, Retry.NEVER),
    ("422", 1, 0, VOID, Retry.NEVER),
    ("string_error_400", 1, 0, VOID, Retry.NEVER),
    ("408", 1, 0, HOLD, Retry.NEVER),
    ("409", 1, 0, VOID, Retry.FREE),
    ("redirect_307", 1, 0, VOID, Retry.NEVER),
    ("billed_fin", 1, 1, HOLD, Retry.NEVER),
    ("billed_rst", 1, 1, HOLD, Retry.NEVER),
    ("billed_silence", 1, 1, HOLD, Retry.NEVER),
    ("billed_cut_body", 1, 1, HOLD, Retry.NEVER),
    ("billed_500", 1, 1, HOLD, Retry.NEVER),
    ("billed_502_html", 1, 1, HOLD, Retry.NEVER),
    ("bare_503", 1, 1, HOLD, Retry.NEVER),
    ("moderation_output_400", 1, 1, HOLD, Retry.NEVER),
    ("html_200", 1, 1, HOLD, Retry.NEVER),
    ("cut_json_200", 1, 1, HOLD, Retry.NEVER),
    ("no_data_200", 1, 1, HOLD, Retry.NEVER),
    ("empty_data_200", 1, 1, POST, Retry.NEVER),
    ("bad_base64_200", 1, 1, POST, Retry.NEVER),
]


@pytest.mark.parametrize(("fault", "requests", "bills", "money", "retry"), FAULTS, ids=[row[0] for row in FAULTS])
def test_one_request_one_bill_at_most_and_the_money_never_understated(
    fake_api: FakeApi, fault: str, requests: int, bills: int, money: Money, retry: Retry
) -> None:
    async def story() -> AttemptError:
        provider = a_provider(fake_api.base_url, timeout=0.4 if fault == "billed_silence" else 20)
        found = await painted(provider, a_hold(), Paper())
        await provider.close()
        assert isinstance(found, AttemptError)
        return found

    fake_api.script(faults=[fault])
    found = done(story())
    assert (len(fake_api.requests()), len(fake_api.bill())) == (requests, bills)
    assert (found.money, found.retry) == (money, retry)
    assert not (bills and found.money is VOID)
    assert len(str(found).splitlines()) == 1


def test_a_connection_that_closes_at_once_was_not_billed_whatever_is_said(fake_api: FakeApi) -> None:
    """Whether the body had left is a race that the trace decides; only the other way round would be a lie."""
    fake_api.script(faults=["close_at_accept"])

    async def story() -> Painted | AttemptError:
        provider = a_provider(fake_api.base_url)
        found = await painted(provider, a_hold(), Paper())
        await provider.close()
        return found

    found = done(story())
    assert isinstance(found, AttemptError)
    assert found.money in {VOID, HOLD}
    assert (found.retry is Retry.FREE) is (found.money is VOID)
    assert not fake_api.bill()


@pytest.mark.parametrize(
    "fault", ["", "url_200", "data_url_200", "jpeg_for_png", "wrong_size_200", "two_pictures_200", "not_a_picture_200"]
)
def test_the_bytes_are_those_that_were_billed(fake_api: FakeApi, fault: str) -> None:
    async def story() -> tuple[Painted | AttemptError, bytes]:
        provider, paper = a_provider(fake_api.base_url), Paper()
        found = await painted(provider, a_hold(), paper)
        await provider.close()
        return found, paper.data

    fake_api.script(faults=[fault] if fault else [])
    found, data = done(story())
    assert isinstance(found, Painted)
    assert found.request_id
    assert found.usage is not None
    assert found.notes == (("the server sent 2 pictures, 1 was asked for",) if fault == "two_pictures_200" else ())
    (bill,) = fake_api.bill()
    if fault != "not_a_picture_200":
        assert hashlib.sha256(data).hexdigest() == bill.sha256[0]


@pytest.mark.parametrize("fault", ["no_usage_200", "zero_usage_200", "foreign_usage_200"])
def test_a_usage_that_says_nothing_is_none(fake_api: FakeApi, fault: str) -> None:
    async def story() -> Painted | AttemptError:
        provider = a_provider(fake_api.base_url)
        found = await painted(provider, a_hold(), Paper())
        await provider.close()
        return found

    fake_api.script(faults=[fault])
    found = done(story())
    assert isinstance(found, Painted)
    assert found.usage is None


@each_row(
    ("status", "money"),
    [
        (202, HOLD),
        (204, HOLD),
        (205, HOLD),
        (300, HOLD),
        (301, VOID),
        (302, VOID),
        (303, HOLD),
        (304, HOLD),
        (307, VOID),
        (308, VOID),
        (402, VOID),
        (405, VOID),
        (418, VOID),
        (500, HOLD),
        (502, HOLD),
        (504, HOLD),
        (524, HOLD),
        (599, HOLD),
    ],
)
def test_a_bare_status(status: int, money: Money) -> None:
    fault, web = met(said(status, location="/v1/images/generations"))
    assert (fault.money, web.connections) == (money, 1)


def test_any_2xx_may_hold_a_picture() -> None:
    async def story() -> bytes:
        async with Web(said(201, MADE, content_type=JSON)) as web:
            provider, paper = a_provider(web.url), Paper()
            await provider.paint(a_hold(), paper)
            await provider.close()
            return paper.data

    assert done(story()).startswith(b"\x89PNG")


@each_row(
    "answer",
    [
        b"",
        b"\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 401 No\r\ncontent-length: 500\r\n\r\n{",
        b"HTTP/1.1 500 No\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{",
        said(200, MADE, content_encoding="gzip"),
        said(200, b"", content_type=JSON),
        said(200, b"[" * 100_000, content_type=JSON),
        said(200, b"\xff\xfe\x00", content_type=JSON),
        None,
    ],
)
def test_an_answer_that_breaks_off_may_have_been_billed(answer: Said) -> None:
    fault, web = met(answer, timeout=0.3)
    assert (fault.money, fault.retry, web.connections) == (HOLD, Retry.NEVER, 1)


@pytest.mark.parametrize(
    ("begins", "block", "most"),
    [
        (b"", bytes(1 << 20), f"{MAX_TEXT >> 20} MiB beside its picture"),
        (b'{"data": [{"b64_json": "', b"A" * (1 << 20), f"{MAX_BODY >> 20} MiB;"),
        (b'{"data": [{"b64_json": "!', b"A" * (1 << 20), f"{MAX_BODY >> 20} MiB;"),
        (b'{"data": [{}, {"b64_json": "', b"A" * (1 << 20), f"{MAX_BODY >> 20} MiB;"),
    ],
)
def test_an_answer_without_end_is_billed_and_cut_off(begins: bytes, block: bytes, most: str) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"
    fault, _ = met(itertools.chain([head + begins], itertools.repeat(block)))
    assert fault.money is POST
    assert f"larger than {most}" in str(fault)


def test_a_request_that_did_not_leave_in_full_is_not_billed() -> None:
    """The server hangs up in the middle of a body too large for the buffers between."""

    async def story() -> AttemptError:
        async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.transport.abort()

        async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            provider = a_provider(f"http://127.0.0.1:{port}/v1")
            words = "a car " * 4_000_000
            fault = await painted(provider, a_hold(prompt=DirectedPrompt(words, words)), Paper())
            await provider.close()
        assert isinstance(fault, AttemptError)
        return fault

    fault = done(story())
    assert (fault.money, fault.retry, fault.code) == (VOID, Retry.FREE, "unreachable")


def test_a_server_without_tls_gets_nothing() -> None:
    async def story() -> AttemptError:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            hello = await reader.read(5)
            assert hello.startswith(b"\x16\x03")
            writer.write(said(400))
            writer.close()

        async with await asyncio.start_server(plain, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            provider = a_provider(f"https://127.0.0.1:{port}/v1")
            fault = await painted(provider, a_hold(), Paper())
            await provider.close()
        assert isinstance(fault, AttemptError)
        return fault

    fault = done(story())
    assert (fault.money, fault.retry) == (VOID, Retry.FREE)


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_opens_no_tunnel_has_sent_nothing(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    """The tunnel has a request of its own, which must not pass for ours."""

    async def story() -> tuple[AttemptError, list[str]]:
        async with Web(said(status)) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            provider = a_provider("https://pictures.example/v1")
            fault = await painted(provider, a_hold(), Paper())
            await provider.close()
        assert isinstance(fault, AttemptError)
        return fault, proxy.seen

    fault, seen = done(story())
    assert [head.split("\r\n")[0] for head in seen] == ["CONNECT pictures.example:443 HTTP/1.1"]
    assert KEY not in seen[0]
    assert (fault.money, fault.retry) == (VOID, Retry.FREE)


def test_a_proxy_that_carries_the_request_and_fails_may_have_been_billed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> AttemptError:
        async with Web(b"") as proxy:
            monkeypatch.setenv("HTTP_PROXY", proxy.url)
            provider = a_provider("http://pictures.example/v1")
            fault = await painted(provider, a_hold(), Paper())
            await provider.close()
            assert len(proxy.seen) == 1
        assert isinstance(fault, AttemptError)
        return fault

    assert done(story()).money is HOLD


# Cutting off


def test_cut_off_at_any_moment_nothing_that_was_billed_is_called_free(fake_api: FakeApi) -> None:
    """A cancellation at each turn of the loop, from before the first byte to after the answer."""

    async def story() -> dict[str, Money | None]:
        provider = a_provider(fake_api.base_url)
        said_of: dict[str, Money | None] = {}
        for turns in range(80):
            if turns == 60:
                # From here on it has to connect anew each time, and nothing leaves before that.
                await provider.close()
                provider = a_provider(fake_api.base_url)
            # Its connection stays open, so that each turn is the same step of the request every time.
            if turns < 60:
                await provider.paint(a_hold(f"warm-{turns}"), Paper())
            attempt = f"cut-{turns}"
            task = asyncio.ensure_future(painted(provider, a_hold(attempt), Paper()))
            for _ in range(turns % 60 + 1):
                await asyncio.sleep(0)
            task.cancel()
            ended = await task
            said_of[attempt] = ended.money if isinstance(ended, AttemptError) else None
            assert isinstance(ended, Painted) or (ended.retry, ended.code) == (Retry.NEVER, "aborted")
        await provider.paint(a_hold("last"), Paper())
        await provider.close()
        return said_of

    said_of = done(story())
    billed = {bill.x_client_request_id for bill in fake_api.bill()}
    assert "last" in billed
    assert not [attempt for attempt, money in said_of.items() if money is VOID and attempt in billed]
    assert VOID in said_of.values()
    assert HOLD in said_of.values()


def test_cut_off_while_the_server_works(fake_api: FakeApi) -> None:
    async def story() -> AttemptError:
        provider = a_provider(fake_api.base_url)
        task = asyncio.ensure_future(painted(provider, a_hold(), Paper()))
        await asyncio.to_thread(fake_api.wait, in_flight=1)
        task.cancel()
        fault = await task
        await provider.close()
        assert isinstance(fault, AttemptError)
        return fault

    fake_api.script(gate=True)
    fault = done(story())
    fake_api.release()
    assert (fault.money, fault.code) == (HOLD, "aborted")


def test_many_at_once_each_hear_of_their_own_request_alone(fake_api: FakeApi) -> None:
    faults = ["billed_fin", "rate_429", "400", "billed_cut_body", "bad_base64_200", "409", "billed_rst", "401"]
    fake_api.script(faults=faults * 3)

    async def story() -> list[Painted | AttemptError]:
        provider = a_provider(fake_api.base_url)
        found = await asyncio.gather(*(painted(provider, a_hold(f"attempt-{i}"), Paper()) for i in range(30)))
        await provider.close()
        return found

    found = done(story())
    billed = {bill.x_client_request_id for bill in fake_api.bill()}
    assert len(fake_api.requests()) == 30
    for number, end in enumerate(found):
        free = isinstance(end, AttemptError) and end.money is VOID
        assert free is (f"attempt-{number}" not in billed)


def test_a_full_disk_is_not_the_providers_fault(fake_api: FakeApi) -> None:
    async def story() -> None:
        provider = a_provider(fake_api.base_url)
        with pytest.raises(StorageError, match="no room"):
            await provider.paint(a_hold(), Paper(broken=True))
        await provider.close()

    done(story())


# What is sent


def sent(job: dict[str, Any], key: str | None = KEY, **options: Any) -> tuple[str, dict[str, Any]]:
    """Head and body of the request for `job`."""

    async def story() -> str:
        async with Web(said(200, MADE, content_type=JSON)) as web:
            provider = a_provider(f"{web.url}/v1", key, **options)
            await provider.paint(a_hold("attempt-7", **job), Paper())
            await provider.close()
            (request,) = web.seen
            return request

    head, _, body = done(story()).partition("\r\n\r\n")
    told: dict[str, Any] = json.loads(body)
    return head, told


def test_a_foreign_server_gets_the_request_and_nothing_of_ours_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    monkeypatch.setenv("OPENAI_ADMIN_KEY", "sk-admin-secret")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/stray")
    head, body = sent({"seed": 7, "quality": "high"})
    assert head.startswith("POST /v1/images/generations HTTP/1.1")
    lines = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:])
    assert lines["x-client-request-id"] == "attempt-7"
    assert lines["authorization"] == f"bearer {KEY}"
    assert lines["accept-encoding"] == "identity"
    assert not [name for name in lines if "idempotency" in name or "organization" in name or "project" in name]
    assert "secret" not in head
    assert body == {
        "model": "gpt-image-2.5-flare",
        "prompt": "a car",
        "n": 1,
        "size": "1024x1024",
        "quality": "high",
        "output_format": "png",
    }


def test_without_a_key_none_is_sent_not_even_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-of-another-host")
    head, _ = sent({}, key=None)
    assert "secret" not in head
    assert "Bearer none" in head


def test_what_the_table_of_a_foreign_server_adds() -> None:
    prompt = DirectedPrompt("a car", "a car, oil", negative="blur")
    options: dict[str, Any] = {
        "takes_seed": True,
        "response_format": "b64_json",
        "extra_body": {"steps": 20, "seed": 1},
    }
    _, body = sent({"seed": 7, "quality": "auto", "prompt": prompt}, **options)
    assert body["prompt"] == "a car, oil"
    assert (body["negative_prompt"], body["seed"], body["steps"]) == ("blur", 7, 20)
    assert body["response_format"] == "b64_json"
    assert "quality" not in body


def test_openai_gets_only_what_it_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/stray")
    provider = a_provider()
    prompt = DirectedPrompt("a car", "a car", negative="blur")
    assert provider._request(a_job(seed=7, quality="auto", format="webp", prompt=prompt)) == {
        "model": "gpt-image-2.5-flare",
        "prompt": "a car",
        "n": 1,
        "size": "1024x1024",
        "quality": "auto",
        "output_format": "webp",
    }
    client = provider._client
    assert str(client.base_url) == "https://api.openai.com/v1/"
    assert client.max_retries == 0
    assert not client._client.follow_redirects
    done(provider.close())


@pytest.mark.parametrize(
    ("options", "job"),
    [
        ({"extra_body": {"since": date(2026, 1, 1)}}, {}),
        ({"extra_body": {"scale": float("nan")}}, {}),
        ({}, {"prompt": DirectedPrompt("\ud800", "\ud800")}),
    ],
)
def test_a_request_that_cannot_be_written_costs_nothing(options: dict[str, Any], job: dict[str, Any]) -> None:
    fault, web = met(said(200, MADE), job=job, **options)
    assert (fault.money, fault.code, web.seen) == (VOID, "unsendable", [])


# Keys


@pytest.mark.parametrize(
    "answer",
    [
        said(
            401, json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}."}}).encode(), content_type=JSON
        ),
        said(401, json.dumps({"error": {"message": "x" * 280 + KEY}}).encode(), content_type=JSON),
        said(400, json.dumps({"error": {"message": "bad", "code": KEY}}).encode(), content_type=JSON),
        said(500, json.dumps({"detail": [{"msg": f"Bearer {KEY}\nis no key"}]}).encode(), content_type=JSON),
        said(403, f"<html>{KEY}".encode(), content_type="text/html"),
        said(200, json.dumps({"error": f"key {KEY}"}).encode(), content_type=JSON),
        said(200, b"<", content_type=f"text/html; {KEY}"),
        said(200, json.dumps({"data": [{"url": f"https://127.0.0.1/{KEY}"}]}).encode(), content_type=JSON),
        said(307, location=f"http://127.0.0.1:9/{KEY}"),
    ],
)
def test_a_key_that_is_echoed_goes_no_further(answer: Said) -> None:
    fault, web = met(answer)
    assert KEY in web.seen[0]
    for text in (str(fault), fault.code, repr(fault)):
        assert "canary-0123" not in text
    assert len(str(fault).splitlines()) == 1


def test_a_key_with_a_line_break_is_not_quoted_by_the_error_it_makes() -> None:
    fault, web = met(said(200, MADE), key="sk-test-canary-0123\n456789abcdef")
    assert (fault.money, web.seen) == (VOID, [])
    assert "canary-0123" not in str(fault)


def test_words_of_a_server_are_cut_and_stay_on_one_line() -> None:
    hostile = json.dumps({"error": {"message": "a\n\x1b[2J\u2028b " * 4000}}).encode()
    fault, _ = met(said(400, hostile, content_type=JSON, x_request_id="r" * 4000))
    assert len(str(fault)) < 400
    assert len(str(fault).splitlines()) == 1
    assert len(fault.request_id) == 200


# Its own addresses


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_carries_neither_key_nor_prompt_elsewhere(status: int) -> None:
    async def story() -> tuple[int, int, AttemptError]:
        async with Web(said(200, MADE)) as elsewhere, Web(said(status, location=f"{elsewhere.url}/v1")) as web:
            provider = a_provider(web.url)
            fault = await painted(provider, a_hold(), Paper())
            await provider.close()
        assert isinstance(fault, AttemptError)
        return web.connections, elsewhere.connections, fault

    here, there, fault = done(story())
    assert (here, there) == (1, 0)
    assert (fault.halt is Halt.RUN) is (status != 303)


@pytest.mark.parametrize("url", ["https://127.0.0.1:1/x.png", "http://169.254.169.254/x.png", "file:///etc/passwd"])
def test_a_picture_at_an_inner_address_is_billed_and_not_fetched(url: str) -> None:
    fault, _ = met(said(200, json.dumps({"data": [{"url": url}]}).encode(), content_type=JSON))
    assert (fault.money, fault.code) == (POST, "no-picture")
    assert url in str(fault)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("", ""),
        ("https://api.openai.com/v1", ""),
        ("https://API.OPENAI.COM/v1", ""),
        ("http://api.openai.com/v1", "http://api.openai.com/v1 (not encrypted), as the test says"),
        ("https://api.openai.com.evil.example/v1", "https://api.openai.com.evil.example/v1, as the test says"),
        ("https://api.openai.com@evil.example/v1", "https://evil.example/v1, as the test says"),
        ("https://name:word@evil.example/v1", "https://evil.example/v1, as the test says"),
    ],
)
def test_every_host_but_openais_own_is_named(url: str, told: str) -> None:
    notices = a_provider(url).notices(["gpt-image-2"])
    assert notices == ([f"openai: requests and prompts go to {told}"] if told else [])


@pytest.mark.parametrize("url", ["https://", "https://[::1", "http://:80/v1", "https://h:99999/v1", "https://h:x/v1"])
def test_a_base_url_without_a_host_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(SettingsError, match=r"the test: .* is not a web address"):
        a_provider(url)


@pytest.mark.parametrize("name", ["n", "model", "prompt", "stream"])
def test_no_option_makes_a_request_dearer_than_its_hold(name: str) -> None:
    with pytest.raises(SettingsError, match=f"extra_body must not set {name}"):
        a_provider("http://127.0.0.1:9", extra_body={name: 4})


@pytest.mark.parametrize(
    "options", [{"colour": "red"}, {"takes_seed": "yes"}, {"wording": "verse"}, {"models": [1]}, {"extra_body": []}]
)
def test_options_that_are_wrong_are_refused_at_the_start(options: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=r"\[providers\.openai\]"):
        a_provider("", **options)


# check()


def checked(*answers: Said, key: str | None = KEY, url: str = "") -> Finding:
    async def story() -> Finding:
        async with Web(*answers) as web:
            provider = a_provider(url or f"{web.url}/v1", key)
            finding = await provider.check()
            await provider.close()
            await provider.close()
            assert all(request.startswith("GET /v1/models") for request in web.seen)
        return finding

    found: Finding = done(story())
    return found


EMPTY = b'{"object":"list","data":[]}'


@pytest.mark.parametrize(
    ("answer", "level", "seen"),
    [
        (said(200, EMPTY, content_type=JSON), Level.OK, "accepts the key ending ...cdef"),
        (said(200, EMPTY, date="Mon, 01 Jan 2024 00:00:00 GMT"), Level.WARN, "minutes apart"),
        (said(200, EMPTY, date="long ago"), Level.OK, "accepts"),
        (said(401, f'{{"error":{{"message":"no {KEY}"}}}}'.encode(), content_type=JSON), Level.FAIL, "was rejected"),
        (said(404), Level.WARN, "base URL"),
        (said(500), Level.WARN, "server error 500"),
        (said(302, location="/login"), Level.WARN, "redirects"),
        (b"", Level.FAIL, "cannot be reached"),
    ],
)
def test_check_says_what_it_saw(answer: Said, level: Level, seen: str) -> None:
    finding = checked(answer)
    assert finding.level is level
    assert seen in finding.seen
    assert KEY not in finding.seen
    assert len(finding.seen.splitlines()) == 1


def test_check_of_a_server_that_needs_no_key() -> None:
    finding = checked(said(200, EMPTY), key=None)
    assert (finding.level, finding.seen) == (Level.OK, "127.0.0.1 answers")


def test_without_a_key_openai_is_not_even_asked() -> None:
    provider = a_provider(key=None)
    assert done(provider.check()).level is Level.WARN
    with pytest.raises(AccountError, match="OPENAI_API_KEY"):
        provider.ready()
    done(provider.close())


def test_what_comes_on_an_idle_connection_is_no_answer() -> None:
    """A late or doubled answer would pay twice, or put a picture under the words of the next."""

    async def story() -> tuple[list[object], int]:
        asked = 0
        idle = asyncio.Event()

        async def twice(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
                asked += 1
                body = (
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(MADE)
                    + MADE
                )
                late = b"HTTP/1.1 429 No\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
                writer.write(body)
                await writer.drain()
                await idle.wait()
                writer.write(late)
                await writer.drain()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await twice(reader, writer)
            except (asyncio.IncompleteReadError, ConnectionError):
                writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            provider = a_provider(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
            told: list[object] = []
            for number in range(3):
                idle.clear()
                told.append(await painted(provider, a_hold(f"attempt-{number}"), Paper()))
                idle.set()
                for _ in range(50):
                    await asyncio.sleep(0)
            await provider.close()
        return told, asked

    told, asked = done(story())
    assert [str(one) for one in told if isinstance(one, AttemptError)] == []
    assert asked == 3
