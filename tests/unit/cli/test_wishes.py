from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.cli.wishes import Wishes, place
from imgcli.errors import UsageError
from tests.fakes.studio import settings_for

BARE = Wishes(None, None, None, None, None, None, 1, None, draft=False)


def test_an_entry_for_each_prompt() -> None:
    wishes = replace(BARE, style=["ink"], no=["text"], tag=["web"], count=3, refs=[Path("a.png")], fidelity="high")
    one, two = wishes.entries(["a car", "a boat"], "hero-{n}")
    assert (one.prompt, one.id, one.where, one.name) == ("a car", "prompt-001", "prompt 1", "hero-{n}")
    assert (two.prompt, two.id, two.where) == ("a boat", "prompt-002", "prompt 2")
    assert (one.style, one.no, one.tags, one.n) == (("ink",), ("text",), ("web",), 3)
    assert (one.refs, one.fidelity) == (("a.png",), "high")
    assert BARE.entries(["a car"], None)[0].style is None


def test_options_hold_no_control_characters() -> None:
    for wishes in (replace(BARE, no=["a\x07"]), replace(BARE, tag=["a\x07"])):
        with pytest.raises(UsageError, match="holds control characters"):
            wishes.entries(["a car"], None)


@pytest.mark.parametrize(
    ("out", "count", "prompts", "expected"),
    [
        ("", 1, 1, None),
        ("hero.png", 1, 1, "hero"),
        ("hero.png", 2, 1, "hero-{n}"),
        ("hero.png", 1, 2, "hero-{slug}-{n}"),
        ("{n}", 2, 2, "{n}"),
    ],
)
def test_a_name_is_one_for_all_pictures(
    out: str, count: int, prompts: int, expected: str | None, tmp_path: Path
) -> None:
    assert place(replace(settings_for(tmp_path), out=out), count, prompts)[1] == expected
