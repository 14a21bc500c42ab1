"""What `imgcli doctor` finds."""

from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, what was seen, and what to type if it is not well."""

    level: Level
    subject: str
    seen: str
    advice: str = ""
