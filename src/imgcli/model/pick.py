"""A picture that somebody chose."""

from dataclasses import dataclass
from pathlib import Path

from imgcli.model.attempt import Record


@dataclass(frozen=True, slots=True)
class Pick:
    """A picture of which imgcli knows how it was made.

    Attributes:
        record: from the ledger, or else as its sidecar tells it.
        path: where the picture is, or was when it was chosen; absolute.
        key: of its job, which a sidecar tells without all that went into it.
    """

    record: Record
    path: Path
    key: str
