"""imgcli, and what it has imported when it ends; a program for a nursery that is not warm."""

import sys
from collections.abc import Sequence

from imgcli.cli.app import run as run_imgcli


def run(argv: Sequence[str]) -> int:
    try:
        return run_imgcli(argv)
    finally:
        sys.stderr.write(f"\n{' '.join(sys.modules)}\n")
