"""How Sphinx makes a site of these pages: `python3 dev.py site`.

The pages stay plain Markdown, as a code host shows them: which page stands where is said here, and not in them. Nothing
of the site is fetched from elsewhere: no web font, no script of a stranger, no counter.
"""

import tomllib
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parent.parent

project = "imgcli"
author = "The imgcli developers"
copyright = author  # noqa: A001 - Sphinx wants this name
release = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]

extensions = ["myst_parser"]
exclude_patterns = ["*.py"]
root_doc = "index"
NAVIGATION = {
    "Learn": {"tutorial": "Ten minutes"},
    "Do": {"designers": "For designers", "scripts": "For scripts", "ci": "In CI", "notify": "When a run ends"},
    "Look up": {
        "cli": "The command line",
        "batch": "Batch files",
        "styles": "Styles",
        "cache": "The cache",
        "moderation": "Moderation",
        "errors": "Errors and exit codes",
    },
    "Understand": {
        "money": "Money",
        "spending": "What it cost",
        "reliability": "How it is proved",
        "performance": "Performance",
    },
}
"""Captions, below them the pages by file with the short titles of the menu. Pages that are not here stand at its end."""

myst_heading_anchors = 3

html_theme = "furo"
html_title = f"imgcli {release}"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_use_index = False
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
SANS = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif"
MONO = "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"
FONTS = {"font-stack": SANS, "font-stack--monospace": MONO}
html_theme_options = {
    "light_css_variables": {**FONTS, "color-brand-primary": "#0f5c63", "color-brand-content": "#0f5c63"},
    "dark_css_variables": {**FONTS, "color-brand-primary": "#7fd1c7", "color-brand-content": "#7fd1c7"},
}
pygments_style = "friendly"
pygments_dark_style = "monokai"


def navigation(_app: Sphinx, page: str, source: list[str]) -> None:
    """The first page gets the tree of all others at its end."""
    if page != root_doc:
        return
    named = {name for pages in NAVIGATION.values() for name in pages}
    others = sorted(path.stem for path in Path(__file__).parent.glob("*.md") if path.stem not in {*named, root_doc})
    trees = (
        f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n"
        + "\n".join(f"{title} <{name}>" if title else name for name, title in pages.items())
        + "\n```\n"
        for caption, pages in {**NAVIGATION, "More": dict.fromkeys(others)}.items()
        if pages
    )
    source[0] += "\n" + "\n".join(trees)


def setup(app: Sphinx) -> None:
    app.connect("source-read", navigation)
