import os
import re
from pathlib import Path

import pytest

from imgcli.cli import options
from imgcli.cli.options import joined_prompts, require_text, split_out
from imgcli.errors import UsageError
from tests.rows import each_row


@pytest.mark.parametrize(
    ("out", "expected"),
    [
        ("pics", ("pics", None)),
        ("pics/", ("pics", None)),
        ("hero.png", (".", "hero")),
        ("a/b/hero.JPG", ("a/b", "hero")),
        ("a/{slug}-{n}", ("a", "{slug}-{n}")),
        ("v1.2", ("v1.2", None)),
    ],
)
def test_out(out: str, expected: tuple[str, str | None]) -> None:
    assert split_out(out, Path("/here")) == (Path(expected[0]), expected[1])


def test_out_left_out_is_here_and_a_directory_is_one_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "set.png").mkdir()
    assert split_out(None, tmp_path) == split_out("", tmp_path) == (tmp_path, None)
    assert split_out(str(tmp_path / "set.png"), Path()) == (tmp_path / "set.png", None)


def test_a_dash_stands_for_stdin_at_its_place() -> None:
    assert joined_prompts(["a", "-", "b"], ["x", "y"]) == ["a", "x", "y", "b"]
    assert joined_prompts(["a"], ["x"]) == ["a"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["gen", "a car", "--expand"], ["gen", "a car", "--expand=model"]),
        (["gen", "--expand", "a car"], ["gen", "--expand=model", "a car"]),
        (["gen", "--expand", "local", "a car"], ["gen", "--expand", "local", "a car"]),
        (["gen", "--expand", "--yes", "a car"], ["gen", "--expand=model", "--yes", "a car"]),
        (["gen", "--expand=local", "a car"], ["gen", "--expand=local", "a car"]),
        (["gen", "--expand", "locl", "a car"], ["gen", "--expand", "locl", "a car"]),
        (["gen", "--", "--expand"], ["gen", "--", "--expand"]),
    ],
)
def test_expand_stands_alone_or_with_a_word(typed: list[str], meant: list[str]) -> None:
    assert options.with_bare_options(typed) == meant


@pytest.mark.parametrize(
    ("expand", "ideas", "no_expand", "setting"),
    [
        (None, 1, False, None),
        ("local", 1, False, "local"),
        (None, 3, False, "model"),
        ("local", 3, False, "local"),
        (None, 1, True, "off"),
    ],
)
def test_what_the_flags_say_of_expansion(
    expand: str | None, ideas: int, *, no_expand: bool, setting: str | None
) -> None:
    assert options.expansion(expand, ideas, no_expand=no_expand) == setting


def test_expanding_and_not_expanding_at_once_is_refused() -> None:
    for expand, ideas in (("model", 1), (None, 2)):
        with pytest.raises(UsageError, match="--no-expand"):
            options.expansion(expand, ideas, no_expand=True)


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\x9b", "a\x00", "half \ud800"])
def test_control_characters_are_refused_wherever_words_are_typed(text: str) -> None:
    with pytest.raises(UsageError, match=r"--no .* holds control characters"):
        options.require_plain("--no", text)
    options.require_plain("--no", "a\nb\tc\u202e")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (["edit", "a.png", "x", "--preview"], ["edit", "a.png", "x", "--preview="]),
        (["edit", "--preview", "there.png", "x"], ["edit", "--preview=", "there.png", "x"]),
        (["edit", "a.png", "x", "--preview", "new.PNG"], ["edit", "a.png", "x", "--preview", "new.PNG"]),
        (["edit", "--preview", "--dry-run", "a.png"], ["edit", "--preview=", "--dry-run", "a.png"]),
        (["edit", "--preview=new.png"], ["edit", "--preview=new.png"]),
        (["edit", "--preview", "make it night"], ["edit", "--preview=", "make it night"]),
    ],
)
def test_preview_stands_alone_or_with_a_file_that_is_not_there_yet(
    typed: list[str], meant: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.png").touch()
    assert options.with_bare_options(typed) == meant


@pytest.mark.skipif(os.sep == "\\", reason="these are plain paths on Windows")
@each_row(
    ("out", "told"),
    [
        ("C:\\x", "like /mnt/c/x"),
        ("C:\\x\\car.png", "like /mnt/c/x/car.png"),
        ("d:/pictures", "like /mnt/d/pictures"),
        ("C:", "like /mnt/c/"),
        ("\\\\server\\share\\x", "is a path of Windows"),
        ("out\\cars", "write out/cars"),
        ("out\\{slug}", "write out/{slug}"),
        ("out\\", "write out/"),
    ],
)
def test_a_path_of_windows_is_told_and_becomes_no_strange_name(out: str, told: str) -> None:
    with pytest.raises(UsageError, match=re.escape(told)) as caught:
        split_out(out, Path("/here"))
    assert out in str(caught.value), "as it was typed"
    with pytest.raises(UsageError, match=re.escape(told)):
        require_text(Path(out))


@pytest.mark.skipif(os.sep == "\\", reason="no name holds one on Windows")
def test_a_directory_that_is_there_may_have_any_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a\\b", "C:"):
        (tmp_path / name).mkdir()
        require_text(tmp_path / name / "new")
        monkeypatch.chdir(tmp_path)
        assert split_out(f"{name}/new", Path()) == (Path(name) / "new", None)
