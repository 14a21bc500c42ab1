import io
import json
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from imgcli.cli.app import run
from tests.cli.run_cli import imgcli
from tests.rows import each_row


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with a picture of a car and one of a boat."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    made = "--provider", "placeholder", "--size", "640x384", "--quiet"
    assert imgcli("gen", "a car", *made).code == 0
    assert imgcli("gen", "a boat", "--tag", "sea", *made).code == 0
    return place


def digests(directory: Path) -> dict[str, str]:
    return {each.name: sha256(each.read_bytes()).hexdigest() for each in sorted(directory.iterdir()) if each.is_file()}


def test_files_for_the_web_and_again(here: Path) -> None:
    before = digests(here)
    seen = imgcli("export", "a-car-1.png", "--width", "200", "--as", "jpg,webp", "--label", "prompt", "-o", "out")
    names = [f"a-car-1{mark}.{end}" for mark in ("", "@2x", "@3x") for end in ("jpg", "webp")]
    expected = [
        str(here / "out" / path) for path in (*(f"web/{name}" for name in names), "manifest.json", "SHA256SUMS")
    ]
    assert (seen.code, seen.lines) == (0, expected)
    assert "6 files of 1 picture; manifest.json says what each was made from" in seen.err
    assert "Content Credentials (C2PA) of the masters are not in them" in seen.err
    with Image.open("out/web/a-car-1@2x.webp") as made:
        assert made.size == (400, 240)
        assert "a car" in str(made.getxmp())
    again = imgcli("export", "a-car-1.png", "--width", "200", "--as", "jpg,webp", "--label", "prompt", "-o", "out")
    assert (again.code, again.lines) == (0, expected)
    assert "6 files of 1 picture, already there" in again.err
    assert digests(here) == before


def test_what_was_exported_is_no_waste(here: Path) -> None:
    assert imgcli("export", "a-car-1.png", "--dry-run").code == 0
    assert imgcli("export", "--search", "is:exported").code == 2
    assert imgcli("export", "a-car-1.png", "--quiet").code == 0
    assert imgcli("export", "--search", "is:exported", "--dry-run").lines == [
        *("web/a-car-1.webp  213x128", "web/a-car-1@2x.webp  427x256", "web/a-car-1@3x.webp  640x384"),
        *("manifest.json", "SHA256SUMS"),
    ]


def test_several_sets_of_several_pictures_in_a_zip(here: Path) -> None:
    words = "export", ".", "--set", "favicon,sprite", "--set", "web", "--width", "64"
    seen = imgcli(*words, "--zip", "one.zip")
    assert (seen.code, seen.lines) == (0, [str(here / "one.zip")])
    assert imgcli(*words, "--zip", "two.zip", "--quiet").err.count("\n") <= 4
    assert Path("one.zip").read_bytes() == Path("two.zip").read_bytes()
    assert "already there" in imgcli(*words, "--zip", "one.zip").err
    with zipfile.ZipFile("one.zip") as packed:
        assert packed.testzip() is None
        assert {"manifest.json", "SHA256SUMS", "web/a-car-1.webp", "sprite/sprite.png"} < set(packed.namelist())
        for line in packed.read("SHA256SUMS").decode().splitlines():
            digest, path = line.split("  ")
            assert sha256(packed.read(path)).hexdigest() == digest
    assert not list(here.glob(".imgcli*"))
    other = imgcli("export", ".", "--zip", "one.zip")
    assert other.code == 2
    assert "one.zip is there already and is another file" in other.err


def test_a_zip_goes_down_a_pipe(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BytesIO(), "utf-8")
    monkeypatch.setattr(sys, "stdout", piped)
    code = run(["export", "a-car-1.png", "--width", "50", "--zip", "-", "--quiet"])
    assert code == 0
    assert isinstance(piped.buffer, io.BytesIO)
    with zipfile.ZipFile(io.BytesIO(piped.buffer.getvalue())) as packed:
        assert len(packed.namelist()) == 5


def test_rows_for_programs(here: Path) -> None:
    rows = [json.loads(line) for line in imgcli("export", ".", "--width", "300", "-o", "out", "--json").lines]
    made = [row for row in rows if row["event"] == "exported" and row.get("format") == "webp"]
    assert [(Path(row["path"]).name, row["width"], row["height"], row["new"]) for row in made] == [
        ("a-boat-1.webp", 300, 180, True),
        ("a-boat-1@2x.webp", 600, 360, True),
        ("a-car-1.webp", 300, 180, True),
        ("a-car-1@2x.webp", 600, 360, True),
    ]
    assert [row["path"] for row in rows if row["event"] == "skipped"] == ["web/a-car-1@3x.webp", "web/a-boat-1@3x.webp"]
    planned = [json.loads(line) for line in imgcli("export", ".", "--width", "300", "--dry-run", "--json").lines]
    assert {row["path"] for row in planned if row["event"] == "planned"} == {
        str(Path(row["path"]).relative_to(here / "out")) for row in rows if row["event"] == "exported"
    }
    assert not Path("export").exists()


def test_a_changed_master_is_refused_and_the_others_go_on(here: Path) -> None:
    with Path("a-boat-1.png").open("ab") as file:
        file.write(b"x")
    seen = imgcli("export", ".", "--quiet", "-o", "out")
    assert seen.code == 1
    assert "a-boat-1.png: was changed since it was saved" in seen.err
    assert {Path(line).name for line in seen.lines} >= {"a-car-1.webp", "manifest.json"}
    alone = imgcli("export", "a-boat-1.png", "-o", "nothing")
    assert (alone.code, alone.out, Path("nothing").exists()) == (1, "", False)


def test_another_file_is_never_replaced(here: Path) -> None:
    Path("out/web").mkdir(parents=True)
    Path("out/web/a-car-1@2x.webp").write_bytes(b"mine")
    seen = imgcli("export", "a-car-1.png", "-o", "out")
    assert (seen.code, seen.out) == (2, "")
    assert "a-car-1@2x.webp is there already and is another file; nothing was written" in seen.err
    assert [each.name for each in Path("out").rglob("*")] == ["web", "a-car-1@2x.webp"]


def test_a_picture_too_small_for_all_that_is_wished_is_told(here: Path) -> None:
    seen = imgcli("export", "a-car-1.png", "--width", "2000")
    assert (seen.code, seen.out) == (1, "")
    assert "left out web/a-car-1.webp: 2000x1200 is more than the 640x384 there are" in seen.err
    assert imgcli("export", "a-car-1.png", "--width", "700", "--upscale", "--quiet").code == 0


@each_row(
    "words, why",
    [
        ((), "which pictures? name files or directories"),
        (("a-car-1.png", "--set", "wbe"), "--set 'wbe'; did you mean 'web'?"),
        (("a-car-1.png", "--as", "gif"), "--as 'gif'"),
        (("a-car-1.png", "--set", "apple", "--as", "webp"), "--as is of web and sprite"),
        (("a-car-1.png", "--set", "sprite", "--as", "jpeg"), "an atlas is png or webp"),
        (("a-car-1.png", "--set", "apple", "--width", "9"), "--width is of web and sprite"),
        (("a-car-1.png", "--fit", "cover"), "--fit is of icons"),
        (("a-car-1.png", "--set", "apple", "--fit", "stretch"), "there are contain, cover"),
        (("a-car-1.png", "--quality", "9", "--as", "png"), "--quality is of webp, avif and jpeg"),
        (("a-car-1.png", "--quality", "0"), "--quality"),
        (("a-car-1.png", "--padding", "3"), "add --set sprite"),
        (("a-car-1.png", "--background", "puce"), "the colour 'puce' is not like"),
        (("a-car-1.png", "--zip", "x.zip", "-o", "y"), "leave out one of them"),
        (("a-car-1.png", "--zip", "x.tar"), "a ZIP ends in .zip"),
        (("a-car-1.png", "--zip", "-", "--json"), "both want stdout"),
        ((".", "--set", "sprite", "--max-size", "100"), "2 pictures do not fit into an atlas of 100x100"),
        (("nowhere.png",), "there is no such file"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(words: tuple[str, ...], why: str, here: Path) -> None:
    before = digests(here)
    seen = imgcli("export", *words)
    assert seen.code == 2
    assert why in seen.err
    assert len(seen.err.splitlines()) == 1
    assert digests(here) == before
    assert not Path("export").exists()


def test_a_label_needs_no_word_behind_it(here: Path) -> None:
    assert imgcli("export", "--label", "a-car-1.png", "--quiet").code == 0
    with Image.open("export/web/a-car-1.webp") as made:
        told = str(made.getxmp())
    assert "digitalsourcetype/algorithmicMedia" in told
    assert "description" not in told
    assert imgcli("sheet", "--label", "{model}", ".", "--quiet").code == 0  # it has a word of its own there


def test_a_place_that_cannot_be_written_is_told(here: Path) -> None:
    seen = imgcli("export", "a-car-1.png", "-o", "a-boat-1.png/x")
    assert seen.code == 7
    assert "cannot be written" in seen.err


def test_upscale_is_no_advice_where_it_was_said(here: Path) -> None:
    most = "export", "a-car-1.png", "--width", "16383", "--as", "webp,avif,jpeg,png", "--dry-run"
    assert "left out (--upscale makes them all the same)" in imgcli(*most).err
    said = imgcli(*most, "--upscale").err
    assert "and 2 more that were left out" in said
    assert "--upscale" not in said
