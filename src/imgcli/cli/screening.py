"""How a run is moderated, as the settings say it: read and checked before anything is sent."""

from asyncio import Semaphore
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.errors import BudgetError, ImgcliError, SettingsError, UnsafeError, UsageError
from imgcli.moderation import local, words
from imgcli.moderation.blocklist import MOST_BYTES, Blocklist, parse_blocklist
from imgcli.moderation.policy import THRESHOLDS, Policy, Rules
from imgcli.settings import Settings, guess

if TYPE_CHECKING:
    from imgcli.engine.limits import Pacer
    from imgcli.engine.stop import Stop
    from imgcli.model.events import Event
    from imgcli.model.quote import Quote
    from imgcli.model.run import Run
    from imgcli.moderating import Journal, Moderation
    from imgcli.ports import Studio

AT_ENDPOINT = ("prompt", "inputs", "picture")
"""Of `moderate`: what an endpoint looks at."""


@dataclass(frozen=True, slots=True)
class Screening:
    """What is asked of moderation in one run; nothing by default."""

    rules: Rules
    blocklist: Blocklist | None
    settings: Settings

    @property
    def at_endpoint(self) -> list[str]:
        return [look for look in AT_ENDPOINT if self.rules.asks(look)]

    def endpoint(self, provider: str, studio: "Studio") -> tuple[str, str] | None:
        """The provider and the model that moderate for the pictures of `provider`; None where there is none."""
        name = self.settings.moderation_provider or provider
        model = studio.providers[name].moderation_model if name in studio.providers else None
        return (name, model) if model else None

    def require(self, providers: Collection[str], studio: "Studio") -> list[str]:
        """What a person is to know before the run, a line each.

        Raises:
            UsageError: something that is asked could never be answered, and nothing would be made.
            AccountError: no key for the endpoint.
        """
        name = self.settings.moderation_provider
        if name and name not in studio.providers:
            hint = guess(name, list(studio.providers))
            raise UsageError(
                f"moderation_provider: no provider {name!r}{hint}; there are {', '.join(studio.providers)}"
            )
        told = [] if self.rules.policy is Policy.OFF or words.is_installed() else [words.MISSING]
        for provider in providers if self.at_endpoint else ():
            found = self.endpoint(provider, studio)
            if found is not None:
                studio.providers[found[0]].ready()
            elif self.rules.policy.enforces:
                raise UsageError(
                    f"moderation is on, and {name or provider} has no moderation endpoint, so nothing would be let through: "
                    f"name a provider that has one (moderation_provider), or leave out {', '.join(self.at_endpoint)} "
                    "(--moderate local, or --moderate none for the lists alone), or say --policy warn"
                )
        return list(dict.fromkeys(told))

    async def require_price(self, providers: Collection[str], studio: "Studio") -> None:
        """Refuse pictures that could not be looked at because nobody knows what that costs.

        Raises:
            BudgetError: a budget in dollars stands, and the price of the check is unknown.
        """
        from imgcli.model.budget import EACH, UNKNOWN, Scope
        from imgcli.model.question import moderation_question
        from imgcli.model.quote import Priced

        if not (self.rules.policy.enforces and self.rules.asks("picture")):
            return
        settings, user = self.settings, {self.settings.user, EACH, UNKNOWN}
        caps = [settings.max_cost is not None]
        for balance in await studio.ledger.balances():
            is_ours = not balance.budget.subject or (balance.budget.scope is Scope.USER and balance.subject in user)
            caps.append(balance.budget.usd is not None and is_ours)
        for provider in providers if any(caps) else ():
            if (endpoint := self.endpoint(provider, studio)) is None:
                continue
            asked = moderation_question(*endpoint, "a price").job("", "", (), settings.paths.data)
            if not isinstance(studio.pricer.quote(asked), Priced):
                raise BudgetError(
                    f"pictures are to be looked at by {endpoint[1]}, and nobody knows what that costs; under a budget in "
                    "dollars each would be paid for and set aside unseen: state its price in the config ([[rates]] with "
                    f'model = "{endpoint[1]}" and per_picture), or leave out picture (--moderate prompt)'
                )

    def part(self, studio: "Studio", run: "Run", stop: "Stop", at_once: int) -> "Moderation":
        """What moderates the pictures of a run, and those that it takes over."""
        from imgcli.engine.stop import Stop
        from imgcli.moderating import Desk, Moderation
        from imgcli.pipeline import Line

        quiet = replace(studio, observe=_without_money(studio))
        line = Line(run, quiet, Stop(), {}, resume=False, writers=_Writers(studio, at_once))
        line.seats = Semaphore(2 * at_once)
        paths = self.settings.paths
        desk = Desk(
            line, stop, lambda provider: self.endpoint(provider, studio), paths.data, paths.cache / "moderation"
        )
        return Moderation(self.rules, self.blocklist, desk)


class _Writers(dict[str, "Pacer"]):
    """The limiter of each provider that is asked, made when it is: a picture of a dead run may be of any."""

    def __init__(self, studio: "Studio", at_once: int) -> None:
        super().__init__()
        self._studio, self._at_once = studio, at_once

    def __missing__(self, name: str) -> "Pacer":
        from imgcli.wiring import open_writers

        self[name] = open_writers(self._studio, [name], self._at_once)[name]
        return self[name]


def open_screening(settings: Settings) -> Screening:
    """As `settings` say; the blocklist is read.

    Raises:
        SettingsError: in the blocklist, with its line; or what is asked for is not installed.
    """
    rules = Rules(Policy(settings.policy), frozenset(settings.moderate), {**THRESHOLDS, **settings.thresholds})
    if rules.policy is Policy.STRICT and not words.is_installed():
        raise SettingsError(f"policy strict blocks rude words, and {words.MISSING}")
    if rules.asks("local") and not local.is_installed():
        raise SettingsError(f"moderate: {local.MISSING}")
    return Screening(rules, _blocklist(settings), settings)


def _blocklist(settings: Settings) -> Blocklist | None:
    if not settings.blocklist:
        return None
    path = Path(settings.blocklist).expanduser()
    # What a config says is meant from where it stands, what is typed from here.
    if settings.sources.get("blocklist", "").startswith(str(settings.paths.config_file)):
        path = settings.paths.config / path
    try:
        if not path.is_file():
            raise SettingsError(f"blocklist {settings.blocklist}: there is no such file")
        with path.open("rb") as file:
            return parse_blocklist(file.read(MOST_BYTES + 1), path.name)
    except OSError as error:
        raise SettingsError(f"blocklist {settings.blocklist}: cannot be read: {error.strerror or error}") from None


def guarded(quotes: "Sequence[Quote]", guard: str) -> "Sequence[Quote]":
    """`quotes` of jobs that may not do without the layers of `guard`."""
    return [replace(quote, job=quote.job.guarded(guard)) for quote in quotes] if guard else quotes


async def refused_questions(
    questions: "Sequence[Quote]", moderation: "Moderation", journal: "Journal", at_once: int
) -> Mapping[str, ImgcliError]:
    """By the key of its question, why typed words or pictures are not sent to a text model.

    Raises:
        StorageError: the audit log takes no more.
    """
    from imgcli.engine.run import run_each

    refused: dict[str, ImgcliError] = {}

    async def look(quote: "Quote") -> None:
        said = await moderation.clear_question(quote.job)
        stopping = [verdict for verdict in said if verdict.stops]
        if stopping or quote.job.edit is not None:
            # What is warned of in words is noted with the picture that is made of them.
            await journal.note(quote.job, "", said)
        if stopping:
            refused[quote.job.key] = UnsafeError("; ".join(f"{each.layer}: {each.reason}" for each in stopping))

    await run_each(look, questions, at_once)
    return refused


def _without_money(studio: "Studio") -> "Callable[[Event], None]":
    """What is observed of checks: what they cost is told with the sums."""
    from imgcli.model.events import MoneyMoved

    def observe(event: "Event") -> None:
        if not isinstance(event, MoneyMoved):
            studio.observe(event)

    return observe
