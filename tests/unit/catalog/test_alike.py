"""What must be equal for a picture to do for another job, and what no model's opinion outweighs."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.catalog.alike import loose_key, opposed, rest_key
from imgcli.model.input import Edit, Input
from imgcli.model.job import Job
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from tests.fakes.jobs import a_job

PICTURE = Input(Path("/x.png"), "ab" * 32, 10, "png", 8, 8, "x.png")
OTHER = replace(PICTURE, sha256="cd" * 32)


def worded(typed: str, **words: Any) -> Job:
    text = words.pop("text", f"Ink: {typed.strip().rstrip('.')}. On paper.")
    return a_job(prompt=DirectedPrompt(typed, text, **{"styles": ("ink",), "versions": ("abc",), **words}))


BASE = worded("A grey cat.")


def test_words_of_one_form_share_a_key() -> None:
    assert loose_key(BASE) == loose_key(worded("a gray cat"))
    assert loose_key(BASE) != loose_key(worded("a gray dog"))
    assert rest_key(BASE) == rest_key(worded("a gray dog"))
    assert BASE.key != worded("a gray cat").key


CHANGES: list[Job] = [
    replace(BASE, provider="other"),
    replace(BASE, model="other"),
    replace(BASE, size=Size(512, 512)),
    replace(BASE, quality="high"),
    replace(BASE, format="webp"),
    replace(BASE, seed=7),
    replace(BASE, variant=2),
    replace(BASE, background="transparent"),
    replace(BASE, through="words-1"),
    replace(BASE, edit=Edit((PICTURE,))),
    replace(BASE, edit=Edit((OTHER,))),
    replace(BASE, edit=Edit((PICTURE,), OTHER)),
    replace(BASE, edit=Edit((PICTURE,), None, OTHER)),
    replace(BASE, edit=Edit((PICTURE,), None, None, "high")),
    worded("A grey cat.", styles=("oil",)),
    worded("A grey cat.", versions=("abd",)),
    worded("A grey cat.", constraints=("text",)),
    worded("A grey cat.", negative="text"),
    worded("A grey cat.", colours=("#ffffff",)),
    worded("A grey cat.", text="Oil: A grey cat. On paper."),
]


@pytest.mark.parametrize("job", CHANGES)
def test_all_else_has_to_be_the_same(job: Job) -> None:
    assert loose_key(job) != loose_key(BASE)
    assert rest_key(job) != rest_key(BASE)
    others = [loose_key(each) for each in CHANGES if each is not job]
    assert loose_key(job) not in others


def test_what_a_model_made_of_the_words_counts_too() -> None:
    one, other = (worded("a cat", expanded=text, text=f"Ink: {text}. On paper.") for text in ("a cat at sea", "a cat"))
    assert loose_key(one) != loose_key(other)
    assert rest_key(one) == rest_key(other)


def test_where_files_go_does_not_count() -> None:
    moved = replace(BASE, directory=Path("/elsewhere"), stem="x", entry="y", tags=("z",), expect=("alpha",), tries=3)
    assert (loose_key(moved), rest_key(moved)) == (loose_key(BASE), rest_key(BASE))


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("two dogs on a beach", "three dogs on a beach", "numbers"),
        ("4 dogs", "40 dogs", "numbers"),
        ("a red car", "a blue car", "colours"),
        ("a black cat and a white dog", "a white cat and a black dog", "colours"),
        ("a table with flowers", "a table without flowers", "negations"),
        ("a hat", "no hat", "negations"),
        ("a dog on a sofa", "dogs on a sofa", "many"),
        ("a dog chasing a cat", "a cat chasing a dog", "order"),
        ("a cake with thirteen candles", "a cake with fourteen candles", "numbers"),
        ("twenty-three ships", "twenty-four ships", "numbers"),
        ("twenty ships", "thirty ships", "numbers"),
        ("two hundred and five books", "two hundred and six books", "numbers"),
        ("a 1920s car", "a 1930s car", "numbers"),
        ("Louis XIV", "Louis XVI", "numbers"),
        ("a xiv century castle", "a xvi century castle", "numbers"),
        ("the fourth floor", "the fifth floor", "numbers"),
        ("a 3-legged stool", "a 4-legged stool", "numbers"),
        ("a three-legged stool", "a four-legged stool", "numbers"),
        ("13th", "14th", "numbers"),
        ("3.5 m", "4.5 m", "numbers"),
        ("3D icon", "2D icon", "numbers"),
        ("x2", "x3", "numbers"),
        ("a half moon", "a full moon", "numbers"),
        ("a tan horse", "a burgundy horse", "colours"),
        ("a yellowish cup", "a greenish cup", "colours"),
        ("a dark-red cup", "a dark-blue cup", "colours"),
        ("a rose dress", "a mint dress", "colours"),
        ("a navy ship", "a ship", "colours"),
        ("a dog that isn't wet", "a dog that is wet", "negations"),
        ("a man who doesn’t smile", "a man who does smile", "negations"),
        ("a bird that cannot fly", "a bird that can fly", "negations"),
        ("neither a cat nor a dog", "a cat or a dog", "negations"),
        ("a cat wearing a hat", "a hatless cat", "negations"),
        ("a man at a table", "a woman at a table", "persons"),
        ("men at a table", "man at a table", "many"),
        ("a child in a park", "children in a park", "many"),
        ("a wolf in snow", "wolves in snow", "many"),
        ("a box on a shelf", "boxes on a shelf", "many"),
        ("a face 😀", "a face 😢", "signs"),
        ("一只狗", "两只狗", "letters"),
        ("หมี", "หมู", "letters"),
        ("หมี", " หมี ", ""),
        ("twenty-three ships", "23 ships", ""),
        ("the 4th floor", "the fourth floor", ""),
        ("one hundred and two dogs", "102 dogs", ""),
        ("a dog that isn't wet", "a dog that is not wet", ""),
        ("a grey cat", "a gray cat", ""),
        ("a bicycle against a wall", "a bike at a wall", ""),
    ],
)
def test_what_outweighs_a_models_opinion(one: str, other: str, why: str) -> None:
    assert why in opposed(one, other)
    assert why in opposed(other, one)
    assert bool(opposed(one, other)) == bool(why)
