import time

from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.style_diff import Run, diff_styles, word_diff
from imgcli.model.prompt import Style

STYLE = Style("a", "d", "An ink wash: {prompt}.", (("medium", ("ink",)),), avoid=("fog",), version="1")


def test_words_are_compared_not_letters() -> None:
    assert word_diff("a soft north light", "a hard north light") == (
        Run(" ", "a "), Run("-", "soft "), Run("+", "hard "), Run(" ", "north light"),
    )  # fmt: skip


def test_a_comma_between_two_changes_belongs_to_them() -> None:
    assert word_diff("one, two", "three, four") == (Run("-", "one, two"), Run("+", "three, four"))


TEXT = st.lists(st.sampled_from(["ink", "wash", ",", ".", " ", "  ", "{prompt}", "é", "-"]), max_size=14).map("".join)


@given(TEXT, TEXT)
def test_both_texts_are_in_the_difference_whole(before: str, after: str) -> None:
    runs = word_diff(before, after)
    assert "".join(text for mark, text in runs if mark != "+") == before
    assert "".join(text for mark, text in runs if mark != "-") == after


def test_a_field_that_differs_is_told_with_what_it_does_to_a_prompt() -> None:
    other = Style("b", "d", "An ink wash: {prompt}.", (("medium", ("chalk",)),), avoid=("fog", "text"), version="2")
    assert [(one.field, one.before, one.after) for one in diff_styles(STYLE, other)] == [
        ("keywords.medium", "ink", "chalk"),
        ("avoid", "fog", "fog, text"),
        ('"a car" in prose', *(f"An ink wash: a car. Medium: {medium}. Avoid {avoid}." for medium, avoid in (("ink", "fog"), ("chalk", "fog and text")))),
        ('"a car" in keywords', "a car, ink", "a car, chalk"),
        ('"a car" negative prompt', "fog", "fog, text"),
    ]  # fmt: skip


def test_a_style_does_not_differ_from_itself_under_another_name() -> None:
    assert diff_styles(STYLE, Style("b", "d", STYLE.prose, STYLE.keywords, STYLE.avoid, source="b.toml")) == ()


def test_long_texts_of_one_word_take_no_time() -> None:
    before = time.perf_counter()
    word_diff("a " * 2000, "a, " * 1300)
    assert time.perf_counter() - before < 5
