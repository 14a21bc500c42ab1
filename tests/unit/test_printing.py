import asyncio
import re
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from imgcli.errors import UsageError
from imgcli.printing import Press, Printed
from imgcli.reports.paper.plan import PAPERS, Print, Sheet
from tests.fake_api import pictures
from tests.fakes.grids import HERE
from tests.fakes.store import FakeStore

MADE = datetime(2026, 11, 22, tzinfo=UTC)
PNG = pictures.png(640, 480, 1)


def printed(names: list[str], kind: str, title: str = "Cars", dpi: int = 50) -> tuple[FakeStore, Printed]:
    store = FakeStore()
    store.files = {HERE / "car.png": PNG, HERE / "bad.png": b"nonsense"}
    prints = [Print(HERE / name, (640, 480), (name, "style")) for name in names]
    sheet = Sheet(title, "facts", "foot", prints, PAPERS["a4"], 14, 4)
    press = Press(store, HERE, "cars", dpi, MADE)
    return store, asyncio.run(press.pdf(sheet) if kind == "pdf" else press.pngs(sheet))


def streams(data: bytes) -> list[bytes]:
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            found.append(packed)
    return found


def test_a_pdf_has_its_pages_its_title_and_its_own_fonts() -> None:
    store, told = printed(["car.png"] * 40, "pdf", "Größe 旗")
    data = store.files[told.paths[0]]
    assert told.paths == [HERE / "cars.pdf"]
    assert told.pages == data.count(b"/Type /Page\n") > 1
    assert "Größe 旗".encode("utf-16-be").hex().encode() in data
    fonts = [stream for stream in streams(data) if stream.startswith(b"\x00\x01\x00\x00")]
    assert len(fonts) == 3
    # Of the large font only what is written: the whole of it has megabytes.
    assert max(map(len, fonts)) < 30_000


def test_letters_of_a_pdf_can_be_searched() -> None:
    store, told = printed(["car.png"], "pdf", "旗")
    maps = b"".join(stream for stream in streams(store.files[told.paths[0]]) if b"beginbfchar" in stream)
    for letter in "car.png旗":
        assert f"<{ord(letter):04X}>".encode() in maps.upper()


def test_pictures_of_a_pdf_are_as_large_as_print_needs() -> None:
    store, told = printed(["car.png"], "pdf", dpi=100)
    jpegs = [stream for stream in streams(store.files[told.paths[0]]) if stream.startswith(b"\xff\xd8")]
    with Image.open(BytesIO(jpegs[0])) as opened:
        assert opened.width == round((210 - 28 - 15) / 4 / 25.4 * 100)


def test_each_page_is_a_png_of_its_resolution() -> None:
    store, told = printed(["car.png"] * 40, "png")
    assert [path.name for path in told.paths] == [f"cars-page-{n}.png" for n in range(1, told.pages + 1)]
    with Image.open(BytesIO(store.files[told.paths[0]])) as opened:
        assert opened.size == (round(210 / 25.4 * 50), round(297 / 25.4 * 50))
        assert round(opened.info["dpi"][0]) == 50


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_pictures_that_are_gone_or_damaged_are_blank_and_told(kind: str) -> None:
    store, told = printed(["gone.png", "car.png", "bad.png"], kind)
    assert [path.name for path, _ in told.blank] == ["gone.png", "bad.png"]
    assert len(told.paths) == 1
    assert told.paths[0] in store.files


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(UsageError, match="choose fewer"):
        printed(["car.png"], "png", dpi=1200)


@pytest.mark.parametrize("text", ["سيارة حمراء", "מכונית 12", "लाल สวัสดี", "\u200d", "", "\U0001f600", "a\x1b]b"])
def test_any_title_can_be_printed(text: str) -> None:
    store, told = printed(["car.png"], "pdf", text)
    assert store.files[told.paths[0]].startswith(b"%PDF")
