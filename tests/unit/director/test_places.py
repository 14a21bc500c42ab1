import os
from pathlib import Path

import pytest

from imgcli.director.places import MAX_BYTES, MAX_FILES, names, presets, read_text, style_files
from imgcli.errors import StyleError


def test_the_built_in_styles_are_found_without_reading_one() -> None:
    assert "cinematic" in presets()
    assert list(presets()) == sorted(presets())


def test_names_are_those_of_files(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff")
    (tmp_path / "cinematic.toml").write_text("")
    (tmp_path / "notes.txt").write_text("")
    assert names([tmp_path, tmp_path / "nowhere"]) == sorted({*presets(), "mine"})


def test_a_directory_of_very_many_files_is_read_in_part(tmp_path: Path) -> None:
    for number in range(MAX_FILES + 2):
        (tmp_path / f"s{number:04}.toml").touch()
    assert len(list(style_files(tmp_path))) == MAX_FILES


def test_a_style_is_a_small_plain_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("# ü", "utf-8")
    assert read_text(path) == "# ü"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(StyleError, match=r"a\.toml: is larger than 64 KiB, which no style is"):
        read_text(path)
    path.write_bytes(b"\xff")
    with pytest.raises(StyleError, match=r"a\.toml: cannot be read"):
        read_text(path)
    with pytest.raises(StyleError, match="cannot be read"):
        read_text(tmp_path / "none.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.toml")
    with pytest.raises(StyleError, match=r"a\.toml: is no plain file; move it away"):
        read_text(tmp_path / "a.toml")
