"""The words for what is continued, cut out or made anew."""

import pytest

from imgcli.director.reworking import CUT_OUT, REMADE, continued


@pytest.mark.parametrize("words", [CUT_OUT, REMADE, continued("")])
def test_what_is_kept_is_said_first(words: str) -> None:
    assert words.startswith("Keep ")
    assert words.endswith(".")
    assert "  " not in words


@pytest.mark.parametrize(
    ("prompt", "end"),
    [
        ("a wide beach", "In the new area: a wide beach."),
        ("a wide beach!", "In the new area: a wide beach!"),
        (" a wide beach. ", "In the new area: a wide beach."),
        ('a sign "OPEN."', 'In the new area: a sign "OPEN."'),
        ("  ", "without a seam, a frame or a repetition."),
    ],
)
def test_what_is_new_is_said_last(prompt: str, end: str) -> None:
    assert continued(prompt).endswith(end)
