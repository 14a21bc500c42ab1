"""A key goes from its place to the provider, and nowhere else: not to a terminal, a file, a log or another process."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer

from imgcli.cli.app import app
from imgcli.credentials import find_key, hidden, store_key
from imgcli.errors import SettingsError
from imgcli.settings import shown_url
from tests.cli.run_cli import imgcli
from tests.fake_api.client import KEY, FakeApi
from tests.security.parrot import Parrot

ROOT = Path(__file__).resolve().parents[2]
PIECE = "canary-0123456789"
"""The part of the key that no hint shows."""

PASSWORD = "sesam-0123456789-open"
FILED = "kept-in-a-file-0123456789"
PIECES = (PIECE, PASSWORD, FILED)
PROMPT = "a zebra in the rain"
GEN = ["gen", PROMPT, "--model", "m", "--assume-cost", "0.01"]
BUGS = [
    "imgcli.wiring:find_key",
    "imgcli.wiring:open_pricer",
    "imgcli.script:plan",
    "imgcli.pipeline:make_all",
    "imgcli.pipeline:attempt",
    "imgcli.ledger.sqlite:SqliteLedger.begin",
    "imgcli.ledger.sqlite:SqliteLedger.send",
    "imgcli.ledger.sqlite:SqliteLedger.receive",
    "imgcli.providers.openai.provider:OpenAIProvider._request",
    "imgcli.providers.openai.answer:read_answer",
    "imgcli.storage.local:LocalStore.open",
    "imgcli.storage.slot:LocalSlot.write",
    "imgcli.cli.making:closing",
    "imgcli.cli.live:print_path",
    "imgcli.cli.live:event_line",
]
OF_ONE_PICTURE = ("OpenAIProvider._request", "read_answer", "LocalSlot.write", "print_path", "event_line")
"""Bugs that end one attempt, told in its outcome, or all that is shown; and not the run."""


def swept(steps: Sequence[Mapping[str, Any]], cwd: Path, env: dict[str, str]) -> tuple[list[str], list[str]]:
    """What each step wrote to stdout and to stderr, its name and exit code last."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.security.sweep"],
        input=json.dumps(steps),
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])} | env,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    texts = [text.split("\n--- ") for text in (done.stdout, done.stderr)]
    assert all(len(parts) == len(steps) + 1 for parts in texts), done.stderr
    return texts[0], texts[1]


def found_in(directory: Path, allowed: Sequence[Path] = ()) -> list[str]:
    """Files, and names of files, that hold a piece of a key."""
    files = [path for path in directory.rglob("*") if path not in allowed]
    return [
        str(path)
        for path in files
        for piece in PIECES
        if piece in str(path) or (path.is_file() and piece.encode() in path.read_bytes())
    ]


@pytest.fixture
def parrot() -> Iterator[Parrot]:
    with Parrot() as server:
        yield server


def steps(parrot: Parrot) -> Iterator[dict[str, Any]]:
    """Every command, and `gen` with everything that can go wrong with it."""

    def step(name: str, *words: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "words": words, **more}

    for how in ("ok", "401", "400", "403", "404", "429", "500", "303", "307", "html", "url", "empty"):
        faulty = {"env": {"OPENAI_BASE_URL": parrot.url(how)}}
        limits = ("--ipm", "0") if how == "429" else ()
        yield step(how, *GEN, *limits, *(["--json"] if how in {"401", "500"} else []), **faulty)
    yield step(
        "--print", *GEN, "--print", "{path} {prompt} {directed} {model}", env={"OPENAI_BASE_URL": parrot.url("ok")}
    )
    yield step("nobody there", *GEN, env={"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"})
    for name, inside, behind in [
        ("name", f"{PASSWORD}@", ""),
        ("word", f"me:{PASSWORD}@", ""),
        ("query", "", f"?k={PASSWORD}"),
    ]:
        there, nobody = parrot.url("ok", inside, behind), f"http://{inside}127.0.0.1:9/v1{behind}"
        yield step(f"{name}", *GEN, env={"OPENAI_BASE_URL": there})
        yield step(f"{name}, nobody there", *GEN, env={"OPENAI_BASE_URL": nobody})
        yield step(f"{name}, doctor", "doctor", env={"OPENAI_BASE_URL": nobody})
        yield step(f"{name}, config", "config", "show", env={"OPENAI_BASE_URL": nobody})
    for url in (
        f"me:{PASSWORD}@127.0.0.1:9/v1",
        f"http://{PASSWORD}@/v1",
        f"http://{PASSWORD}@[::1",
        f"http://h:{PASSWORD}/",
    ):
        yield step("no address", *GEN, env={"OPENAI_BASE_URL": url})
        yield step("no address, doctor", "doctor", env={"OPENAI_BASE_URL": url})
    fine = {"env": {"OPENAI_BASE_URL": parrot.url("ok")}}
    yield step("dry run", *GEN, "--dry-run", **fine)
    yield step("dry run json", *GEN, "--dry-run", "--json", **fine)
    yield step("config", "config", "show")
    yield step("config json", "config", "show", "--json")
    yield step("config path", "config", "path")
    yield step("doctor", "doctor")
    yield step("doctor json", "doctor", "--json")
    yield step("models", "models", "--json")
    yield step("styles", "styles", "list", "--json")
    yield step("set", "budget", "set", "5")
    yield step("balances", "budget", "show")
    yield step("balances json", "budget", "show", "--json")
    yield step("uncertain", "budget", "uncertain")
    yield step("uncertain json", "budget", "uncertain", "--json")
    yield step("remove", "budget", "remove")
    yield step("mistyped", *GEN, "--colour", "red")
    yield step("unknown style", *GEN, "--style", "nope")
    yield step("a key typed as an argument", "config", "set-key", "openai", KEY)
    yield step("a key typed as a provider", "config", "set-key", KEY, stdin="st-0123456789")
    yield step("a key typed as a setting", "config", "set", "api_key", KEY)
    yield step("an option that is none", *GEN, "--api-key", KEY)
    yield step("a key typed into an option", *GEN, f"--api-key={KEY}")
    for bug in BUGS:
        yield step(f"bug {bug}", *GEN, bug=bug, **fine)
    yield step("bug json", *GEN, "--json", bug="imgcli.script:plan", **fine)


def test_no_command_and_no_fault_carries_a_key_on(tmp_path: Path, home: Path, parrot: Parrot) -> None:
    """Logs at their loudest, a server that repeats the key, and bugs with the key in their words and their locals."""
    cwd = tmp_path / "work"
    cwd.mkdir()
    credentials = home / "config" / "credentials"
    store_key("studio", FILED, {"IMGCLI_HOME": "x"}, credentials)
    studio = f'[providers.studio]\nkind = "openai"\nbase_url = "{parrot.url("401")}"\nmodels = ["m"]\n'
    (home / "config" / "config.toml").write_text(studio)
    everything = [*steps(parrot), {"name": "filed", "words": [*GEN, "--provider", "studio"]}]
    loud = {"OPENAI_LOG": "debug", "PYTHONFAULTHANDLER": "1"}
    out, err = swept(everything, cwd, {"OPENAI_API_KEY": KEY} | loud)
    assert {KEY, FILED} <= set(parrot.seen), "the parrot has nothing to repeat"
    assert "openai._base_client" in "".join(err), "the log is not at its loudest"
    leaks = [f"{text[-2000:]}" for text in (*out, *err) if any(piece in text for piece in PIECES)]
    assert leaks == []
    assert found_in(tmp_path, allowed=[credentials]) == []
    assert (home / "data" / "ledger.db").stat().st_size > 0
    bugs = [text for text in err if "this is a bug in imgcli" in text]
    assert len(bugs) >= len(BUGS) - len(OF_ONE_PICTURE)
    for text in bugs:
        assert "RuntimeError: nobody foresaw" in text
        assert "def fails" not in text
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)


def test_a_prompt_is_not_in_the_log_either(tmp_path: Path, parrot: Parrot) -> None:
    """At the level that OPENAI_LOG sets, and at that of a program around us that wants to hear everything."""
    listening = "import logging; logging.basicConfig(level=1); from imgcli.cli.app import run; run({})"
    env = os.environ | {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": parrot.url("500"), "OPENAI_LOG": "debug"}
    env["PYTHONASYNCIODEBUG"] = "1"
    done = subprocess.run(
        [sys.executable, "-c", listening.format([*GEN, "--quiet"])],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "DEBUG:openai" in done.stderr
    assert "zebra" not in done.stderr.replace("a-zebra-in-the-rain", "")
    told_by_the_server = [line for line in done.stderr.splitlines() if PIECE in line and "x-request-id" not in line]
    assert [line for line in told_by_the_server if "request_id:" not in line] == []


def test_other_processes_cannot_read_it_off_the_command_line(fake_api: FakeApi, tmp_path: Path, home: Path) -> None:
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("there is no /proc here")
    fake_api.script(gate=True)
    command = [sys.executable, "-m", "imgcli", *GEN[:2], "--model", "gpt-image-2", "--assume-cost", "1", "--quiet"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=os.environ | fake_api.env(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        fake_api.wait(in_flight=1)
        lines = [path.read_bytes() for path in cmdlines()]
        fake_api.release()
    assert process.returncode == 0
    assert any(PROMPT.encode() in line for line in lines)
    assert not any(PIECE.encode() in line for line in lines)
    assert found_in(tmp_path) == []


def cmdlines() -> Iterator[Path]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            path.read_bytes()
        except OSError:
            continue  # it ended meanwhile
        yield path


def commands(group: Any, path: str = "imgcli") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_no_option_and_no_argument_takes_a_key() -> None:
    """What is typed is in the shell's history and in the list of processes."""
    known = dict(commands(typer.main.get_command(app)))
    assert len(known) >= 15
    for path, command in known.items():
        for parameter in command.params:
            names = {parameter.name, *parameter.opts, *parameter.secondary_opts}
            asked = {word for name in names for word in name.strip("-").replace("_", "-").split("-")}
            assert (
                not asked & {"key", "token", "secret", "password", "credentials", "auth"} or path == "imgcli config set"
            )
    (key, value) = known["imgcli config set"].params[:2]
    assert (key.name, value.name) == ("key", "value")
    for name in ("api_key", "key", "openai_api_key", "token", "organization"):
        seen = imgcli("config", "set", name, KEY)
        assert seen.code == 2
        assert PIECE not in seen.out + seen.err


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700, 0o500])
def test_a_file_for_its_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "credentials"
    store_key("openai", KEY, {"IMGCLI_HOME": "x"}, file)
    file.chmod(mode)
    assert find_key("openai", "X", {"IMGCLI_HOME": "x"}, file)[1] == str(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
@pytest.mark.parametrize("mode", [0o640, 0o620, 0o610, 0o604, 0o602, 0o601, 0o644, 0o666, 0o677, 0o755, 0o777, 0o444])
def test_a_file_that_others_may_touch_stops_every_command_that_wants_a_key(home: Path, mode: int) -> None:
    file = home / "config" / "credentials"
    store_key("openai", KEY, {"IMGCLI_HOME": "x"}, file)
    file.chmod(mode)
    for words in (["config", "show"], ["gen", "a car"], ["config", "set-key"]):
        seen = imgcli(*words, stdin="sk-another-key-0123456789\n")
        assert seen.code == 2
        assert "chmod 600" in seen.err
        assert PIECE not in seen.out + seen.err
    assert PIECE in file.read_text(), "a file that is refused is left alone"
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_what_may_hold_a_secret_is_written_for_its_owner_alone(home: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        assert imgcli("config", "set", "base_url", f"https://me:{PASSWORD}@host.example/v1").code == 0 or umask == 0o777
        stored = imgcli("config", "set-key", stdin=KEY + "\n")
    finally:
        os.umask(before)
    if umask != 0o777:  # a directory nobody may enter takes nothing, and root may anyway
        assert stored.code == 0
    for path in (home / "config").iterdir() if (home / "config").exists() else ():
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_a_password_in_an_address_is_not_told_when_it_is_set(home: Path) -> None:
    seen = imgcli("config", "set", "base_url", f"https://me:{PASSWORD}@host.example/v1?key={PASSWORD}")
    assert seen.code == 0
    assert PASSWORD not in seen.out + seen.err
    shown = imgcli("config", "show")
    assert "https://host.example/v1?..." in shown.out
    assert PASSWORD in (home / "config" / "config.toml").read_text()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://host.example/v1", "https://host.example/v1"),
        ("https://me:word@host.example:8443/v1", "https://host.example:8443/v1"),
        ("https://me:w@rd@host/v1", "https://host/v1"),
        ("me:word@host/v1", "host/v1"),
        ("//me@host", "//host"),
        ("https://me:word/", "https://me:.../"),
        ("http://[::1]:80/v1", "http://[::1]:80/v1"),
        ("http://[::1]/v1", "http://[::1]/v1"),
        ("https://host?key=word", "https://host?..."),
        ("https://host/#word", "https://host/#..."),
        ("https://host/a@b", "https://host/a@b"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(url: str, expected: str) -> None:
    assert shown_url(url) == expected


def test_keys_are_cut_from_what_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imgcli.credentials._known", set())
    store_key("studio", FILED, {"IMGCLI_HOME": "x"}, tmp_path / "credentials")
    assert hidden(f"a {FILED} and {FILED[:15]}, cut") == "a ...6789 and ...6789, cut"
    assert hidden("Bearer sk-proj-0123456789012345678901") == "Bearer ...8901"
    for plain in ("sk-short", "task-0123456789012345678901234", "a-sk-landscape-0123456789012345", "", "kept-in"):
        assert hidden(plain) == plain


def test_a_credentials_file_that_cannot_be_read_is_not_quoted(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    file.write_bytes(f"openai = {KEY}\xff\xfe".encode("latin-1"))
    file.chmod(0o600)
    with pytest.raises(SettingsError) as caught:
        find_key("openai", "X", {"IMGCLI_HOME": "x"}, file)
    assert PIECE not in str(caught.value)
