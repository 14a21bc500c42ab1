import pytest

from imgcli.director.lint_bans import is_asked_for
from imgcli.director.reading import Reading


@pytest.mark.parametrize(
    ("prompt", "thing", "is_so"),
    [
        ("a red apple", "red", True),
        ("a grey wall", "gray", True),
        ("a red-haired woman", "red", False),
        ("Red Square at dawn", "red", False),
        ("a cat under a tree", "trees", True),
        ("a cat under a tree trunk", "trees", False),
        ("dogs running", "dog", True),
        ("a dog bowl", "dog", False),
        ("a hot dog", "dogs", False),
        ("a cloud shaped like a dog", "dogs", False),
        ("a cat, no dogs", "dogs", False),
        ("a white background", "background", False),
        ("a man", "people", False),
        ("a sign", "", False),
    ],
)
def test_whether_an_excluded_thing_is_asked_for(prompt: str, thing: str, is_so: bool) -> None:
    assert is_asked_for(Reading(prompt), thing) is is_so
