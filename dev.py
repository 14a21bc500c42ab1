"""Everything a developer runs, with nothing but Python 3.11+ and pip.

python3 dev.py demo     set up, then make every picture of examples/prompts.toml without a key
python3 dev.py check    set up, then format, lint, types, import contracts, generated docs and tests
python3 dev.py docs     write the generated docs anew, and what the commands of the tutorial and how-tos show
python3 dev.py site     the docs as a site, in site/; a warning is an error
python3 dev.py pictures draw the pictures of the README and the docs anew, from real runs
python3 dev.py fmt      format and mend what can be mended
python3 dev.py rigs     the long proofs: kills, crash states, failing calls, flips (an hour; words choose some)
python3 dev.py bench    imgcli beside other clients; writes docs/performance.md (half an hour; words choose some cases)
python3 dev.py sabotage break the code on purpose, line by line, and see a test go red for each
python3 dev.py lock     pin the newest allowed dependencies, with hashes (needs uv)
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = "Scripts" if sys.platform == "win32" else "bin"
BIN = VENV / SCRIPTS
PYTHON = BIN / ("python.exe" if sys.platform == "win32" else "python")
SITE_VENV = ROOT / ".venv-site"
"""Of its own: what makes the site never decides which version of a package imgcli is tested with."""
ROOM_FOR_TESTS = 6 * 1024**3
"""Bytes; the suite writes 2 GB."""

GENERATED = (
    "docs/cli.md",
    "docs/errors.md",
    "docs/moderation.md",
    "docs/cache.md",
    "docs/imgcli.1",
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
    """A .venv with the pinned packages and imgcli itself."""
    if install(VENV, which):
        run(*pip(VENV), "--no-deps", "--no-build-isolation", "--editable", ROOT)
        stamp(VENV, which).write_bytes(pinned(which))


def install(venv: Path, which: str) -> bool:
    """Whether there was anything to install; `--without-pip` because Debian's Python ships no ensurepip."""
    if stamp(venv, which).exists() and stamp(venv, which).read_bytes() == pinned(which):
        return False
    if not (venv / SCRIPTS / PYTHON.name).exists():
        run(sys.executable, "-m", "venv", "--without-pip", venv)
    run(*pip(venv), "--require-hashes", "-r", ROOT / "requirements" / f"{which}.txt")
    return True


def pip(venv: Path) -> tuple[str | Path, ...]:
    python = venv / SCRIPTS / PYTHON.name
    return (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check")


def pinned(which: str) -> bytes:
    return (ROOT / "requirements" / f"{which}.txt").read_bytes()


def stamp(venv: Path, which: str) -> Path:
    return venv / f"installed-{which}.txt"


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
    with tempfile.TemporaryDirectory(prefix="imgcli-", dir=scratch()) as place:
        os.environ["TMPDIR"] = place
        run(PYTHON, "-m", "pytest", "-q", "-n", "auto", *arguments)


def scratch() -> Path | None:
    """Memory for the files of the tests, where there is enough: thousands of them wait for a disk otherwise."""
    memory = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it
    try:
        facts = os.statvfs(memory)
    except (OSError, AttributeError):
        return None
    takes_programs = not facts.f_flag & os.ST_NOEXEC
    roomy = facts.f_bavail * facts.f_frsize > ROOM_FOR_TESTS and os.access(memory, os.W_OK)
    return memory if takes_programs and roomy else None


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
    run(PYTHON, "-m", "tests.cli.followed")


def site(_arguments: Sequence[str]) -> None:
    if install(SITE_VENV, "docs"):
        stamp(SITE_VENV, "docs").write_bytes(pinned("docs"))
    made = ROOT / "site"
    strict = ("-W", "--keep-going", "--fresh-env", "--write-all", "--quiet", "--doctree-dir", SITE_VENV / "doctrees")
    run(SITE_VENV / SCRIPTS / PYTHON.name, "-m", "sphinx", *strict, ROOT / "docs", made)
    print(f"site: {made / 'index.html'}")


def pictures(arguments: Sequence[str]) -> None:
    setup("dev")
    run(PYTHON, "-m", "docs.pictures", *arguments)


def fmt(_arguments: Sequence[str]) -> None:
    setup("dev")
    run(BIN / "ruff", "check", "--fix-only", "--quiet", ".")
    run(BIN / "ruff", "format", ".")


def lock(_arguments: Sequence[str]) -> None:
    compiled("run", "--group", "build", "pyproject.toml")
    compiled("dev", "--group", "build", "--group", "dev", "--extra", "keyring", "pyproject.toml")
    compiled("docs", "--group", "pyproject.toml:docs")


def compiled(which: str, *wanted: str) -> None:
    options = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-header")
    run("uv", "pip", "compile", "--quiet", *options, *wanted, "-o", ROOT / "requirements" / f"{which}.txt")


COMMANDS = {
    "demo": demo,
    "check": check,
    "docs": docs,
    "site": site,
    "pictures": pictures,
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
