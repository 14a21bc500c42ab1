import base64
import io
import os
import random
from pathlib import Path

import pytest

from bench.__main__ import CASES
from bench.case import Row, rotated
from bench.cases.latency import perfect
from bench.cases.profile import group_of
from bench.clients.base64_stream import START, Picture
from bench.page import page
from bench.results import Result, read_results, write_results

RESULT = Result("2026-11-21", 3, 0.25, "a machine", [])


def test_the_perfect_schedule_fills_the_first_free_slot() -> None:
    assert perfect([3, 1, 1, 1], 2) == 3
    assert perfect([1, 1, 1, 3], 2) == 4
    assert perfect([2, 2, 2], 1) == 6


def test_everybody_is_first_once() -> None:
    assert [rotated("abc", turn)[0] for turn in range(4)] == ["a", "b", "c", "a"]
    assert sorted(rotated("abc", 2)) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("/somewhere/src/imgcli/ledger/sqlite.py", "imgcli.ledger"),
        ("/somewhere/imgcli/pipeline.py", "imgcli.pipeline"),
        ("<method 'execute' of 'sqlite3.Connection' objects>", "sqlite3"),
        ("<built-in method posix.fsync>", "fsync"),
        ("<built-in method posix.open>", "files"),
        ("<built-in method binascii.a2b_base64>", "base64"),
        ("<method 'recv_into' of '_socket.socket' objects>", "sockets"),
        ("/lib/python3.11/site-packages/httpcore2/_async/http11.py", "httpx2, h11, anyio"),
        ("/lib/python3.11/asyncio/events.py", "asyncio"),
        ("/lib/python3.11/dataclasses.py", "other Python"),
        ("<built-in method builtins.len>", "other builtins"),
    ],
)
def test_every_function_has_its_group(name: str, group: str) -> None:
    assert group_of(name) == group


def test_a_streamed_picture_is_whole_however_the_answer_is_cut() -> None:
    data = os.urandom(10_000)
    answer = b'{"created": 1, "data": [{' + START + base64.b64encode(data) + b'"}], "quality": "low"}'
    lots = random.Random(1)  # noqa: S311 - where to cut is no secret
    for _ in range(200):
        cuts = sorted(lots.sample(range(len(answer)), lots.randint(1, 40)))
        file = io.BytesIO()
        picture = Picture(file)
        for start, end in zip([0, *cuts], [*cuts, len(answer)], strict=True):
            picture.feed(answer[start:end])
        assert file.getvalue() == data


def test_results_survive_their_file(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    assert read_results(path) == {}
    told = {"cpu": Result("2026-11-21", 1, 0.5, "m", [Row("sdk", {"cpu": [1.5, 2.25]}, ["got 1 of 2 pictures"])])}
    write_results(path, told)
    assert read_results(path) == told


def test_the_page_has_medians_ranges_and_what_is_void() -> None:
    rows = [Row("sdk", {"cpu": [30.0, 10.0, 20.0], "ratio": [1.0, 1.0]}), Row("imgcli", {}, ["got 1 of 2 pictures"])]
    text = page(CASES.values(), {"cpu": Result("2026-11-21", 3, 0.25, "a machine", rows)})
    assert "| sdk | 20.0 (10.0 to 30.0) | 1.00 | - |" in text
    assert "| imgcli | void |" in text
    assert "- imgcli: got 1 of 2 pictures" in text
    assert "2026-11-21, 3 rounds, load 0.2 before; a machine. `python3 dev.py bench cpu`" in text


def test_a_page_without_figures_claims_nothing() -> None:
    text = page(CASES.values(), dict.fromkeys(CASES, RESULT))
    assert all(f"## {case.title}\n" in text for case in CASES.values())
    assert "nan" not in text
