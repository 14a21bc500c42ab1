"""What a run came to: counts, money and the one exit code that says it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import assert_never

from imgcli.errors import AttemptError
from imgcli.model.outcome import Failed, Made, Outcome, Refused, RefusedBy, Reused, SetAside, Uncertain, Unstarted

ALL_DONE, SOME_FAILED, OVER_BUDGET, UNCERTAIN, OVERRUN, UNAVAILABLE = 0, 1, 3, 5, 6, 9
URGENCY = (8, OVERRUN, UNCERTAIN, 7, 4, OVER_BUDGET, UNAVAILABLE, SOME_FAILED, ALL_DONE)
"""Exit codes from the one a person must hear first; a signal's own code goes before all of them."""

OUT_OF_REACH = frozenset({"unreachable", "rate", "slow_down", "overloaded"})


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of outcomes; `spent` and `held` in nano-USD of this run; `unpriced` counts pictures of unknown cost.

    `set_aside` counts paid pictures that are kept and are not among the others.
    `cached` of the `reused` are copies of what was made in other places, which saved `saved` nano-USD.
    `unseen` of the `reused` were made without moderation looking at them, as it does in this run.
    `lost` counts answers that were lost and asked for again at the user's risk: each may be a second bill.
    """

    made: int
    reused: int
    refused: int
    failed: int
    unstarted: int
    uncertain: int
    set_aside: int
    spent: int
    held: int
    unpriced: int
    lost: int
    exit_code: int
    cached: int = 0
    saved: int = 0
    unseen: int = 0

    @property
    def wanted(self) -> int:
        return self.made + self.reused + self.refused + self.failed + self.unstarted + self.uncertain + self.set_aside


def summarize(
    outcomes: Sequence[Outcome],
    spent: int,
    held: int,
    signal_code: int = 0,
    *,
    overrun: bool = False,
    layers: Collection[str] = (),
) -> Summary:
    """Count `outcomes`; `signal_code` is 130 or 143 when a signal ended the run, `overrun` that words cost too much.

    `layers` of moderation look at the pictures of this run.
    """
    kinds = [type(outcome) for outcome in outcomes]
    origins = [outcome.origin for outcome in outcomes if isinstance(outcome, Reused) and outcome.origin]
    return Summary(
        made=kinds.count(Made),
        reused=kinds.count(Reused),
        refused=kinds.count(Refused),
        failed=kinds.count(Failed),
        unstarted=kinds.count(Unstarted),
        uncertain=kinds.count(Uncertain),
        set_aside=kinds.count(SetAside),
        spent=spent,
        held=held,
        unpriced=sum(isinstance(outcome, Made | SetAside) and outcome.cost is None for outcome in outcomes),
        lost=sum(outcome.lost for outcome in outcomes if isinstance(outcome, Made | SetAside)),
        cached=len(origins),
        saved=sum(origin.cost or 0 for origin in origins),
        unseen=sum(isinstance(outcome, Reused) and outcome.unseen(layers) for outcome in outcomes),
        exit_code=signal_code or most_urgent([*map(exit_code, outcomes), *([OVERRUN] if overrun else [])]),
    )


def most_urgent(codes: Iterable[int]) -> int:
    # A code that no run ends with by itself, like that of a usage error, is a failure like any other.
    known = (code if code in URGENCY else SOME_FAILED for code in codes)
    return min(known, key=URGENCY.index, default=ALL_DONE)


def exit_code(outcome: Outcome) -> int:
    """The exit code one outcome asks for."""
    match outcome:
        case Made():
            return OVERRUN if outcome.overrun else ALL_DONE
        case SetAside():
            then = exit_code(outcome.then) if outcome.then else SOME_FAILED
            return most_urgent([OVERRUN if outcome.overrun else SOME_FAILED, then])
        case Reused():
            return ALL_DONE
        case Refused():
            return SOME_FAILED if outcome.by is RefusedBy.MODERATION else OVER_BUDGET
        case Failed(error=AttemptError(code=code)):
            return UNAVAILABLE if code in OUT_OF_REACH else SOME_FAILED
        case Failed():
            return outcome.error.exit_code
        case Unstarted():
            return SOME_FAILED
        case Uncertain():
            return UNCERTAIN
        case _:
            assert_never(outcome)
