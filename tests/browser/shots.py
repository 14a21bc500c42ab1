"""Pictures of a gallery as it is seen on a desk, a tablet and a phone, in light and dark, for people to judge.

python -m tests.browser.shots GALLERY/index.html DIRECTORY
"""

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.browser.chrome import Chrome, Page, find_chrome

Step = Callable[[Page], object]


class Shot(NamedTuple):
    """A window in CSS pixels, and what is done in it before it is taken."""

    width: int
    height: int
    touch: bool
    steps: Sequence[Step] = ()


def click(selector: str) -> Step:
    return lambda page: page.click(selector)


def selected(count: int) -> list[Step]:
    script = "document.querySelector(\"[data-check='{}']\").click()"
    return [click("#choose"), *(lambda page, at=at: page.eval(script.format(at)) for at in range(1, count + 1))]


def views(size: tuple[int, int, bool]) -> Mapping[str, Shot]:
    opened = [click("[data-at='0']")]
    compared = [*selected(2), click("#tray .strong")]
    return {
        "grid": Shot(*size),
        "scrolled": Shot(*size, [lambda page: page.eval("scrollTo(0, 700)")]),
        "filter": Shot(*size, [click("#filter")]),
        "selected": Shot(*size, selected(3)),
        "viewer": Shot(*size, opened),
        "story": Shot(
            *size,
            [
                *opened,
                lambda page: page.eval(
                    "document.getElementById('story').hidden && document.getElementById('view-info').click()"
                ),
            ],
        ),
        "compare": Shot(*size, compared),
    }


SCREENS = {"desktop": (1440, 900, False), "tablet": (768, 1024, True), "phone": (390, 844, True)}


def shoot(address: str, out: Path, chrome: Chrome) -> list[Path]:
    """The PNGs, named `phone-dark-grid.png` and so on.

    Raises:
        AssertionError: a page complained, or asked somebody for something.
    """
    made = []
    for screen, size in SCREENS.items():
        for scheme in ("light", "dark"):
            for name, shot in views(size).items():
                page = chrome.open(shot.width, shot.height, dark=scheme == "dark", touch=shot.touch)
                page.goto(address)
                page.wait("document.getElementById('count').textContent")
                for step in shot.steps:
                    step(page)
                made.append(out / f"{screen}-{scheme}-{name}.png")
                page.shoot(made[-1])
                assert not page.complaints, page.complaints
    return made


def main() -> None:
    """Take them all."""
    binary = find_chrome()
    if binary is None or len(sys.argv) != 3:
        raise SystemExit(__doc__ if binary else "no chromium or chrome on this machine")
    out = Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, Chrome(binary, Path(profile)) as chrome:
        for path in shoot(Path(sys.argv[1]).resolve().as_uri(), out, chrome):
            print(path)  # noqa: T201 - what it made


if __name__ == "__main__":
    main()
