from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.scopes import find_scopes
from imgcli.director.tokens import tokens_of
from tests.rows import each_row


def excluded(text: str) -> list[str]:
    tokens = tokens_of(text)
    things = [thing for scope in find_scopes(tokens) for thing in scope.things]
    return [" ".join(token.word for token in tokens[start:end]) for start, end in things]


@each_row(
    ("text", "things"),
    [
        ("no text", ["text"]),
        ("no visible text or logos of any kind", ["text", "logos"]),
        ("without people, cars, or animals", ["people", "cars", "animals"]),
        ("no hat and a red scarf", ["hat"]),
        ("text-free", ["text"]),
        ("devoid of colour", ["colour"]),
        ("empty of people", ["people"]),
        ("neither dogs nor cats", ["dogs", "cats"]),
        ("nothing but sky", ["sky"]),
        ("no. 5", []),
        ("not", []),
        ("not only this", []),
        ("do not show the moon", ["moon"]),
        ("a lamp that must not be blue", ["blue"]),
        ("leave out the cars, skip the sky, minus fog", ["cars", "sky", "fog"]),
        ("a dress except blue", ["blue"]),
        ("no colour except red", ["colour"]),
        ("anything but green", ["green"]),
        ("don't make the dress blue", ["blue"]),
        ("try not to show it; a girl skipping rope", []),
        ("20 minus 5 is not the sum", ["sum"]),
        ("only a chair, nothing else", ["chair", "nothing else"]),
        ("only natural light, just after dawn", []),
        ("just a hint of green", []),
        ("kein Text, keine Logos", ["text", "logos"]),
    ],
)
def test_what_a_text_excludes(text: str, things: list[str]) -> None:
    assert excluded(text) == things


@given(st.lists(st.sampled_from(["no", "not", "a", "x", "or", "and", ",", ".", "free", "of", "-", "nothing", "but"])))
def test_things_are_words_of_the_text_in_order(words: list[str]) -> None:
    tokens = tokens_of(" ".join(words))
    for scope in find_scopes(tokens):
        assert scope.things
        assert all(0 <= start < end <= len(tokens) for start, end in scope.things)
