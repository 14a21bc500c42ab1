from dataclasses import asdict, replace

from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.picture import Painted, Usage
from imgcli.model.plain import plain
from tests.fakes.jobs import A_JOB, A_PICTURE

NAMES = st.lists(st.text(max_size=9)).map(tuple)


@given(st.builds(Painted, usage=st.none() | st.builds(Usage), notes=NAMES))
def test_it_is_the_dictionary_that_python_makes(painted: Painted) -> None:
    assert plain(painted) == asdict(painted)


@given(NAMES)
def test_nouns_within_a_noun_are_dictionaries_too(tags: tuple[str, ...]) -> None:
    job = replace(A_JOB, tags=tags)
    assert plain(job) == asdict(job)
    assert plain(A_PICTURE) == asdict(A_PICTURE)
