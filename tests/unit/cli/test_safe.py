import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from imgcli.cli.safe import safe_text
from tests.rows import each_row

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


@each_row("evil", [*SEQUENCES, *(chr(code) for code in (*range(32), *range(127, 160)))])
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


def one_by_one(text: str) -> str:
    """Each character by its own rule, with no shortcut for those that most text is made of."""
    hidden = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    return "".join(
        " " if c in "\n\t\r" else c if c == "\u200d" or unicodedata.category(c) not in hidden else f"\\u{ord(c):04x}"
        for c in text
    )


def test_each_character_is_shown_by_its_own_rule() -> None:
    for code in range(0x110000):
        assert safe_text(chr(code)) == one_by_one(chr(code))


@given(st.text(st.characters() | st.sampled_from("\u200d\n\x1b\u00a0"), max_size=60), st.integers(2, 30))
def test_text_is_shown_as_its_characters_are(text: str, limit: int) -> None:
    shown = one_by_one(text[: limit + 1])
    assert safe_text(text, limit) == (shown[: limit - 1] + "…" if len(shown) > limit else shown)


def test_long_text_is_cut_with_a_mark() -> None:
    assert safe_text("x" * 5000, 10) == "x" * 9 + "…"


def test_words_keep_their_letters() -> None:
    assert safe_text("Ärger [bold]夜[/bold] 🎨") == "Ärger [bold]夜[/bold] 🎨"
