"""Apply each mutant to a copy of the source, run the test that holds that line, and show that it goes red.

    python3 dev.py sabotage [words of a name]

Exit code 1 if a mutant lived. Each runs alone in a directory of its own; the project itself is not touched.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.sabotage.mutants import MUTANTS, ROOT, SOURCE, Mutant

PATIENCE = 600.0
"""Seconds; a mutant that hangs its test is caught as well."""


def mutated(mutant: Mutant, copy: Path) -> None:
    shutil.copytree(SOURCE, copy / "imgcli", ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new in mutant.changes:
        path = copy / "imgcli" / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, f"{mutant.name}: {file} has {text.count(old)} times {old!r}"
        path.write_text(text.replace(old, new), "utf-8")


def is_caught(mutant: Mutant) -> tuple[bool, str]:
    """Whether its test goes red, and the last line it said."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        mutated(mutant, copy)
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", mutant.test]
        env = os.environ | {"PYTHONPATH": str(copy), "IMGCLI_SABOTAGED": mutant.name}
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            return True, "hangs"
    # 1: a test failed; 2: it could not even be imported. 4 and 5 mean that there is no such test.
    return done.returncode in {1, 2}, (done.stdout.splitlines() or [done.stderr[-200:]])[-1]


def main(words: list[str]) -> int:
    chosen = [mutant for mutant in MUTANTS if all(word in mutant.name for word in words)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(is_caught, chosen))
    for mutant, (caught, said) in zip(chosen, verdicts, strict=True):
        print(f"{'red  ' if caught else 'LIVES'}  {mutant.name}\n         {mutant.test}\n         {said}")
    alive = [mutant for mutant, (caught, _) in zip(chosen, verdicts, strict=True) if not caught]
    print(f"{len(chosen) - len(alive)} of {len(chosen)} mutants are caught")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
