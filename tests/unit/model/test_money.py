import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.money import MAX_USD, NANO, exact_usd, format_usd, parse_usd


@pytest.mark.parametrize(
    ("text", "nano"),
    [
        ("5", 5 * NANO),
        ("2.50", 2_500_000_000),
        ("$0.052695", 52_695_000),
        (" 0 ", 0),
        ("0.000000001", 1),
        ("1e-3", 1_000_000),
    ],
)
def test_what_people_type(text: str, nano: int) -> None:
    assert parse_usd(text) == nano


@pytest.mark.parametrize(
    "text",
    ["", "five", "-1", "1,5", "nan", "inf", "1e400", "0.0000000001", "1000001", "1 2", "$", "€5", "1_0", "$1_000"],
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="dollar"):
        parse_usd(text)


@given(st.integers(0, MAX_USD * NANO))
def test_exact_comes_back(nano: int) -> None:
    text = exact_usd(nano)
    assert parse_usd(text) == nano
    assert "e" not in text.lower()
    assert len(text.partition(".")[2]) >= 2


@pytest.mark.parametrize(
    ("nano", "text"),
    [
        (0, "$0.00"),
        (1, "<$0.0001"),
        (13_170_000, "$0.0132"),
        (52_680_000, "$0.0527"),
        (10 * NANO, "$10.00"),
        (1_234_567_890_000, "$1,234.5679"),
        (999_999_999, "$1.00"),
        (-52_680_000, "-$0.0527"),
    ],
)
def test_for_people(nano: int, text: str) -> None:
    assert format_usd(nano) == text
