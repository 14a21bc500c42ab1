from collections import Counter

from imgcli.providers.placeholder.chance import BLOCK, Chance

FIRST = [18, 35, 25, 28, 21, 4, 50, 11]
NOISE = "1c6d84c1"


def test_choices_are_the_same_on_every_machine_and_python() -> None:
    chance = Chance(b"fpo")
    assert [chance.whole(0, 99) for _ in range(8)] == FIRST
    assert chance.noise(4).hex() == NOISE


def test_choices_depend_on_the_seed() -> None:
    assert [Chance(b"a").real() for _ in range(4)] != [Chance(b"b").real() for _ in range(4)]


def test_whole_numbers_are_even_and_inside_their_bounds() -> None:
    chance = Chance(b"even")
    seen = Counter(chance.whole(3, 7) for _ in range(BLOCK * 5))
    assert set(seen) == {3, 4, 5, 6, 7}
    assert min(seen.values()) > BLOCK * 0.85


def test_shuffling_keeps_everything() -> None:
    assert sorted(Chance(b"s").shuffled(range(40))) == list(range(40))
    assert Chance(b"s").shuffled(range(40)) != list(range(40))
