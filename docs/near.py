"""Measure the pairs of cache-pairs.toml with the local model of words, and write cache-near.toml; needs imgcli[near]."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import tomli

from imgcli.catalog.near import LocalModel
from imgcli.model.job import Job
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size

DOCS = Path(__file__).resolve().parent


def job(typed: str) -> Job:
    size = Size(1024, 1024)
    return Job("", "", DirectedPrompt(typed, typed), size, "", "png", None, 1, "", (), Path("/"), "")


async def main() -> int:
    model = LocalModel()
    pairs = tomli.loads((DOCS / "cache-pairs.toml").read_text("utf-8"))
    lines = [
        "# Cosines of the pairs of cache-pairs.toml, in their order; written by docs/near.py.",
        f'model = "{model.model}, multilingual-e5-small"',
        f'on = "{datetime.now(UTC):%Y-%m-%d}"',
    ]
    for name in ("same", "different"):
        cosines = []
        for one, other in pairs[name]:
            left, right = [await model.embed(job(text)) for text in (one, other)]
            cosines.append(sum(a * b for a, b in zip(left, right, strict=True)))
        lines.append(f"{name} = [{', '.join(f'{cosine:.4f}' for cosine in cosines)}]")
    (DOCS / "cache-near.toml").write_text("\n".join(lines) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
