import os
import subprocess
import sys

import pytest

from imgcli import __version__, errors
from tests.cli.run_cli import imgcli


def test_version() -> None:
    seen = imgcli("--version")
    assert (seen.code, seen.out) == (0, f"imgcli {__version__}\n")


def test_commands_are_listed_in_the_order_people_meet_them() -> None:
    text = imgcli("--help").out
    places = [text.index(f"\n  {name} ") for name in ("gen", "batch", "styles", "models", "budget", "config", "doctor")]
    assert places == sorted(places)


def test_no_arguments_show_the_help() -> None:
    assert "Commands:" in imgcli().out + imgcli().err


@pytest.mark.parametrize(
    "words",
    [
        ("gne",),
        ("gen", "--stlye", "x", "car"),
        ("gen", "car", "-n", "0"),
        ("batch",),
        ("budget", "set", "--per", "year"),
    ],
)
def test_a_typing_error_is_a_usage_error(words: tuple[str, ...]) -> None:
    seen = imgcli(*words)
    assert seen.code == 2
    assert seen.err
    assert not seen.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("gne",), "error: No such command 'gne'. Did you mean 'gen'?; see imgcli --help"),
        (("gen", "car", "--quality"), "error: Option '--quality' requires an argument; see imgcli --help"),
        (
            ("budget", "set", "5", "--per", "year"),
            "error: Invalid value for '--per': 'year' is not one of 'run', 'day', 'month', 'total'; see imgcli budget set --help",
        ),
    ],
)
def test_a_typing_error_is_told_in_one_line(words: tuple[str, ...], told: str) -> None:
    assert imgcli(*words).err == f"{told}\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("search car", "No such command 'search'; did you mean  imgcli history search"),
        ("reject a.png", "No such command 'reject'; did you mean  imgcli pick --reject"),
        ("help", "No such command 'help'; did you mean  imgcli --help"),
        ("report --by tag", "No such option: --by; did you mean  imgcli report spend --by tag"),
        ("gen car --n 4", "No such option: --n; did you mean -n?"),
        ("history again a.png --prompt car", "No such option: --prompt; did you mean  --with prompt=car"),
        ("history again a.png --zoom 2", "No such option: --zoom; see imgcli history again --help"),
    ],
)
def test_natural_words_lead_to_what_does_it(words: str, told: str) -> None:
    seen = imgcli(*words.split())
    assert (seen.code, seen.err) == (2, f"error: {told}\n")


def test_budget_alone_tells_what_is_left() -> None:
    assert imgcli("budget").out == imgcli("budget", "show").out != ""
    assert imgcli("budget", "--json").lines[0].startswith('{"total"')
    assert "Commands:" in imgcli("budget", "--help").out


def test_an_unknown_option_is_guessed() -> None:
    assert "--style" in imgcli("gen", "car", "--stlye", "x").err


def test_errors_are_json_too_where_json_was_asked_for() -> None:
    for words in (("gen", "help"), ("gen", "car", "--quality"), ("gen", "car", "-n", "0")):
        seen = imgcli(*words, "--json")
        assert seen.code == 2
        assert seen.out.startswith('{"event": "error", "exit_code": 2')


def test_every_exit_code_has_one_meaning() -> None:
    kinds = [
        value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, errors.ImgcliError)
    ]
    direct = [kind for kind in kinds if errors.ImgcliError in kind.__bases__]
    codes = [kind.exit_code for kind in direct]
    assert len(set(codes)) == len(codes)
    for kind in kinds:
        assert f"{kind.__name__} " in (errors.__doc__ or "")


@pytest.mark.parametrize(
    ("typed", "position", "expected"),
    [
        ("imgcli gen car --style cin", 4, ["cinematic"]),
        ("imgcli gen car -m gpt-image-2.5", 4, ["gpt-image-2.5-flare", "gpt-image-2.5-sunburst"]),
        ("imgcli gen car --provider pl", 4, ["placeholder"]),
        ("imgcli styles show wood", 3, ["woodcut"]),
    ],
)
def test_the_shell_completes_styles_models_and_providers(typed: str, position: int, expected: list[str]) -> None:
    env = os.environ | {"_IMGCLI_COMPLETE": "complete_bash", "COMP_WORDS": typed, "COMP_CWORD": str(position)}
    done = subprocess.run([sys.executable, "-m", "imgcli"], env=env, capture_output=True, text=True, check=False)
    assert done.stdout.split() == expected
