import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from imgcli.errors import StorageError, UsageError
from imgcli.exports import place
from imgcli.exports.place import HIDDEN, publish, staged, write_new


def put(staging: Path, files: Mapping[str, bytes]) -> list[str]:
    for name, data in files.items():
        write_new(staging / name, data)
    return list(files)


def tree(directory: Path) -> dict[str, bytes]:
    return {
        str(each.relative_to(directory)): each.read_bytes() for each in sorted(directory.rglob("*")) if each.is_file()
    }


def export(directory: Path, files: Mapping[str, bytes]) -> frozenset[str]:
    with staged(directory) as staging:
        return publish(staging, directory, put(staging, files))


TWO = {"web/a.webp": b"a", "manifest.json": b"{}"}


def test_files_get_their_names_once_and_are_there_the_second_time(tmp_path: Path) -> None:
    assert export(tmp_path / "x" / "out", TWO) == set(TWO)
    assert tree(tmp_path) == {"x/out/manifest.json": b"{}", "x/out/web/a.webp": b"a"}
    assert export(tmp_path / "x" / "out", TWO) == frozenset()
    assert stat.S_IMODE((tmp_path / "x" / "out").stat().st_mode) & 0o500 == 0o500


def test_what_a_crash_left_undone_is_done_by_the_next_export(tmp_path: Path) -> None:
    write_new(tmp_path / "web" / "a.webp", b"a")
    for left in (f"{HIDDEN}{'0d' * 8}", f"{HIDDEN}{'0d' * 8}-gone"):
        write_new(tmp_path / left / "half", b"x")
    assert export(tmp_path, TWO) == {"manifest.json"}
    assert tree(tmp_path) == {name: TWO[name] for name in sorted(TWO)}
    assert not list(tmp_path.glob(f"{HIDDEN}*"))


def test_what_a_person_called_much_like_it_stays(tmp_path: Path) -> None:
    mine = [f"{HIDDEN}{name}/mine" for name in ("backup", "0d" * 9, f"{'0d' * 8}-old")]
    for name in mine:
        write_new(tmp_path / name, b"mine")
    export(tmp_path, TWO)
    assert set(tree(tmp_path)) == {*TWO, *mine}


def test_another_file_is_never_replaced_and_nothing_is_written_beside_it(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"manifest\.json is there already and is another file; nothing was written"):
        export(tmp_path, TWO)
    assert tree(tmp_path) == {"manifest.json": b"mine"}
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "manifest.json").mkdir()
    with pytest.raises(UsageError, match="is another file"):
        export(tmp_path, TWO)


def test_a_link_is_neither_followed_nor_replaced(tmp_path: Path) -> None:
    out, mine = tmp_path / "out", tmp_path / "mine"
    out.mkdir()
    mine.mkdir()
    (out / "web").symlink_to(mine)
    with pytest.raises(UsageError, match="web is a link, and nothing is written behind it"):
        export(out, TWO)
    (out / "web").unlink()
    (mine / "m").write_bytes(b"{}")
    (out / "manifest.json").symlink_to(mine / "m")
    with pytest.raises(UsageError, match="is another file"):
        export(out, TWO)
    assert tree(mine) == {"m": b"{}"}


def test_nothing_is_left_of_an_export_that_fails(tmp_path: Path) -> None:
    def fails() -> None:
        with staged(tmp_path / "new" / "out") as staging:
            write_new(staging / "a", b"a")
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        fails()
    assert not list(tmp_path.iterdir())


def test_a_living_export_keeps_its_hidden_directory(tmp_path: Path) -> None:
    with staged(tmp_path) as one:
        write_new(one / "a", b"a")
        with staged(tmp_path) as other:
            assert one != other
            assert (one / "a").read_bytes() == b"a"
        assert publish(one, tmp_path, ["a"]) == {"a"}
    assert tree(tmp_path) == {"a": b"a"}


def test_two_exports_at_once_never_mix(tmp_path: Path) -> None:
    with staged(tmp_path) as one, staged(tmp_path) as other:
        put(one, TWO)
        put(other, {"web/a.webp": b"other", "manifest.json": b"other"})
        publish(one, tmp_path, list(TWO))
        with pytest.raises(UsageError, match=r"a\.webp is there already"):
            publish(other, tmp_path, list(TWO))
    assert tree(tmp_path) == {name: TWO[name] for name in sorted(TWO)}


def test_a_name_that_is_taken_in_between_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes())
        raise FileExistsError(17, "taken", str(target))

    monkeypatch.setattr(place, "move_without_replacing", taken)
    assert export(tmp_path, TWO) == set(TWO)


def test_a_place_that_takes_nothing_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for where in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / ("x" * 300), tmp_path / ("x" * 300) / "a"):
        with pytest.raises(StorageError, match="cannot be written"):
            export(where, TWO)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
