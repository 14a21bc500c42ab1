import re
from collections import Counter
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.conflicts import conflicts
from imgcli.director.constraints import mentions, sentences, split
from imgcli.director.direct import PRECEDENCE, asked_for, avoids, compose, direct
from imgcli.errors import UsageError
from imgcli.model.card import Wording
from imgcli.model.prompt import EXCLUDED, TYPED, DirectedPrompt, Style

FILM = Style(
    "film-still",
    "d",
    "A film still: {prompt}. Low light from the side.",
    keywords=(("medium", ("film still",)), ("lighting", ("side light", "haze")), ("palette", ("teal",))),
    avoid=("flat lighting", "motion blur"),
    colours=("#000001", "#000002", "#000003"),
)
PAINT = Style(
    "paint",
    "d",
    "Thick strokes lead the eye. An oil painting of {prompt}, on linen. Warm darks.",
    keywords=(("medium", ("oil painting",)), ("lighting", ("Haze", "window light")), ("mood", ("grave",))),
    avoid=("photorealism",),
    colours=("#000003", "#000004", "#000005"),
)
BARE = Style("bare", "d", "A moody photo of {prompt}, shot at dusk")
STYLES = (FILM, PAINT, BARE)

# A mark that no style has lets a test count the prompt, whatever else it says.
subjects = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(lambda text: f"§{text.strip()}§")
bags = st.lists(st.sampled_from(STYLES), max_size=3)
bans = st.lists(st.text(st.characters(categories=["L"]), min_size=1, max_size=12), max_size=3)
wordings = st.sampled_from(list(Wording))


def prose(prompt: str, styles: tuple[Style, ...] = (), no: tuple[str, ...] = ()) -> str:
    return direct(prompt, styles, no, Wording.PROSE).text


def test_one_style() -> None:
    assert direct("a car", [FILM], ["text, cows"], Wording.PROSE) == DirectedPrompt(
        typed="a car",
        text=(
            "A film still: a car. Low light from the side. "
            "Medium: film still; lighting: side light, haze; palette: teal. "
            f"{sentences(['text'], [])[0]} "
            "The image contains no cows: leave cows out entirely. "
            f"Avoid flat lighting and motion blur. {PRECEDENCE}"
        ),
        styles=("film-still",),
        constraints=("text, cows",),
        colours=FILM.colours,
        versions=(FILM.version,),
    )


def test_a_further_style_gives_what_it_says_beside_the_subject() -> None:
    assert prose("a car", (FILM, PAINT)) == (
        "A film still: a car. Low light from the side. "
        "Blend in the look of paint: Thick strokes lead the eye. Warm darks. "
        "Medium: film still; lighting: side light, haze, window light; palette: teal; mood: grave. "
        "Avoid flat lighting, motion blur and photorealism."
    )


def test_a_further_style_of_one_sentence_speaks_of_the_same_subject() -> None:
    assert "Blend in the look of bare: A moody photo of the same subject, shot at dusk." in prose("a car", (FILM, BARE))


def test_keywords() -> None:
    directed = direct("a car", [FILM, PAINT], ["text"], Wording.KEYWORDS)
    assert directed.text == "a car, film still, side light, haze, teal, oil painting, window light, grave"
    assert directed.negative == (
        "text, letters, words, numbers, captions, typography, flat lighting, motion blur, photorealism"
    )


def test_a_style_without_keywords_is_not_silent_for_keyword_models() -> None:
    text = direct("a car", [BARE], [], Wording.KEYWORDS).text
    assert text == "a car, A moody photo of the same subject, shot at dusk"


@pytest.mark.parametrize("wording", list(Wording))
@pytest.mark.parametrize("no", [[], [""], [" , "]])
@given(prompt=st.text(min_size=1).filter(str.strip))
def test_without_styles_and_constraints_the_prompt_is_left_alone(wording: Wording, no: list[str], prompt: str) -> None:
    directed = direct(prompt, [], no, wording)
    assert (directed.text, directed.negative) == (prompt, "")


@pytest.mark.parametrize("prompt", ["", " ", "\n\t"])
def test_no_prompt_is_refused(prompt: str) -> None:
    with pytest.raises(UsageError, match="the prompt is empty"):
        direct(prompt, [FILM], [], Wording.PROSE)


@pytest.mark.parametrize(
    ("prompt", "start"),
    [
        ("a car", "A film still: a car. Low"),
        ("A car drives. It rains.", "A film still: A car drives. It rains. Low"),
        ("where is the car?", "A film still: where is the car? Low"),
        ('a sign saying "Stop!"', 'A film still: a sign saying "Stop!" Low'),
        (" a car\n", "A film still: a car. Low"),
        ("{prompt} {{x}} %s", "A film still: {prompt} {{x}} %s. Low"),
        ("first line\n\nsecond  line", "A film still: first line\n\nsecond  line. Low"),
    ],
)
def test_any_prompt_reads_as_a_sentence(prompt: str, start: str) -> None:
    assert prose(prompt, (FILM,)).startswith(start)


def test_a_style_that_does_not_end_its_sentence_gets_its_full_stop() -> None:
    assert prose("a car", (BARE,)) == "A moody photo of a car, shot at dusk."
    assert prose("a car", (), ("cows",)).startswith("a car. The image contains no cows")


def test_literal_braces_of_a_style_are_kept_as_braces() -> None:
    odd = Style("odd", "d", "Say {{prompt}}: {prompt}. Then {{x}}.")
    assert prose("a {car}", (odd,)) == "Say {prompt}: a {car}. Then {x}."
    assert "Blend in the look of odd: Then {x}." in prose("a car", (BARE, odd))


def test_a_keyword_that_names_what_the_user_excluded_is_left_out() -> None:
    assert "haze" not in prose("a car", (FILM, PAINT), ("fog",)).split("No fog")[0]
    assert "teal" not in direct("a car", [FILM], ["teal"], Wording.KEYWORDS).text


def test_what_the_prompt_asks_for_is_not_avoided() -> None:
    text = prose("a runner with motion blur", (FILM,))
    assert text.endswith("Avoid flat lighting.")


def test_what_another_style_asks_for_is_not_avoided() -> None:
    moving = Style("moving", "d", "{prompt}. Long.", keywords=(("camera", ("strong motion blur",)),))
    for order in ((FILM, moving), (moving, FILM)):
        assert prose("a car", order).endswith("Avoid flat lighting.")


def test_the_same_style_twice_counts_once() -> None:
    assert direct("a car", [FILM, PAINT, FILM], [], Wording.PROSE) == direct("a car", [FILM, PAINT], [], Wording.PROSE)


@given(prompt=subjects, styles=bags, no=bans)
def test_the_prompt_stands_in_the_text_once_and_verbatim(prompt: str, styles: list[Style], no: list[str]) -> None:
    directed = direct(prompt, styles, [ban for ban in no if "§" not in ban], Wording.PROSE)
    assert directed.text.count(prompt) == 1
    assert directed.typed == prompt


@given(prompt=subjects, styles=bags, no=bans)
def test_every_constraint_is_told_after_the_style(prompt: str, styles: list[Style], no: list[str]) -> None:
    text = prose(prompt, tuple(styles), tuple(no))
    told = sentences(no, [])
    assert " ".join(told) in text
    if told and styles:
        assert text.endswith(PRECEDENCE)


@given(prompt=subjects, styles=bags, no=bans, wording=wordings)
def test_the_same_words_give_the_same_prompt(prompt: str, styles: list[Style], no: list[str], wording: Wording) -> None:
    assert direct(prompt, styles, no, wording) == direct(prompt, tuple(styles), tuple(no), wording)


@pytest.mark.parametrize("order", list(permutations(STYLES)))
def test_order_decides_who_leads_and_nothing_is_lost(order: tuple[Style, ...]) -> None:
    directed = direct("a car", order, [], Wording.PROSE)
    lead = order[0].prose.replace("{prompt}", "a car")
    assert directed.text.startswith(lead)
    assert directed.styles == tuple(style.name for style in order)
    assert set(directed.colours) == set(FILM.colours + PAINT.colours)
    assert len(directed.colours) == len(set(directed.colours))
    for style in order[1:]:
        assert f"Blend in the look of {style.name.replace('-', ' ')}: " in directed.text
    for term in ("side light", "window light", "teal", "grave", "flat lighting", "motion blur", "photorealism"):
        assert term in directed.text


@pytest.mark.parametrize("lead", [FILM, PAINT])
def test_the_order_of_further_styles_moves_words_and_changes_none(lead: Style) -> None:
    further = [style for style in STYLES if style is not lead]
    one, other = (prose("a car", (lead, *order)) for order in (further, further[::-1]))
    assert one != other
    assert sorted(re.findall(r"\w+", one.casefold())) == sorted(re.findall(r"\w+", other.casefold()))


def test_only_the_first_medium_stands() -> None:
    assert "Medium: film still; " in prose("a car", (FILM, PAINT))
    assert "Medium: oil painting; " in prose("a car", (BARE, PAINT, FILM))


@given(styles=st.permutations(STYLES))
def test_keyword_models_get_all_terms_in_any_order(styles: list[Style]) -> None:
    directed = direct("a car", styles, [], Wording.KEYWORDS)
    terms = {term.casefold() for style in STYLES for _, group in style.keywords for term in group}
    assert all(term in directed.text.casefold() for term in terms)
    assert directed.text.casefold().count("haze") == 1


@given(subjects, bags, bans, wordings)
def test_the_pieces_are_the_text(prompt: str, styles: list[Style], no: list[str], wording: Wording) -> None:
    pieces = compose(prompt, styles, no, wording)
    assert "".join(text for text, _ in pieces) == direct(prompt, styles, no, wording).text
    names = {style.name for style in styles}
    assert all(origin in {TYPED, EXCLUDED} or set(origin.split("+")) <= names for _, origin in pieces)


def test_a_whole_keyword_prompt_takes_what_is_there_as_its_subject() -> None:
    inner = Style(
        "inner", "d", "{prompt}.", keyword_prompt="ink of {prompt} , fine lines", negative="blurry, (bad:1.2)"
    )
    outer = Style("outer", "d", "{prompt}.", keyword_prompt="masterpiece, {prompt}", negative="lowres")
    made = direct("a car", [inner, outer, FILM], ["text"], Wording.KEYWORDS)
    assert made.text == "masterpiece, ink of a car , fine lines, film still, side light, haze, teal"
    assert made.negative.endswith("flat lighting, motion blur, blurry, (bad:1.2), lowres")


def test_the_palette_of_the_first_style_that_has_one_is_told() -> None:
    brand = Style("brand", "d", "A poster: {prompt}.", palette=("#112233", "#445566"))
    other = Style("other", "d", "A print: {prompt}.", palette=("#ffffff",))
    text = prose("a car", (brand, other))
    assert "Use only these colours and shades of them: #112233, #445566." in text
    assert "#ffffff" not in text
    assert direct("a car", [brand], (), Wording.PROSE).colours == brand.palette


def test_a_whole_keyword_prompt_is_spared_the_terms_the_user_excluded() -> None:
    whole = Style(
        "whole", "d", "{prompt}.", keyword_prompt="film grain, ink of {prompt} on paper, (grain, haze), noise"
    )
    made = direct("a car", [whole], ["grain", "haze"], Wording.KEYWORDS).text
    assert made == "ink of a car on paper, (grain, haze)"


# The laws of blending, over styles of every shape

words = st.sampled_from(["film still", "side light", "haze", "Haze", "teal", "grain", "oil", "ink", "blur", "35 mm"])
terms = st.lists(words, max_size=3).map(tuple)
hexes = st.lists(st.sampled_from(["#000000", "#ffffff", "#123456"]), max_size=2, unique=True).map(tuple)
optional = st.sampled_from([None, "square", "portrait"])


@st.composite
def looks(draw: st.DrawFn) -> list[Style]:
    """Up to four different styles."""
    made = [
        Style(
            name,
            "d",
            f"Look {name}: {{prompt}}. Mark {name}.",
            keywords=tuple((group, found) for group in ("medium", "lighting", "mood") if (found := draw(terms))),
            avoid=draw(terms),
            size=draw(optional),
            quality=draw(optional),
            palette=draw(hexes),
            keyword_prompt=draw(st.sampled_from(["", f"whole {name} {{prompt}}, grain, more"])),
            negative=draw(st.sampled_from(["", f"bad {name}"])),
            version=name,
        )
        for name in ("one", "two", "three", "four")
    ]
    return made[: draw(st.integers(0, 4))]


@given(styles=looks(), seed=st.randoms(use_true_random=False), wording=wordings)
def test_the_order_of_further_styles_never_changes_the_lead(
    styles: list[Style], seed: Random, wording: Wording
) -> None:
    further = styles[1:]
    seed.shuffle(further)
    one, other = (direct("§", [*styles[:1], *rest], (), wording) for rest in (styles[1:], further))
    assert one.styles[:1] == other.styles[:1]
    if styles and wording is Wording.PROSE:
        lead = "Look one: §. Mark one."
        assert one.text.startswith(lead)
        assert other.text.startswith(lead)
        held = dict(styles[0].keywords).get("medium")
        if held:
            assert all(f"Medium: {held[0]}" in made.text for made in (one, other))
        if styles[0].palette:
            assert all(
                f"these colours and shades of them: {', '.join(styles[0].palette)}" in t for t in (one.text, other.text)
            )


@given(styles=looks(), seed=st.randoms(use_true_random=False), no=st.lists(words, max_size=2), wording=wordings)
def test_a_style_twice_counts_once(styles: list[Style], seed: Random, no: list[str], wording: Wording) -> None:
    again = [*styles, *(style for style in styles if seed.random() < 0.5)]
    assert direct("§", again, no, wording) == direct("§", styles, no, wording)
    assert conflicts(again, wording) == conflicts(styles, wording)


@given(styles=looks(), no=st.lists(words, min_size=1, max_size=3), wording=wordings)
def test_no_keyword_names_an_excluded_thing(styles: list[Style], no: list[str], wording: Wording) -> None:
    names = {style.name for style in styles}
    terms = {term for style in styles for _, group in style.keywords for term in group}
    # What a term is said in, "; lighting: haze" or ", haze", ends with it.
    told = [text for text, origin in compose("§", styles, no, wording) if origin in names]
    for text in told:
        ended = {term for term in terms if text.rstrip(".").endswith((f", {term}", f": {term}"))}
        assert not [(term, thing) for term in ended for thing in split(no) if mentions(term, thing)]
        if "whole" in text or "more" in text:
            assert not any(mentions("grain", thing) for thing in split(no)) or "grain" not in text


@given(styles=looks(), wording=wordings)
def test_a_keyword_is_said_once_and_what_one_asks_for_is_avoided_by_no_other(
    styles: list[Style], wording: Wording
) -> None:
    made = [text for text, origin in compose("§", styles, (), wording) if "Avoid" not in text]
    spoken = [term.casefold() for style in styles for term in asked_for(style, wording)]
    # A whole prompt is one text of many terms, and may repeat a keyword.
    if not any(style.keyword_prompt for style in styles):
        counted = Counter(text.split(": ")[-1].strip(" ,;.").casefold() for text in made)
        assert all(counted[term] <= 1 for term in spoken)
    for hater in styles:
        for thing in avoids(hater, wording):
            lovers = [s for s in styles if s is not hater and any(mentions(t, thing) for t in asked_for(s, wording))]
            line = any(
                f"{hater.name} avoids {thing}, {lover.name} asks" in told
                for lover in lovers
                for told in conflicts(styles, wording)
            )
            assert line is bool(lovers)


def test_a_palette_that_is_held_to_leaves_no_other_colours_to_be_named() -> None:
    brand = Style("brand", "d", "A poster: {prompt}.", palette=("#112233",), keywords=(("palette", ("hot pink",)),))
    text = prose("a car", (brand, FILM))
    assert "hot pink" not in text
    assert "teal" not in text
    assert "side light" in text
    assert "hot pink" in direct("a car", [brand], (), Wording.KEYWORDS).text
