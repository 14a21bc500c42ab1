"""A fake OpenAI Images API: its own process, real sockets, and a bill written before every answer.

    python tests/fake_api/server.py --port 0 --dir DIR

prints {"port": N, "control_port": M} once it listens and serves until stdin closes or SIGTERM comes. The API is at
http://127.0.0.1:N/v1, the controls (see control) at /_control of either port: a connection to the second is never
taken for the one that `close_at_accept` waits for. Beside pictures it has words (words), moderation (screening) and
embeddings (vectors). DIR/bill.jsonl has a line for each charge, with integer nano-USD
and the SHA-256 of what is sent; DIR/requests.jsonl has every request (see books). The faults are listed in faults.
"""

import argparse
import asyncio
import contextlib
import json
import os
import signal
import sys
import threading
from pathlib import Path

if not __package__:
    # Run as a file: the project's root instead of this folder, whose names are not meant to be found.
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from tests.fake_api import wire
from tests.fake_api.behaviour import Api
from tests.fake_api.control import PATH, control
from tests.fake_api.wire import Answer, WatchedReader, json_answer


class Server:
    """Two listeners over one `Api`; `_tasks` are the open connections of the first."""

    def __init__(self, directory: Path) -> None:
        self.api = Api(directory)
        self._tasks: set[asyncio.Task[None]] = set()
        self._listeners: list[asyncio.Server] = []

    async def listen(self, port: int) -> tuple[int, int]:
        """The ports of the API and of the controls."""
        first = await self._open(port, main=True)
        self.api.address = f"http://127.0.0.1:{first}"
        return first, await self._open(0, main=False)

    async def _open(self, port: int, *, main: bool) -> int:
        def protocol() -> asyncio.StreamReaderProtocol:
            reader = WatchedReader()

            async def connected(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await self._connected(reader, writer, main=main)

            return asyncio.StreamReaderProtocol(reader, connected)

        loop = asyncio.get_running_loop()
        listener = await loop.create_server(protocol, "127.0.0.1", port, backlog=1024)
        self._listeners.append(listener)
        return int(listener.sockets[0].getsockname()[1])

    def reset(self) -> None:
        """Drop every connection to the API, forget and begin anew."""
        for task in self._tasks - {asyncio.current_task()}:
            task.cancel()
        self.api.reset()

    async def close(self) -> None:
        """Drop every connection to the API and write no more."""
        for listener in self._listeners:
            listener.close()
        dropped = list(self._tasks)
        for task in dropped:
            task.cancel()
        await asyncio.gather(*dropped, return_exceptions=True)
        self.api.books.close()

    async def _connected(self, reader: WatchedReader, writer: asyncio.StreamWriter, *, main: bool) -> None:
        task = asyncio.current_task()
        assert task is not None
        if main:
            self._tasks.add(task)
        try:
            if main and self.api.script.faults.closes_at_accept():
                self.api.books.at_accept()
                return
            while await self._exchange(reader, writer):
                pass
        except wire.BadRequestError as error:
            await _refuse(reader, writer, str(error))
        except ConnectionError:
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _exchange(self, reader: WatchedReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; True when the connection goes on."""
        request = await wire.read_request(reader, writer)
        if request is None:
            return False
        keep = request.headers.get("connection", "").lower() != "close"
        if request.path.startswith(PATH):
            return await wire.send(writer, await control(self.api, request, self.reset), keep=keep)
        visit = self.api.arrive(request, reader.gone)
        try:
            answer: Answer = await self.api.answer(visit)
            return await wire.send(writer, answer, keep=keep)
        except (ConnectionError, asyncio.CancelledError):
            visit.end("client_gone")
            raise


async def _refuse(reader: WatchedReader, writer: asyncio.StreamWriter, message: str) -> None:
    refusal = json_answer({"error": {"message": message, "type": "invalid_request_error"}}, 400)
    with contextlib.suppress(ConnectionError, TimeoutError):
        await wire.send(writer, refusal, keep=False)
        writer.write_eof()
        # Closing on bytes that nobody read is a reset, and a reset takes the answer with it.
        async with asyncio.timeout(5):
            await reader.gone.wait()


def _end_with_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    """The pipe of stdin closes when the parent dies, however it dies."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        # The loop may have ended first, by a signal.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True).start()


async def main() -> None:
    parser = argparse.ArgumentParser(description="A fake OpenAI Images API for tests.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--dir", type=Path, required=True, help="where bill.jsonl and requests.jsonl go")
    options = parser.parse_args()
    options.dir.mkdir(parents=True, exist_ok=True)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    server = Server(options.dir)
    port, control_port = await server.listen(options.port)
    sys.stdout.write(json.dumps({"port": port, "control_port": control_port}) + "\n")
    sys.stdout.flush()
    _end_with_parent(loop, stop)
    await stop.wait()
    await server.close()


if __name__ == "__main__":
    asyncio.run(main())
