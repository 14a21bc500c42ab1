"""A page that is served, in a browser: what a person says in it is kept, and what is made meanwhile comes into it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.choosing import Choice
from tests.browser.chrome import Chrome, Page, find_chrome
from tests.cli.run_cli import imgcli
from tests.rigs.hung import Hung, hung


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    binary = find_chrome()
    if binary is None:
        pytest.skip("no Chromium here")
    with Chrome(binary, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hung]:
    monkeypatch.chdir(tmp_path)
    make("a car", "-n", "2")
    with hung(Choice((str(tmp_path / "cars"),)), os.environ, watches=True) as served:
        yield served


def make(*words: str) -> None:
    assert imgcli("gen", *words, "-o", "cars/", "--provider", "placeholder", "--size", "256x256").code == 0


def opened(chrome: Chrome, shop: Hung, tiles: int) -> Page:
    page = chrome.open()
    page.goto(shop.url)
    seen(page, tiles)
    return page


def seen(page: Page, tiles: int) -> None:
    """So many pictures are there, and drawn."""
    page.wait(
        f"document.querySelectorAll('#rows img').length === {tiles}"
        " && [...document.querySelectorAll('#rows img')].every((one) => one.naturalWidth)"
    )


def test_pictures_are_picked_and_rated_in_the_page(chrome: Chrome, shop: Hung) -> None:
    page = opened(chrome, shop, 2)
    page.eval("document.querySelector('#rows .tile').focus()")
    for key, word in (("p", "picked"), ("4", "4 stars")):
        page.key(key)
        page.wait(f"document.querySelectorAll('.tile[aria-label*=\"{word}\"]').length === 1")
    page.key("ArrowRight")
    page.key("x")
    page.wait("document.querySelectorAll('.tile[aria-label*=\"rejected\"]').length === 1")
    listed = [json.loads(line)["attempt"] for line in imgcli("pick", "--list", "--json").lines]
    assert len(listed) == 1
    page.goto(shop.url)
    seen(page, 2)
    told = {item["attempt"]: item for item in shop.items()["items"]}
    assert told[listed[0]]["marks"] == ["picked"]
    assert told[listed[0]]["stars"] == 4
    (other,) = told.keys() - set(listed)
    assert told[other]["marks"] == ["rejected"]
    assert "1 picture," in imgcli("history", "again", "--rejected", "--dry-run").err
    assert (page.complaints, page.dialogs) == ([], [])
    assert {address for address in page.requests if not address.startswith((shop.url, "data:"))} == set()


def test_the_page_fills_while_pictures_are_made(chrome: Chrome, shop: Hung) -> None:
    page = opened(chrome, shop, 2)
    make("a boat")
    shop.clock.advance(60)
    seen(page, 3)
    assert page.complaints == []
