"""Who follows the documentation gets what it shows: every command as written, in a fresh directory and home."""

import os
import re
from pathlib import Path

import pytest

from tests.cli.followed import DOCS, PAGES, follow, is_as_shown, prepare, steps

COMMAND = re.compile(r"^(?:\$ )?imgcli .*", re.MULTILINE)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_followed(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for variable in ("COLUMNS", "TERM", "NO_COLOR", "PATH"):
        monkeypatch.setenv(variable, os.environ[variable])
    prepare(tmp_path, os.environ)
    (work := tmp_path / "work").mkdir()
    monkeypatch.chdir(work)
    for step, codes, came in follow((DOCS / name).read_text("utf-8")):
        seen = "\n".join(came)
        assert codes == list(step.codes), (step.commands, seen)
        assert step.shown is None or is_as_shown(step.shown, came), (
            f"{'; '.join(step.commands)} shows this now; python3 dev.py docs writes it into {name}:\n{seen}"
        )


def test_the_tutorial_leaves_nothing_out_but_the_installation() -> None:
    page = (DOCS / "tutorial.md").read_text("utf-8")
    followed = [line for step in steps(page) for line in getattr(step, "commands", ())]
    assert followed == COMMAND.findall(page)
    assert len(followed) >= 12
    assert page.count("<!-- not run") == 1


def test_what_is_shown_is_compared_line_by_line() -> None:
    came = ["made   a.png  $0.00", "", "attempt 01a200d8-a89e-7a52-a817-1e59f0709395", "1 made; 12 kB"]
    assert is_as_shown("made a.png $0.00\nattempt 01a2aaaa-bbbb-cccc-dddd-1e59f0709395\n1 made; 9,120 kB\n", came)
    assert is_as_shown("...\n1 made; 1 kB\n", came)
    assert not is_as_shown("made a.png $0.00\n", came)
    assert not is_as_shown("made a.png $0.01\n...\n", came)
    assert not is_as_shown("", came)
    assert is_as_shown("", ["", ""])
