from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import SettingsError
from imgcli.settings import NAMES, Settings, defaults, find_paths, load_settings, parse_setting, resolve


def load(
    home: Path, config: str = "", flags: dict[str, object] | None = None, profile: str | None = None, **env: str
) -> Settings:
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / "config" / "config.toml").write_text(config)
    return load_settings({"IMGCLI_HOME": str(home)} | env, flags, profile)


def test_every_setting_has_a_default_and_every_default_is_a_setting() -> None:
    assert set(defaults()) == set(NAMES)


def test_the_nearest_word_wins_and_says_where_it_came_from(home: Path) -> None:
    config = 'quality = "low"\n[profiles.client]\nquality = "high"\n'
    file = str(home / "config" / "config.toml")
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"config": ""}, "medium", "default"),
        ({"config": config}, "low", file),
        ({"config": config, "profile": "client"}, "high", f"{file} [profiles.client]"),
        ({"config": config, "IMGCLI_PROFILE": "client"}, "high", f"{file} [profiles.client]"),
        ({"config": config, "profile": "client", "IMGCLI_QUALITY": "max"}, "max", "IMGCLI_QUALITY"),
        ({"config": config, "IMGCLI_QUALITY": "max", "flags": {"quality": "xhigh"}}, "xhigh", "command line"),
        ({"config": config, "flags": {"quality": None}}, "low", file),
    ]
    for given_, value, source in cases:
        settings = load(home, **given_)
        assert (settings.quality, settings.sources["quality"]) == (value, source)


def test_types(home: Path) -> None:
    settings = load(
        home, 'style = ["a", "b"]\njobs = 3\nipm = 20\ntimeout = 30\nmax_cost = 2.50\nassume_cost = "0.02"\ntier = 2\n'
    )
    assert (settings.style, settings.jobs, settings.ipm, settings.timeout) == (("a", "b"), 3, 20.0, 30.0)
    assert (settings.max_cost, settings.assume_cost, settings.tier) == (2_500_000_000, 20_000_000, 2)
    plain = load(home)
    assert (plain.max_cost, plain.assume_cost, plain.ipm, plain.tier) == (None, None, None, None)
    assert plain.confirm_over == 1_000_000_000
    assert plain.user


def test_the_user_is_one_however_the_name_is_typed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "zoe\u0308")
    assert load(home).user == load(home, IMGCLI_USER=" zoe\u0308").user == "zo\u00eb"


def test_zero_dollars_is_a_cap_and_empty_is_none(home: Path) -> None:
    assert load(home, flags={"max_cost": "0"}).max_cost == 0
    assert load(home, "confirm_over = ''\n").confirm_over is None


def test_the_sdks_own_variable_for_the_server_is_honoured(home: Path) -> None:
    settings = load(home, OPENAI_BASE_URL="http://localhost:8080/v1/")
    assert (settings.base_url, settings.sources["base_url"]) == ("http://localhost:8080/v1", "OPENAI_BASE_URL")


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("qualty = 'low'\n", "unknown setting 'qualty'; did you mean 'quality'"),
        ("jobs = 0\n", "jobs: 0 is not between 1 and 256"),
        ("jobs = 2.5\n", "jobs: 2.5 is not a whole number"),
        ("jobs = true\n", "jobs: True is not a number"),
        ("quality = 3\n", "quality: 3 is not text"),
        ("size = 'big'\n", "size 'big' is not WIDTHxHEIGHT"),
        ("format = 'gif'\n", "'gif' is not one of png, jpeg, webp"),
        ("if_exists = 'overwrite'\n", "not one of number, skip, error"),
        ("max_cost = 'five'\n", "'five' is not an amount in dollars"),
        ("max_cost = -1\n", "not an amount from 0"),
        ("base_url = 'localhost'\n", "is not a web address"),
        ('template = "a\\u0007b"\n', "control characters"),
        ("style = 3\n", "3 is not a list of names"),
        ("ipm = []\n", "ipm"),
        ("ipm = nan\n", "not between"),
        ("providers = 3\n", "write a table for each"),
        ("rates = 3\n", r"write \[\[rates\]\]"),
        ("jobs = \n", "line 1"),
        ("a" + ".a" * 2000 + " = 1\n", "config.toml"),
    ],
)
def test_a_mistake_names_the_file_and_the_key(home: Path, config: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        load(home, config)
    assert str(home / "config" / "config.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mistake_in_the_environment_names_the_variable(home: Path) -> None:
    with pytest.raises(SettingsError, match="IMGCLI_JOBS: jobs: 'many' is not a number"):
        load(home, IMGCLI_JOBS="many")


def test_profiles(home: Path) -> None:
    with pytest.raises(SettingsError, match=r"no profile 'clint'; did you mean 'client'\?"):
        load(home, "[profiles.client]\njobs = 1\n", profile="clint")
    with pytest.raises(SettingsError, match="no profile 'x'"):
        load(home, "profiles = 3\n", profile="x")


def test_files_that_are_no_config(home: Path) -> None:
    load(home)
    path = home / "config" / "config.toml"
    path.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match=r"config\.toml"):
        load_settings({"IMGCLI_HOME": str(home)})
    path.write_bytes(b"#" * 300_000)
    with pytest.raises(SettingsError, match="larger than"):
        load_settings({"IMGCLI_HOME": str(home)})
    path.unlink()
    path.mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({"IMGCLI_HOME": str(home)})


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    paths = find_paths({"IMGCLI_HOME": str(tmp_path)})
    assert all(
        path.is_relative_to(tmp_path) for path in (paths.config_file, paths.data, paths.state, paths.credentials)
    )
    assert len({paths.config, paths.data, paths.state}) == 3


def test_without_it_the_platform_decides() -> None:
    paths = find_paths({})
    assert paths.config.name == paths.data.name == "imgcli"
    assert paths.config != paths.data


RAW = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.lists(st.text(max_size=5))


@given(st.sampled_from(NAMES), RAW)
def test_any_value_is_parsed_or_refused(key: str, raw: object) -> None:
    try:
        parse_setting(key, raw, "x")
    except SettingsError as error:
        assert str(error).startswith(f"x: {key}: ")  # noqa: PT017 - most values are refused, not all


def test_resolve_is_pure() -> None:
    values, sources = resolve([("a", {"jobs": 1}), ("b", {"jobs": "2"})])
    assert (values, sources) == ({"jobs": 2}, {"jobs": "b"})


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("2 GB", 2 * 10**9),
        ("500MB", 5 * 10**8),
        ("1.5 GiB", 3 * 2**29),
        ("0", 0),
        (0, 0),
        ("1024", 1024),
        ("3 kb", 3000),
    ],
)
def test_sizes(home: Path, text: object, size: int) -> None:
    assert load(home, flags={"cache_size": text}).cache_size == size


@pytest.mark.parametrize("text", ["", "2 GX", "-1", "two", "1e9", -1, True, 1.5, "2 ib", "9" * 13])
def test_what_is_no_size(home: Path, text: object) -> None:
    with pytest.raises(SettingsError, match="cache_size"):
        load(home, flags={"cache_size": text})


def test_a_directory_is_a_whole_path(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nobody")
    assert load(home, flags={"cache_dir": "~/pictures"}).cache_dir == "/nobody/pictures"
    assert load(home).cache_dir == ""
    with pytest.raises(SettingsError, match="whole path"):
        load(home, flags={"cache_dir": "pictures"})
