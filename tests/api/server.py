"""A fake OpenAI Images API in its own process, over real sockets; it bills before it answers.

`python tests/api/server.py DIR` prints its port and serves until stdin closes. It appends to DIR/bill.jsonl and
DIR/requests.jsonl. POST /_control sets what it does: faults (used up in order), gate (hold all answers), latency
(seconds), ipm; GET /_control/wait?in_flight=4 answers once that many requests are held.
"""

import asyncio
import json
import socket
import struct
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.api.answers import (
    BILLED_ERRORS,
    ERRORS,
    RATE_TEXT,
    UNBILLED_DROPS,
    Answer,
    bill,
    error,
    hashes,
    odd,
    refusal,
    success,
)

TEXTS = {200: "OK", 307: "Temporary Redirect", 400: "Bad Request", 429: "Too Many Requests", 500: "Error"}


class Server:
    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = 0
        self.reset()

    def reset(self) -> None:
        self.faults: list[Any] = []
        self.latency = 0.0
        self.ipm: float | None = None
        self.tokens = 0.0
        self.refilled = 0.0
        self.open = asyncio.Event()
        self.open.set()
        self.changed = asyncio.Condition()
        self.count = self.in_flight = self.peak = 0
        self.served: dict[str, bytes] = {}
        for name in ("bill.jsonl", "requests.jsonl"):
            (self.directory / name).write_text("")

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (request := await self.read(reader)) is not None:
                answer = await self.answer(*request)
                if not await self.send(writer, answer):
                    return
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def read(self, reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str], bytes] | None:
        head = await reader.readuntil(b"\r\n\r\n")
        if self.faults and self.faults[0] == "close_at_accept" and b"/images/" in head:
            self.faults.pop(0)
            return None
        line, *rest = head.decode("latin-1").split("\r\n")
        method, target, _ = line.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (part.partition(":") for part in rest if part)}
        body = b""
        if headers.get("transfer-encoding") == "chunked":
            while size := int(await reader.readline(), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readline()
        elif length := int(headers.get("content-length", 0)):
            body = await reader.readexactly(length)
        return method, target, headers, body

    async def send(self, writer: asyncio.StreamWriter, answer: Answer) -> bool:
        """True when the connection may go on."""
        if answer.end == "reset":
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            return False
        if answer.end == "close":
            return False
        if answer.end == "hang":
            await asyncio.Event().wait()
        headers = {"content-type": answer.kind, "content-length": str(len(answer.body))}
        headers |= {"x-request-id": f"req_{self.count}"} | answer.headers
        head = f"HTTP/1.1 {answer.status} {TEXTS.get(answer.status, 'Said')}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        body = answer.body[: len(answer.body) // 2] if answer.end == "cut" else answer.body
        writer.write(head.encode() + body)
        await writer.drain()
        return answer.end == "keep"

    async def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        path = urlsplit(target).path
        if path == "/_control":
            return await self.control(json.loads(body) if body else {})
        if path == "/_control/wait":
            return await self.wait(dict(parse_qsl(urlsplit(target).query)))
        if path.startswith("/files/"):
            return Answer(body=self.served[path], kind="image/png")
        if path == "/v1/models" and method == "GET":
            return Answer(body=b'{"object":"list","data":[]}')
        if path == "/v1/images/generations" and method == "POST":
            return await self.generate(headers, json.loads(body))
        return error(404, {"message": "no such route"})

    async def control(self, change: dict[str, Any]) -> Answer:
        if change.pop("reset", False):
            self.open.set()
            self.reset()
        self.faults = change.pop("faults", self.faults)
        self.latency = change.pop("latency", self.latency)
        if "ipm" in change:
            self.ipm = change.pop("ipm")
            self.tokens = change.pop("bucket", 1.0)
            self.refilled = asyncio.get_running_loop().time()
        if (gate := change.pop("gate", None)) is not None:
            (self.open.clear if gate else self.open.set)()
        if change:
            raise ValueError(f"unknown control {change}")
        return Answer(
            body=json.dumps({"in_flight": self.in_flight, "peak": self.peak, "requests": self.count}).encode()
        )

    async def wait(self, query: dict[str, str]) -> Answer:
        async with self.changed:
            await self.changed.wait_for(
                lambda: self.in_flight >= int(query.get("in_flight", 0)) and self.count >= int(query.get("requests", 0))
            )
        return Answer(body=b"{}")

    async def generate(self, headers: dict[str, str], body: dict[str, Any]) -> Answer:
        self.count += 1
        number = self.count
        seen = {"headers": headers | {"authorization": headers.get("authorization", "")[-4:]}, "body": body}
        self.append("requests.jsonl", seen)
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        async with self.changed:
            self.changed.notify_all()
        try:
            fault = self.faults.pop(0) if self.faults else ""
            answer = self.decide(fault, headers, body, number)
            await self.open.wait()
            if self.latency:
                await asyncio.sleep(self.latency)
            return answer
        finally:
            self.in_flight -= 1

    def decide(self, fault: Any, headers: dict[str, str], body: dict[str, Any], number: int) -> Answer:
        options: dict[str, Any] = {}
        if isinstance(fault, dict):
            options, fault = fault, fault["fault"]
        if early := self.unbilled(fault, options, body):
            return early
        billed = bill(body, number, fault)
        told = {"seq": number, "x_client_request_id": headers.get("x-client-request-id", ""), "prompt": body["prompt"]}
        self.append("bill.jsonl", told | {"cost_nano": billed.cost_nano, "sha256": hashes(billed)})
        if fault in BILLED_ERRORS:
            return error(*ERRORS[fault])
        ends = {"billed_fin": "close", "billed_rst": "reset", "billed_silence": "hang"}
        if fault in ends:
            return Answer(end=ends[fault])
        if fault == "billed_502_html":
            return Answer(502, b"<html>Bad gateway</html>", "text/html")
        whole = success(billed, body)
        if fault == "billed_cut_body":
            return Answer(body=json.dumps(whole).encode(), end="cut")
        place = f"/files/{number}.png"
        self.served[place] = billed.pictures[0]
        return odd(fault, whole, billed, f"http://127.0.0.1:{self.port}{place}")

    def unbilled(self, fault: str, options: dict[str, Any], body: dict[str, Any]) -> Answer | None:
        if fault in UNBILLED_DROPS:
            return Answer(end="close")
        if fault == "redirect_307":
            return Answer(307, headers={"location": "/v1/images/generations"})
        if fault == "string_error_400":
            return Answer(400, b'{"error": "prompt required"}')
        if fault == "422":
            return Answer(422, b'{"detail": [{"msg": "value is not a valid size"}]}')
        if fault == "retry_after_300":
            return error(429, {"code": "rate_limit_exceeded", "message": "later"}, **{"retry-after": "300"})
        if fault == "rate_429" or not self.has_token():
            details = {"code": "rate_limit_exceeded", "type": "input-images", "message": RATE_TEXT}
            return error(429, details, **{"retry-after-ms": str(options.get("retry_after_ms", 200))})
        if fault in ERRORS and fault not in BILLED_ERRORS:
            return error(*ERRORS[fault])
        return refusal(body)

    def has_token(self) -> bool:
        if self.ipm is None:
            return True
        now = asyncio.get_running_loop().time()
        self.tokens = min(10.0, self.tokens + (now - self.refilled) * self.ipm / 60)
        self.refilled = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True

    def append(self, name: str, value: dict[str, Any]) -> None:
        with (self.directory / name).open("a") as file:
            file.write(json.dumps(value) + "\n")


async def main() -> None:
    api = Server(Path(sys.argv[1]))
    server = await asyncio.start_server(api.connected, "127.0.0.1", 0, limit=1 << 20, backlog=512)
    api.port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"{api.port}\n")
    sys.stdout.flush()
    parent = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(parent), sys.stdin)
    async with server:
        await parent.read()
        # Requests that hang would keep the loop alive for ever.
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()


if __name__ == "__main__":
    asyncio.run(main())
