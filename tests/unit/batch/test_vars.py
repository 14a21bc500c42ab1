import pytest

from imgcli.batch.draft import Draft, Place
from imgcli.batch.vars import check_vars
from imgcli.errors import BatchFileError

PLACE = Place("p.toml", 2, "vars")


def test_a_text_stays_one_and_a_list_becomes_several() -> None:
    found = check_vars(Draft(PLACE, {"a": "x {y}", "b": 3, "c": ["x", 1.5, ""]}))
    assert found == {"a": "x {y}", "b": "3", "c": ("x", "1.5", "")}


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("a", "", "p.toml:2: vars.a: is empty; give it text or remove it and its {a}"),
        ("a", "  ", "p.toml:2: vars.a: is empty"),
        ("a", [], "p.toml:2: vars.a: the list is empty; give it a value or remove the key"),
        ("a", True, "p.toml:2: vars.a: must be text, a number or a list of those, not true"),
        ("a", {"b": 1}, "must be text, a number or a list of those, not a table"),
        ("a", [["x"]], "values must be texts or numbers, not a list"),
        ("a", ["x", "x"], "vars.a: has 'x' twice; remove one"),
        ("a", "x\ny", "holds a control character (U+000A)"),
        ("a", "x" * 1001, "is over 1,000 characters"),
        ("a", float("nan"), "nan is no number"),
        ("a", 10**20, "a number is too long"),
        ("style", "x", "vars.style: 'style' is a key of its own: set it in [defaults], or give it several values in a"),
        ("slug", "x", "variable 'slug' already means something in a name; call it 'my_slug' or the like"),
        ("a b", "x", "p.toml:2: vars: variable 'a b' must be one word"),
    ],
)
def test_words_that_cannot_be_meant_are_refused(name: str, value: object, message: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        check_vars(Draft(PLACE, {name: value}))
    assert message in str(caught.value)


def test_there_may_be_a_thousand_names() -> None:
    assert len(check_vars(Draft(PLACE, {f"k{at}": 1 for at in range(1000)}))) == 1000
    with pytest.raises(BatchFileError, match="has 1,001 names; 1,000 are allowed"):
        check_vars(Draft(PLACE, {f"k{at}": 1 for at in range(1001)}))


def test_a_long_list_of_which_the_last_is_there_twice_is_refused_at_once() -> None:
    values = [str(at) for at in range(100_000)]
    with pytest.raises(BatchFileError, match="100,000 are allowed"):
        check_vars(Draft(PLACE, {"a": [*values, "0"]}))
    with pytest.raises(BatchFileError, match="has '99998' twice"):
        check_vars(Draft(PLACE, {"a": [*values[:-1], "99998"]}))
