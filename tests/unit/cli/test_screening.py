"""How the settings become moderation, and what is refused before anything is sent."""

import asyncio
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.cli.screening import guarded, open_screening
from imgcli.errors import AccountError, BudgetError, SettingsError, UsageError
from imgcli.moderation import local, words
from imgcli.moderation.policy import Policy
from imgcli.ports import Provider
from imgcli.wiring import open_pricer
from tests.fakes.jobs import a_quote
from tests.fakes.provider import FakeProvider
from tests.fakes.studio import a_studio, settings_for


def test_nothing_is_asked_by_default(tmp_path: Path) -> None:
    found = open_screening(settings_for(tmp_path))
    assert (found.rules.policy, found.blocklist, found.at_endpoint, found.rules.guard) == (Policy.OFF, None, [], "")
    assert found.rules.thresholds == {"default": 0.5, "sexual/minors": 0.1}


def test_a_blocklist_of_the_config_lies_beside_it_and_a_typed_one_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text('blocklist = "ours.txt"\n[moderation]\nsexual = 0.3\n')
    (tmp_path / "config" / "ours.txt").write_text("gun\n")
    found = open_screening(settings_for(tmp_path))
    assert found.blocklist is not None
    assert [str(entry) for entry in found.blocklist.entries] == ["gun (ours.txt:1)"]
    assert found.rules.thresholds["sexual"] == 0.3
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(SettingsError, match="no such file"):
        open_screening(settings_for(tmp_path, blocklist="ours.txt"))
    assert open_screening(settings_for(tmp_path, blocklist="")).blocklist is None


@pytest.mark.parametrize(
    ("flags", "missing", "said"),
    [
        ({"policy": "strict"}, words, r"imgcli\[words\]"),
        ({"policy": "warn", "moderate": "local"}, local, r"imgcli\[nsfw\]"),
    ],
)
def test_what_is_asked_and_not_installed_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: dict[str, str], missing: object, said: str
) -> None:
    monkeypatch.setattr(missing, "MODULE", "no_such_module_anywhere")
    with pytest.raises(SettingsError, match=said):
        open_screening(settings_for(tmp_path, **flags))


def require(tmp_path: Path, provider: Provider, **flags: object) -> list[str]:
    studio, _ = a_studio(tmp_path, {"openai": provider})
    return open_screening(settings_for(tmp_path, **flags)).require(["openai"], studio)


@pytest.mark.parametrize(
    ("flags", "is_refused"),
    [
        ({"policy": "on", "max_cost": "1"}, True),
        ({"policy": "on"}, False),
        ({"policy": "warn", "max_cost": "1"}, False),
        ({"policy": "on", "max_cost": "1", "moderate": "prompt"}, False),
        ({"policy": "on", "max_cost": "1", "assume_cost": "0"}, False),
    ],
)
def test_pictures_are_not_bought_where_a_budget_forbids_to_look_at_them(
    tmp_path: Path, flags: dict[str, str], is_refused: bool
) -> None:
    settings = settings_for(tmp_path, **flags)
    studio, _ = a_studio(tmp_path, {"openai": FakeProvider(moderation_model="judge")})
    studio = replace(studio, pricer=open_pricer(settings))

    async def story() -> None:
        try:
            await open_screening(settings).require_price(["openai"], studio)
        finally:
            await studio.ledger.close()

    with pytest.raises(BudgetError, match="nobody knows what that costs") if is_refused else nullcontext():
        asyncio.run(story())


def test_a_run_that_nobody_could_clear_is_refused_before_it_begins(tmp_path: Path) -> None:
    blind = FakeProvider()
    with pytest.raises(UsageError, match="openai has no moderation endpoint, so nothing would be let through"):
        require(tmp_path, blind, policy="on")
    assert require(tmp_path, blind, policy="warn") == []
    assert require(tmp_path, blind, policy="on", moderate="none") == []
    assert require(tmp_path, FakeProvider(moderation_model="judge"), policy="on") == []
    with pytest.raises(UsageError, match="no provider 'opnai'; did you mean 'openai'"):
        require(tmp_path, blind, policy="on", moderation_provider="opnai")


def test_an_endpoint_without_a_key_is_refused_too(tmp_path: Path) -> None:
    class Keyless(FakeProvider):
        def ready(self) -> None:
            raise AccountError("no key")

    with pytest.raises(AccountError):
        require(tmp_path, Keyless(moderation_model="judge"), policy="on")


def test_without_the_list_of_words_a_run_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MODULE", "no_such_module_anywhere")
    assert require(tmp_path, FakeProvider(), policy="on", moderate="none") == [words.MISSING]
    assert require(tmp_path, FakeProvider(), policy="off") == []


def test_the_jobs_of_a_run_carry_what_they_may_not_do_without() -> None:
    quotes = [a_quote(), a_quote(variant=2, guard="local")]
    asked = guarded(quotes, "provider")
    assert [quote.job.guard for quote in asked] == ["provider", "provider+local"]
    assert [quote.job.key for quote in asked] == [quote.job.key for quote in quotes]
    assert guarded(quotes, "") is quotes
