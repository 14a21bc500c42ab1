from pathlib import Path

import pytest

from imgcli.errors import AccountError, AttemptError, LedgerError, Money, StorageError
from imgcli.model.outcome import Failed, Made, Outcome, Refused, RefusedBy, Reused, Uncertain, Unstarted
from imgcli.model.picture import Saved
from imgcli.reports.summary import summarize
from tests.fakes.jobs import A_JOB, A_PICTURE

SAVED = Saved(Path("/x/a.png"), Path("/x/a.png.json"), A_PICTURE)
MADE = Made(A_JOB, SAVED, 5)
REUSED = Reused(A_JOB, Path("/x/a.png"), "made before")
OVER_BUDGET = Refused(A_JOB, RefusedBy.BUDGET, "full")
MODERATED = Refused(A_JOB, RefusedBy.MODERATION, "no", 7)
UNCERTAIN = Uncertain(A_JOB, "id", 9, "lost")
UNSTARTED = Unstarted(A_JOB, "interrupted")
OVERRUN = Made(A_JOB, SAVED, 5, overrun=True)


def failed(error: Exception) -> Failed:
    assert isinstance(error, AccountError | StorageError | LedgerError | AttemptError)
    return Failed(A_JOB, error)


UNREACHABLE = failed(AttemptError("x", money=Money.VOID, code="unreachable"))
BAD_REQUEST = failed(AttemptError("x", money=Money.VOID, code="invalid_value"))


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ([], 0),
        ([MADE, REUSED], 0),
        ([MADE, BAD_REQUEST], 1),
        ([MADE, MODERATED], 1),
        ([MADE, UNSTARTED], 1),
        ([MADE, OVER_BUDGET, BAD_REQUEST], 3),
        ([failed(AccountError("x")), UNSTARTED], 4),
        ([MADE, UNCERTAIN, OVER_BUDGET], 5),
        ([OVERRUN, UNCERTAIN], 6),
        ([failed(StorageError("x")), OVER_BUDGET], 7),
        ([failed(LedgerError("x")), OVERRUN], 8),
        ([UNREACHABLE, UNSTARTED], 9),
    ],
)
def test_the_exit_code_says_what_must_be_heard_first(outcomes: list[Outcome], code: int) -> None:
    assert summarize(outcomes, 0, 0).exit_code == code
    backwards: list[Outcome] = outcomes[::-1]
    assert summarize(backwards, 0, 0).exit_code == code


def test_a_signal_goes_before_everything() -> None:
    assert summarize([UNCERTAIN], 0, 0, 130).exit_code == 130


def test_counts() -> None:
    outcomes: list[Outcome] = [MADE, REUSED, OVER_BUDGET, UNREACHABLE, UNSTARTED, UNCERTAIN, Made(A_JOB, SAVED, None)]
    summary = summarize(outcomes, spent=12, held=9)
    assert (summary.made, summary.reused, summary.refused, summary.failed) == (2, 1, 1, 1)
    assert (summary.unstarted, summary.uncertain, summary.unpriced, summary.wanted) == (1, 1, 1, 7)
    assert (summary.spent, summary.held) == (12, 9)
