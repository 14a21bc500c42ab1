import pytest

from imgcli.cli.prompts import MOST_PROMPTS, checked, unquoted
from imgcli.errors import UsageError


def test_what_is_blank_is_no_prompt() -> None:
    assert checked(["a car", " ", ""], yes=False) == ["a car"]
    with pytest.raises(UsageError, match="no prompt: type what to paint"):
        checked([" "], yes=True)


@pytest.mark.parametrize(("typed", "told"), [("edit", "looks like a command"), ("set.toml", "looks like a file")])
def test_what_is_more_likely_something_else_needs_a_yes(typed: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        checked([typed], yes=False)
    assert checked([typed], yes=True) == [typed]


def test_a_prompt_has_limits() -> None:
    with pytest.raises(UsageError, match="control characters"):
        checked(["a\x1b[2J"], yes=True)
    with pytest.raises(UsageError, match="put them into a file"):
        checked(["a"] * (MOST_PROMPTS + 1), yes=True)


@pytest.mark.parametrize(
    ("prompts", "told"),
    [
        (["a", "red", "car"], '3 prompts of one word each; did you mean "a red car"?'),
        (["cat", "dog"], '2 prompts of one word each; did you mean "cat dog"?'),
        (["x" * 150, "y" * 150], "2 prompts of one word each"),
        (["car"], ""),
        (["a red", "car"], ""),
        (["car", "-"], ""),
        (["car", ""], ""),
    ],
)
def test_prompts_that_a_shell_parted_are_doubted(prompts: list[str], told: str) -> None:
    assert unquoted(prompts) == told
