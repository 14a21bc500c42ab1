"""Clocks and prices: small ports, the same promises."""

import asyncio
from datetime import UTC

import pytest

from imgcli.model.picture import Usage
from imgcli.model.quote import Priced, Unpriced
from imgcli.ports import Clock, Pricer
from imgcli.settings import load_settings
from imgcli.wiring import SystemClock, open_pricer
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_job
from tests.fakes.pricer import FakePricer


@pytest.mark.parametrize("clock", [FakeClock(), SystemClock()])
def test_a_clock_is_in_utc_and_does_not_go_back(clock: Clock) -> None:
    assert clock.now().tzinfo is UTC
    before = clock.monotonic()
    asyncio.run(clock.sleep(0))
    assert clock.monotonic() >= before


@pytest.fixture(params=["fake", "table"])
def pricer(request: pytest.FixtureRequest) -> Pricer:
    if request.param == "fake":
        return FakePricer()
    return open_pricer(load_settings({"IMGCLI_HOME": "/nonexistent"}))


def test_a_quote_is_at_least_what_is_expected(pricer: Pricer) -> None:
    quote = pricer.quote(a_job())
    assert isinstance(quote, Priced)
    assert 0 < quote.expected <= quote.upper
    assert quote.rates


def test_what_nobody_priced_says_so(pricer: Pricer) -> None:
    quote = pricer.quote(a_job(model="mystery"))
    assert isinstance(quote, Unpriced)
    assert quote.reason


def test_the_actual_price_is_told_by_usage_alone(pricer: Pricer) -> None:
    job = a_job()
    quote = pricer.quote(job)
    actual = pricer.actual(job, Usage(8, 0, 439))
    assert isinstance(quote, Priced)
    assert actual is not None
    assert 0 < actual <= quote.upper
    assert pricer.actual(job, None) is None
