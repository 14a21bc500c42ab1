import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.constraints import sentences, split
from imgcli.director.direct import direct
from imgcli.director.subjects import SUBJECTS
from imgcli.director.survival import Fate, fate
from imgcli.model.card import Wording
from tests.rows import each_row

NAMES = [name for subject in SUBJECTS for name in subject.names]


@each_row("name", NAMES)
def test_what_we_send_ourselves_rules_every_subject_out(name: str) -> None:
    assert fate(direct("a §", [], [name], Wording.PROSE).text, name) is Fate.KEPT


@given(st.text(st.characters(categories=["Ll"]), min_size=3, max_size=12).map(lambda word: f"z{word}"))
def test_so_does_our_sentence_for_any_other_thing(thing: str) -> None:
    for named in split([thing]):
        assert fate(sentences([named], [])[0], named) is Fate.KEPT
        assert fate("A car.", named) is Fate.LOST
        assert fate(f"A car full of {named}.", named) is Fate.INVERTED


@pytest.mark.parametrize(
    ("text", "thing", "expected"),
    [
        ("A quiet street without people.", "people", Fate.KEPT),
        ("A street free of people and cars.", "cars", Fate.KEPT),
        ("Every sign is blank; a text-free poster.", "text", Fate.KEPT),
        ("People are absent.", "people", Fate.KEPT),
        ("The wall doesn't show any text.", "text", Fate.KEPT),
        ("Clean shapes rather than text", "text", Fate.KEPT),
        ("A street with people.", "people", Fate.INVERTED),
        ("No people, but text on the wall.", "text", Fate.INVERTED),
        ("No people with text on a sign.", "text", Fate.INVERTED),
        ("No text. A crowd of people.", "people", Fate.INVERTED),
        # Named twice, and once without a "no": the picture may well show it.
        ("No text anywhere. The text reads SALE.", "text", Fate.INVERTED),
        ("A quiet street.", "people", Fate.LOST),
        ("", "people", Fate.LOST),
        # Other names of the same thing count, longer words do not.
        ("A page full of lettering.", "text", Fate.INVERTED),
        ("A textured wall.", "text", Fate.LOST),
    ],
)
def test_fates(text: str, thing: str, expected: Fate) -> None:
    assert fate(text, thing) is expected


def test_our_sentence_does_not_hide_what_stands_beside_it() -> None:
    text = f"A poster whose text reads SALE. {sentences(['text'], [])[0]}"
    assert fate(text, "text") is Fate.INVERTED


@pytest.mark.parametrize("part", ["no ", "text ", "with text, ", "a. ", "but ", "-free "])
def test_a_text_of_any_length_is_judged_at_once(part: str) -> None:
    began = time.process_time()
    fate(part * 20_000, "text")
    assert time.process_time() - began < 2
