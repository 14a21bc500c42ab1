import time

from imgcli.reports.bought import UNTOLD, Words
from imgcli.reports.resemblance import alike, is_small_change
from tests.fakes.bought import words
from tests.rows import each_row

TEN = "one two three four five six seven eight nine ten"


def groups(*prompts: str) -> list[list[str]]:
    return [list(group) for group in alike({prompt: words(prompt) for prompt in prompts})]


@each_row(
    "one, other, is_alike",
    [
        ("old car", "car old", True),
        ("old red car by sea", "old car by sea", True),  # 4 of 5
        ("old red car sea", "old car sea", False),  # 3 of 4
        (TEN, TEN.replace(" ten", "").replace(" two", ""), True),  # 8 of 10
        (TEN, TEN.replace(" ten", "").replace(" two", "").replace(" six", ""), False),
        (TEN, TEN.replace("ten", "eleven"), False),  # a word in the place of another
        ("old car by a sea", "old car by sea", False),  # what is pinned came to it
        ("car a", "car b", False),
    ],
)
def test_words_may_be_moved_or_added_and_not_changed(one: str, other: str, is_alike: bool) -> None:
    assert groups(one, other) == ([[one, other]] if is_alike else [])
    assert groups(other, one) == ([[other, one]] if is_alike else [])


def test_the_same_form_is_enough_unless_what_is_pinned_differs() -> None:
    same = {"an image of a fox": Words("fox", frozenset({"image", "fox"})), "fox": Words("fox", frozenset({"fox"}))}
    assert [list(group) for group in alike(same)] == [["an image of a fox", "fox"]]
    two = Words("fox", frozenset({"2", "fox"}), frozenset({"2"}))
    assert not alike(same | {"an image of a fox": two})


def test_groups_grow_by_their_members_and_what_is_not_told_is_in_none() -> None:
    first, more, most = "a1 b1 c1 d1 e1", "a1 b1 c1 d1 e1 f1", "a1 b1 c1 d1 e1 f1 g1"
    assert groups(most, "x1 y1", first, more) == [[most, first, more]]
    assert not alike({"": UNTOLD, " ": UNTOLD})


def test_twenty_thousand_prompts_of_one_vocabulary_take_seconds() -> None:
    names = [f"w{number}" for number in range(28)]
    prompts = [
        f"{names[n % 28]} " + " ".join(names[(n // 28 + k * k) % 28] for k in range(9)) + f" id{n}"
        for n in range(20_000)
    ]
    begun = time.process_time()
    assert not groups(*prompts)
    # Each against each would be two hundred million looks.
    assert time.process_time() - begun < 20


@each_row(
    "one, other, small",
    [
        ("fox", "fox snow", True),
        ("fox snow", "fox sun", False),  # 1 of 3
        ("fox snow sun", "fox snow moon", True),  # 2 of 4
        ("fox", "hare", False),
        ("fox snow", "snow fox", True),
    ],
)
def test_a_small_change_leaves_half_of_the_words(one: str, other: str, small: bool) -> None:
    assert is_small_change(words(one), words(other)) is small
    assert not is_small_change(UNTOLD, UNTOLD)
