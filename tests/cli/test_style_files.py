import json
import os
import sys
from pathlib import Path

import pytest

from imgcli.director.exchange.formats import WRITERS, read_foreign
from imgcli.director.places import MAX_FILES, presets
from tests.cli.run_cli import Seen, imgcli
from tests.e2e.test_terminal import at_a_terminal

REAL = Path(__file__).parents[1] / "unit" / "director" / "exchange"
FILES = [
    ("a1111.csv", "a1111"),
    ("fooocus.json", "fooocus"),
    ("invokeai.csv", "invokeai-csv"),
    ("invokeai.json", "invokeai-json"),
]
HEADER = "name,prompt,negative_prompt\n"


def built_in_text(name: str) -> str:
    return presets()[name].read_text("utf-8")


@pytest.fixture
def styles(home: Path) -> Path:
    return home / "config" / "styles"


def table(directory: Path, *rows: str) -> str:
    path = directory / "styles.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), "utf-8", newline="")
    return str(path)


@pytest.mark.parametrize(("file", "form"), FILES)
def test_a_real_file_goes_in_and_comes_out_without_loss(file: str, form: str, home: Path, tmp_path: Path) -> None:
    words = ("--format", "invokeai") if form.startswith("invokeai") else ()
    seen = imgcli("styles", "import", str(REAL / file), "--family", "theirs", "--prefix", "x-", *words)
    assert seen.code == 0
    before = [found.style for found in read_foreign((REAL / file).read_bytes().decode(), file).found]
    if form.startswith("invokeai"):
        assert len(before) == 30 - (form == "invokeai-csv"), "A1111 takes the row of #hash for a comment"
    assert len(seen.lines) >= 30
    out = tmp_path / "out"
    assert imgcli("styles", "export", "--family", "theirs", "--format", form, "-o", str(out)).lines == [str(out)]
    data = out.read_bytes()
    assert [found.style for found in read_foreign(data.decode(), file).found] == before
    assert imgcli("styles", "export", "--all", "--family", "theirs", "--format", form).out.encode() == data
    if form == "invokeai-csv":
        assert data == (REAL / file).read_bytes()


def test_an_imported_style_makes_pictures_at_once(home: Path, tmp_path: Path) -> None:
    assert imgcli("styles", "import", table(tmp_path, '"Fog Bank","{prompt}, fog, (grey:1.2)",text')).code == 0
    seen = imgcli("gen", "a car", "--style", "fog-bank", "--provider", "placeholder", "--dry-run")
    assert seen.code == 0
    assert "a car, fog, grey." in seen.out + seen.err


def test_what_is_there_is_kept_and_nothing_overwritten(styles: Path, tmp_path: Path) -> None:
    file = table(tmp_path, "Fog,x,", "Rain,y,")
    first = imgcli("styles", "import", file)
    assert [Path(line).name for line in first.lines] == ["fog.toml", "rain.toml"]
    path = styles / "fog.toml"
    path.write_text(path.read_text().replace('prose = "', 'prose = "By hand: '))
    again = imgcli("styles", "import", file)
    assert (again.code, again.lines) == (0, [])
    assert "0 written, 2 there already" in again.err
    assert "By hand" in path.read_text()
    other = imgcli("styles", "import", table(tmp_path, "Fog,z,"))
    assert other.code == 2
    assert f"'Fog' would be the style fog, which has other words in {path}" in other.err
    assert "By hand" in path.read_text()
    assert [Path(line).name for line in imgcli("styles", "import", file, "--rename").lines] == ["fog-2.toml"]


def test_a_built_in_style_is_not_replaced_by_the_way(styles: Path, tmp_path: Path) -> None:
    seen = imgcli("styles", "import", table(tmp_path, "Cinematic,x,"))
    assert seen.code == 2
    assert "other words in the built-in styles" in seen.err
    assert not styles.exists()


def test_bad_entries_are_told_by_line_and_nothing_is_written(styles: Path, tmp_path: Path) -> None:
    file = table(tmp_path, "Good,x,", 'Two,"{prompt} {prompt}",', ",y,", 'Open,"y')
    seen = imgcli("styles", "import", file)
    assert seen.code == 2
    assert "styles.csv:3: two {prompt} in it" in seen.err
    assert "styles.csv:4: it has no name" in seen.err
    assert 'styles.csv:5: a " is never closed' in seen.err
    assert "nothing was written: 3 of 4 entries" in seen.err
    assert not styles.exists()
    seen = imgcli("styles", "import", file, "--skip-bad", "--to", str(tmp_path / "else"))
    assert (seen.code, seen.lines) == (0, [str(tmp_path / "else" / "good.toml")])
    assert not styles.exists()


def test_a_flood_of_bad_entries_is_cut(home: Path, tmp_path: Path) -> None:
    seen = imgcli("styles", "import", table(tmp_path, *([",y,"] * 300)))
    assert seen.err.count("it has no name") == 20
    assert "... and 280 more" in seen.err


def test_a_dry_run_writes_nothing(styles: Path, tmp_path: Path) -> None:
    seen = imgcli("styles", "import", table(tmp_path, "Fog,x,"), "--dry-run", "--prefix", "my-", "--json")
    told = json.loads(seen.lines[0])
    assert told == {
        "state": "new", "name": "my-fog", "path": str(styles / "my-fog.toml"), "from": "styles.csv:2", "title": "Fog"
    }  # fmt: skip
    assert not styles.exists()


def test_a_file_may_come_in_through_a_pipe(styles: Path) -> None:
    assert imgcli("styles", "import", "-", stdin='[{"name": "Fog", "prompt": "x"}]').code == 0
    assert 'file = "stdin"' in (styles / "fog.toml").read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "names its columns"),
        (HEADER.encode(), "has no styles in it"),
        (HEADER.encode("utf-16"), "is not UTF-8 text"),
        (b"x" * (4 * 1024 * 1024 + 1), "is larger than 4 MiB"),
        (b'[{"name": "a"', "not valid JSON"),
        (b'{"name": "a"}', "must be a list"),
    ],
)
def test_a_file_of_no_use_is_one_line(content: bytes, message: str, home: Path, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(content)
    seen = imgcli("styles", "import", str(tmp_path / "f"))
    assert (seen.code, seen.out) == (2, "")
    assert message in seen.err
    assert len(seen.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("import", "no.csv"), "no.csv: cannot be read: No such file"),
        (("import", "/"), "/: cannot be read: Is a directory"),
        (("import", "-", "--format", "comfy"), "--format 'comfy' is not one of a1111, fooocus, invokeai"),
        (("import", "-", "--family", "Film Noir"), "--family 'Film Noir'"),
        (("export",), "name the styles to export"),
        (("export", "cinematic", "--all"), "name the styles to export"),
        (("export", "cinematc"), "did you mean cinematic?"),
        (("export", "--family", "none-such"), "no style is in the family 'none-such'"),
        (("export", "--all"), "say where with -o DIR"),
        (("export", "cinematic", "--format", "xml"), "--format 'xml' is not one of toml, a1111"),
        (("diff", "cinematic"), "cinematic is the built-in one"),
        (("diff", "cinematic", "nope"), "no style 'nope'"),
        (("diff", "cinematic", "./no.toml"), "cannot be read"),
        (("diff", "mine"), "no built-in style is called 'mine'"),
    ],
)
def test_a_mistake_is_one_line(words: tuple[str, ...], message: str, home: Path) -> None:
    seen = imgcli("styles", *words, stdin=HEADER)
    assert (seen.code, seen.out) == (2, "")
    assert message in seen.err
    assert len(seen.err.splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names")
def test_a_pipe_with_a_name_does_not_hang_it(home: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "no plain file" in imgcli("styles", "import", str(tmp_path / "pipe")).err


def test_no_more_styles_than_are_read_again(styles: Path, tmp_path: Path) -> None:
    seen = imgcli("styles", "import", table(tmp_path, *(f"s{n},x," for n in range(MAX_FILES + 1))))
    assert seen.code == 2
    assert "--to DIR" in seen.err
    assert not styles.exists()


def test_hostile_texts_never_reach_a_terminal_raw(home: Path, tmp_path: Path) -> None:
    seen = imgcli("styles", "import", table(tmp_path, "a\x1b[2Jb,x,", '"--- \x9d ---",,'))
    assert seen.code == 2
    assert not {"\x1b", "\x9d"} & set(seen.out + seen.err)


def test_ours_go_out_as_keywords_and_as_files(home: Path, tmp_path: Path) -> None:
    (row,) = json.loads(imgcli("styles", "export", "cinematic", "--format", "fooocus").out)
    assert row["name"] == "cinematic"
    assert row["prompt"].startswith("{prompt}, feature film still, ")
    assert "letterbox bars" in row["negative_prompt"]
    assert imgcli("styles", "export", "cinematic").out == built_in_text("cinematic")
    seen = imgcli("styles", "export", "glass", "food", "-o", str(tmp_path / "two"))
    assert [Path(line).name for line in seen.lines] == ["glass.toml", "food.toml"]
    assert (tmp_path / "two" / "food.toml").read_text("utf-8") == built_in_text("food")
    taken = imgcli("styles", "export", "clay-render", "food", "-o", str(tmp_path / "two"))
    assert (taken.code, taken.out) == (2, "")
    assert not (tmp_path / "two" / "clay-render.toml").exists()


@pytest.mark.parametrize("form", [*WRITERS, "toml"])
def test_an_export_never_overwrites(form: str, home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("mine")
    seen = imgcli("styles", "export", "cinematic", "--format", form, "-o", str(out))
    assert (seen.code, out.read_text()) == (2, "mine")
    assert "exists" in seen.err
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_the_other_tool_will_not_show_is_told(home: Path, tmp_path: Path) -> None:
    imgcli("styles", "import", table(tmp_path, "Fog,x,", "Fog,y,", "#Mist,z,"), "--rename", "--format", "invokeai")
    seen = imgcli("styles", "export", "fog", "fog-2", "mist", "--format", "a1111")
    assert seen.err == (
        "'Fog' stands in it more than once; other tools take the last of a name\nA1111 takes '#Mist' for a comment\n"
    )


# A real editor: a program that is started with the path of a file and changes it.
EDITOR = """\
import pathlib, sys
*edits, path = sys.argv[1:]
log = pathlib.Path(__file__).with_name("log")
seen = log.read_text().count("x") if log.exists() else 0
log.write_text("x" * (seen + 1))
edit = edits[min(seen, len(edits) - 1)] if edits else ""
file = pathlib.Path(path)
if edit == "fail":
    sys.exit(3)
elif edit == "gone":
    file.unlink()
elif edit:
    old, new = edit.split("=")
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
"""


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Editor":
    return Editor(tmp_path, monkeypatch)


class Editor:
    def __init__(self, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.script = directory / "my editor.py"
        self.script.write_text(EDITOR)
        self.env = monkeypatch
        monkeypatch.delenv("VISUAL", raising=False)

    def does(self, *edits: str) -> str:
        command = " ".join(f"'{word}'" for word in (sys.executable, str(self.script), *edits))
        self.env.setenv("EDITOR", command)
        return command

    def edit(self, name: str, *edits: str) -> Seen:
        self.does(*edits)
        return imgcli("styles", "edit", name)


def test_edit_makes_a_built_in_style_yours(editor: Editor, styles: Path) -> None:
    seen = editor.edit("cinematic", "eye level=knee height")
    path = styles / "cinematic.toml"
    assert (seen.code, seen.lines) == (0, [str(path)])
    assert "cinematic is built in; this is a copy that is yours" in seen.err
    assert path.read_text("utf-8") == built_in_text("cinematic").replace("eye level", "knee height", 1)
    assert "knee height" in imgcli("styles", "show", "cinematic", "--json").out


def test_a_copy_nobody_changed_goes_again(editor: Editor, styles: Path) -> None:
    seen = editor.edit("cinematic")
    assert (seen.code, seen.out) == (0, "")
    assert "the copy is gone again" in seen.err
    assert list(styles.iterdir()) == []


def test_what_is_yours_is_edited_in_place_and_stays_though_unchanged(editor: Editor, styles: Path) -> None:
    imgcli("styles", "new", "mine")
    assert editor.edit("mine", "window=lattice").code == 0
    assert "lattice" in (styles / "mine.toml").read_text()
    seen = editor.edit("mine")
    assert (seen.code, seen.err) == (0, "nothing changed\n")
    assert (styles / "mine.toml").exists()


def test_a_broken_edit_is_told_and_kept(editor: Editor, styles: Path) -> None:
    seen = editor.edit("cinematic", "{prompt}=the subject")
    assert seen.code == 2
    assert "cinematic.toml: prose: it needs {prompt}" in seen.err
    assert "imgcli styles edit cinematic" in seen.err
    assert "the subject" in (styles / "cinematic.toml").read_text()
    editor.script.with_name("log").unlink()
    assert editor.edit("cinematic", "the subject={prompt}").code == 0


def test_on_a_terminal_one_may_edit_again(editor: Editor, home: Path, tmp_path: Path) -> None:
    command = editor.does("{prompt}=it", "it={prompt} here")
    code, seen = at_a_terminal(
        tmp_path, "styles", "edit", "cinematic", answer="y\n", EDITOR=command, IMGCLI_HOME=str(home), NO_COLOR="1"
    )
    assert "it needs {prompt} where the subject goes" in seen
    assert "Edit it again? [Y/n]" in seen
    assert (code, (tmp_path / "log").read_text()) == (0, "xx")
    assert "{prompt} here" in (home / "config" / "styles" / "cinematic.toml").read_text()


def test_on_a_terminal_one_may_stop(editor: Editor, home: Path, tmp_path: Path) -> None:
    command = editor.does("{prompt}=it")
    code, _ = at_a_terminal(
        tmp_path, "styles", "edit", "cinematic", answer="n\n", EDITOR=command, IMGCLI_HOME=str(home)
    )
    assert (code, (tmp_path / "log").read_text()) == (2, "x")


@pytest.mark.parametrize(
    ("edit", "message"),
    [("fail", "ended with code 3"), ("gone", "cinematic.toml is gone")],
)
def test_an_editor_that_fails_leaves_no_copy(edit: str, message: str, editor: Editor, styles: Path) -> None:
    seen = editor.edit("cinematic", edit)
    assert seen.code == 2
    assert message in seen.err
    assert list(styles.iterdir()) == []


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("", "no editor is set; say which with VISUAL or EDITOR"),
        ("no-such-editor -w", "the editor 'no-such-editor' cannot be started"),
        ("vi 'x", "EDITOR is no command: No closing quotation"),
    ],
)
def test_an_editor_that_cannot_be(command: str, message: str, editor: Editor, styles: Path) -> None:
    editor.env.setenv("EDITOR", command)
    seen = imgcli("styles", "edit", "cinematic")
    assert (seen.code, seen.out) == (2, "")
    assert message in seen.err
    assert not styles.exists() or list(styles.iterdir()) == []


def test_what_is_no_plain_file_is_not_edited(editor: Editor, styles: Path) -> None:
    (styles / "mine.toml").mkdir(parents=True)
    assert "mine.toml: cannot be read: Is a directory" in editor.edit("mine").err


@pytest.mark.parametrize("name", ["cinematc", "../../evil", "/etc/passwd", ""])
def test_only_a_style_is_edited(name: str, editor: Editor, styles: Path) -> None:
    seen = editor.edit(name, "fail")
    assert seen.code == 2
    assert "no style" in seen.err
    assert not styles.exists()


def test_diff_tells_words_and_what_they_do(editor: Editor, styles: Path) -> None:
    editor.edit("cinematic", "eye level=knee height")
    seen = imgcli("styles", "diff", "cinematic")
    assert seen.code == 1
    assert seen.lines[:3] == ["--- cinematic (built-in)", f"+++ cinematic ({styles / 'cinematic.toml'})", "@@ prose"]
    assert seen.lines[4:6] == ["- eye level", "+ knee height"]
    assert seen.lines.count("+ knee height") == 2, "in the field and in the directed prompt"
    assert '@@ "a car" in prose' in seen.lines
    told = [json.loads(line) for line in imgcli("styles", "diff", "cinematic", "--json").lines]
    assert [one["field"] for one in told] == ["prose", '"a car" in prose']
    assert "knee height" in told[0]["after"]


def test_styles_that_say_the_same_do_not_differ(home: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.toml").write_text(built_in_text("glass"), "utf-8")
    seen = imgcli("styles", "diff", "glass", str(tmp_path / "copy.toml"))
    assert (seen.code, seen.out) == (0, "")
    assert "say the same" in seen.err


def test_diff_marks_words_with_colours_on_a_terminal(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR")
    style = built_in_text("glass")
    (tmp_path / "mine.toml").write_text(style.replace("clear", "smoked", 1), "utf-8")
    code, seen = at_a_terminal(tmp_path, "styles", "diff", "glass", "./mine.toml", IMGCLI_HOME=str(home))
    assert code == 1
    assert "\x1b[32m" in seen
    assert "\x1b[9;31m" in seen


def test_an_export_on_a_terminal_moves_no_cursor(home: Path, tmp_path: Path) -> None:
    code, seen = at_a_terminal(
        tmp_path, "styles", "export", "glass", "--format", "a1111", IMGCLI_HOME=str(home), NO_COLOR="1"
    )
    assert code == 0
    assert seen.startswith("\\ufeffname,prompt,negative_prompt")
    assert "\ufeff" not in seen
