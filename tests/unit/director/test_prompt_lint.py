import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.director.prompt_lint import CODES, Warning_, lint
from imgcli.model.prompt import Style
from tests.rows import each_row

LIMIT = 32_000
INNOCENT = [
    "a car",
    "a red car on a beach at sunset",
    "three dogs running through tall grass, low sun",
    "a cat, black and white fur, on a red sofa",
    "a black and white cat on a green sofa",
    "a photo of a watercolor painting on an easel",
    "a photographer painting a fence",
    "a woman taking a photo of a mural",
    "an oil lamp on a wooden table, photograph",
    "watercolor brushes in a jar, product photo",
    "a painting of a photographer in a park",
    "film still, a detective in a raincoat, neon signs",
    "watercolor and ink drawing of a fox",
    "a 3D render of a toy car, soft light",
    "a vector icon of a rocket, flat colours",
    "a flat tyre beside the road, 3D render",
    "an empty street at night, no people",
    "a beach without people at noon",
    "a portrait of a man, no text",
    "a family at dinner, no logos",
    'a sign that says "OPEN"',
    'a poster with the title "JAZZ", no other text',
    'a "retro" diner at dusk, no text',
    "a child's bedroom, no people",
    "men's shoes on a shelf, no people",
    "a man-made lake, no people",
    "a statue of a woman in a square, no people",
    "a summer house in winter",
    "a night market with warm lamps",
    "day and night split down the middle, at night and at noon",
    "a winter coat on a sunny day",
    "a minimalist room with an ornate mirror",
    "a minimalist poster of a crowded city",
    "an ornate palace, calm light",
    "an 8k television in a living room",
    "a masterpiece of baroque carpentry in a church",
    "a highly detailed map of an island",
    "a photograph (circa 1920) of a farm",
    "a page with the formula (a:b) on a board",
    "a clock that shows 10:30",
    "a picture in 16:9 (wide)",
    "a model of the solar system (scale 1:100)",
    "a bride -- and her father",
    "a car - red, fast",
    "e-mail icon, rounded corners",
    "none of them smiles; four old friends",
    "Nobody smiles. None of the chairs match.",
    "an undefined shape made of smoke",
    "a marvel of engineering, steel bridge",
    "a mario-like plumber, original design",
    "mountains. Lake. Mountains.",
    "dog barks. dog barks. moon.",
    "a monochrome blue bedroom",
    "black and white photo with one red balloon as accent",
    "ein Hund im Park, ohne Text",
    "un gato negro en la calle",
    "公園を走る犬",
    "portrait of an old sailor, 85 mm lens",
    "the letter A. Serif type, on paper",
    "a robot reading the book",
    "a pencil sharpener, macro photo",
    "a comic book shop interior, photograph",
    "a pixel phone on a desk",
    "a jar of anime figures on a desk, product photo",
    "cows (Holstein) in a field",
    "a kiosk with 24h neon, rain, 35 mm film",
    "a cartoonist drawing at her desk, photo",
    "lilies in the style of a botanical plate",
    "a starry field in the manner of Van Gogh",
    "a still life after Picasso",
    "a 16:9 monitor on a desk",
    "a 1920x1080 screen in a dark room",
    "a 1200x600 mm steel plate",
    "a scoreboard that shows 4:3",
    "a recipe card, ratio of flour to water",
    "a transparent umbrella in the rain",
    "a glass of water, transparent and cold",
    "an icon, no transparent background",
    "a house as before the war",
    "before and after of a renovated kitchen",
    "a street that looks the same as in 1950",
    "two twins in the same coat",
    "make it rain, a poster of dancing clouds",
    "a woman reading a sign",
    "a handwritten letter on a desk, no people",
    "a man saying goodbye at a station, no text",
    "a girl reading a book, no text",
    "a library with the words of poets in the air",
    "a signpost at a crossing, no text",
    "a colourful market, rich detail",
    "black and white photograph, deep shadows",
    "a black and white cow on a colourful meadow",
    "a monochrome living room, bold shapes",
    "a minimalist logo, a detailed brief on the desk behind",
    "a detailed drawing of a clock, minimal colour",
    "an award-winning baker in her shop",
    "a hyperrealistic sculpture of a hand in a museum",
    "sharp focus on the eyes of a lynx",
    "a stunning view over the bay",
    "a red-haired woman in a green coat, no red",
    "Red Square in Moscow, no red",
    "a dog bowl on a kitchen floor, no dogs",
    "a hot dog with mustard, no dogs",
    "a statue of a lion, no lions",
    "a cat-shaped lamp, no cats",
    "a garden with few flowers, no flowers in front",
    "a red apple, no other red things",
    "imagine a world without cars",
    "a path / imagine it in fog",
    "a command line --verbose on a screen",
    "the previous owner of an old house",
    "a last image of summer, empty beach chairs",
    "a portrait with the letters of a lover, no text",
    "a mug with flowers printed on it, no text",
    "a card reading group in a library, no text",
    "a glass box, transparent",
    "two doors of the same colour as before mentioned",
    "a monochrome icon set on a bright colour",
    "the ratio 2:1 on a blackboard",
    "golden hour on a beach, no gold",
    "black and white photo of a tree, no black borders",
    "an orange on a plate, no orange",
]
GUILTY = [
    ("a photo, watercolor, of a dog", "clash-medium"),
    ("watercolor photo of a dog", "clash-medium"),
    ("a photograph of a car, oil painting", "clash-medium"),
    ("a flat vector logo, 3D render", "clash-medium"),
    ("a dog in watercolor, DSLR photo", "clash-medium"),
    ("pixel art of a castle, photograph", "clash-medium"),
    ("anime style, a photo of a girl", "clash-medium"),
    ("pencil sketch of a face, photography", "clash-medium"),
    ("black and white photo of a red car", "clash-colour"),
    ("a street in black and white, green signs", "clash-colour"),
    ("monochrome portrait, blue eyes", "clash-colour"),
    ("greyscale drawing of an orange fox", "clash-colour"),
    ('a sign that says "OPEN", no text', "clash-text"),
    ('a mug with the words "Hello", without any lettering', "clash-text"),
    ('poster titled "JAZZ", no letters', "clash-text"),
    ("a man on a bench, no people", "clash-people"),
    ("a crowd in a square without people", "clash-people"),
    ("two women talking, no persons", "clash-people"),
    ("a nurse in a ward, no people", "clash-people"),
    ("a city at night in bright daylight", "clash-time"),
    ("a beach at noon, starry night", "clash-time"),
    ("a house in winter, flowers in summer", "clash-time"),
    ("a lake in the morning at night", "clash-time"),
    ("a teapot, minimalist, ornate", "clash-busy"),
    ("minimal design, cluttered, a desk", "clash-busy"),
    ("a logo, minimalistic style, intricate", "clash-busy"),
    ("a {} car", "placeholder"),
    ("a {color} car", "placeholder"),
    ("a {colour car", "placeholder"),
    ("a [color] car", "placeholder"),
    ("a <color> car", "placeholder"),
    ("a ${color} car", "placeholder"),
    ("a  car on a hill", "placeholder"),
    ("a TODO car", "placeholder"),
    ("a undefined car", "placeholder"),
    ("a None car", "placeholder"),
    ("car in [object Object]", "placeholder"),
    ("a portrait of  in Paris", "placeholder"),
    ("the , on a hill", "placeholder"),
    ("a null car", "placeholder"),
    ("a colour} car", "placeholder"),
    ("a girl, (masterpiece:1.2)", "syntax"),
    ("a cat <lora:fur:0.8>", "syntax"),
    ("a cat BREAK a dog", "syntax"),
    ("((red hair)) woman", "syntax"),
    ("a castle::2 fog::1", "syntax"),
    ("a car --ar 16:9", "flags"),
    ("a car --v 6", "flags"),
    ("a car --stylize 250", "flags"),
    ("a car --no text", "flags"),
    ("a cat —ar 3:2", "flags"),
    ("a car, 8k, masterpiece", "boilerplate"),
    ("best quality, a girl by a lake", "boilerplate"),
    ("a lake, highly detailed, sharp focus", "boilerplate"),
    ("a lake, trending on artstation", "boilerplate"),
    ("a castle, ultra detailed, award-winning", "boilerplate"),
    ("a village, Studio Ghibli style", "name"),
    ("Mickey Mouse on a bike", "name"),
    ("a castle by Greg Rutkowski", "name"),
    ("a Pixar character of a dog", "name"),
    ("Pikachu in the rain", "name"),
    ("a Marvel hero over a city", "name"),
    ("car", "short"),
    ("Mountain.", "short"),
    ("a red car here. a red car here.", "repeat"),
    ("Soft light falls. A dog waits. Soft light falls.", "repeat"),
    ("a red apple, no red", "clash-ban"),
    ("a dog on a beach, without dogs", "clash-ban"),
    ("A sign that says hello, no text", "clash-text"),
    ("a mug with the words good morning, no text", "clash-text"),
    ("a cake with Anna written on it, no lettering", "clash-text"),
    ("a poster reading summer sale, no text", "clash-text"),
    ("/imagine a castle by the sea", "command"),
    ("/imagine prompt: a castle by the sea", "command"),
    ("black and white photograph, vivid colours", "clash-colour"),
    ("monochrome poster, colourful", "clash-colour"),
    ("a teapot, minimalist, highly detailed", "clash-busy"),
    ("minimalist, highly detailed", "clash-busy"),
    ("hyperrealistic, award-winning, 8K UHD, sharp focus", "boilerplate"),
    ("a lion, hyperrealistic, sharp focus", "boilerplate"),
    ("16:9 banner", "size"),
    ("banner for a sale, 16:9", "size"),
    ("a lake at dawn, aspect ratio 3:2", "size"),
    ("a desktop wallpaper 1920x1080", "size"),
    ("1920x1080", "size"),
    ("a 1080 x 1080 picture of a cake", "size"),
    ("transparent background icon", "transparent"),
    ("a fox, PNG, transparent background", "transparent"),
    ("same as before but blue", "before"),
    ("the same car as last time, at night", "before"),
    ("make it darker", "before"),
    ("a car like the previous image, in red", "before"),
]


def codes(prompt: str, *no: str, styles: tuple[Style, ...] = (), directed: int = 0) -> list[str]:
    return [warning.code for warning in lint(prompt, no, styles, LIMIT, directed or len(prompt))]


def style(medium: str) -> Style:
    return Style("mine", "A style", "{prompt}.", (("medium", (medium,)),))


@each_row("prompt", INNOCENT)
def test_nothing_is_said_of_an_innocent_prompt(prompt: str) -> None:
    assert lint(prompt, [], [], LIMIT, len(prompt)) == ()


@each_row(("prompt", "code"), GUILTY)
def test_what_is_probably_not_meant_is_said(prompt: str, code: str) -> None:
    assert code in codes(prompt)


@pytest.mark.parametrize(
    ("prompt", "medium", "clashes"),
    [
        ("a watercolor of a fox", "cinematic photograph", True),
        ("a watercolour of a fox", "transparent watercolour", False),
        ("a photo of a fox", "transparent watercolour", True),
        ("a photo of a fox", "documentary photograph", False),
        ("a fox", "documentary photograph", False),
        ("watercolor of a fox", "feature film still", True),
        ("film still, a fox on a road", "transparent watercolour", True),
        ("a photo of a watercolor box", "documentary photograph", False),
        ("a 3D render of a fox", "pixel art", False),
        ("a vector icon of a fox", "oil painting on linen", True),
        ("a fox with a paintbrush", "pen-and-ink drawing", False),
    ],
)
def test_a_prompt_that_fights_its_style(prompt: str, medium: str, clashes: bool) -> None:
    assert ("clash-style" in codes(prompt, styles=(style(medium),))) is clashes


@pytest.mark.parametrize(
    ("prompt", "no", "code"),
    [
        ('a sign that says "OPEN"', "text", "clash-text"),
        ('a sign that says "OPEN"', "lettering, logos", "clash-text"),
        ("a man on a bench", "people", "clash-people"),
        ("a bench", "people", ""),
        ("a fisherman's hut", "people", ""),
        ("a sign", "text", ""),
        ("A sign that says hello", "text", "clash-text"),
        ("a red apple", "red", "clash-ban"),
        ("a crimson apple on red cloth", "red", "clash-ban"),
        ("a red apple", "blue", ""),
        ("a red apple", "red tones", ""),
        ("a dog on a beach", "cats, dogs", "clash-ban"),
        ("a dog on a beach", "hot dogs", ""),
        ("a dog on a beach", "other dogs", ""),
        ("a red apple on a red cloth", "background", ""),
        ("a bottle on a white background", "background", ""),
        ("a logo for a bakery", "watermarks", ""),
    ],
)
def test_what_the_option_excludes_counts_too(prompt: str, no: str, code: str) -> None:
    assert codes(prompt, no) == ([code] if code else [])


def test_the_length_of_what_is_sent_is_what_counts() -> None:
    assert codes("a car", directed=28_800) == []
    assert codes("a car", directed=28_801) == ["near-limit"]
    assert codes("a car", directed=32_001) == ["over-limit"]


def test_a_style_is_enough_for_one_word() -> None:
    assert codes("car", styles=(style("photograph"),)) == []


def test_weights_mean_something_to_a_model_of_keywords() -> None:
    assert lint("a fox, (fog:1.2)", [], [], LIMIT, 20, keywords=True) == ()
    assert [warning.code for warning in lint("a fox --ar 1:1", [], [], LIMIT, 20, keywords=True)] == ["flags"]


def test_a_warning_says_what_to_do() -> None:
    assert lint("a car --ar 16:9", [], [], LIMIT, 15) == (
        Warning_("flags", '"--ar" in a prompt is a setting of Midjourney', "say it as an option of imgcli: --aspect"),
    )
    assert {code for _, code in GUILTY} | {"over-limit", "near-limit", "clash-style"} == set(CODES)


def told(prompt: str, *no: str, styles: tuple[Style, ...] = (), **known: Any) -> list[tuple[str, str]]:
    return [(warning.message, warning.advice) for warning in lint(prompt, no, styles, LIMIT, len(prompt), **known)]


def test_every_flag_of_a_prompt_is_named() -> None:
    assert told("a car --v 6 --stylize 250 --seed 5") == [
        (
            '"--v", "--stylize" and "--seed" in a prompt are settings of Midjourney',
            "say --seed as an option of imgcli, and leave out --v and --stylize",
        )
    ]
    assert (
        told("a car --ar 16:9 --no text --seed 5")[0][1] == "say it as an option of imgcli: --aspect, --no and --seed"
    )
    assert told("a car --v 6 --chaos 20")[0][1] == "leave them out; this model has no such setting"


def test_a_size_that_the_picture_has_anyway_is_no_matter() -> None:
    assert told("16:9 banner of a lake", size=(1536, 864)) == []
    assert told("16:9 banner of a lake", size=(1024, 1024)) == [
        ('"16:9" in a prompt sets no shape', "say it as an option: --aspect 16:9")
    ]
    assert told("a wallpaper, 1920x1080", size=(1920, 1080)) == []
    assert told("a wallpaper, 1920x1080", size=(1080, 1920)) == [
        ('"1920x1080" in a prompt sets no size', "say it as an option: --size 1920x1080")
    ]


def test_a_transparent_background_that_is_asked_for_is_no_matter() -> None:
    assert told("a fox, transparent background", transparent=True) == []
    (said,) = told("a fox, transparent background")
    assert "--background transparent" in said[1]


def test_messages_are_plain_english() -> None:
    assert told("a photo of a castle, pixel art")[0][0] == "it asks for a photograph and pixel art at once"
    assert told("a photo of a fox", styles=(style("pixel art"),))[0][0] == (
        "the prompt asks for a photograph, the style mine is pixel art"
    )
    assert told('a sign that says "OPEN"', "text")[0][1] == (
        "drop one of them; to ban stray marks only, say --no watermarks, logos"
    )
    assert told("a red apple", "red") == [('it excludes and asks for "red"', "drop the one or the other")]


ODD = [
    "photo",
    "watercolor",
    "no",
    "text",
    "people",
    "man",
    '"',
    "says",
    "in",
    "of",
    "a",
    " ",
    "{",
    "}",
    "[x]",
    "(",
    ":",
]
ODD += [
    "1.2)",
    "--ar",
    "at night",
    "at noon",
    "in winter",
    ",",
    ".",
    "minimalist",
    "ornate",
    "8k",
    "black and white",
    "red",
]


@given(
    prompt=st.one_of(st.text(max_size=120), st.lists(st.sampled_from(ODD), max_size=16).map(" ".join)),
    no=st.lists(st.text(max_size=12), max_size=2),
    medium=st.sampled_from(["photograph", "watercolour", "", "3D render"]),
)
@settings(max_examples=300)
def test_any_text_is_linted_the_same_each_time(prompt: str, no: list[str], medium: str) -> None:
    found = lint(prompt, no, [style(medium)], LIMIT, len(prompt))
    assert found == lint(prompt, no, [style(medium)], LIMIT, len(prompt))
    assert len({warning.code for warning in found}) == len(found)
    for warning in found:
        assert warning.code in CODES
        assert warning.message
        assert warning.advice
        assert len(warning.message) < 200


@each_row(
    "piece",
    [
        "three dogs, no text ",
        '"',
        "(",
        "{",
        "a ",
        "(a:",
        "<",
        "a::",
        "-",
        " ",
        "x,",
        "$",
        "[a",
        "in ",
        "photo of ",
        "say ",
        "sign a ",
        "with the words ",
        "1920x",
        "16:9 ",
        "--v ",
        "same as ",
        "red ",
        "transparent ",
    ],
)
def test_a_hostile_text_of_32000_characters_is_linted_in_no_time(piece: str) -> None:
    began = time.process_time()
    lint((piece * LIMIT)[:LIMIT], ["text", "people", "red", "dogs"], [], LIMIT, LIMIT)
    # Some 20 ms; a search that starts over at every character takes minutes.
    assert time.process_time() - began < 1
