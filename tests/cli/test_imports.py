"""What each command imports of what costs time: a process of its own for each, its modules looked at as it ends.

Most are forked from one that has imported the front door and nothing else; two start as a user starts them.

The figures are shown by `dev.py bench startup`.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from imgcli.storage.sidecar import sidecar_bytes
from tests.fake_api.client import FakeApi
from tests.fake_api.pictures import png
from tests.fakes.inputs import a_photo
from tests.rigs.nursery import Nursery
from tests.unit.storage.test_story import RECORD

WATCHED = frozenset(
    {"openai", "pydantic", "PIL", "httpx", "httpx2", "aiohttp", "keyring", "tomlkit"}
    | {"rich", "msgspec", "asyncio", "sqlite3", "glin_profanity", "onnxruntime", "fpdf"}
)
SCRIPT = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, file=sys.stderr))
from imgcli.__main__ import main
main()
"""

BATCH = """
[[prompts]]
prompt = "a car"
style = "cinematic"
"""


Imported = Callable[..., set[str]]


def imported_from_the_start(*words: str) -> set[str]:
    done = subprocess.run([sys.executable, "-c", SCRIPT, *words], capture_output=True, text=True, check=False)
    *told, modules = done.stderr.splitlines()
    assert done.returncode == 0, told
    return set(WATCHED & set(modules.split()))


@pytest.fixture(scope="module")
def front_door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("front-door"), "tests.cli.census", warm=False) as made:
        yield made


@pytest.fixture
def imported(front_door: Nursery, tmp_path: Path) -> Imported:
    def imported(*words: str, env: Mapping[str, str] | None = None) -> set[str]:
        child = front_door.run(words, os.environ | (env or {}), tmp_path)
        *told, modules = child.err.read_text().splitlines()
        assert child.status == 0, told
        return set(WATCHED & set(modules.split()))

    return imported


@pytest.mark.parametrize(
    ("words", "expected"), [("--version", ""), ("gen car --provider placeholder", "PIL asyncio msgspec sqlite3")]
)
def test_a_command_imports_no_more_as_a_user_starts_it(
    words: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert imported_from_the_start(*words.split()) == set(expected.split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--help", ""),
        ("--version", ""),
        ("gen --help", ""),
        ("budget set --help", ""),
        ("config path", ""),
        ("init --help", ""),
        ("init --style cinematic", "asyncio tomlkit"),
        ("init --budget 5", "asyncio sqlite3"),
        ("config set jobs 4", "tomlkit"),
        ("pick --help", ""),
        ("final --help", ""),
        ("pick --list", "asyncio msgspec sqlite3"),
        ("styles list", "msgspec rich"),
        ("styles show cinematic", "msgspec rich"),
        ("styles show cinematic film-noir", "msgspec rich"),
        ("styles new mine --extends cinematic", "msgspec"),
        ("styles lint cinematic", "msgspec"),
        ("styles schema", "msgspec"),
        ("styles import styles.csv", "msgspec"),
        ("styles export cinematic --format a1111", "msgspec"),
        ("styles edit glass", "msgspec"),
        ("styles diff glass glass", "msgspec"),
        ("budget show", "asyncio sqlite3"),
        ("config show", "asyncio msgspec rich"),
        ("models", "asyncio msgspec rich"),
        ("gen car --dry-run", "asyncio msgspec rich sqlite3"),
        ("gen car --provider placeholder --explain", "asyncio msgspec sqlite3"),
        ("cache stats", "asyncio"),
        ("cache verify", "asyncio"),
        ("cache clear --yes", "asyncio"),
        ("history show car.png", "asyncio msgspec"),
        ("report", "asyncio sqlite3"),
        ("report spend", "asyncio sqlite3"),
        ("report spend --by tag --json", "asyncio sqlite3"),
        ("report spend --csv", "asyncio sqlite3"),
        ("report forecast", "asyncio sqlite3 rich"),
        ("budget alert", "asyncio"),
        ("budget alert 80%", "asyncio tomlkit"),
        ("history again --help", ""),
        ("history again car.png.json --dry-run", "asyncio msgspec rich sqlite3"),
        ("gallery --help", ""),
        ("export --help", ""),
        ("pick --reject car.png.json", "asyncio msgspec sqlite3"),
        ("history --help", ""),
        ("history search --help", ""),
        ("history", "asyncio msgspec sqlite3"),
        ("history search car", "asyncio msgspec sqlite3"),
        ("history list --failed", "asyncio msgspec sqlite3"),
        ("history export", "asyncio msgspec sqlite3"),
        ("report prompts", "asyncio msgspec sqlite3"),
        ("report moderation", "asyncio"),
        ("report waste --help", ""),
        ("report waste", "asyncio msgspec sqlite3"),
        ("report savings", "asyncio msgspec rich sqlite3"),
        ("quarantine --help", ""),
        ("quarantine list", "asyncio msgspec sqlite3"),
        ("styles sheet --help", ""),
        ("sheet --help", ""),
        ("sheet car.png", "PIL asyncio fpdf msgspec sqlite3"),
        ("sheet car.png -o car-sheet.png", "PIL asyncio msgspec sqlite3"),
        ("styles sheet car --style comic --dry-run", "asyncio msgspec rich sqlite3"),
        ("gen car --vary seed=1,2 --dry-run", "asyncio msgspec rich sqlite3"),
        ("gen car --provider placeholder", "PIL asyncio msgspec sqlite3"),
        ("edit --help", ""),
        ("edit photo.png night --dry-run", "asyncio msgspec rich sqlite3"),
        ("edit photo.png night --mask-box 0,0,5,5 --dry-run", "PIL asyncio msgspec rich sqlite3"),
        ("gen car --ref photo.png --dry-run", "asyncio msgspec rich sqlite3"),
        *(
            (f"{verb} --help", "")
            for verb in ("vary", "restyle", "describe", "outpaint", "cutout", "upscale", "styles learn")
        ),
        ("vary in.png --dry-run", "asyncio msgspec rich sqlite3"),
        ("restyle in.png --style comic --no-describe --dry-run", "asyncio msgspec rich sqlite3"),
        ("cutout in.png --dry-run", "asyncio msgspec rich sqlite3"),
        ("upscale in.png --to 1536x1024 --dry-run", "asyncio msgspec rich sqlite3"),
        ("outpaint in.png --to 2048x1152 --dry-run", "PIL asyncio msgspec rich sqlite3"),
        ("describe in.png --local", "PIL asyncio"),
    ],
)
def test_a_command_imports_what_it_needs(
    words: str, expected: str, tmp_path: Path, imported: Imported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    (tmp_path / "styles.csv").write_text("name,prompt\nmine,ink\n")
    a_photo(tmp_path / "photo.png")
    (tmp_path / "car.png.json").write_bytes(sidecar_bytes(RECORD))
    for name in ("in.png", "car.png"):
        (tmp_path / name).write_bytes(png(300, 200, 1))
    assert imported(*words.split()) == set(expected.split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--plan --json", "asyncio msgspec sqlite3"),
        ("--plan", "asyncio msgspec rich sqlite3"),
        ("--prune", "asyncio msgspec sqlite3"),
    ],
)
def test_a_library_is_looked_at_without_what_makes_pictures(
    words: str, expected: str, tmp_path: Path, imported: Imported
) -> None:
    (tmp_path / "prompts.toml").write_text(BATCH)
    assert imported("batch", "prompts.toml", *words.split()) == set(expected.split())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("imgcli sty", ""),
        ("imgcli gen --st", ""),
        ("imgcli gen --style cin", ""),
        ("imgcli gen --provider pl", ""),
        ("imgcli gen --model gpt", "asyncio msgspec"),
        ("imgcli history show 0", "sqlite3"),
        ("imgcli budget resolve 0", "sqlite3"),
    ],
)
def test_the_shell_waits_for_little_when_it_completes(typed: str, expected: str, imported: Imported) -> None:
    env = {"_IMGCLI_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    assert imported(env=env) == set(expected.split())


@pytest.mark.parametrize(
    ("asked", "painter"),
    [("--provider placeholder", {"PIL"}), ("--model gpt-image-2.5-flare", {"openai", "pydantic"})],
)
def test_a_finished_batch_imports_nothing_that_makes_pictures(
    asked: str, painter: set[str], fake_api: FakeApi, home: Path, tmp_path: Path, imported: Imported
) -> None:
    (tmp_path / "prompts.toml").write_text(BATCH)
    words, env = ("batch", "prompts.toml", *asked.split()), fake_api.env(home)
    assert imported(*words, env=env) >= painter
    assert imported(*words, env=env) == {"asyncio", "msgspec", "sqlite3"}
