"""The pictures of the README and the docs, drawn from real runs: `python3 dev.py pictures`, with words for some of them.

imgcli runs in a terminal of 80 columns against the API server of the tests, which answers after a second or so and
bills at the published prices. POSIX only.
"""

import codecs
import os
import pty
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image

from docs.film import Rows, film, still
from docs.terminal import Look, Screen
from tests.cli.followed import Save, steps
from tests.fake_api.client import FakeApi

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
GALLERY = "gallery"
COLUMNS = 80
HOLD = 6.0
"""Seconds for which the end of a film stands."""
FIRST = 0.8
"""Seconds after which a program says something, at most."""
QUICKEST = 0.1
"""Seconds a frame is shown at least."""
LATENCIES = (0.7, 2.3)
"""Seconds of an answer, from and to."""
TEAS = '"black", "sencha", "nettle", "fennel", "oolong"'

Shot = list[tuple[float, str]]
"""What was written to the terminal, and at which second."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A directory, a home and a server for all pictures, in which one run comes after the other."""

    work: Path
    environment: Mapping[str, str]
    api: FakeApi

    def type(self, line: str) -> Shot:
        """Run a command line as it stands.

        Raises:
            SystemExit: it failed; its words are in the message.
        """
        words = [sys.executable, "-m", *shlex.split(line)]
        began = time.monotonic()
        side, far = pty.openpty()
        shot: Shot = []
        letters = codecs.getincrementaldecoder("utf-8")()
        with subprocess.Popen(  # noqa: S603 - our own program
            words, cwd=self.work, env=dict(self.environment), stdin=far, stdout=far, stderr=far, close_fds=True
        ) as run:
            os.close(far)
            try:
                while read := os.read(side, 65_536):
                    shot.append((time.monotonic() - began, letters.decode(read)))
            except OSError:
                pass  # how Linux says that the other side was closed
        os.close(side)
        if run.returncode:
            raise SystemExit(f"{line} ended with {run.returncode}: {''.join(text for _, text in shot)}")
        return shot


def batch(stage: Stage) -> str:
    """The batch of the tutorial under way, to its table; with a few more teas."""
    for step in steps((ROOT / "docs" / "tutorial.md").read_text("utf-8")):
        if isinstance(step, Save):
            (place := stage.work / step.name).parent.mkdir(exist_ok=True)
            place.write_text(step.text.replace('"black"', TEAS), "utf-8")
    lots = random.Random(7)  # noqa: S311 - a draw for a picture
    stage.api.script(faults=[{"fault": "ok", "latency": round(lots.uniform(*LATENCIES), 2)} for _ in range(64)])
    line = "imgcli batch teas.toml --max-cost 1"
    return film(line, frames(line, stage.type(line)), COLUMNS, HOLD)


def explain(stage: Stage) -> str:
    """Who said what in a directed prompt. Nothing is sent, so this one asks no server and has a home without settings."""
    line = 'imgcli gen "a teapot on a windowsill" --style cinematic --no people --explain'
    alone = {name: text for name, text in stage.environment.items() if not name.startswith("OPENAI_")}
    alone["IMGCLI_HOME"] = f"{stage.work}-alone"
    return still(line, typed(line, replace(stage, environment=alone).type(line)), COLUMNS)


def spend(stage: Stage) -> str:
    """Where the money went: that of the batch, and of the library of examples/prompts.toml."""
    told = (ROOT / "examples" / "prompts.toml").read_text("utf-8")
    (stage.work / "library.toml").write_text(told.replace('provider = "placeholder"\n', "", 1), "utf-8")
    stage.api.script(faults=[])
    stage.type("imgcli batch library.toml --max-cost 2")
    line = "imgcli report spend --by tag"
    return still(line, typed(line, stage.type(line)), COLUMNS)


CONFIG = """
model = "gpt-image-2.5-flare"

[[rates]]
model = "gpt-image-2.5-flare"
text_in = "5"
image_in = "8"
image_out = "30"
"""
"""The prices that OpenAI publishes, for the server of the tests that stands in its place."""

SCENES: dict[str, Callable[[Stage], str]] = {"batch": batch, "explain": explain, "report": spend}
"""By the name of the file; each may use what those before it made."""


def frames(line: str, shot: Shot) -> list[tuple[float, Rows]]:
    """What the terminal shows, as often as it changes, with the second each begins at; a slow start is cut short."""
    screen = _prompt(line)
    found: list[tuple[float, Rows]] = [(0.0, _copied(screen))]
    skipped = max(0.0, shot[0][0] - FIRST)
    for number, (written, text) in enumerate(shot):
        second = written - skipped
        screen.feed(text)
        is_last = number == len(shot) - 1
        if (is_last or second - found[-1][0] >= QUICKEST) and _copied(screen) != found[-1][1]:
            found.append((second, _copied(screen)))
    return found


def typed(line: str, shot: Shot) -> Rows:
    screen = _prompt(line)
    screen.feed("".join(text for _, text in shot))
    return _copied(screen)


def _prompt(line: str) -> Screen:
    screen = Screen(COLUMNS)
    screen.look = Look(front=2)
    screen.feed("$ ")
    screen.look = Look(bold=True)
    screen.feed(line)
    screen.look = Look()
    screen.feed("\r\n")
    return screen


def _copied(screen: Screen) -> Rows:
    rows = [list(row) for row in screen.rows]
    while rows and not "".join(character for character, _ in rows[-1]).strip():
        rows.pop()
    return rows


def gallery(page: Path, width: int = 1280, height: int = 800) -> Path | None:
    """docs/pictures/gallery.webp, a screenshot of a gallery page; None where there is no Chromium. Pixels."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        return None
    with tempfile.TemporaryDirectory() as place:
        taken = Path(place, "taken.png")
        options = [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--virtual-time-budget=4000",
            f"--user-data-dir={place}/profile", f"--window-size={width},{height}", f"--screenshot={taken}",
        ]  # fmt: skip
        subprocess.run([browser, *options, page.resolve().as_uri()], check=True, capture_output=True)  # noqa: S603 - a browser, and our page
        with Image.open(taken) as shot:
            # As a PNG it would weigh seven times as much.
            shot.convert("RGB").save(target := PICTURES / "gallery.webp", quality=85, method=6)
    return target


def _hung(stage: Stage) -> Path:
    """The page of a gallery of the demo's pictures."""
    stage.type(f"imgcli batch {ROOT / 'examples' / 'prompts.toml'} -o 'Saltmarsh tea' --model placeholder")
    stage.type("imgcli gallery 'Saltmarsh tea' -o wall")
    return stage.work / "wall" / "index.html"


def main() -> None:
    wanted = sys.argv[1:] or [*SCENES, GALLERY]
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as place, FakeApi(Path(place)) as api:
        (work := Path(place, "saltmarsh")).mkdir()
        environment = {name: text for name, text in os.environ.items() if not name.startswith(("OPENAI_", "IMGCLI_"))}
        (config := Path(place, "home", "config", "config.toml")).parent.mkdir(parents=True)
        config.write_text(CONFIG, "utf-8")
        environment |= api.env(Path(place, "home")) | {"COLUMNS": str(COLUMNS), "LINES": "40", "TERM": "xterm-256color"}
        environment.pop("NO_COLOR", None)
        stage = Stage(work, environment, api)
        for name, scene in SCENES.items():
            drawn = scene(stage)
            if name in wanted:
                (PICTURES / f"{name}.svg").write_text(drawn, "utf-8")
                sys.stdout.write(f"docs/pictures/{name}.svg: {len(drawn.encode()):,} bytes\n")
        if GALLERY in wanted:
            target = gallery(_hung(stage))
            told = f"{target.stat().st_size:,} bytes" if target else "needs Chromium, which is not here"
            sys.stdout.write(f"docs/pictures/{GALLERY}.webp: {told}\n")


if __name__ == "__main__":
    main()
