import re
from collections import Counter
from importlib.resources import files
from itertools import combinations

from imgcli.director.constraints import mentions
from imgcli.director.direct import direct
from imgcli.director.styles import GROUPS, around_subject, parse_style
from imgcli.model.card import Wording
from imgcli.model.prompt import Style
from imgcli.model.size import WORDS, Size, parse_size
from tests.rows import each_row

TEXTS = {
    entry.name.removesuffix(".toml"): entry.read_text("utf-8")
    for entry in files("imgcli.director").joinpath("presets").iterdir()
    if entry.name.endswith(".toml")
}
STYLES = {name: parse_style(text, name, "built-in") for name, text in sorted(TEXTS.items())}

SPAM = (
    "masterpiece",
    "4k",
    "8k",
    "16k",
    "uhd",
    "hdr",
    "trending",
    "artstation",
    "award-winning",
    "best quality",
    "high quality",
    "highly detailed",
    "ultra-detailed",
    "ultra-realistic",
    "hyperrealistic",
    "photorealistic",
    "stunning",
    "breathtaking",
    "unreal engine",
    "octane",
    "in the style of",
)
# fmt: off
FOREIGN = (
    "kodak", "fuji", "leica", "polaroid", "instax", "hasselblad", "arri", "technicolor", "panavision", "cinemascope",
    "pixar", "disney", "ghibli", "marvel", "lego", "minecraft", "tintin", "hokusai", "mucha", "argento", "hitchcock",
)
# fmt: on
FAMILIES = {
    "photo",
    "cinema",
    "illustration",
    "3d",
    "graphic-design",
    "ui-icon",
    "game-asset",
    "product",
    "architecture",
    "print-and-craft",
}
SUBJECTS = ("a red car", "an old fisherman", "a mountain valley", "the letter A")
PROMPTS = ("a car", "an old woman laughing", "mountains at the sea", "A fox reads. Snow falls.", "why not {this}?")

each_style = each_row("style", STYLES.values(), ids=STYLES)


def spoken(style: Style) -> str:
    terms = [term for _, group in style.keywords for term in group]
    return " ".join([style.description, style.prose, *terms, *style.avoid]).casefold()


def told(prose: str) -> list[str]:
    """The sentences of `prose`, so far that two of them that say the same are equal."""
    return [re.sub(r"\W+", " ", sentence).strip() for sentence in re.split(r"(?<=[.!?:])\s+", prose.casefold())]


def slips(text: str) -> list[str]:
    """What an editor would mark in `text`: a for an, a word twice, a word cut at a line's end, a small first letter."""
    articles = r"\ba (?!one\b|uni|use|eu)[aeiou8]\w*|\ban (?!hour|honest)[b-df-hj-np-tv-z]\w*"
    found = re.finditer(rf"(?i:{articles})|\b(\w+) \1\b|\w+- \w+|(?<=[.!?] )[a-z]\w*", text)
    return [slip[0] for slip in found]


def distance(one: str, other: str) -> float:
    """Between two `#rrggbb`, 0 to 441."""
    pairs = zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def apart(one: Style, other: Style) -> float:
    """The mean distance from a colour of either palette to the nearest of the other."""
    nearest = [min(distance(a, b) for b in other.colours) for a in one.colours]
    nearest += [min(distance(a, b) for a in one.colours) for b in other.colours]
    return sum(nearest) / len(nearest)


def test_there_are_at_least_sixty_and_cinematic_is_one() -> None:
    assert len(STYLES) >= 60
    assert "cinematic" in STYLES
    assert STYLES["cinematic"].size == "1536x1024"


def test_every_family_has_at_least_five_styles_and_no_style_stands_outside() -> None:
    count = Counter(style.family for style in STYLES.values())
    assert set(count) == FAMILIES
    assert {family: n for family, n in count.items() if n < 5} == {}


@each_style
def test_a_preset_is_complete(style: Style) -> None:
    assert 10 <= len(style.description) < 65
    assert not style.description.endswith(".")
    assert 180 <= len(style.prose) <= 700
    assert tuple(group for group, _ in style.keywords) == GROUPS
    assert 3 <= len(style.avoid) <= 6
    assert 4 <= len(style.colours) <= 5
    assert len(set(style.colours)) == len(style.colours)


@each_style
def test_a_preset_gives_the_subject_a_sentence_of_its_own(style: Style) -> None:
    # "still of {prompt}, lit by" breaks with a prompt that is a sentence; ": {prompt}." takes any.
    before, after = around_subject(style.prose)
    assert re.fullmatch(r"[A-Z][^.]+: ", before)
    assert after.startswith(". ")
    assert 3 <= len(re.findall(r"[.!?](?:\s|$)", style.prose)) <= 5


@each_style
def test_a_preset_names_no_artist_no_brand_and_no_spam(style: Style) -> None:
    words = spoken(style)
    assert [bad for bad in SPAM + FOREIGN if re.search(rf"\b{re.escape(bad)}\b", words)] == []


@each_style
def test_a_preset_does_not_avoid_what_it_asks_for(style: Style) -> None:
    terms = [style.prose, *(term for _, group in style.keywords for term in group)]
    assert [(term, thing) for term in terms for thing in style.avoid if mentions(term, thing)] == []


@each_style
def test_a_preset_never_raises_the_price_unseen(style: Style) -> None:
    assert style.quality is None
    if style.size is not None:
        assert parse_size(style.size) in {Size(*sides) for sides in WORDS.values()}


@each_style
@each_row("prompt", PROMPTS)
@each_row("wording", list(Wording))
def test_a_preset_directs_any_subject_cleanly(style: Style, prompt: str, wording: Wording) -> None:
    text = direct(prompt, [style], ["text", "zebras"], wording).text
    assert text.count(prompt) == 1
    assert not re.search(r"  |\.\.|,,| [.,;:]|[?!]\.|\n", text.replace(prompt, "X"))
    assert not re.search(r"[?!.]\.", text)
    assert "{prompt}" not in text


@each_style
@each_row("subject", SUBJECTS)
def test_a_preset_reads_as_english_around_any_subject(style: Style, subject: str) -> None:
    text = direct(subject, [style], [], Wording.PROSE).text
    assert slips(style.description) == slips(text) == []
    assert f": {subject}. " in text
    assert text.endswith(".")


def test_slips_are_seen() -> None:
    assert slips("A orange and an pear on on dry- brush paper. it is an 8x10 print, a one-off of a union.") == [
        "A orange",
        "an pear",
        "on on",
        "dry- brush",
        "it",
    ]


def test_no_two_presets_say_the_same() -> None:
    descriptions = Counter(style.description.casefold() for style in STYLES.values())
    sentences = Counter(sentence for style in STYLES.values() for sentence in set(told(style.prose)))
    del sentences["prompt"]
    assert [text for text, n in (descriptions + sentences).items() if n > 1] == []


def test_palettes_are_told_apart() -> None:
    close = [(one.name, other.name) for one, other in combinations(STYLES.values(), 2) if apart(one, other) < 25]
    assert close == []
    colours = [colour for style in STYLES.values() for colour in style.colours]
    assert len(colours) == len(set(colours))


def test_any_two_presets_blend_in_less_than_a_page() -> None:
    for one, other in combinations(STYLES.values(), 2):
        text = direct("a car", [one, other], ["text"], Wording.PROSE).text
        assert len(text) < 3000
        assert text.count("a car") == 1
