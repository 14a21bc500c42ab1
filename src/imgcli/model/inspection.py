"""What a look at one picture on disk finds."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

PRUNED = ".imgcli-pruned"
"""Below an output directory: what `imgcli batch --prune` put aside."""


class Verdict(Enum):
    SOUND = "sound"
    ASIDE = "aside"  # sound as far as can be told, and put aside by --prune
    STRANGE = "strange"  # sound as far as can be told, but not of this ledger
    GONE = "gone"  # picture and sidecar are both away: somebody took them
    UNFINISHED = "unfinished"  # left by an interrupted run, for the next one to finish
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Inspection:
    """One picture held against its sidecar and the ledger.

    Attributes:
        problems: one line each; empty for a sound one.
        credentials: whether the file holds Content Credentials (C2PA), by its container's markers alone.
        hidden: whether moderation keeps it from being shown.
    """

    path: Path
    verdict: Verdict
    problems: tuple[str, ...] = ()
    credentials: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How a ledger was made anew: attempts by where they were found, and where the damaged file is kept.

    `lost` counts attempts of which only a part could be read; `kept` is None where there was no file; `unknown` counts
    those of nobody knows which user. `unbelieved` has a line for each sidecar that was left out, with the reason;
    `nameless` are whole pictures that never got a name, of attempts that neither ledger nor sidecars know.
    """

    from_events: int
    from_rows: int
    from_sidecars: int
    lost: int
    kept: Path | None
    unknown: int
    unbelieved: tuple[str, ...] = ()
    nameless: tuple[Path, ...] = ()
