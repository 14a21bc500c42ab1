"""The lists are closed, and do not stand against each other."""

from itertools import combinations

from imgcli.catalog.canonical import ARTICLES
from imgcli.catalog.wordlists import COLOURS, DIGITS, EPITHETS, KINDS, LETTERED, NAMES, READ, SPELLINGS, TAIL, VERBS


def test_an_epithet_is_of_one_kind_and_no_article() -> None:
    assert not EPITHETS & ARTICLES
    assert [pair for pair in combinations(KINDS, 2) if pair[0] & pair[1]] == []


def test_all_are_in_small_letters_and_spelt_as_the_form_spells_them() -> None:
    for words in (COLOURS, EPITHETS, NAMES, READ, LETTERED, TAIL):
        assert all(word == word.lower() for word in words)
    assert not (COLOURS | EPITHETS | TAIL) & SPELLINGS.keys()
    assert not SPELLINGS.keys() & set(SPELLINGS.values())


def test_no_two_digits_or_verbs_become_one() -> None:
    assert len(set(DIGITS.values())) == len(DIGITS)
    assert len(set(VERBS.values())) == len(VERBS)
