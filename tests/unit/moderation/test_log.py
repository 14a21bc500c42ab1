"""The audit log: added to, never torn, and counted."""

import json
import os
import threading
from pathlib import Path

import pytest

from imgcli.errors import StorageError
from imgcli.moderation.log import NAME, SHOWN, Noted, counted, note, read_log


def a_line(**changes: object) -> Noted:
    told: dict[str, object] = {
        "at": "2026-11-21T10:00:00+00:00", "run": "run-1", "key": "ab", "attempt": "", "stage": "prompt",
        "layer": "provider", "decision": "blocked", "reason": "sexual 0.91",
        "scores": (("sexual", 0.91), ("violence", 0.2)), "prompt": "a\nvery long prompt " * 20,
    }  # fmt: skip
    return Noted(**(told | changes))  # type: ignore[arg-type]


def test_a_line_tells_the_prompt_by_its_hash_and_its_beginning(tmp_path: Path) -> None:
    note(tmp_path / "data", [a_line()])
    (told,) = read_log(tmp_path / "data")
    assert len(told["prompt"]) == SHOWN
    assert len(told["prompt_sha256"]) == 64
    assert (told["layer"], told["decision"], told["scores"]) == (
        "provider",
        "blocked",
        {"sexual": 0.91, "violence": 0.2},
    )
    if os.name == "posix":
        assert (tmp_path / "data" / NAME).stat().st_mode & 0o777 == 0o600


def test_lines_of_many_writers_do_not_mix(tmp_path: Path) -> None:
    def write(who: int) -> None:
        for n in range(20):
            note(tmp_path, [a_line(run=f"{who}-{n}")])

    work = [threading.Thread(target=write, args=(i,)) for i in range(4)]
    for thread in work:
        thread.start()
    for thread in work:
        thread.join()
    assert {told["run"] for told in read_log(tmp_path)} == {f"{i}-{n}" for i in range(4) for n in range(20)}


def test_what_is_torn_or_foreign_is_left_out(tmp_path: Path) -> None:
    note(tmp_path, [a_line()])
    with (tmp_path / NAME).open("ab") as file:
        file.write(b'{"at": \n[1]\nnull\n\xff\xfe\n' + b"[" * 100_000 + b"\n")
    note(tmp_path, [a_line()])
    assert len(list(read_log(tmp_path))) == 2


def test_without_a_place_for_it_nothing_goes_on(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a directory should be")
    with pytest.raises(StorageError, match="nothing goes on without it"):
        note(tmp_path / "data", [a_line()])
    assert list(read_log(tmp_path / "nowhere")) == []
    note(tmp_path / "data", [])


def test_it_is_counted_by_the_categories_that_decided() -> None:
    lines = [json.loads(each.line()) for each in (
        a_line(), a_line(), a_line(layer="words", decision="warned", reason="damn", scores=()),
        a_line(reason="hate/threatening 0.70", scores=(("hate", 0.9), ("hate/threatening", 0.7))),
        a_line(layer="refusal", reason="refused", scores=(("sexual", 1.0), ("violence", 1.0))),
        a_line(reason="flagged by the model", decision="warned"),
    )]  # fmt: skip
    assert counted(iter(lines)) == [
        ("prompt", "provider", "blocked", "hate/threatening", 1),
        ("prompt", "provider", "blocked", "sexual", 2),
        ("prompt", "provider", "warned", "sexual", 1),
        ("prompt", "refusal", "blocked", "sexual", 1),
        ("prompt", "refusal", "blocked", "violence", 1),
        ("prompt", "words", "warned", "", 1),
    ]


def test_hostile_lines_are_counted_too() -> None:
    assert counted(iter([{}, {"scores": {"a": "b"}, "layer": ["x"]}, {"scores": []}]))
