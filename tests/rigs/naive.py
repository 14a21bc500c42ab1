"""What a sensible program does that has not thought about crashes: look, ask, write, note down. The rigs' control.

Check-then-act on a JSON file under a lock, the picture written in place, the money noted when all is done.
"""

import base64
import fcntl
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PRICE = 13_200_000


def run(argv: Sequence[str]) -> int:
    """`run([prompts, at once, cap])` makes what the book does not list yet."""
    prompts = Path(argv[0]).read_text().splitlines()
    cap = int(argv[2])
    with ThreadPoolExecutor(int(argv[1])) as pool:
        return max(pool.map(lambda prompt: _make(prompt, cap), prompts))


def _make(prompt: str, cap: int) -> int:
    book = _book()
    if prompt in book["made"]:
        return 0
    if book["spent"] + PRICE > cap:
        return 3
    url = urlsplit(os.environ["OPENAI_BASE_URL"])
    assert url.hostname
    connection = HTTPConnection(url.hostname, url.port or 80)
    body = {"model": "gpt-image-2.5-flare", "prompt": prompt, "quality": "medium", "size": "1024x1024"}
    headers = {"Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}", "Content-Type": "application/json"}
    headers["X-Client-Request-Id"] = prompt
    connection.request("POST", f"{url.path}/images/generations", json.dumps(body), headers)
    answer = json.loads(connection.getresponse().read())
    Path(f"{prompt.replace(' ', '-')}.png").write_bytes(base64.b64decode(answer["data"][0]["b64_json"]))
    _note(prompt)
    return 0


def _book() -> dict[str, Any]:
    try:
        book: dict[str, Any] = json.loads(Path("book.json").read_text())
    except FileNotFoundError:
        return {"spent": 0, "made": []}
    return book


def _note(prompt: str) -> None:
    with Path("book.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        book = _book()
        book["spent"] += PRICE
        book["made"].append(prompt)
        Path("book.json").write_text(json.dumps(book))
