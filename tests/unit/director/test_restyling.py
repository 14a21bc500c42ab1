"""What is kept is a constraint, what is freed comes from the style."""

import pytest

from imgcli.director.description import Description
from imgcli.director.direct import direct
from imgcli.director.restyling import USUALLY, Keep, require_free_palette, restyled
from imgcli.director.shelf import open_shelf
from imgcli.errors import UsageError
from imgcli.model.card import Wording
from imgcli.model.prompt import Style

CAR = Description(
    subject="A red car with two doors",
    composition="The car is left of the middle, seen from the side",
    light="Hard noon light from the right",
    palette="Strong red on pale grey",
    medium="A photograph, 35 mm",
    text=("OPEN", "24h"),
)


def test_usually_subject_and_composition_stay_and_all_else_is_the_styles() -> None:
    words = restyled(CAR, USUALLY)
    assert "Keep its subject" in words
    assert "‹A red car with two doors›" in words
    assert "Keep its composition: everything stays where it is; noted as ‹The car is left of the middle" in words
    assert "Its light, colours and medium come from the look alone." in words
    assert not any(part in words for part in (CAR.light, CAR.palette, CAR.medium))
    assert 'The words in it stay as they are written: "OPEN", "24h".' in words


@pytest.mark.parametrize(
    ("keep", "there", "gone"),
    [
        ((Keep.SUBJECT,), ["Its composition is free"], [CAR.composition, "everything stays"]),
        ((Keep.COMPOSITION,), ["may take other shapes", CAR.subject], ["Keep its subject"]),
        ((Keep.PALETTE,), [CAR.palette, "Its light and medium come"], ["light, colours"]),
        ((*Keep,), [CAR.subject, CAR.composition, CAR.palette], [CAR.light, CAR.medium]),
        ((), ["Its composition is free", "may take other shapes"], ["Keep"]),
    ],
)
def test_each_may_be_kept_or_freed(keep: tuple[Keep, ...], there: list[str], gone: list[str]) -> None:
    words = restyled(CAR, keep)
    assert all(text in words for text in there)
    assert not any(text in words for text in gone)


def test_without_a_description_the_picture_itself_must_do() -> None:
    words = restyled(None, USUALLY)
    assert "Keep its subject: who or what it is, its shape, its parts and their number." in words
    assert "‹" not in words


def test_what_is_excluded_is_not_brought_back_by_a_caption() -> None:
    told = Description("A man. A dog beside him", "The dog is right", text=("DOG", "SHOP"))
    words = restyled(told, USUALLY, ("dog",))
    assert "‹A man›" in words
    assert "dog" not in words.casefold()
    assert '"SHOP"' in words
    assert '"' not in restyled(told, USUALLY, ("text",))


def test_the_director_dresses_it() -> None:
    style = open_shelf([])["watercolor"]
    made = direct(restyled(CAR, USUALLY), [style], (), Wording.PROSE)
    assert "‹A red car with two doors›" in made.text
    assert "Medium:" in made.text


def test_a_palette_cannot_be_kept_and_replaced() -> None:
    held = Style("brand", "d", "x: {prompt}.", palette=("#102030",))
    with pytest.raises(UsageError, match="the style brand allows only the colours of its own palette"):
        require_free_palette([held], (Keep.PALETTE,))
    require_free_palette([held], USUALLY)
    require_free_palette([Style("plain", "d", "x: {prompt}.")], (*Keep,))
