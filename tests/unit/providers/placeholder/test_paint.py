from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from imgcli.providers.placeholder import paint as room
from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.palette import CURATED, distance, make_palette, parse_hex
from tests.rows import each_row

RED = ("#8c1c13", "#bf4342", "#e7d7c1", "#a78a7f", "#735751")
AWKWARD = {
    "empty": "",
    "blank": " \t\n",
    "one letter": "a",
    "one long word": "Donaudampfschiffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3,
    "5,000 letters": "a lighthouse in a storm " * 209,
    "Japanese": "夕焼けの海辺を走る赤い車、窓から手を振る子ども",
    "Korean": "서울의 밤거리를 걷는 사람",
    "Chinese": "雨后的老街，红灯笼倒映在石板路上",
    "emoji": "🚗🌅👩‍👩‍👧",
    "Arabic": "سيارة حمراء على الشاطئ عند BMW الغروب",
    "Hebrew": "אוטו אדום על החוף",
    "Hindi": "पहाड़ों पर सूर्योदय",
    "unknown script": "ᚠᚢᚦᚨᚱᚲ 𓂀𓁹",
    "newlines and controls": "a car\r\n\x00\x1b[31m by \u202e the\u200b sea\x7f",
    "lone surrogate": "a \ud800 car",
    "only marks": "!?… — ・",
}


def painted(
    words: str = "a car",
    *,
    variant: int = 1,
    seed: int | None = None,
    styles: tuple[str, ...] = (),
    colours: tuple[str, ...] = (),
    size: tuple[int, int] = (320, 320),
    image_format: str = "png",
    clear: bool = False,
) -> bytes:
    return room.paint(
        words,
        style_names=styles,
        colours=colours,
        seed=seed,
        variant=variant,
        width=size[0],
        height=size[1],
        image_format=image_format,
        clear=clear,
    )


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def test_the_same_inputs_give_the_same_bytes() -> None:
    assert painted("a car", seed=7, size=(640, 400)) == painted("a car", seed=7, size=(640, 400))


def test_every_input_changes_the_picture() -> None:
    pictures = [
        painted(),
        painted("a cat"),
        painted(variant=2),
        painted(seed=1),
        painted(seed=2),
        painted(styles=("cinematic",)),
        painted(colours=RED),
    ]
    assert len(set(pictures)) == len(pictures)


@each_row("image_format", ["png", "jpeg", "webp"])
@each_row("size", [(64, 64), (96, 96), (320, 200), (200, 600), (1001, 333), (333, 1001), (1024, 1024)])
def test_format_and_size_are_what_was_asked(image_format: str, size: tuple[int, int]) -> None:
    picture = opened(painted(size=size, image_format=image_format))
    assert (picture.format, picture.size, picture.mode) == (image_format.upper(), size, "RGB")


@each_row("look", room.LOOKS, ids=lambda look: look.name)
@each_row("size", [(64, 64), (64, 192), (192, 64), (512, 171), (171, 512), (320, 64), (2048, 1152)])
def test_every_look_fills_every_shape(look: room.Look, size: tuple[int, int]) -> None:
    width, height = size
    scene = look.paint(width, height, make_palette(RED), Chance(b"shape"))
    left, top, right, bottom = scene.area
    assert scene.picture.size == size
    assert 0 <= left < right <= size[0]
    assert 0 <= top < bottom <= size[1]


def test_the_largest_usual_size_is_painted() -> None:
    assert opened(painted(size=(3840, 2160), image_format="jpeg")).size == (3840, 2160)


@each_row("words", AWKWARD.values(), ids=AWKWARD)
@each_row("variant", [1, 2, 3])
def test_awkward_prompts_are_painted(words: str, variant: int) -> None:
    assert opened(painted(words, variant=variant, styles=("cinematic",))).size == (320, 320)


@settings(max_examples=25, deadline=None)
@given(
    words=st.text(max_size=80),
    styles=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    seed=st.none() | st.integers(),
    size=st.tuples(st.integers(64, 400), st.integers(64, 400)),
    colours=st.lists(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True), max_size=7).map(tuple),
)
def test_anything_typed_is_painted(
    words: str, styles: tuple[str, ...], seed: int | None, size: tuple[int, int], colours: tuple[str, ...]
) -> None:
    assert opened(painted(words, styles=styles, seed=seed, size=size, colours=colours)).size == size


def test_every_look_and_palette_is_reached_by_some_prompt() -> None:
    looks: Counter[str] = Counter()
    for seed in range(60):
        idea = room._digest([room.VERSION, "a car", (), (), seed])
        looks[room.LOOKS[(idea[0] + 1) % len(room.LOOKS)].name] += 1
    assert set(looks) == {look.name for look in room.LOOKS}
    assert len(room.LOOKS) >= 4
    assert len(CURATED) >= 10
    assert {4 * variant % len(CURATED) for variant in range(len(CURATED))} == set(range(len(CURATED)))


def test_variants_of_one_prompt_are_clearly_different_pictures() -> None:
    means = [ImageStat.Stat(ImageChops.difference(*pair)).mean for pair in _neighbours(6)]
    assert all(sum(mean) / 3 > 8 for mean in means)


@each_row("variant", range(1, 7))
@each_row("colours", [RED, ("#ff2e93",), ("#0b3d2e", "#52b788", "#e9b872"), ("#f4f1ea", "#d9d9d6")])
def test_the_colours_of_the_style_are_those_of_the_picture(colours: tuple[str, ...], variant: int) -> None:
    picture = opened(painted("a car", colours=colours, variant=variant))
    small = picture.resize((24, 24), Image.Resampling.BOX).tobytes()
    pixels = [(small[at], small[at + 1], small[at + 2]) for at in range(0, len(small), 3)]
    ramp = make_palette(colours).ramp(24)
    allowed = [*ramp, *map(parse_hex, colours)]
    far = [pixel for pixel in pixels if min(distance(pixel, colour) for colour in allowed) > 0.14]
    assert len(far) < len(pixels) * 0.2


def test_the_idea_keeps_its_face_in_another_size() -> None:
    large = opened(painted("a quiet harbour", size=(640, 640))).resize((16, 16), Image.Resampling.BOX)
    small = opened(painted("a quiet harbour", size=(512, 512))).resize((16, 16), Image.Resampling.BOX)
    assert max(ImageStat.Stat(ImageChops.difference(large, small)).mean) < 12


@pytest.mark.parametrize("image_format", ["png", "webp"])
@pytest.mark.parametrize("variant", range(1, 7))
def test_on_a_clear_background_it_is_a_card(image_format: str, variant: int) -> None:
    for size in ((64, 64), (320, 200), (64, 320)):
        picture = opened(painted(variant=variant, size=size, image_format=image_format, clear=True))
        assert (picture.format, picture.size, picture.mode) == (image_format.upper(), size, "RGBA")
        alpha = picture.getchannel("A").tobytes()
        assert (min(alpha) < 10, max(alpha)) == (True, 255)


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(ValueError, match="bmp"):
        painted(image_format="bmp")


def _neighbours(count: int) -> Iterator[tuple[Image.Image, Image.Image]]:
    pictures = [opened(painted(variant=variant)) for variant in range(1, count + 1)]
    return pairwise(pictures)
