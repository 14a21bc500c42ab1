from dataclasses import replace
from pathlib import Path

from imgcli.model.attempt import Record, State
from imgcli.model.job import Job, Look
from imgcli.model.quote import Priced, Quote, Unpriced
from imgcli.model.size import Size
from imgcli.reports.savings import Savings, savings
from tests.fakes.jobs import a_job

WANTED = Look(Size(2048, 1152), "high")


def draft(attempt: str, cost: int = 10) -> Record:
    job = a_job(quality="low", wanted=WANTED)
    return Record(attempt, "run", State.SETTLED, job, cost, cost, "", Path("/o"), "a.png", None, None, "", "")


def final(of: str, cost: int = 100) -> Record:
    made = draft(f"final of {of}", cost)
    return replace(made, job=replace(made.job, draft=of, wanted=None, size=WANTED.size, quality=WANTED.quality))


def at_120(job: Job) -> Quote:
    assert (job.size, job.quality) == (WANTED.size, WANTED.quality)
    return Priced(job, 120, 150, "")


def test_drafts_and_finals_stand_against_all_as_finals() -> None:
    seen = savings([draft("a"), draft("b"), draft("c")], [final("b")], at_120)
    assert seen == Savings(3, 1, draft_cost=30, final_cost=100, whole_cost=100 + 2 * 120)
    assert seen.saved == 210


def test_drafts_that_were_all_wanted_were_dearer() -> None:
    seen = savings([draft("a"), draft("b")], [final("a"), final("b")], at_120)
    assert seen is not None
    assert seen.saved == -20


def test_more_finals_of_one_are_no_saving_and_no_loss() -> None:
    one, two = (savings([draft("a"), draft("b")], [final("a")] * count, at_120) for count in (1, 2))
    assert one is not None
    assert two is not None
    assert one.saved == two.saved


def test_where_a_price_is_unknown_nothing_is_said() -> None:
    assert savings([draft("a")], [], lambda job: Unpriced(job, "nobody knows")) is None
    assert savings([replace(draft("a"), flags=("unpriced",))], [final("a")], at_120) is None
    assert savings([draft("a")], [replace(final("a"), flags=("unpriced",))], at_120) is None
