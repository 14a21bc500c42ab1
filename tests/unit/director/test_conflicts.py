import pytest

from imgcli.director.conflicts import SETTLED, conflicts
from imgcli.director.direct import direct
from imgcli.model.card import Wording
from imgcli.model.prompt import Style

FILM = Style(
    "film",
    "d",
    "A film still: {prompt}. Low light.",
    keywords=(("medium", ("film still", "grain")), ("lighting", ("side light", "haze"))),
    avoid=("flat lighting",),
    size="1536x1024",
)
PAINT = Style(
    "paint",
    "d",
    "An oil painting: {prompt}. Warm darks.",
    keywords=(("medium", ("oil painting",)), ("lighting", ("Haze", "even flat lighting"))),
    avoid=("photorealism",),
    size="1024x1536",
    quality="high",
)
MORE_FILM = Style("more-film", "d", "{prompt}. More.", keywords=(("medium", ("Film still",)),), size="1536x1024")

MEDIA = 'film is made as "film still", paint as "oil painting": film comes first and wins'
SIZES = "film wants size 1536x1024, paint wants 1024x1536: film comes first and wins"
LIGHTS = 'film avoids flat lighting, paint asks for "even flat lighting": paint wins'


def test_each_conflict_is_a_sentence_with_who_wins() -> None:
    assert conflicts([FILM, PAINT], Wording.PROSE) == (MEDIA, SIZES, LIGHTS)
    assert conflicts([PAINT, FILM], Wording.PROSE) == (
        'paint is made as "oil painting", film as "film still": paint comes first and wins',
        "paint wants size 1024x1536, film wants 1536x1024: paint comes first and wins",
        LIGHTS,
    )


@pytest.mark.parametrize("styles", [[], [FILM], [FILM, FILM], [FILM, MORE_FILM]])
@pytest.mark.parametrize("wording", list(Wording))
def test_what_agrees_is_no_conflict(styles: list[Style], wording: Wording) -> None:
    assert conflicts(styles, wording) == ()


def test_every_further_style_that_differs_is_named() -> None:
    third = Style("third", "d", "{prompt}. X.", keywords=(("medium", ("ink",)),), size="1024x1024")
    told = conflicts([FILM, PAINT, third], Wording.PROSE)
    assert 'film is made as "film still", third as "ink": film comes first and wins' in told
    assert "film wants size 1536x1024, third wants 1024x1024: film comes first and wins" in told


@pytest.mark.parametrize("key", SETTLED)
def test_what_the_user_decided_is_no_conflict_of_styles(key: str) -> None:
    one, other = (Style(name, "d", "{prompt}. X.", **{key: name}) for name in ("one", "other"))  # type: ignore[arg-type]
    assert conflicts([one, other], Wording.PROSE) == (
        f"one wants {key} one, other wants other: one comes first and wins",
    )
    assert conflicts([one, other], Wording.PROSE, [key]) == ()
    assert conflicts([one, other], Wording.PROSE, set(SETTLED) - {key}) != ()


def test_a_style_without_a_wish_leaves_it_to_the_next() -> None:
    assert conflicts([Style("any", "d", "{prompt}. X."), FILM, MORE_FILM], Wording.PROSE) == ()


def test_two_palettes_are_told_to_models_that_are_told_of_palettes() -> None:
    one = Style("one", "d", "{prompt}. X.", palette=("#111111", "#222222"))
    same = Style("same", "d", "{prompt}. Y.", palette=("#222222", "#111111"))
    other = Style("other", "d", "{prompt}. Z.", palette=("#333333",))
    assert conflicts([one, same, other], Wording.PROSE) == (
        "one and other each keep to a palette of their own: one comes first and wins",
    )
    assert conflicts([one, other], Wording.KEYWORDS) == ()


def test_a_keyword_model_is_told_both_media() -> None:
    told = conflicts([FILM, PAINT], Wording.KEYWORDS)
    assert told[0] == 'film is made as "film still", paint as "oil painting": a keyword model is told both'
    whole = Style("whole", "d", "{prompt}. X.", keywords=PAINT.keywords, keyword_prompt="ink, {prompt}")
    assert conflicts([FILM, whole], Wording.KEYWORDS) == ()


def test_what_is_told_is_what_was_done() -> None:
    for wording in Wording:
        made = direct("a car", [FILM, PAINT], (), wording)
        assert "flat lighting" not in made.text.replace("even flat lighting", "") + made.negative
        assert "photorealism" in made.text + made.negative


def test_a_whole_keyword_prompt_asks_in_place_of_keywords_and_a_negative_one_avoids_in_place_of_avoid() -> None:
    whole = Style("whole", "d", "{prompt}. X.", keyword_prompt="photo of {prompt}, (flat lighting:1.2)")
    assert conflicts([FILM, whole], Wording.PROSE) == ()
    (line,) = conflicts([FILM, whole], Wording.KEYWORDS)
    assert line == 'film avoids flat lighting, whole asks for "(flat lighting:1.2)": whole wins'
    assert "flat lighting" not in direct("a car", [FILM, whole], (), Wording.KEYWORDS).negative
    own = Style("own", "d", "{prompt}. X.", avoid=("flat lighting",), negative="lowres")
    assert conflicts([own, PAINT], Wording.KEYWORDS) == ()
    assert direct("a car", [own, PAINT], (), Wording.KEYWORDS).negative == "photorealism, lowres"
    assert conflicts([own, PAINT], Wording.PROSE) != ()
