"""The team's own list: how it is written, what it hits, and what is said of a mistake in it."""

import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import SettingsError
from imgcli.moderation.blocklist import LONGEST, MOST_BYTES, MOST_ENTRIES, Blocklist, parse_blocklist

TEXT = r"""
# what our brand does not show
gun
assault rifle        # words in a row need no quotes

[birds]
"great tit"
/\btits?\b/
"""


def blocklist(text: str, name: str = "block.txt") -> Blocklist:
    return parse_blocklist(text.encode(), name)


def hits(text: str, prompt: str) -> list[str]:
    return [str(entry) for entry in blocklist(text).hits(prompt)]


def test_a_list_is_read_with_its_lines_and_categories() -> None:
    found = blocklist(TEXT).entries
    assert [(entry.text, entry.category, entry.where) for entry in found] == [
        ("gun", "", "block.txt:3"),
        ("assault rifle", "", "block.txt:4"),
        ("great tit", "birds", "block.txt:7"),
        (r"/\btits?\b/", "birds", "block.txt:8"),
    ]
    assert [entry.pattern for entry in blocklist(TEXT).patterns] == [r"\btits?\b"]


def test_toml_has_a_category_for_each_key() -> None:
    found = blocklist('weapons = [\n  "gun",\n  "/knives?/",\n]\n"our own" = ["acme corp"]\n', "block.TOML").entries
    assert [str(entry) for entry in found] == [
        "gun (weapons, block.TOML:2)",
        "/knives?/ (weapons, block.TOML:3)",
        "acme corp (our own, block.TOML:5)",
    ]


@pytest.mark.parametrize(
    ("entry", "prompt"),
    [
        ("gun", "A Gun."), ("gun", "g u n"), ("gun", "my g.u.n"), ("gun", "6un"), ("gun", "guuuun"), ("gun", "g*n"),
        ("grenade", "gr3n4de"), ("assault rifle", "an ASSAULT\n  rifle!"), ("assault rifle", "a55ault-rifle"),
        ("fück", "fuck"), ("fuck", "fuuuuck"), ("don't look", "don’t look"), ("枪", "一把枪"), ("bomb", "b0mb"),
        ("သေနတ်", "စားပွဲပေါ်မှာ သေနတ် တစ်လက်"), ("သေနတ်", "သေနတ်"), ("កាំភ្លើង", "រូបកាំភ្លើងលើតុ"), ("หมู", "รูปหมูป่า"),
        ("गाली", "एक गाली"), ("ガン", "ガン"), ("grenade", "ɢʀᴇɴᴀᴅᴇ"), ("grenade", "a ɡrenade"), ("grenade", "a gre nade."),
        ("grenade", "g renade"), ("assault rifle", "an a s s a u l t rifle"), ("assault rifle", "a s s a u l t r i f l e"),
        ("assault rifle", "assault r i f l e"), ("gun", "g u u u n"), ("gun", "g " * 1000 + "u n"),
    ],
)  # fmt: skip
def test_it_hits(entry: str, prompt: str) -> None:
    if entry == "don't look":
        assert hits(entry, "don't look")
    else:
        assert hits(entry, prompt)


@pytest.mark.parametrize(
    ("entry", "prompt"),
    [
        ("tit", "a title"), ("gun", "gunpowder"), ("shooting star", "shooting stars"), ("god", "good"),
        ("assault rifle", "a rifle, an assault"), ("hell", "shell"), ("ass", "a pass"), ("cop", "сор"),
        ("star wars", "star. wa rs"), ("kill", "skill"), ("ak", "4k"),
        ("หมู", "หมี"), ("หม", "หมู"), ("गाली", "गोला"), ("ガン", "カン"), ("penis", "a pen is here"), ("gun", "gu n"),
        ("the rapist", "a therapist"), ("assault rifle", "a s s a u l t on a rifle"),
    ],
)  # fmt: skip
def test_it_leaves_alone(entry: str, prompt: str) -> None:
    assert hits(entry, prompt) == []


def test_each_entry_is_told_once_in_the_order_of_the_file() -> None:
    assert hits("b\u0061t\ncat\n", "a cat, a bat, a c.a.t") == ["bat (block.txt:1)", "cat (block.txt:2)"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ok\n/(a/\n", r"block.txt:2: /\(a/ is no regular expression"),
        ("ok\ng*n\n", r"block.txt:2: 'g\*n': \* is no wildcard here; write a regular expression, /g.n/"),
        ("ok\n/\\b/", "block.txt:2: .* matches nothing at all"),
        ("/(?=x)/", "block.txt:1: .* matches nothing at all"),
        ("/$/", "block.txt:1: .* matches nothing at all"),
        ("/a*/", "block.txt:1: .* matches nothing at all"),
        ("/abc", "block.txt:1: .* begins a regular expression; end it with /"),
        ("\n\n---\n", "block.txt:3: '---' holds no word"),
        ("a", "block.txt:1: 'a' is one letter"),
        ('"a b', "block.txt:1: .* a quote too many"),
        ("x" * (LONGEST + 1), "block.txt:1: an entry of 501 characters"),
        ("x1\n" * (MOST_ENTRIES + 1), "block.txt: 20,001 entries"),
    ],
)
def test_a_mistake_is_told_with_its_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        blocklist(text)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"\xff", "a.txt", "a.txt: is not UTF-8 text"),
        (b"a" * (MOST_BYTES + 1), "a.txt", "larger than 1024 KiB"),
        (b"a = 1\n", "a.toml", "a.toml:1: a: write a list"),
        (b"a = [1]\n", "a.toml", "write a list"),
        (b"a = [\n", "a.toml", "a.toml: "),
        (b'a = ["ok"]\nb = ["/(/"]\n', "a.toml", r"a.toml:2: /\(/ is no regular expression"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, name: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_blocklist(data, name)


@given(st.text(max_size=300), st.sampled_from(["a.txt", "a.toml"]))
def test_of_any_text_that_is_a_list_every_entry_is_hit_by_its_own_words(text: str, name: str) -> None:
    with suppress(SettingsError):  # most texts are none, and nothing else is raised
        found = parse_blocklist(text.encode(errors="replace"), name)
        hit = [entry for entry in found.entries if entry.pattern or entry in found.hits(" ".join(entry.words))]
        assert hit == list(found.entries)


def test_the_example_is_a_list() -> None:
    example = Path(__file__).parents[3] / "examples" / "blocklist.txt"
    found = parse_blocklist(example.read_bytes(), example.name)
    assert found.patterns
    assert [str(entry) for entry in found.hits("a Great Tit with a grenade")]


@pytest.mark.parametrize("prompt", ["g " * 16_000, "g u x " * 5000, "a b c gun " * 3000, "gre nade " * 3000])
def test_the_longest_prompt_is_looked_at_in_no_time(prompt: str) -> None:
    found = blocklist("gun\ngrenade\nassault rifle\n")
    began = time.process_time()
    found.hits(prompt)
    assert time.process_time() - began < 2
