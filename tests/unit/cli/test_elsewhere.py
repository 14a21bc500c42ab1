"""What a run that ended does beside the terminal, with real programs and a real server."""

import asyncio
import json
import os
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from imgcli.cli.elsewhere import MOST_TOLD, Ended, event, shown_of, tell_elsewhere
from imgcli.model.ids import uuid7
from imgcli.model.outcome import Made, Outcome, Reused, Unstarted
from imgcli.model.picture import Saved
from imgcli.reports.summary import summarize
from imgcli.settings import Settings
from tests.fakes.hooks import World
from tests.fakes.jobs import A_PICTURE, a_job
from tests.fakes.studio import settings_for
from tests.fakes.web import Said, Web, said
from tests.unit.cli.test_desktop import a_tool, seen

BEGAN = datetime(2026, 11, 22, 12, tzinfo=UTC)
SECRET = "a-secret-of-tests-0123456789-0123"
ADDRESS = "https://hooks.example/services/T0/pathword"


def made(path: Path) -> Made:
    return Made(a_job(), Saved(path, path.with_name(f"{path.name}.json"), A_PICTURE), 40_000_000)


def ended(*outcomes: Outcome, seconds: float = 100, code: int = 0, opens: bool = False) -> Ended:
    summary = replace(summarize(outcomes, 40_000_000, 0), exit_code=code)
    return Ended("batch", uuid7(BEGAN, bytes(10)), BEGAN + timedelta(seconds=seconds), outcomes, summary, opens)


@pytest.fixture
def hooked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("IMGCLI_WEBHOOK_SECRET", SECRET)
    return settings_for(tmp_path, webhook_url=ADDRESS)


def told(end: Ended, settings: Settings, *answers: Said) -> tuple[list[bytes], World]:
    """What a server that gives `answers` got to hear."""

    async def story() -> tuple[list[bytes], World]:
        async with Web(*(answers or (said(200),))) as web:
            world = World(web.port)
            async with asyncio.timeout(10):
                await tell_elsewhere(end, settings, world.outside)
            return web.bodies, world

    return asyncio.run(story())


def test_a_long_run_is_told_without_words_of_its_prompts(hooked: Settings, tmp_path: Path) -> None:
    end = ended(made(tmp_path / "a-secret-car.png"))
    (body,), _ = told(end, hooked)
    heard = json.loads(body)
    assert (heard["type"], heard["timestamp"]) == ("run.ended", "2026-11-22T12:01:40+00:00")
    assert heard["data"]["run"] == end.run
    assert (heard["data"]["made"], heard["data"]["spent_usd"], heard["data"]["seconds"]) == (1, "0.04", 100)
    assert b"car" not in body
    assert "event" not in heard["data"]


def test_prompts_are_told_where_they_are_asked_for(hooked: Settings, tmp_path: Path) -> None:
    many = [made(tmp_path / f"{n}.png") for n in range(MOST_TOLD + 5)]
    (body,), _ = told(ended(*many), replace(hooked, webhook_prompts="on"))
    data = json.loads(body)["data"]
    assert len(data["pictures"]) == MOST_TOLD
    assert data["more_pictures"] == 5
    assert data["pictures"][0] == {"id": a_job().entry, "prompt": "a car", "file": "0.png", "cost_usd": "0.04"}


def test_what_is_not_there_is_not_told_of(tmp_path: Path) -> None:
    here: Any = event(ended(Unstarted(a_job(), "stopped"), made(tmp_path / "x.png")), prompts=True)["data"]
    assert [one["file"] for one in here["pictures"]] == ["x.png"]


def test_a_short_run_is_told_to_nobody(hooked: Settings, tmp_path: Path) -> None:
    assert told(ended(made(tmp_path / "x.png"), seconds=59.9), hooked)[0] == []
    assert len(told(ended(made(tmp_path / "x.png"), seconds=60), hooked)[0]) == 1
    assert len(told(ended(made(tmp_path / "x.png"), seconds=0), replace(hooked, notify_after=0))[0]) == 1


def test_a_run_that_a_signal_ended_is_told_to_nobody(hooked: Settings, tmp_path: Path) -> None:
    """Who pressed Ctrl-C waits for his prompt."""
    for code in (130, 143):
        bodies, world = told(ended(made(tmp_path / "x.png"), code=code, opens=True), replace(hooked, notify="on"))
        assert (bodies, world.names) == ([], [])


@pytest.mark.parametrize(
    ("answer", "why"),
    [(said(500), "it answered 500, 3 times"), (said(410), "it answered 410"), (b"", "Error, 3 times")],
)
def test_a_failure_is_one_line_without_the_path(
    answer: Said, why: str, hooked: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told(ended(made(tmp_path / "x.png")), hooked, answer)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("the webhook https://hooks.example/... was not told: ")
    assert line.endswith(why)
    assert "pathword" not in line


def test_without_a_secret_nothing_is_sent(
    hooked: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("IMGCLI_WEBHOOK_SECRET")
    assert told(ended(made(tmp_path / "x.png")), hooked)[0] == []
    assert "imgcli config set-key webhook" in capsys.readouterr().err
    monkeypatch.setenv("IMGCLI_WEBHOOK_SECRET", "too-short")
    assert told(ended(made(tmp_path / "x.png")), hooked)[0] == []
    assert "shorter than 24 bytes" in capsys.readouterr().err


def test_a_bug_there_is_one_line_too(hooked: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    world = World(9)

    async def broken(_host: str, _port: int) -> list[str]:
        raise ZeroDivisionError("nobody foresaw this")

    asyncio.run(tell_elsewhere(ended(made(tmp_path / "x")), hooked, replace(world.outside, resolve=broken)))
    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError" in line


def test_ctrl_c_ends_it_at_once(hooked: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A server that never answers; the run's exit code is nobody's business here."""

    async def story() -> None:
        async with Web(None) as web:
            world = World(web.port)
            telling = asyncio.ensure_future(tell_elsewhere(ended(made(tmp_path / "x.png")), hooked, world.outside))
            while not web.seen:  # noqa: ASYNC110 - a server of another house has no event for it
                await asyncio.sleep(0)
            os.kill(os.getpid(), signal.SIGINT)
            async with asyncio.timeout(2):
                await telling

    asyncio.run(story())
    assert capsys.readouterr().err.splitlines() == ["interrupted: who was to hear of this run may not have"]


def test_the_desktop_is_told_where_that_is_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in a_tool(tmp_path / "bin", "notify-send").items():
        monkeypatch.setenv(name, value)
    end = ended(made(tmp_path / "x.png"), code=1)
    asyncio.run(tell_elsewhere(end, settings_for(tmp_path)))
    assert not (tmp_path / "bin" / "seen").exists(), "nobody sits there"
    asyncio.run(tell_elsewhere(end, settings_for(tmp_path, notify="on")))
    assert seen(tmp_path / "bin")[0][2:] == ["imgcli batch: ended with code 1", "1 made of 1; $0.04 spent"]


def test_a_missing_tool_is_told_only_where_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for notify in ("auto", "off"):
        asyncio.run(tell_elsewhere(ended(made(tmp_path / "x")), settings_for(tmp_path, notify=notify)))
    assert capsys.readouterr().err == ""
    asyncio.run(tell_elsewhere(ended(made(tmp_path / "x")), settings_for(tmp_path, notify="on")))
    assert "is not on the PATH" in capsys.readouterr().err


def test_one_picture_is_shown_or_the_directory_of_several(tmp_path: Path) -> None:
    one, two = made(tmp_path / "a" / "1.png"), made(tmp_path / "a" / "2.png")
    kept = Reused(a_job(), tmp_path / "b" / "3.png", "kept")
    assert shown_of([one]) == tmp_path / "a" / "1.png"
    assert shown_of([one, two]) == tmp_path / "a"
    assert shown_of([kept, one]) == tmp_path / "a" / "1.png", "what is new is shown"
    assert shown_of([kept]) == tmp_path / "b" / "3.png"
    assert shown_of([Unstarted(a_job(), "stopped")]) is None


def test_open_shows_it_however_short_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in a_tool(tmp_path / "bin", "xdg-open").items():
        monkeypatch.setenv(name, value)
    (tmp_path / "x.png").touch()
    asyncio.run(tell_elsewhere(ended(made(tmp_path / "x.png"), seconds=0, opens=True), settings_for(tmp_path)))
    assert seen(tmp_path / "bin")[0] == [str(tmp_path / "x.png")]
    asyncio.run(tell_elsewhere(ended(made(tmp_path / "gone.png"), opens=True), settings_for(tmp_path)))
    assert capsys.readouterr().err.startswith("--open: ")
