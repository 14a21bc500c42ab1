import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.choosing import Choice
from imgcli.showing import format_of
from tests.cli.run_cli import imgcli
from tests.fakes.inputs import a_photo
from tests.rigs.hung import TOKEN, Hung, hung
from tests.rigs.loopback import body, status
from tests.rows import each_row

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hung]:
    """Two cars, served."""
    place = tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMGCLI_HOME", str(place / "home"))
        patch.chdir(place)
        assert (
            imgcli("gen", "a car", "-n", "2", "-o", "cars/", "--provider", "placeholder", "--size", "square").code == 0
        )
        env = dict(os.environ)
    with hung(Choice((str(place / "cars"),)), env) as served:
        yield served


def cli(shop: Hung, *words: str) -> list[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMGCLI_HOME", str(shop.desk.settings.paths.data.parent))
        seen = imgcli(*words)
    assert seen.code == 0, seen.err
    return seen.lines


def test_the_page_the_pictures_and_their_small_ones_are_served(shop: Hung) -> None:
    page = shop.get("")
    assert status(page) == 200
    (rules,) = [line for line in page.split(b"\r\n") if line.startswith(b"Content-Security-Policy")]
    for rule in (b"default-src 'none'", b"script-src 'sha256-", b"connect-src 'self'", b"frame-ancestors 'none'"):
        assert rule in rules
    assert b"unsafe" not in rules
    assert f'"token":"{TOKEN}"'.encode() in page
    told = shop.items()
    assert told["next"] == 2
    for item, pick in zip(told["items"], shop.exhibit.shown.picks, strict=True):
        answer = shop.get(item["href"])
        assert body(answer) == pick.path.read_bytes()
        assert b"Content-Type: image/png" in answer
        assert b"nosniff" in answer
        small = shop.get(item["thumb"])
        assert body(small)[8:12] == b"WEBP"
        assert len(body(small)) < len(body(answer))
    assert (shop.items(2)["items"], shop.items(1)["next"]) == ([], 2)


def test_what_is_said_in_the_page_is_in_the_catalog(shop: Hung) -> None:
    one, two = shop.attempts
    nothing = {"attempt": one, "marks": [], "stars": 0, "tags": []}
    assert shop.say(attempt=one, mark="picked", on=True) == nothing | {"marks": ["picked"]}
    assert [json.loads(line)["attempt"] for line in cli(shop, "pick", "--list", "--json")] == [one]
    # Either, never both.
    assert shop.say(attempt=one, mark="rejected", on=True) == nothing | {"marks": ["rejected"]}
    assert shop.say(attempt=one, mark="rejected", on=False) == nothing
    assert shop.say(attempt=two, mark="opened", on=True)["marks"] == ["opened"]
    assert shop.say(attempt=two, stars=4)["stars"] == 4
    assert shop.say(attempt=two, stars=0)["stars"] == 0
    assert shop.say(attempt=one, tag=" café ", on=True) == nothing | {"tags": ["café"]}
    assert shop.say(attempt=one, tag="café", on=False) == nothing


@each_row(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"{",
        b"\xff\xfe",
        b"[" * 4000,
        b'{"attempt":"ID"}',
        b'{"attempt":"ID","mark":"finished"}',
        b'{"attempt":"ID","mark":"exported"}',
        b'{"attempt":"ID","mark":"picked","stars":3}',
        b'{"attempt":"ID","mark":"picked","tag":"x"}',
        b'{"attempt":"ID","mark":["picked"]}',
        b'{"attempt":"ID","mark":"picked","on":"yes"}',
        b'{"attempt":"ID","mark":"picked","path":"/etc/passwd"}',
        b'{"attempt":"ID","stars":6}',
        b'{"attempt":"ID","stars":-1}',
        b'{"attempt":"ID","stars":4.5}',
        b'{"attempt":"ID","stars":true}',
        b'{"attempt":"ID","tag":" "}',
        b'{"attempt":"ID","tag":"' + b"x" * 101 + b'"}',
        b'{"attempt":"ID","tag":"a\\u0000b"}',
        b'{"attempt":"ID","tag":"a\\u001b[31m"}',
        b'{"attempt":"ID","tag":"\\ud800"}',
    ],
)
def test_an_opinion_that_is_none_is_refused(data: bytes, shop: Hung) -> None:
    assert status(shop.post(data.replace(b"ID", shop.attempts[0].encode()))) == 400
    assert shop.items()["items"][0]["attempt"] == shop.attempts[0]
    assert not shop.items()["items"][0].get("added")


def test_of_pictures_that_are_not_shown_nothing_can_be_said(shop: Hung) -> None:
    assert shop.say(attempt="019ab3f2-0000", mark="picked") == {"status": 404}
    assert shop.say(attempt="../../etc/passwd", mark="picked") == {"status": 404}


def test_eight_browsers_at_once_lose_nothing(shop: Hung) -> None:
    one, _ = shop.attempts
    threads = [
        threading.Thread(target=lambda n=n: [shop.say(attempt=one, tag=f"of-{n}-{m}", on=True) for m in range(4)])
        for n in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tags = {f"of-{n}-{m}" for n in range(8) for m in range(4)}
    assert set(shop.say(attempt=one, stars=0)["tags"]) == tags
    for tag in tags:
        shop.say(attempt=one, tag=tag, on=False)


def test_a_picture_is_sent_as_what_it_is_or_not_at_all(shop: Hung) -> None:
    pick = shop.exhibit.shown.picks[1]
    kept = pick.path.with_suffix(".kept")
    shutil.move(pick.path, kept)
    where = f"pictures/{pick.record.attempt}"
    try:
        assert status(shop.get(where)) == 404
        for data, kind in ((SVG, b"image/svg+xml"), (b"GIF89a" + bytes(20), b"image/gif")):
            pick.path.write_bytes(data)
            answer = shop.get(where)
            assert b"Content-Type: " + kind in answer
            assert b"sandbox" in answer
        for data in (b"<!doctype html><script>", b"root:x:0:0", b"", b"%PDF-1.7"):
            pick.path.write_bytes(data)
            assert status(shop.get(where)) == 404
        pick.path.unlink()
        os.mkfifo(pick.path)
        assert status(shop.get(where)) == 404
        pick.path.unlink()
        pick.path.symlink_to("/etc/passwd")
        assert b"root:" not in shop.get(where)
    finally:
        pick.path.unlink()
        shutil.move(kept, pick.path)
    assert status(shop.get(where)) == 200


def test_what_went_into_a_picture_is_sent_while_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    photo = a_photo(tmp_path / "photo.png", (256, 256)).path
    words = ("edit", "photo.png", "at night", "-o", "cars/", "--provider", "placeholder", "--size", "256x256")
    assert imgcli(*words).code == 0
    with hung(Choice((str(tmp_path / "cars"),)), os.environ) as shop:
        (item,) = shop.items()["items"]
        (source,) = item["inputs"]
        assert body(shop.get(source["href"])) == photo.read_bytes()
        assert status(shop.get(f"{source['href']}0")) == 404
        data = photo.read_bytes()
        # As long as it was, and another picture.
        photo.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert status(shop.get(source["href"])) == 404
        photo.unlink()
        assert status(shop.get(source["href"])) == 404
    # Of a library that came from elsewhere nothing but its own pictures is sent.
    photo.write_bytes(data)
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "another-home"))
    with hung(Choice((str(tmp_path / "cars"),)), os.environ) as shop:
        (item,) = shop.items()["items"]
        assert not item["inputs"][0].get("href")
        assert status(shop.get(f"inputs/{item['attempt']}/0")) == 404
        assert status(shop.get(item["href"])) == 200


@each_row(
    ("data", "name"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(20), "png"),
        (SVG, "svg"),
        (b"<?xml version='1.0'?><svg/>", "svg"),
        (b"\0\0\0\x1cftypavif" + bytes(20), "avif"),
        (b"<?xml version='1.0'?><html/>", ""),
        (b"<html><svg></svg>", ""),
        (b"text", ""),
    ],
)
def test_formats_are_known_by_their_first_bytes(data: bytes, name: str) -> None:
    assert format_of(data) == name
