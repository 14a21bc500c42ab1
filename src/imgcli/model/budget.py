"""Caps on money and pictures."""

from dataclasses import dataclass
from enum import Enum


class Scope(Enum):
    ALL = "all"
    USER = "user"
    TAG = "tag"
    PROVIDER = "provider"


class Window(Enum):
    """How long a cap lasts; days and months are UTC."""

    RUN = "run"
    DAY = "day"
    MONTH = "month"
    TOTAL = "total"


EACH = "*"
"""Subject of a budget that every user, tag or provider gets for itself."""

UNKNOWN = "unknown"
"""The user of pictures that only their sidecars tell of; what they cost counts against the cap of every user."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A cap for a scope and a window; `usd` in nano-USD, `pictures` a count, None means no cap of that kind.

    `subject` is the user, tag or provider meant, `*` for each of them, and empty for the scope `all`.
    """

    scope: Scope
    subject: str
    window: Window
    usd: int | None
    pictures: int | None

    def __str__(self) -> str:
        whom = {"": "everything", EACH: f"each {self.scope.value}"}.get(
            self.subject, f"{self.scope.value} {self.subject}"
        )
        span = {Window.TOTAL: "in total", Window.RUN: "per run"}.get(self.window, f"per {self.window.value}")
        return f"{whom}, {span}"


@dataclass(frozen=True, slots=True)
class Balance:
    """How full one budget is, for one subject in one window: nano-USD and pictures, held and spent."""

    budget: Budget
    subject: str
    window_key: str
    held_usd: int
    spent_usd: int
    held_pictures: int
    spent_pictures: int


@dataclass(frozen=True, slots=True)
class Spending:
    """Sums over attempts in nano-USD, with pictures made; `held` includes what is uncertain."""

    spent: int
    held: int
    uncertain: int
    pictures: int
