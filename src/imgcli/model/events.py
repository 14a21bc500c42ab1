"""What a run tells while it works; `cli/show.py` draws these or prints them as JSON lines."""

from dataclasses import dataclass

from imgcli.model.job import Job
from imgcli.model.outcome import Outcome, SetAside
from imgcli.model.quote import Quote


@dataclass(frozen=True, slots=True)
class RunBegan:
    """`expected` and `upper` in nano-USD over all priced jobs; `unpriced` counts the rest."""

    run: str
    jobs: int
    expected: int
    upper: int
    unpriced: int


@dataclass(frozen=True, slots=True)
class AttemptBegan:
    attempt: str
    quote: Quote
    tries: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job waits `seconds` before its next try, because of `reason`."""

    job: Job
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class Paced:
    """The limiter slowed everyone: images per minute (None: unlimited) and the seconds all hold."""

    ipm: float | None
    hold: float
    reason: str


@dataclass(frozen=True, slots=True)
class Pacing:
    """Pictures wait for their turn, which comes `ipm` times a minute."""

    ipm: float
    waiting: int


@dataclass(frozen=True, slots=True)
class Queued:
    """A picture that was refused for its rate waits for its turn again."""

    job: Job


@dataclass(frozen=True, slots=True)
class MoneyMoved:
    """Totals of this run so far, nano-USD."""

    spent: int
    held: int


@dataclass(frozen=True, slots=True)
class Rejected:
    """A picture is not what was expected and was set aside; another is made in its place."""

    outcome: SetAside


@dataclass(frozen=True, slots=True)
class JobEnded:
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Recovered:
    """What an interrupted run left behind, mended before this one began."""

    finished: int
    voided: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class Told:
    """One line for the user that is not about a single job."""

    text: str


Event = (
    RunBegan | AttemptBegan | Waiting | Paced | Pacing | Queued | MoneyMoved | Rejected | JobEnded | Recovered | Told
)
