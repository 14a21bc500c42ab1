"""Styles as CSV: `styles.csv` of A1111, and the export of InvokeAI.

Both have the header `name,prompt,negative_prompt`. A1111 writes a byte order mark, reads over blanks behind a comma,
takes a row whose name begins with `#` for a comment, and once called the prompt `text`. InvokeAI writes no mark (it
would take one for a part of the first column's name) and also knows the prompt as `positive_prompt`.

Cells are written word for word, also those that a spreadsheet would take for a formula (`=`, `+`, `-` and `@` begin
many an honest prompt): wording goes first, and the tools that read these files calculate nothing.
"""

import csv
import io
from collections.abc import Iterable, Iterator

from imgcli.director.exchange.foreign import (
    COLUMNS,
    MAX_ENTRIES,
    ForeignStyle,
    Found,
    Problem,
    Reading,
    Tool,
    shown_file,
    sift,
)
from imgcli.errors import StyleError

BYTE_ORDER_MARK = "\ufeff"
PROMPTS = ("prompt", "positive_prompt", "text")
"""What the column of the prompt has been called."""

KNOWN = {"name", *PROMPTS, "negative_prompt"}
_FAULTS = (
    ("unexpected end", 'a " is never closed; the text of the cell ends nowhere'),
    ("expected after", 'text stands behind a closing "; a quote that is meant is written twice, ""'),
    ("field larger", 'a cell is far too long; perhaps a " is never closed'),
)


def read_table(text: str, file: str, tool: Tool | None = None) -> Reading:
    """The styles in a CSV file; without a `tool` the header tells whose it is.

    Raises:
        StyleError: the file as a whole is of no use.
    """
    file = shown_file(file)
    rows = _rows(text.removeprefix(BYTE_ORDER_MARK))
    line, header = next(((line, row) for line, row in rows if isinstance(row, str) or any(row)), (1, []))
    columns = _columns(header, f"{file}:{line}")
    tool = tool or (Tool.INVOKEAI if "positive_prompt" in columns else Tool.A1111)
    entries: list[Found] = []
    problems: list[Problem] = []
    unread = ", ".join(repr(name[:60]) for name in columns if name not in KNOWN and name)
    notes = [f"{file}: columns {unread} are not read; {', '.join(COLUMNS)} are"] if unread else []
    for number, row in rows:
        place = f"{file}:{number}"
        if isinstance(row, str):
            problems.append(Problem(number, f"{place}: {row}"))
        elif not any(cell.strip() for cell in row) or (tool is Tool.A1111 and _cell(row, columns, "name")[:1] == "#"):
            continue
        elif any(cell.strip() for cell in row[len(columns) :]):
            problem = f"{len(row)} cells for {len(columns)} columns; put a text with commas in quotes"
            problems.append(Problem(number, f"{place}: {problem}"))
        else:
            entries.append(Found(place, number, _style(row, columns)))
        if len(entries) + len(problems) > MAX_ENTRIES:
            raise StyleError(f"{file}: has more than {MAX_ENTRIES:,} entries; split it")
    return sift(tool, entries, problems, notes)


def write_table(styles: Iterable[ForeignStyle], tool: Tool) -> str:
    """A CSV file as the tool writes it itself: lines end in CR LF, and quotes stand only where they are needed."""
    lines = [",".join(COLUMNS)]
    lines += [",".join(map(_quoted, (style.name, style.prompt, style.negative))) for style in styles]
    return (BYTE_ORDER_MARK if tool is Tool.A1111 else "") + "".join(f"{line}\r\n" for line in lines)


def _rows(text: str) -> Iterator[tuple[int, list[str] | str]]:
    """(first line, cells), or (first line, what is wrong with it)."""
    # Strict, as else a quote that is never closed would quietly swallow the rest of the file.
    reader = csv.reader(io.StringIO(text, newline=""), skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            yield line, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, next((said for fault, said in _FAULTS if fault in str(error)), str(error))


def _columns(header: list[str] | str, place: str) -> list[str]:
    wanted = ",".join(COLUMNS)
    if isinstance(header, str):
        raise StyleError(f"{place}: {header}")
    columns = [cell.strip() for cell in header]
    if "name" in columns and any(name in columns for name in PROMPTS):
        return columns
    if len(columns) == 1 and any(mark in columns[0] for mark in ";\t"):
        raise StyleError(f"{place}: its cells are parted by semicolons or tabs; save it with commas, as {wanted}")
    raise StyleError(f"{place}: the first line of a style table names its columns: {wanted}")


def _style(row: list[str], columns: list[str]) -> ForeignStyle:
    prompt = next(name for name in PROMPTS if name in columns)
    return ForeignStyle(
        _cell(row, columns, "name"), _cell(row, columns, prompt), _cell(row, columns, "negative_prompt")
    )


def _cell(row: list[str], columns: list[str], name: str) -> str:
    index = columns.index(name) if name in columns else len(row)
    return row[index] if index < len(row) else ""


def _quoted(text: str) -> str:
    # A blank at the start is read over unless it is quoted.
    if text.startswith(" ") or any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
