"""The figures of all cases in one file, so that a case can be measured again without the others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.case import Row


@dataclass(frozen=True, slots=True)
class Result:
    """One case, measured.

    Attributes:
        taken: the day, as 2026-11-21.
        rounds: samples of each figure at most.
        load: of the machine just before.
        machine: in one line.
        rows: of its table.
    """

    taken: str
    rounds: int
    load: float
    machine: str
    rows: Sequence[Row]


def read_results(path: Path) -> dict[str, Result]:
    """By the name of the case; none if there is no file yet."""
    if not path.exists():
        return {}
    told = json.loads(path.read_text("utf-8"))
    return {name: Result(**{**result, "rows": [Row(**row) for row in result["rows"]]}) for name, result in told.items()}


def write_results(path: Path, results: Mapping[str, Result]) -> None:
    told = {name: _told(result) for name, result in sorted(results.items())}
    path.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _told(result: Result) -> dict[str, object]:
    told = asdict(result)
    for row in told["rows"]:
        # Six digits are more than any of these figures has.
        row["figures"] = {key: [float(f"{each:.6g}") for each in samples] for key, samples in row["figures"].items()}
    return told
