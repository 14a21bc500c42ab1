from pathlib import Path

import pytest

from imgcli.cli.previews import write_preview
from imgcli.errors import StorageError, UsageError


def test_a_preview_takes_the_first_free_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photo-preview-2.png").symlink_to("nowhere")
    names = [write_preview(b"x", "", "some/where/photo.jpg").name for _ in range(3)]
    assert names == ["photo-preview.png", "photo-preview-3.png", "photo-preview-4.png"]
    assert not (tmp_path / "nowhere").exists()
    assert write_preview(b"y", str(tmp_path / "a.PNG"), "photo.jpg").read_bytes() == b"y"


def test_a_preview_is_a_png_somewhere(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="write a name that ends in"):
        write_preview(b"x", str(tmp_path / "a.jpg"), "photo.jpg")
    with pytest.raises(StorageError, match="cannot be written: No such file"):
        write_preview(b"x", str(tmp_path / "gone" / "a.png"), "photo.jpg")
