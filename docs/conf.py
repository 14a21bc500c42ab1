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
    "Learn": ("tutorial",),
    "Do": ("designers", "scripts", "ci"),
    "Look up": ("cli", "batch", "styles", "cache", "moderation", "errors"),
    "Understand": ("money", "reliability", "performance"),
}

myst_heading_anchors = 3
myst_enable_extensions: list[str] = []

html_theme = "furo"
html_title = f"imgcli {release}"
html_static_path: list[str] = []
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_last_updated_fmt = None
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
    trees = (
        f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(pages) + "\n```\n"
        for caption, pages in NAVIGATION.items()
    )
    source[0] += "\n" + "\n".join(trees)


def setup(app: Sphinx) -> None:
    app.connect("source-read", navigation)
