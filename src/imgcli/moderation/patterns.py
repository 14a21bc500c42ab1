"""The regular expressions of a blocklist, matched where they cannot hold up a run."""

import asyncio
import contextlib
import json
import sys
from collections.abc import Sequence
from importlib.resources import files

from imgcli.moderation.blocklist import Entry
from imgcli.moderation.folding import visible
from imgcli.moderation.matcher import LONGEST

STRIKES = 3
"""Texts that may take a pattern too long; after as many it is not asked any more, and nothing is cleared."""


class PatternsError(Exception):
    """Nobody can say whether a pattern matches; says which, and why."""


class Patterns:
    """Satisfied with nothing; its process begins with the first text."""

    def __init__(self, entries: Sequence[Entry], longest: float = LONGEST) -> None:
        self._entries = tuple(entries)
        self._longest = longest
        self._process: asyncio.subprocess.Process | None = None
        self._alone = asyncio.Lock()
        self._strikes = 0
        self._slow = ""

    async def hits(self, text: str) -> list[Entry]:
        """The entries whose expression is found in `text`, as it is read.

        Raises:
            PatternsError: one of them took too long, or there is no process.
        """
        if not self._entries:
            return []
        async with self._alone:
            if self._strikes >= STRIKES:
                raise PatternsError(self._slow)
            try:
                return await self._asked(visible(text))
            except OSError as error:
                raise PatternsError(f"the regular expressions cannot be matched ({error.strerror or error})") from None

    async def close(self) -> None:
        async with self._alone:
            await self._end()

    async def _asked(self, text: str) -> list[Entry]:
        process = self._process or await self._begun()
        if process.stdin is None or process.stdout is None:
            raise AssertionError("both are pipes")
        process.stdin.write(json.dumps(text).encode() + b"\n")
        found = []
        for entry in self._entries:
            try:
                async with asyncio.timeout(self._longest):
                    answer = await process.stdout.readline()
            except TimeoutError:
                answer = b""
            except asyncio.CancelledError:
                await self._end()  # what it still answers is of another text
                raise
            if not answer:
                await self._end()
                self._strikes += 1
                self._slow = f"{entry.where}: {entry.text[:60]} takes too long; make it simpler"
                raise PatternsError(self._slow)
            if answer.strip() == b"1":
                found.append(entry)
        return found

    async def _begun(self) -> asyncio.subprocess.Process:
        script = files("imgcli.moderation").joinpath("matcher.py")
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(script)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us alone
        )
        if self._process.stdin is None:
            raise AssertionError("it is a pipe")
        self._process.stdin.write(json.dumps([entry.pattern for entry in self._entries]).encode() + b"\n")
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()
