from pathlib import Path

import pytest

from imgcli.cli.options import joined_prompts, split_out


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
