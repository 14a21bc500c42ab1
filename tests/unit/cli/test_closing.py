import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from imgcli.cli.closing import closing, dry_run, sums
from imgcli.cli.show import Output
from imgcli.model.outcome import Outcome, Uncertain, Unstarted
from imgcli.model.quote import Quote, Unpriced
from imgcli.reports.summary import Summary, summarize
from tests.fakes.jobs import A_JOB, a_job, a_quote


def summary(**counts: int) -> Summary:
    names = (
        "made",
        "reused",
        "refused",
        "failed",
        "unstarted",
        "uncertain",
        "set_aside",
        "spent",
        "held",
        "unpriced",
        "lost",
        "exit_code",
    )
    return Summary(**{name: counts.get(name, 0) for name in names})


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({}, "nothing to do; $0.00 spent"),
        ({"made": 3, "spent": 10**9}, "3 made of 3; $1.00 spent"),
        ({"made": 1, "reused": 2, "unstarted": 4}, "1 made, 2 kept, 4 not started of 7; $0.00 spent"),
        ({"made": 1, "held": 10**8, "unpriced": 1}, "1 made of 1; $0.00 spent, $0.10 held, 1 of unknown price"),
    ],
)
def test_sums(counts: dict[str, int], words: str) -> None:
    assert sums(summary(**counts))[0] == words


def test_what_is_uncertain_says_what_to_type() -> None:
    assert "imgcli budget uncertain" in sums(summary(uncertain=1))[1]


def test_the_command_to_carry_on_is_told() -> None:
    err = io.StringIO()
    outcomes: list[Outcome] = [Unstarted(A_JOB, "interrupted"), Uncertain(A_JOB, "id", 5, "lost")]
    with redirect_stderr(err):
        closing(outcomes, summarize(outcomes, 0, 5), Output(), "imgcli batch 'my set.toml'")
    assert "carry on with:  imgcli batch 'my set.toml'" in err.getvalue()


def test_quiet_tells_trouble_alone() -> None:
    err = io.StringIO()
    outcomes = [Uncertain(A_JOB, "id", 5, "lost")]
    with redirect_stderr(err):
        closing(outcomes, summarize(outcomes, 0, 5), Output(quiet=True), "x")
    assert err.getvalue().splitlines() == ["error: uncertain a-car-1: lost (<$0.0001 held, attempt id)"]


def test_a_dry_run_adds_up() -> None:
    out, err = io.StringIO(), io.StringIO()
    quotes: list[Quote] = [
        a_quote(10**9, 10**8, variant=1),
        a_quote(10**9, 10**8, variant=2),
        Unpriced(a_job(entry="b"), "?"),
    ]
    with redirect_stdout(out), redirect_stderr(err):
        dry_run(quotes, Output())
    assert "2 pictures" in out.getvalue()
    assert "unknown" in out.getvalue()
    assert err.getvalue() == "3 pictures, about $0.20, at most $2.00, 1 of unknown price; nothing was sent\n"
