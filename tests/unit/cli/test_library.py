import pytest

from imgcli.batch.changes import Change, Changed, Found, Missing, Modified, New, Orphaned, Unchanged
from imgcli.cli.library import MOST_ROWS, REASONS_KEPT, Task, _Tally, task_of
from imgcli.errors import UsageError
from tests.fakes.jobs import A_JOB, a_job, a_quote
from tests.fakes.locks import A_LINE


def test_one_task_at_a_time() -> None:
    def asked(*names: str, again: bool = False, read_data: bool = False, from_stdin: bool = False) -> Task:
        given = {name: name in names for name in ("--plan", "--check", "--prune", "--dry-run")}
        return task_of(given, again=again, read_data=read_data, from_stdin=from_stdin)

    assert asked() is asked("--dry-run") is Task.MAKE
    assert asked("--plan", again=True, read_data=True) is Task.PLAN
    assert asked("--check", read_data=True) is Task.CHECK
    with pytest.raises(UsageError, match="--plan and --prune at once"):
        asked("--plan", "--prune")
    with pytest.raises(UsageError, match="--prune makes none"):
        asked("--prune", again=True)
    with pytest.raises(UsageError, match="--read-data belongs to"):
        asked("--prune", read_data=True)
    with pytest.raises(UsageError, match="--check needs a batch file"):
        asked("--check", from_stdin=True)


@pytest.mark.parametrize(
    ("change", "stale", "why"),
    [
        (New(A_JOB), True, ""),
        (Changed(A_JOB, A_LINE, ("prompt", "no")), True, "prompt, no"),
        (Missing(A_JOB, A_LINE), True, "its file is gone"),
        (Modified(A_JOB, A_LINE), True, "somebody changed its file; a new one is made beside it"),
        (Found(A_JOB, "x.png"), True, "there already, as its sidecar tells"),
        (Found(A_JOB, "x.png", line=A_LINE), True, "there already, from before"),
        (Found(a_job(entry="b"), "x.png", line=A_LINE), True, "there already, as prompt-001"),
        (Orphaned(A_LINE), True, "not in the batch file any more"),
        (Unchanged(A_JOB, A_LINE), False, None),
    ],
)
def test_each_change_has_its_words(change: Change, stale: bool, why: str | None) -> None:
    tally = _Tally()
    tally.add(change, None, "x.png")
    assert tally.is_stale is stale
    assert [row[3] for row in tally.rows] == ([] if why is None else [why])


def test_of_many_changes_few_are_kept_and_all_are_counted() -> None:
    tally = _Tally()
    for number in range(REASONS_KEPT * 3):
        tally.add(Changed(A_JOB, A_LINE, (f"seed 1 -> {number}",)), a_quote(5, 3), "x.png")
    assert len(tally.rows) == MOST_ROWS
    assert len(tally.reasons) == REASONS_KEPT + 1
    assert sum(tally.reasons.values()) + MOST_ROWS == tally.counts["changed"] == tally.wanted
    assert (tally.expected, tally.upper) == (3 * tally.wanted, 5 * tally.wanted)
