from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from tests.fakes.jobs import A_JOB, a_job


@pytest.mark.parametrize(
    "change",
    [
        {"provider": "placeholder"},
        {"model": "gpt-image-2"},
        {"prompt": DirectedPrompt("a car", "a red car")},
        {"prompt": DirectedPrompt("a red car", "a car")},
        {"prompt": DirectedPrompt("a car", "a car", negative="text")},
        {"prompt": DirectedPrompt("a car", "a car", colours=("#ff0000",))},
        {"size": Size(1536, 1024)},
        {"quality": "high"},
        {"format": "webp"},
        {"seed": 1},
        {"variant": 2},
        {"through": "gpt-6-luna"},
        {"through": "gpt-6-sol"},
    ],
)
def test_every_input_that_changes_the_picture_changes_the_key(change: dict[str, Any]) -> None:
    assert a_job(**change).key != A_JOB.key


@pytest.mark.parametrize(
    "change",
    [
        {"entry": "other"},
        {"tags": ("a",)},
        {"directory": Path("/other")},
        {"stem": "other"},
        {"renumber": "x-{n}"},
        {"prompt": replace(A_JOB.prompt, constraints=("text",))},
    ],
)
def test_nothing_else_does(change: dict[str, Any]) -> None:
    assert a_job(**change).key == A_JOB.key


def test_the_key_is_the_same_tomorrow() -> None:
    assert A_JOB.key == a_job().key
    assert len(A_JOB.key) == 64


KNOWN: tuple[tuple[dict[str, Any], str], ...] = (
    ({}, "e3ec216abbfbc0653664e043628b0f6a4f497ed288e9271ca26afd04338c7e2b"),
    (
        {
            "prompt": DirectedPrompt("ein Café", "ein Café, 雨 \U0001f697", "Text", colours=("#ff0000", "#00ff00")),
            "seed": 7,
            "variant": 3,
            "background": "transparent",
            "size": Size(0, 0),
        },
        "81e193b93c68fc9408e81c36ccede8eb984e7eff9530946090c7d00213bdbf33",
    ),
)


@pytest.mark.parametrize(("changes", "key"), KNOWN)
def test_a_key_is_the_same_for_ever(changes: dict[str, Any], key: str) -> None:
    """Of pictures that are made and paid: another key would have them made and paid again."""
    assert a_job(**changes).key == key


def test_each_text_model_it_is_asked_through_makes_another() -> None:
    assert len({a_job(through=model).key for model in ("", "gpt-6-luna", "gpt-6-sol")}) == 3


def test_another_name_is_the_same_picture() -> None:
    job = a_job(**KNOWN[1][0])
    named = job.named("boat", "boat-{n}")
    assert named == replace(job, stem="boat", renumber="boat-{n}")
    assert (job.stem, named.stem, named.key) == ("a-car-1", "boat", job.key)
