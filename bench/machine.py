"""What figures were taken on, without a name or a path."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("openai", "httpx2", "aiohttp", "pybase64")
"""What the figures hang on. Asked by name only: whoever imported them would weigh on every child's memory."""


def machine_line() -> str:
    """Processor, cores, system, Python and packages in one line."""
    parts = [f"{_processor()}, {os.cpu_count()} cores", platform.system(), f"Python {platform.python_version()}"]
    return ", ".join([*parts, *(f"{name} {_version(name)}" for name in PACKAGES if _version(name))])


def load() -> float:
    """Processes that wanted a core in the last minute; above a few tenths somebody else is at work."""
    return os.getloadavg()[0]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
