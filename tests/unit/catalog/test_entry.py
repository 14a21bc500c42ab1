"""An entry is the very text that was written for its key, or none."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from imgcli.catalog.entry import Facts, entry_text, parse_entry

FACTS = Facts("ab" * 32, "png", "cd" * 32, 1234, "ef" * 32, '{"imgcli_sidecar": 1, "ü": "\\ud83d"}\n')


def test_it_is_read_as_it_was_written() -> None:
    assert parse_entry(entry_text(FACTS), FACTS.key) == FACTS


@given(st.integers(min_value=0, max_value=len(entry_text(FACTS)) * 8 - 1))
def test_no_bit_may_turn(bit: int) -> None:
    turned = bytearray(entry_text(FACTS))
    turned[bit // 8] ^= 1 << bit % 8
    assert parse_entry(bytes(turned), FACTS.key) is None


@given(st.binary(max_size=200))
def test_what_is_none_is_none(data: bytes) -> None:
    assert parse_entry(data, FACTS.key) is None


def test_another_key_and_other_kinds_of_values_are_none() -> None:
    assert parse_entry(entry_text(FACTS), "00" * 32) is None
    for strange in (FACTS._replace(extension="../x"), FACTS._replace(extension="svg")):
        assert parse_entry(entry_text(strange), FACTS.key) is None
    for at, value in ((3, "1234"), (3, True), (5, None), (5, ["x"])):
        facts: list[Any] = list(FACTS)
        facts[at] = value
        assert parse_entry(entry_text(Facts(*facts)), FACTS.key) is None
    assert json.loads(entry_text(FACTS))["imgcli_cache"] == 1
