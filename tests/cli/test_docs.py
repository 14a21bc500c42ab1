"""Who follows the documentation gets what it shows: every command as written, in a fresh directory and home."""

import os
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from docs.film import film
from docs.terminal import Look, Screen
from tests.cli.followed import DOCS, PAGES, follow, is_as_shown, prepare, steps

COMMAND = re.compile(r"^(?:\$ )?imgcli .*", re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_followed(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    for variable in ("COLUMNS", "TERM", "NO_COLOR", "PATH"):
        monkeypatch.setenv(variable, os.environ[variable])
    prepare(tmp_path, os.environ)
    (work := tmp_path / "work").mkdir()
    monkeypatch.chdir(work)
    for step, codes, came in follow((DOCS / name).read_text("utf-8")):
        seen = "\n".join(came)
        assert codes == list(step.codes), (step.commands, seen)
        assert step.shown is None or is_as_shown(step.shown, came), (
            f"{'; '.join(step.commands)} shows this now; python3 dev.py docs writes it into {name}:\n{seen}"
        )


def test_the_tutorial_leaves_nothing_out_but_the_installation() -> None:
    page = (DOCS / "tutorial.md").read_text("utf-8")
    followed = [line for step in steps(page) for line in getattr(step, "commands", ())]
    assert followed == COMMAND.findall(page)
    assert len(followed) >= 12
    assert page.count("<!-- not run") == 1


def test_what_is_shown_is_compared_line_by_line() -> None:
    came = ["made   a.png  $0.00", "", "attempt 01a200d8-a89e-7a52-a817-1e59f0709395", "1 made; 12 kB"]
    assert is_as_shown("made a.png $0.00\nattempt 01a2aaaa-bbbb-cccc-dddd-1e59f0709395\n1 made; 9,120 kB\n", came)
    assert is_as_shown("...\n1 made; 1 kB\n", came)
    assert not is_as_shown("made a.png $0.00\n", came)
    assert not is_as_shown("made a.png $0.01\n...\n", came)
    assert not is_as_shown("", came)
    assert is_as_shown("", ["", ""])


def test_a_screen_shows_what_a_terminal_would() -> None:
    screen = Screen(8)
    screen.feed(
        "\x1b[?25l\x1b[1mbar 1\x1b[0m\r\nbar 2\r\x1b[2K\x1b[1A\x1b[2K\x1b[38;5;31mdone\x1b[0m\r\nmore than eight"
    )
    assert screen.lines() == ["done", "more tha", "n eight"]
    assert screen.rows[0][0] == ("d", Look(front=31))
    assert screen.rows[1][0] == ("m", Look())
    with pytest.raises(ValueError, match="does not know"):
        screen.feed("\x1b[5;5H")


def test_pictures_are_small_and_fetch_nothing() -> None:
    drawn = sorted((DOCS / "pictures").iterdir())
    assert drawn
    for picture in drawn:
        assert picture.stat().st_size < 200_000, picture
        if picture.suffix == ".svg":
            text = picture.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
            assert not re.search(r"https?:|//|@import|<script|<image|url\(", _without_words(text)), picture


def _without_words(svg: str) -> str:
    """What the terminal said may hold anything; the drawing around it may not."""
    return re.sub(r">[^<]*</text>", "></text>", svg)


def test_links_lead_to_files_and_headings() -> None:
    pages = [DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md", *DOCS.glob("*.md")]
    dead = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
        if not link.startswith("http") and not _leads_somewhere(page, link)
    ]
    assert dead == []


def _leads_somewhere(page: Path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = page.parent / file if file else page
    if not target.exists() or not anchor:
        return target.exists()
    headings = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
    return anchor in {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_a_film_is_well_formed_whatever_was_written() -> None:
    screen = Screen(20)
    screen.feed("<script>&\"'  \x1b[38;2;1;2;3mfar ━━██\x1b[0m")
    drawn = ET.fromstring(film('<"&', [(0.0, screen.rows), (1.5, [])], 20, 1.0))  # noqa: S314 - drawn here
    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == ["<script>&\"'", "far"]
    assert drawn.get("aria-label") == '<"&'
    assert "#010203" in ET.tostring(drawn, "unicode")
