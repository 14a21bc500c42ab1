"""A studio of real rooms in a temporary directory, with the clock and the painters of the test's choice."""

from collections.abc import Mapping
from pathlib import Path

from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.events import Event
from imgcli.ports import Provider, ProviderConfig, Studio
from imgcli.pricing.quote import RatePricer
from imgcli.providers.openai.provider import OpenAIProvider
from imgcli.settings import Settings, load_settings
from imgcli.storage.local import LocalStore
from imgcli.wiring import load_styles, open_pricer
from tests.fakes.board import FakeBoard
from tests.fakes.clock import FakeClock


def settings_for(home: Path, **flags: object) -> Settings:
    return load_settings({"IMGCLI_HOME": str(home), "USER": "alice"}, flags)


def a_studio(
    home: Path, providers: Mapping[str, Provider] | None = None, clock: FakeClock | None = None
) -> tuple[Studio, list[Event]]:
    """The studio and the list its events go to; OpenAI's cards and prices where no provider is given."""
    settings = settings_for(home)
    events: list[Event] = []
    clock = clock or FakeClock()
    pricer = open_pricer(settings)
    assert isinstance(pricer, RatePricer)
    studio = Studio(
        providers=providers or {"openai": OpenAIProvider(ProviderConfig(None, "", "", {}, 5, "openai"))},
        pricer=pricer,
        ledger=SqliteLedger(settings.paths.data, clock),
        store=LocalStore(settings.paths.state / "spool"),
        board=FakeBoard(),
        clock=clock,
        styles=load_styles(settings.paths),
        observe=events.append,
    )
    return studio, events
