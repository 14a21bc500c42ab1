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
