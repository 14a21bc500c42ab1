import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.cli.safe import safe_text

SEQUENCES = [
    "\x1b[2J",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]8;;http://evil\x1b\\",
    "\x9b2J",
    "\x07",
    "\x08\x08",
    "\r",
    "\x7f",
]
SEQUENCES += ["\u202e", "\u2066", "\u200b", "\u2028", "\ufeff", "\udcff", "\ue000", "\x85", "\x00", "\x1bP1;1|\x1b\\"]


@pytest.mark.parametrize("evil", [*SEQUENCES, *(chr(code) for code in (*range(32), *range(127, 160)))])
def test_nothing_that_moves_a_terminal_gets_through(evil: str) -> None:
    shown = safe_text(f"a{evil}b")
    assert shown.startswith("a")
    assert shown.endswith("b")
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for c in shown)


@given(st.text())
def test_the_rest_stays_and_can_be_written(text: str) -> None:
    shown = safe_text(text)
    shown.encode()
    assert len(shown) <= 2000
    if text.isprintable() and len(text) <= 2000:
        assert shown == text


def test_long_text_is_cut_with_a_mark() -> None:
    assert safe_text("x" * 5000, 10) == "x" * 9 + "…"


def test_words_keep_their_letters() -> None:
    assert safe_text("Ärger [bold]夜[/bold] 🎨") == "Ärger [bold]夜[/bold] 🎨"
