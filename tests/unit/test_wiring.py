import sys
from pathlib import Path

import pytest

from imgcli.errors import SettingsError, StyleError
from imgcli.model.quote import Priced, Unpriced
from imgcli.settings import Settings, load_settings
from imgcli.wiring import load_styles, open_pricer, open_providers, openai_cards, provider_key, style_names, style_shelf
from tests.fakes.jobs import a_job


def settings(home: Path, config: str = "", **env: str) -> Settings:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text(config)
    return load_settings({"IMGCLI_HOME": str(home), "USER": "alice"} | env)


def test_the_built_in_providers_are_there(home: Path) -> None:
    providers = open_providers(settings(home), {})
    assert {name: provider.name for name, provider in providers.items()} == {
        "openai": "openai",
        "placeholder": "placeholder",
    }


def test_a_provider_is_made_when_it_is_asked_for(home: Path) -> None:
    providers = open_providers(settings(home, '[providers.openai]\nbase = "x"\n'), {})
    assert "openai" in providers
    assert providers["placeholder"] is providers["placeholder"]
    assert list(providers.made) == ["placeholder"]
    with pytest.raises(SettingsError, match="unknown key 'base'"):
        providers["openai"]


def test_a_table_makes_a_compatible_server_a_provider(home: Path) -> None:
    chosen = settings(
        home, '[providers.studio]\nkind = "openai"\nbase_url = "http://127.0.0.1:1/v1"\nmodels = ["sdxl"]\n'
    )
    studio = open_providers(chosen, {})["studio"]
    assert studio.name == "studio"
    assert [card.name for card in studio.cards()] == ["sdxl"]
    assert any("127.0.0.1:1" in line for line in studio.notices(["sdxl"]))


def installed(site: Path, *entry_points: str) -> None:
    """A package in `site` that offers providers."""
    package = site / "imgcli_sketch-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: imgcli-sketch\nVersion: 1\n")
    (package / "entry_points.txt").write_text("\n".join(["[imgcli.providers]", *entry_points]))


def test_another_package_brings_a_kind_of_provider(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, "sketch = imgcli_sketch:plugin", "openai = no_such_module:plugin")
    (tmp_path / "imgcli_sketch.py").write_text("from imgcli.providers.placeholder.provider import plugin\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert list(open_providers(settings(home), {})) == ["openai", "placeholder"]
    providers = open_providers(settings(home, '[providers.mine]\nkind = "sketch"\n'), {})
    assert "imgcli_sketch" not in sys.modules
    assert providers["mine"].name == "mine"
    assert providers["openai"].name == "openai"


def test_a_package_that_does_not_load_is_named(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(tmp_path, "broken = no_such_module:plugin")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SettingsError, match=r"\[providers\.broken\]: its package does not load"):
        open_providers(settings(home, "[providers.broken]\n"), {})["broken"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ('[providers.studio]\nkind = "opnai"\n', "no provider kind 'opnai' is installed; did you mean 'openai'"),
        ('[providers.placeholder]\nkind = "openai"\n', "the built-in placeholder cannot be another kind"),
        ('[providers.openai]\nbase = "x"\n', "unknown key 'base'"),
        ("[providers.openai]\ntakes_seed = 1\n", "takes_seed must be of type bool"),
        ('[providers.openai]\nwording = "poems"\n', "wording must be prose or keywords"),
        ("[providers.openai]\nbase_url = 7\n", "base_url must be a web address"),
    ],
)
def test_mistakes_in_a_table_are_named(home: Path, config: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        dict(open_providers(settings(home, config), {}))


def test_a_price_is_for_the_host_it_was_published_for(home: Path) -> None:
    job = a_job()
    assert isinstance(open_pricer(settings(home)).quote(job), Priced)
    foreign = settings(home, OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    assert isinstance(open_pricer(foreign).quote(job), Unpriced)
    same_host = settings(home, OPENAI_BASE_URL="https://api.openai.com/v1")
    assert isinstance(open_pricer(same_host).quote(job), Priced)


def test_the_key_of_openai_goes_to_nobody_else(home: Path) -> None:
    chosen = settings(home, '[providers.studio]\nkind = "openai"\nbase_url = "http://127.0.0.1:1/v1"\n')
    env = {"IMGCLI_HOME": str(home), "OPENAI_API_KEY": "sk-0123456789abcdef"}
    assert provider_key(chosen, env, "openai")[1] == "OPENAI_API_KEY"
    assert provider_key(chosen, env, "studio") == (None, "")
    key, source = provider_key(chosen, env | {"STUDIO_API_KEY": "st-0123456789"}, "studio")
    assert key is not None
    assert (key.reveal(), source) == ("st-0123456789", "STUDIO_API_KEY")


def test_styles_of_the_user_win_and_those_beside_a_batch_win_over_them(home: Path, tmp_path: Path) -> None:
    chosen = settings(home)
    for place, text in ((chosen.paths.styles, "mine"), (tmp_path / "styles", "theirs")):
        place.mkdir(parents=True)
        (place / "cinematic.toml").write_text(f'description = "{text}"\nprose = "{{prompt}}, {text}"\n')
    assert load_styles(chosen.paths)["cinematic"].description == "mine"
    assert load_styles(chosen.paths, tmp_path)["cinematic"].description == "theirs"
    assert set(style_names(chosen.paths)) == set(load_styles(chosen.paths))


def test_a_style_that_cannot_be_read(home: Path) -> None:
    chosen = settings(home)
    chosen.paths.styles.mkdir(parents=True)
    (chosen.paths.styles / "bad.toml").write_bytes(b"\xff")
    with pytest.raises(StyleError, match=r"bad\.toml: cannot be read"):
        load_styles(chosen.paths)
    shelf = style_shelf(chosen.paths)
    assert shelf["cinematic"].name == "cinematic"
    with pytest.raises(StyleError, match=r"bad\.toml: cannot be read"):
        shelf["bad"]


def test_the_cards_of_openai_are_its_own_whatever_server_is_named(home: Path) -> None:
    cards = openai_cards()
    assert cards == open_providers(settings(home), {})["openai"].cards()
    assert {card.provider for card in cards} == {"openai"}
