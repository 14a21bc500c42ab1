import io
import sys
from contextlib import redirect_stderr, redirect_stdout

import pytest
from rich.text import Text

from imgcli.cli import show
from imgcli.errors import UsageError
from tests.rows import each_row


def test_fill_takes_fields_tabs_and_braces() -> None:
    assert show.fill(r"{a}\t{b}\n{{x}}", {"a": "1", "b": "2"}) == "1\t2\n{x}"


@pytest.mark.parametrize("template", ["{c}", "{a!r}", "{a:5}", "{", "{a.b}", "{0}"])
def test_fill_refuses_what_it_does_not_have(template: str) -> None:
    with pytest.raises(UsageError, match="--print"):
        show.fill(template, {"a": "1"})


def test_errors_go_to_stderr_in_one_safe_line() -> None:
    err = io.StringIO()
    with redirect_stderr(err):
        show.error("bad\nthing \x1b[2J")
    assert err.getvalue() == "error: bad thing \\u001b[2J\n"


def test_markup_in_a_cell_is_text() -> None:
    out = io.StringIO()
    with redirect_stdout(out):
        show.draw_data(show.table("", ("a",), [("[bold]x[/nope]",)]))
    assert "[bold]x[/nope]" in out.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_sentence_is_broken_at_blanks_on_a_terminal_and_whole_in_a_pipe() -> None:
    words = "each day to come costs what one of the last 28 days cost on average, and-so-on " * 3
    for stream, several in ((Terminal(), True), (io.StringIO(), False)):
        with redirect_stderr(stream):
            show.prose(words.strip())
        lines = stream.getvalue().splitlines()
        assert " ".join(lines) == words.strip()
        assert (max(map(len, lines)) <= 80) is several is (len(lines) > 1)


@each_row(
    ("env", "terminal", "pipe"),
    [
        ({}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_no_color_and_force_color_say_what_gets_colours(env: dict[str, str], terminal: bool, pipe: bool) -> None:
    for stream, expected in ((Terminal(), terminal), (io.StringIO(), pipe)):
        with pytest.MonkeyPatch.context() as patch:
            for name in ("NO_COLOR", "FORCE_COLOR"):
                patch.delenv(name, raising=False)
            patch.setenv("TERM", "xterm")
            for name, value in env.items():
                patch.setenv(name, value)
            assert show.colours(stream) is expected
            with redirect_stderr(stream):
                show.error("bad")
                assert ("\x1b[" in stream.getvalue()) is expected
            patch.setattr(sys, "stdout", stream)
            show.draw_data(Text("x", style="red"))
            assert ("\x1b[31mx" in stream.getvalue()) is expected
