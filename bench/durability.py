"""What the promises cost: pictures a second with all of it, over the same with durability switched off.

python bench/durability.py [--pairs N] [--pictures N] [--at-once N]

Both arms run the whole command line in a process of its own against the fake API, which answers after 200 ms, in turn
in one session. "Off" makes every fsync return at once and tells SQLite not to sync; everything else is the same. The
figure is a ratio of the times from the first request to the last line, and counts no start-up.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

RATES = '[[rates]]\nmodel = "gpt-image-2.5-flare"\ntext_in = "5"\nimage_in = "8"\nimage_out = "30"\n'


def child(arm: str, argv: list[str]) -> int:
    """One run; its seconds go to stderr, without what was imported before."""
    import openai

    from imgcli.cli.app import run

    _ = openai.AsyncOpenAI(api_key="none").images  # imported when it is first asked for
    if arm == "off":
        _forget_durability()
    began = time.monotonic()
    code = run(argv)
    sys.stderr.write(f"{time.monotonic() - began:.6f}\n")
    return code


def _forget_durability() -> None:
    import sqlite3

    class Careless(sqlite3.Connection):
        def execute(self, sql: str, *args: object) -> sqlite3.Cursor:  # type: ignore[override]
            cursor = super().execute(sql, *args)  # type: ignore[arg-type]
            if sql == "PRAGMA synchronous":
                super().execute("PRAGMA synchronous=OFF")
            return cursor

    real = sqlite3.connect
    sqlite3.connect = lambda *args, **kwargs: real(*args, **{"factory": Careless, **kwargs})  # type: ignore[assignment]
    os.fsync = lambda _descriptor: None  # type: ignore[assignment]


def seconds(arm: str, place: Path, env: dict[str, str], pictures: int, at_once: int) -> float:
    """The time of one run in a fresh home."""
    home = Path(env["IMGCLI_HOME"])
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text(RATES)
    (place / "many.txt").write_text("".join(f"picture {index}\n" for index in range(pictures)))
    argv = [
        "batch",
        "many.txt",
        "--model",
        "gpt-image-2.5-flare",
        "-j",
        str(at_once),
        "--quiet",
        "-o",
        f"out-{home.name}",
    ]
    command = [sys.executable, __file__, "--child", arm, *argv]
    done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=True)
    if len(done.stdout.splitlines()) != pictures:
        raise SystemExit(done.stderr)
    return float(done.stderr.splitlines()[-1])


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        sys.exit(child(sys.argv[2], sys.argv[3:]))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--pictures", type=int, default=160)
    parser.add_argument("--at-once", type=int, default=16)
    chosen = parser.parse_args()
    from tests.fake_api.client import FakeApi

    ratios, rates = [], {"on": [], "off": []}
    with tempfile.TemporaryDirectory(dir=ROOT) as scratch, FakeApi(_made(Path(scratch) / "api")) as api:
        place = _made(Path(scratch) / "work")
        for pair in range(chosen.pairs):
            api.reset()
            api.script(latency=0.2)
            found = {}
            for arm in ("on", "off") if pair % 2 else ("off", "on"):
                env = dict(os.environ) | api.env(Path(scratch) / f"{arm}-{pair}")
                found[arm] = seconds(arm, place, env, chosen.pictures, chosen.at_once)
                rates[arm].append(chosen.pictures / found[arm])
            ratios.append(found["on"] / found["off"])
            print(json.dumps({"pair": pair, **{arm: round(value, 3) for arm, value in found.items()}}), flush=True)
    told = {arm: f"{statistics.median(values):.1f}" for arm, values in rates.items()}
    low, high = min(ratios), max(ratios)
    print(f"pictures/s: {told['on']} with durability, {told['off']} without (medians of {chosen.pairs})")
    print(f"time with over without: {statistics.median(ratios):.3f} (from {low:.3f} to {high:.3f})")


def _made(path: Path) -> Path:
    path.mkdir(parents=True)
    return path


if __name__ == "__main__":
    main()
