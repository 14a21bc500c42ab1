"""Icon sets as browsers, Xcode and Android take them today; each picture has a directory of its own in a set."""

import json
from collections.abc import Iterator
from typing import Any

from imgcli.exports.plan import Drawing, File, Planned, drawn
from imgcli.exports.wish import Master, Wish, hex_colour

ICO_SIZES = (16, 32, 48)
MANIFEST_SIZES = (192, 512)
MASKABLE_SAFE = 0.8
"""The circle of a maskable icon that is always seen (W3C, web application manifest: 40% of its side as radius)."""

MAC_SIZES = (16, 32, 128, 256, 512)
IOS = 1024

DENSITIES = {"mdpi": 1.0, "hdpi": 1.5, "xhdpi": 2.0, "xxhdpi": 3.0, "xxxhdpi": 4.0}
LAUNCHER, LAYER = 48, 108
"""Density-independent pixels of an old launcher icon, and of a layer of an adaptive one."""

LAYER_SAFE = 66 / 108
"""What no launcher's mask cuts off (developer.android.com, adaptive icons)."""

STORE = 512

ADAPTIVE = """<?xml version="1.0" encoding="utf-8"?>
<adaptive-icon xmlns:android="http://schemas.android.com/apk/res/android">
    <background android:drawable="@color/ic_launcher_background"/>
    <foreground android:drawable="@mipmap/ic_launcher_foreground"/>
</adaptive-icon>
"""
BACKGROUND = """<?xml version="1.0" encoding="utf-8"?>
<resources>
    <color name="ic_launcher_background">{}</color>
</resources>
"""


def favicon(master: Master, wish: Wish) -> Iterator[Planned]:
    """favicon.ico, a PNG, what iOS puts on its home screen, and a web app manifest with its icons."""
    top = f"favicon/{master.stem}"
    largest = max(ICO_SIZES)
    ico = Drawing(largest, largest, "ico", wish.fit, sizes=ICO_SIZES)
    yield drawn(f"{top}/favicon.ico", "favicon", master, ico, wish)
    yield _square(f"{top}/favicon-32x32.png", "favicon", master, wish, 32)
    # iOS paints what shines through black.
    yield _square(f"{top}/apple-touch-icon.png", "favicon", master, wish, 180, opaque=True)
    icons = [_square(f"{top}/icon-{side}.png", "favicon", master, wish, side) for side in MANIFEST_SIZES]
    mask = _square(f"{top}/icon-maskable-512.png", "favicon", master, wish, 512, opaque=True, safe=MASKABLE_SAFE)
    yield from (*icons, mask)
    told = [_web_icon(each, "any") for each in icons if isinstance(each, File)]
    told += [_web_icon(mask, "maskable")] if isinstance(mask, File) else []
    yield File(f"{top}/site.webmanifest", "favicon", master, _web_manifest(master, wish, told))


def _web_icon(file: File, purpose: str) -> dict[str, str]:
    name = file.path.rsplit("/", 1)[-1]
    assert isinstance(file.content, Drawing)  # noqa: S101 - an icon is no text
    side = f"{file.content.width}x{file.content.height}"
    return {"src": name, "sizes": side, "type": "image/png", "purpose": purpose}


def _web_manifest(master: Master, wish: Wish, icons: list[dict[str, str]]) -> str:
    colour = hex_colour(wish.background)
    told: dict[str, Any] = {
        "name": master.stem,
        "short_name": master.stem,
        "icons": icons,
        "theme_color": colour,
        "background_color": colour,
        "display": "standalone",
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def apple(master: Master, wish: Wish) -> Iterator[Planned]:
    """AppIcon.appiconset with the one icon that iOS is made of, and those of macOS."""
    top = f"apple/{master.stem}/AppIcon.appiconset"
    # The App Store refuses an icon that anything could shine through.
    ios = _square(f"{top}/AppIcon-ios-{IOS}.png", "apple", master, wish, IOS, opaque=True)
    yield ios
    images: list[dict[str, str]] = []
    if isinstance(ios, File):
        size = f"{IOS}x{IOS}"
        images.append({"filename": f"AppIcon-ios-{IOS}.png", "idiom": "universal", "platform": "ios", "size": size})
    for side in MAC_SIZES:
        for scale in (1, 2):
            name = f"AppIcon-mac-{side}{'@2x' if scale == 2 else ''}.png"
            icon = _square(f"{top}/{name}", "apple", master, wish, side * scale)
            yield icon
            if isinstance(icon, File):
                images.append({"filename": name, "idiom": "mac", "scale": f"{scale}x", "size": f"{side}x{side}"})
    told = {"images": images, "info": {"author": "xcode", "version": 1}}
    yield File(f"{top}/Contents.json", "apple", master, json.dumps(told, indent=2) + "\n")


def android(master: Master, wish: Wish) -> Iterator[Planned]:
    """Resources of an app: launcher icons, round ones, adaptive ones of two layers; and the icon of the store."""
    top = f"android/{master.stem}"
    for name, factor in DENSITIES.items():
        here, side = f"{top}/res/mipmap-{name}", round(LAUNCHER * factor)
        yield _square(f"{here}/ic_launcher.png", "android", master, wish, side)
        yield _square(f"{here}/ic_launcher_round.png", "android", master, wish, side, round=True)
        layer = {"safe": LAYER_SAFE, "bare": True}
        yield _square(f"{here}/ic_launcher_foreground.png", "android", master, wish, round(LAYER * factor), **layer)
    for name in ("ic_launcher", "ic_launcher_round"):
        yield File(f"{top}/res/mipmap-anydpi-v26/{name}.xml", "android", master, ADAPTIVE)
    text = BACKGROUND.format(hex_colour(wish.background).upper())
    yield File(f"{top}/res/values/ic_launcher_background.xml", "android", master, text)
    yield _square(f"{top}/play-store-512.png", "android", master, wish, STORE)


def _square(path: str, set_name: str, master: Master, wish: Wish, side: int, **how: Any) -> Planned:
    return drawn(path, set_name, master, Drawing(side, side, "png", wish.fit, **how), wish)
