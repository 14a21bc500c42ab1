"""imgcli born many times a second: a warm process forks one that runs the real command line, whole and alone.

`Nursery` is the test's side; run as a program it is the warm process, told what to do by JSON lines on stdin. A child
may carry a plan (`tests/rigs/steps.py`) that kills it, or makes one of its calls fail, at a step of our choice.
"""

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
"""Seconds after which a child hangs."""


@dataclass
class Child:
    """One run; `status` is its exit code, or minus the signal that ended it."""

    nursery: "Nursery"
    pid: int
    out: Path
    err: Path
    status: int | None = None

    def wait(self, timeout: float = PATIENCE) -> int | None:
        """Its status, or None if it still lives after `timeout` seconds."""
        return self.nursery.wait(self, timeout)

    def end(self) -> int:
        """Its status; a child that hangs fails the test."""
        status = self.wait()
        assert status is not None, f"hangs: {self.err.read_text()}"
        return status

    def kill(self) -> None:
        """kill -9, unless it ended by itself."""
        if self.status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    @property
    def said(self) -> str:
        return self.out.read_text() + self.err.read_text()


class Born:
    """A run that is listened to while it lives, as `subprocess.Popen` would: its stdout and stderr are pipes."""

    def __init__(self, child: Child, stdout: TextIO, stderr: TextIO) -> None:
        self._child, self.stdout, self.stderr = child, stdout, stderr

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stdout.close()
        self.stderr.close()
        self.wait()

    @property
    def returncode(self) -> int | None:
        return self._child.status

    def kill(self) -> None:
        self._child.kill()

    def send_signal(self, number: int) -> None:
        os.kill(self._child.pid, number)

    def wait(self, timeout: float = PATIENCE) -> int:
        status = self._child.wait(timeout)
        assert status is not None, "hangs"
        return status

    def communicate(self, timeout: float = PATIENCE) -> tuple[str, str]:
        """All that it says from now on."""
        from concurrent.futures import ThreadPoolExecutor  # not in the warm process, nor in one that is not

        with ThreadPoolExecutor(1) as other, self.stdout, self.stderr:
            err = other.submit(self.stderr.read)
            out = self.stdout.read()
            self.wait(timeout)
            return out, err.result()


class Nursery:
    """A warm process; a context manager. `program` names a module with a `run(argv) -> int`.

    One that is not `warm` has imported nothing but that module, and what it asks for when it is imported.
    """

    def __init__(self, scratch: Path, program: str = "imgcli.cli.app", *, warm: bool = True) -> None:
        self._scratch = scratch
        self._count = 0
        self._living: dict[int, Child] = {}
        command = [sys.executable, "-m", "tests.rigs.nursery", program, *(["warm"] if warm else [])]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True, bufsize=1)
        assert self._process.stdout is not None
        self._told = self._process.stdout.fileno()
        self._pending = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._told, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in list(self._living.values()):
            child.kill()
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
        self._selector.close()

    def start(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, plan: Mapping[str, object] | None = None
    ) -> Child:
        """A new run of the program; returns as soon as it lives."""
        return self._start(argv, env, cwd, plan, *self._ears())

    def listen(self, argv: Sequence[str], env: Mapping[str, str], cwd: Path) -> Born:
        """A new run whose words come through pipes."""
        out, err = self._ears()
        os.mkfifo(out)
        os.mkfifo(err)
        # There is nobody yet at the other end, and who does not wait for him must say so.
        stdout, stderr = (open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), encoding="utf-8") for path in (out, err))  # noqa: SIM115
        child = self._start(argv, env, cwd, None, out, err)
        for stream in (stdout, stderr):
            os.set_blocking(stream.fileno(), True)
        return Born(child, stdout, stderr)

    def _ears(self) -> tuple[Path, Path]:
        self._count += 1
        return self._scratch / f"{self._count}.out", self._scratch / f"{self._count}.err"

    def _start(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: Path,
        plan: Mapping[str, object] | None,
        out: Path,
        err: Path,
    ) -> Child:
        order = {"argv": list(argv), "env": dict(env), "cwd": str(cwd), "out": str(out), "err": str(err), "plan": plan}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        while True:
            told = self._read()
            if "born" in told:
                child = Child(self, told["born"], out, err)
                self._living[child.pid] = child
                return child
            self._ended(told)

    def run(
        self, argv: Sequence[str], env: Mapping[str, str], cwd: Path, plan: Mapping[str, object] | None = None
    ) -> Child:
        """A run from its birth to its end."""
        child = self.start(argv, env, cwd, plan)
        child.end()
        return child

    def wait(self, child: Child, timeout: float) -> int | None:
        while child.status is None and (b"\n" in self._pending or self._selector.select(timeout)):
            self._ended(self._read())
        return child.status

    def _ended(self, told: dict[str, Any]) -> None:
        self._living.pop(told["ended"]).status = told["status"]

    def _read(self) -> dict[str, Any]:
        # Unbuffered: a line that waits in a buffer is one that no selector knows of.
        while b"\n" not in self._pending:
            data = os.read(self._told, 1 << 16)
            if not data:
                raise RuntimeError("the nursery died")
            self._pending += data
        line, _, self._pending = self._pending.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        return told


def _serve(program: str, *, warm: bool) -> None:
    """The warm process: reads orders, forks, and tells of births and deaths."""
    import importlib

    module = importlib.import_module(program)
    if warm:
        _warm()
    read, write = os.pipe()
    os.set_blocking(write, False)
    signal.set_wakeup_fd(write)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
    selector.register(read, selectors.EVENT_READ)
    pending = b""
    while True:
        for key, _ in selector.select():
            data = os.read(key.fd, 1 << 20)
            if key.fd == read:
                _bury()
                continue
            if not data:
                return
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                order = json.loads(line)
                # Opened here, so that whoever is told of a birth can already hear it.
                ends = [os.open(order[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600) for name in ("out", "err")]
                pid = os.fork()
                if not pid:
                    _live(module, order, ends)
                for end in ends:
                    os.close(end)
                _tell({"born": pid})


WARM = (
    "PIL.Image",
    "PIL.ImageFilter",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "anyio._backends._asyncio",
    "concurrent.futures.thread",
    "encodings.idna",
    "encodings.unicode_escape",
    "encodings.utf_8_sig",
    "httpx",
    "httpx2",
    "importlib.resources.readers",
    "openai",
    "openai.resources.models",
    "pybase64",
    "resource",
    "rich.markup",
    "rich.progress",
    "rich.table",
    "sqlite3",
    "typer._adapters",
    "typer._click.decorators",
)
"""What a run imports of others, so that a child need not; all of imgcli comes before them."""


def _warm() -> None:
    import gc
    import importlib
    import pkgutil

    import imgcli

    ours = [found.name for found in pkgutil.walk_packages(imgcli.__path__, "imgcli.")]
    for name in (*ours, *WARM):
        if not name.endswith("__main__"):
            importlib.import_module(name)
    # The SDK's resources are imported when they are first asked for.
    assert sys.modules["openai"].AsyncOpenAI(api_key="none").images is not None

    from imgcli.cli.app import app
    from tests.cli.grown import grow_once

    grow_once(app)
    # Its collector would touch, and so copy, each page of ours in every child.
    gc.collect()
    gc.freeze()


def _bury() -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        _tell({"ended": pid, "status": os.waitstatus_to_exitcode(status)})


def _tell(told: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def _live(module: Any, order: dict[str, Any], ends: Sequence[int]) -> None:
    """The child; never returns."""
    code = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for fd, end in enumerate(ends, 1):
            os.dup2(end, fd)
            os.close(end)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for the rest of its life
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["env"])
        sys.argv = ["imgcli", *order["argv"]]
        if order["plan"]:
            from tests.rigs.steps import install

            install(order["plan"])
        code = module.run(order["argv"])
    except BaseException:  # noqa: BLE001 - whatever it is, the child says so and ends
        import traceback

        traceback.print_exc()
    finally:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            os._exit(code)


if __name__ == "__main__":
    _serve(sys.argv[1], warm="warm" in sys.argv[2:])
