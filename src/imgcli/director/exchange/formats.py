"""Which tool's file is it, and which module reads or writes it."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from imgcli.director.exchange.foreign import ForeignStyle, Reading, Tool
from imgcli.director.exchange.lists import read_list, write_list
from imgcli.director.exchange.tables import read_table, write_table

WRITERS: Mapping[str, Callable[[Sequence[ForeignStyle]], str]] = {
    "a1111": partial(write_table, tool=Tool.A1111),
    "fooocus": partial(write_list, tool=Tool.FOOOCUS),
    "invokeai-csv": partial(write_table, tool=Tool.INVOKEAI),
    "invokeai-json": partial(write_list, tool=Tool.INVOKEAI),
}
"""Format of an export -> styles to the text of the file."""


def read_foreign(text: str, file: str, tool: Tool | None = None) -> Reading:
    """The styles in a file of another tool: JSON if it begins like it, else CSV.

    A file that A1111 and InvokeAI, or Fooocus and InvokeAI, would write alike counts as that of the first.

    Raises:
        StyleError: the file as a whole is of no use, with file and line.
    """
    is_json = text.removeprefix("\ufeff").lstrip()[:1] in {"[", "{"}
    return (read_list if is_json else read_table)(text, file, tool)
