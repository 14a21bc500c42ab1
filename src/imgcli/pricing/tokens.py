"""How many tokens a picture and its prompt are billed as, in whole numbers only.

The formula for pictures is that of the calculator on OpenAI's image guide, read from its source by several
independent projects; it gives all 35 published cells for gpt-image-2 and gpt-image-2.5 and the tokens on real bills.
What a picture takes that goes in, OpenAI publishes for gpt-image-1 alone; for the newer ones it was fitted to bills.
"""

from math import isqrt

import msgspec

_BASE = 2_000_000
_SCALE = 4_000_000

MOST_PATCHES = 1536
"""Of one picture that goes into gpt-image-2 or later, whatever its size."""

TILE = 512
FIT = 2048
"""Pixels of a side, of a tile and of the square that a picture is fitted into, by the rule of gpt-image-1."""


class Spread(msgspec.Struct, frozen=True):
    """Tokens or nano-USD: what is likely, and what it cannot exceed."""

    expected: int
    upper: int


def _patches(grid: int, short: int, pixels: int) -> int:
    return -(-grid * short * (_BASE + pixels) // _SCALE)


def out_tokens(grid: int, width: int, height: int) -> int:
    """Output tokens of one picture: `grid` patches along its long side, both sides in pixels.

    The patches along the short side are rounded half to even, as the calculator does.
    """
    long, short = max(width, height), min(width, height)
    whole, rest = divmod(grid * short, long)
    if 2 * rest > long or (2 * rest == long and whole % 2):
        whole += 1
    return _patches(grid, whole, width * height)


def out_tokens_bound(grid: int, width: int, height: int) -> int:
    """As `out_tokens`, with every tie rounded up: a server that computes in floats falls on either side of one."""
    long, short = max(width, height), min(width, height)
    return _patches(grid, (2 * grid * short + long) // (2 * long), width * height)


def worst_tokens(grid: int, most_pixels: int) -> int:
    """The most tokens of any shape of at most `most_pixels`.

    Both factors that a shape decides are largest together: the short side has at most `grid` patches, in a square,
    and the pixels are at most `most_pixels`. With 8,294,400 pixels the square 2880x2880 is an allowed size, so
    the bound is met and no tighter one exists.
    """
    return _patches(grid, grid, most_pixels)


def in_tokens(width: int, height: int) -> int:
    """Input tokens of one picture that goes into gpt-image-2 or 2.5: its patches of 16 pixels, at half its size.

    It is never made smaller than 512 pixels on its long side, and its short side counts as a third of that at least.
    Fitted to 18 bills of September 2026, all of which it meets.
    """
    across, along, unit = _halved(width, height)
    patches = -(-across // unit) * -(-along // unit)
    if patches > MOST_PATCHES:
        # As many as there are of this shape; the square root of the whole number is that of the fraction, floored.
        patches = isqrt(MOST_PATCHES * across // along) * isqrt(MOST_PATCHES * along // across)
    return max(1, patches)


def in_tokens_bound(width: int, height: int) -> int:
    """As `in_tokens`, with a patch more on both sides: floats, and a fit, fall on either side of one."""
    across, along, unit = _halved(width, height)
    return min(MOST_PATCHES, (-(-across // unit) + 1) * (-(-along // unit) + 1))


def _halved(width: int, height: int) -> tuple[int, int, int]:
    """The sides of a picture as it is looked at, and that of a patch, in a fraction of a pixel that makes all whole."""
    long, short = max(width, height), min(width, height)
    part, whole = (1, 1) if long <= TILE else (TILE, long) if long <= 2 * TILE else (1, 2)
    return 3 * long * part, max(3 * short, long) * part, 16 * 3 * whole


def tiles(width: int, height: int) -> int:
    """Tiles of 512 pixels that a picture is cut into: made to fit into 2048x2048, then to have a short side of 512.

    Both only make it smaller, so there is one row of tiles.
    """
    long, short = max(width, height), min(width, height)
    if short * FIT > TILE * max(long, FIT):
        return -(-long // short)
    return -(-min(long, FIT) // TILE)


def scaled(tokens: int, percent: int) -> int:
    """`percent` of `tokens`, rounded up."""
    return -(-tokens * percent // 100)


def text_bound(text: str) -> int:
    """The most input tokens `text` can be billed as.

    Every token of a byte-level vocabulary covers at least one UTF-8 byte; 6 tokens of framing were measured on
    every call, and 16 are allowed for. Lone surrogates count as the three bytes they would need.
    """
    return len(text.encode("utf-8", "surrogatepass")) + 16


def answer_bound(question: str) -> int:
    """The most input tokens that a text model can be billed for `question`: its bytes, and what servers add.

    Structured answers bring the schema and some framing along; OpenAI publishes no count, so 2,000 tokens are allowed
    for, which is $0.0002 with the model that is the default.
    """
    return text_bound(question) + 2_000


def text_expected(text: str) -> int:
    """The input tokens `text` is likely billed as: one for four UTF-8 bytes, and the 6 of framing.

    English takes a little over four bytes a token and Chinese about four; at $5 per million an error of half
    a typical prompt is below $0.0002.
    """
    return -(-len(text.encode("utf-8", "surrogatepass")) // 4) + 6


TOOL_EXPECTED = 2_300
"""Input tokens that a text model takes to have one picture made, beside our words.

2,294 were billed for a prompt of one line and a 1024x1024 picture (developer forum, June 2025): the model reads twice,
the second time with the picture.
"""


SEEN_EXPECTED, SEEN_BOUND = 1_500, 10_000
"""Input tokens of a picture that a text model looks at closely: 1,229 for 1024x1024 with the newest, 3,000 at most.

No model is billed more than 10,000 for one at that detail.
"""


def errand_bound(message: str, most: int) -> int:
    """The most input tokens a text model can be billed for that has one picture made, and may write `most` tokens.

    It reads our words twice, each time with the description of the tool (255 tokens were seen, 1,000 are allowed for),
    and the second time also what it wrote and the picture. No model is billed more than 10,000 tokens for one.
    """
    return 2 * (text_bound(message) + 1_000) + most + 10_000


def written_bound(most: int) -> int:
    """The most input tokens that a prompt of `most` tokens from a text model is billed as with a model of pictures.

    Both families have been seen to cut text alike. Words passed on unchanged are covered whatever the two do, as
    `most` has a token for each of their bytes.
    """
    return most + 16
