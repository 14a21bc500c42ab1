"""Everything a developer runs, with nothing but Python 3.11+ and pip.

python3 dev.py demo     set up, then make every picture of examples/prompts.toml without a key
python3 dev.py check    set up, then format, lint, types, import contracts, generated docs and tests
python3 dev.py docs     write the generated docs anew
python3 dev.py fmt      format and mend what can be mended
python3 dev.py rigs     the long proofs: kills, crash states, failing calls, flips (an hour; words choose some)
python3 dev.py bench    imgcli beside other clients; writes docs/performance.md (half an hour; words choose some cases)
python3 dev.py sabotage break the code on purpose, line by line, and see a test go red for each
python3 dev.py lock     pin the newest allowed dependencies, with hashes (needs uv)
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if sys.platform == "win32" else "bin")
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")
GENERATED = (
    "docs/cli.md",
    "docs/errors.md",
    "docs/moderation.md",
    "docs/cache.md",
    "docs/sidecar.schema.json",
    "docs/batch.schema.json",
    "docs/style.schema.json",
)


def run(*command: str | Path) -> None:
    """Run from the project's root, or end with the failing command's exit code."""
    print("+", *(str(part).replace(f"{ROOT}/", "") for part in command), flush=True)
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def setup(which: str) -> None:
    """A .venv with the pinned packages; `--without-pip` because Debian's Python ships no ensurepip."""
    wanted = ROOT / "requirements" / f"{which}.txt"
    stamp = VENV / f"installed-{which}.txt"
    if stamp.exists() and stamp.read_bytes() == wanted.read_bytes():
        return
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", "--without-pip", VENV)
    pip = (sys.executable, "-m", "pip", "--python", PYTHON, "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", wanted)
    run(*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT)
    stamp.write_bytes(wanted.read_bytes())


def demo(arguments: Sequence[str]) -> None:
    setup("run")
    run(BIN / "imgcli", "batch", *(arguments or ["examples/prompts.toml"]))


def check(arguments: Sequence[str]) -> None:
    setup("dev")
    run(BIN / "ruff", "format", "--check", ".")
    run(BIN / "ruff", "check", ".")
    run(BIN / "mypy")
    run(BIN / "lint-imports")
    run(PYTHON, "docs/generate.py", "--check")
    run(PYTHON, "-m", "pytest", "-q", "-n", "auto", *arguments)


def rigs(arguments: Sequence[str]) -> None:
    setup("dev")
    run(
        PYTHON,
        "-m",
        "pytest",
        "-m",
        "rig",
        "-q",
        "-rP",
        "-n",
        "auto",
        *(("-k", " ".join(arguments)) if arguments else ()),
    )


def bench(arguments: Sequence[str]) -> None:
    setup("dev")
    run(PYTHON, "-m", "bench", *arguments)


def sabotage(arguments: Sequence[str]) -> None:
    setup("dev")
    run(PYTHON, "-m", "tests.sabotage.run", *arguments)


def docs(_arguments: Sequence[str]) -> None:
    setup("dev")
    run(PYTHON, "docs/generate.py")


def fmt(_arguments: Sequence[str]) -> None:
    setup("dev")
    run(BIN / "ruff", "check", "--fix-only", "--quiet", ".")
    run(BIN / "ruff", "format", ".")


def lock(_arguments: Sequence[str]) -> None:
    for name, groups in (("run", ("build",)), ("dev", ("build", "dev"))):
        chosen = [part for group in groups for part in ("--group", group)]
        extra = ("--extra", "keyring") if name == "dev" else ()
        target = ROOT / "requirements" / f"{name}.txt"
        options = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header")
        run("uv", "pip", "compile", "--quiet", *options, *chosen, *extra, "pyproject.toml", "-o", target)


COMMANDS = {
    "demo": demo,
    "check": check,
    "docs": docs,
    "fmt": fmt,
    "rigs": rigs,
    "bench": bench,
    "sabotage": sabotage,
    "lock": lock,
}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    COMMANDS[sys.argv[1]](sys.argv[2:])
