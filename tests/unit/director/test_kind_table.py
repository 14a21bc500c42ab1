from imgcli.director.kind_table import Kind, table
from imgcli.director.manner import Manner, manners
from imgcli.director.reading import Reading
from imgcli.director.tokens import tokens_of
from imgcli.director.word_lists import words
from tests.rows import each_row


@each_row("kind", table().kinds.values(), ids=lambda kind: kind.name)
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
