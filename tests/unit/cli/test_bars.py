from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from imgcli.cli.bars import capped, lines
from imgcli.reports.spend import Sums
from tests.rows import each_row

DIRECTORY = "/home/alice/pictures/launch/hero"
ROWS = [
    Sums(10, 9, 4_500_000_000, 500_000_000, 0, 0, 100_000_000, 0, 9, 4_000_000_000),
    Sums(3, 3, 52_700_000, 0, 100_000_000, 0, 0, 0, 3, 52_700_000),
    Sums(1, 1),
]
LABELS = [DIRECTORY, "/b", "(no tag)"]


def test_a_table_fits_the_terminal_and_loses_the_least_first() -> None:
    for width in range(24, 140):
        drawn = lines("project", LABELS, ROWS, width)
        assert max(len(line) for line in drawn) <= width
        assert len({line.index("spent") for line in drawn[:1]}) == 1
    assert lines("project", LABELS, ROWS, 120)[0].split() == [
        "project", "pictures", "spent", "each", "uncertain", "held", "no", "picture",
    ]  # fmt: skip
    assert lines("project", LABELS, ROWS, 80) == [
        "project                   pictures    spent     each  uncertain   held",
        "/home/alice…/launch/hero         9  $4.50    $0.4444      $0.50         ████████",
        "/b                               3  $0.0527  $0.0176             $0.10  █",
        "(no tag)                         1  $0.00",
    ]
    assert lines("project", LABELS, ROWS, 40) == [
        "project                  spent",
        "/home/alic…aunch/hero  $4.50    ████████",
        "/b                     $0.0527  █",
        "(no tag)               $0.00",
    ]


def test_a_bar_is_as_long_as_the_money_and_what_is_not_nothing_is_seen() -> None:
    bars = [line.split("$")[-1].partition("  ")[2].strip() for line in lines("tag", ["a", "b", "c"], ROWS, 120)[1:]]
    assert (bars[0].count("█"), bars[0].count("▒")) == (36, 4)
    assert bars[1][0] == "█"
    assert bars[2] == ""


@each_row(
    ("spent", "held", "bar"),
    [
        (0, 0, "··········"),
        (1, 0, "█·········"),
        (960, 0, "█████████·"),
        (999, 1, "█████████░"),
        (998, 1, "████████░·"),
        (1000, 0, "██████████"),
        (1200, 0, "██████████"),
        (0, 300, "░░░·······"),
        (500, 1, "█████░····"),
    ],
)
def test_a_cap_is_full_where_nothing_is_left_and_empty_where_all_is(spent: int, held: int, bar: str) -> None:
    assert "".join(capped(spent, held, 1000, 10)) == bar


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_of_any_cap_each_part_is_seen(spent: int, held: int, cap: int) -> None:
    used, free = capped(spent, held, cap, 24)
    assert len(used + free) == 24
    assert (free == "") == (spent + held >= cap)
    assert ("█" in used) == (spent > 0)
    assert ("░" in used) == (held > 0)


def test_columns_in_which_nothing_stands_are_left_out() -> None:
    assert lines("tag", ["a"], [Sums(1, 1, 5, priced=1, price=5)], 80)[0].split() == [
        "tag",
        "pictures",
        "spent",
        "each",
    ]
    assert lines("tag", ["a"], [Sums()], 80) == ["tag  spent", "a    $0.00"]
    assert lines("tag", [], [], 80) == ["tag  spent"]


def test_wide_letters_take_their_room() -> None:
    drawn = lines("tag", ["春の広告キャンペーンの写真", "b"], ROWS[:2], 60)
    assert all(cell_len(line) <= 60 for line in drawn)
    assert len({cell_len(line[: line.index("$")]) for line in drawn[1:]}) == 1
