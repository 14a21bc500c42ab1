import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.reports.grid import Grid, sheet
from imgcli.reports.page import page
from tests.fakes.grids import HERE, a_sheet, a_table, hostile, made, refused, wish
from tests.rows import each_row

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '" autofocus onfocus="alert(1)',
    "<img src=http://evil.example/x.png>",
    "<a href=javascript:alert(1)>x</a>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<base href=http://evil.example/>",
    "<iframe src=http://evil.example></iframe>",
    "<svg onload=alert(1)>",
    "<!--",
    "--><script>alert(1)</script>",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "]]><script>alert(1)</script>",
    "\x00<script>\x1b[2J",
    "\u202egnp.exe\u2066",
    "{{7*7}} ${7*7} %s %(x)s {0}",
    "`onerror=alert(1)`",
]
TAGS = frozenset(
    {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "h1",
        "p",
        "main",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
    }
    | {"td", "section", "h2", "ul", "li", "figure", "figcaption", "a", "img", "span", "details", "summary"}
)


class Reader(HTMLParser):
    """Tags, attributes and texts of a page, as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def addresses(self) -> list[str]:
        return [value for _, name, value in self.attributes if name in {"href", "src"}]


def assert_harmless(grid: Grid) -> Reader:
    seen = Reader(page(grid, HERE))
    assert seen.tags <= TAGS
    assert not [name for _, name, _ in seen.attributes if name.startswith("on") or name == "style"]
    for address in seen.addresses():
        assert not address.startswith(("/", "#", "."))
        assert ":" not in address
    return seen


@each_row("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    seen = assert_harmless(hostile(text))
    kept = re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", "\ufffd", text)
    assert seen.said.count(kept) >= 5


@given(st.text(max_size=60))
def test_any_words_stay_words(text: str) -> None:
    assert_harmless(hostile(text))


@pytest.mark.parametrize(
    "name", ["a b.png", "javascript:alert(1).png", '"><script>.png', "#1?x=y.png", "ü-車.png", "%41.png"]
)
def test_links_lead_to_the_picture_whatever_its_name(name: str) -> None:
    seen = assert_harmless(sheet("a car", "style", [("", [wish(made(name))])]))
    assert {unquote(address) for address in seen.addresses()} == {name}


def test_nothing_is_asked_of_anybody() -> None:
    text = page(a_table(), HERE)
    assert not re.search(r"https?://|//[a-z]|@import|url\(", text)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; img-src 'self' file:; style-src 'sha256-")
    assert "script" not in Reader(text).tags


def test_every_picture_is_linked_and_shown_and_every_prompt_said() -> None:
    seen = Reader(page(a_sheet(12), HERE))
    assert sorted(seen.addresses()) == sorted([f"{n}.png" for n in range(12)] * 2)
    assert [value for tag, name, value in seen.attributes if (tag, name) == ("img", "alt")] == [
        f"style-{n}" for n in range(12)
    ]
    assert seen.said.count("a car") == 2 + 2 * 12


def test_a_table_names_its_cells_for_those_who_cannot_see_them() -> None:
    seen = Reader(page(a_table(2, 1), HERE))
    assert ("img", "alt", "row 0, column 1") in seen.attributes
    assert ("th", "scope", "row") in seen.attributes
    assert "quality" in seen.said


def test_a_blank_says_why_and_links_nothing() -> None:
    seen = Reader(page(sheet("a car", "style", [("", [wish(refused("no room <here>"))])]), HERE))
    assert "refused: no room <here>" in seen.said
    assert seen.addresses() == []


def test_what_cannot_be_shown_is_linked_all_the_same() -> None:
    grid = sheet("a car", "style", [("", [wish(made("a.png"))])])
    seen = Reader(page(grid, HERE, {HERE / "a.png"}))
    assert "img" not in seen.tags
    assert seen.addresses() == ["a.png"]
    assert "a.png cannot be shown" in seen.said


def test_more_pictures_of_a_cell_are_linked_by_number() -> None:
    seen = Reader(page(sheet("a car", "style", [("", [wish(made("1.png"), made("2.png"))])]), HERE))
    assert ("a", "href", "2.png") in seen.attributes


def test_pictures_elsewhere_are_found_from_the_page() -> None:
    text = page(sheet("a", "style", [("", [wish(made("a.png"))])]), Path("/pictures/sheets"))
    assert 'href="../a.png"' in text
