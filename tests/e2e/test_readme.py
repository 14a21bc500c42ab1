"""Every command of the README that can be run without a key, as written there."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import imgcli.errors
from tests.fakes.canvases import patches
from tests.rigs.nursery import Nursery

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


Run = Callable[[list[str], Path], subprocess.CompletedProcess[str]]


def start(words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
    """As a user starts it."""
    command = [sys.executable, "-m", "imgcli", *words]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


@pytest.fixture
def run(nursery: Nursery) -> Run:
    def run(words: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
        child = nursery.run(words, os.environ, cwd)
        return subprocess.CompletedProcess(words, child.end(), child.out.read_text(), child.err.read_text())

    return run


def test_the_demo_makes_every_picture_with_its_sidecar(tmp_path: Path) -> None:
    done = start(["batch", str(ROOT / "examples" / "prompts.toml")], tmp_path)
    assert done.returncode == 0, done.stderr
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert len(paths) == len(set(paths)) >= 16
    for path in paths:
        assert path.is_relative_to(tmp_path / "prompts")
        told = json.loads(path.with_name(path.name + ".json").read_text())
        assert told["file"] == path.name
        assert told["bytes"] == path.stat().st_size
    again = start(["batch", str(ROOT / "examples" / "prompts.toml"), "--json"], tmp_path)
    assert json.loads(again.stdout.splitlines()[-1])["reused"] == len(paths)


@pytest.mark.parametrize("name", ["prompts.csv", "prompts.jsonl", "prompts.txt"])
def test_the_other_examples_plan(tmp_path: Path, run: Run, name: str) -> None:
    done = run(["batch", str(ROOT / "examples" / name), "--provider", "placeholder", "--dry-run"], tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_batch_of_the_readme_is_what_it_says(tmp_path: Path, run: Run) -> None:
    (block,) = re.findall(r"```toml\n(\[defaults\].*?)```", README, re.DOTALL)
    (tmp_path / "prompts.toml").write_text(block)
    done = run(["batch", "prompts.toml", "--provider", "placeholder", "--json", "-s", "128x128"], tmp_path)
    assert done.returncode == 0, done.stderr
    ids = [event["id"] for event in map(json.loads, done.stdout.splitlines()) if event["event"] == "picture"]
    assert sorted(ids) == ["hero", "hero", "mug-blue", "mug-cream", "mug-red"]


def test_the_config_of_the_readme_is_one(tmp_path: Path, home: Path, run: Run) -> None:
    (block,) = re.findall(r"```toml\n(\[providers.studio\].*?)```", README, re.DOTALL)
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text(block)
    done = run(["gen", "a car", "--provider", "studio", "--style", "cinematic", "--dry-run", "--json"], tmp_path)
    assert done.returncode == 0, done.stderr
    plan = json.loads(done.stdout)
    assert plan["upper_usd"] == "0.002"
    assert plan["directed"].startswith("a car, ")


def _lines(text: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    lines = [line.partition("  #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line.startswith("imgcli")]


BATCHES = _lines(README.partition("\n## Batches\n")[2].partition("\n## ")[0])
"""They build on each other."""

FROM_PICTURES = {"edit", "vary", "restyle", "outpaint", "cutout", "upscale", "describe"}

LOOKING = _lines(README.partition("\n## Look, find, choose\n")[2].partition("\n## ")[0])
"""They are about the pictures of a batch."""

ASKING = ["imgcli init"]
"""Nobody is there to be asked; tests/cli/test_init.py has a terminal."""

SHELL = [line for line in _lines(README) if line not in {*BATCHES, *LOOKING, *ASKING}]


def test_the_story_of_a_library_goes_as_told(tmp_path: Path, run: Run) -> None:
    (tmp_path / "prompts.toml").write_text(
        '[defaults]\nprovider = "placeholder"\nname = "{id}-{n}"\n[[prompts]]\nid = "hero"\nprompt = "a lighthouse"\n'
    )
    assert len(BATCHES) == 6
    for line in BATCHES:
        done = run(shlex.split(line)[1:], tmp_path)
        assert done.returncode == 0, (line, done.stderr)
    assert {path.name for path in (tmp_path / "prompts").glob("*.png")} == {"hero-1.png", "hero-1-draft.png"}


def test_pictures_are_looked_at_as_told(tmp_path: Path, run: Run) -> None:
    (tmp_path / "prompts.toml").write_text(
        '[defaults]\nprovider = "placeholder"\nstyle = ["cinematic"]\nname = "{id}-{n}"\n'
        '[[prompts]]\nid = "hero"\nprompt = "a lighthouse"\n[[prompts]]\nid = "logo"\nprompt = "a wave"\n'
    )
    assert run(["batch", "prompts.toml"], tmp_path).returncode == 0
    assert run(["pick", "--reject", "prompts/logo-1.png"], tmp_path).returncode == 0
    assert len(LOOKING) == 6
    for line in LOOKING:
        # Whoever serves goes on until Ctrl-C.
        words = [word for word in shlex.split(line)[1:] if word not in {"--serve", "--watch", "--open"}]
        done = run(words, tmp_path)
        assert done.returncode == 0, (line, done.stderr)
    assert (tmp_path / "round-two.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "gallery" / "index.html").exists()
    made = sorted(path.name for path in (tmp_path / "prompts").glob("*.png"))
    assert [sum(name.startswith(word) for name in made) for word in ("hero", "logo")] == [2, 2]
    assert list((tmp_path / "icons").rglob("favicon.ico"))


@pytest.mark.parametrize("line", SHELL)
def test_the_lines_of_the_readme_are_understood(
    tmp_path: Path, home: Path, run: Run, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = shlex.split(line)[1:]
    (tmp_path / "prompts.toml").write_text('[[prompts]]\nprompt = "a car"\n')
    (tmp_path / "ours.txt").write_text("a rival brand\n")
    (tmp_path / "styles.csv").write_text("name,prompt,negative_prompt\nInk,ink drawing of {prompt},blurry\n")
    own = home / "config" / "styles"
    own.mkdir(parents=True)
    (own / "cinematic.toml").write_text(
        'description = "Mine"\nfamily = "mine"\nextends = "cinematic"\navoid = ["rain"]\n'
    )
    monkeypatch.setenv("EDITOR", "true")
    for number, name in enumerate(("car.png", "room.jpg", "chair.png", "a.png", "b.png")):
        patches(number, 1024, 1024).save(tmp_path / name)
    if words[0] in {"gen", "batch", *FROM_PICTURES} or words[:2] == ["styles", "learn"]:
        words += [] if "--dry-run" in words else ["--dry-run"]
    done = run(words, tmp_path)
    # Like diff, `styles diff` ends with 1 where two differ.
    assert done.returncode == int(words[:2] == ["styles", "diff"]), done.stderr


def test_the_table_of_exit_codes_is_whole() -> None:
    from_readme = {int(code) for code in re.findall(r"^\| (\d+)", README, re.MULTILINE)}
    in_code = {
        kind.exit_code
        for kind in vars(imgcli.errors).values()
        if isinstance(kind, type) and issubclass(kind, imgcli.errors.ImgcliError)
    }
    assert in_code | {0, 5, 6} <= from_readme
    assert os.EX_OK in from_readme
