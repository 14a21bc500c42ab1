import json
from io import BytesIO
from pathlib import Path

from PIL import Image

from imgcli.exports.atlas import Piece, pack
from imgcli.exports.sprite import compose, encoded, frames
from tests.fakes.masters import noise


def test_every_picture_is_there_pixel_by_pixel(tmp_path: Path) -> None:
    shapes = ((30, 20), (7, 50), (20, 20), (1, 1))
    some = [Piece(f"p{number}", *shape) for number, shape in enumerate(shapes)]
    drawn = [noise(piece.width, piece.height, number, "RGBA") for number, piece in enumerate(some)]
    files = [tmp_path / piece.name for piece in some]
    for file, picture in zip(files, drawn, strict=True):
        file.write_bytes(picture.tobytes())
    atlas = pack(some, 2, 512)
    whole = compose(atlas, some, files)
    for form in ("png", "webp"):
        with Image.open(BytesIO(encoded(whole, form, b""))) as again:
            for (x, y), picture in zip(atlas.places, drawn, strict=True):
                box = x, y, x + picture.width, y + picture.height
                assert again.convert("RGBA").crop(box).tobytes() == picture.tobytes(), form


def test_the_table_has_the_form_that_engines_read() -> None:
    some = [Piece("b", 4, 6), Piece("a", 8, 3)]
    atlas = pack(some, 1, 64)
    told = json.loads(frames(atlas, some, "sprite.png", "imgcli 1"))
    (x, y) = atlas.places[0]
    assert list(told["frames"]) == ["a.png", "b.png"]
    assert told["frames"]["b.png"] == {
        "frame": {"x": x, "y": y, "w": 4, "h": 6},
        "rotated": False,
        "trimmed": False,
        "spriteSourceSize": {"x": 0, "y": 0, "w": 4, "h": 6},
        "sourceSize": {"w": 4, "h": 6},
    }
    assert told["meta"]["image"] == "sprite.png"
    assert told["meta"]["size"] == {"w": atlas.width, "h": atlas.height}
