import io
from contextlib import redirect_stderr, redirect_stdout

import pytest

from imgcli.cli import show
from imgcli.errors import UsageError


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
