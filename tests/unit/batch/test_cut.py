import pytest

from imgcli.batch.axes import Axis, make_axis
from imgcli.batch.cut import Cutter, Scope, scope_of
from imgcli.batch.draft import Place
from imgcli.batch.template import TemplateError
from imgcli.errors import BatchFileError

PLACE = Place("p", 3, "prompts[1]")


def wood(body: str) -> Axis:
    if body == "@none":
        raise TemplateError("wildcard '{@none}': there is none")
    return make_axis((body,), (("oak",),), "")


def cutter(**words: str | tuple[str, ...]) -> Cutter:
    return Cutter(PLACE, scope_of(words, wood, "; because"), {})


def test_an_axis_is_made_where_it_is_first_met() -> None:
    found = cutter(colour=("red", "blue"))
    found.cut("{@wood} {x|y} {colour}", "prompt")
    found.cut("{colour} {@wood}", "id")
    assert list(found.axes) == ["@wood", "|1", "colour"]
    assert {axis.where for axis in found.axes.values()} == {"prompt"}
    assert found.axes["|1"].rows == (("x",), ("y",))


def test_every_group_of_alternatives_goes_its_own_way() -> None:
    found = cutter()
    assert found.cut("{x|y}{x|y}", "prompt").keys == ("|0", "|1")


def test_the_lists_of_vars_are_shared_and_not_worked_out_again() -> None:
    scope = scope_of({"colour": tuple(str(at) for at in range(1000))}, None, "")
    both = [Cutter(PLACE, scope, {}) for _ in range(2)]
    for one in both:
        one.cut("{colour}", "prompt")
    assert both[0].axes["colour"].words is both[1].axes["colour"].words


def test_text_goes_into_a_name_as_one_part_without_fields() -> None:
    found = cutter(brand="A/B {n}")
    assert found.cut("{brand}-{n}", "name").literals == ("A-B {{n}}-{n}",)
    assert found.cut("{brand}", "out").literals == ("A/B {n}",)


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        (
            "a {",
            "prompt",
            "p:3: prompts[1].prompt: has a single '{'; write {{ for the character, or {key} for a value; b",
        ),
        (
            "{colour}",
            "no",
            "prompts[1].no: unknown field '{colour}'; there is {brand}, and {{ }} for literal braces; b",
        ),
        ("{@none}", "prompt", "prompts[1].prompt: wildcard '{@none}': there is none"),
        ("{a|b}", "style", "prompts[1].style: has alternatives '{a|b}', which only a prompt may have"),
    ],
)
def test_braces_that_do_not_fit_are_told_with_their_key(text: str, where: str, message: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        cutter(brand="x").cut(text, where)
    assert message in str(caught.value)


def test_why_braces_are_read_is_told_only_where_text_was_meant() -> None:
    with pytest.raises(BatchFileError) as caught:
        cutter().cut("{@none}", "prompt")
    assert "because" not in str(caught.value)


def test_without_wildcards_there_are_none() -> None:
    with pytest.raises(BatchFileError, match="which cannot be read here"):
        Cutter(PLACE, Scope(), {}).cut("{@wood}", "prompt")
