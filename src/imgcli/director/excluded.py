"""Whether words speak of an excluded thing, by its names or by what is a part or a kind of it."""

import functools
from collections.abc import Iterable, Mapping

from imgcli.director.constraints import mentions, names_of
from imgcli.director.tokens import stem, tokens_of
from imgcli.director.word_lists import words

# fmt: off
_IMPLIED: Mapping[str, frozenset[str]] = {
    "people": words("crowd figure man woman child face hand anyone portrait skin kin hair shoulders eyes guests"),
    "building": words(
        "house street city wall walls garage window windows room hall doorway doorstep façade façades rooftop rooftops "
        "roofline lane station studio harbor harbour workshop deck tower bakery café ruins greenhouse gallery"
    ),
    "plant": words(
        "tree trees grass leaf leaves fern moss meadow forest growth branch reed reeds canopy wood woods fields field "
        "garden stem stems bark"
    ),
    "tree": words("trees forest canopy branch leaves wood woods bark"),
    "vehicle": words("car truck bus tram traffic"),
    "animal": words("dog cat bird horse fish insect coat fur"),
    "shadow": words("shade dark darkness falloff dappled silhouette"),
    "blur": words("shallow bokeh streaked blur streaks haze soft-focus thin"),
    "bokeh": words("shallow blur thin"),
    "fog": words("mist haze hazy steam dust"),
    "smoke": words("steam haze"),
    "cloud": words("overcast storm cloud"),
    "water": words("wet rain sea river lake stream pool reflection reflections tide wave drops dew swell waterline"),
    "reflection": words("reflections mirrors mirror glossy reflected"),
    "grain": words("grain grainy gritty noise"),
    "sky": words("sky cloud overcast skylight overhead horizon"),
    "sun": words("sunlight sunlit sun-bleached backlight"),
    "furniture": words("table chair sofa bench desk lamp shelf"),
    "text": words("label sign signs caption letters"),
    "gradient": words("gradient gradients falloff"),
    "color": words("palette hue"),
    "glass": words("window windows lens"),
    "background": words("backdrop surroundings distance"),
}
# fmt: on


def is_excluded(text: str, things: Iterable[str]) -> bool:
    """Whether `text` speaks of one of `things`."""
    stems = _stems(text)
    return any(not stems.isdisjoint(_parts(thing)) or mentions(text, thing) for thing in things)


@functools.lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(token.stem for token in tokens_of(text))


@functools.lru_cache(maxsize=4096)
def _parts(thing: str) -> frozenset[str]:
    """The stems of all words that would show `thing`."""
    names = {thing.casefold(), *names_of(thing)}
    found = {token.stem for token in tokens_of(thing)[:1]} if len(tokens_of(thing)) == 1 else set()
    for name in names:
        for key in {name, stem(name)}:
            found |= {stem(word) for implied in (_IMPLIED.get(key), _BY_STEM.get(key)) for word in implied or ()}
    return frozenset(found)


_BY_STEM = {stem(name): implied for name, implied in _IMPLIED.items()}
