import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgcli.director.exchange.foreign import ForeignStyle, Tool
from imgcli.director.exchange.tables import read_table, write_table
from imgcli.errors import StyleError

HERE = Path(__file__).parent
HEADER = "name,prompt,negative_prompt\n"


def styles(text: str, tool: Tool | None = None) -> list[ForeignStyle]:
    reading = read_table(text, "styles.csv", tool)
    assert not reading.problems
    return [found.style for found in reading.found]


def problems(text: str) -> list[str]:
    return [problem.line for problem in read_table(text, "styles.csv").problems]


def as_a1111_reads(data: bytes) -> list[ForeignStyle]:
    """The way stable-diffusion-webui loads a file: `csv.DictReader` over `utf-8-sig`, blanks behind commas skipped."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), skipinitialspace=True)
    return [
        ForeignStyle(row["name"], row["prompt"] or "", row["negative_prompt"] or "")
        for row in rows
        if row and not row["name"].startswith("#")
    ]


def as_invokeai_reads(data: bytes) -> list[ForeignStyle]:
    """`csv.DictReader` over the bare UTF-8: a byte order mark would be a part of the first column's name."""
    rows = csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))
    return [ForeignStyle(row["name"], row["prompt"], row["negative_prompt"]) for row in rows]


def as_a1111_saves(rows: list[ForeignStyle]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fieldnames=("name", "prompt", "negative_prompt"))
    writer.writeheader()
    writer.writerows({"name": row.name, "prompt": row.prompt, "negative_prompt": row.negative} for row in rows)
    return out.getvalue().encode("utf-8-sig")


def test_a_real_table_of_a1111_is_read_as_a1111_reads_it() -> None:
    data = (HERE / "a1111.csv").read_bytes()
    reading = read_table(data.decode(), "a1111.csv")
    assert reading.tool is Tool.A1111
    assert not reading.problems
    theirs = [style for style in as_a1111_reads(data) if not style.is_silent]
    assert [found.style for found in reading.found] == theirs
    assert len(theirs) == 34
    assert reading.notes == ("a1111.csv:21: '-------- BY HAND --------' has no words, only a name; left out",)


def test_a_table_of_invokeai_comes_back_byte_for_byte() -> None:
    data = (HERE / "invokeai.csv").read_bytes()
    found = styles(data.decode(), Tool.INVOKEAI)
    assert len(found) == 30
    assert write_table(found, Tool.INVOKEAI).encode() == data


CELL = st.text(
    st.sampled_from('ab,"\r\n ;\t=-#{}') | st.characters(codec="utf-8", exclude_categories=["C"]), max_size=20
)
ROWS = st.lists(st.builds(ForeignStyle, CELL.map("n{}".format), CELL.map("p{}".format), CELL), max_size=6)


@given(ROWS)
def test_what_a1111_saved_comes_back_byte_for_byte(rows: list[ForeignStyle]) -> None:
    # A blank at the start of a cell is all that A1111 loses, as it does not quote it and then reads over it.
    rows = [ForeignStyle(row.name, row.prompt, row.negative.lstrip(" ")) for row in rows]
    data = as_a1111_saves(rows)
    assert styles(data.decode()) == rows
    assert write_table(rows, Tool.A1111).encode() == data


@given(st.lists(st.builds(ForeignStyle, CELL.map("n{}".format), CELL, CELL.map(" {}x".format)), max_size=6))
@example([ForeignStyle("=1+1", " @x", "-y")])
def test_both_tools_read_what_is_written_for_them(rows: list[ForeignStyle]) -> None:
    assert as_a1111_reads(write_table(rows, Tool.A1111).encode()) == rows
    assert as_invokeai_reads(write_table(rows, Tool.INVOKEAI).encode()) == rows
    for tool in (Tool.A1111, Tool.INVOKEAI):
        assert styles(write_table(rows, tool), tool) == rows


def test_the_old_column_text_and_the_other_positive_prompt() -> None:
    assert styles("name,text\na,x\n") == [ForeignStyle("a", "x")]
    reading = read_table("name,positive_prompt,negative_prompt\n#a,x,y\n", "f.csv")
    assert reading.tool is Tool.INVOKEAI
    assert [found.style for found in reading.found] == [ForeignStyle("#a", "x", "y")]


def test_columns_stand_in_any_order_and_others_are_told() -> None:
    text = "prompt,name,category,negative_prompt\nx,a,photo,y\n"
    reading = read_table(text, "f.csv")
    assert [found.style for found in reading.found] == [ForeignStyle("a", "x", "y")]
    assert reading.notes == ("f.csv: columns 'category' are not read; name, prompt, negative_prompt are",)


def test_comments_empty_lines_and_commas_at_the_end_are_no_matter() -> None:
    assert styles(HEADER + '# mine,,\n\n,,\na,"x",\nb,x,y,,\nc,x\n') == [
        ForeignStyle("a", "x"), ForeignStyle("b", "x", "y"), ForeignStyle("c", "x"),
    ]  # fmt: skip


def test_the_line_of_an_entry_is_where_it_begins() -> None:
    reading = read_table(HEADER + 'a,"x\ny\r\nz",\nb,"{prompt}\n{prompt}",\nc,x,\n', "f.csv")
    assert [found.number for found in reading.found] == [2, 7]
    assert [problem.line for problem in reading.problems] == [
        "f.csv:5: two {prompt} in it; the subject goes in once, so remove one"
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("a,b,c,d,e\n", "styles.csv:2: 5 cells for 3 columns; put a text with commas in quotes"),
        ('a,"b\nc\n', 'styles.csv:2: a " is never closed; the text of the cell ends nowhere'),
        ('a,"b" c,\n', 'styles.csv:2: text stands behind a closing "; a quote that is meant is written twice, ""'),
        (f'a,"{"x" * 140_000}",\n', 'styles.csv:2: a cell is far too long; perhaps a " is never closed'),
        (",x,y\n", "styles.csv:2: it has no name"),
    ],
)
def test_a_bad_row_is_one_line_and_the_next_is_read(row: str, problem: str) -> None:
    assert problems(HEADER + row) == [problem]
    if "never" not in problem or "far" in problem:
        assert len(read_table(f"{HEADER}{row}z,x,\n", "styles.csv").found) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "f.csv:1: the first line of a style table names its columns: name,prompt,negative_prompt"),
        ("a,b,c\n", "f.csv:1: the first line of a style table names its columns: name,prompt,negative_prompt"),
        (
            "\n\nname;prompt;negative_prompt\n",
            "f.csv:3: its cells are parted by semicolons or tabs; save it with commas",
        ),
        ('"name,prompt\n', 'f.csv:1: a " is never closed'),
        (HEADER + "a,x,\n" * 5001, "f.csv: has more than 5,000 entries; split it"),
    ],
)
def test_a_file_of_no_use_is_one_line(text: str, message: str) -> None:
    with pytest.raises(StyleError) as caught:
        read_table(text, "f.csv")
    assert str(caught.value).startswith(message)
