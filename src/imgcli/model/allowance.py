"""What a provider lets us ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Allowance:
    """Told in the headers of an answer.

    Attributes:
        ipm: images a minute that are allowed; None if that was not said.
        wait: seconds until there is anything left; 0 if there is now.
    """

    ipm: float | None = None
    wait: float = 0.0
