"""A server that repeats the key it was sent wherever an answer has room for it: the worst listener a key can have.

With `words` it says those instead.
"""

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self, cast
from urllib.parse import urlsplit

PIXEL = base64.b64encode(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
        "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
).decode()


class _Handler(BaseHTTPRequestHandler):
    """The first part of the path says how to answer: `/401/v1/images/generations`."""

    protocol_version = "HTTP/1.1"

    @property
    def parrot(self) -> "Parrot":
        return cast("Parrot", self.server)

    def do_GET(self) -> None:
        self._answer({"object": "list", "data": []}, 200)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        how = urlsplit(self.path).path.split("/")[1]  # a proxy is asked for the whole address
        key = self.parrot.words or self.headers["authorization"].removeprefix("Bearer ").removeprefix("Basic ")
        said = {"message": f"Incorrect API key provided: {key}.", "type": key, "param": key, "code": key}
        usage = {"input_tokens": 9, "output_tokens": 9, "total_tokens": 18, "note": key}
        match how:
            case "ok":
                self._answer({"data": [{"b64_json": PIXEL, "revised_prompt": f"a {key} car"}], "usage": usage}, 200)
            case "url":
                self._answer({"data": [{"url": f"https://127.0.0.1/{key}"}], "usage": usage}, 200)
            case "empty":
                self._answer({"error": said, "data": []}, 200)
            case "html":
                self._answer(f"<html>{key}", 502)
            case _:
                self._answer({"error": said}, int(how))

    def _answer(self, said: Any, status: int) -> None:
        key = self.headers.get("authorization", "").partition(" ")[2]
        self.parrot.seen.append(key)
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("content-type", f"text/html; {key}" if isinstance(said, str) else "application/json")
        self.send_header("content-length", str(len(body)))
        # What HTTP lets into a header: C1 is in it, and a CSI of one character with it.
        self.send_header(
            "x-request-id", "".join(c for c in self.parrot.words if " " <= c <= "\xff" and c != "\x7f") or key
        )
        self.send_header("location", f"/{key}")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name the library calls it by
        """Tests have words of their own."""


class Parrot(ThreadingHTTPServer):
    """Listens from here to the end of its `with`; `seen` are the keys it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.seen: list[str] = []
        self.words = ""
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()

    def url(self, how: str, inside: str = "", behind: str = "") -> str:
        return f"http://{inside}127.0.0.1:{self.server_port}/{how}/v1{behind}"
