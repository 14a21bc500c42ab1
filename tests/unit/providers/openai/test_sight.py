"""The bytes of a picture at the moment they are sent: those that were looked at, or none."""

import base64
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.errors import AttemptError, Money
from imgcli.model.input import Input
from imgcli.providers.openai.sight import MOST_ALL, MOST_EACH, data_urls
from tests.fakes.looks import a_look


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_the_bytes_go_as_they_are(tmp_path: Path, kind: str) -> None:
    looks = [a_look(tmp_path / f"{number}", kind, number=number) for number in (1, 2)]
    for look, url in zip(looks, data_urls(looks), strict=True):
        head, _, text = url.partition(",")
        assert head == f"data:image/{kind};base64"
        assert base64.b64decode(text, validate=True) == look.path.read_bytes()


def other_bytes(look: Input) -> None:
    data = bytearray(look.path.read_bytes())
    data[-5] ^= 1
    look.path.write_bytes(data)


def longer(look: Input) -> None:
    look.path.write_bytes(look.path.read_bytes() + b"\0")


def shorter(look: Input) -> None:
    look.path.write_bytes(look.path.read_bytes()[:-1])


def gone(look: Input) -> None:
    look.path.unlink()


def pipe(look: Input) -> None:
    look.path.unlink()
    os.mkfifo(look.path)


def directory(look: Input) -> None:
    look.path.unlink()
    look.path.mkdir()


@pytest.mark.parametrize(
    ("change", "code", "why"),
    [
        (other_bytes, "input-changed", "has changed"),
        (longer, "input-changed", "has changed"),
        (shorter, "input-changed", "has changed"),
        (gone, "input-gone", "No such file"),
        (pipe, "input-gone", "no plain file"),
        (directory, "input-gone", "car.png cannot be read any more"),
    ],
)
def test_what_is_not_what_it_was_is_not_sent(
    tmp_path: Path, change: Callable[[Input], None], code: str, why: str
) -> None:
    look = a_look(tmp_path / "car.png")
    change(look)
    with pytest.raises(AttemptError, match=why) as caught:
        data_urls([look])
    assert (caught.value.money, caught.value.code) == (Money.VOID, code)
    assert "nothing was sent" in str(caught.value)


def test_no_more_is_read_than_a_model_takes(tmp_path: Path) -> None:
    look = a_look(tmp_path / "car.png")
    with pytest.raises(AttemptError, match="a model looks at 20 MB at most"):
        data_urls([replace(look, size_bytes=MOST_EACH + 1)])
    several = [replace(look, size_bytes=MOST_EACH)] * 3
    assert sum(each.size_bytes for each in several) > MOST_ALL
    with pytest.raises(AttemptError, match="50 MB together") as caught:
        data_urls(several)
    assert caught.value.money is Money.VOID
