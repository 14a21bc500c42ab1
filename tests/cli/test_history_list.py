"""`imgcli history` as a list, a search, an export; and what a person says of pictures there."""

import asyncio
import csv
import io
import json
import os
import re
from pathlib import Path

import pytest

from imgcli.catalog.sqlite import SqliteCatalog
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.mark import Mark
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.verdict import Aside, Remarks
from imgcli.reports.history_rows import COLUMNS
from tests.cli.run_cli import Seen, imgcli
from tests.contracts.test_ledger_contract import LOST, VOID, Desk, settled
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_run

WORDS = ("a red car", "the old town\x1b[31m", "=cmd()|' '!A0", "红色汽车")


@pytest.fixture
def past(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Four pictures, one in quarantine before the last, one failed, one whose answer was lost."""
    monkeypatch.chdir(tmp_path)
    desk = Desk(SqliteLedger(home / "data", FakeClock()), FakeClock(), "0123456-7")

    async def live() -> None:
        await desk.ledger.begin(a_run())
        for words in WORDS[:3]:
            prompt = DirectedPrompt(words, f"{words}, cinematic light", styles=("cinematic",))
            await settled(desk, prompt=prompt, tags=("hero",))
        hold = await desk.received(prompt=DirectedPrompt("secret", "secret car"))
        await desk.ledger.save(hold.attempt, hold.run, Remarks(aside=Aside.QUARANTINE))
        await desk.ledger.settle(hold.attempt, hold.run)
        await settled(desk, prompt=DirectedPrompt(WORDS[3], WORDS[3]))
        await desk.ledger.fail(await desk.sent(), VOID)
        await desk.ledger.fail(await desk.sent(100_000_000), LOST)
        await desk.ledger.close()

    asyncio.run(live())
    return desk


def listed(*words: str) -> list[dict[str, object]]:
    seen = imgcli("history", *words, "--json")
    assert seen.code == 0, seen.err
    return [json.loads(line) for line in seen.lines]


def prompts(*words: str) -> list[object]:
    return [line["prompt"] for line in listed(*words)[:-1]]


def refused(*words: str) -> Seen:
    seen = imgcli("history", *words)
    assert (seen.code, seen.out, seen.err.count("\n")) == (2, "", 1)
    return seen


def test_a_list_is_the_newest_first_and_hides_what_moderation_hides(past: Desk) -> None:
    seen = imgcli("history")
    assert seen.code == 0
    assert [line.split()[0] for line in seen.lines] == [
        "id",
        "0123456-7-5",
        "0123456-7-3",
        "0123456-7-2",
        "0123456-7-1",
    ]
    assert "4 of 5 pictures\n1 counted among them may not be shown" in seen.err
    assert "secret" not in seen.out + "".join(imgcli("history", "--json").lines)
    assert imgcli("history", "list").out == seen.out


def test_pages_follow_each_other_by_the_ids_that_are_printed(past: Desk) -> None:
    first = listed("list", "--most", "2")
    assert [line["short"] for line in first[:-1]] == ["0123456-7-5", "0123456-7-3"]
    assert first[-1]["before"] == "0123456-7-3"
    second = listed("list", "--most", "2", "--before", "0123456-7-3")
    assert [line["short"] for line in second[:-1]] == ["0123456-7-2", "0123456-7-1"]
    assert second[-1]["before"] is None
    assert "next page:  imgcli history list --before 0123456-7-3" in imgcli("history", "list", "--most", "2").err
    assert "no one picture has an id that begins so" in refused("list", "--before", "0123456-7").err


def test_lines_fit_a_narrow_terminal(past: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, imgcli("history").lines)) <= 60


def test_what_brought_no_picture_is_listed_with_why_and_what_it_cost(past: Desk) -> None:
    seen = imgcli("history", "list", "--failed")
    assert [line.split()[0] for line in seen.lines] == ["id", "0123456-7-7", "0123456-7-6"]
    assert "uncertain" in seen.lines[1]
    assert "$0.10?" in seen.lines[1]
    assert "refused" in seen.lines[2]
    lines = listed("list", "--failed", "--most", "1")
    assert [(line["held_usd"], line["is_billed"]) for line in lines] == [("0.10", None)]
    assert [line["attempt"] for line in listed("list", "--failed", "--before", "0123456-7-7")] == ["0123456-7-6"]
    assert "--failed goes with" in refused("list", "--failed", "--picked").err


def test_a_search_shows_the_words_where_they_are(past: Desk) -> None:
    seen = imgcli("history", "search", "red", "-night")
    assert "typed: a [red] car" in seen.out
    assert "1 of 1 picture\n" in seen.err
    (line, end) = listed("search", "light", "car")
    assert line["said"] == [{"stage": "typed", "words": ["car"]}, {"stage": "directed", "words": ["car", "light"]}]
    assert (end["found"], end["found_is_exact"]) == (1, True)
    assert prompts("search", "汽车") == [WORDS[3]]
    assert prompts("search", "old town") == prompts("search", "the", "old town") == [WORDS[1]]
    assert prompts("search", "light", "-car", "style:cinematic") == [WORDS[2], WORDS[1]]
    assert "\x1b" not in imgcli("history", "search", "town").out


def test_a_search_for_what_no_picture_has_says_so_and_guesses(past: Desk) -> None:
    assert "no picture has style:cinematc; did you mean style:cinematic?" in refused("search", "style:cinematc").err
    assert "no picture has tag:her; did you mean tag:hero?" in refused("list", "--tag", "her").err
    assert "there is no option --jsn; did you mean --json?" in refused("search", "red", "--jsn").err
    assert "did you mean style:x?" in refused("search", "styel:x").err
    assert "did you mean is:rejected?" in refused("search", "is:reject").err
    seen = imgcli("history", "search", "colour:red")
    assert (seen.code, seen.out) == (0, "")
    assert "there is no key colour: and it was taken for a word; keys are style, tag, " in seen.err
    assert "no key" not in imgcli("history", "search", "zebra", "http://zebra").err
    seen = imgcli("history", "search", "zeppelin")
    assert (seen.code, seen.out, seen.err) == (0, "", "nothing is found\n")


def test_nothing_is_made_yet(tmp_path: Path) -> None:
    seen = imgcli("history")
    assert (seen.code, seen.out) == (0, "")
    assert "no picture is made yet" in seen.err


def test_an_index_that_is_lost_comes_back_from_the_ledger(past: Desk, home: Path) -> None:
    before = imgcli("history").out
    catalog = home / "data" / "catalog.db"
    for path in (catalog, catalog.with_name("catalog.db.lock")):
        path.unlink()
    assert imgcli("history").out == before
    catalog.write_bytes(b"torn")
    seen = imgcli("history")
    assert seen.code == 7
    assert seen.err.count("\n") == 1
    assert "to begin a new one move it and its .lock away" in seen.err


def test_an_export_has_all_columns_and_no_formula(past: Desk, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(imgcli("history", "export").out)))
    assert tuple(rows[0]) == COLUMNS
    told = [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]
    assert [row["prompt"] for row in told] == [WORDS[3], "'=cmd()|' '!A0", "the old town\\u001b[31m", "a red car"]
    lines = [json.loads(line) for line in imgcli("history", "export", "--format", "jsonl", "--most", "2").lines]
    assert [line["prompt"] for line in lines] == [WORDS[3], WORDS[2]]
    assert all(tuple(line) == COLUMNS for line in lines)
    seen = imgcli("history", "export", "-o", "a.jsonl", "--search", "car", "--tag", "hero")
    assert (seen.lines, seen.err) == (["a.jsonl"], "1 picture\n")
    written = Path("a.jsonl").read_bytes()
    assert "a.jsonl is there already" in refused("export", "-o", "a.jsonl").err
    assert Path("a.jsonl").read_bytes() == written
    assert "parquet needs" in refused("export", "-o", "a.parquet").err
    assert "there is csv and jsonl" in refused("export", "--format", "xml").err
    assert imgcli("history", "export", "-o", "gone/a.csv").code == 7


def test_an_export_that_breaks_off_leaves_nothing(past: Desk, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    imgcli("history")
    with (home / "data" / "ledger.db").open("rb+") as ledger:
        data = ledger.read()
        ledger.seek(data.index(b'"typed":"the old town'))
        ledger.write(b"%")
    seen = imgcli("history", "export", "-o", "a.csv")
    assert seen.code == 8
    assert not Path("a.csv").exists()


@pytest.fixture
def picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    seen = imgcli("gen", "a car", "--tag", "hero", "--provider", "placeholder", "-s", "64x64")
    assert seen.code == 0, seen.err
    return str(listed()[0]["short"])


def test_tags_and_stars_are_put_on_and_taken_off(picture: str) -> None:
    seen = imgcli("history", "tag", picture.upper(), "--add", " shortlist ", "--add", "café", "--stars", "4")
    assert (seen.code, seen.err) == (0, "a-car-1.png: hero, shortlist, café; 4 stars\n")
    assert prompts("search", "tag:shortlist", "stars>=4") == ["a car"]
    assert "marks" in imgcli("history").lines[0]
    seen = imgcli("history", "tag", "a-car-1.png", "--remove", "café", "--remove", "hero", "--stars", "0")
    assert "hero, shortlist\n" in seen.err
    assert "was made with the tag hero, which stays" in seen.err
    story = json.loads(imgcli("history", "show", picture, "--json").out)
    assert (story["tags"], story["tagged"], story["stars"]) == (["hero"], ["shortlist"], 0)
    assert "tagged" in imgcli("history", "show", picture).out
    assert "say what to do" in refused("tag", picture).err
    assert "is no tag" in refused("tag", picture, "--add", " ").err


def test_what_is_opened_is_marked(picture: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    opener = programs / "xdg-open"
    opener.write_text('#!/bin/sh\necho "$1" >> opened.txt\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    seen = imgcli("history", "open", picture)
    assert (seen.code, seen.out, seen.err) == (0, "", "")
    assert Path("opened.txt").read_text() == f"{tmp_path / 'a-car-1.png'}\n"
    catalog = SqliteCatalog(home / "data")
    (marked,) = asyncio.run(catalog.marked(Mark.OPENED))
    asyncio.run(catalog.close())
    assert marked.path == tmp_path / "a-car-1.png"
    assert prompts("search", "is:opened") == ["a car"]


def test_a_story_tells_where_a_picture_comes_from(picture: str) -> None:
    assert imgcli("edit", "a-car-1.png", "at night", "--provider", "placeholder", "-s", "64x64").code == 0
    first = json.loads(imgcli("history", "show", picture, "--json").out)
    edited = str(listed()[0]["short"])
    then = json.loads(imgcli("history", "show", edited, "--json").out)
    assert [each["relation"] for each in first["made_of_it"]] == ["edit"]
    assert [each["attempt"] for each in then["made_from"]] == [first["attempt"]]
    assert re.search("made of it +└─ edit  a-car-1-edit-1.png", imgcli("history", "show", picture).out)
    assert re.search("made from +└─ edit of  a-car-1.png", imgcli("history", "show", edited).out)
