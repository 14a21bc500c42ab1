"""A gallery of pictures that were really made, served on a thread, and a browser's requests to it."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from imgcli.choosing import Choice
from imgcli.cli.chosen import Desk, open_desk
from imgcli.cli.serving import watched
from imgcli.exhibiting import Shrinker
from imgcli.following import Shown
from imgcli.settings import load_settings
from imgcli.showing import Exhibit, Gallery
from imgcli.wiring import open_smalls
from tests.fakes.clock import FakeClock
from tests.rigs.loopback import Loopback, body, loopback, said, status

TOKEN = "Zt0ken-of-43-letters_aaaaaaaaaaaaaaaaaaaaaaa"


class Hung:
    """What is served, and where."""

    def __init__(self, served: Loopback, desk: Desk, port: int, exhibit: Exhibit, clock: FakeClock) -> None:
        self.clock, self.served, self.desk, self.port, self.exhibit = clock, served, desk, port, exhibit
        self.attempts = [pick.record.attempt for pick in exhibit.shown.picks]
        self.url = f"http://127.0.0.1:{port}/{TOKEN}/"

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> bytes:
        told = {"Host": f"127.0.0.1:{self.port}", "X-Imgcli-Token": TOKEN} | dict(headers or {})
        lines = [f"GET /{TOKEN}/{path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        return said(self.port, "\r\n".join([*lines, "", ""]).encode())

    def items(self, after: int = 0) -> dict[str, Any]:
        self.clock.advance(60)
        answer = self.get(f"api/items?after={after}")
        assert status(answer) == 200
        told: dict[str, Any] = json.loads(body(answer))
        return told

    def say(self, **opinion: Any) -> dict[str, Any]:
        answer = self.post(json.dumps(opinion).encode())
        told: dict[str, Any] = json.loads(body(answer)) if status(answer) == 200 else {"status": status(answer)}
        return told

    def post(self, data: bytes, headers: Mapping[str, str] | None = None) -> bytes:
        host = f"127.0.0.1:{self.port}"
        told = {"Host": host, "Origin": f"http://{host}", "Content-Type": "application/json", "X-Imgcli-Token": TOKEN}
        told = {name: value for name, value in (told | dict(headers or {})).items() if value}
        lines = [f"POST /{TOKEN}/api/opinion HTTP/1.1", f"Content-Length: {len(data)}"]
        lines += [f"{name}: {value}" for name, value in told.items()]
        return said(self.port, "\r\n".join([*lines, "", ""]).encode() + data)


@contextlib.contextmanager
def hung(choice: Choice, env: Mapping[str, str], *, watches: bool = False) -> Iterator[Hung]:
    """The pictures of `choice`, served until the end."""
    paths = load_settings(env).paths
    clock = FakeClock()
    with loopback() as served, contextlib.ExitStack() as left:
        opened = open_desk(load_settings(env))
        desk = served.run(opened.__aenter__())
        left.callback(lambda: served.run(opened.__aexit__(None, None, None)))
        shown, follower = served.run(watched(desk, choice, clock)) if watches else (None, None)
        if shown is None:
            shown = Shown(served.run(desk.chosen(choice)).picks)
        shrinker = Shrinker(open_smalls(paths))
        left.callback(lambda: served.run(shrinker.close()))
        exhibit = Exhibit(shown, desk.ledger, desk.store, desk.catalog, shrinker, "Cars", TOKEN, follower)
        gallery = Gallery(exhibit)
        gallery.port = served.open(gallery)
        yield Hung(served, desk, gallery.port, exhibit, clock)
        assert served.told == []


def sidecar(picture: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(picture.with_name(f"{picture.name}.json").read_text())
    return told
