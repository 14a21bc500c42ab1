import pytest

from imgcli.director.judging import Judging
from imgcli.model.prompt import DirectedPrompt, Style
from imgcli.reports import prompts
from imgcli.reports.prompts import AddedRow, ConstraintRow, DroppedRow, StyleRow, Tally

NOIR = Style(
    "noir",
    "d",
    "{prompt}",
    keywords=(("lighting", ("hard light", "haze")), ("mood", ("haze",))),
    avoid=("bright colours",),
)
SENT = "A car. Lighting: hard light, haze. Avoid bright colours."


def tally(*told: tuple[str, str, tuple[str, ...], tuple[str, ...]], only: str | None = None) -> Tally:
    found = Tally({"noir": NOIR}, Judging(), only)
    for sent, revised, styles, no in told:
        found.add(DirectedPrompt("a car", sent, styles=styles, constraints=no), revised)
    return found


def test_what_survives_of_a_style() -> None:
    report = tally(
        (SENT, "A car in hard light and haze. No bright colours.", ("noir",), ()),
        (SENT, "A car in hard light with bright colours.", ("noir",), ()),
    ).report(9)
    assert report.pictures == 2
    assert report.styles == (StyleRow("noir", 2, 6, 4),)
    assert report.dropped == (DroppedRow("bright colours", "noir", 2, 1), DroppedRow("haze", "noir", 2, 1))


def test_what_was_not_sent_is_not_dropped_by_the_model() -> None:
    (row,) = tally(("A car. Lighting: hard light.", "A car in hard light.", ("noir", "noir"), ())).report(9).styles
    assert row == StyleRow("noir", 1, 1, 1)


def test_a_style_that_is_gone_is_counted_and_not_judged() -> None:
    report = tally(("a car, misty", "a car", ("lost",), ())).report(9)
    assert report.styles == (StyleRow("lost", 1, 0, 0, known=False),)


def test_constraints_are_one_however_they_are_typed() -> None:
    report = tally(
        ("x", "a car without people", (), ("no People",)),
        ("x", "a car", (), ("people, cows",)),
        ("x", "people in a car", (), ("people",)),
    ).report(9)
    assert report.constraints == (ConstraintRow("people", 1, 1, 1), ConstraintRow("cows", 0, 1, 0))
    assert report.constraints[0].pictures == 3


def test_added_words_are_counted_once_a_picture_and_small_ones_not() -> None:
    report = tally(("a car", "A rainy, rainy car with the glow", (), ()), ("a car", "a rainy car", (), ())).report(9)
    assert report.added == (AddedRow("rainy", 2), AddedRow("glow", 1))


def test_one_style_alone() -> None:
    report = tally((SENT, "a car", ("noir", "lost"), ()), only="noir").report(9)
    assert [row.style for row in report.styles] == ["noir"]


def test_rows_are_as_many_as_asked_for() -> None:
    report = tally((SENT, "one two three four", ("noir",), ("a1, b1, c1",))).report(2)
    assert (len(report.constraints), len(report.dropped), len(report.added)) == (2, 2, 2)


def test_memory_stays_flat_and_what_is_frequent_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompts, "MOST_COUNTED", 100)
    told = tally(*(("a car", f"a glowing car w{n}", (), (f"thing {n}", "text")) for n in range(1000)))
    assert len(told._added) <= 100
    report = told.report(1)
    assert report.added == (AddedRow("glowing", 1000),)
    assert report.constraints == (ConstraintRow("text", 0, 1000, 0),)
