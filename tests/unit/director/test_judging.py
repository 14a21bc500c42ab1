from hypothesis import example, given
from hypothesis import strategies as st

from imgcli.director.constraints import mentions
from imgcli.director.judging import Judging
from imgcli.reports.prompts import Judge

few = st.lists(
    st.sampled_from(["text", "Haze", "hazes", " ", "-", "_", ".", "ß", "SS", "dark", "blue"]), max_size=8
).map("".join)


def test_it_reads_as_the_director_does() -> None:
    judge: Judge = Judging()
    assert judge.things(["no text, people"]) == ("text", "people")
    assert judge.says("A page of Lettering", "text")
    assert not judge.says("A textured wall", "text")
    assert [judge.fate(text, "text") for text in ("no text", "a wall", "text")] == ["kept", "lost", "inverted"]


@given(few, few.filter(str.strip))
@example("_haze", "haze")
@example("a haze", "a haze")
def test_the_short_way_says_what_the_long_one_does(text: str, phrase: str) -> None:
    assert Judging().says(text, phrase) == mentions(text, phrase)
