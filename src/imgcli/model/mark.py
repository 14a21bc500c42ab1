"""What people say of pictures."""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path


class Mark(Enum):
    PICKED = "picked"  # a final of it is wanted
    FINISHED = "finished"  # and was made
    REJECTED = "rejected"  # not wanted; another may be made in its place
    OPENED = "opened"  # somebody looked at it
    EXPORTED = "exported"  # copies of it were made for use elsewhere


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark on the picture of `attempt`, which was seen at `path` (absolute) when it was marked."""

    attempt: str
    mark: Mark
    path: Path
