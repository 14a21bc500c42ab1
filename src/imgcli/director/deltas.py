"""What a variation may change, by strength and aspect: phrases, each with the words that it would contradict."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from imgcli.director.word_lists import words


class Strength(Enum):
    """How far a variation goes from its picture; the values are what people type."""

    SUBTLE = "subtle"
    MEDIUM = "medium"
    STRONG = "strong"


class Aspect(Enum):
    """What is changed; the values are what is then no longer told to be kept."""

    LIGHT = "light"
    CROP = "framing"
    ANGLE = "viewpoint"
    VIEWPOINT = "point of view"
    TIME = "time of day"
    PALETTE = "palette"
    ARRANGEMENT = "arrangement"
    SETTING = "setting"
    COMPOSITION = "composition"
    READING = "treatment"
    MOMENT = "moment"
    DETAIL = "small details"


@dataclass(frozen=True, slots=True)
class Delta:
    """One change.

    Attributes:
        words: the end of a sentence that begins "Change only this:", without its full stop.
        against: words that no prompt, style or other change beside it may say.
    """

    aspect: Aspect
    words: str
    against: frozenset[str] = frozenset()


# fmt: off
_TURNED = words("frontal symmetrical symmetry isometric orthographic elevation overhead top-down flatlay profile flat")
_RAISED = _TURNED | words("eye-level level horizon aerial above below low high")
_TIGHT = words("wide distant panorama panoramic fullbody whole entire establishing vista margin margins")
_LOOSE = words("close-up closeup macro tight fills fill filling cropped detail")
_CENTRED = words("centred centered centre center middle symmetrical symmetry left right off-centre")
_UNLIT = words("flat vector pixel night dark neon silhouette")
_PLACED = words("studio seamless isolated transparent backdrop sweep plain packshot product icon logo sticker pattern")
_BUSY = words("busy crowded cluttered maximalist intricate ornate dense baroque packed")
_BARE = words("minimal minimalist minimalistic simple plain sparse clean bare uncluttered")
_LOUD = words("bold vivid vibrant dramatic loud saturated energetic dynamic explosive stark")
_CALM = words("calm quiet soft gentle serene muted peaceful pastel airy delicate")

_CHANGES: Mapping[Strength, Mapping[Aspect, tuple[tuple[str, frozenset[str]], ...]]] = {
    Strength.SUBTLE: {
        Aspect.LIGHT: (
            ("the light is a little softer, its direction the same", _UNLIT | words("hard harsh crisp stark")),
            ("the light is a little harder, with slightly crisper shadows", _UNLIT | words("soft diffused gentle")),
            ("the light is a touch warmer", _UNLIT | words("cool cold icy winter")),
            ("the light is a touch cooler", _UNLIT | words("warm golden sunset")),
            ("the light comes from about 15 degrees further left", _UNLIT | words("backlit frontal")),
            ("the light comes from about 15 degrees further right", _UNLIT | words("backlit frontal")),
        ),
        Aspect.CROP: (
            ("the crop is about 5 percent tighter", _TIGHT),
            ("the crop is about 5 percent wider, with a little more of what surrounds the subject", _LOOSE),
            ("the frame moves a little to the left of the subject", _CENTRED),
            ("the frame moves a little to the right of the subject", _CENTRED),
            ("a little more room is left over the subject", _LOOSE | _CENTRED),
            ("a little more room is left under the subject", _LOOSE | _CENTRED),
        ),
        Aspect.ANGLE: (
            ("the camera stands about 5 degrees further left", _TURNED),
            ("the camera stands about 5 degrees further right", _TURNED),
            ("the camera stands about 5 degrees higher", _RAISED),
            ("the camera stands about 5 degrees lower", _RAISED),
            ("the camera stands about 10 degrees further left", _TURNED),
            ("the camera stands about 10 degrees further right", _TURNED),
        ),
    },
    Strength.MEDIUM: {
        Aspect.VIEWPOINT: (
            ("it is seen three-quarter from its left", _TURNED),
            ("it is seen three-quarter from its right", _TURNED),
            ("it is seen from a low viewpoint that makes it tower", _RAISED),
            ("it is seen from well over its own height, as from a balcony", _RAISED),
            ("it is seen from much nearer", _TIGHT),
            ("it is seen from twice as far away", _LOOSE),
        ),
        Aspect.TIME: (
            ("it is early morning, with long pale shadows", _UNLIT | words("indoors interior room")),
            ("it is late in the afternoon, the sun low and golden", _UNLIT | words("indoors interior room rain snow")),
            ("it is the blue hour just after sunset", _UNLIT | words("indoors interior room bright sunny")),
            ("it is an overcast noon, even and without shadows", _UNLIT | words("indoors interior room sunny dramatic")),
            ("it is night, lit by a few lamps", _UNLIT | words("bright sunny airy daylight pastel")),
        ),
        Aspect.PALETTE: (
            ("the palette turns warmer as a whole", words("cool cold icy winter monochrome monochromatic grayscale")),
            ("the palette turns cooler as a whole", words("warm golden sunset autumn fire monochrome monochromatic grayscale")),
            ("the palette is held back, its colours muted", _LOUD | words("neon colourful colorful bright")),
            ("the palette is richer, its colours fuller", _CALM | words("monochrome monochromatic grayscale sepia")),
        ),
        Aspect.ARRANGEMENT: (
            ("what surrounds the subject is arranged anew, most of it to the left", _CENTRED),
            ("what surrounds the subject is arranged anew, most of it to the right", _CENTRED),
            ("what surrounds the subject gathers closer to it", _BARE),
            ("what surrounds the subject stands further from it, with more air", _BUSY),
            ("the subject turns a little further away from the viewer", _TURNED),
            ("the subject turns a little further toward the viewer", words("behind profile")),
        ),
    },
    Strength.STRONG: {
        Aspect.SETTING: (
            ("it stands in a quiet interior beside a tall window", _PLACED | words("outdoors outside")),
            ("it stands in a wide open landscape", _PLACED | words("indoors inside interior room")),
            ("it stands in a city street wet from rain", _PLACED | words("indoors inside interior room dry desert")),
            ("it stands at the edge of still water", _PLACED | words("indoors inside interior room desert")),
            ("it stands among dense plants", _PLACED | _BARE | words("desert ice snow")),
            ("it stands in a workshop full of tools", _PLACED | _BARE | words("outdoors outside")),
            ("it stands in an empty hall of bare walls", _PLACED | _BUSY | words("outdoors outside")),
        ),
        Aspect.COMPOSITION: (
            ("the composition is strictly symmetrical and frontal", words("diagonal asymmetrical off-centre dynamic three-quarter profile")),
            ("the composition runs on a strong diagonal", words("symmetrical symmetry centred centered calm level grid")),
            ("the subject is small in a wide frame of empty space", _LOOSE | _BUSY),
            ("the frame is filled by the most telling part of the subject", _TIGHT | words("negative space empty")),
            ("it is seen through a frame of near, unsharp shapes", _BARE | words("flat vector isolated sharp")),
            ("it is seen from straight overhead", words("eye-level low frontal profile horizon landscape standing")),
        ),
        Aspect.READING: (
            ("it is told with fewer, larger shapes and nothing that is not needed", _BUSY),
            ("it is told with great contrast and one dominant shape", _CALM),
            ("it is told quietly, with much air and thin transitions", _LOUD | _BUSY),
            ("it is told playfully, with rounder and exaggerated forms", words("realistic photorealistic serious sombre grim sad horror dark documentary")),
            ("it is told as if it were long ago, with signs of age", words("modern futuristic sleek new contemporary luxury glossy clean")),
            ("it is told as if it were far in the future", words("vintage retro antique old ancient medieval historic victorian century")),
        ),
    },
}

_ALWAYS: Mapping[Aspect, tuple[str, ...]] = {
    Aspect.MOMENT: (
        "it is caught an instant earlier",
        "it is caught an instant later",
        "whatever can move has moved a little",
        "whatever can rest has come to rest",
    ),
    Aspect.DETAIL: (
        "the small details are others of the same kind",
        "the smallest traces fall elsewhere",
        "what is secondary is simplified a little",
        "what is secondary is spelled out a little more",
        "the outlines of lesser things are redrawn",
    ),
}
# fmt: on

TABLE: Mapping[Strength, Mapping[Aspect, tuple[Delta, ...]]] = {
    strength: {
        aspect: tuple(Delta(aspect, said, against) for said, against in changes) for aspect, changes in aspects.items()
    }
    for strength, aspects in _CHANGES.items()
}
"""What each strength changes; within an aspect no two go together."""

ALWAYS: Mapping[Aspect, tuple[Delta, ...]] = {
    aspect: tuple(Delta(aspect, said) for said in phrases) for aspect, phrases in _ALWAYS.items()
}
"""What is left to change where the prompt and the styles have decided all else."""
