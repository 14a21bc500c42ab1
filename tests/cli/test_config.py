import json
import stat
from pathlib import Path

import pytest

from tests.cli.run_cli import imgcli

CANARY = "sk-canary-0123456789abcdef"


def test_show_tells_each_value_and_its_source(home: Path) -> None:
    assert imgcli("config", "set", "jobs", "3").code == 0
    told = json.loads(imgcli("config", "show", "--json").out)
    assert told["jobs"] == {"value": "3", "source": str(home / "config" / "config.toml")}
    assert told["quality"] == {"value": "medium", "source": "default"}


def test_the_environment_wins_over_the_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imgcli("config", "set", "jobs", "3")
    monkeypatch.setenv("IMGCLI_JOBS", "5")
    assert json.loads(imgcli("config", "show", "--json").out)["jobs"] == {"value": "5", "source": "IMGCLI_JOBS"}


def test_set_keeps_comments_and_other_values(home: Path) -> None:
    path = home / "config" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('# mine\nquality = "low"  # cheap\n\n[profiles.client]\nquality = "high"\n')
    assert imgcli("config", "set", "max_cost", "2.50").code == 0
    assert imgcli("config", "set", "style", "cinematic, food").code == 0
    text = path.read_text()
    assert "# mine" in text
    assert "# cheap" in text
    assert 'max_cost = "2.50"' in text
    assert 'style = ["cinematic", "food"]' in text
    told = json.loads(imgcli("config", "show", "--json").out)
    assert (told["max_cost"]["value"], told["style"]["value"]) == ("2.50", "cinematic, food")
    assert json.loads(imgcli("config", "show", "--json", "--profile", "client").out)["quality"]["value"] == "high"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("qualty", "low", "did you mean 'quality'"),
        ("jobs", "many", "'many' is not a number"),
        ("jobs", "0", "between 1 and 256"),
        ("max_cost", "5 euros", "not an amount in dollars"),
        ("format", "bmp", "not one of png, jpeg, webp"),
    ],
)
def test_set_refuses_nonsense_and_writes_nothing(home: Path, key: str, value: str, message: str) -> None:
    seen = imgcli("config", "set", key, value)
    assert seen.code == 2
    assert message in seen.err
    assert not (home / "config").exists()


def test_a_broken_file_is_not_written_over(home: Path) -> None:
    path = home / "config" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("jobs = \n")
    assert imgcli("config", "set", "jobs", "3").code == 2
    assert path.read_text() == "jobs = \n"


def test_a_key_is_kept_in_a_private_file_and_never_shown(home: Path) -> None:
    seen = imgcli("config", "set-key", stdin=CANARY + "\n")
    assert seen.code == 0
    file = home / "config" / "credentials"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    shown = imgcli("config", "show")
    assert "...cdef" in shown.out
    assert CANARY not in seen.out + seen.err + shown.out + shown.err


def test_a_key_is_no_argument() -> None:
    assert imgcli("config", "set-key", "openai", CANARY).code == 2


def test_path_tells_where_everything_is(home: Path) -> None:
    assert f"ledger\t{home}/data/ledger.db" in imgcli("config", "path").lines
