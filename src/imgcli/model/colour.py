"""Colours as people see them: pure arithmetic that every room shares."""

_LINEAR = tuple(
    value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
    for value in (channel / 255 for channel in range(256))
)


def linear(channel: int) -> float:
    """The light of an sRGB channel, 0 to 255, as 0 to 1 (IEC 61966-2-1)."""
    return _LINEAR[channel]


def to_oklab(colour: tuple[int, int, int]) -> tuple[float, float, float]:
    """OKLab of an sRGB colour, where equal steps look equal (Björn Ottosson, 2020)."""
    red, green, blue = (linear(channel) for channel in colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )
