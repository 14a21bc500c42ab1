"""What the fake API charges: its own copy of the published prices and formulas, independent of `imgcli.pricing`.

Prices: USD per million tokens, standard tier, 2026-11; times 1000 that is nano-USD per token. Grids: OpenAI's image
guide (`GptImageTokenCalculator`). gpt-image-2.6 has no published formula: its low and medium were seen at three to
four times 2.5, the rest at the same price, so four times and once is what this server takes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fake_api.wire import Json

_FIXED = {
    "low": {"1024x1024": 272, "1024x1536": 408, "1536x1024": 400},
    "medium": {"1024x1024": 1056, "1024x1536": 1584, "1536x1024": 1568},
    "high": {"1024x1024": 4160, "1024x1536": 6240, "1536x1024": 6208},
}


@dataclass(frozen=True, slots=True)
class Family:
    """Models of one price. Prices in nano-USD per token; no grid means the fixed table and its three sizes.

    `words` are the text tokens that each picture brings along.
    """

    text_in: int
    image_in: int
    image_out: int
    grid: Mapping[str, int] = field(default_factory=dict)
    dearer: Mapping[str, int] = field(default_factory=dict)
    shutdown: str | None = None
    transparent: bool = True
    fidelities: tuple[str, ...] = ()
    markup: bool = False
    words: int = 0

    @property
    def qualities(self) -> tuple[str, ...]:
        return tuple(self.grid or _FIXED)

    @property
    def sizes(self) -> tuple[str, ...]:
        """The only sizes; empty when any size under the rule will do."""
        return () if self.grid else tuple(_FIXED["low"])

    @property
    def auto_size(self) -> str:
        """What `auto` was seen to give: not a multiple of 16 where any size will do."""
        return "1254x1254" if self.grid else "1024x1024"

    def out_tokens(self, quality: str, width: int, height: int, n: int) -> int:
        if not self.grid:
            return n * _FIXED[quality][f"{width}x{height}"]
        grid = self.grid[quality]
        short = round(grid / (max(width, height) / min(width, height)))
        tokens = math.ceil(n * grid * short * (2_000_000 + width * height) / 4_000_000)
        return tokens * self.dearer.get(quality, 1)

    def in_tokens(self, width: int, height: int, fidelity: str) -> int:
        """Of one picture that goes in."""
        if self.grid:
            return fitted_tokens(width, height)
        closer = 4160 if width == height else 6240
        return 65 + 129 * tiles(width, height) + (closer if fidelity == "high" else 0)


def fitted_tokens(w: int, h: int) -> int:
    """The formula fitted to bills of gpt-image-2 and 2.5 in September 2026, as it was published."""
    long = max(w, h)
    s = min(1, max(0.5, 512 / long))
    sw, sh = w * s, h * s
    if sw >= sh:
        sh = max(sh, sw / 3)
    else:
        sw = max(sw, sh / 3)
    pw, ph = math.ceil(sw / 16), math.ceil(sh / 16)
    if pw * ph > 1536:
        k = math.sqrt(1536 * 256 / (sw * sh))
        pw, ph = math.floor(sw * k / 16 + 1e-9), math.floor(sh * k / 16 + 1e-9)
    return max(1, pw * ph)


def tiles(w: int, h: int) -> int:
    """Of 512 pixels, by the guide: fitted into 2048x2048, then scaled down to a short side of 512."""
    fit = min(1, 2048 / max(w, h))
    down = min(1, 512 / (min(w, h) * fit))
    return math.ceil(w * fit * down / 512 - 1e-9) * math.ceil(h * fit * down / 512 - 1e-9)


_2_5 = {"low": 16, "medium": 24, "high": 48, "xhigh": 64, "max": 96}
_ENDS = "2026-12-01"
_MINI = Family(2_000, 2_500, 8_000, shutdown=_ENDS, fidelities=("low",))
_1_5 = Family(5_000, 8_000, 32_000, shutdown=_ENDS, fidelities=("low", "high"))
_TWO = Family(5_000, 8_000, 30_000, {"low": 16, "medium": 48, "high": 96}, transparent=False)
NEWEST_KNOWN = Family(5_000, 8_000, 30_000, _2_5, markup=True, words=10)
_2_6 = Family(5_000, 8_000, 30_000, _2_5, dearer={"low": 4, "medium": 4}, markup=True, words=10)

MODELS: Mapping[str, Family] = {
    "gpt-image-1-mini": _MINI,
    "gpt-image-1.5": _1_5,
    "gpt-image-1.5-2025-12-16": _1_5,
    "chatgpt-image-latest": _1_5,
    "gpt-image-2": _TWO,
    "gpt-image-2-2026-04-21": _TWO,
    "gpt-image-2.5-sunburst": NEWEST_KNOWN,
    "gpt-image-2.5-sunburst-2026-09-08": NEWEST_KNOWN,
    "gpt-image-2.5-flare": NEWEST_KNOWN,
    "gpt-image-2.5-flare-2026-09-08": NEWEST_KNOWN,
    "gpt-image-2.6-sunburst": _2_6,
    "gpt-image-2.6-flare": _2_6,
}
RETIRED = ("dall-e-2", "dall-e-3", "gpt-image-1")


def usage(
    family: Family, prompt: str, quality: str, width: int, height: int, n: int = 1, inputs: int = 0, images: int = 0
) -> Json:
    """The `usage` of a generation: text in for each of n pictures, one rounding for all that comes out.

    With `inputs` pictures in it, which take `images` tokens together.
    """
    text = n * (len(prompt.encode("utf-8", "surrogatepass")) // 4 + 6 + family.words * inputs)
    images *= n
    image = family.out_tokens(quality, width, height, n)
    return {
        "input_tokens": text + images,
        "output_tokens": image,
        "total_tokens": text + images + image,
        "input_tokens_details": {"text_tokens": text, "image_tokens": images},
        "output_tokens_details": {"text_tokens": 0, "image_tokens": image},
    }


def times(told: Json, factor: int) -> Json:
    """`told` with every count of tokens multiplied."""
    return {name: times(value, factor) if isinstance(value, dict) else value * factor for name, value in told.items()}


def cost(family: Family, told: Json) -> int:
    """Nano-USD of a usage."""
    text = int(told["input_tokens_details"]["text_tokens"]) * family.text_in
    images = int(told["input_tokens_details"]["image_tokens"]) * family.image_in
    return text + images + int(told["output_tokens_details"]["image_tokens"]) * family.image_out
