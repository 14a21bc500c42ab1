import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.cli.doubts import MOST_LINTED, MOST_TOLD, tell_doubts
from imgcli.cli.live import Watcher
from imgcli.cli.show import Output
from imgcli.model.job import Job
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from tests.cli.run_cli import imgcli
from tests.fakes.studio import a_studio


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def warnings_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith(("warning:", "and "))]


def test_a_warning_is_told_and_the_picture_is_made() -> None:
    seen = imgcli("gen", "a car --ar 16:9", "--provider", "placeholder")
    assert seen.code == 0
    assert warnings_in(seen.err) == [
        'warning: prompt 1: "--ar" in a prompt is a setting of Midjourney; say it as an option of imgcli: --aspect'
    ]
    assert len(seen.lines) == 1


def test_nothing_is_said_of_good_prompts_nor_to_those_who_want_quiet() -> None:
    assert not warnings_in(imgcli("gen", "a car on a hill", "--provider", "placeholder").err)
    assert not warnings_in(imgcli("gen", "a car --ar 16:9", "--provider", "placeholder", "--quiet").err)
    assert '"warning"' not in imgcli("gen", "a car --ar 16:9", "--provider", "placeholder", "--quiet", "--json").out


def test_words_that_a_shell_parted_are_doubted_before_anything_is_made() -> None:
    doubt = 'warning: 3 prompts of one word each; did you mean "a red car"?'
    asked = ("gen", "a", "red", "car", "--style", "cinematic", "--provider", "placeholder")
    for words in (asked, (*asked, "--dry-run"), (*asked, "--json")):
        seen = imgcli(*words)
        assert (seen.code, warnings_in(seen.err)) == (0, [doubt])
    assert not warnings_in(imgcli(*asked, "--quiet").err)
    assert not warnings_in(imgcli(*asked[:1], "-", *asked[4:], stdin="red\ncar\n").err)


def test_one_word_is_enough_for_a_run_that_expands_it() -> None:
    asked = ("gen", "car", "--provider", "placeholder", "--dry-run")
    assert "one word leaves everything to the model" in imgcli(*asked).err
    assert not warnings_in(imgcli(*asked, "--expand", "local").err)


def test_json_has_an_event_for_each_prompt() -> None:
    asked = ("gen", "a cat --ar 1:1", "a dog --ar 1:1", "--provider", "placeholder", "--json", "--dry-run")
    events = [json.loads(line) for line in imgcli(*asked).lines]
    told = [event for event in events if event["event"] == "warning"]
    assert [(event["id"], event["code"]) for event in told] == [("prompt-001", "flags"), ("prompt-002", "flags")]
    assert told[0]["advice"] == "say it as an option of imgcli: --aspect"
    assert told[0]["prompt"] == "a cat --ar 1:1"


def test_equal_warnings_are_one_line_and_a_dry_run_shows_all_lines() -> None:
    prompts = [f"a {{name{index}}} car" for index in range(MOST_TOLD + 3)]
    seen = imgcli("gen", *prompts, *prompts[:1], "a car --v 6", "a dog --v 6", "--provider", "placeholder")
    lines = warnings_in(seen.err)
    assert len(lines) == MOST_TOLD + 1
    assert lines[-1] == "and 4 more warnings (--dry-run shows all)"
    lines = warnings_in(
        imgcli("gen", *prompts, "a car --v 6", "a dog --v 6", "--provider", "placeholder", "--dry-run").err
    )
    assert len(lines) == MOST_TOLD + 4
    assert "prompt 12 (and 1 more): " in lines[-1]


def test_a_line_names_the_entry_of_a_batch(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('[[prompts]]\nid = "hero"\nprompt = "a {color} car"\n')
    (line,) = warnings_in(imgcli("batch", "p.toml", "--provider", "placeholder").err)
    assert line.startswith('warning: p.toml:1 (hero): "{color}" looks like')


def test_the_styles_and_exclusions_of_a_prompt_count() -> None:
    asked = ("--style", "documentary", "--no", "people", "--provider", "placeholder", "--dry-run")
    told = "\n".join(warnings_in(imgcli("gen", "watercolor of a fox", "a man on a bench", *asked).err))
    assert "the style documentary is a photograph" in told
    assert 'it excludes people and asks for "man"' in told


def test_what_an_option_says_already_is_no_doubt(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    studio, _ = a_studio(tmp_path / "home")
    asked = job(1, studio.providers["openai"].cards()[0].name)
    asked = replace(asked, prompt=DirectedPrompt("a lake, 16:9, transparent background", "a lake"))
    tell_doubts([asked], [], studio, Watcher(Output()), dry_run=True)
    told = capsys.readouterr().err
    assert "--aspect 16:9" in told
    assert "--background transparent" in told
    asked = replace(asked, size=Size(1536, 864), background="transparent")
    tell_doubts([asked], [], studio, Watcher(Output()), dry_run=True)
    assert capsys.readouterr().err == ""


def test_hostile_text_reaches_no_terminal() -> None:
    seen = imgcli("gen", "a car {\u202e} --ar 1:1", "--provider", "placeholder", "--dry-run")
    assert "\u202e" not in seen.err


def job(number: int, model: str) -> Job:
    prompt = DirectedPrompt(f"a {{name{number}}} car on a hill in the rain", "a car")
    size = Size(1024, 1024)
    return Job("openai", model, prompt, size, "medium", "png", None, 1, f"job-{number}", (), Path(), "")


def test_a_hundred_thousand_prompts_are_no_wait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    studio, _ = a_studio(tmp_path / "home")
    model = studio.providers["openai"].cards()[0].name
    jobs = [job(number, model) for number in range(100_000)]
    began = time.process_time()
    tell_doubts(jobs, [], studio, Watcher(Output()), dry_run=True)
    # Some 0.4 s.
    assert time.process_time() - began < 3
    assert len(warnings_in(capsys.readouterr().err)) == MOST_LINTED
