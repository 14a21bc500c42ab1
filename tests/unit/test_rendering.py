import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from imgcli.errors import StorageError
from imgcli.exports.plan import RAW, Drawing, File
from imgcli.exports.wish import Fit, Label, Master
from imgcli.rendering import CHANGED, Manner, look, render
from tests.fakes.masters import a_master, master_at, noise

PLAIN = Manner(None, None, Label.NONE, "imgcli")


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def one(master: Master, drawing: Drawing | str, path: str = "a.png") -> list[File]:
    return [File(path, "web", master, drawing)]


def profile(primaries: str) -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(primaries)).tobytes()  # type: ignore[arg-type] # a name


def test_a_master_is_known_by_its_bytes(tmp_path: Path) -> None:
    master = master_at(tmp_path / "a.png", noise(30, 20))
    assert look(master.path, master.sha256) == (30, 20)
    for spoil in (lambda: master.path.write_bytes(master.path.read_bytes() + b"x"), master.path.unlink):
        spoil()
        with pytest.raises(ValueError, match=r"was changed since it was saved|cannot be read"):
            look(master.path, master.sha256)
        with pytest.raises(ValueError, match=r"was changed since it was saved|cannot be read"):
            render(one(master, Drawing(3, 2, "png")), tmp_path / "out", PLAIN)
    assert not (tmp_path / "out").exists()
    assert "imgcli verify" in CHANGED


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"<svg/>", "is no picture of pixels"),
        (b"", "is no picture of pixels"),
        (b"\x89PNG\r\n\x1a\n spoilt", "is no picture of pixels|is damaged"),
    ],
)
def test_what_is_no_picture_is_told_in_one_line(data: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(data)
    with pytest.raises(ValueError, match=why) as told:
        look(tmp_path / "a.png", hashlib.sha256(data).hexdigest())
    assert "\n" not in str(told.value)


def test_half_a_picture_is_damaged(tmp_path: Path) -> None:
    whole = BytesIO()
    noise(64, 64).save(whole, "JPEG")
    (tmp_path / "a.jpg").write_bytes(whole.getvalue()[:1500])
    master = a_master(64, 64, path=tmp_path / "a.jpg", sha256=sha(tmp_path / "a.jpg"))
    assert look(master.path, master.sha256) == (64, 64)
    with pytest.raises(ValueError, match="is damaged"):
        render(one(master, Drawing(8, 8, "png")), tmp_path / "out", PLAIN)


def test_what_lay_on_its_side_stands_upright(tmp_path: Path) -> None:
    picture = Image.new("RGB", (40, 20), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6
    master = master_at(tmp_path / "a.png", picture, exif=exif)
    assert look(master.path, master.sha256) == (20, 40)
    (made,) = render(one(master, Drawing(20, 40, "png"), "out/a.png"), tmp_path, PLAIN)
    assert made.done == ("turned upright",)
    with Image.open(tmp_path / "out" / "a.png") as turned:
        assert (turned.size, turned.getpixel((10, 5)), turned.getpixel((10, 35))) == (
            (20, 40),
            (255, 0, 0),
            (0, 0, 255),
        )
        assert not turned.getexif()


def test_colours_are_those_of_srgb_and_nothing_of_the_master_is_carried_on(tmp_path: Path) -> None:
    info = PngInfo()
    info.add_text("prompt", "secret words")
    info.add_itxt("XML:com.adobe.xmp", "<x>secret</x>")
    picture = Image.new("RGB", (9, 9), (200, 60, 60))
    master = master_at(tmp_path / "a.png", picture, pnginfo=info, icc_profile=profile("sRGB"))
    before = sha(master.path)
    for form in ("png", "jpeg", "webp", "avif"):
        (made,) = render(one(master, Drawing(9, 9, form), f"out/a.{form}"), tmp_path, PLAIN)
        assert made.done == ("converted to sRGB",)
        assert b"secret" not in (tmp_path / made.path).read_bytes()
        with Image.open(tmp_path / made.path) as opened:
            pixel: Any = opened.convert("RGB").getpixel((4, 4))
            assert max(abs(one - other) for one, other in zip(pixel, (200, 60, 60), strict=True)) <= 6, form
            assert "icc_profile" not in opened.info
    assert sha(master.path) == before


def test_what_is_told_of_a_file_is_true(tmp_path: Path) -> None:
    master = master_at(tmp_path / "a.png", noise(100, 50))
    files = [
        File("out/a.webp", "web", master, Drawing(50, 25, "webp")),
        File("out/favicon.ico", "favicon", master, Drawing(48, 48, "ico", Fit.COVER, sizes=(16, 32, 48))),
        File("out/Contents.json", "apple", master, "{}"),
        File("out/piece", "sprite", master, Drawing(10, 5, RAW)),
    ]
    made = render(files, tmp_path, Manner(None, None, Label.ORIGIN, "imgcli"))
    assert [(each.path, each.format, each.width, each.height, each.labelled) for each in made] == [
        ("out/a.webp", "webp", 50, 25, True),
        ("out/favicon.ico", "ico", 48, 48, False),
        ("out/Contents.json", "json", 0, 0, False),
        ("out/piece", RAW, 10, 5, False),
    ]
    for each in made:
        assert each.size_bytes == (tmp_path / each.path).stat().st_size
        assert each.sha256 in {sha(tmp_path / each.path), ""}
    with Image.open(tmp_path / "out" / "favicon.ico") as icon:
        assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    # Again, as after a worker that was killed: the same bytes.
    assert render(files, tmp_path, Manner(None, None, Label.ORIGIN, "imgcli")) == made


def test_a_worker_that_outlives_its_export_makes_no_directory_anew(tmp_path: Path) -> None:
    master = master_at(tmp_path / "a.png", noise(10, 10))
    with pytest.raises(StorageError, match="cannot be written"):
        render(one(master, Drawing(5, 5, "png")), tmp_path / "gone", PLAIN)
    assert not (tmp_path / "gone").exists()


def test_a_disk_that_takes_nothing_is_told(tmp_path: Path) -> None:
    master = master_at(tmp_path / "a.png", noise(10, 10))
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(StorageError, match=r"out/a\.png cannot be written"):
        render(one(master, Drawing(5, 5, "png"), "out/a.png"), tmp_path, PLAIN)


def test_colours_that_a_broken_profile_left_alone_are_not_told_as_converted(tmp_path: Path) -> None:
    for name, broken in (("junk", b"nonsense"), ("lab", profile("LAB"))):
        master = master_at(tmp_path / f"{name}.png", noise(8, 8), icc_profile=broken)
        (made,) = render(one(master, Drawing(8, 8, "png"), f"out-{name}.png"), tmp_path, PLAIN)
        assert made.done == ()
        with Image.open(tmp_path / made.path) as opened:
            assert opened.tobytes() == noise(8, 8).tobytes()
