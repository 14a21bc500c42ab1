import pytest

from imgcli.director.demands import DemandKind, found_in
from imgcli.director.keeping import KEEPS, Given
from imgcli.director.reading import Reading


def kept(asked: str, expanded: str, kind: DemandKind) -> list[bool]:
    reading = Reading(asked)
    given = Given(Reading(expanded), reading)
    return [KEEPS[kind](given, found) for found in found_in(reading) if found.demand.kind is kind]


def test_every_kind_of_demand_can_be_looked_up() -> None:
    assert set(KEEPS) == set(DemandKind)


@pytest.mark.parametrize(
    ("asked", "expanded", "kind", "keeps"),
    [
        ("three dogs", "three dogs", DemandKind.COUNT, True),
        ("three dogs", "three dogs and then five dogs", DemandKind.COUNT, False),
        ("three dogs", "three dogs before dozens of dogs", DemandKind.COUNT, False),
        ("a half dozen eggs", "six eggs", DemandKind.COUNT, True),
        ("one balloon", "balloons", DemandKind.COUNT, False),
        ("3 to 5 birds", "four birds", DemandKind.COUNT, True),
        ("3 to 5 birds", "four birds, then nine birds", DemandKind.COUNT, False),
        ("five birds", "3 to 5 birds", DemandKind.COUNT, False),
        ("50mm", "50mm, then 85mm", DemandKind.MEASURE, False),
        ("red car", "a red road, a blue car", DemandKind.COLOUR, False),
        ("no moon", "no moon, moonlit hills", DemandKind.NEGATION, False),
        ("at night", "at night, at dawn", DemandKind.TIME, False),
    ],
)
def test_a_demand_is_kept_only_where_nothing_contradicts_it(
    asked: str, expanded: str, kind: DemandKind, keeps: bool
) -> None:
    assert kept(asked, expanded, kind) == [keeps]


def test_numbers_that_changed_places_are_not_kept() -> None:
    asked = "two old cats and three young cats"
    assert kept(asked, "Three old cats and two young cats", DemandKind.COUNT) == [False, False]
    assert kept(asked, "Two sleepy old cats and three young cats", DemandKind.COUNT) == [True, True]
