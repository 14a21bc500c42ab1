from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.demands import DemandKind, found_in
from imgcli.director.reading import Reading


@given(st.text(max_size=80))
def test_every_demand_stands_in_the_text(text: str) -> None:
    for found in found_in(Reading(text)):
        assert 0 <= found.demand.at < len(text)
        assert found.demand.words.strip()
        assert hash(found.key) == hash(found.key)


def test_what_is_negated_is_no_demand_but_of_its_negation() -> None:
    kinds = {found.demand.kind for found in found_in(Reading("a lake, no three red cars"))}
    assert kinds == {DemandKind.SUBJECT, DemandKind.NEGATION}
