from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.model.attempt import Record, State
from imgcli.model.prompt import DirectedPrompt, Piece
from imgcli.reports.history import Stage, changes, record_line, stage_lines, stages
from imgcli.reports.words import Kind
from tests.fakes.jobs import A_JOB, A_PICTURE, SOME_PAINTED

WORDS = DirectedPrompt("a car", "Dark: a car")
PIECES = [Piece("Dark: ", "noir"), Piece("a car", "")]
RECORD = Record(
    *("attempt-1", "run-1", State.SETTLED, A_JOB, 100, 60, "2026-11-21", Path("/nowhere"), "car.png"),
    *(A_PICTURE, SOME_PAINTED, "2026-11-21T12:00:00.000000Z", "2026-11-21T12:00:01.000000Z"),
)


def test_the_way_ends_where_nothing_more_is_told() -> None:
    assert [stage.name for stage in stages(WORDS)] == ["typed", "directed"]
    assert [stage.name for stage in stages(WORDS, "x")] == ["typed", "directed", "revised"]
    assert stages(replace(WORDS, expanded="a red car"))[1] == Stage("expanded", "a red car")


def test_each_stage_is_told_from_the_one_before() -> None:
    typed, directed, revised = stage_lines(stages(WORDS, "Bright: a car"), PIECES)
    assert typed == {"name": "typed", "text": "a car"}
    assert directed["runs"] == [
        {"kind": "added", "text": "Dark: ", "by": "noir"},
        {"kind": "same", "text": "a car"},
    ]
    assert [run["kind"] for run in revised["runs"]] == ["removed", "added", "same"]


def test_a_stage_between_is_shown_like_the_others() -> None:
    way = (Stage("typed", "a car"), Stage("expanded", "a red car"), Stage("directed", "Dark: a red car"))
    pieces = [Piece("Dark: ", "noir"), Piece("a red car", "")]
    found = changes(way, pieces)
    assert [(stage.name, [(run.kind, run.text) for run in runs]) for stage, runs in found[1:]] == [
        ("expanded", [(Kind.SAME, "a"), (Kind.ADDED, " red"), (Kind.SAME, " car")]),
        ("directed", [(Kind.ADDED, "Dark: "), (Kind.SAME, "a red car")]),
    ]
    assert [run.by for run in found[2][1]] == ["noir", "expanded"]
    assert changes((), ()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"path": "/nowhere/car.png", "cost_usd": "0.00000006", "sha256": A_PICTURE.sha256, "state": "settled"}),
        ({"state": State.UNCERTAIN, "painted": None, "picture": None}, {"path": None, "notes": []}),
        ({"flags": ("unpriced",)}, {"cost_usd": None, "flags": ["unpriced"]}),
        ({"cost": None, "received_at": ""}, {"cost_usd": None, "received_at": None}),
    ],
)
def test_facts(change: dict[str, Any], expected: dict[str, Any]) -> None:
    assert expected.items() <= record_line(replace(RECORD, **change), "key").items()
