"""The cheapest look of a picture: what a draft of it is made with."""

import math
from collections.abc import Sequence
from dataclasses import replace

from imgcli.model.card import FreeSizes, ModelCard
from imgcli.model.job import Job, Look
from imgcli.model.quote import Priced, Quote
from imgcli.model.size import WORDS, Size
from imgcli.ports import Pricer
from imgcli.pricing.rates import AUTO

LEAST_PIXELS = 512 * 512
"""Of a draft, unless the picture itself is smaller: with less there is nothing to choose by."""

LOW = "low"
"""The cheapest quality of every GPT Image model."""

BENT = 50
"""How much more a wrong shape weighs than some more pixels."""


def cheapest_look(job: Job, card: ModelCard, pricer: Pricer) -> Look:
    """The cheapest that `card` makes of `job` in the same shape; its own look where nothing cheaper is known.

    By what it is expected to cost; where that is the same, or nobody knows, the first quality of the card and the
    fewest pixels. Quality and size are never left to the model, but stay so if `job` leaves them to it. Of a server
    that decides itself what it makes only that is believed which the prices know to be cheaper.
    """
    if card.is_open:
        qualities, sizes = [LOW, job.quality], {job.size, *_usual(job.size)}
    else:
        qualities = [word for word in card.qualities if word != AUTO] or [job.quality]
        sizes = {job.size, *_shaped_like(job.size, card)}
    quotes = [pricer.quote(replace(job, size=size, quality=word)) for word in qualities for size in sizes]

    def rank(quote: Quote) -> tuple[int, int, int]:
        price = quote.expected if isinstance(quote, Priced) else 0
        return price, qualities.index(quote.job.quality), quote.job.size.pixels

    # Of a few with a price and others without one, those with it are the cheaper risk.
    best = min([quote for quote in quotes if isinstance(quote, Priced)] or quotes, key=rank)
    if card.is_open and not _is_cheaper(best, pricer.quote(job)):
        best = pricer.quote(job)
    return Look(best.job.size, best.job.quality)


def _is_cheaper(one: Quote, other: Quote) -> bool:
    return isinstance(one, Priced) and isinstance(other, Priced) and one.expected < other.expected


def _usual(size: Size) -> Sequence[Size]:
    """Of the sizes that every GPT Image model makes, the smaller one of exactly this shape."""
    usual = [Size(*sides) for sides in WORDS.values()]
    return [
        each for each in usual if each.width * size.height == size.width * each.height and each.pixels < size.pixels
    ]


def _shaped_like(size: Size, card: ModelCard) -> Sequence[Size]:
    """Sizes that may be cheaper, of the same shape as near as the model comes to it."""
    if size.is_auto:
        return ()  # which shape it will have, its model decides
    if card.free is not None:
        return _smallest(size, card.free)
    return [each for each in card.sizes if _lies(each) == _lies(size) and not each.is_auto]


def _lies(size: Size) -> int:
    """1 for a landscape, -1 for a portrait, 0 for a square."""
    return (size.width > size.height) - (size.width < size.height)


def _smallest(size: Size, rule: FreeSizes) -> Sequence[Size]:
    least = max(rule.least, LEAST_PIXELS)
    if size.pixels <= least:
        return ()
    shape = size.width / size.height
    found = []
    for width in range(rule.step, size.width + 1, rule.step):
        near = Size(width, max(rule.step, round(width / shape / rule.step) * rule.step))
        if least <= near.pixels < size.pixels and not rule.problem(near):
            found.append(near)

    def distance(near: Size) -> float:
        return abs(near.width / near.height / shape - 1) * BENT + math.log(near.pixels / least)

    return [min(found, key=distance)] if found else ()
