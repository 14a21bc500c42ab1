"""One measurement: a fresh server, a fresh home, one client from its birth to its end, every picture counted."""

import itertools
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.arms import RATES, Arm, Order
from bench.child import Child, Spent, clean_environment
from bench.control import ROOT, Server
from bench.manner import Manner, Tally
from bench.noise import number_of

KEY = "sk-bench-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Run:
    """What came of it.

    Attributes:
        wanted: pictures ordered.
        got: pictures that are there, each different and each byte as it was sent.
        spent: of each process.
        tally: of the server.
        finished: time.time() when the last picture got its name, 0.0 without one.
    """

    wanted: int
    got: int
    spent: Sequence[Spent]
    tally: Tally
    finished: float

    @property
    def wall(self) -> float:
        """Seconds from the first birth to the last end."""
        began = min(each.began for each in self.spent)
        return max(each.began + each.wall for each in self.spent) - began

    @property
    def span(self) -> float:
        """Seconds from the first request to the last complete picture: no start-up, no farewell.

        The server's own last byte would be too early: the kernel takes whole answers while the client is busy.
        """
        return self.finished - self.tally.first if self.finished else 0.0

    @property
    def peak(self) -> float:
        """MB of the largest process."""
        return max(each.peak for each in self.spent)

    @property
    def cpu(self) -> float:
        """Seconds of all processes."""
        return sum(each.cpu for each in self.spent)

    @property
    def void(self) -> str:
        """Why its figures mean nothing; empty when they do."""
        if self.got != self.wanted:
            said = next((each.err.strip().splitlines()[-1][:200] for each in self.spent if each.err.strip()), "")
            return f"got {self.got} of {self.wanted} pictures" + (f" ({said})" if said else "")
        failed = [each.code for each in self.spent if each.code]
        return f"ended with code {failed[0]}" if failed else ""


class Lab:
    """Runs clients one after the other below `scratch`, which lies on the disk to be measured.

    `settles`: before each the disk takes what waits for it. The pages of whoever came before are not for the next one to
    write; without figures it would be waiting for nothing.
    """

    def __init__(self, server: Server, scratch: Path, *, settles: bool = True) -> None:
        self.server = server
        self._scratch = scratch
        self._settles = settles
        self._places = itertools.count()

    def place(self) -> Path:
        """A fresh directory with the home of imgcli in it; to be cleared by who asked."""
        place = self._scratch / f"place-{next(self._places)}"
        config = place / "home" / "config" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(RATES)
        return place

    def env(self, place: Path) -> Mapping[str, str]:
        told = {"OPENAI_BASE_URL": self.server.base_url, "OPENAI_API_KEY": KEY, "IMGCLI_HOME": str(place / "home")}
        return clean_environment() | told

    def run(self, arm: Arm, count: int, at_once: int, manner: Manner, processes: int = 1) -> Run:
        """`count` pictures by `arm`, shared out evenly among `processes` of one home."""
        place = self.place()
        shares = [count // processes + (part < count % processes) for part in range(processes)]
        orders = [Order(share, at_once // processes, manner.size, part) for part, share in enumerate(shares)]
        commands = [arm.command(order, self.server.base_url, place) for order in orders]
        for order in orders:
            order.out(place).mkdir(parents=True)
        self.server.behave(manner)
        if self._settles:
            os.sync()
        children = [Child(command, ROOT, self.env(place)) for command in commands]
        spent = [child.end() for child in children]
        tally = self.server.tally()
        got, finished = self._counted(place / "out", manner)
        shutil.rmtree(place)
        return Run(count, got, spent, tally, finished)

    def _counted(self, out: Path, manner: Manner) -> tuple[int, float]:
        """How many different whole pictures there are, and when the last got its name."""
        paths = [path for path in out.rglob("*.png") if not path.name.startswith(".")]
        numbers = {number_of(path, manner.shape, self.server.known) for path in paths} - {None}
        return len(numbers), max((path.stat().st_ctime for path in paths), default=0.0)
