from dataclasses import replace
from pathlib import Path

from imgcli.model.attempt import Record, State
from imgcli.model.mark import Mark
from imgcli.model.opinion import UNSEEN, Opinion
from imgcli.reports.history_rows import COLUMNS, flat, history_row, marks_of
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job, an_edit

RECORD = Record(
    attempt="a",
    run="r",
    state=State.SETTLED,
    job=a_job(tags=("hero",), edit=an_edit()),
    upper=9,
    cost=40_000_000,
    rates="",
    directory=Path("/out"),
    name="a.png",
    picture=A_PICTURE,
    painted=SOME_PAINTED,
    created_at="2026-11-21T10:00:00Z",
    received_at="",
)


def test_a_row_has_just_the_columns_that_are_promised_and_in_their_order() -> None:
    row = history_row(RECORD, Opinion(frozenset({Mark.OPENED, Mark.PICKED}), 4, ("later", "hero")))
    assert tuple(row) == COLUMNS
    assert (row["tags"], row["marks"], row["stars"]) == (["hero", "later"], ["picked", "opened"], 4)
    assert (row["path"], row["cost_usd"], row["inputs"]) == ("/out/a.png", "0.04", ["cd" * 32])
    assert flat(row)[COLUMNS.index("tags")] == "hero,later"


def test_what_is_not_known_is_nothing() -> None:
    row = history_row(replace(RECORD, flags=("unpriced",), picture=None), UNSEEN)
    assert (row["cost_usd"], row["sha256"], row["stars"]) == (None, None, None)
    assert marks_of(UNSEEN) == []
