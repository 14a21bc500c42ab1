"""Pictures from pictures: the form byte by byte as it came over the socket, and an honest word about the money."""

import asyncio
import hashlib
import io
import json
import random
import socket
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from imgcli.errors import AttemptError, Halt, Money, Retry, SettingsError
from imgcli.model.attempt import Hold
from imgcli.model.input import Edit
from imgcli.model.picture import Painted
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.secret import Secret
from imgcli.ports import ProviderConfig
from imgcli.providers.openai.enclosures import MOST
from imgcli.providers.openai.provider import OpenAIProvider
from tests.fake_api import pictures
from tests.fake_api.client import KEY, FakeApi
from tests.fake_api.multipart import Part, parse
from tests.fakes.easel import Keeps
from tests.fakes.jobs import a_file, a_job
from tests.fakes.web import Said, Web, said

VOID, HOLD = Money.VOID, Money.HOLD
MADE = said(200, json.dumps({"data": [{"b64_json": "iVBORw0KGgo="}]}).encode(), content_type="application/json")
FLARE, ONE_FIVE = "gpt-image-2.5-flare", "gpt-image-1.5"
NOISE = random.Random(6).randbytes(300_000)  # noqa: S311 - any bytes will do
"""Every byte there is, lines and boundaries that look like ours among them."""


@pytest.fixture(autouse=True, params=["aiohttp", "httpx2"])
def transport(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything is proved on both ways down to the socket."""
    if request.param == "httpx2":
        monkeypatch.setitem(sys.modules, "aiohttp", None)
    return str(request.param)


def a_provider(url: str, timeout: float = 20, **options: object) -> OpenAIProvider:
    return OpenAIProvider(ProviderConfig(Secret(KEY), url, "the test", options, timeout, "openai"))


def a_hold(edit: Edit | None, **changes: Any) -> Hold:
    return Hold("attempt-1", "run", a_job(edit=edit, **changes), 100, priced=True)


def done(story: Coroutine[Any, Any, Any]) -> Any:
    async def quickly() -> Any:
        async with asyncio.timeout(20):
            return await story

    return asyncio.run(quickly())


def rgba(width: int = 64, height: int = 48) -> bytes:
    """A mask or markup: its left half is transparent."""
    image = Image.new("RGBA", (width, height), (200, 10, 10, 255))
    image.paste((0, 0, 0, 0), (0, 0, width // 2, height))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def an_edit(place: Path, count: int = 1, **changes: Any) -> Edit:
    """True pictures, 64x48, of as many formats as there are."""
    kinds = [("png", "png"), ("jpeg", "jpg"), ("webp", "webp")]
    files = []
    for number in range(count):
        kind, ending = kinds[number % 3]
        data = pictures.make(kind, 64, 48, number + 1)
        files.append(a_file(place / f"my secret plan {number + 1}.{ending}", data))
    return replace(Edit(tuple(files)), **changes)


def with_mask(place: Path, **changes: Any) -> Edit:
    return an_edit(place, mask=a_file(place / "my mask.png", rgba()), **changes)


def with_markup(place: Path) -> Edit:
    return an_edit(place, markup=a_file(place / "my markup.png", rgba()))


async def painted(provider: OpenAIProvider, hold: Hold) -> Painted | AttemptError:
    try:
        return await provider.paint(hold, Keeps())
    except AttemptError as fault:
        return fault
    finally:
        await provider.close()


def met(url: str, edit: Edit, timeout: float = 20, **changes: Any) -> Painted | AttemptError:
    found: Painted | AttemptError = done(painted(a_provider(url, timeout), a_hold(edit, **changes)))
    return found


def fault_of(*answers: Said, edit: Edit) -> tuple[AttemptError, Web]:
    async def story() -> tuple[AttemptError, Web]:
        async with Web(*answers) as web:
            fault = await painted(a_provider(f"{web.url}/v1"), a_hold(edit))
        assert isinstance(fault, AttemptError)
        return fault, web

    got: tuple[AttemptError, Web] = done(story())
    return got


# What is sent, byte by byte


def sent(edit: Edit, options: dict[str, Any] | None = None, **job: Any) -> tuple[str, bytes]:
    """Head and body of the request."""

    async def story() -> tuple[str, bytes]:
        async with Web(MADE) as web:
            provider = a_provider(f"{web.url}/v1", **options or {})
            assert isinstance(await painted(provider, a_hold(edit, **job)), Painted)
            (request,), (body,) = web.seen, web.bodies
            return request.partition("\r\n\r\n")[0], body

    got: tuple[str, bytes] = done(story())
    return got


def headers_of(head: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:])


def parts_of(head: str, body: bytes) -> list[Part]:
    """All parts of the form; whatever else were in it is an error."""
    boundary = headers_of(head)["content-type"]
    return parse(body, boundary)


def texts(parts: list[Part]) -> dict[str, str]:
    return {part.name: part.data.decode() for part in parts if part.filename is None}


def files(parts: list[Part]) -> list[tuple[str, str | None, str, bytes]]:
    return [(part.name, part.filename, part.content_type, part.data) for part in parts if part.filename is not None]


TEXTS = {
    "prompt": "a car",
    "model": FLARE,
    "n": "1",
    "size": "1024x1024",
    "quality": "medium",
    "output_format": "png",
}

CASES: list[tuple[Callable[[Path], Edit], list[tuple[str, str, str]], dict[str, str]]] = [
    (an_edit, [("image", "input-1.png", "image/png")], {}),
    (
        lambda place: an_edit(place, 3),
        [
            ("image[]", "input-1.png", "image/png"),
            ("image[]", "input-2.jpg", "image/jpeg"),
            ("image[]", "input-3.webp", "image/webp"),
        ],
        {},
    ),
    (
        with_mask,
        [("image", "input-1.png", "image/png"), ("mask", "mask.png", "image/png")],
        {},
    ),
    (
        with_markup,
        [("image", "input-1.png", "image/png"), ("markup", "markup.png", "image/png")],
        {},
    ),
    (
        lambda place: an_edit(place, fidelity="high"),
        [("image", "input-1.png", "image/png")],
        {"input_fidelity": "high"},
    ),
    (
        lambda place: with_mask(place, fidelity="low"),
        [("image", "input-1.png", "image/png"), ("mask", "mask.png", "image/png")],
        {"input_fidelity": "low"},
    ),
]


@pytest.mark.parametrize(
    ("make", "expected", "more"), CASES, ids=["one", "three", "mask", "markup", "fidelity", "mask+fidelity"]
)
def test_every_part_has_its_name_its_file_name_its_type_and_its_very_bytes(
    tmp_path: Path, make: Callable[[Path], Edit], expected: list[tuple[str, str, str]], more: dict[str, str]
) -> None:
    edit = make(tmp_path)
    head, body = sent(edit)
    parts = parts_of(head, body)
    data = [each.path.read_bytes() for each in edit.everything]
    assert files(parts) == [(*told, bytes_) for told, bytes_ in zip(expected, data, strict=True)]
    assert [hashlib.sha256(part[3]).hexdigest() for part in files(parts)] == [each.sha256 for each in edit.everything]
    assert texts(parts) == TEXTS | more
    assert len(parts) == len(TEXTS | more) + len(expected)


def test_the_head_of_the_request(tmp_path: Path) -> None:
    head, body = sent(an_edit(tmp_path, 2))
    assert head.startswith("POST /v1/images/edits HTTP/1.1\r\n")
    lines = headers_of(head)
    assert int(lines["content-length"]) == len(body)
    assert "transfer-encoding" not in lines
    assert lines["x-client-request-id"] == "attempt-1"
    assert lines["authorization"] == f"bearer {KEY}".lower()
    assert lines["accept-encoding"] == "identity"
    assert lines["x-stainless-retry-count"] == "0"
    assert not [name for name in lines if "idempotency" in name]


def test_nothing_of_this_machine_is_in_it(tmp_path: Path) -> None:
    head, body = sent(with_mask(tmp_path))
    for word in (str(tmp_path), "secret plan", "my mask", tmp_path.name):
        assert word.encode() not in body
        assert word not in head


def test_bytes_that_look_like_a_form_come_through_as_they_are(tmp_path: Path) -> None:
    """A picture is any bytes: longer than every buffer, with lines and boundaries in it."""
    noise = [b"\r\n--boundary--\r\n" + NOISE * 7, b"\r\n\r\n", NOISE + b"\r\n", b"--"]
    edit = Edit(tuple(a_file(tmp_path / f"{number}.png", data) for number, data in enumerate(noise)))
    head, body = sent(edit)
    assert [part[3] for part in files(parts_of(head, body))] == noise


def test_sixteen_pictures_are_sent_in_order(tmp_path: Path) -> None:
    edit = an_edit(tmp_path, 16)
    told = files(parts_of(*sent(edit)))
    assert [part[:2] for part in told] == [
        ("image[]", f"input-{number}.{('png', 'jpg', 'webp')[(number - 1) % 3]}") for number in range(1, 17)
    ]
    assert [part[3] for part in told] == [each.path.read_bytes() for each in edit.inputs]


def test_the_words_of_a_prompt_come_through_as_they_are(tmp_path: Path) -> None:
    words = 'a "car"\nof 50% ümlauts & 猫\r\n--x'
    told = texts(parts_of(*sent(an_edit(tmp_path), prompt=DirectedPrompt(words, words))))
    assert told["prompt"] == words


def test_a_background_is_sent_if_it_is_asked_for(tmp_path: Path) -> None:
    told = texts(parts_of(*sent(an_edit(tmp_path), background="transparent", format="webp")))
    assert told == TEXTS | {"background": "transparent", "output_format": "webp"}


def test_what_the_table_of_a_foreign_server_adds(tmp_path: Path) -> None:
    options = {
        "takes_seed": True,
        "response_format": "b64_json",
        "extra_body": {"steps": 20, "seed": 1, "lora": {"name": "x", "on": True}, "sizes": [1, 2]},
    }
    job = {"seed": 7, "quality": "auto", "prompt": DirectedPrompt("a car", "a car", negative="blur")}
    parts = parts_of(*sent(an_edit(tmp_path), options, **job))
    told = texts(parts)
    assert (told["steps"], told["seed"], told["negative_prompt"]) == ("20", "7", "blur")
    assert (told["lora[name]"], told["lora[on]"], told["response_format"]) == ("x", "true", "b64_json")
    assert [part.data for part in parts if part.name == "sizes[]"] == [b"1", b"2"]
    assert "quality" not in told


def test_openai_is_asked_for_what_it_documents(tmp_path: Path) -> None:
    provider = a_provider("")
    assert provider._request(a_job(edit=an_edit(tmp_path, fidelity="low"), quality="auto", seed=7)) == {
        "model": FLARE,
        "prompt": "a car",
        "n": 1,
        "size": "1024x1024",
        "quality": "auto",
        "output_format": "png",
        "input_fidelity": "low",
    }


# Masks of other servers


@pytest.mark.parametrize(("mask", "left"), [("white", 255), ("black", 0)])
def test_a_mask_in_the_words_of_its_server(tmp_path: Path, mask: str, left: int) -> None:
    edit = with_mask(tmp_path)
    image, part = files(parts_of(*sent(edit, {"mask": mask})))
    assert image[3] == edit.inputs[0].path.read_bytes()
    assert part[:3] == ("mask", "mask.png", "image/png")
    with Image.open(io.BytesIO(part[3])) as opened:
        assert (opened.size, opened.mode) == ((64, 48), "L")
        assert [opened.getpixel((x, 7)) for x in (0, 31, 32, 63)] == [left, left, 255 - left, 255 - left]


def test_a_mask_is_sent_as_it_is_unless_its_server_wants_another(tmp_path: Path) -> None:
    edit = with_mask(tmp_path)
    assert edit.mask is not None
    for options in ({}, {"mask": "alpha"}):
        assert files(parts_of(*sent(edit, options)))[1][3] == edit.mask.path.read_bytes()


def test_openai_has_its_masks_as_they_are_whatever_the_table_says() -> None:
    assert a_provider("", mask="white")._enclosures._mask == "alpha"


@pytest.mark.parametrize("mask", ["grey", "", "Alpha"])
def test_a_mask_of_an_unknown_kind_is_no_setting(mask: str) -> None:
    with pytest.raises(SettingsError, match="mask must be alpha, white or black"):
        a_provider("http://127.0.0.1:9/v1", mask=mask)


@pytest.mark.parametrize("name", ["image", "image[]", "mask", "markup"])
def test_no_table_puts_pictures_of_its_own_into_a_request(name: str) -> None:
    with pytest.raises(SettingsError, match="extra_body must not set"):
        a_provider("http://127.0.0.1:9/v1", extra_body={name: "x"})


# Files that are not what they were


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("change", ["changed", "grown", "gone"])
def test_a_file_that_is_not_what_was_looked_at_sends_nothing(tmp_path: Path, which: int, change: str) -> None:
    edit = an_edit(tmp_path, 2, mask=a_file(tmp_path / "mask.png", rgba()))
    file = edit.everything[which].path
    match change:
        case "changed":
            file.write_bytes(file.read_bytes()[:-1] + b"!")
        case "grown":
            file.write_bytes(file.read_bytes() + b"!")
        case _:
            file.unlink()
    fault, web = fault_of(MADE, edit=edit)
    assert (fault.money, fault.halt, fault.retry) == (VOID, Halt.JOB, Retry.NEVER)
    assert (web.connections, web.seen) == (0, [])
    assert file.name in str(fault)
    assert "nothing was sent, nothing is billed" in str(fault)
    assert "run the" in str(fault)


def test_the_rest_of_a_run_goes_on_beside_one_that_changed(tmp_path: Path, fake_api: FakeApi) -> None:
    good, bad = an_edit(tmp_path), an_edit(tmp_path, 2)
    bad.inputs[1].path.unlink()

    async def story() -> list[Painted | AttemptError]:
        provider = a_provider(fake_api.base_url)
        holds = [replace(a_hold(edit), attempt=f"attempt-{n}") for n, edit in enumerate([good, bad, good])]

        async def one(hold: Hold) -> Painted | AttemptError:
            try:
                return await provider.paint(hold, Keeps())
            except AttemptError as fault:
                return fault

        found = await asyncio.gather(*map(one, holds))
        await provider.close()
        return found

    found = done(story())
    assert [isinstance(each, Painted) for each in found] == [True, False, True]
    assert {bill.x_client_request_id for bill in fake_api.bill()} == {"attempt-0", "attempt-2"}


# How far it got


class Listener:
    """A server that reads `most` bytes after the head, says `answer` and hangs up."""

    def __init__(self, most: int | None, answer: bytes = b"") -> None:
        self._most, self._answer = most, answer
        self.read = 0
        self.begun = asyncio.Event()
        self.hangs_up = asyncio.Event()
        self.ended = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].partition("\r\n")[0])
        most = length if self._most is None else self._most
        while self.read < most and (block := await reader.read(min(65536, most - self.read))):
            self.read += len(block)
            self.begun.set()
        if self._most is None:
            await self.hangs_up.wait()
        writer.write(self._answer)
        if self._answer:
            await writer.drain()
            writer.close()
        else:
            writer.transport.abort()
        self.ended.set()


def large(place: Path) -> Edit:
    """More than all buffers on the way take."""
    return Edit(tuple(a_file(place / f"{number}.png", NOISE * 40) for number in range(3)))


def cut(listener: Listener, edit: Edit, *, cancel: bool = False) -> AttemptError:
    async def story() -> AttemptError:
        async with await asyncio.start_server(listener.serve, "127.0.0.1", 0) as server:
            provider = a_provider(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
            task = asyncio.ensure_future(painted(provider, a_hold(edit)))
            if cancel:
                await listener.begun.wait()
                task.cancel()
            else:
                listener.hangs_up.set()
            fault = await task
            assert provider._enclosures._room._free == MOST
            listener.hangs_up.set()
            await listener.ended.wait()
        assert isinstance(fault, AttemptError)
        return fault

    found: AttemptError = done(story())
    return found


@pytest.mark.parametrize("most", [0, 1000, 5_000_000])
def test_cut_before_all_of_it_left_it_is_free(tmp_path: Path, most: int) -> None:
    fault = cut(Listener(most), large(tmp_path))
    assert (fault.money, fault.retry, fault.code) == (VOID, Retry.FREE, "unreachable")


def test_cut_after_all_of_it_left_it_may_be_billed(tmp_path: Path) -> None:
    fault = cut(Listener(None), large(tmp_path))
    assert (fault.money, fault.retry, fault.code) == (HOLD, Retry.NEVER, "lost")


def test_stopped_while_it_leaves_it_may_be_billed(tmp_path: Path) -> None:
    """Whoever was cut off cannot tell how much the server has read by then."""
    fault = cut(Listener(None), large(tmp_path), cancel=True)
    assert (fault.money, fault.code) == (HOLD, "aborted")


@pytest.mark.parametrize("status", [413, 429, 400])
def test_a_refusal_before_all_of_it_left_is_free(tmp_path: Path, status: int) -> None:
    """Servers refuse what is too large without reading it; whether their words still arrive is a race."""
    body = json.dumps({"error": {"message": "no", "code": "too_much"}}).encode()
    fault = cut(Listener(200_000, said(status, body, content_type="application/json")), large(tmp_path))
    assert fault.money is VOID


class Hears(Keeps):
    """An easel that tells when something came."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = asyncio.Event()

    async def write(self, data: bytes) -> None:
        await super().write(data)
        self.heard.set()


def answered_early(edit: Edit, *, reads_on: bool) -> tuple[Painted | AttemptError, bytes]:
    """A server that begins with its picture before it has read the pictures; then it reads on, or hangs up."""
    picture = b"A" * 4_000_000
    body = b'{"data": [{"b64_json": "' + picture + b'"}]}'
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode()

    async def story() -> tuple[Painted | AttemptError, bytes]:
        paper, ended = Hears(), asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            asked = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            left = int(asked.partition("content-length:")[2].partition("\r\n")[0])
            writer.write(head + body[:-100])
            await paper.heard.wait()
            if reads_on:
                while left:
                    left -= len(await reader.read(65536))
                writer.write(body[-100:])
                await writer.drain()
                writer.close()
            else:
                writer.transport.abort()
            ended.set()

        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            provider = a_provider(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
            found: Painted | AttemptError
            try:
                found = await provider.paint(a_hold(edit), paper)
            except AttemptError as fault:
                found = fault
            await provider.close()
            await ended.wait()
        return found, paper.data

    got: tuple[Painted | AttemptError, bytes] = done(story())
    return got


def test_an_answer_that_breaks_off_may_be_billed_though_not_all_had_left(tmp_path: Path, transport: str) -> None:
    if transport == "httpx2":
        pytest.skip("it reads no answer before all has left")
    found, _ = answered_early(large(tmp_path), reads_on=False)
    assert isinstance(found, AttemptError)
    assert (found.money, found.retry) == (HOLD, Retry.NEVER)


def test_what_leaves_while_the_answer_comes_goes_on_leaving(tmp_path: Path, transport: str) -> None:
    if transport == "httpx2":
        pytest.skip("it reads no answer before all has left")
    found, data = answered_early(large(tmp_path), reads_on=True)
    assert isinstance(found, Painted), found
    assert len(data) == 3_000_000


def test_what_moves_is_not_given_up_for_being_long(tmp_path: Path) -> None:
    """Five minutes by the clock of the loop, each block half a second, where the server may be silent for one."""
    passed = 0.0
    edit = large(tmp_path)

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal passed
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        left = int(head.partition("content-length:")[2].partition("\r\n")[0])
        while left:
            left -= len(await reader.read(65536))
            passed += 0.5
        writer.write(MADE)
        await writer.drain()
        writer.close()

    async def story() -> Painted | AttemptError:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        async with await asyncio.start_server(slow, sock=listener) as server:
            provider = a_provider(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", timeout=60)
            return await painted(provider, a_hold(edit))

    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        clock = loop.time
        loop.time = lambda: clock() + passed  # type: ignore[method-assign]
        found = runner.run(story())
    assert isinstance(found, Painted), found
    assert passed > 250


@pytest.mark.parametrize(
    ("fault", "money", "retry", "bills"),
    [
        ("close_at_accept", None, None, 0),
        ("read_then_close", HOLD, Retry.NEVER, 0),
        ("billed_fin", HOLD, Retry.NEVER, 1),
        ("billed_rst", HOLD, Retry.NEVER, 1),
        ("billed_cut_body", HOLD, Retry.NEVER, 1),
        ("billed_500", HOLD, Retry.NEVER, 1),
        ("html_200", HOLD, Retry.NEVER, 1),
        ("empty_data_200", Money.POST, Retry.NEVER, 1),
        ("moderation_output_400", HOLD, Retry.NEVER, 1),
        ("moderation_input_400", VOID, Retry.NEVER, 0),
        ("rate_429", VOID, Retry.FREE, 0),
        ("quota_429", VOID, Retry.NEVER, 0),
        ("401", VOID, Retry.NEVER, 0),
        ("404", VOID, Retry.NEVER, 0),
        ("413", VOID, Retry.NEVER, 0),
        ("redirect_307", VOID, Retry.NEVER, 0),
    ],
)
def test_every_way_to_go_wrong_is_one_request_and_an_honest_word_about_the_money(
    tmp_path: Path, fake_api: FakeApi, fault: str, money: Money | None, retry: Retry | None, bills: int
) -> None:
    fake_api.script(faults=[fault])
    found = met(fake_api.base_url, an_edit(tmp_path))
    assert isinstance(found, AttemptError)
    assert len(fake_api.bill()) == bills
    assert len(fake_api.requests()) == (0 if fault == "close_at_accept" else 1)
    assert (found.money, found.retry) == (money or found.money, retry or found.retry)
    assert "canary" not in str(found)


def test_a_picture_refused_by_the_safety_system_is_said_to_be_one(tmp_path: Path, fake_api: FakeApi) -> None:
    fake_api.script(faults=["moderation_input_400"])
    found = met(fake_api.base_url, an_edit(tmp_path))
    assert isinstance(found, AttemptError)
    assert found.moderated
    assert "reword the prompt or take other input pictures" in str(found)


def test_a_rate_limit_tells_when_to_come_back(tmp_path: Path, fake_api: FakeApi) -> None:
    fake_api.script(faults=[{"fault": "rate_429", "wait": 12}])
    found = met(fake_api.base_url, an_edit(tmp_path))
    assert isinstance(found, AttemptError)
    assert (found.wait, found.halt) == (12, Halt.JOB)


@pytest.mark.parametrize(
    "answer",
    [
        said(404, b'{"detail":"Not Found"}', content_type="application/json"),
        said(404, b"404 page not found", content_type="text/plain"),
        said(405, b'{"detail":"Method Not Allowed"}', content_type="application/json"),
    ],
)
def test_a_server_without_the_route_is_said_to_be_one(tmp_path: Path, answer: bytes) -> None:
    fault, web = fault_of(answer, edit=an_edit(tmp_path))
    assert "it has no /images/edits" in str(fault)
    assert (fault.money, fault.halt, fault.code, web.connections) == (VOID, Halt.JOB, "no-route", 1)


def test_a_key_that_is_echoed_goes_no_further(tmp_path: Path) -> None:
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}."}}).encode()
    fault, _ = fault_of(said(401, body, content_type="application/json"), edit=an_edit(tmp_path))
    assert "canary-0123" not in str(fault)


# What it brings


def test_the_picture_and_its_bill(tmp_path: Path, fake_api: FakeApi) -> None:
    edit = an_edit(tmp_path, 3)

    async def story() -> tuple[Painted, bytes]:
        provider, paper = a_provider(fake_api.base_url), Keeps()
        made = await provider.paint(a_hold(edit), paper)
        await provider.close()
        return made, paper.data

    made, data = done(story())
    (bill,), (seen,) = fake_api.bill(), fake_api.requests()
    assert hashlib.sha256(data).hexdigest() == bill.sha256[0]
    assert made.usage is not None
    assert (made.usage.text_in, made.usage.image_in, made.usage.image_out) == (7 + 30, 3 * 12, 439)
    assert [part["sha256"] for part in seen.body["parts"] if part["filename"]] == [each.sha256 for each in edit.inputs]


def test_while_the_answer_is_waited_for_no_picture_is_held(tmp_path: Path, fake_api: FakeApi) -> None:
    fake_api.script(gate=True)

    async def story() -> None:
        provider = a_provider(fake_api.base_url)
        task = asyncio.ensure_future(provider.paint(a_hold(large(tmp_path)), Keeps()))
        await asyncio.to_thread(fake_api.wait, in_flight=1)
        assert provider._enclosures._room._free == MOST
        await asyncio.to_thread(fake_api.release)
        with pytest.raises(AttemptError, match="Invalid image file"):
            await task
        await provider.close()

    done(story())


def test_cut_off_at_any_moment_nothing_that_was_billed_is_called_free(tmp_path: Path, fake_api: FakeApi) -> None:
    edit = an_edit(tmp_path, 2)

    async def story() -> dict[str, Money | None]:
        said_of: dict[str, Money | None] = {}
        for turns in range(0, 160, 4):
            provider = a_provider(fake_api.base_url)
            hold = replace(a_hold(edit), attempt=f"cut-{turns}")
            task = asyncio.ensure_future(painted(provider, hold))
            for _ in range(turns + 1):
                await asyncio.sleep(0)
            task.cancel()
            ended = await task
            said_of[hold.attempt] = ended.money if isinstance(ended, AttemptError) else None
        return said_of

    said_of = done(story())
    billed = {bill.x_client_request_id for bill in fake_api.bill()}
    assert not [attempt for attempt, money in said_of.items() if money is VOID and attempt in billed]
    assert VOID in said_of.values()
