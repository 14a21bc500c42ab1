from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from imgcli.director.direct import compose, direct
from imgcli.director.explain import Omission, Part, left_out
from imgcli.director.styles import parse_style
from imgcli.model.card import Wording
from imgcli.model.prompt import Style
from tests.rows import each_row

PRESETS = sorted(Path("src/imgcli/director/presets").glob("*.toml"))
FILM = Style(
    "film",
    "d",
    "A film still: {prompt}. Low light.",
    keywords=(("medium", ("film still",)), ("lighting", ("side light", "haze")), ("mood", ("grave",))),
    avoid=("flat lighting", "motion blur"),
    palette=("#000001", "#000002", "#000003"),
)
PAINT = Style(
    "paint",
    "d",
    "An oil painting: {prompt}. Thick strokes.",
    keywords=(("medium", ("oil painting",)), ("lighting", ("Haze", "motion blur"))),
    avoid=("photorealism", "film still"),
    palette=("#000004", "#000005", "#000006"),
)


def told(
    prompt: str, styles: Sequence[Style], no: Sequence[str] = (), wording: Wording = Wording.PROSE
) -> tuple[Omission, ...]:
    words = direct(prompt, styles, no, wording)
    return left_out(words, styles, wording, compose(prompt, styles, no, wording))


@each_row("wording", list(Wording))
@each_row("path", PRESETS, ids=lambda path: path.stem)
def test_a_style_alone_says_all_it_has_to_say(path: Path, wording: Wording) -> None:
    style = parse_style(path.read_text("utf-8"), path.stem, "built-in")
    assert told("§", [style], (), wording) == ()


def test_why_a_keyword_is_not_said() -> None:
    found = {(o.style, o.what): o.why for o in told("a car", [FILM, PAINT], ["grave"]) if o.part is Part.KEYWORD}
    assert found == {
        ("film", "grave"): "--no grave names it",
        ("paint", "oil painting"): "the medium of film stands",
        ("paint", "Haze"): "film says it already",
    }


def test_a_keyword_that_a_style_says_twice_is_said_once() -> None:
    twice = replace(FILM, keywords=(("lighting", ("haze", "Haze")),))
    assert told("a car", [twice]) == (Omission("film", Part.KEYWORD, "Haze", "it is said already"),)


def test_why_a_thing_is_not_avoided() -> None:
    found = {
        (o.style, o.what): o.why for o in told("a car, flat lighting", [FILM, PAINT], ["cows"]) if o.part is Part.AVOID
    }
    assert found == {
        ("film", "flat lighting"): "the prompt wishes it",
        ("film", "motion blur"): "paint wishes it",
        ("paint", "film still"): "film wishes it",
    }


def test_what_the_user_rules_out_needs_no_style_to_avoid_it() -> None:
    (only,) = told("a car", [replace(FILM, palette=())], ["flat lighting"])
    assert (only.what, only.why) == ("flat lighting", "--no says it")


def test_one_palette_stands() -> None:
    (only,) = [o for o in told("a car", [FILM, PAINT]) if o.part is Part.PALETTE]
    assert (only.style, only.why) == ("paint", "the palette of film stands")


def test_a_style_with_words_of_its_own_for_keyword_models_leaves_nothing_out() -> None:
    own = replace(FILM, keyword_prompt="{prompt}, film", negative="ugly")
    assert told("a car, flat lighting", [own], ["haze"], Wording.KEYWORDS) == ()


def test_keyword_models_are_told_the_same() -> None:
    found = {(o.style, o.what): o.why for o in told("a car, flat lighting", [FILM, PAINT], ["grave"], Wording.KEYWORDS)}
    assert found[("film", "grave")] == "--no grave names it"
    assert found[("film", "flat lighting")] == "the prompt wishes it"
    assert ("paint", "oil painting") not in found
