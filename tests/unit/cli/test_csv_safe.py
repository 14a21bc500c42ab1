import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from imgcli.cli.csv_safe import FORMULA, MOST_LETTERS, csv_text, safe_cell
from tests.rows import each_row

CELLS: dict[str, tuple[object, object]] = {
    "words": ("a car", "a car"),
    "numbers stay numbers": (-3, -3),
    "nothing": (None, None),
    "a formula": ("=1+1", "'=1+1"),
    "a command": ("@SUM(A1)", "'@SUM(A1)"),
    "a minus": ("-2+3", "'-2+3"),
    "behind blanks and tabs": (" \t=1+1", "'  =1+1"),
    "full width": ("\uff1dcmd", "'\uff1dcmd"),
    "lines": ("a\nb", "a b"),
    "what cannot be seen": ("a\x1b[31m", "a\\u001b[31m"),
}


@each_row("row", CELLS)
def test_cells(row: str) -> None:
    value, expected = CELLS[row]
    assert safe_cell(value) == expected


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3), max_size=4))
def test_whatever_is_written_reads_back_as_rows_of_which_none_is_a_formula(rows: list[list[str]]) -> None:
    read = list(csv.reader(io.StringIO(csv_text(rows))))
    assert [len(row) for row in read] == [len(row) for row in rows]
    assert not [cell for row in read for cell in row if cell.lstrip().startswith(FORMULA)]


def test_no_cell_is_longer_than_spreadsheets_take() -> None:
    assert len(str(safe_cell("=" * 99_999))) <= MOST_LETTERS + 1
