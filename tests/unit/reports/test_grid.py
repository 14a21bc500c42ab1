import pytest

from imgcli.errors import AttemptError, Money
from imgcli.model.outcome import Failed, Outcome, Refused, RefusedBy, Reused, Uncertain, Unstarted
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from imgcli.reports.grid import sheet, table
from tests.fakes.grids import HERE, a_sheet, a_table, made, wish
from tests.fakes.jobs import A_JOB


def test_what_all_share_is_said_once_and_the_rest_below_each() -> None:
    wishes = [wish(made("1.png", 10_000_000, quality="low")), wish(made("2.png", 40_000_000, quality="high"))]
    grid = sheet("a car", "style", [("", wishes)])
    assert grid.facts == "openai · gpt-image-2.5-flare · 64 × 48 · 2 pictures · $0.05"
    assert [cell.caption for cell in grid.cells] == ["low quality · $0.01", "high quality · $0.04"]


def test_a_price_that_all_share_is_said_once_also_beside_blanks() -> None:
    wishes = [wish(made("1.png", 13_000_000)), wish(made("2.png", 13_000_000)), wish(Unstarted(A_JOB, "stopped"))]
    grid = sheet("a car", "style", [("", wishes)])
    assert grid.facts.endswith("64 × 48 · medium quality · 2 of 3 pictures · $0.0130 each · $0.0260")
    assert [cell.caption for cell in grid.cells] == [""] * 3


def test_an_axis_is_told_by_its_labels_alone() -> None:
    wishes = [wish(made(quality="low")), wish(made(quality="high"))]
    grid = table("a car", ("quality", "style"), ["low", "high"], [("noir", wishes)])
    assert [cell.caption for cell in grid.cells] == ["", ""]
    wishes = [wish(made(size=(64, 48))), wish(made(size=(48, 64)))]
    assert sheet("a car", "aspect", [("", wishes)]).cells[0].caption == ""


def test_the_inputs_that_all_share_are_told() -> None:
    prompt = DirectedPrompt("a car", "A car.", styles=("noir", "comic"), constraints=("text", "people"))
    facts = sheet("a car", "colour", [("", [wish(made(prompt=prompt, seed=7, background="opaque"))])]).facts
    assert "noir + comic · no text, people · 64 × 48 · medium quality · opaque background · seed 7" in facts


@pytest.mark.parametrize(
    ("costs", "facts"),
    [
        ((0, 0), "free"),
        ((None, None), "2 of unknown price"),
        ((5_000_000, None), "$0.0050, 1 of unknown price"),
        ((1_000_000_000, 0), "$1.00"),
    ],
)
def test_money(costs: tuple[int | None, int | None], facts: str) -> None:
    grid = sheet("a car", "style", [("", [wish(made(cost=cost)) for cost in costs])])
    assert grid.facts.endswith(facts)


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (Refused(A_JOB, RefusedBy.BUDGET, "full"), "refused: full"),
        (Failed(A_JOB, AttemptError("no route", money=Money.VOID)), "failed: no route"),
        (Unstarted(A_JOB, "interrupted"), "not started: interrupted"),
        (Uncertain(A_JOB, "id", 9, "lost"), "uncertain: lost"),
    ],
)
def test_a_cell_without_a_picture_says_why(outcome: Outcome, why: str) -> None:
    grid = sheet("a car", "style", [("", [wish(outcome), wish(made())])])
    assert grid.cells[0].blank == why
    assert grid.cells[0].picture is None
    assert "1 of 2 pictures" in grid.facts
    assert grid.has_pictures
    assert not sheet("a car", "style", [("", [wish(outcome)])]).has_pictures


def test_no_key_gets_into_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-proj-" + "a1B2" * 10
    monkeypatch.setenv("OPENAI_API_KEY", key)
    failed = Failed(A_JOB, AttemptError(f"bad key {key}", money=Money.VOID))
    assert key not in sheet("a car", "style", [("", [wish(failed)])]).cells[0].blank


def test_of_several_pictures_the_first_that_is_there_is_shown() -> None:
    outcomes = (Unstarted(A_JOB, "stopped"), made("2.png", 7_000_000), Reused(A_JOB, HERE / "3.png", "there"))
    cell = sheet("a car", "style", [("", [wish(*outcomes), wish(made())])]).cells[0]
    assert cell.picture == HERE / "2.png"
    assert cell.others == (HERE / "3.png",)
    assert "first of 3" in cell.caption
    assert not cell.blank


def test_a_shape_nobody_knows_is_that_of_the_job() -> None:
    known = Reused(A_JOB, HERE / "a.png", "there")
    assert sheet("a", "style", [("", [wish(known)])]).cells[0].shape == (1024, 1024)
    job = made(size=(0, 0)).job
    assert job.size == Size(1024, 1024)
    assert sheet("a", "style", [("", [wish(made(size=(0, 0)))])]).cells[0].shape == (1024, 1024)


@pytest.mark.parametrize(("count", "across"), [(1, 1), (3, 3), (4, 2), (9, 3), (12, 4), (25, 5), (60, 6), (94, 8)])
def test_a_sheet_is_as_wide_as_its_number_asks_for(count: int, across: int) -> None:
    assert a_sheet(count).across == across
    assert a_sheet(count, across=7).across == 7


def test_a_table_has_a_cell_for_each_row_and_column() -> None:
    grid = a_table(3, 2)
    assert (grid.across, len(grid.rows), len(grid.cells)) == (3, 2, 6)
