import asyncio
from io import BytesIO
from pathlib import Path

from PIL import Image

from imgcli.reports.grid import Grid, sheet
from imgcli.sheet import hang
from tests.fake_api import pictures
from tests.fakes.grids import HERE, a_table, made, refused, wish
from tests.fakes.store import FakeStore


def hung(grid: Grid, files: dict[str, bytes]) -> tuple[FakeStore, list[Path]]:
    store = FakeStore()
    store.files = {HERE / name: data for name, data in files.items()}
    return store, asyncio.run(hang(grid, store, HERE, "car-grid"))


def test_a_grid_hangs_beside_its_pictures() -> None:
    png = pictures.png(64, 48, 1)
    store, paths = hung(a_table(), {f"{r}-{c}.png": png for r in range(2) for c in range(2)})
    assert paths == [HERE / "car-grid.png", HERE / "car-grid.html"]
    with Image.open(BytesIO(store.files[paths[0]])) as opened:
        assert opened.format == "PNG"
    assert b'href="1-1.png"' in store.files[paths[1]]


def test_pictures_that_are_gone_damaged_or_refused_are_blanks() -> None:
    wishes = [wish(made("gone.png")), wish(made("bad.png")), wish(made("good.png")), wish(refused())]
    grid = sheet("a car", "style", [("", wishes)])
    store, paths = hung(grid, {"bad.png": b"nonsense", "good.png": pictures.png(64, 48, 1)})
    text = store.files[paths[1]].decode()
    assert "gone.png cannot be shown" in text
    assert "bad.png cannot be shown" in text
    assert '<img src="good.png"' in text
    assert "refused: " in text
