"""Money of the ledger, summed over attempts that are the same in all that reports ask for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from imgcli.model.attempt import State


@dataclass(frozen=True, slots=True)
class Charge:
    """Attempts alike in everything here but their sums; all money is nano-USD.

    Attributes:
        day: UTC, `2026-11-21`.
        command: of the run: `gen`, `batch`, `final`, ...
        directory: absolute, the pictures went there.
        is_text: words of a text model, no picture.
        is_draft: a draft of a picture that is wanted otherwise.
        decided: a person said what became of it.
        attempts: how many.
        posted: billed; for MODERATED and UNCERTAIN what stays counted until somebody decides.
        held: reserved for attempts that are under way (RESERVED and SENT).
    """

    day: str
    user: str
    provider: str
    model: str
    quality: str
    styles: tuple[str, ...]
    tags: tuple[str, ...]
    command: str
    directory: str
    is_text: bool
    is_draft: bool
    state: State
    decided: bool
    attempts: int
    posted: int
    held: int


def present(charges: Iterable[Charge], today: date) -> date:
    """The UTC day that the ledger is at: its time never goes back, so after a clock that was ahead it is not `today`."""
    return max(today, date.fromisoformat(max((charge.day for charge in charges), default=str(today))))
