"""What moderation says of words and pictures, and what was found of a picture before it got its name."""

from dataclasses import dataclass
from enum import Enum


class Decision(Enum):
    CLEARED = "cleared"
    WARNED = "warned"
    BLOCKED = "blocked"
    UNAVAILABLE = "unavailable"  # nobody could say; where moderation is on it counts as blocked


class Stage(Enum):
    """What was looked at."""

    PROMPT = "prompt"
    INPUT = "input"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One layer's word on one thing.

    Attributes:
        layer: who says it: `blocklist`, `words`, `provider` or `local`.
        reason: for people; what was found, never more of the prompt than that.
        scores: (category, 0 to 1) of those that say anything, highest first.
    """

    stage: Stage
    layer: str
    decision: Decision
    reason: str = ""
    scores: tuple[tuple[str, float], ...] = ()

    @property
    def stops(self) -> bool:
        return self.decision in (Decision.BLOCKED, Decision.UNAVAILABLE)


class Aside(Enum):
    """Where a paid picture is kept that is not to stand among the others: a directory below theirs."""

    QUARANTINE = "quarantine"  # moderation flagged it, or could not look at it
    REJECTED = "rejected"  # it is not what was expected


RELEASED, DELETED = "released", "deleted"
"""How `Remarks.settled` begins."""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What was found of a picture once its bytes were safe, before it got its name.

    Attributes:
        verdicts: of moderation, those on its prompt included.
        unmet: expectations it does not meet, each with why.
        tried: how many pictures of its job this one makes.
        dhash: 64-bit difference hash, 16 hex digits; empty where none was made.
        aside: where it is kept instead of among the others.
        settled: what a person decided of a picture that was set aside (`released`, `deleted`), with when.
    """

    verdicts: tuple[Verdict, ...] = ()
    unmet: tuple[str, ...] = ()
    tried: int = 1
    dhash: str = ""
    aside: Aside | None = None
    settled: str = ""

    @property
    def looked(self) -> frozenset[str]:
        """The layers that saw the picture itself and said something of it."""
        return frozenset(
            each.layer
            for each in self.verdicts
            if each.stage is Stage.PICTURE
            and (
                each.decision in (Decision.CLEARED, Decision.BLOCKED)
                or (each.decision is Decision.WARNED and each.scores)
            )
        )

    @property
    def why(self) -> str:
        """Why a picture is not among the others, for people."""
        stopping = [f"{each.layer}: {each.reason}" for each in self.verdicts if each.stops]
        return "; ".join(self.unmet if self.aside is Aside.REJECTED else stopping)

    @property
    def hidden(self) -> bool:
        """Whether moderation keeps it from being shown, and nobody let it out."""
        return self.aside is Aside.QUARANTINE and not self.settled.startswith(RELEASED)

    @property
    def deleted(self) -> bool:
        """Whether a person took it away for good."""
        return self.settled.startswith(DELETED)


UNREMARKED = Remarks()
"""Nothing was looked for."""
