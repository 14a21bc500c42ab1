from imgcli.catalog.facets import facet, facets_of, magnitude
from tests.contracts.test_found_contract import a_picture


def test_a_facet_is_one_word_whatever_the_value_and_its_case() -> None:
    assert facet("style", "Film Noir") == facet("style", "film noir")
    assert facet("style", "x").isalnum()
    assert facet("style", "x") != facet("tag", "x")
    assert facet("a", "b:c") != facet("a:b", "d")


def test_costs_of_one_magnitude_are_within_twice_of_each_other_and_in_order() -> None:
    costs = [0, 1, 2, 3, 50_000_000, 10**15]
    assert [magnitude(cost) for cost in costs] == sorted(magnitude(cost) for cost in costs)
    assert magnitude(64) == magnitude(127) != magnitude(128)


def test_all_that_is_exact_is_a_facet() -> None:
    told = dict(facets_of(a_picture("a", cost=5, sha256="ab", sources=("cd",))))
    assert told["day"] == "2026-11-21"
    assert told["month"] == "2026-11"
    assert (told["sha256"], told["source"], told["cost"]) == ("ab", "cd", "03")
