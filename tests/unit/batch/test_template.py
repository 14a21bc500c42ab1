import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.template import (
    StrayBraceError,
    TemplateError,
    Words,
    escape,
    escape_option,
    parse_template,
)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("a {colour} car", "a red car"),
        ("{colour}{colour}", "redred"),
        ("{{colour}}", "{colour}"),
        ("{{{colour}}}", "{red}"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_keys_are_filled_and_doubled_braces_are_braces(text: str, filled: str) -> None:
    assert parse_template(text, Words(["colour"])).fill({"colour": "red"}) == filled


def test_what_another_template_fills_stays_as_it_is() -> None:
    template = parse_template("{colour}-{n}-{{x}}", Words(["colour"], ["n", "slug"]))
    assert template.fill({"colour": "red"}) == "red-{n}-{{x}}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "has a single '{'; write {{ for the character"),
        ("a }", "has a single '}'; write }} for the character"),
        ("{{colour}", "has a single '}'"),
        ("{colr}", "unknown field '{colr}'; did you mean '{colour}'?"),
        ("{colour!r}", "did you mean '{colour}'?"),
        ("{colour:>9}", "did you mean '{colour}'?"),
        ("{}", "unknown field '{}'; there is {colour}"),
        ("{0}", "unknown field '{0}'"),
        ("{colour}" * 65, "uses 65 values in braces; 64 are allowed"),
    ],
)
def test_other_braces_are_refused(text: str, problem: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template(text, Words(["colour"]))
    assert problem in str(caught.value)


@given(st.text(), st.text())
def test_any_text_survives_doubled_braces(text: str, value: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    template = parse_template(f"{doubled}{{k}}{doubled}", Words(["k"]))
    assert template.fill({"k": value}) == text + value + text
    assert template.longest({"k": len(value)}) == 2 * len(text) + len(value)


@given(st.text())
def test_every_text_can_be_written(text: str) -> None:
    found = parse_template(escape(text), Words(["k"]))
    assert found.keys == ()
    assert found.fill({}) == text


@given(st.text("a{}|\\", max_size=6), st.lists(st.text("b{}|\\@ ", max_size=6), min_size=2, max_size=4))
def test_every_text_can_be_one_of_several_also_between_braces(text: str, options: list[str]) -> None:
    met: list[tuple[str, ...]] = []

    def options_of(found: tuple[str, ...]) -> str:
        met.append(found)
        return "|0"

    typed = escape(text) + "{" + "|".join(map(escape_option, options)) + "}" + escape(text)
    found = parse_template(typed, Words(options=options_of))
    assert met == [tuple(options)]
    assert found.literals == (text, text)


@given(st.text("a{}|\\@:", max_size=12))
def test_a_text_with_braces_means_something_or_is_refused(text: str) -> None:
    words = Words(["a"], constants={"aa": "A"}, wildcard=lambda body: body, options="|".join)
    try:
        found = parse_template(text, words)
    except TemplateError:
        return
    if not found.keys and "{aa}" not in text:
        assert escape(found.fill({})) == text


def test_alternatives_keep_their_blanks_and_may_be_empty() -> None:
    met: list[tuple[str, ...]] = []

    def options_of(found: tuple[str, ...]) -> str:
        met.append(found)
        return "|0"

    parse_template("x{ a | b||c\\d}", Words(options=options_of))
    assert met == [(" a ", " b", "", "c\\d")]


def test_a_name_given_later_wins_over_a_constant_and_text_is_put_in_as_it_is() -> None:
    words = Words(["a"], ["n"], {"a": "no", "b": "{yes}", "n": "no"})
    assert parse_template("{a}-{b}-{n}", words).fill({"a": "x"}) == "x-{yes}-{n}"


@pytest.mark.parametrize(
    ("text", "problem", "stray"),
    [
        ("{a|b}", "has alternatives '{a|b}', which only a prompt may have; name them in a matrix", False),
        ("{@a}", "has a wildcard '{@a}', which cannot be read here", False),
        ("{a|{b}}", "has a single '{'; write {{ for the character", True),
        ("{a|b", "has a single '{'", True),
        ("{a\\|b}", "unknown field '{a\\\\|b}'", True),
        ("{", "has a single '{'", True),
        ('{"a": 1}', "unknown field", True),
    ],
)
def test_what_cannot_be_meant_here_is_refused(text: str, problem: str, stray: bool) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template(text, Words())
    assert str(caught.value).startswith(problem)
    assert isinstance(caught.value, StrayBraceError) is stray
