import base64
import io
import itertools
import json
import threading
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from bench.control import Server
from bench.manner import BARE, MODEL, QUALITY, TINY, Manner
from bench.noise import number_of
from imgcli.providers.openai.error_answer import Answer, asked_wait, retry_after, stated_limit
from tests.fake_api.prices import MODELS, usage
from tests.fakes.clock import NOON


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    json: dict[str, Any]

    @property
    def picture(self) -> bytes:
        return base64.b64decode(self.json["data"][0]["b64_json"], validate=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


def ask(server: Server, **change: object) -> Reply:
    url = urlsplit(server.base_url)
    connection = HTTPConnection(url.hostname or "", url.port, timeout=30)
    body = {"model": MODEL, "prompt": "a car", "size": TINY, "quality": QUALITY} | change
    connection.request("POST", f"{url.path}/images/generations", json.dumps(body))
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return Reply(answer.status, {name.lower(): text for name, text in answer.getheaders()}, told)


def test_pictures_are_valid_different_and_known(server: Server, tmp_path: Path) -> None:
    server.behave(Manner(size=TINY))
    numbers = set()
    for index in range(20):
        path = tmp_path / f"{index}.png"
        path.write_bytes(ask(server).picture)
        with Image.open(path) as image:
            image.load()
            assert (image.format, image.size) == ("PNG", (64, 64))
        numbers.add(number_of(path, (64, 64), server.known))
    assert len(numbers - {None}) == 20


def test_noise_cannot_be_packed_and_a_normal_picture_weighs_what_real_ones_do(server: Server) -> None:
    server.behave(Manner())
    picture = ask(server, size="1024x1024").picture
    assert 1_900_000 < len(picture) < 2_000_000
    assert len(zlib.compress(picture)) > 0.99 * len(picture)
    with Image.open(io.BytesIO(picture)) as image:
        assert image.size == (1024, 1024)


@pytest.mark.parametrize("place", [0, 20, 40, 60, 70, -1])
def test_a_changed_byte_is_no_picture(server: Server, tmp_path: Path, place: int) -> None:
    server.behave(Manner(size=TINY))
    changed = bytearray(ask(server).picture)
    changed[place] ^= 1
    (tmp_path / "a.png").write_bytes(changed)
    assert number_of(tmp_path / "a.png", (64, 64), server.known) is None


def test_a_cut_picture_is_none(server: Server, tmp_path: Path) -> None:
    server.behave(Manner(size=TINY))
    whole = ask(server).picture
    for length in (0, 30, 66, len(whole) - 1):
        (tmp_path / "a.png").write_bytes(whole[:length])
        assert number_of(tmp_path / "a.png", (64, 64), server.known) is None


def test_the_usage_is_that_of_the_correct_fake(server: Server) -> None:
    server.behave(Manner(size=TINY))
    assert ask(server, prompt="x" * 99).json["usage"] == usage(MODELS[MODEL], "x" * 99, QUALITY, 64, 64)


def test_another_size_is_refused(server: Server) -> None:
    server.behave(Manner(size=TINY))
    assert ask(server, size="128x128").status == 400


def test_a_refusal_names_limit_and_wait_or_neither(server: Server) -> None:
    server.behave(Manner(size=TINY, ipm=60, bucket=1))
    assert ask(server).status == 200
    real = ask(server)
    wait = retry_after(real.headers, NOON)
    message = real.json["error"]["message"]
    assert real.status == 429
    assert wait is not None
    assert 0 < wait <= 1
    assert stated_limit(Answer(429, message=message)) == 60
    assert asked_wait(Answer(429, message=message)) is not None
    server.behave(Manner(size=TINY, ipm=60, bucket=1, via=BARE))
    ask(server)
    bare = ask(server)
    assert bare.status == 429
    assert retry_after(bare.headers, NOON) is None
    message = bare.json["error"]["message"]
    assert (stated_limit(Answer(429, message=message)), asked_wait(Answer(429, message=message))) == (None, None)
    tally = server.tally()
    assert (tally.requests, tally.refused, tally.answers) == (2, 1, 1)
    assert server.tally().requests == 0


def test_a_gate_opens_when_all_are_there(server: Server) -> None:
    server.behave(Manner(size=TINY, gate=3))
    replies: list[Reply] = []
    visitors = [threading.Thread(target=lambda: replies.append(ask(server))) for _ in range(3)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert [reply.status for reply in replies] == [200, 200, 200]
    assert server.tally().peak == 3


def test_latencies_are_the_same_for_all() -> None:
    manner = Manner(latency=0.5, sigma=0.4)
    first, second = (list(itertools.islice(manner.latencies(), 2000)) for _ in range(2))
    assert first == second
    assert 0.48 < sorted(first)[1000] < 0.52
