"""Paths as people type them."""

from pathlib import Path


def near(path: Path | str) -> str:
    """`path` as it is typed from here."""
    whole, here = Path(path), Path.cwd()
    return str(whole.relative_to(here) if whole.is_relative_to(here) else path)
