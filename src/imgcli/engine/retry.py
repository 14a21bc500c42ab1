"""When to send again: only what is certainly unpaid, with full jitter, and never more often than is polite."""

from dataclasses import dataclass

from imgcli.errors import PATIENCE, AttemptError, Retry

FIRST = 1.0
LONGEST = 60.0
"""Seconds: bounds of the jitter."""


@dataclass(frozen=True, slots=True)
class RetryRules:
    """`tries` bounds the attempts of one job, the first included."""

    tries: int = 6

    def wait(self, fault: AttemptError, tried: int, luck: float) -> float | None:
        """Seconds until the next attempt, or None to give up.

        Args:
            fault: why the last attempt failed.
            tried: attempts so far, 1 or more.
            luck: a uniform random number in [0, 1).
        """
        if fault.retry is not Retry.FREE or tried >= self.tries:
            return None
        if fault.wait is not None and fault.wait > PATIENCE:
            return None
        jitter = luck * min(LONGEST, FIRST * 2.0**tried)
        return jitter if fault.wait is None else fault.wait + min(jitter, fault.wait / 4 + 0.1)
