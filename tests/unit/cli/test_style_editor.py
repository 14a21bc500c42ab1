import sys
from pathlib import Path

import pytest

from imgcli.cli.style_editor import ask_to_edit_again, editor_words, holds, own_file, problem_of, run_editor
from imgcli.errors import StyleError, UsageError
from imgcli.settings import Paths


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"EDITOR": "nano"}, ["nano"]),
        ({"EDITOR": "nano", "VISUAL": "code --wait"}, ["code", "--wait"]),
        ({"EDITOR": "nano", "VISUAL": " "}, ["nano"]),
        ({"EDITOR": "'/opt/my editor' -x"}, ["/opt/my editor", "-x"]),
        ({"EDITOR": "vi; rm -rf ~"}, ["vi;", "rm", "-rf", "~"]),
    ],
)
def test_the_editor_is_words_and_no_shell_reads_them(env: dict[str, str], words: list[str]) -> None:
    assert editor_words(env) == words


def test_a_failing_editor_is_told_with_its_code(tmp_path: Path) -> None:
    run_editor([sys.executable, "-c", ""], tmp_path)
    with pytest.raises(UsageError, match="ended with code 7"):
        run_editor([sys.executable, "-c", "import sys; sys.exit(7)"], tmp_path)


def test_a_copy_is_made_once(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    path, copied = own_file("glass", paths)
    assert (path, copied) == (tmp_path / "styles" / "glass.toml", True)
    assert own_file("glass", paths) == (path, False)
    with pytest.raises(StyleError, match="did you mean glass"):
        own_file("glas", paths)


def test_what_a_style_extends_counts_too(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path, tmp_path)
    path, _ = own_file("glass", paths)
    assert problem_of(path, paths) == ""
    path.write_text('description = "d"\nextends = "glas"\n')
    assert "extends: no style 'glas'" in problem_of(path, paths)
    path.unlink()
    with pytest.raises(UsageError, match="is gone"):
        problem_of(path, paths)


def test_bytes_are_compared_and_a_file_that_is_gone_holds_none(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x")
    assert holds(tmp_path / "f", b"x")
    assert not holds(tmp_path / "f", b"y")
    assert not holds(tmp_path / "g", b"")


def test_nobody_is_asked_where_nobody_is() -> None:
    with pytest.raises(StyleError, match=r"f\.toml: broken; your text is kept: imgcli styles edit f"):
        ask_to_edit_again("f", "f.toml: broken")
