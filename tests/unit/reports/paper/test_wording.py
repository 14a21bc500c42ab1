from dataclasses import replace
from datetime import date
from pathlib import Path

from imgcli.model.pick import Pick
from imgcli.reports.paper.wording import FIELDS, facts, fields_of, joined, span
from tests.rows import each_row
from tests.unit.storage.test_story import RECORD

PICK = Pick(RECORD, Path("/out/car.png"), "key")


@each_row(
    "first, last, said",
    [
        ("2026-11-03", "2026-11-03", "3 November 2026"),
        ("2026-11-03", "2026-11-22", "3–22 November 2026"),
        ("2026-10-30", "2026-11-02", "30 October – 2 November 2026"),
        ("2025-12-31", "2026-01-01", "31 December 2025 – 1 January 2026"),
    ],
)
def test_days_say_nothing_twice(first: str, last: str, said: str) -> None:
    assert span(date.fromisoformat(first), date.fromisoformat(last)) == said


@each_row("line, told", [("a · b", "a · b"), (" · b", "b"), ("a ·  · c", "a · c"), (" · ", "")])
def test_empty_parts_leave_no_separator(line: str, told: str) -> None:
    assert joined(line) == told


def test_every_field_is_filled_and_bounded() -> None:
    job = replace(RECORD.job, prompt=replace(RECORD.job.prompt, typed="x" * 5000))
    told = fields_of(Pick(replace(RECORD, job=job), PICK.path, ""), 7, ("red", "red"))
    assert tuple(told) == FIELDS
    assert told["n"] == "7"
    assert told["file"] == "car.png"
    assert told["tags"].count("red") == 1
    assert max(map(len, told.values())) <= 200


def test_the_head_counts_pictures_days_and_money() -> None:
    cheap = replace(RECORD, cost=40_000_000, created_at="2026-11-03T10:00:00Z")
    unknown = replace(RECORD, cost=None, created_at="2026-11-05T10:00:00Z")
    picks = [Pick(record, PICK.path, "") for record in (cheap, unknown)]
    assert facts(picks) == "2 pictures · 3–5 November 2026 · $0.04 · 1 of unknown price"
