from pathlib import Path

from imgcli.storage.sealed import sealed


def test_a_whole_picture_has_its_meta_beside_it(tmp_path: Path) -> None:
    below = tmp_path / "heroes"
    below.mkdir()
    for name in (".imgcli-one.part", ".imgcli-one.meta", ".imgcli-torn.part", ".imgcli-told.meta", "two.part"):
        (below / name).write_bytes(b"x")
    assert list(sealed(tmp_path)) == [("one", below / ".imgcli-one.part")]
    assert list(sealed(tmp_path / "nowhere")) == []
