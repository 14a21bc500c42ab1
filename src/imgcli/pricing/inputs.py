"""What the pictures that go into a job are billed as: tokens, by the rule of its model."""

from typing import Annotated

import msgspec

from imgcli.model.input import Edit
from imgcli.pricing.tokens import MOST_PATCHES, Spread, in_tokens, in_tokens_bound, scaled, tiles

Count = Annotated[int, msgspec.Meta(ge=0)]

MOST_TILES = 6
"""Of an input by the rule of gpt-image-1, in the dearest case that OpenAI tells of: 7,079 tokens."""


class Patches(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="rule", tag="patches"):
    """Tokens by the patches of a picture.

    Attributes:
        upper_percent: of the formula's own bound.
        words: text tokens that each picture brings along.
        words_upper: of those, at most.
    """

    upper_percent: Count
    words: Count = 0
    words_upper: Count = 0

    def images(self, edit: Edit) -> Spread:
        """Image tokens. Nobody has measured a mask or a markup: each is expected to be one more picture."""
        upper = sum(in_tokens_bound(each.width, each.height) for each in edit.inputs)
        upper += MOST_PATCHES * (len(edit.everything) - len(edit.inputs))
        return Spread(
            sum(in_tokens(each.width, each.height) for each in edit.everything), scaled(upper, self.upper_percent)
        )

    def texts(self, edit: Edit) -> Spread:
        """Text tokens."""
        return Spread(self.words * len(edit.inputs), self.words_upper * len(edit.everything))

    def is_rough(self, edit: Edit) -> bool:
        return len(edit.everything) > len(edit.inputs)


class Tiles(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="rule", tag="tiles"):
    """Tokens by the tiles of a picture.

    Attributes:
        base: of each picture, and `tile` of each of its tiles.
        closer_square, closer: more where the model keeps close to it (fidelity `high`).
        words_upper: text tokens that each picture brings along, at most.
    """

    base: Count
    tile: Count
    closer_square: Count
    closer: Count
    words_upper: Count = 0

    def images(self, edit: Edit) -> Spread:
        """Image tokens; at most those of fidelity `high`, which is what a server may take for its default."""
        expected = sum(self.base + self.tile * tiles(each.width, each.height) for each in edit.everything)
        if edit.fidelity == "high":
            expected += sum(self.closer_square if each.width == each.height else self.closer for each in edit.inputs)
        return Spread(expected, sum(self._upper(each.width, each.height) for each in edit.everything))

    def texts(self, edit: Edit) -> Spread:
        """Text tokens."""
        return Spread(0, self.words_upper * len(edit.everything))

    def is_rough(self, _edit: Edit) -> bool:
        return True

    def _upper(self, width: int, height: int) -> int:
        # Had a picture to be made larger for its short side to be 512, it would have as many tiles as it is longer
        # than wide.
        most = max(MOST_TILES, -(-max(width, height) // min(width, height)))
        return self.base + self.tile * most + self.closer
