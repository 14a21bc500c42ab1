"""A picture made anew: its composition stays, everything else is that of the words, the styles and the variant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.cut import round_mask, subject_mask
from imgcli.providers.placeholder.fitting import least
from imgcli.providers.placeholder.framing import Framing, choose, framed, lit
from imgcli.providers.placeholder.grounds import colours_of
from imgcli.providers.placeholder.insets import lay_prints
from imgcli.providers.placeholder.lettering import FOOT_SIDE, badge, sign
from imgcli.providers.placeholder.palette import CURATED, Palette, make_palette
from imgcli.providers.placeholder.treatments import TREATMENTS, Treatment
from imgcli.providers.placeholder.wish import Wish

CLOSE = 0.55
"""Share of its own look that a picture keeps where it is to stay close to the input."""

SOLID = 250
"""A picture none of whose pixels is more transparent has a ground of its own."""


def restyled(picture: Image.Image, wish: Wish, prints: Sequence[Image.Image]) -> Image.Image:
    """RGB of the size wished for, made from `picture` (RGB or RGBA); `prints` are further inputs (RGB)."""
    turn = _turn(wish, prints)
    flat = _flat(framed(picture, wish.size, turn.framing), turn.palette)
    made = turn.treated(flat, wish)
    lay_prints(made, prints, (0, 0, *wish.size))
    return sign(made, wish.caption(""), turn.palette)


def cut_out(picture: Image.Image, wish: Wish, prints: Sequence[Image.Image]) -> Image.Image:
    """RGBA of the size wished for: the subject of `picture` on nothing, under a small mark.

    Without a style and further inputs the first one keeps its own pixels; all others are restyled.
    """
    turn = _turn(wish, prints)
    plain = wish.variant == 1 and not wish.colours and not prints
    framing = Framing() if plain else replace(turn.framing, zoom=1.0)
    seen = framed(picture, wish.size, framing)
    flat = _flat(seen, turn.palette)
    has_ground = seen.mode == "RGB" or least(seen.getchannel("A")) > SOLID
    mask = subject_mask(flat) if has_ground else seen.getchannel("A")
    # Under its own transparency a picture has colours of its own, which no ground shall be mixed into.
    own = flat if has_ground else seen.convert("RGB")
    cut = (own if plain else turn.treated(own, wish)).convert("RGBA")
    cut.putalpha(mask)
    if min(wish.size) >= FOOT_SIDE:
        plate = badge(wish.size, turn.palette)
        margin = plate.height // 2
        place = wish.width - margin - plate.width, wish.height - margin - plate.height
        cut.paste(plate.convert("RGBA"), place, round_mask(plate.size, plate.height / 2))
    return cut


@dataclass(frozen=True, slots=True)
class _Turn:
    """What one variant does to a picture."""

    palette: Palette
    framing: Framing
    treat: Treatment
    chance: Chance

    def treated(self, flat: Image.Image, wish: Wish) -> Image.Image:
        made = self.treat(lit(flat, self.framing), self.palette, self.chance)
        return Image.blend(made, flat, CLOSE) if wish.close else made


def _turn(wish: Wish, prints: Sequence[Image.Image]) -> _Turn:
    idea, chance = wish.idea, Chance(wish.face)
    # A second picture is there for its looks: where no style has colours, its own are taken.
    own = colours_of(prints[0]) if prints else CURATED[(idea[1] + 4 * wish.variant) % len(CURATED)]
    seen = choose(idea[2] + wish.variant, chance, close=wish.close)
    return _Turn(
        palette=make_palette(wish.colours or own),
        # The first stands for what was asked: only who wants several gets it the other way round.
        framing=seen if wish.variant > 1 else replace(seen, mirrored=False),
        treat=TREATMENTS[(idea[0] + wish.variant) % len(TREATMENTS)],
        chance=chance,
    )


def _flat(picture: Image.Image, palette: Palette) -> Image.Image:
    """RGB; what is transparent shows the paper of the palette."""
    if picture.mode == "RGB":
        return picture
    ground = Image.new("RGB", picture.size, palette.light if palette.is_light else palette.dark)
    ground.paste(picture, (0, 0), picture)
    return ground
