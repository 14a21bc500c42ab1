"""The targets of `targets.py`, driven by coverage.

python tests/fuzz/run_atheris.py TARGET [libFuzzer options, such as -max_total_time=60]

It needs `pip install atheris`, which is no requirement of imgcli. What it finds is written to the current directory as
`crash-*` or `timeout-*`; run it again with such a file as the only option to see the fault.
"""

import importlib
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 60_000
"""Bytes of an input: the examples are a tenth of it."""


def escaped(word: bytes) -> str:
    return '"' + "".join(f"\\x{byte:02X}" for byte in word) + '"'


def main(arguments: list[str]) -> int:
    try:
        atheris = importlib.import_module("atheris")
    except ImportError:
        sys.stderr.write("skipped: atheris is not installed; nothing was fuzzed. Try: pip install atheris\n")
        return 0
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    with atheris.instrument_imports(include=["imgcli", "tomli"]):
        targets = importlib.import_module("tests.fuzz.targets").TARGETS
    if not arguments or arguments[0] not in targets:
        sys.stderr.write(f"name a target: {' '.join(targets)}\n")
        return 2
    target = targets[arguments[0]]
    with tempfile.TemporaryDirectory() as place:
        corpus, words = Path(place) / "corpus", Path(place) / "words"
        corpus.mkdir()
        for number, seed in enumerate(target.seeds):
            (corpus / f"seed-{number}").write_bytes(seed)
        # libFuzzer takes no words beyond 64 bytes.
        words.write_text("\n".join(escaped(word) for word in target.words if len(word) <= 64), "utf-8")
        replay = any(Path(option).is_file() for option in arguments[1:])
        options = [f"-dict={words}", f"-max_len={LONGEST}", "-timeout=10", *([] if replay else [str(corpus)])]
        atheris.Setup([sys.argv[0], *options, *arguments[1:]], target.read)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
