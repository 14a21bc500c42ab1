"""Who is measured, and the command each is started with."""

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.manner import MODEL, QUALITY

RATES = f'[[rates]]\nmodel = "{MODEL}"\ntext_in = "5"\nimage_in = "8"\nimage_out = "30"\n'
"""A server that is not OpenAI's own has no price until the user states one."""


@dataclass(frozen=True, slots=True)
class Order:
    """What one process shall make: `count` pictures, `at_once` of them under way; `part` numbers the process."""

    count: int
    at_once: int
    size: str
    part: int = 0

    def out(self, place: Path) -> Path:
        return place / "out" / str(self.part)


@dataclass(frozen=True, slots=True)
class Arm:
    """`command` is made of an order, the base URL and the directory the pictures go below."""

    name: str
    command: Callable[[Order, str, Path], list[str]]


def client(name: str, module: str, *words: str) -> Arm:
    """A program of bench/clients."""

    def command(order: Order, base_url: str, place: Path) -> list[str]:
        counts = ["--count", str(order.count), "--at-once", str(order.at_once), "--size", order.size]
        where = ["--base-url", base_url, "--out", str(order.out(place))]
        return [sys.executable, "-m", f"bench.clients.{module}", *counts, *where, *words]

    return Arm(name, command)


def imgcli(*words: str, name: str = "imgcli", program: tuple[str, ...] = ("-m", "imgcli")) -> Arm:
    """The whole command line, with its ledger, hashes and syncs; `words` are more options of `imgcli batch`."""

    def command(order: Order, _base_url: str, place: Path) -> list[str]:
        prompts = place / f"many-{order.part}.txt"
        prompts.write_text("".join(f"picture {order.part}-{index}\n" for index in range(order.count)))
        what = ["--model", MODEL, "-q", QUALITY, "-s", order.size, "-j", str(order.at_once)]
        return [sys.executable, *program, "batch", str(prompts), *what, "--quiet", "-o", str(order.out(place)), *words]

    return Arm(name, command)


SDK = client("sdk", "sdk")
STREAM_SDK = client("stream_sdk", "stream_sdk")
PLAIN = client("plain " + ("aiohttp" if importlib.util.find_spec("aiohttp") else "httpx2"), "plain")
IMGCLI = imgcli()
ALL = (SDK, STREAM_SDK, PLAIN, IMGCLI)
