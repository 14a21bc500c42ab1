import pytest

from imgcli.director.lint_habits import habits
from imgcli.director.reading import Reading


@pytest.mark.parametrize(
    ("prompt", "codes"),
    [
        ("/imagine a fox --v 6, 16:9, transparent background, same as before", "command flags size transparent before"),
        ("a fox", ""),
        ("a 16:9 monitor", ""),
        ("a 16:9 banner", "size"),
        ("a plank of 1200x300 mm", ""),
        ("an ad, 1200x628", "size"),
        ("an ad, 1200x628px", "size"),
        ("a fox --ar 16:9", "flags"),
        ("--ar 16:9 photo of a fox", "flags"),
    ],
)
def test_each_habit_is_found_once(prompt: str, codes: str) -> None:
    assert [code for code, _, _ in habits(Reading(prompt), transparent=False, size=None)] == codes.split()
