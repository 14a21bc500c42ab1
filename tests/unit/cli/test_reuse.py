"""Which mode a run is in."""

from pathlib import Path

import pytest

from imgcli.cli.reuse import mode_of, require_near
from imgcli.errors import UsageError
from tests.fakes.studio import settings_for


@pytest.mark.parametrize(
    ("command", "resume", "cache", "mode"),
    [
        ("batch", True, None, "use"),
        ("final", True, None, "use"),
        ("batch", False, None, "refresh"),
        ("gen", False, None, "off"),
        ("edit", False, None, "off"),
        ("gen", False, "use", "use"),
        ("gen", False, "loose", "loose"),
        ("batch", True, "loose", "loose"),
        ("batch", True, "off", "off"),
        ("batch", False, "off", "off"),
        ("batch", True, "refresh", "refresh"),
        ("batch", False, "refresh", "refresh"),
    ],
)
def test_the_mode_of_a_command(home: Path, command: str, resume: bool, cache: str | None, mode: str) -> None:
    assert mode_of(settings_for(home, cache=cache), command, resume=resume) == mode


@pytest.mark.parametrize(("command", "word"), [("batch", "--remake"), ("final", "--again")])
def test_all_anew_and_from_before_at_once_is_a_mistake(home: Path, command: str, word: str) -> None:
    with pytest.raises(UsageError, match=word):
        mode_of(settings_for(home, cache="use"), command, resume=False)


def test_a_config_that_uses_gives_way_to_all_anew(home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text('cache = "use"\n')
    assert mode_of(settings_for(home), "batch", resume=False) == "refresh"
    assert mode_of(settings_for(home), "gen", resume=False) == "use"


@pytest.mark.parametrize("near", [0.0, -1.0, 1.01, 98.0, float("nan")])
def test_a_similarity_is_between_0_and_1(home: Path, near: float) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        require_near(settings_for(home), near)


def test_a_similarity_needs_a_model(home: Path) -> None:
    require_near(settings_for(home), None)
    require_near(settings_for(home, near="local"), 0.98)
    with pytest.raises(UsageError, match="needs a model"):
        require_near(settings_for(home), 0.98)
