"""Pictures from pictures on real sockets: the ledger against the bill, and a quote that what was billed stays inside."""

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.test_money import MODEL, RATES, User, billed, hashes, nano
from tests.fake_api import pictures
from tests.fake_api.client import FakeApi
from tests.rigs.nursery import Nursery

MORE = ("--model", MODEL, "--size", "1024x1024", "--quality", "low", "--no-progress")


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    user = User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)
    (user.home / "config" / "config.toml").write_text(RATES)
    for number, (name, size) in enumerate(
        (("room.png", (900, 700)), ("sofa.jpeg", (300, 600)), ("lamp.webp", (64, 64)))
    ):
        (user.cwd / name).write_bytes(pictures.make(Path(name).suffix[1:], *size, number))
    mask = Image.new("RGBA", (900, 700), (0, 0, 0, 255))
    mask.paste((0, 0, 0, 0), (100, 100, 300, 300))
    mask.save(user.cwd / "mask.png")
    return user


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("room.png", "at night"), ["image"]),
        (("room.png", "sofa.jpeg", "lamp.webp", "all of it in the room"), ["image[]"] * 3),
        (("room.png", "a window there", "--mask", "mask.png"), ["image", "mask"]),
    ],
)
def test_an_edit_is_paid_to_the_nano_and_inside_its_quote(user: User, words: tuple[str, ...], parts: list[str]) -> None:
    done = user.run("edit", *words, *MORE)
    assert done.code == 0, done.err
    (path,) = done.out.splitlines()
    (bill,), (seen,) = user.api.bill(), user.api.requests()
    assert bill.sha256 == tuple(hashes([path]))
    assert (seen.path, [part["name"] for part in seen.body["parts"] if part["filename"]]) == ("/v1/images/edits", parts)
    told = json.loads(Path(f"{path}.json").read_text())
    assert told["cost"]["nano_usd"] == bill.cost_nano
    assert told["cost"]["flags"] == []
    assert [each["sha256"] for each in told["inputs"]] == [
        part["sha256"] for part in seen.body["parts"] if part["filename"]
    ]
    assert nano(user.spent()["spent_usd"]) == billed(user)
    assert bill.usage["input_tokens_details"]["image_tokens"] > 0


def test_a_cap_below_the_pictures_that_go_in_sends_nothing(user: User) -> None:
    """A picture out is 196 tokens, $0.0059; those that go in are about a cent more."""
    edit = ("edit", "room.png", "sofa.jpeg", "lamp.webp", "all of it", *MORE)
    tight = user.run(*edit, "--max-cost", "0.015")
    assert (tight.code, user.api.requests()) == (3, [])
    wide = user.run(*edit, "--max-cost", "0.03")
    assert wide.code == 0, wide.err
    assert len(user.api.bill()) == 1
