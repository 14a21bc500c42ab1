"""`--open`, notifications and webhooks as a user has them; how each works is in tests/unit/cli/test_elsewhere.py."""

import sys
from pathlib import Path

import pytest

from imgcli.cli import opening
from tests.cli.run_cli import imgcli
from tests.unit.cli.test_desktop import a_tool, seen

FREE = ("--provider", "placeholder", "-s", "64x64")
SECRET = "a-secret-of-tests-0123456789-0123"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


@pytest.mark.skipif(sys.platform in opening.OPENERS, reason="its opener has another name")
def test_open_shows_a_picture_or_the_directory_of_several(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", a_tool(tmp_path / "bin", "xdg-open")["PATH"])
    assert imgcli("gen", "car", *FREE, "--open", "--dry-run").code == 0
    assert imgcli("gen", "car", *FREE).code == 0
    assert not (tmp_path / "bin" / "seen").exists()
    assert imgcli("gen", "car", *FREE, "--open").code == 0
    assert seen(tmp_path / "bin")[0] == [str(work / "car-2.png")]
    assert imgcli("gen", "car", "-n", "2", *FREE, "--open", "--json").code == 0
    assert seen(tmp_path / "bin")[0] == [str(work)]


def test_what_fails_after_a_run_is_a_line_and_no_exit_code(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("IMGCLI_NOTIFY_AFTER", "0")
    monkeypatch.setenv("IMGCLI_NOTIFY", "on")
    monkeypatch.setenv("IMGCLI_WEBHOOK_URL", "https://localhost/pathword")
    monkeypatch.setenv("IMGCLI_WEBHOOK_SECRET", SECRET)
    told = imgcli("gen", "car", *FREE, "--open", "--quiet")
    assert (told.code, told.lines) == (0, [str(work / "car-1.png")])
    lines = sorted(told.err.splitlines())
    assert [line.split(":")[0] for line in lines] == ["--open", "no notification was shown", "the webhook https"]
    assert "https://localhost/... was not told: localhost is not a public address" in told.err
    assert "pathword" not in told.err
    assert SECRET not in told.err


@pytest.mark.parametrize("key", ["webhook_url", "webhook_prompts", "notify", "notify_after"])
def test_a_batch_file_cannot_call_anybody(key: str, work: Path) -> None:
    for text in (
        f'{key} = "https://evil.example/"\n[[prompts]]\nprompt = "a car"\n',
        f'[defaults]\n{key} = "https://evil.example/"\n[[prompts]]\nprompt = "a car"\n',
        f'[[prompts]]\nprompt = "a car"\n{key} = "https://evil.example/"\n',
    ):
        (work / "set.toml").write_text(text)
        told = imgcli("batch", "set.toml", *FREE[:2])
        assert told.code == 2
        assert key in told.err


def test_an_address_of_a_webhook_is_told_by_its_host_alone(home: Path) -> None:
    for url in ("http://hooks.example/pathword", "https://me:pathword@hooks.example/", "hooks.example/pathword"):
        told = imgcli("config", "set", "webhook_url", url)
        assert told.code == 2
        assert "pathword" not in told.err
    told = imgcli("config", "set", "webhook_url", "https://hooks.example/services/pathword?x=pathword")
    shown = imgcli("config", "show")
    assert told.code == 0
    assert "https://hooks.example/..." in shown.out
    assert "pathword" not in told.err + shown.out + imgcli("config", "show", "--json").out
    assert imgcli("config", "set", "webhook_url", "").code == 0
