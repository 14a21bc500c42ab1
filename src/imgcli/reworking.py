"""What a model must be able to do for a picture to be continued, cut out or made larger, and which ones are."""

import math
from collections.abc import Callable, Sequence

from imgcli.errors import ModelError, UsageError
from imgcli.inputs.read import MOST_PIXELS
from imgcli.model.card import ModelCard
from imgcli.model.input import Input
from imgcli.model.size import Size

BENT = 0.02
"""How much another shape may be and still be the same: sizes come in steps."""


def require_masks(card: ModelCard, cards: Sequence[ModelCard], size: Size) -> None:
    """Refuse to continue a picture to `size` where the model takes no mask or does not make it.

    Raises:
        ModelError: names a model of `cards` that does.
    """

    def does(one: ModelCard) -> bool:
        return one.edits is not None and one.edits.mask and not _size_problem(one, size)

    if not does(card):
        takes = card.edits is not None and card.edits.mask
        why = (
            f"cannot make {size}: {_size_problem(card, size)}"
            if takes
            else "takes no mask, and continuing a picture needs one"
        )
        raise ModelError(f"{card.name} {why}; {_those(cards, does, 'does', 'do')}")


def require_transparency(card: ModelCard, cards: Sequence[ModelCard]) -> None:
    """Refuse to cut a picture out where the model makes no transparent background.

    Raises:
        ModelError: names the models of `cards` that do.
    """

    def does(one: ModelCard) -> bool:
        return one.edits is not None and (not one.backgrounds or "transparent" in one.backgrounds)

    if not does(card):
        raise ModelError(f"{card.name} makes no transparent background; {_those(cards, does, 'does', 'do')}")


def enlarged(picture: Input, to: Size | None, by: float, card: ModelCard, cards: Sequence[ModelCard]) -> Size:
    """The size that a picture is made anew in: `to`, or about `by` times its own, as the model has it.

    Raises:
        UsageError: that is no larger, or another shape.
        ModelError: the model does not make it; says what it does make, or which model does.
    """
    own = Size(picture.width, picture.height)
    wanted = to or Size(round(own.width * by), round(own.height * by))
    if wanted.is_auto or wanted.width <= own.width or wanted.height <= own.height:
        raise UsageError(f"{picture.name} is {own} already, so {wanted} is no larger; choose more with --to or --by")
    if _bend(wanted, own) > BENT:
        raise UsageError(
            f"{picture.name} is {own}, and {wanted} is another shape; imgcli outpaint adds to its sides, or choose --by"
        )
    if card.is_open:
        if problem := _size_problem(card, wanted):
            raise UsageError(f"{picture.name} cannot be made {wanted}: {problem}; choose less with --to or --by")
        return wanted
    if card.free is None:

        def does(one: ModelCard) -> bool:
            return one.edits is not None and one.free is not None

        raise ModelError(
            f"{card.name} makes fixed sizes only ({', '.join(map(str, card.sizes))}); {_those(cards, does, 'makes others', 'make others')}"
        )
    problem = card.free.problem(wanted)
    if not problem:
        return wanted
    near = _near(own, wanted, card)
    if to is None and near is not None and abs(math.log(near.pixels / wanted.pixels)) < 2 * BENT:
        return near
    instead = f"use --to {near}" if near else f"{picture.name} is as large as it makes anything of this shape"
    raise ModelError(f"{card.name} cannot make {wanted}: {problem}; {instead}")


def _near(own: Size, wanted: Size, card: ModelCard) -> Size | None:
    """The size nearest to `wanted` that the model makes, larger than `own` and of its shape."""
    rule = card.free
    if rule is None:
        return None
    found = [
        size
        for width in range(rule.step, rule.edge + 1, rule.step)
        if width > own.width
        and (size := Size(width, round(width * own.height / own.width / rule.step) * rule.step)).height > own.height
        and not rule.problem(size)
        and _bend(size, own) <= BENT
    ]
    return min(found, key=lambda size: abs(math.log(size.pixels / wanted.pixels)), default=None)


def _bend(one: Size, other: Size) -> float:
    return abs(one.width * other.height / (one.height * other.width) - 1)


def _size_problem(card: ModelCard, size: Size) -> str:
    if size.pixels > MOST_PIXELS:
        return f"it has {size.pixels:,} pixels, and {MOST_PIXELS:,} are the most, whatever the model"
    if card.is_open or size in card.sizes:
        return ""
    return card.free.problem(size) if card.free else f"it makes fixed sizes only ({', '.join(map(str, card.sizes))})"


def _those(cards: Sequence[ModelCard], does: Callable[[ModelCard], bool], one: str, several: str) -> str:
    """`gpt-image-2.5-flare does` and the like: what to type instead."""
    names = [card.name for card in cards if does(card)]
    if not names:
        return "no model that is known here " + one
    return f"{', '.join(names)} {one if len(names) == 1 else several}"
