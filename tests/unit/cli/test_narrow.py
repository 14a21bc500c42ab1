import io

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from imgcli.cli import show
from tests.rows import each_row

ROWS: list[tuple[str, ...]] = [
    ("made", "pictures/a-lighthouse-cinematic-1.png", "cinematic", "$0.04"),
    ("failed", "pictures/a-boat-1.png", "", "$0.00"),
]
COLUMNS = ("", "picture", "style", "cost")


def drawn(width: int, rows: list[tuple[str, ...]] = ROWS, columns: tuple[str, ...] = COLUMNS) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, emoji=False, highlight=False).print(show.table("", columns, rows))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_a_wide_terminal_gets_a_table() -> None:
    assert any("picture" in line and "style" in line and "cost" in line for line in drawn(80))


def test_on_a_narrow_one_each_row_stands_by_itself() -> None:
    assert drawn(40) == [
        "made",
        "picture  pictures/a-lighthouse-cinematic",
        "         -1.png",
        "style    cinematic",
        "cost     $0.04",
        "",
        "failed",
        "picture  pictures/a-boat-1.png",
        "cost     $0.00",
        "",
    ]


@each_row("width", [20, 40, 60, 80, 120])
def test_a_long_text_is_no_tower(width: int) -> None:
    words = " ".join(["word"] * 200)
    lines = drawn(width, [("prompt-001", "a lighthouse at dusk", words, "placeholder", "$0.00")], ("id", *"abcd"))
    assert len(lines) < 1000 / (width - 12) * 3.2 + 12
    assert sum(line.count("word") for line in lines) == 200


@given(st.lists(st.tuples(*[st.text("ab cé灯", max_size=60)] * 3), min_size=1, max_size=4), st.integers(16, 120))
def test_nothing_is_lost_and_nothing_is_wider_than_the_terminal(rows: list[tuple[str, ...]], width: int) -> None:
    lines = drawn(width, rows, ("one", "two", "three"))
    assert all(Text(line).cell_len <= width for line in lines)
    letters = "".join(lines)
    for letter in "é灯":
        assert letters.count(letter) == sum(cell.count(letter) for row in rows for cell in row)
