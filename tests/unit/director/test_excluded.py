import pytest

from imgcli.director.excluded import is_excluded


@pytest.mark.parametrize(
    ("text", "thing", "answer"),
    [
        ("in tall grass at a meadow's edge", "plants", True),
        ("thin mist in the valley", "fog", True),
        ("a crowd", "people", True),
        ("85 mm lens, shallow depth of field", "bokeh", True),
        ("a garage door", "buildings", True),
        ("on a stone slab", "people", False),
        ("a lens", "text", False),
        ("cats", "cat", True),
        ("a branch", "branches", True),
    ],
)
def test_parts_and_kinds_of_a_thing_count(text: str, thing: str, answer: bool) -> None:
    assert is_excluded(text, [thing]) is answer
