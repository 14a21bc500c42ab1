"""`imgcli edit` and references, as a user sees them: what is sent, what stays, what is refused before anything is."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from imgcli.inputs.read import MOST_BYTES, read_input
from tests.cli.run_cli import Seen, imgcli
from tests.fake_api.client import FakeApi
from tests.fakes.inputs import a_drawing, a_photo, a_promise, a_turned_photo, pixels

SIZE = (192, 128)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    a_photo(place / "photo.png", SIZE)
    return place


def edit(*words: str, stdin: str = "") -> Seen:
    return imgcli("edit", *words, "--provider", "placeholder", stdin=stdin)


def planned(*words: str) -> dict[str, Any]:
    seen = edit(*words, "--dry-run", "--json")
    assert seen.code == 0, seen.err
    told: dict[str, Any] = json.loads(seen.lines[0])
    return told


def refused(*words: str) -> str:
    seen = imgcli(*words)
    assert (seen.code, seen.out) == (2, ""), seen.err
    assert seen.err.count("\n") == 1
    return seen.err


def files(place: Path) -> list[str]:
    return sorted(path.name for path in place.iterdir() if path.suffix != ".json")


# What is made


def test_a_new_picture_of_a_picture_named_after_it(here: Path) -> None:
    before = (here / "photo.png").read_bytes()
    seen = edit("photo.png", "make it night")
    assert seen.lines == [str(here / "photo-edit-1.png")], seen.err
    assert (here / "photo.png").read_bytes() == before
    with Image.open(here / "photo-edit-1.png") as made:
        assert made.size == SIZE
    told = json.loads((here / "photo-edit-1.png.json").read_text())
    assert [(each["role"], each["file"]) for each in told["inputs"]] == [("input", "photo.png")]
    assert told["prompt"]["typed"] == "make it night"


@pytest.mark.parametrize("mask", [["--mask", "mask.png"], ["--mask-box", "8,8,16,16"], ["--mask-color", "#c81e1e"]])
def test_what_the_mask_keeps_is_kept_to_the_bit(here: Path, mask: Sequence[str]) -> None:
    a_drawing(here / "mask.png", SIZE)
    assert edit("photo.png", "a green square", *mask).code == 0
    before, after = pixels(here / "photo.png", "RGB"), pixels(here / "photo-edit-1.png", "RGB")
    changed = ImageChops.difference(before, after).getbbox()
    assert changed is not None
    assert min(changed[:2]) >= 8
    assert max(changed[2:]) <= 24


def test_styles_bans_drafts_and_several_go_as_in_gen(here: Path) -> None:
    seen = edit(
        "photo.png", "night", "--style", "cinematic", "--no", "people", "-n", "2", "--draft", "--quality", "high"
    )
    assert sorted(Path(line).name for line in seen.lines) == ["photo-edit-1-draft.png", "photo-edit-2-draft.png"], (
        seen.err
    )
    told = json.loads((here / "photo-edit-1-draft.png.json").read_text())
    assert told["prompt"]["styles"] == ["cinematic"]
    assert "people" in told["prompt"]["directed"]
    assert told["wanted"] == {"size": "192x128", "quality": "high"}


def test_prompts_from_stdin_edit_the_same_pictures(here: Path) -> None:
    seen = edit("photo.png", "-", stdin="make it night\nmake it day\n")
    assert sorted(Path(line).name for line in seen.lines) == ["photo-make-it-day-1.png", "photo-make-it-night-1.png"]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ((), "photo-edit-1"),
        (("-o", "out/"), "out/photo-edit-1"),
        (("-o", "hero.png"), "hero"),
        (("--template", "{slug}"), "night"),
    ],
)
def test_the_name_follows_the_picture_unless_another_is_chosen(here: Path, words: Sequence[str], name: str) -> None:
    assert planned("photo.png", "night", *words)["stem"] == str(here / name)


def test_a_picture_may_have_any_name(here: Path) -> None:
    odd = here / "a {n} {0} \x1b[2J.png"
    (here / "photo.png").rename(odd)
    assert Path(planned(str(odd), "night")["stem"]).name == "a {n} {0} [2J-edit-1"
    seen = edit(str(odd), "night", "--mask", str(odd))
    assert seen.code == 2
    assert "\x1b" not in seen.err


@pytest.mark.parametrize(
    ("words", "size"),
    [((), "192x128"), (("--size", "256x256"), "256x256"), (("--aspect", "1:1"), "1024x1024"), (("-s", "auto"), "auto")],
)
def test_the_size_is_that_of_the_picture_unless_another_is_asked_for(
    words: Sequence[str], size: str, here: Path
) -> None:
    assert planned("photo.png", "night", *words)["size"] == size


def test_edits_are_not_expanded_whatever_the_config_says(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMGCLI_EXPAND", "local")
    assert planned("photo.png", "night")["directed"] == "night"


# What is shown


def test_the_plan_shows_what_goes_in(here: Path) -> None:
    a_photo(here / "chair.jpg")
    told = planned("photo.png", "chair.jpg", "put it in", "--mask-box", "0,0,50%,50%")
    assert [(each["role"], each["file"], each["format"]) for each in told["inputs"]] == [
        ("input", "photo.png", "png"),
        ("input", "chair.jpg", "jpeg"),
        ("mask", "box 0,0,50%,50%", "png"),
    ]
    seen = edit("photo.png", "chair.jpg", "put it in", "--mask-box", "0,0,50%,50%", "--dry-run")
    for line in ("from photo.png, 192x128 png, ", "and chair.jpg, 64x48 jpeg, ", "mask box 0,0,50%,50%, 192x128 png, "):
        assert line in seen.out
    explained = edit("photo.png", "put it in", "--mask-box", "0,0,50%,50%", "--explain")
    assert "inputs      from photo.png, 192x128 png" in explained.out
    assert json.loads(edit("photo.png", "x", "--explain", "--json").lines[0])["inputs"][0]["file"] == "photo.png"


def test_a_preview_is_the_only_file_a_dry_run_writes(here: Path, home: Path) -> None:
    first = edit("photo.png", "x", "--mask-box", "8,8,16,16", "--dry-run", "--preview")
    assert first.lines[-1] == str(here / "photo-preview.png")
    assert pixels(here / "photo-preview.png", "RGB").size == SIZE
    changed = ImageChops.difference(
        pixels(here / "photo.png", "RGB"), pixels(here / "photo-preview.png", "RGB")
    ).getbbox()
    assert changed == (8, 8, 24, 24)
    assert edit("photo.png", "x", "--dry-run", "--preview").lines[-1] == str(here / "photo-preview-2.png")
    (here / "mine.png").write_text("mine")
    seen = edit("photo.png", "x", "--dry-run", "--preview=mine.png", "--json")
    assert json.loads(seen.lines[-1]) == {"event": "preview", "path": str(here / "mine-2.png")}
    assert (here / "mine.png").read_text() == "mine"
    assert files(here) == ["mine-2.png", "mine.png", "photo-preview-2.png", "photo-preview.png", "photo.png"]
    assert not (home / "cache").exists()


def test_a_picture_that_lies_on_its_side_is_told_until_it_is_turned(here: Path) -> None:
    a_turned_photo(here / "phone.jpg", SIZE)
    assert (
        "phone.jpg is stored turned, and models may see it lying on its side" in edit("phone.jpg", "x", "--dry-run").err
    )
    turned = edit("phone.jpg", "x", "--dry-run", "--convert", "png")
    assert "stored turned" not in turned.err
    assert "from phone.jpg, 128x192 png" in turned.out
    assert planned("phone.jpg", "x", "--convert", "png")["size"] == "128x192"


# What is refused


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("photo.png",), "'photo.png' looks like a picture; say last what to make of it"),
        (("make it night",), "'make it night' is the prompt; name a picture before it"),
        (("photo.png", "chair.png"), "looks like a picture"),
        (("phot.png", "night"), "phot.png: there is no such file; did you mean 'photo.png'?"),
        (("photo.png", " "), "no prompt"),
        (("photo.png", "night", "--tries", "0"), "--tries goes with --expect"),
        (("photo.png", "night", "--preview"), "--preview goes with --dry-run"),
        (("photo.png", "night", "--dry-run", "--preview=a.jpg"), "a preview is a PNG"),
        (("photo.png", "night", "--mask", "a.png", "--mask-box", "0,0,1,1"), "--mask and --mask-box at once"),
        (("photo.png", "night", "--markup", "a.png", "--mask-color", "#ffffff"), "--mask-color and --markup at once"),
        (("photo.png", "night", "--mask-tolerance", "3"), "--mask-tolerance goes with --mask-color"),
        (("photo.png", "night", "--mask-tolerance", "256"), "256 is not between 0 and 255"),
        (("photo.png", "night", "--mask-color", "green"), "the colour 'green' is not like '#00ff00'"),
        (("photo.png", "night", "--mask-color", "#00ff00"), "no pixel has the colour #00ff00"),
        (("photo.png", "night", "--mask-box", "0,0,200,1"), "reaches to 200,1, and photo.png is 192x128"),
        (("photo.png", "night", "--convert", "jpg"), "--convert 'jpg' is not one of png, jpeg, webp"),
        (("photo.png", "night", "--mask", "photo.png"), "has no transparent part and is no black and white drawing"),
        (tuple(["photo.png"] * 17 + ["night"]), "17 input pictures; 16 are the most"),
    ],
)
def test_what_cannot_be_meant_is_one_line(here: Path, words: Sequence[str], told: str) -> None:
    if "--dry-run" in words:
        seen = edit(*words)
        assert (seen.code, files(here)) == (2, ["photo.png"])
        assert told in seen.err
    else:
        assert told in refused("edit", *words, "--provider", "placeholder")
    assert files(here) == ["photo.png"]


def test_what_a_model_does_not_take_is_refused_with_what_does(here: Path) -> None:
    words = ("edit", "photo.png", "night", "--size", "1024x1024", "--model", "gpt-image-2")
    assert "gpt-image-2 takes no markup; gpt-image-2.5 and 2.6 do" in refused(*words, "--markup", "photo.png")
    assert "gpt-image-2 has no input fidelity 'high'" in refused(*words, "--input-fidelity", "high")
    assert "takes a mask or a markup" not in refused(*words, "--mask", "photo.png")


def test_no_file_of_a_stranger_is_more_than_one_line(here: Path) -> None:
    os.mkfifo(here / "pipe.png")
    (here / "dir.png").mkdir()
    (here / "empty.png").touch()
    (here / "liar.png").write_bytes(b"GIF89a" + bytes(60))
    a_promise(here / "bomb.png", 60_000, 60_000)
    a_promise(here / "lie.png", *SIZE)
    a_drawing(here / "mask.png", (64, 48))
    a_photo(here / "whole.jpg", (800, 600))
    (here / "half.jpg").write_bytes((data := (here / "whole.jpg").read_bytes())[: len(data) // 2])
    (here / "cut.png").write_bytes((data := (here / "photo.png").read_bytes())[: len(data) - 60])
    cases = {
        ("pipe.png",): "is no plain file",
        ("dir.png",): "is a directory; name a picture in it",
        ("/dev/zero",): "is no plain file",
        ("empty.png",): "is empty (0 bytes)",
        ("liar.png",): "is a GIF; input pictures are png, jpeg or webp",
        ("bomb.png",): "has 3,600,000,000 pixels (60000x60000)",
        ("lie.png",): "lie.png: is a damaged png; save it anew in an image editor",
        ("cut.png",): "cut.png: is a damaged png; save it anew in an image editor",
        ("half.jpg",): "half.jpg: is a damaged jpeg; save it anew in an image editor",
        ("photo.png", "--markup", "cut.png"): "cut.png: is a damaged png",
        ("lie.png", "--convert", "webp"): "is a damaged png; save it anew",
        ("lie.png", "--mask-color", "#000000"): "is a damaged png",
        ("photo.png", "--mask", "mask.png"): "it has 64x48, photo.png 192x128",
        ("photo.png", "--mask", "pipe.png"): "pipe.png: is no plain file",
    }
    for words, told in cases.items():
        assert told in refused("edit", words[0], "night", *words[1:], "--provider", "placeholder"), words


def test_what_is_too_large_says_how_it_is_made_smaller(here: Path) -> None:
    with (here / "photo.png").open("ab") as file:
        file.truncate(MOST_BYTES)
    assert "make it smaller, or have it made smaller with --downscale" in refused("edit", "photo.png", "night")
    told = planned("photo.png", "night", "--downscale", "--mask-box", "0,0,50%,50%")
    assert told["inputs"][0]["bytes"] < MOST_BYTES
    assert {(each["width"], each["height"]) for each in told["inputs"]} == {tuple(map(int, told["size"].split("x")))}


# What is sent


def test_the_very_files_are_sent_and_copies_only_where_that_is_asked(
    here: Path, fake_api: FakeApi, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in fake_api.env(home).items():
        monkeypatch.setenv(name, value)
    a_drawing(here / "mask.png", SIZE)
    phone = a_turned_photo(here / "phone.jpg", SIZE)
    words = ("photo.png", "phone.jpg", "make it night", "--mask", "mask.png", "--size", "1024x1024", "-q", "low")
    paid = ("-m", "gpt-image-2", "--assume-cost", "0.01")
    assert imgcli("edit", *words, *paid).code == 0
    assert imgcli("edit", *words, *paid, "--convert", "png").code == 0
    plain, converted = (each.body for each in fake_api.requests() if each.path == "/v1/images/edits")
    assert plain["prompt"] == "make it night"
    sent = [part["sha256"] for part in plain["parts"] if part["name"] in {"image", "image[]"}]
    assert sent == [read_input(here / "photo.png").sha256, phone.sha256]
    assert [part["name"] for part in plain["parts"] if part["name"] == "mask"] == ["mask"]
    copies = [part["sha256"] for part in converted["parts"] if part["name"] in {"image", "image[]"}]
    assert copies[0] == sent[0]
    assert copies[1] not in sent
    (made,) = [path for path in (home / "cache" / "inputs").iterdir() if path.stem == copies[1]]
    assert b"Secret" not in made.read_bytes()


def test_references_of_gen_are_sent_and_its_size_stays(
    here: Path, fake_api: FakeApi, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in fake_api.env(home).items():
        monkeypatch.setenv(name, value)
    a_photo(here / "chair.jpg")
    seen = imgcli(
        "gen",
        "a car",
        "--ref",
        "photo.png",
        "--ref",
        "chair.jpg",
        "-q",
        "low",
        "-m",
        "gpt-image-2",
        "--assume-cost",
        "1",
    )
    assert [Path(line).name for line in seen.lines] == ["a-car-1.png"], seen.err
    (request,) = [each for each in fake_api.requests() if each.method == "POST"]
    assert request.path == "/v1/images/edits"
    assert request.body["size"] == "1024x1024"
    assert [part["filename"] is not None for part in request.body["parts"]].count(True) == 2


# References


def test_references_of_gen_go_with_every_cell_of_a_grid(here: Path) -> None:
    words = ("gen", "a {colour} car", "--ref", "photo.png", "--vary", "colour=red,blue", "--provider", "placeholder")
    seen = imgcli(*words, "--size", "input", "--dry-run", "--json")
    assert [json.loads(line)["inputs"][0]["file"] for line in seen.lines] == ["photo.png", "photo.png"], seen.err
    assert {json.loads(line)["size"] for line in seen.lines} == {"192x128"}


def test_gen_without_a_picture_has_nothing_to_be_close_to(here: Path) -> None:
    told = refused("gen", "a car", "--provider", "placeholder", "--input-fidelity", "high")
    assert "an input fidelity needs a picture to go with" in told
    assert "there is no such file" in refused("gen", "a car", "--provider", "placeholder", "--ref", "gone.png")
    assert "the size `input` is that of the first input picture, and there is none" in refused(
        "gen", "a car", "--provider", "placeholder", "--size", "input"
    )


# Finals


@pytest.fixture
def draft(here: Path) -> Path:
    a_drawing(here / "mask.png", SIZE)
    seen = imgcli(
        "gen", "a car", "--ref", "photo.png", "--provider", "placeholder", "--size", "512x512", "--draft", "-q", "high"
    )
    assert seen.code == 0, seen.err
    return Path(seen.lines[0])


def test_a_final_is_made_from_the_same_pictures(here: Path, draft: Path) -> None:
    assert imgcli("final", draft.name).code == 0
    made = json.loads((here / "a-car-1.png.json").read_text())
    assert made["inputs"] == json.loads(draft.with_name(f"{draft.name}.json").read_text())["inputs"]
    assert made["asked"]["quality"] == "high"


def test_a_final_finds_a_picture_by_its_bytes_where_a_sidecar_alone_tells(
    here: Path, draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "other-home"))
    monkeypatch.chdir(tmp_path)
    before = json.loads(draft.with_name(f"{draft.name}.json").read_text())["inputs"]
    assert imgcli("final", str(draft)).code == 0
    assert json.loads((here / "a-car-1.png.json").read_text())["inputs"] == before


@pytest.mark.parametrize("sidecar_alone", [False, True])
def test_a_final_without_its_pictures_is_refused(
    here: Path, draft: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sidecar_alone: bool
) -> None:
    if sidecar_alone:
        monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "other-home"))
    a_photo(here / "photo.png", (193, 128))
    told = refused("final", draft.name)
    assert f"{draft.name}: it was made from photo.png (SHA-256 " in told
    assert "not there any more with the same bytes; put it back as " in told
    (here / "photo.png").unlink()
    assert "not there any more" in refused("final", draft.name)


def test_a_final_of_an_edit_has_the_mask_that_was_made_for_it(here: Path, home: Path) -> None:
    assert edit("photo.png", "x", "--mask-box", "8,8,16,16", "--draft", "--size", "512x512", "-q", "high").code == 0
    assert imgcli("final", "photo-edit-1-draft.png").code == 0
    roles = [each["role"] for each in json.loads((here / "photo-edit-1.png.json").read_text())["inputs"]]
    assert roles == ["input", "mask"]
    for path in (home / "cache" / "inputs").iterdir():
        path.unlink()
    assert "it was made from box 8,8,16,16" in refused("final", "photo-edit-1-draft.png", "--quality", "medium")
