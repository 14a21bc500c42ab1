"""What docs/batch.md shows is what happens."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from imgcli.batch.read import Kind, parse_batch
from imgcli.batch.schema import Prompt
from tests.unit.batch.test_neighbours import Shelf

PAGE = (Path(__file__).parents[3] / "docs" / "batch.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
FILES = {found[1]: text for _, text in BLOCKS if (found := re.match(r"# ([\w/]+\.(?:txt|toml))\n", text))}
SHOWN = [(text, made) for (kind, text), (after, made) in pairwise(BLOCKS) if (kind, after) == ("toml", "text")]


def test_there_are_examples_and_files() -> None:
    assert len(SHOWN) == 8
    assert set(FILES) == {"house.toml", "lists/colours.txt"}


def test_every_key_of_an_entry_is_in_the_table() -> None:
    table = PAGE.partition("| key of an entry | |\n")[2].partition("\n\n")[0]
    told = [key for row in table.splitlines()[1:] for key in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(told) == sorted(Prompt.__struct_fields__)


@pytest.mark.parametrize(("text", "made"), SHOWN)
def test_an_example_makes_what_stands_below_it(text: str, made: str) -> None:
    entries = parse_batch(text, Kind.TOML, "p.toml", Shelf(FILES)).entries
    assert [f"{entry.id}: {entry.prompt}" for entry in entries] == made.splitlines()
