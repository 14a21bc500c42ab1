import json
import xml.etree.ElementTree as ET
from typing import Any

from imgcli.exports.icons import ADAPTIVE, android, apple, favicon
from imgcli.exports.plan import Drawing, File, Planned, Skipped
from imgcli.exports.wish import Wish
from tests.fakes.masters import a_master

BIG = a_master(2000, 1500, stem="logo")


def sizes(planned: list[Planned]) -> dict[str, tuple[int, int]]:
    """Pixels of all drawings by their last two names."""
    files = [each for each in planned if isinstance(each, File)]
    return {f.path: (f.content.width, f.content.height) for f in files if isinstance(f.content, Drawing)}


def text(planned: list[Planned], name: str) -> str:
    (found,) = [each.content for each in planned if isinstance(each, File) and each.path.endswith(name)]
    assert isinstance(found, str)
    return found


def how(planned: list[Planned], name: str) -> Drawing:
    (found,) = [each.content for each in planned if isinstance(each, File) and each.path.endswith(name)]
    assert isinstance(found, Drawing)
    return found


def test_a_favicon_in_all_its_sizes() -> None:
    made = list(favicon(BIG, Wish(("favicon",), background=(16, 32, 48))))
    assert sizes(made) == {
        "favicon/logo/favicon.ico": (48, 48),
        "favicon/logo/favicon-32x32.png": (32, 32),
        "favicon/logo/apple-touch-icon.png": (180, 180),
        "favicon/logo/icon-192.png": (192, 192),
        "favicon/logo/icon-512.png": (512, 512),
        "favicon/logo/icon-maskable-512.png": (512, 512),
    }
    assert how(made, ".ico").sizes == (16, 32, 48)
    assert (how(made, "maskable-512.png").safe, how(made, "maskable-512.png").opaque) == (0.8, True)
    assert how(made, "touch-icon.png").opaque
    told = json.loads(text(made, "site.webmanifest"))
    assert [(icon["src"], icon["sizes"], icon["type"], icon["purpose"]) for icon in told["icons"]] == [
        ("icon-192.png", "192x192", "image/png", "any"),
        ("icon-512.png", "512x512", "image/png", "any"),
        ("icon-maskable-512.png", "512x512", "image/png", "maskable"),
    ]
    assert (told["theme_color"], told["background_color"], told["display"]) == ("#102030", "#102030", "standalone")


def test_an_icon_set_as_xcode_takes_it() -> None:
    made = list(apple(BIG, Wish(("apple",))))
    told = json.loads(text(made, "Contents.json"))
    assert told["info"] == {"author": "xcode", "version": 1}
    ios, *mac = told["images"]
    assert ios == {
        "filename": "AppIcon-ios-1024.png",
        "idiom": "universal",
        "platform": "ios",
        "size": "1024x1024",
    }
    assert how(made, ios["filename"]).opaque
    assert [(each["size"], each["scale"]) for each in mac] == [
        (f"{side}x{side}", scale) for side in (16, 32, 128, 256, 512) for scale in ("1x", "2x")
    ]
    shapes = sizes(made)
    for each in mac:
        side = int(each["size"].split("x")[0]) * int(each["scale"][0])
        assert shapes[f"apple/logo/AppIcon.appiconset/{each['filename']}"] == (side, side)
        assert each["idiom"] == "mac"


def test_a_set_names_no_file_that_is_not_made() -> None:
    small = a_master(600, 600, stem="logo")
    for planner in (apple, favicon, android):
        made: list[Any] = list(planner(small, Wish(("apple",))))
        left_out = [each.path.rsplit("/", 1)[-1] for each in made if isinstance(each, Skipped)]
        texts = [each.content for each in made if isinstance(each, File) and isinstance(each.content, str)]
        assert not any(name in told for name in left_out for told in texts)
    named = [
        each["filename"] for each in json.loads(text(list(apple(small, Wish(("apple",)))), "Contents.json"))["images"]
    ]
    assert "AppIcon-ios-1024.png" not in named
    assert "AppIcon-mac-512.png" in named


def test_resources_of_an_android_app() -> None:
    made = list(android(BIG, Wish(("android",), background=(255, 128, 0))))
    shapes = {path.removeprefix("android/logo/"): shape[0] for path, shape in sizes(made).items()}
    assert shapes.pop("play-store-512.png") == 512
    sides = {"mdpi": (48, 108), "hdpi": (72, 162), "xhdpi": (96, 216), "xxhdpi": (144, 324), "xxxhdpi": (192, 432)}
    assert shapes == {
        f"res/mipmap-{density}/ic_launcher{kind}.png": side
        for density, (plain, layer) in sides.items()
        for kind, side in (("", plain), ("_round", plain), ("_foreground", layer))
    }
    assert how(made, "mipmap-hdpi/ic_launcher_round.png").round
    assert how(made, "mipmap-hdpi/ic_launcher_foreground.png").bare
    assert '<color name="ic_launcher_background">#FF8000</color>' in text(made, "ic_launcher_background.xml")
    assert text(made, "anydpi-v26/ic_launcher.xml") == text(made, "anydpi-v26/ic_launcher_round.xml") == ADAPTIVE
    for name in ("ic_launcher_background.xml", "anydpi-v26/ic_launcher.xml"):
        ET.fromstring(text(made, name).encode())  # noqa: S314 - of our own making
