import json
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.run_cli import imgcli


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    seen = imgcli("gen", "a car", "a boat", "--provider", "placeholder", "--size", "64x64", "-o", "set/", "--quiet")
    assert seen.code == 0, seen.err
    return tmp_path


def test_a_directory_is_printed_and_no_file_is_overwritten(here: Path) -> None:
    (here / "sheet.pdf").write_text("mine")
    seen = imgcli("sheet", "set")
    assert (seen.code, seen.lines) == (0, [str(here / "sheet-2.pdf")])
    assert seen.err == "2 pictures on 1 page\n"
    assert (here / "sheet.pdf").read_text() == "mine"
    assert (here / "sheet-2.pdf").read_bytes().startswith(b"%PDF")

    seen = imgcli("sheet", "set", "-o", "all.png", "--dpi", "72", "--landscape", "--label", "{n} {stem}", "--json")
    told = json.loads(seen.out)
    assert (told["pages"], told["pictures"], told["blank"]) == (1, 2, [])
    with Image.open(told["paths"][0]) as opened:
        assert opened.size == (842, 595)

    (here / "set" / "a-boat-1.png").write_bytes(b"damaged")
    seen = imgcli("sheet", "set", "-o", "again.png", "--dpi", "40")
    assert seen.code == 1
    assert "a-boat-1.png is blank: cannot be read as a picture" in seen.err


def test_rejects_are_not_printed_unless_they_are_asked_for(here: Path) -> None:
    assert imgcli("pick", "--reject", "set/a-car-1.png").code == 0
    png = ("-o", "x.png", "--dpi", "36")
    assert imgcli("sheet", "set", *png).err == "1 rejected is left out; --rejected prints it too\n1 picture on 1 page\n"
    assert imgcli("sheet", "set", "--rejected", *png).err == "2 pictures on 1 page\n"
    assert imgcli("sheet", "set/a-car-1.png", *png).err == "1 picture on 1 page\n"
    seen = imgcli("sheet", "--search", "car", *png)
    assert seen.code == 2
    assert "all that is meant is rejected (1); --rejected prints it" in seen.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--paper a44", "did you mean 'a4'?"),
        ("-o sheet.jpg", "ends in .pdf or .png"),
        ("-o nowhere/sheet.pdf", "there is no directory"),
        ("set --label {fil}", "no field {fil}"),
        ("set --columns 12 --paper a5", "choose fewer"),
        ("set --margin 100", "less than 12 mm"),
        ("set --dpi 1200 --paper a3 -o x.png", "choose fewer, or PDF"),
    ],
)
def test_what_cannot_be_printed_is_said_in_one_line(words: str, told: str, here: Path) -> None:
    seen = imgcli("sheet", *words.split())
    assert seen.code == 2
    assert told in seen.err
    assert seen.err.count("\n") == 1
    assert not list(here.glob("*sheet*"))
