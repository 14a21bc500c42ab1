"""What every client is told: the same words for all of them."""

import argparse
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Told:
    """The order of one process; pictures go into `out` as 0.png, 1.png, ..."""

    base_url: str
    count: int
    at_once: int
    size: str
    out: Path
    max_retries: int

    def path(self, index: int) -> Path:
        return self.out / f"{index}.png"


def read_order() -> Told:
    parser = argparse.ArgumentParser()
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--at-once", type=int, required=True)
    parser.add_argument("--size", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--max-retries", type=int, default=2)
    return Told(**vars(parser.parse_args()))


def wanted(order: Told, index: int) -> dict[str, str]:
    """The body of request `index`."""
    # As in bench.manner, whose imports are not the client's to pay for.
    return {
        "model": "gpt-image-2.5-flare",
        "prompt": f"picture 0-{index}",
        "size": order.size,
        "quality": "low",
    }
