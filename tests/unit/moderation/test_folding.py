"""Words that are read through their disguises, and harmless ones that are read as they stand."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.moderation.folding import (
    LONGEST_SPACED,
    SPACED,
    folded,
    parted,
    plain_words,
    runs,
    spelt,
    visible,
    words_of,
)


def readings(text: str) -> set[str]:
    return {reading for word in words_of(text) for reading in word.readings} | spelt(text)


def pairs(text: str) -> set[tuple[str, str]]:
    words = words_of(text)
    return {(a, b) for one, other in itertools.pairwise(words) for a in one.readings for b in other.readings}


@pytest.mark.parametrize(
    "text",
    [
        "gun", "GUN", "Gun!", "(gun)", "g u n", "g.u.n", "g-u-n", "g_u_n", "g. u. n.", "gu.n", "6un", "gυn", "gún",
        "g\u200bu\u2060n", "g\u00adun", "ｇｕｎ", "𝐠𝐮𝐧", "ⓖⓤⓝ", "🅶🆄🅽", "🇬🇺🇳", "g\u0335u\u0335n\u0335", "a g u n",
    ],
)  # fmt: skip
def test_a_disguised_word_is_read(text: str) -> None:
    assert "gun" in readings(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [("gr3n4de", "grenade"), ("$hot", "shot"), ("k1ll", "kill"), ("b!tter", "bitter"), ("a$$", "ass"), ("@ss", "ass")],
)
def test_signs_stand_for_letters(text: str, word: str) -> None:
    assert word in readings(text)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("gunpowder and begun", "gun"),
        ("the title of great tits", "tit"),
        ("4k render", "ak"),
        ("3d", "ed"),
        ("in 1945", "iaas"),
        ("сор", "cop"),  # a Russian word, all of it
        ("a pen is here", "penis"),
        ("push it", "pushit"),
    ],
)
def test_a_harmless_word_is_read_as_it_stands(text: str, word: str) -> None:
    assert word not in readings(text)


def test_stars_and_long_letters_are_told_beside_the_readings() -> None:
    assert [word.masked for word in words_of("g*n") if word.masked] == ["g*n"]
    assert not any(word.masked for word in words_of("a ** b, **, x***"))
    assert [*words_of("guuun")[0].stretched] == ["guuun"]
    assert [*words_of("good")[0].stretched] == []


def test_single_letters_in_a_row_spell_words_each_told_once() -> None:
    assert spelt("hold a b c d") == {"abc", "abcd", "bcd"}
    assert spelt("g " * 16_000) == {"g" * length for length in range(SPACED, LONGEST_SPACED + 1)}
    assert ("ass", "rifle") in pairs("two a a s s rifle")
    assert ("two", "ass") in pairs("two a s s a rifle")
    assert ("two", "rifle") not in pairs("two a s s a rifle")


def test_a_word_with_a_blank_in_it_is_one_but_not_of_little_words() -> None:
    assert "grenade" in parted("a (gre nade).")
    assert not {"penis", "gun"} & set(parted("a pen is here, gu n"))


@pytest.mark.parametrize(("one", "other"), [("หมี", "หมู"), ("गाली", "गोला"), ("သေနတ်", "သနတ"), ("か", "が"), ("កាំ", "កំ")])
def test_a_vowel_sign_makes_another_word_and_parts_none(one: str, other: str) -> None:
    assert folded(one) != folded(other)
    assert len(plain_words(one)) == len(plain_words(other)) == 1


@pytest.mark.parametrize("text", ["ɢʀᴇɴᴀᴅᴇ", "ɡrenade", "gr℮nade", "g\u0e34ren\u093eade", "gr\u0301enade", "GRENAĐE"])
def test_letters_that_only_look_otherwise_are_read(text: str) -> None:
    assert "grenade" in readings(text)


def test_words_in_a_row_are_in_a_row_however_they_are_parted() -> None:
    assert ("assault", "rifle") in pairs("an a$$ault r1fle.")
    assert ("assault", "rifle") in pairs("an assault-rifle.")
    assert ("ault", "rifle") not in pairs("an assault rifle.")
    assert ("rifle", "an") not in pairs("an assault rifle.")


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert all(plain_words(word) == (word,) for word in plain_words(text))
    assert visible(visible(text)) == visible(text)


@given(st.text(max_size=80))
def test_every_plain_word_is_read_as_it_stands(text: str) -> None:
    assert set(plain_words(text)) <= readings(text)


@given(st.text(alphabet="abcü", max_size=20))
def test_runs_tell_the_word_again(word: str) -> None:
    assert "".join(letter * count for letter, count in runs(word)) == word


@pytest.mark.parametrize("text", ["g u n " * 5000, "a.b*" * 8000, "a" * 32_000, "a.b.c.d " * 4000, "$1!" * 10_000])
def test_the_longest_prompt_is_read_in_bounded_steps(text: str) -> None:
    began = time.process_time()
    assert len(words_of(text)) <= 2 * LONGEST_SPACED * len(text)
    assert time.process_time() - began < 10
