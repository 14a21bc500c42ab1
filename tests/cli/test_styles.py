import json
from pathlib import Path

from tests.cli.run_cli import imgcli


def test_list_has_cinematic_and_two_dozen_more() -> None:
    names = [json.loads(line)["name"] for line in imgcli("styles", "list", "--json").lines]
    assert "cinematic" in names
    assert len(names) >= 24
    assert "cinematic" in imgcli("styles", "list").out


def test_show_directs_an_example() -> None:
    seen = imgcli("styles", "show", "cinematic")
    assert seen.code == 0
    assert "example" in seen.out
    assert "a car" in json.loads(imgcli("styles", "show", "cinematic", "--json").out)["example"]


def test_show_guesses() -> None:
    seen = imgcli("styles", "show", "cinematc")
    assert seen.code == 2
    assert "did you mean" in seen.err


def test_new_can_be_used_at_once_and_is_never_overwritten(home: Path) -> None:
    seen = imgcli("styles", "new", "mine", "--description", "My own look")
    assert seen.code == 0
    path = Path(seen.lines[0])
    assert path == home / "config" / "styles" / "mine.toml"
    assert "My own look" in imgcli("styles", "list").out
    assert imgcli("gen", "a car", "--style", "mine", "--provider", "placeholder", "--dry-run").code == 0
    path.write_text(path.read_text() + "\n# edited\n")
    assert imgcli("styles", "new", "mine").code == 2
    assert path.read_text().endswith("# edited\n")


def test_a_bad_name_is_refused(home: Path) -> None:
    assert imgcli("styles", "new", "../evil").code == 2
    assert not (home / "config").exists()


def test_a_broken_style_of_the_users_says_where(home: Path) -> None:
    directory = home / "config" / "styles"
    directory.mkdir(parents=True)
    (directory / "bad.toml").write_text('description = "x"\nprose = "no subject"\n')
    seen = imgcli("styles", "list")
    assert seen.code == 2
    assert "bad.toml" in seen.err
    assert "{prompt}" in seen.err
