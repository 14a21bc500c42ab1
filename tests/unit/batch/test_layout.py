import pytest

from imgcli.batch.layout import Effort, Section, find_key, place_of, sections
from imgcli.errors import BatchFileError

TEXT = """
[defaults]
n = 1

[[prompts]]
prompt = 'a'
style = ['x']
[prompts.matrix]
colour = ['red']

[[prompts]]
prompt = 'b'
matrix.shape = [
  'round',
]
"""


def test_every_table_but_a_matrix_begins_a_section() -> None:
    found = sections(TEXT, "p")
    assert [(section.table, section.line) for section in found] == [
        ("", 1),
        ("defaults", 2),
        ("prompts", 5),
        ("prompts", 11),
    ]
    assert TEXT[found[1].start : found[1].end] == "\nn = 1\n\n"
    assert found[-1].end == len(TEXT)


def test_keys_are_found_in_their_own_section() -> None:
    _, defaults, first, second = sections(TEXT, "p")
    assert find_key(TEXT, defaults, "n") == 3
    assert find_key(TEXT, first, "style[1]") == 7
    assert find_key(TEXT, first, "matrix.colour") == 9
    assert find_key(TEXT, first, "n") == 0
    assert find_key(TEXT, second, "matrix.shape") == 13
    assert find_key(TEXT, second, "prompt") == 12


def test_a_place_falls_back_to_the_header() -> None:
    place = place_of(TEXT, "p", sections(TEXT, "p")[2], "prompts[1]")
    assert str(place.error("bad", "style")) == "p:7: prompts[1].style: bad"
    assert str(place.error("bad", "seed")) == "p:5: prompts[1].seed: bad"


def test_a_text_without_tables_is_one_section() -> None:
    assert sections("a = 1", "p") == [Section("", 1, 0, 5)]


def test_sets_belong_to_the_prompt_above_them_and_vars_stand_alone() -> None:
    text = "[vars]\na = 1\n[[prompts]]\nprompt = 'a'\n[prompts.zip]\na = []\n[prompts.sample]\ncount = 0\n"
    found = sections(text, "p")
    assert [(section.table, section.line) for section in found] == [("", 1), ("vars", 1), ("prompts", 3)]
    assert find_key(text, found[2], "sample.count") == 8
    assert find_key(text, found[2], "zip.a") == 6
    dotted = "[[prompts]]\nzip.a = []\nzip . 'b' = []\nzip.c = []\nb = 1\n"
    assert [find_key(dotted, sections(dotted, "p")[1], f"zip.{key}") for key in "abcd"] == [2, 3, 4, 2]


def test_the_effort_of_several_files_is_counted_together() -> None:
    effort = Effort()
    text = "[[prompts]]\nprompt = 'a'\n" * 40_000
    sections(text, "p", effort)
    left = effort.left
    assert 0 < left < Effort().left
    sections(text, "q", effort)
    effort.left = left - 1000
    with pytest.raises(BatchFileError, match="r: holds too many prompts, keys or values"):
        sections(text * 3, "r", effort)
