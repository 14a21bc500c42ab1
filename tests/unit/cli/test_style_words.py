import io
from contextlib import redirect_stdout

from imgcli.cli.style_words import AROUND, draw_diff
from imgcli.director.style_diff import diff_styles
from imgcli.model.prompt import Style


def test_a_long_run_that_did_not_change_is_shortened_and_no_change_is() -> None:
    long = "word " * 60
    before = Style("a", "d", f"{long}old {long}{{prompt}}", source="a.toml")
    after = Style("b", "d", f"{long}new {long}{{prompt}}", source="b.toml")
    with redirect_stdout(io.StringIO()) as out:
        draw_diff(before, after, diff_styles(before, after))
    lines = out.getvalue().splitlines()
    assert lines[:3] == ["--- a (a.toml)", "+++ b (b.toml)", "@@ prose"]
    assert lines[4:6] == ["- old", "+ new"]
    assert len(lines[3]) < 2 * AROUND + 10
    assert " ... " in lines[3]
