import asyncio
import json
import sys
from pathlib import Path

import pytest

from imgcli.cli import desktop
from imgcli.cli.desktop import LONGEST, TOAST, DesktopError, command, has_desktop, notify
from tests.rows import each_row

HOSTILE = "a \x1b]52;c;AAAA\x07<b>&\u202e$(touch x)`id`\n-e; rm 'x' \"y\""


def a_tool(directory: Path, name: str, body: str = "") -> dict[str, str]:
    """An environment with a program that writes down its arguments and what it was given of the environment."""
    directory.mkdir(exist_ok=True)
    tool = directory / name
    tell = f"json.dump([sys.argv[1:], dict(os.environ)], open({str(directory / 'seen')!r}, 'w'))"
    tool.write_text(f"#!{sys.executable}\nimport json, os, sys, time\n{tell}\n{body}\n")
    tool.chmod(0o755)
    return {"PATH": str(directory), "DISPLAY": ":0"}


def seen(directory: Path) -> tuple[list[str], dict[str, str]]:
    words, env = json.loads((directory / "seen").read_text())
    return words, env


@pytest.mark.skipif(sys.platform in desktop.TOOLS, reason="its tool has another name")
def test_words_arrive_as_words_and_harmless(tmp_path: Path) -> None:
    env = a_tool(tmp_path / "bin", "notify-send") | {"OPENAI_API_KEY": "sk-0123456789"}
    asyncio.run(notify("--title", HOSTILE, env))
    words, given = seen(tmp_path / "bin")
    assert words[:3] == ["--app-name=imgcli", "--", "--title"]
    (text,) = words[3:]
    assert not {"\x1b", "\x07", "\u202e", "\n", "<", ">"} & set(text)
    assert "$(touch x)`id`" in text
    assert "&lt;b&gt;&amp;" in text
    assert "OPENAI_API_KEY" not in given


@each_row(("platform", "tool"), [("linux", "notify-send"), ("darwin", "osascript"), ("win32", "powershell")])
def test_each_platform_has_its_tool_and_no_shell(platform: str, tool: str, tmp_path: Path) -> None:
    env = a_tool(tmp_path / platform, tool)
    called = command("title", HOSTILE, env, platform)
    assert called.words[0] == str(tmp_path / platform / tool)
    told = [*called.words[1:], *called.env.values()]
    assert sum("$(touch x)" in word for word in told) == 1, "the text is one word, or one variable"
    assert not any(char in word for word in told if word != TOAST for char in "\x1b\x07\u202e\n")
    assert "touch" not in TOAST
    if platform == "darwin":
        assert called.words[-3:-1] == ("--", "title")
        assert not any("touch" in word for word in called.words[1:-1])
    with pytest.raises(DesktopError, match=f"{tool} is not on the PATH"):
        command("title", "text", {"PATH": str(tmp_path)}, platform)


def test_a_long_text_is_cut(tmp_path: Path) -> None:
    env = a_tool(tmp_path / "bin", "notify-send")
    assert len(command("t", "x" * 10_000, env, "linux").words[-1]) == LONGEST


def test_a_tool_of_the_current_directory_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_tool(tmp_path / "bin", "notify-send")
    monkeypatch.chdir(tmp_path / "bin")
    for path in (".", "", "../bin"):
        with pytest.raises(DesktopError):
            command("title", "text", {"PATH": path}, "linux")


@pytest.mark.skipif(sys.platform in desktop.TOOLS, reason="its tool has another name")
def test_a_tool_that_fails_or_hangs_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DesktopError, match="notify-send ended with code 3"):
        asyncio.run(notify("t", "x", a_tool(tmp_path / "bad", "notify-send", "sys.exit(3)")))
    env = a_tool(tmp_path / "slow", "notify-send", "time.sleep(600)")
    monkeypatch.setattr(desktop, "SECONDS", 0.3)
    with pytest.raises(DesktopError, match=r"did not return within 0\.3 s"):
        asyncio.run(notify("t", "x", env))
    broken = tmp_path / "slow" / "notify-send"
    broken.write_text("#!/no/such/interpreter\n")
    with pytest.raises(DesktopError, match="cannot be started"):
        asyncio.run(notify("t", "x", env))


@each_row(
    ("platform", "env", "expected"),
    [
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("linux", {}, False),
        ("linux", {"DISPLAY": ":0", "SSH_CONNECTION": "1.2.3.4 1 5.6.7.8 22"}, False),
        ("linux", {"DISPLAY": ":0", "PATH": "/nowhere"}, False),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_desktop_is_where_somebody_sits(platform: str, env: dict[str, str], expected: bool, tmp_path: Path) -> None:
    for tool in ("notify-send", "osascript", "powershell"):
        a_tool(tmp_path / "bin", tool)
    assert has_desktop({"PATH": str(tmp_path / "bin")} | env, platform) is expected
