"""imgcli beside other clients, on this machine.

python -m bench [CASE ...] [--rounds N]    measure some or all cases, and write docs/performance.md anew
python -m bench --small [CASE ...]         only show that every case can be measured; writes nothing
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bench.case import Case, Plan, Row
from bench.cases import cpu, durability, latency, limit, memory, profile, startup
from bench.control import ROOT, Server
from bench.lab import Lab
from bench.machine import load, machine_line
from bench.page import page
from bench.results import Result, read_results, write_results

CASES = {module.CASE.name: module.CASE for module in (cpu, memory, limit, latency, startup, durability, profile)}
RESULTS = ROOT / "bench" / "results.json"
PAGE = ROOT / "docs" / "performance.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"any of {', '.join(CASES)}; default: all")
    parser.add_argument("--rounds", type=int, help="instead of each case's own number")
    parser.add_argument("--small", action="store_true", help="a few pictures, one round, nothing written")
    parser.add_argument("--scratch", type=Path, default=ROOT, help="a directory on the disk to be measured")
    chosen = parser.parse_args()
    if strange := set(chosen.cases) - CASES.keys():
        parser.error(f"no case is called {', '.join(sorted(strange))}; there are {', '.join(CASES)}")
    cases = [case for name, case in CASES.items() if not chosen.cases or name in chosen.cases]
    with Server() as server, tempfile.TemporaryDirectory(prefix=".bench-", dir=chosen.scratch) as scratch:
        lab = Lab(server, Path(scratch).resolve(), settles=not chosen.small)
        for case in cases:
            if chosen.small:
                _try(lab, case)
            else:
                _measure(lab, case, chosen.rounds or case.rounds)


def _measure(lab: Lab, case: Case, rounds: int) -> None:
    """Each case is written as soon as it is measured: the next one takes minutes."""
    print(f"{case.name}: {rounds} rounds", flush=True)
    result = Result(datetime.now(UTC).date().isoformat(), rounds, load(), machine_line(), [])
    results = read_results(RESULTS)
    results[case.name] = replace(result, rows=case.measure(lab, Plan(rounds, small=False)))
    write_results(RESULTS, results)
    text = page(CASES.values(), results)
    PAGE.write_text(text, "utf-8")
    print(page([case], results).split("## ", 1)[1], flush=True)


def _try(lab: Lab, case: Case) -> None:
    rows = case.measure(lab, Plan(1, small=True))
    if faults := _faults(rows):
        sys.exit(f"{case.name}: {'; '.join(faults)}")
    print(f"{case.name}: works", flush=True)


def _faults(rows: Sequence[Row]) -> list[str]:
    voids = [f"{row.who}: {reason}" for row in rows for reason in row.void]
    return voids or [f"{row.who}: no figures" for row in rows if not row.figures] or ([] if rows else ["no rows"])


if __name__ == "__main__":
    main()
