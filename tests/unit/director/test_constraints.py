import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.constraints import mentions, negatives, sentences, split
from imgcli.director.subjects import COLOUR_NAMES, SUBJECTS
from tests.rows import each_row

TEXT = (
    "No text, letters, words, numbers, captions or typography anywhere in the image: "
    "every surface that could carry writing is blank."
)
things = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)


@pytest.mark.parametrize("typed", ["text", "TEXT", " Text. ", "no text", "any text", "letters", "Typography", "words"])
def test_a_known_subject_gets_its_own_sentence(typed: str) -> None:
    assert sentences([typed], []) == (TEXT,)


@each_row(
    ("typed", "start"),
    [
        ("person", "No people, human figures"),
        ("people", "No people, human figures"),
        ("brand", "No logos, brand names"),
        ("watermarks", "No watermark"),
        ("hands", "No hands or fingers"),
        ("gore", "No blood, gore"),
        ("animals", "No animals"),
        ("cars", "No cars"),
        ("background", "No background scenery"),
        ("shadow", "No cast shadows"),
        ("frames", "No border, frame"),
        ("faces", "No faces"),
        ("reflections", "No reflections"),
        ("clutter", "No clutter"),
        ("lens-flare", "No lens flare"),
        ("Motion  Blur", "No motion blur"),
        ("speech bubbles", "No speech bubbles"),
        ("bodies of water", "The image contains no bodies of water: leave bodies of water out entirely."),
        ("color", "No colour: the image is strictly"),
        ("black and white", "Not black and white"),
        ("red", "No red anywhere in the image: no red objects"),
        ("dark blue tones", "No dark blue anywhere in the image"),
        ("the colour of money", "The image contains no colour of money"),
    ],
)
def test_aliases_plurals_and_colours(typed: str, start: str) -> None:
    (sentence,) = sentences([typed], [])
    assert sentence.startswith(start)


def test_commas_split_and_repeats_are_dropped() -> None:
    assert sentences(["text, logo", "logos,, ,TEXT", "lettering"], []) == (
        TEXT,
        "No logos, brand names, trademarks, emblems or badges: everything in the image is unbranded.",
    )
    assert split(["purple cows, Purple Cows"]) == ("purple cows",)


def test_and_splits_only_between_things_that_are_known() -> None:
    assert split(["text and logos or people"]) == ("text", "logos", "people")
    assert split(["salt and pepper", "black and white", "text and pepper"]) == (
        "salt and pepper",
        "black and white",
        "text and pepper",
    )


def test_nothing_is_asked_of_nothing() -> None:
    assert sentences(["", " , .", ",", "\x1f", "-"], ["-", " "]) == ()
    assert negatives([" "], ["."]) == ""


def test_what_the_style_avoids_is_one_sentence_after_the_users() -> None:
    assert sentences(["cows"], ["motion blur", "haze", "flat light"]) == (
        "The image contains no cows: leave cows out entirely.",
        "Avoid motion blur, haze and flat light.",
    )
    assert sentences([], ["motion blur"]) == ("Avoid motion blur.",)


def test_what_the_user_said_already_is_not_avoided_again() -> None:
    assert sentences(["letters", "cows"], ["text", "no Cows", "glare.", "Glare"])[2:] == ("Avoid glare.",)


def test_negatives_are_a_list_without_repeats_and_the_users_come_first() -> None:
    assert negatives(["cows, hands"], ["Hands", "glare"]) == "cows, hands, fingers, glare"


@pytest.mark.parametrize(
    ("text", "thing", "answer"),
    [
        ("fine film grain", "grain", True),
        ("Film-grain", "film grain", True),
        ("engraining", "grain", False),
        ("two lens flares", "lens flare", True),
        ("block lettering", "text", True),
        ("blue-black ink", "blue", True),
        ("a (strange) thing", "(strange)", True),
        ("cityscape", "city", False),
        ("cities", "city", True),
        ("eine STRASSE", "straße", True),
    ],
)
def test_mentions_are_whole_words_by_any_name(text: str, thing: str, answer: bool) -> None:
    assert mentions(text, thing) is answer


def test_the_table_names_each_thing_once_and_speaks_in_whole_sentences() -> None:
    names = [name for subject in SUBJECTS for name in subject.names]
    assert len(names) == len(set(names))
    assert all(sentences([name], []) == (subject.sentence,) for subject in SUBJECTS for name in subject.names)
    assert not COLOUR_NAMES & set(names)
    assert len(SUBJECTS) >= 15
    for subject in SUBJECTS:
        assert subject.sentence.endswith(".")
        assert subject.sentence[0].isupper()
        assert all(subject.negatives)


@given(no=st.lists(things, max_size=4), avoid=st.lists(things, max_size=4))
def test_every_constraint_of_the_user_survives(no: list[str], avoid: list[str]) -> None:
    told = sentences(no, avoid)
    for typed in no:
        (own,) = sentences([typed], [])
        assert told.count(own) == 1 or own.casefold() in {sentence.casefold() for sentence in told}
        for term in negatives([typed], []).split(", "):
            assert term.casefold() in negatives(no, avoid).casefold().split(", ")
    assert len(told) <= len(no) + 1


@given(st.lists(st.text(max_size=30), max_size=4), st.lists(st.text(min_size=1, max_size=30), max_size=4))
def test_any_words_make_sentences(no: list[str], avoid: list[str]) -> None:
    assert all(sentence.endswith(".") for sentence in sentences(no, avoid))
    assert sentences(no, avoid) == sentences(no, avoid)
    assert all(mentions(f"a {thing} b", thing) for thing in split(no))
