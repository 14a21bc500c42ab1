import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.director.constraints import mentions, split
from imgcli.director.expand_local import MOST_WORDS, expand_locally
from imgcli.director.kept import lost
from imgcli.director.manner import Manner, manners
from imgcli.director.reading import Reading

# Read by eye, each line: a change of the table or of the choice shows here.
TABLE = [
    (
        "car",
        "car. Automotive photograph, front three-quarter view at bumper height, 50 mm lens. In an empty concrete parking deck; strip lights draw clean lines over it. Glass, rubber and metal clearly distinct in texture; simple framing, nothing competes with the subject.",
    ),
    (
        "dog",
        "dog. Animal portrait photograph, 35 mm lens near the ground. In tall grass at a meadow's edge; low backlight outlines every hair. Crisp fur texture, wet nose; composition built from few large shapes.",
    ),
    (
        "house",
        "house. Architectural photograph, 35 mm lens, straight verticals, three-quarter view. Beside still water that mirrors it; dusk light, windows softly lit. Rough plaster, worn wood, old glass; simple framing, nothing competes with the subject.",
    ),
    (
        "portrait",
        "portrait. Editorial portrait photograph, 50 mm lens, close and direct, eyes sharp. Before a hand-painted canvas backdrop; large softbox high to the side, slow falloff. Visible fabric weave, honest skin texture; centred composition, calm margins all round.",
    ),
    (
        "coffee",
        "coffee. Still-life photograph, close-up at the rim, 100 mm macro lens. On a tiled counter beside folded linen; side light, clean bright highlights. Clear glass edges, tiny bubbles, glossy surface; centred composition, calm margins all round.",
    ),
    (
        "forest",
        "forest. Nature photograph, 50 mm lens at eye level, deep focus. A narrow path that bends out of sight; shafts of light through the canopy. Lace-like leaf detail, damp earthy texture; centred vanishing point, symmetrical.",
    ),
    (
        "logo",
        "logo. Clean vector mark. Bold geometric shapes, crisp vector edges; asymmetrical balance, deliberate negative space.",
    ),
    (
        "city",
        "city. Urban landscape photograph, wide high-angle view, 24 mm lens, deep focus. Nearly empty, before anyone is up; first light, long cool shadow. Dense fine detail, gritty texture; clear foreground anchor, open distance.",
    ),
    (
        "robot",
        "robot. Detailed 3D render, low viewpoint, slight wide-angle lens. In an overgrown greenhouse; diffused skylight, soft leaf shadow. Brushed metal, scuffed paint, tiny fasteners; centred composition, calm margins all round.",
    ),
    (
        "cake",
        "cake. Editorial food photograph, low side view, 85 mm lens, shallow depth of field. On a marble counter in a small bakery; broad morning light, clean highlights. Moist, freshly cut, glistening texture; uncluttered framing, weight below the middle.",
    ),
    (
        "watch",
        "watch. Advertising still-life photograph, close-up, 90 mm macro lens, thin focus plane. On a honed stone slab in the studio; strip softbox from the side, crisp edge highlights. Clean surfaces, micro-scratches, honest texture; diagonal composition, clean outline.",
    ),
    (
        "dragon",
        "dragon. Cinematic creature painting, low viewpoint that makes it tower. In the ruins of a flooded hall; dim light from high openings, drifting dust. Tactile surface: scars, scuffs, worn edges; simple framing, nothing competes with the subject.",
    ),
    (
        "beach",
        "beach. Seascape photograph, 70 mm lens along the shoreline. Dark rocks where the swell breaks; storm light under a heavy sky. Silky water against rough stone; high horizon, long foreground.",
    ),
    (
        "castle",
        "castle. Travel photograph, frontal view, 50 mm lens, deep focus. Among old trees and unmown grass; bright overcast light, even and quiet. Every joint, tile and crack in texture; centred composition, calm margins all round.",
    ),
    (
        "shoes",
        "shoes. Editorial product photograph, overhead view, 50 mm lens. On a weathered timber bench; soft window light, gentle falloff. Tactile fibres and worn leather edges; asymmetrical balance, quiet negative space to the side.",
    ),
    (
        "map",
        "map. Clean informational illustration. Crisp ink lines, soft wash fills, paper grain; centred composition, wide even margins.",
    ),
    (
        "pattern",
        "pattern. Seamless repeating pattern. Crisp flat shapes, uniform line weight; evenly spaced motifs, balanced composition in all directions.",
    ),
    (
        "cat",
        "cat. Animal portrait photograph, 85 mm lens at the animal's eye level. Against a plain studio backdrop; large softbox overhead, gentle falloff. Tactile coat, each strand of fur distinct; uncluttered framing, weight below the middle.",
    ),
    (
        "mountain",
        "mountain. Large-format landscape photograph, wide panoramic view from a high vantage point. Thin mist hanging in the low ground; backlight separates each layer. Rough ground texture, smooth far distance; leading lines toward a far focal point.",
    ),
    (
        "chair",
        "chair. Interior design photograph, frontal eye-level view, 85 mm lens. On pale oak floorboards beside a linen curtain; diffused daylight, airy and even. Visible wood grain, woven upholstery; simple framing, nothing competes with the subject.",
    ),
]
WORDS = [word for word, _ in TABLE]

PROMPTS = [
    *WORDS,
    "a dog at night",
    "a red car on a beach",
    "three cats in the rain, no people",
    "watercolor of a castle",
    "a fish underwater",
    "logo for a bakery, no text",
    "a woman in a red coat",
    "two men fighting at sunset",
    "a bottle on a white background",
    "nothing but a chair",
    "a close-up photo of a watch, softbox light",
    "a flat vector icon of a rocket",
    "ein roter Hund",
    "三匹の犬",
    "orange",
    "xyzzy",
    "a 3D render of a robot, 85mm lens, in a studio, soft light, matte metal, centred",
]
NO = ["people", "text", "shadows", "trees", "background", "blur", "buildings", "water", "glass", "sky", "light", "lens"]


def added(prompt: str, no: list[str], *, style: bool = False, index: int = 0) -> str:
    expanded = expand_locally(prompt, no, style=style, index=index)
    assert expanded.startswith(prompt)
    return expanded[len(prompt) :]


@pytest.mark.parametrize(("word", "expanded"), TABLE)
def test_one_word_prompts(word: str, expanded: str) -> None:
    assert expand_locally(word, [], style=False) == expanded


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("style", [False, True])
def test_at_least_eight_are_distinct(prompt: str, style: bool) -> None:
    assert len({expand_locally(prompt, [], style=style, index=index) for index in range(8)}) == 8


@pytest.mark.parametrize("prompt", PROMPTS)
def test_what_was_expanded_lacks_nothing(prompt: str) -> None:
    for index in range(8):
        expanded = expand_locally(prompt, [], style=False, index=index)
        assert expand_locally(expanded, [], style=False) == expanded


@given(
    prompt=st.one_of(st.sampled_from(PROMPTS), st.lists(st.sampled_from(PROMPTS), max_size=3).map(", ".join)),
    no=st.lists(st.sampled_from(NO), max_size=3),
    style=st.booleans(),
    index=st.integers(0, 40),
)
@settings(max_examples=400)
def test_an_expansion_adds_and_never_contradicts(prompt: str, no: list[str], style: bool, index: int) -> None:
    more = added(prompt, no, style=style, index=index)
    assert len(more.split()) <= MOST_WORDS
    assert not any(mentions(more, thing) for thing in split(no))
    assert lost(prompt, prompt + more) == ()
    assert not manners(Reading(prompt)) & (manners(Reading(more)) - {Manner.SETTING})


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3), st.booleans(), st.integers(0, 1000))
def test_any_text_is_kept_to_the_letter(prompt: str, no: list[str], style: bool, index: int) -> None:
    more = added(prompt, no, style=style, index=index)
    assert not any(mentions(more, thing) for thing in split(no))
    assert lost(prompt, prompt + more) == ()


DAY = re.compile(r"\b(day|daylight|sun\w*|noon|morning|afternoon|dawn|dusk|evening)\b", re.IGNORECASE)


@pytest.mark.parametrize("word", WORDS)
def test_a_night_has_no_daylight_and_an_underwater_scene_no_sky(word: str) -> None:
    for index in range(16):
        assert not DAY.search(added(f"{word} at night", [], index=index))
        assert "sky" not in added(f"{word} underwater", [], index=index)


@pytest.mark.parametrize("word", ["logo", "pattern", "map", "icon"])
def test_flat_things_have_no_lens_and_no_light(word: str) -> None:
    for index in range(16):
        assert not re.search(r"\b(lens|depth of field|light|photograph)\b", added(word, [], index=index))


def test_what_would_lose_a_demand_is_not_added() -> None:
    # The table of exclusions knows "open doors" only by that name; the demand knows it by its stems.
    assert any("open doors" in added("portrait", [], index=index) for index in range(40))
    assert not any("open doors" in added("portrait, no opened doors", [], index=index) for index in range(40))


def test_a_mountain_is_in_no_studio_and_runners_are_not_indoors() -> None:
    for index in range(16):
        assert "studio" not in added("mountain", [], index=index)
        assert not re.search(r"sofa|studio|hallway", added("three dogs running", [], index=index))


def test_a_style_keeps_its_medium_its_light_and_its_camera() -> None:
    own = {Manner.MEDIUM, Manner.LIGHT, Manner.CAMERA, Manner.TEXTURE}
    for word in WORDS:
        assert not own & manners(Reading(added(word, [], style=True)))


def test_parts_of_an_excluded_thing_are_not_added() -> None:
    for index in range(40):
        assert "grass" not in added("dog", ["plants"], index=index)
        assert "mist" not in added("mountain, without fog", [], index=index)
        assert not re.search(r"shallow|blur", added("portrait", ["bokeh"], index=index))


@pytest.mark.parametrize(
    ("prompt", "start"),
    [("a dog.", "a dog. "), ("a dog", "a dog. "), ("a dog,", "a dog, "), ("a dog\n", "a dog\n"), ("犬。", "犬。 ")],
)
def test_sentences_are_joined_as_a_person_would(prompt: str, start: str) -> None:
    assert re.match(re.escape(start) + r"\s?[A-Z]", expand_locally(prompt, [], style=False))


def test_it_is_the_same_every_time_and_not_the_same_for_all() -> None:
    nouns = ["car", "red car", "old car", "fast car", "car, blue", "tiny car"]
    assert expand_locally("car", [], style=False) == expand_locally("car", [], style=False)
    assert len({added(noun, []).split(";")[0] for noun in nouns}) > 3


def test_nothing_is_made_of_nothing() -> None:
    assert expand_locally(" ", [], style=False) == " "
