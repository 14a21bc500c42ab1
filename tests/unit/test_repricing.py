from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from imgcli.errors import UsageError
from imgcli.model.attempt import Record, State
from imgcli.model.job import Job
from imgcli.model.quote import Priced
from imgcli.model.size import Size
from imgcli.pricing.cheapest import cheapest_look
from imgcli.pricing.quote import RateOverride, RatePricer
from imgcli.pricing.rates import parse_rates
from imgcli.providers.openai.cards import load_cards
from imgcli.reports.bought import Bought
from imgcli.reports.saving_plan import Paid
from imgcli.repricing import Host, Repricer
from tests.fakes.bought import at, bought
from tests.fakes.jobs import a_job, an_edit
from tests.rows import each_row

TABLE = parse_rates(files("imgcli.pricing").joinpath("rates.toml").read_text("utf-8"))
CARDS = load_cards(files("imgcli.providers.openai").joinpath("models.toml").read_text("utf-8"))
PRICER = RatePricer(TABLE, (RateOverride("home", "*", 4_000_000),))
HIGH = {"model": "gpt-image-2", "quality": "high", "size": Size(1024, 1024)}


def repricer(**changes: Any) -> Repricer:
    told: dict[str, Any] = {
        "pricer": PRICER,
        "cards": lambda name: CARDS if name == "openai" else (),
        "loose": lambda job: job.prompt.typed,
    }
    return Repricer(**told | changes)


def a_record(job: Job, attempt: str = "a", cost: int = 101) -> Record:
    return Record(attempt, "run", State.SETTLED, job, cost, cost, "", Path("/o"), "a.png", None, None, "", "")


def priced(job: Job, **changes: Any) -> Paid:
    made = repricer(**changes)
    made.visit(a_record(job))
    (paid,) = made.paid([bought("a", 101)], 0)
    return paid


def expected(**changes: Any) -> int:
    quote = PRICER.quote(a_job(**changes))
    assert isinstance(quote, Priced)
    return quote.expected


def test_what_a_picture_would_have_cost_is_the_pricers_price() -> None:
    paid = priced(a_job(**HIGH))
    assert (paid.loose, paid.half, paid.doubt, paid.hosted) == ("a car", 51, "", None)
    look = cheapest_look(a_job(**HIGH), next(card for card in CARDS if card.name == "gpt-image-2"), PRICER)
    assert paid.draft == expected(**HIGH | {"size": look.size, "quality": look.quality}) < expected(**HIGH) // 10
    # mini would cost less, and ends soon.
    assert (paid.model, paid.cheaper) == ("gpt-image-2.5-flare", expected(**HIGH | {"model": "gpt-image-2.5-flare"}))


def test_a_cheaper_model_makes_the_very_size_and_quality_and_is_there_to_stay() -> None:
    wide = HIGH | {"size": Size(2048, 1152)}
    paid = priced(a_job(**wide))
    assert paid.model.startswith("gpt-image-2.5-")
    assert paid.cheaper == expected(**wide | {"model": paid.model})
    ending = [replace(card, ends=date(2027, 1, 1)) for card in CARDS]
    assert priced(a_job(**wide), cards=lambda _: ending).cheaper is None
    assert priced(a_job(**wide | {"model": paid.model})).cheaper is None


def test_a_cheaper_model_takes_the_same_inputs() -> None:
    without = [replace(card, edits=None) for card in CARDS]
    edited = a_job(**HIGH, edit=an_edit())
    assert priced(edited).cheaper is not None
    assert priced(edited, cards=lambda _: without).cheaper is None


def test_of_what_has_no_price_nothing_but_a_copy_is_counted() -> None:
    made = repricer()
    made.visit(a_record(a_job(model="mystery")))
    (paid,) = made.paid([bought("a", 101), bought("not visited", 5)], 0)
    assert (paid.draft, paid.half, paid.cheaper, made.unquoted) == (None, None, None, 1)


def test_an_own_server_has_the_price_that_the_user_states() -> None:
    job = a_job(**HIGH)
    assert priced(job, host=Host(per_picture=7)).hosted == 7
    assert priced(job, host=Host(provider="home")).hosted == 4_000_000
    with pytest.raises(UsageError, match=r"--host away: no price is known .*\[\[rates\]\].*--per-picture USD"):
        priced(job, host=Host(provider="away"))


@each_row(
    "long_run, used, half",
    [
        (2, "", 51),
        (3, "", None),  # no more than three pictures
        (2, at(60), None),  # somebody went on with one of them within a day
        (2, "2026-11-12T10:00:00.000000Z", 51),
    ],
)
def test_half_the_price_is_for_long_runs_that_nobody_waited_for(long_run: int, used: str, half: int | None) -> None:
    made = repricer()
    run: list[Bought] = []
    for number in range(3):
        made.visit(a_record(a_job(**HIGH), f"p{number}"))
        run.append(bought(f"p{number}", 101, at=at(0), used_at=used if number == 1 else ""))
    assert [each.half for each in made.paid(run, long_run)] == [half] * 3
