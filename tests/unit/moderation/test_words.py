"""The list of rude words that others keep."""

import subprocess
import sys

import pytest

from imgcli.moderation import words


def test_it_finds_rude_words_and_their_disguises() -> None:
    assert words.is_installed()
    assert words.rude_words("a sh1t car, f u c k") == ["fuck", "sh1t", "shit"]
    assert words.rude_words("a Great Tit on a branch, shooting stars above") == []


def test_it_is_not_loaded_before_it_is_asked() -> None:
    script = (
        "import sys; from imgcli.moderation import words; words.is_installed(); print('glin_profanity' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_without_the_extra_it_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "MODULE", "no_such_module_anywhere")
    assert not words.is_installed()
    assert "imgcli[words]" in words.MISSING
