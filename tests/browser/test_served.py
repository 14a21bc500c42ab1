"""The gallery that is served, in a real browser: what is said in it is kept, and what is made meanwhile comes to it."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.chrome import Chrome, find_chrome
from tests.cli.run_cli import imgcli

CHROME = find_chrome()
pytestmark = pytest.mark.skipif(CHROME is None, reason="no chromium or chrome on this machine")
PAINT = ("--provider", "placeholder", "--size", "640x384", "--quiet")


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Of a gallery of three pictures, which is watched."""
    monkeypatch.chdir(tmp_path)
    assert imgcli("gen", "a car", "-n", "3", *PAINT).code == 0
    words = [sys.executable, "-m", "imgcli", "gallery", "--serve", "--watch"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as served:
        assert served.stdout is not None
        yield served.stdout.readline().strip()
        served.send_signal(signal.SIGINT)


def test_what_is_said_is_kept_and_what_is_made_comes(address: str, tmp_path: Path) -> None:
    with Chrome(str(CHROME), tmp_path / "profile") as chrome:
        page = chrome.open(1440, 600)
        page.goto(address)
        page.wait("document.getElementById('count').textContent")
        page.keys(["Tab"] * 9)
        page.keys(["p", "4", "Enter"])
        page.wait("document.querySelector('.tag-form')")
        page.eval("document.querySelector('.tag-form input').focus()")
        page.write("cover <b>")
        page.key("Enter")
        page.wait("[...document.querySelectorAll('#story .chip')].some((each) => each.textContent === 'tagcover <b>')")
        page.key("Escape")
        assert page.eval("document.getElementById('tray').hidden")
        assert imgcli("gen", "a boat", *PAINT).code == 0
        # All pictures are on the screen, so nothing moves away when one more comes.
        page.wait("document.getElementById('count').textContent.startsWith('4 pictures')")
        assert page.eval("document.querySelector('.tile').getAttribute('aria-label')") == "a boat"
        page.goto(address)
        page.wait("document.getElementById('count').textContent")
        assert page.eval("document.querySelectorAll('.badge.picked').length") == 1
        assert page.complaints == []
        assert [each for each in page.requests if not each.startswith((address, "data:"))] == []
    assert (
        imgcli("history", "search", 'tag:"cover <b>" is:picked is:opened stars>=4', "--json").out.count("attempt") == 1
    )
