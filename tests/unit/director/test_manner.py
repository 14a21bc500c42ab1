import pytest

from imgcli.director.manner import Manner, manners
from imgcli.director.reading import Reading


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a car", ""),
        ("a car at night", "light"),
        ("a light blue car", ""),
        ("a dark green coat", ""),
        ("a woman in a red coat", ""),
        ("a dog on a beach", "setting"),
        ("a dog, 85 mm lens", "camera"),
        ("a watercolor of a dog", "medium"),
        ("a dog, rule of thirds", "composition"),
        ("a wooden table", "texture"),
        ("a house, no shadows", ""),
        ("a house at golden hour seen from above", "camera light"),
        ("a bottle on a white background", "composition setting"),
        ("a cat on a green sofa", "setting"),
        ("a woman in red and blue", ""),
        ("a photographer painting a fence", ""),
        ("packaging, pastel colours", ""),
        ("a pastel of a dog", "medium"),
    ],
)
def test_what_a_prompt_says_of_how_it_is_shown(text: str, said: str) -> None:
    assert {manner.value for manner in manners(Reading(text))} == set(said.split())


def test_an_expansion_says_them_in_order() -> None:
    assert [manner.value for manner in Manner] == ["medium", "camera", "setting", "light", "texture", "composition"]


def test_words_may_be_left_out_of_account() -> None:
    assert manners(Reading("an abstract background"), besides=frozenset({"background"})) == frozenset()
