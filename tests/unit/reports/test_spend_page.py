"""The page of what pictures cost: figures, and words of strangers that stay words."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.attempt import State
from imgcli.reports.period import Period
from imgcli.reports.spend import By
from imgcli.reports.spend_page import MOST_ROWS, Gauge, _count_step, spend_page
from tests.unit.reports.test_spend import A_CHARGE

TODAY = date(2026, 11, 22)
NOVEMBER = Period(date(2026, 11, 1), None)
HOSTILE = "<img src=x onerror=alert(1)>\"'</style></title><script>alert(1)</script>{{7*7}}\u202e"
KNOWN = frozenset(
    [
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
        "dl",
        "div",
        "dt",
        "dd",
        "span",
        "section",
        "h2",
        "h3",
        "figure",
        "ol",
        "li",
        "svg",
        "line",
        "g",
        "rect",
        "figcaption",
        "ul",
        "table",
        "thead",
        "tr",
        "th",
        "td",
        "tbody",
    ]
)


class Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def a_page(*charges: object, by: tuple[By, ...] = (By.TAG,), **others: object) -> str:
    return spend_page(charges or (A_CHARGE,), NOVEMBER, TODAY, [by], **others)  # type: ignore[arg-type]


def test_the_policy_lets_in_its_own_style_and_nothing_else() -> None:
    page = a_page()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    (policy,) = [tag["content"] for name, tag in Reader(page).tags if tag.get("http-equiv")]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert "url(" not in page
    assert "@import" not in page


@given(st.sampled_from([HOSTILE]) | st.text(max_size=40))
def test_words_of_strangers_stay_words(word: str) -> None:
    charge = replace(A_CHARGE, tags=(word,), directory=word, user=word)
    gauge = Gauge(word, [("used", word)], 1, 2, 1, 3, 4)
    page = a_page(charge, by=(By.TAG, By.PROJECT, By.USER), gauges=[gauge], notes=[word], only=[word])
    read = Reader(page)
    assert {name for name, _ in read.tags} <= KNOWN
    assert not [tag for _, tag in read.tags if "style" in tag or any(name.startswith("on") for name in tag)]
    assert "\u202e" not in page


def test_figures_stand_in_tables_that_can_be_read_aloud() -> None:
    lost = replace(A_CHARGE, tags=("hero", "web"), state=State.UNCERTAIN, posted=2_000_000_000)
    made = replace(A_CHARGE, tags=("hero",), posted=1_000_000_000, attempts=4)
    page = a_page(lost, made)
    words = " ".join(" ".join(Reader(page).words).split())
    assert "Spent $1.00" in words
    assert "Uncertain $2.00" in words
    assert "hero 4 $1.00 $0.25 $2.00" in words
    assert "0 pictures ($2.00) stand in more than one row" in words
    rows = [tag for name, tag in Reader(page).tags if name == "th"]
    assert {tag["scope"] for tag in rows} == {"row", "col"}
    assert "2026-11-21: $1.00, 4 pictures, $2.00 uncertain" in page


def test_every_day_has_its_place_and_a_long_time_is_told_by_months() -> None:
    days = spend_page([A_CHARGE], NOVEMBER, TODAY, [])
    assert days.count("<g>") == 22
    long = spend_page([A_CHARGE, replace(A_CHARGE, day="2026-01-31")], Period(None, None), TODAY, [])
    assert long.count("<g>") == 11


def test_a_long_table_ends_with_the_sum_of_its_rest() -> None:
    charges = [replace(A_CHARGE, user=f"u{number}", posted=1_000_000_000) for number in range(MOST_ROWS + 50)]
    page = a_page(*charges, by=(By.USER,))
    assert page.count('scope="row"') == MOST_ROWS + 1
    assert "50 more" in page
    assert "<td>$50.00</td>" in page


def test_nothing_is_a_page_too() -> None:
    page = spend_page([], NOVEMBER, TODAY, [[By.TAG]])
    assert "Nothing was asked for in this time." in page
    assert "<svg" not in page.partition("<table>")[0]


def test_free_pictures_are_counted_and_no_scale_of_nothing_is_drawn() -> None:
    free = [replace(A_CHARGE, day=f"2026-11-{day:02}", attempts=7, posted=0) for day in (3, 5)]
    page = spend_page(
        free, NOVEMBER, TODAY, [[By.DAY]], gauges=[Gauge("month", [("used", "$0.00")], 0, None, None, None, None)]
    )
    assert "14 free pictures, nothing to pay." in page
    assert "Pictures by day, 2026-11-01 to 2026-11-22" in page
    assert re.findall(r"<ol class=\"ticks\"[^>]*>(.*?)</ol>", page) == [
        "".join(f"<li>{n}</li>" for n in (8, 6, 4, 2, 0))
    ]
    assert page.count('<rect class="pictures"') == 2
    assert 'class="gauge"' not in page
    paid = spend_page([replace(A_CHARGE, posted=5)], NOVEMBER, TODAY, [[By.DAY]])
    assert "nothing to pay" not in paid
    assert "Money by day" in paid


@given(st.integers(1, 10**7))
def test_a_scale_of_pictures_is_of_whole_ones_and_holds_them(most: int) -> None:
    step = _count_step(most)
    assert most <= step * 4 <= max(4, 4 * most)
