import json
from hashlib import sha256
from pathlib import Path

import pytest

from imgcli.errors import StorageError, UsageError
from imgcli.storage.wall import MARKER, Wall

MARK = '<meta name="generator" content="imgcli gallery">'
PAGE = f"<!doctype html>{MARK}<p>one"
ONE, TWO = "ab" * 32, "cd" * 32


def wall(place: Path, *, single: bool = False) -> Wall:
    made = Wall(place, MARK, single=single)
    made.open()
    return made


def names(directory: Path) -> list[str]:
    return sorted(str(each.relative_to(directory)) for each in directory.rglob("*") if each.is_file())


def test_a_gallery_is_made_and_rebuilt_in_its_place(tmp_path: Path) -> None:
    place = tmp_path / "deep" / "gallery"
    first = wall(place)
    first.hang(ONE, b"one")
    assert first.show([PAGE], [ONE]) == place / "index.html"
    assert names(place) == [MARKER, "index.html", f"thumbs/{ONE}.webp"]
    second = wall(place)
    second.hang(TWO, b"two")
    second.show([PAGE.replace("one", "two")], [TWO])
    # A picture that is not shown any more leaves no small one behind.
    assert names(place) == [MARKER, "index.html", f"thumbs/{TWO}.webp"]
    assert "two" in (place / "index.html").read_text()


def test_of_two_at_once_none_is_left_without_its_small_pictures(tmp_path: Path) -> None:
    one, two = wall(tmp_path / "g"), wall(tmp_path / "g")
    one.hang(ONE, b"small one")
    two.hang(TWO, b"small two")
    one.show([PAGE], [ONE])
    with pytest.raises(StorageError, match="another gallery was written here meanwhile; try again"):
        two.show([PAGE.replace("one", "two")], [TWO])
    assert (tmp_path / "g" / "index.html").read_text() == PAGE
    assert names(tmp_path / "g") == [MARKER, "index.html", f"thumbs/{ONE}.webp"]


def test_an_empty_directory_is_free_and_one_of_somebody_else_is_not(tmp_path: Path) -> None:
    wall(tmp_path / "gallery").show([PAGE])
    (tmp_path / "mine").mkdir()
    wall(tmp_path / "mine").show([PAGE])
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "index.html").write_text("my site")
    with pytest.raises(UsageError, match="is no gallery of imgcli"):
        wall(tmp_path / "theirs")
    assert names(tmp_path / "theirs") == ["index.html"]


@pytest.mark.parametrize("single", [False, True])
def test_a_page_that_is_not_ours_is_never_replaced(single: bool, tmp_path: Path) -> None:
    place = tmp_path / ("page.html" if single else "gallery")
    wall(place, single=single).show([PAGE])
    page = place if single else place / "index.html"
    page.write_text("<!doctype html>my own")
    with pytest.raises(UsageError, match="was not written by imgcli gallery"):
        wall(place, single=single)
    page.unlink()
    page.symlink_to(tmp_path / "elsewhere.html")
    (tmp_path / "elsewhere.html").write_text(PAGE)
    with pytest.raises(UsageError, match="was not written by imgcli gallery"):
        wall(place, single=single)
    assert (tmp_path / "elsewhere.html").read_text() == PAGE


def test_a_page_that_appears_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    made = wall(tmp_path / "page.html", single=True)

    def pieces() -> list[str]:
        (tmp_path / "page.html").write_text("somebody was quicker")
        return [PAGE]

    with pytest.raises(UsageError, match="is not replaced"):
        made.show(piece for piece in pieces())
    assert names(tmp_path) == ["page.html"]
    assert (tmp_path / "page.html").read_text() == "somebody was quicker"


def test_a_page_that_cannot_be_made_leaves_the_old_one_whole(tmp_path: Path) -> None:
    wall(tmp_path / "page.html", single=True).show([PAGE])

    def broken() -> object:
        yield "half of"
        raise StorageError("a picture is gone")

    with pytest.raises(StorageError):
        wall(tmp_path / "page.html", single=True).show(broken())  # type: ignore[arg-type]
    assert names(tmp_path) == ["page.html"]
    assert (tmp_path / "page.html").read_text() == PAGE


def test_copies_are_made_once_and_taken_away_with_their_picture(tmp_path: Path) -> None:
    source = tmp_path / "Ein Auto.PNG"
    source.write_bytes(b"picture")
    digest = sha256(b"picture").hexdigest()
    place = tmp_path / "gallery"
    first = wall(place)
    name = first.copy(source, digest)
    assert name == f"pictures/Ein Auto-{digest[:8]}.png"
    assert first.copy(source, digest) == name
    first.show([PAGE])
    assert (place / name).read_bytes() == b"picture"
    assert json.loads((place / MARKER).read_text())["pictures"] == {Path(name).name: digest}
    (place / "pictures" / "note.txt").write_text("mine")
    wall(place).show([PAGE])
    assert names(place) == [MARKER, "index.html", "pictures/note.txt"]
    assert source.read_bytes() == b"picture"


def test_the_last_copy_of_a_picture_is_never_taken_away(tmp_path: Path) -> None:
    source, place = tmp_path / "a.png", tmp_path / "gallery"
    source.write_bytes(b"picture")
    first = wall(place)
    copy = place / first.copy(source, sha256(b"picture").hexdigest())
    first.show([PAGE])
    source.unlink()
    for _ in range(2):
        wall(place).show([PAGE])
        assert copy.read_bytes() == b"picture"
    source.write_bytes(b"picture")
    wall(place).show([PAGE])
    assert not copy.exists()


def test_a_copy_somebody_changed_is_theirs(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    place, digest = tmp_path / "gallery", sha256(b"picture").hexdigest()
    first = wall(place)
    copy = place / first.copy(tmp_path / "a.png", digest)
    first.show([PAGE])
    copy.write_bytes(b"retouched")
    with pytest.raises(StorageError, match="is in the way of a copy"):
        wall(place).copy(tmp_path / "a.png", digest)
    wall(place).show([PAGE])
    assert copy.read_bytes() == b"retouched"


def test_names_of_copies_come_from_nobody_else_and_fit_every_disk(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    made = wall(tmp_path / "gallery")
    for odd in ("../../../x", "", "AB" * 32):
        with pytest.raises(StorageError, match="its sidecar names no SHA-256"):
            made.copy(tmp_path / "a.png", odd)
    long = tmp_path / f"{'ß' * 125}.png"
    long.write_bytes(b"picture")
    assert (tmp_path / "gallery" / made.copy(long, sha256(b"picture").hexdigest())).read_bytes() == b"picture"


def test_a_picture_that_is_another_one_now_is_not_copied(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"another")
    with pytest.raises(StorageError, match="cannot be copied"):
        wall(tmp_path / "gallery").copy(tmp_path / "a.png", ONE)
    assert names(tmp_path / "gallery") == [MARKER]


@pytest.mark.parametrize(
    "marker",
    ["", "[]", "{}", '{"imgcli_gallery": 2, "pictures": {}}', '{"imgcli_gallery": 1, "pictures": []}', "[" * 100_000],
)
def test_a_marker_that_says_nothing_is_none(marker: str, tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text(marker)
    with pytest.raises(UsageError, match="is no marker"):
        wall(tmp_path)


def test_a_marker_names_nothing_outside(tmp_path: Path) -> None:
    outside = tmp_path / "mine.png"
    outside.write_bytes(b"mine")
    place = tmp_path / "gallery"
    (place / "pictures").mkdir(parents=True)
    (place / MARKER).write_text(
        json.dumps({"imgcli_gallery": 1, "pictures": {"../../mine.png": sha256(b"mine").hexdigest()}})
    )
    wall(place).show([PAGE])
    assert outside.read_bytes() == b"mine"


def test_links_are_not_followed_out_of_the_gallery(tmp_path: Path) -> None:
    place = tmp_path / "gallery"
    wall(place).show([PAGE])
    (tmp_path / "outside").mkdir()
    (place / "thumbs").symlink_to(tmp_path / "outside")
    with pytest.raises(UsageError, match="is a link"):
        wall(place)


def test_a_place_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        wall(tmp_path / "file" / "gallery")
