"""The manual page: all commands, and roff that nothing complains about."""

import shutil
import subprocess
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from imgcli.cli.app import app

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "imgcli.1"
man_page: Any = SimpleNamespace(**run_path(str(ROOT / "docs" / "man_page.py")))


def test_every_command_and_option_is_on_it() -> None:
    page = man_page.man_page([("0", "all made", "")]).replace("\\-", "-")
    for path, command in man_page._commands(typer.main.get_command(app), "imgcli"):
        assert f'.SS "{path} ' in page
        for parameter in command.params:
            names = parameter.opts if parameter.param_type_name == "option" else [parameter.metavar or parameter.name]
            assert getattr(parameter, "hidden", False) or any(name in page for name in names), parameter.name


def test_no_line_is_a_request_of_roff_by_accident() -> None:
    for text in (".TH x", "'x", "a\\nb", "-x", "`ls`", '"x"', "^~"):
        escaped = man_page._text(text)
        assert not escaped.startswith((".", "'"))
        assert "\\n" not in escaped
    requests = {line.split(" ")[0] for line in PAGE.read_text("utf-8").splitlines() if line.startswith((".", "'"))}
    assert requests == {".TH", ".SH", ".SS", ".PP", ".TP", ".B", ".I", ".RS", ".RE", ".EX", ".EE", ".nh", ".ad"}


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not here")
def test_groff_has_nothing_to_say_against_it() -> None:
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", str(PAGE)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "IMGCLI(1)" in done.stdout
