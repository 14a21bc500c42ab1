import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.template import TemplateError, parse_template


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
    assert parse_template(text, ["colour"]).fill({"colour": "red"}) == filled


def test_what_another_template_fills_stays_as_it_is() -> None:
    template = parse_template("{colour}-{n}-{{x}}", ["colour"], ["n", "slug"])
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
        ("{colour}" * 65, "uses 65 matrix values; 64 are allowed"),
    ],
)
def test_other_braces_are_refused(text: str, problem: str) -> None:
    with pytest.raises(TemplateError) as caught:
        parse_template(text, ["colour"])
    assert problem in str(caught.value)


@given(st.text(), st.text())
def test_any_text_survives_doubled_braces(text: str, value: str) -> None:
    doubled = text.replace("{", "{{").replace("}", "}}")
    template = parse_template(f"{doubled}{{k}}{doubled}", ["k"])
    assert template.fill({"k": value}) == text + value + text
    assert template.longest({"k": len(value)}) == 2 * len(text) + len(value)
