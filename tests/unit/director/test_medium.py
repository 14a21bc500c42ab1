import pytest

from imgcli.director.medium import families, style_families
from imgcli.director.reading import Reading
from imgcli.model.prompt import Style


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("a photo of a dog", ["photograph"]),
        ("an old, faded photograph of a dog", ["photograph"]),
        ("a dog in watercolor", ["painting"]),
        ("a dog, loose watercolor style", ["painting"]),
        ("film still, a dog", ["photograph"]),
        ("a photo of a watercolor box", ["photograph"]),
        ("a painting on the wall of a museum", []),
        ("watercolor brushes in a jar", []),
        ("a pixel phone", []),
        ("oil lamp", []),
        ("a dog", []),
    ],
)
def test_the_medium_a_prompt_asks_for(prompt: str, asked: list[str]) -> None:
    assert sorted(families(Reading(prompt))) == asked


def test_the_medium_of_a_style_is_its_first() -> None:
    style = Style("mine", "", "{prompt}", (("medium", ("oil painting on linen", "photograph")),))
    assert style_families(style) == {"painting"}
    assert style_families(Style("mine", "", "{prompt}")) == frozenset()
