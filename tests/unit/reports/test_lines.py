import json
from pathlib import Path

import pytest

from imgcli.errors import AttemptError, Money
from imgcli.model.events import AttemptBegan, Event, JobEnded, MoneyMoved, Paced, Recovered, RunBegan, Told, Waiting
from imgcli.model.outcome import Failed, Made, Outcome, Refused, RefusedBy, Reused, Uncertain, Unstarted
from imgcli.model.picture import Saved
from imgcli.model.quote import Unpriced
from imgcli.reports.lines import FIELDS, event_line, outcome_line, print_fields, quote_line, summary_line
from imgcli.reports.summary import summarize
from tests.fakes.jobs import A_JOB, A_PICTURE, a_job, a_quote

SAVED = Saved(Path("/x/a.png"), Path("/x/a.png.json"), A_PICTURE)
OUTCOMES: list[tuple[Outcome, str]] = [
    (Made(A_JOB, SAVED, 52_695_000), "made"),
    (Reused(A_JOB, Path("/x/a.png"), "made before"), "reused"),
    (Refused(A_JOB, RefusedBy.BUDGET, "full"), "refused"),
    (Failed(A_JOB, AttemptError("x", money=Money.VOID)), "failed"),
    (Unstarted(A_JOB, "interrupted"), "unstarted"),
    (Uncertain(A_JOB, "id", 9, "lost"), "uncertain"),
]


@pytest.mark.parametrize(("outcome", "status"), OUTCOMES)
def test_every_outcome_is_a_flat_json_object(outcome: Outcome, status: str) -> None:
    line = json.loads(json.dumps(outcome_line(outcome)))
    assert line["status"] == status
    assert line["prompt"] == "a car"
    assert "cost_usd" in line or "held_usd" in line or status == "unstarted"


def test_money_is_exact_text() -> None:
    assert outcome_line(OUTCOMES[0][0])["cost_usd"] == "0.052695"
    assert outcome_line(Made(A_JOB, SAVED, None))["cost_usd"] is None


@pytest.mark.parametrize(
    "event",
    [
        RunBegan("r", 3, 10, 20, 1),
        AttemptBegan("a", a_quote(), 2),
        Waiting(A_JOB, 1.23456, "busy"),
        Paced(None, 2.0, "learned"),
        Recovered(1, 2, 3),
        Told("x"),
        JobEnded(OUTCOMES[0][0]),
    ],
)
def test_every_event_for_scripts_names_itself(event: Event) -> None:
    line = event_line(event)
    assert line is not None
    assert json.loads(json.dumps(line))["event"]


def test_money_on_the_move_is_for_bars_alone() -> None:
    assert event_line(MoneyMoved(1, 2)) is None


def test_print_fields_are_all_there_and_text() -> None:
    for outcome, _ in OUTCOMES[:2]:
        fields = print_fields(outcome)
        assert tuple(fields) == FIELDS
        assert all(isinstance(value, str) for value in fields.values())
        assert fields["path"] == "/x/a.png"


def test_plans_and_ends() -> None:
    assert quote_line(a_quote(upper=1_000_000_000, expected=500_000_000))["upper_usd"] == "1.00"
    assert quote_line(Unpriced(a_job(), "nobody knows"))["reason"] == "nobody knows"
    assert summary_line(summarize([], 0, 0))["exit_code"] == 0
