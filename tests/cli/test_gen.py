import json
import os
from pathlib import Path

import pytest

from tests.cli.run_cli import Seen, imgcli


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def paint(*words: str, stdin: str = "") -> Seen:
    return imgcli("gen", *words, "--provider", "placeholder", "--size", "128x128", stdin=stdin)


def names(seen: Seen) -> list[str]:
    assert seen.code == 0, seen.err
    return sorted(Path(line).name for line in seen.lines)


def test_paths_go_to_stdout_and_talk_to_stderr(here: Path) -> None:
    seen = paint("a car", "--style", "cinematic")
    assert seen.lines == [str(here / "a-car-cinematic-1.png")]
    assert (here / "a-car-cinematic-1.png.json").exists()
    assert "1 made of 1" in seen.err


def test_every_call_makes_new_pictures(here: Path) -> None:
    assert names(paint("a car", "-n", "2")) == ["a-car-1.png", "a-car-2.png"]
    assert names(paint("a car", "-n", "2")) == ["a-car-3.png", "a-car-4.png"]


def test_several_prompts_and_stdin(here: Path) -> None:
    assert names(paint("a car", "-", stdin="a boat\n\n a tree \n")) == ["a-boat-1.png", "a-car-1.png", "a-tree-1.png"]


@pytest.mark.parametrize(
    ("out", "count", "expected"),
    [
        ("pics/", 1, ["pics/a-car-1.png"]),
        ("pics", 1, ["pics/a-car-1.png"]),
        ("pics/hero.png", 1, ["pics/hero.png"]),
        ("hero.png", 2, ["hero-1.png", "hero-2.png"]),
        ("pics/{slug}_{n}", 2, ["pics/a-car_1.png", "pics/a-car_2.png"]),
    ],
)
def test_out_is_a_directory_a_file_or_a_template(here: Path, out: str, count: int, expected: list[str]) -> None:
    seen = paint("a car", "-o", out, "-n", str(count))
    assert seen.code == 0, seen.err
    assert sorted(os.path.relpath(line, here) for line in seen.lines) == expected


def test_a_file_is_never_overwritten(here: Path) -> None:
    (here / "hero.png").write_text("mine")
    assert names(paint("a car", "-o", "hero.png")) == ["hero-2.png"]
    assert (here / "hero.png").read_text() == "mine"
    assert paint("a car", "-o", "hero.png", "--if-exists", "error").code == 2
    kept = paint("a car", "-o", "hero.png", "--if-exists", "skip")
    assert kept.code == 0
    assert "1 kept" in kept.err


def test_json_tells_everything_on_stdout(here: Path) -> None:
    seen = paint("a car", "--json", "--tag", "launch")
    events = [json.loads(line) for line in seen.lines]
    assert [event["event"] for event in events] == ["begin", "attempt", "picture", "end"]
    assert events[2]["status"] == "made"
    assert events[2]["cost_usd"] == "0.00"
    assert events[-1]["exit_code"] == 0
    assert not seen.err


def test_print_fills_a_template(here: Path) -> None:
    seen = paint("a car", "--print", "{id}\\t{model}\\t{width}x{height}")
    assert seen.out == "prompt-001\tplaceholder\t128x128\n"


def test_quiet_and_no_progress(here: Path) -> None:
    assert paint("a car", "--quiet").err == ""
    assert len(paint("a car", "--no-progress").err.splitlines()) == 1


def test_dry_run_shows_typed_and_directed_and_sends_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = imgcli("gen", "a car", "--style", "cinematic", "--no", "text", "--dry-run")
    assert seen.code == 0, seen.err
    text = " ".join(seen.out.split())
    assert "typed" in text
    assert "directed" in text
    assert "No text, letters" in text
    assert "nothing was sent" in seen.err
    assert list(here.iterdir()) == []
    plan = json.loads(imgcli("gen", "a car", "--style", "cinematic", "--dry-run", "--json").lines[0])
    assert plan["prompt"] == "a car"
    assert plan["directed"].startswith("A single frame")
    assert plan["expected_usd"].startswith("0.01")


def test_a_dry_run_that_a_budget_would_stop_says_so(here: Path) -> None:
    assert imgcli("gen", "a car", "--dry-run", "--max-cost", "0.001").code == 3
    imgcli("budget", "set", "--pictures", "3", "--per", "day")
    seen = imgcli("gen", "a car", "-n", "4", "--dry-run")
    assert seen.code == 3
    assert "may make 4 pictures" in seen.err


def test_no_key_offers_both_ways_out(here: Path) -> None:
    seen = imgcli("gen", "a car")
    assert seen.code == 4
    assert "OPENAI_API_KEY" in seen.err
    assert "--provider placeholder" in seen.err
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("word", ["help", "version", "styles", "list", "HELP"])
def test_a_stray_word_does_not_cost_money(here: Path, word: str) -> None:
    seen = paint(word)
    assert seen.code == 2
    assert "looks like a command" in seen.err
    assert paint(word, "--yes").code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("gen", "a car", "--style", "cinematc"), "did you mean"),
        (("gen", "a car", "-m", "dall-e-3"), "dall-e-3 was retired on 2026-05-12"),
        (("gen", "a car", "-m", "gpt-image-1"), "gpt-image-1 was retired"),
        (("gen", "a car", "-m", "gpt-image-2.5-fare"), "gpt-image-2.5-flare"),
        (("gen", "a car", "-s", "12x12"), "cannot make 12x12"),
        (("gen", "a car", "-s", "wide"), "size 'wide'"),
        (("gen", "a car", "-a", "16x9"), "16x9"),
        (("gen", "a car", "-q", "best"), "no quality 'best'"),
        (("gen", "a car", "--format", "bmp"), "not one of png, jpeg, webp"),
        (("gen", "a car", "--max-cost", "five"), "not an amount in dollars"),
        (("gen", "a car", "--if-exists", "overwrite"), "not one of number, skip, error"),
        (("gen", "a car", "-o", "{nope}"), "no field 'nope'"),
        (("gen", "a car", "--template", "../{slug}"), "path separator"),
        (("gen", "a car", "--print", "{pth}"), "no field {pth}"),
        (("gen", "a car", "--profile", "none"), "no profile 'none'"),
        (("gen", "a car", "--base-url", "localhost"), "not a web address"),
        (("gen", "a car", "--provider", "midjourney"), "no provider 'midjourney'"),
        (
            ("gen", "a car", "--tries", "2"),
            "--tries goes with --expect; add what pictures have to be, like --expect size",
        ),
        (("gen", " "), "no prompt"),
        (("gen", "bell \x07"), "control characters"),
    ],
)
def test_a_mistake_is_one_line_and_costs_nothing(here: Path, home: Path, words: tuple[str, ...], message: str) -> None:
    seen = imgcli(*words)
    assert seen.code == 2
    (line,) = seen.err.splitlines()
    assert line.startswith("error: ")
    assert message in line
    assert not seen.out
    assert not (home / "data" / "ledger.db").exists()


def test_an_output_directory_that_takes_no_files(here: Path) -> None:
    (here / "out").write_text("a file")
    seen = paint("a car", "-o", "out/")
    assert seen.code == 7
    assert "nothing was sent" in seen.err


def test_terminal_escapes_in_a_prompt_reach_nobody(here: Path) -> None:
    evil = "a car \u202e\u009b2J"
    for seen in (
        imgcli("gen", evil, "--provider", "placeholder", "--dry-run"),
        imgcli("gen", evil, "--style", "\x1b]52;c;evil\x07", "--provider", "placeholder"),
        imgcli("gen", evil, "--provider", "placeholder", "-s", "64x64", "-o", "x\u009b\u202e.png"),
    ):
        assert not {"\x1b", "\x9b", "\u202e"} & set(seen.out + seen.err)


def test_the_extension_asks_for_the_format(here: Path) -> None:
    assert names(paint("a car", "-o", "hero.jpg")) == ["hero.jpg"]
    assert paint("a car", "-o", "hero.gif").code == 2


def test_a_file_is_no_prompt(here: Path) -> None:
    seen = paint("prompts.toml")
    assert seen.code == 2
    assert "imgcli batch prompts.toml" in seen.err


def test_a_quota_of_each_user_stops_a_dry_run_too(here: Path) -> None:
    assert paint("a car", "-n", "2").code == 0
    assert imgcli("budget", "set", "--pictures", "3", "--per", "day", "--user", "each").code == 0
    assert "1 of 3" in imgcli("budget", "show").out
    assert paint("a boat", "-n", "2", "--dry-run").code == 3
    assert paint("a boat", "--dry-run").code == 0
