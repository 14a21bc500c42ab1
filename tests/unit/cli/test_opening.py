import sys
from pathlib import Path

import pytest

from imgcli.cli import opening
from imgcli.cli.opening import open_path, opener
from imgcli.errors import UsageError
from tests.rows import each_row
from tests.unit.cli.test_desktop import a_tool, seen

pytestmark = pytest.mark.skipif(sys.platform in opening.OPENERS, reason="its opener has another name")


def test_a_file_is_opened_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    name = "--version $(touch x); 'a'.png"
    (tmp_path / name).touch()
    env = a_tool(tmp_path / "bin", "xdg-open") | {"IMGCLI_WEBHOOK_SECRET": "0123456789"}
    open_path(Path(name), env)
    words, given = seen(tmp_path / "bin")
    assert words == [str(tmp_path / name)]
    assert "IMGCLI_WEBHOOK_SECRET" not in given


def test_who_shows_it_may_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "SECONDS", 0.3)
    open_path(tmp_path, a_tool(tmp_path / "bin", "xdg-open", "time.sleep(2)"))
    assert seen(tmp_path / "bin")[0] == [str(tmp_path)]


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    env = a_tool(tmp_path / "bin", "xdg-open", "sys.exit(3)")
    with pytest.raises(UsageError, match=r"could not open .*\(code 3\)"):
        open_path(tmp_path, env)
    with pytest.raises(UsageError, match="is not there"):
        open_path(tmp_path / "gone.png", env)
    with pytest.raises(UsageError, match="nothing here opens files"):
        open_path(tmp_path, {"PATH": str(tmp_path)})
    (tmp_path / "bin" / "xdg-open").write_text("#!/no/such/interpreter\n")
    with pytest.raises(UsageError, match="cannot be started"):
        open_path(tmp_path, env)


@each_row(
    ("platform", "tool", "more"),
    [
        ("linux", "xdg-open", []),
        ("linux", "gio", ["open"]),
        ("linux", "wslview", []),
        ("freebsd14", "xdg-open", []),
        ("darwin", "open", []),
        ("win32", "explorer", []),
    ],
)
def test_each_platform_has_its_opener(platform: str, tool: str, more: list[str], tmp_path: Path) -> None:
    env = a_tool(tmp_path / f"{platform}-{tool}", tool)
    assert opener(env, platform) == [str(tmp_path / f"{platform}-{tool}" / tool), *more]


def test_an_opener_of_the_current_directory_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_tool(tmp_path, "xdg-open")
    monkeypatch.chdir(tmp_path)
    assert opener({"PATH": "."}, "linux") is None
