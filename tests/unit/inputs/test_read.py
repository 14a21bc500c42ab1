"""What a file is, by its bytes; and what is no input picture, each with one line."""

import hashlib
import os
import struct
import threading
from pathlib import Path

import pytest
from PIL import Image

from imgcli.errors import UsageError
from imgcli.inputs.read import MOST_BYTES, Reader, opened_again, read_edit, read_input
from tests.fakes.inputs import a_photo, a_promise


@pytest.mark.parametrize(("suffix", "expected"), [("png", "png"), ("jpg", "jpeg"), ("webp", "webp")])
def test_a_picture_is_what_its_bytes_are(tmp_path: Path, suffix: str, expected: str) -> None:
    seen = a_photo(tmp_path / f"a.{suffix}")
    data = (tmp_path / f"a.{suffix}").read_bytes()
    assert (seen.format, seen.width, seen.height, seen.name) == (expected, 64, 48, f"a.{suffix}")
    assert (seen.sha256, seen.size_bytes) == (hashlib.sha256(data).hexdigest(), len(data))
    assert seen.path == (tmp_path / f"a.{suffix}").resolve()
    (tmp_path / f"a.{suffix}").rename(tmp_path / "liar.gif")
    assert read_input(tmp_path / "liar.gif").format == expected


def test_links_are_followed_to_the_picture_itself(tmp_path: Path) -> None:
    a_photo(tmp_path / "a.png")
    (tmp_path / "latest.png").symlink_to("a.png")
    seen = read_input(tmp_path / "latest.png", "latest.png")
    assert (seen.path, seen.name) == ((tmp_path / "a.png").resolve(), "latest.png")


def frames(path: Path) -> None:
    first, second = Image.new("RGB", (8, 8)), Image.new("RGB", (8, 8), (9, 9, 9))
    first.save(path, save_all=True, append_images=[second])


def bytes_of(text: bytes) -> bytes:
    return text + b"\0" * 64


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "is empty (0 bytes)"),
        (b"hello", "is no picture that imgcli knows"),
        (bytes_of(b"GIF89a"), "is a GIF; input pictures are png, jpeg or webp"),
        (bytes_of(b"BM"), "is a BMP; "),
        (bytes_of(b"II*\0"), "is a TIFF; "),
        (bytes_of(b"<svg xmlns="), "is an SVG; "),
        (bytes_of(b"%PDF-1.7"), "is a PDF; "),
        (bytes_of(b"\0\0\0\x20ftypavif"), "is an AVIF; "),
        (bytes_of(b"\0\0\0\x20ftypheic"), "is a HEIC; "),
        (bytes_of(b"\0\0\0\x20ftypisom"), "is a video; "),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 0, 5) + b"\0" * 32, "its header tells no size"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF" + b"\0" * 40, "is a damaged jpeg: its header tells no size"),
    ],
)
def test_what_is_no_picture_is_called_what_it_is(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(UsageError) as raised:
        read_input(tmp_path / "a.png", "a.png")
    assert str(raised.value).startswith("a.png: ")
    assert problem in str(raised.value)


@pytest.mark.parametrize("name", ["a.png", "a.webp"])
def test_what_moves_is_refused(tmp_path: Path, name: str) -> None:
    frames(tmp_path / name)
    with pytest.raises(UsageError, match="is animated"):
        read_input(tmp_path / name)


@pytest.mark.parametrize(("width", "height"), [(100_000, 100_000), (2**31 - 1, 2**31 - 1), (1, 150_000_001)])
def test_more_pixels_than_any_camera_has_are_refused_before_anything_is_decoded(
    tmp_path: Path, width: int, height: int
) -> None:
    with pytest.raises(UsageError, match=f"has {width * height:,} pixels"):
        read_input(a_promise(tmp_path / "bomb.png", width, height))


def test_a_pipe_a_device_and_a_directory_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(UsageError, match=r"pipe\.png: is no plain file"):
        read_input(tmp_path / "pipe.png", "pipe.png")
    with pytest.raises(UsageError, match="/dev/zero: is no plain file"):
        read_input(Path("/dev/zero"))
    with pytest.raises(UsageError, match="is a directory; name a picture in it"):
        read_input(tmp_path)


def test_a_pipe_that_somebody_writes_into_is_no_plain_file_either(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.png"
    os.mkfifo(pipe)
    data = bytes_of(b"\x89PNG\r\n\x1a\n")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer = threading.Thread(target=lambda: pipe.write_bytes(data))
    writer.start()
    try:
        with pytest.raises(UsageError, match="is no plain file"):
            read_input(pipe)
    finally:
        writer.join()
        os.close(reader)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("phota.png", "there is no such file; did you mean 'photo.png'?"),
        ("zzz", "there is no such file"),
        ("a\0b.png", "no file can have that name"),
        ("photo.png/x.png", "cannot be read: Not a directory"),
        ("x" * 300, "cannot be read: File name too long"),
    ],
)
def test_a_name_that_means_nothing(tmp_path: Path, typed: str, problem: str) -> None:
    a_photo(tmp_path / "photo.png")
    with pytest.raises(UsageError) as raised:
        read_input(tmp_path / typed, typed)
    assert str(raised.value).startswith(f"{typed}: {problem}")


def test_a_link_that_leads_nowhere_or_round(tmp_path: Path) -> None:
    (tmp_path / "round.png").symlink_to("round.png")
    (tmp_path / "gone.png").symlink_to("nowhere.png")
    with pytest.raises(UsageError, match=r"round\.png: cannot be read: Too many levels of symbolic links"):
        read_input(tmp_path / "round.png", "round.png")
    with pytest.raises(UsageError, match=r"^gone\.png: is a link to 'nowhere\.png', which is not there$"):
        read_input(tmp_path / "gone.png", "gone.png")


def test_a_path_that_no_ledger_can_keep(tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"caf\xe9.png")
    a_photo(tmp_path / "a.png").path.rename(odd)
    with pytest.raises(UsageError, match="its path is not UTF-8"):
        read_input(odd, "odd")


def test_a_large_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    a_photo(tmp_path / "a.png")
    os.truncate(tmp_path / "a.png", MOST_BYTES)
    with pytest.raises(UsageError, match=r"has 50\.0 MB, and input pictures are below 50 MB; .*--downscale"):
        read_input(tmp_path / "a.png")
    os.truncate(tmp_path / "a.png", MOST_BYTES - 1)
    assert read_input(tmp_path / "a.png").size_bytes == MOST_BYTES - 1
    with pytest.raises(UsageError, match=r"below 0\.001 MB"):
        read_input(tmp_path / "a.png", most_bytes=1000)


# Confinement


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    place = tmp_path / "batch"
    (place / "photos").mkdir(parents=True)
    a_photo(tmp_path / "outside.png")
    a_photo(place / "photos" / "in.png")
    return place


@pytest.mark.parametrize("typed", ["../outside.png", "photos/../../outside.png", "link.png", "folder/outside.png"])
def test_what_lies_outside_is_not_read(inside: Path, typed: str) -> None:
    (inside / "link.png").symlink_to("../outside.png")
    (inside / "folder").symlink_to("..")
    with pytest.raises(UsageError, match="lies outside of the directory of the batch file"):
        Reader(inside).input(typed)


def test_an_absolute_path_is_outside_too(inside: Path) -> None:
    with pytest.raises(UsageError, match="lies outside"):
        Reader(inside).input(str(inside.parent / "outside.png"))


def test_a_link_inside_is_followed_inside(inside: Path) -> None:
    (inside / "link.png").symlink_to("photos/in.png")
    assert Reader(inside).input("link.png").path.name == "in.png"
    elsewhere = inside.parent / "elsewhere"
    elsewhere.symlink_to(inside)
    assert Reader(elsewhere).input("photos/in.png").path.name == "in.png"


# Edits


def test_an_edit_reads_each_file_once(tmp_path: Path) -> None:
    a_photo(tmp_path / "a.png")
    reader = Reader()
    first = reader.edit([tmp_path / "a.png"], None, "high")
    (tmp_path / "a.png").unlink()
    assert reader.edit([tmp_path / "a.png"], None, "high") == first
    assert (first.fidelity, first.mask, first.markup) == ("high", None, None)


def test_an_edit_has_sixteen_pictures_at_most_and_one_at_least(tmp_path: Path) -> None:
    a_photo(tmp_path / "a.png")
    assert len(read_edit([tmp_path / "a.png"] * 16, None, None).inputs) == 16
    with pytest.raises(UsageError, match="17 input pictures; 16 are the most"):
        read_edit([tmp_path / "a.png"] * 17, None, None)
    with pytest.raises(UsageError, match="needs a picture to go with"):
        read_edit([], tmp_path / "a.png", None)


def test_a_file_that_changes_after_it_was_looked_at_is_noticed(tmp_path: Path) -> None:
    seen = a_photo(tmp_path / "a.png")
    assert hashlib.sha256(opened_again(seen)).hexdigest() == seen.sha256
    data = seen.path.read_bytes()
    for other in (data + b"x", data[:-1], data[:-1] + b"x"):
        seen.path.write_bytes(other)
        with pytest.raises(UsageError, match="was changed since it was looked at; nothing was sent"):
            opened_again(seen)
    seen.path.unlink()
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        opened_again(seen)
    os.mkfifo(seen.path)
    with pytest.raises(UsageError, match="is no plain file"):
        opened_again(seen)
