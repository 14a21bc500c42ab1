import re

import pytest

from imgcli.director.style_file import GROUPS, KEYS, read_draft
from imgcli.director.style_new import EXTENDING, TEMPLATE, render_new
from imgcli.director.styles import inherit, parse_style
from imgcli.errors import StyleError
from imgcli.model.prompt import Style


def test_the_template_is_a_style_that_uses_every_group() -> None:
    style = parse_style(TEMPLATE, "mine", "mine.toml")
    assert tuple(group for group, _ in style.keywords) == GROUPS
    assert style.size is None
    for key in ("size", "quality", "family", "background", "palette", "keyword_prompt", "negative"):
        mended = re.sub(rf"^# ({key} = )", r"\1", TEMPLATE, flags=re.MULTILINE)
        assert getattr(parse_style(mended, "mine", "mine.toml"), key)


@pytest.mark.parametrize("described", ['Say "cheese" \\ now', "Ölfarbe 🎨", "ends in a backslash \\", "{prompt}"])
def test_a_new_style_carries_its_description(described: str) -> None:
    style = parse_style(render_new("mine", f" {described} "), "mine", "mine.toml")
    assert style.description == described
    assert style.prose == parse_style(TEMPLATE, "mine", "mine.toml").prose


@pytest.mark.parametrize(
    ("name", "described", "key"),
    [("Mine", "d", "name"), ("mine", "", "description"), ("mine", "a\nb", "description"), ("mine", "x" * 301, "desc")],
)
def test_a_new_style_with_a_bad_name_or_description_is_refused(name: str, described: str, key: str) -> None:
    with pytest.raises(StyleError, match=f"^{name}.toml: {key}"):
        render_new(name, described)


def uncommented(text: str) -> str:
    """Every key of a template in use: what a designer gets who removes the # before it."""
    return re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)


def test_every_key_stands_in_a_template() -> None:
    told = {
        key for text in (TEMPLATE, EXTENDING) for key in re.findall(r"^([a-z_]+) = ", uncommented(text), re.MULTILINE)
    }
    assert told >= {*KEYS} - {"keywords", "imported"}


@pytest.mark.parametrize(("extends", "told"), [(["film"], ("film",)), (["film", "ink"], ("film", "ink"))])
def test_a_new_style_may_be_built_on_others(extends: list[str], told: tuple[str, ...]) -> None:
    parents = [Style(name, "d", "A: {prompt}.", avoid=("film grain",)) for name in extends]
    text = render_new("mine", 'My "own"', extends)
    style = inherit(read_draft(text, "mine", "mine.toml"), parents)
    assert (style.extends, style.description, style.prose) == (told, 'My "own"', "A: {prompt}.")
    whole = inherit(read_draft(uncommented(text), "mine", "mine.toml"), parents)
    assert whole.avoid == ("harsh flash",)
    assert whole.prose.startswith("A: {prompt}. Rain")
