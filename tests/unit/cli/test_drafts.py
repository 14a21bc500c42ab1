from pathlib import Path

import pytest

from imgcli.cli.drafts import draft_advice, drafts_line, savings_line
from imgcli.model.job import Look
from imgcli.model.outcome import Made, Reused
from imgcli.model.picture import Saved
from imgcli.model.quote import Priced, Unpriced
from imgcli.model.size import Size
from imgcli.reports.savings import Savings
from tests.fakes.jobs import A_PICTURE, a_job

DRAFT = a_job(quality="low", wanted=Look(Size(2048, 1152), "high"))
CHEAP = Priced(DRAFT, 6_000_000, 9_000_000, "")
DEAR = Priced(a_job(), 90_000_000, 99_000_000, "")


@pytest.mark.parametrize(
    ("quotes", "finals", "line"),
    [
        ([CHEAP] * 22, [DEAR] * 22, "22 drafts about $0.1320; as finals about $1.98"),
        ([CHEAP], [DEAR], "1 draft about $0.0060; as a final about $0.09"),
        (
            [CHEAP, DEAR],
            [DEAR],
            "1 draft about $0.0060; as a final about $0.09; 1 made as wanted, as nothing cheaper is known",
        ),
        ([DEAR, DEAR], [], "no drafts: 2 made as wanted, as nothing cheaper is known"),
        ([Unpriced(DRAFT, "")], [Unpriced(DRAFT, "")], "1 draft of unknown price; as a final of unknown price"),
        (
            [CHEAP, CHEAP],
            [DEAR, Unpriced(DRAFT, "")],
            "2 drafts about $0.0120; as finals about $0.09 and 1 of unknown price",
        ),
    ],
)
def test_a_run_of_drafts_tells_its_price_beside_that_of_the_finals(
    quotes: list[Priced | Unpriced], finals: list[Priced | Unpriced], line: str
) -> None:
    assert drafts_line(quotes, finals) == line


def test_what_was_saved_is_told_with_its_arithmetic() -> None:
    assert savings_line(Savings(22, 3, 132_000_000, 270_000_000, 1_980_000_000)) == (
        "22 drafts $0.1320 + 3 finals $0.27 = $0.4020; "
        "all 22 pictures without drafts: about $1.98, so drafts saved about $1.5780"
    )
    assert savings_line(Savings(1, 1, 6_000_000, 90_000_000, 90_000_000)).endswith(
        "all 1 picture without drafts: about $0.09, so drafts cost $0.0060 more than they saved"
    )


def test_what_to_do_with_drafts_is_said_where_some_were_made(tmp_path: Path) -> None:
    saved = Saved(tmp_path / "a.png", tmp_path / "a.png.json", A_PICTURE)
    (line,) = draft_advice([Made(DRAFT, saved, 1)])
    assert "imgcli pick" in line
    assert "imgcli final --picked" in line
    assert draft_advice([Made(a_job(), saved, 1), Reused(DRAFT, saved.path, "")]) == []
