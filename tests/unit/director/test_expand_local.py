import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.director.constraints import mentions, split
from imgcli.director.expand_local import MOST_WORDS, expand_locally
from imgcli.director.kept import lost
from imgcli.director.manner import Manner, manners
from imgcli.director.reading import Reading
from tests.rows import each_row

# Read by eye, each line: a change of the table or of the choice shows here.
TABLE = [
    (
        "car",
        "car. Automotive photograph, front three-quarter view at bumper height, 50 mm lens. In an empty parking deck; strip lights draw clean lines over it. Fine detail in lamps and wheels, true surface; simple framing, nothing competes with the subject.",
    ),
    (
        "dog",
        "dog. Animal portrait photograph, 35 mm lens near the ground. In tall grass at a meadow's edge; low backlight outlines the coat. Crisp fur texture, alert eyes; composition built from few large shapes.",
    ),
    (
        "house",
        "house. Architectural photograph, 35 mm lens, straight verticals, three-quarter view. Across an open stretch of ground; dusk light, soft and even. Walls and roof in tactile texture; simple framing, nothing competes with the subject.",
    ),
    (
        "portrait",
        "portrait. Editorial portrait photograph, 50 mm lens, close and direct, eyes sharp. In a plain hall with open doors behind; soft light from the doorway, gentle falloff. Fine natural texture, nothing smoothed; centred composition, calm margins all round.",
    ),
    (
        "coffee",
        "coffee. Still-life photograph, close-up at the rim, 100 mm macro lens. On a café table by the window; soft backlight from the window. Fine surface detail up close; simple framing, nothing competes with the subject.",
    ),
    (
        "forest",
        "forest. Nature photograph, 100 mm lens that compresses the layers. Undergrowth along the near edge; soft overcast light, saturated and even. Bark and leaf in fine texture; centred vanishing point, symmetrical.",
    ),
    (
        "logo",
        "logo. Clean vector mark. Bold geometric shapes, crisp vector edges; asymmetrical balance, deliberate negative space.",
    ),
    (
        "city",
        "city. Urban landscape photograph, 35 mm lens at street level. Small signs of daily life along the way; late light down one side of the street. Honest surfaces, nothing smoothed; layered composition: near, middle and far.",
    ),
    (
        "robot",
        "robot. Cinematic concept render, close-up on head and sensors, 85 mm lens. In a large empty hangar; diffused skylight, soft shadow. Tiny fasteners, believable joints, crisp surface; asymmetrical balance, quiet negative space to the side.",
    ),
    (
        "cake",
        "cake. Editorial food photograph, low side view, 85 mm lens, shallow depth of field. On a pale counter, nothing else around; broad morning light, clean highlights. Tactile texture, nothing too perfect; uncluttered framing, weight below the middle.",
    ),
    (
        "watch",
        "watch. Advertising still-life photograph, close-up, 90 mm lens, shallow depth of field. On a plain plinth in the studio; strip softbox from the side, clean edge highlights. Tactile surface, nothing smoothed; diagonal composition, clean outline.",
    ),
    (
        "dragon",
        "dragon. Cinematic creature painting, three-quarter view, head turned toward us. In a wide, empty hall; light from high openings, drifting dust. Fine surface detail near the eyes; asymmetrical balance, quiet negative space to the side.",
    ),
    (
        "beach",
        "beach. Seascape photograph, 70 mm lens along the shoreline. Inside a sheltered curve of shore; early light, calm reflections. Fine ripples, wet surface; high horizon, long foreground.",
    ),
    (
        "castle",
        "castle. Travel photograph, frontal view, 50 mm lens, deep focus. Among old trees; bright overcast light, even and quiet. True materials, honest texture; centred composition, calm margins all round.",
    ),
    (
        "shoes",
        "shoes. Editorial product photograph, frontal view, 85 mm lens. On a plain plinth; hard light from the side, graphic shadow. Soft creases, honest surface; diagonal composition, clean outline.",
    ),
    (
        "map",
        "map. Precise informational graphic. Fine uniform line weight, flat fills; clear hierarchy in the composition, main part largest.",
    ),
    (
        "pattern",
        "pattern. Seamless repeating pattern. Clean edges, flat fills; airy composition, wide calm gaps between motifs.",
    ),
    (
        "cat",
        "cat. Animal portrait photograph, 85 mm lens at the animal's eye level. Against a plain studio backdrop; large softbox overhead, gentle falloff. Tactile coat, fine detail in the fur; uncluttered framing, weight below the middle.",
    ),
    (
        "mountain",
        "mountain. Large-format landscape photograph, wide panoramic view from a high vantage point. Thin haze in the low ground; backlight separates each layer. Fine natural texture near us; high horizon, long foreground.",
    ),
    (
        "chair",
        "chair. Design catalogue photograph, frontal eye-level view, 85 mm lens. In a bare room with plain walls; window light from the side, long soft shadow. True materials, tactile texture; asymmetrical balance, quiet negative space to the side.",
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


@each_row(("word", "expanded"), TABLE)
def test_one_word_prompts(word: str, expanded: str) -> None:
    assert expand_locally(word, [], style=False) == expanded


@each_row("prompt", PROMPTS)
@each_row("style", [False, True])
def test_at_least_eight_are_distinct(prompt: str, style: bool) -> None:
    assert len({expand_locally(prompt, [], style=style, index=index) for index in range(8)}) == 8


@each_row("prompt", PROMPTS)
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


@each_row("word", WORDS)
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


# What a designer was told that did not fit; and others of the sort. None of these words may be added.
UNFITTING = [
    ("hero shot of a perfume bottle", "portrait skin eyes hair"),
    ("hero image for a landing page of a bank", "portrait skin eyes lens photograph"),
    ("website hero, wide", "portrait skin eyes lens photograph"),
    ("a child drawing of a house", "hair shoulders skin portrait lens rims light"),
    ("headshot of a CEO", "wear wears hair"),
    ("a woman running in the rain, motion blur, night", "fast shutter sharp daylight sun"),
    ("UI mockup of a banking app", "lens window light shadow photograph"),
    ("low angle skyscraper", "wooded slope valley timber moss path"),
    ("three red apples on a white background", "moist cut glistening dark crumb"),
    ("tote bag", "machined brushed metal walnut"),
    ("a blue vase", "machined brushed metal walnut"),
    ("a mug mockup", "glass bubbles steam foam"),
    ("fox", "scale scales feather"),
    ("an abstract background", "repeating pattern seamless lens light"),
    ("packaging for oat milk, pastel colours", "dark walnut narrow beam deep"),
    ("sneaker ad, neon, energetic", "calm quiet restrained stillness simple"),
    ("dashboard UI for a fitness app, dark mode", "lens light photograph window"),
    ("landing page for a coffee brand", "lens light steam photograph"),
    ("a kids party poster, cheerful", "dark dramatic beam storm lens light"),
    ("white kitten, cute", "dark dramatic beam gritty"),
    ("gothic castle, moody", "bright airy inviting"),
    ("snowy mountain", "grass moss meadow dust"),
    ("desert canyon", "moss fern mist pool wet"),
    ("a futuristic car", "worn weathered scuffed old"),
    ("luxury watch", "worn weathered scratches scuffed"),
    ("glass office building", "timber stone brick moss"),
    ("hot dog with mustard", "fur whiskers animal"),
    ("teddy bear on a shelf", "wildlife telephoto coat"),
    ("computer mouse on a desk", "wildlife telephoto coat"),
    ("snake", "fur hair coat feather"),
    ("elephant", "fur hair whiskers scales"),
    ("running shoes, side view", "shutter movement panning action"),
    ("boxing gloves", "shutter movement panning action"),
    ("3D icon of a wallet", "flat vector lens photograph"),
    ("a watercolor logo", "flat vector lens"),
    ("line drawing of a cat", "lens light photograph fur"),
    ("low poly fox", "lens photograph fur"),
    ("pixel art sword", "lens light photograph"),
    ("book cover for a thriller", "lens ink paper cloth"),
    ("website background, blue gradient", "lens light pattern paper"),
    ("candle in the dark", "window daylight pale bright"),
    ("sky full of stars", "sun morning day window"),
    ("a crowd at a concert", "85 portrait shoulders"),
    ("climate change", "lens portrait wear texture photograph"),
    ("mobile app onboarding screens", "lens light photograph"),
    ("wedding invitation, gold foil", "lens flat vector cloth"),
    ("an eagle flying", "perch ground"),
    ("goldfish in a bowl", "underwater dome caustic depth"),
    ("cosmetics flat lay", "eye-level close-up three-quarter plinth"),
    ("a cat on a green sofa", "grass meadow doorstep floorboards"),
    ("cyberpunk alley", "rooftop rooftops"),
    ("cow in a field", "wildlife"),
    ("police car at night", "studio softbox"),
    ("a man made of smoke", "skin portrait"),
]


@each_row(("prompt", "unfitting"), UNFITTING)
def test_nothing_unfitting_is_added(prompt: str, unfitting: str) -> None:
    for index in range(24):
        more = added(prompt, [], index=index).casefold()
        assert not set(re.findall(r"[\w-]+", more)) & set(unfitting.split()), more


@each_row("prompt", [prompt for prompt, _ in UNFITTING])
def test_an_everyday_prompt_gets_something_and_then_lacks_nothing(prompt: str) -> None:
    for index in range(8):
        more = added(prompt, [], index=index)
        assert more
        assert expand_locally(prompt + more, [], style=False) == prompt + more
