import pytest

from imgcli.director.kinds import Kind, kind_of, table
from imgcli.director.manner import Manner, manners
from imgcli.director.reading import Reading
from imgcli.director.tokens import tokens_of
from imgcli.director.word_lists import words

KINDS = [
    # What is said of the picture is not what it shows.
    ("hero shot of a perfume bottle", "product"),
    ("hero image for a landing page of a bank", "marketing"),
    ("website hero, wide", "marketing"),
    ("cybersecurity hero image", "marketing"),
    ("hero shot, a running shoe", "wear"),
    ("a child drawing of a house", "building"),
    ("low angle skyscraper", "tower"),
    ("drone shot of a harbour", "city"),
    ("portrait of a horse", "animal"),
    ("headshot of a CEO", "person"),
    ("portrait", "person"),
    # A word is not always the thing it names first.
    ("hot dog with mustard", "food"),
    ("roast duck with vegetables", "food"),
    ("teddy bear on a shelf", "product"),
    ("computer mouse on a desk", "product"),
    ("chess knight", "product"),
    ("paper boat", "product"),
    ("dragon fruit", "produce"),
    ("a wall of stars", "unknown"),
    # The head noun counts, not any word beside it.
    ("tote bag", "product"),
    ("a mug mockup", "product"),
    ("a ceramic mug with a logo", "product"),
    ("laptop on a desk with a dashboard on screen", "product"),
    ("cat food packaging", "product"),
    ("running shoes, side view", "wear"),
    ("boxing gloves", "wear"),
    ("swimming pool", "unknown"),
    ("coffee shop interior", "interior"),
    ("farmers market in Provence", "city"),
    ("sports car", "car"),
    ("grandmother baking bread", "person"),
    ("a dress with a floral pattern", "wear"),
    ("mountain lake at sunrise", "water"),
    # Interfaces, graphics and what others are put on.
    ("UI mockup of a banking app", "ui"),
    ("dashboard UI for a fitness app, dark mode", "ui"),
    ("landing page for a coffee brand", "ui"),
    ("dog walking app icon", "graphic"),
    ("settings icon, line style", "graphic"),
    ("an abstract background", "ground"),
    ("website background, blue gradient", "ground"),
    ("Instagram post for a bakery", "marketing"),
    ("business card for an architect", "sheet"),
    # Groups are what they consist of; several people are no portrait.
    ("a slice of chocolate cake", "food"),
    ("glass of orange juice", "drink"),
    ("a pack of wolves", "animal"),
    ("two friends laughing in a café", "group"),
    ("group of children playing in a park", "group"),
    ("a cat and a vase", "unknown"),
    ("climate change", "unknown"),
    ("a fish underwater", "sealife"),
    ("a car underwater", "sealife"),
]


@pytest.mark.parametrize(("prompt", "kind"), KINDS)
def test_the_kind_of_a_subject(prompt: str, kind: str) -> None:
    assert kind_of(Reading(prompt)).name == kind


@pytest.mark.parametrize("kind", table().kinds.values(), ids=lambda kind: kind.name)
def test_every_phrase_says_what_it_is_there_for(kind: Kind) -> None:
    said = (
        *((Manner.MEDIUM, text) for text in kind.medium),
        *((Manner.CAMERA, text) for text in kind.camera),
        *((Manner.TEXTURE, text) for text in kind.texture),
        *((Manner.COMPOSITION, text) for text in kind.composition),
        *((Manner.SETTING, text) for text, _ in kind.places),
        *((Manner.LIGHT, text) for _, text in kind.places),
    )
    assert [text for manner, text in said if manner not in manners(Reading(text))] == []
    assert all(len(text.split()) <= 11 for _, text in said)


SUBSTANCES = words(
    "wood wooden oak walnut timber leather metal brass steel chrome glass ceramic porcelain marble stone slate brick "
    "linen plaster concrete paper canvas rubber plastic"
)


def test_no_texture_names_a_substance() -> None:
    textures = [text for kind in table().kinds.values() for text in kind.texture]
    assert [text for text in textures if SUBSTANCES & {token.word for token in tokens_of(text)}] == []
