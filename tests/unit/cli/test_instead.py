import pytest

from imgcli.cli.instead import COMMANDS, REPORTS, WITH, instead
from imgcli.cli.said import KEYS
from tests.cli.run_cli import imgcli


@pytest.mark.parametrize("meant", sorted(set(COMMANDS.values())))
def test_what_is_told_is_there(meant: str) -> None:
    words = meant.split()
    helped = imgcli(words[0], *([] if words[0] == "--version" else [*words[1:2], "--help"]))
    assert helped.code == 0


def test_options_that_are_told_are_there() -> None:
    assert set(WITH) <= set(KEYS)
    helped = imgcli("report", "spend", "--help").out
    assert all(f"{option} " in helped for option in REPORTS)


def test_a_value_is_told_as_a_shell_takes_it() -> None:
    for words in (["--prompt", "a boat"], ["--prompt=a boat"]):
        told = instead("No such option: --prompt", "imgcli history again", ["history", "again", *words])
        assert told == "did you mean  --with prompt='a boat'"
    assert instead("No such option: --prompt", "imgcli history again", []) == "did you mean  --with prompt="


def test_elsewhere_a_word_is_no_command() -> None:
    assert not instead("No such command 'search'", "imgcli styles", ["styles", "search"])
    assert not instead("Missing argument 'PROMPT'", "imgcli gen", ["gen"])
