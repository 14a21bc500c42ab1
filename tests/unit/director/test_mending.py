import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.mending import LONGEST, is_chatter, shortened


@given(st.text(max_size=60), st.integers(1, 400))
def test_a_long_text_is_cut_at_a_sentence_or_a_word(text: str, times: int) -> None:
    cut = shortened(text * times)
    assert len(cut) <= LONGEST
    assert cut.isprintable()


def test_it_is_cut_behind_a_full_stop() -> None:
    assert shortened("A dog waits here. " * 400).endswith("here.")
    assert shortened("dog " * 2000).endswith("dog")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Sure! Here is", True),
        ("I'm sorry", True),
        ("Here is your prompt", True),
        ("Surefooted goats", False),
        ("A car", False),
    ],
)
def test_chatter_is_no_description(text: str, answer: bool) -> None:
    assert is_chatter(text) is answer
