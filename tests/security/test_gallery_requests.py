"""Whatever is asked of a served gallery without its page: a status, and not a byte of a picture or of any file."""

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.choosing import Choice
from tests.cli.run_cli import imgcli
from tests.rigs.hung import TOKEN, Hung, hung
from tests.rigs.loopback import PATIENCE, body, said, status
from tests.rows import each_row

SECRET = "what-nobody-may-read"
SAY = b'{"attempt":"ID","mark":"picked","on":true}'


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hung]:
    """A picture, served; beside it a secret, and another picture that was not chosen."""
    place = tmp_path_factory.mktemp("shop")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMGCLI_HOME", str(place / "home"))
        patch.chdir(place)
        for prompt, out in (("a car", "cars/"), ("a boat", "boats/")):
            words = ("gen", prompt, "-o", out, "--provider", "placeholder", "--size", "square")
            assert imgcli(*words).code == 0
        env = dict(os.environ)
    (place / "cars" / "secret.txt").write_text(SECRET)
    (place / "secret.txt").write_text(SECRET)
    with hung(Choice((str(place / "cars"),)), env) as served:
        yield served


def request(first: str, *headers: str, data: bytes = b"") -> bytes:
    """T is the token, H the host, ID the picture, OTHER one that is not shown, CR and LF what they are."""
    lines = [first, *headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + data


def filled(told: bytes, shop: Hung) -> bytes:
    (boat,) = Path(shop.exhibit.shown.picks[0].path).parents[1].joinpath("boats").glob("*.json")
    names = {
        b"{T}": TOKEN.encode(),
        b"{H}": f"127.0.0.1:{shop.port}".encode(),
        b"{P}": str(shop.port).encode(),
        b"{ID}": shop.attempts[0].encode(),
        b"{OTHER}": json.loads(boat.read_text())["attempt"].encode(),
        b"{SHA}": json.loads(boat.read_text())["sha256"].encode(),
    }
    for name, value in names.items():
        told = told.replace(name, value)
    return told


HOST = "Host: {H}"
OWN = "X-Imgcli-Token: {T}"
ORIGIN = "Origin: http://{H}"
JSON = "Content-Type: application/json"
LENGTH = f"Content-Length: {len(SAY)}"
PICTURE = "GET /{T}/pictures/{ID} HTTP/1.1"
POST = "POST /{T}/api/opinion HTTP/1.1"


def get(path: str, *headers: str) -> bytes:
    return request(f"GET {path} HTTP/1.1", HOST, *headers)


HOSTILE: list[tuple[bytes, set[int]]] = [
    # Without the token there is nothing.
    (get("/"), {404}),
    (get("/favicon.ico"), {404}),
    (get("/robots.txt"), {404}),
    (get("/pictures/{ID}"), {404}),
    (get("/api/items?after=0"), {404}),
    (get("/{T}"), {404}),
    (get("//{T}/"), {404}),
    (get("/./{T}/"), {404}),
    (get("/{T}x/pictures/{ID}"), {404}),
    (get("/" + "Z" * 43 + "/pictures/{ID}"), {404}),
    (get("/?token={T}"), {404}),
    (get("/x/pictures/{ID}", OWN), {404}),
    (get("/x/../{T}/pictures/{ID}"), {404}),
    # With it, only what was chosen.
    (get("/{T}/pictures/{OTHER}"), {404}),
    (get("/{T}/thumbs/{SHA}.webp"), {404}),
    (get("/{T}/pictures/"), {404}),
    (get("/{T}/pictures/{ID}/"), {404}),
    (get("/{T}/pictures/{ID}.json"), {404}),
    (get("/{T}/pictures/{ID}/../../secret.txt"), {404}),
    (get("/{T}/inputs/{ID}/0"), {404}),
    (get("/{T}/inputs/{ID}/999"), {404}),
    (get("/{T}/inputs/{ID}/-1"), {404}),
    (get("/{T}/thumbs/secret.txt"), {404}),
    (get("/{T}/thumbs/../secret.txt"), {404}),
    (get("/{T}/unknown"), {404}),
    # Ways out of a directory, in every spelling.
    (get("/{T}/../secret.txt"), {404}),
    (get("/{T}/pictures/../../../../../../etc/passwd"), {404}),
    (get("/{T}/pictures//etc/passwd"), {404}),
    (get("/{T}/pictures/%2e%2e%2fsecret.txt"), {404}),
    (get("/{T}/pictures/%252e%252e%252fsecret.txt"), {404}),
    (get("/{T}/pictures/..%5c..%5csecret.txt"), {404}),
    (get("/{T}/pictures/..\\secret.txt"), {404}),
    (get("/{T}/pictures/%c0%ae%c0%ae/secret.txt"), {404}),
    (get("/{T}/pictures/%00"), {404}),
    (get("/{T}/pictures/{ID}\0.png"), {400}),
    (get("/{T}/pictures/\u00e9\u00f1"), {400}),
    (get("/{T}/pictures/{ID};x"), {404}),
    (get("/{T}/pictures/C:/secret.txt"), {404}),
    (get("/{T}/pictures/file:///etc/passwd"), {404}),
    # Other names of this machine, and other sites.
    (request(PICTURE, "Host: evil.example"), {403}),
    (request(PICTURE, "Host: evil.example:{P}"), {403}),
    (request(PICTURE, "Host: 127.0.0.1.evil.example:{P}"), {403}),
    (request(PICTURE, "Host: 127.0.0.1"), {403}),
    (request(PICTURE, "Host: 127.0.0.1:1"), {403}),
    (request(PICTURE, "Host: 0.0.0.0:{P}"), {403}),
    (request(PICTURE, "Host: localhost.:{P}"), {403}),
    (request(PICTURE, "Host: 2130706433:{P}"), {403}),
    (request(PICTURE, "Host: user@127.0.0.1:{P}"), {403}),
    (request(PICTURE, "Host:"), {403}),
    (request(PICTURE), {400}),
    (request(PICTURE, HOST, "Host: evil.example"), {400}),
    (request("GET http://127.0.0.1:{P}/{T}/pictures/{ID} HTTP/1.1", HOST), {400}),
    (request("GET http://evil.example/{T}/pictures/{ID} HTTP/1.1", HOST), {400}),
    (request(PICTURE, HOST, "Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: image"), {403}),
    (request(PICTURE, HOST, "Sec-Fetch-Site: same-site", "Sec-Fetch-Dest: document"), {403}),
    (get("/{T}/", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Dest: iframe"), {403}),
    # Methods and versions.
    *[(request(f"{word} /{{T}}/ HTTP/1.1", HOST), {405}) for word in ("POST", "PUT", "DELETE", "OPTIONS", "TRACE")],
    (request("CONNECT 127.0.0.1:{P} HTTP/1.1", HOST), {400}),
    (request("get /{T}/pictures/{ID} HTTP/1.1", HOST), {405}),
    (request("GET /{T}/pictures/{ID} HTTP/1.0", HOST), {400}),
    (request("GET /{T}/pictures/{ID} HTTP/2.0", HOST), {400}),
    (request("GET /{T}/pictures/{ID}"), {400}),
    (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400}),
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", {400}),
    (b"\r\n\r\n" + b"GET /{T}/pictures/{ID} HTTP/1.1\r\nHost: {H}\r\n\r\n", {400}),
    # Two requests in one.
    (request(PICTURE, HOST, "Transfer-Encoding: chunked", data=b"0\r\n\r\n"), {501}),
    (request(PICTURE, HOST, "Content-Length: 4", "Content-Length: 5", data=b"abcde"), {400}),
    (request(PICTURE, HOST, "X: a\nHost: {H}"), {400}),
    (request(PICTURE, HOST, " X: folded"), {400}),
    (request(PICTURE, HOST, "Content-Length: 99999999"), {413}),
    (request(PICTURE, HOST, *[f"X-{n}: a" for n in range(100)]), {431}),
    (request(PICTURE, HOST, "X: " + "a" * 70_000), {431}),
    (request("GET /{T}/" + "a" * 4000 + " HTTP/1.1", HOST), {414}),
    # Lists of what there is are for the page.
    (get("/{T}/api/items?after=0"), {403}),
    (get("/{T}/api/items?after=0", "X-Imgcli-Token: wrong"), {403}),
    (get("/{T}/api/items?after=-1", OWN), {400}),
    (get("/{T}/api/items?after=1%00", OWN), {400}),
    (get("/{T}/api/items?after=" + "9" * 30, OWN), {400}),
    (get("/{T}/api/items", OWN), {400}),
    (get("/{T}/api/opinion", OWN), {405}),
    # Who writes is the page.
    (request(POST, HOST, ORIGIN, JSON, LENGTH, data=SAY), {403}),
    (request(POST, HOST, OWN, JSON, LENGTH, data=SAY), {403}),
    (request(POST, HOST, OWN, JSON, LENGTH, "Origin: null", data=SAY), {403}),
    (request(POST, HOST, OWN, JSON, LENGTH, "Origin: http://evil.example", data=SAY), {403}),
    (request(POST, HOST, OWN, JSON, LENGTH, "Origin: https://{H}", data=SAY), {403}),
    (request(POST, HOST, OWN, JSON, LENGTH, "Origin: http://127.0.0.1:1", data=SAY), {403}),
    (request(POST, HOST, OWN, JSON, LENGTH, "Origin: http://localhost:{P}", data=SAY), {403}),
    (request(POST, HOST, OWN, ORIGIN, "Content-Type: text/plain", LENGTH, data=SAY), {415}),
    (request(POST, HOST, OWN, ORIGIN, LENGTH, data=SAY), {415}),
    (request(POST, HOST, OWN, ORIGIN, JSON, data=SAY), {400}),
    (request(POST, HOST, OWN, ORIGIN, JSON, "Content-Length: 9000", data=b"x" * 9000), {413}),
    (request(POST, HOST, OWN, ORIGIN, JSON, "Expect: 100-continue", LENGTH, data=SAY), {417}),
]


@each_row(("told", "statuses"), HOSTILE, ids=[f"{n}: {told[:70]!r}" for n, (told, _) in enumerate(HOSTILE)])
def test_nothing_hostile_is_answered_with_more_than_a_status(told: bytes, statuses: set[int], shop: Hung) -> None:
    answer = said(shop.port, filled(told, shop))
    assert status(answer) in statuses
    require_nothing(answer, shop)


def require_nothing(answer: bytes, shop: Hung) -> None:
    assert body(answer).count(b"\n") <= 1
    assert answer.count(b"HTTP/1.1 ") == 1
    for secret in (SECRET, TOKEN, "PNG", "WEBP", "root:", "Access-Control", shop.attempts[0], "imgcli", "Traceback"):
        assert secret.encode() not in answer


def test_there_are_enough_of_them() -> None:
    assert len(HOSTILE) >= 60


def test_after_all_that_the_page_is_still_served_and_nothing_was_said(shop: Hung) -> None:
    assert status(shop.get("")) == 200
    assert all(not item.get("marks") for item in shop.items()["items"])


@each_row("host", ["127.0.0.1", "localhost", "[::1]", "LOCALHOST"])
def test_the_names_of_this_machine_are_good(host: str, shop: Hung) -> None:
    named = f"{host}:{shop.port}"
    assert status(shop.get("", {"Host": named})) == 200
    told = SAY.replace(b"ID", shop.attempts[0].encode()).replace(b"true", b"false")
    assert status(shop.post(told, {"Host": named, "Origin": f"http://{named}".lower()})) == 200


def test_what_follows_a_refusal_on_the_same_line_is_not_looked_at(shop: Hung) -> None:
    smuggled = filled(request(POST, HOST, OWN, JSON, LENGTH, data=SAY) + get("/{T}/pictures/{ID}"), shop)
    answer = said(shop.port, smuggled)
    assert status(answer) == 403
    require_nothing(answer, shop)


def test_a_client_that_is_killed_in_the_middle_of_a_picture_is_nobodys_trouble(shop: Hung) -> None:
    for _ in range(20):
        with socket.create_connection(("127.0.0.1", shop.port), PATIENCE) as client:
            client.sendall(filled(get("/{T}/pictures/{ID}"), shop))
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    assert status(shop.get("")) == 200
    assert shop.served.told == []
