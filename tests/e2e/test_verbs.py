"""vary, restyle, describe, styles learn, outpaint, cutout and upscale against a server that bills: bytes, words, money."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from imgcli.director.description import describes
from tests.e2e.hostile_captions import HOSTILE
from tests.e2e.test_expansion import TEXT_RATES
from tests.e2e.test_money import RATES, Done, User, billed, nano
from tests.fake_api.client import FakeApi, SeenRequest
from tests.rigs.nursery import Nursery

MODEL = "gpt-image-2.5-flare"
ASKING = "/v1/chat/completions"
MOST_SAID = 600
"""Characters that fit what an answer may have thrice; what is longer is tried in tests/unit/director/test_captions.py."""

MAKE = ("--model", MODEL, "--no-progress")
DESCRIPTION = {
    "subject": "A red car with two doors",
    "composition": "The car is left of the middle",
    "light": "Hard noon light",
    "palette": "Strong red on grey",
    "medium": "A photograph",
    "text": ["OPEN"],
}
LOOK = {
    "description": "Chalky gouache",
    "look": "Opaque gouache in flat areas with visible dry brush at the edges. Even light without cast shadow.",
    "medium": ["gouache on paper"],
    "lighting": ["even light"],
    "camera": ["straight on"],
    "palette": ["navy ground"],
    "mood": ["calm"],
    "avoid": ["gloss"],
}


@pytest.fixture
def user(fake_api: FakeApi, tmp_path: Path, nursery: Nursery) -> User:
    user = User(fake_api, tmp_path / "imgcli", tmp_path / "work", nursery)
    (user.home / "config" / "config.toml").write_text(f'text_model = "words-1"\n{RATES}{TEXT_RATES}')
    image = Image.new("RGB", (1536, 1024), (20, 40, 90))
    image.paste((240, 130, 30), (300, 200, 900, 800))
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    image.save(user.cwd / "car.jpg", exif=exif)
    return user


def sent(user: User, path: str = "/v1/images/edits") -> list[SeenRequest]:
    return [seen for seen in user.api.requests() if seen.path == path]


def parts(seen: SeenRequest) -> list[dict[str, object]]:
    found: list[dict[str, object]] = seen.body["parts"]
    return [part for part in found if part["filename"] is not None]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def made(done: Done, code: int = 0) -> list[str]:
    assert done.code == code, done.err
    return sorted(Path(line).name for line in done.out.splitlines())


def test_variations_send_the_picture_to_the_byte_and_another_change_each(user: User) -> None:
    done = user.run("vary", "car.jpg", "in the rain", "--no", "people", "-n", "3", *MAKE)
    assert made(done) == ["car-vary-1.png", "car-vary-2.png", "car-vary-3.png"]
    requests = sent(user)
    assert len({seen.body["prompt"] for seen in requests}) == 3
    for seen in requests:
        (part,) = parts(seen)
        assert (part["sha256"], part["content_type"]) == (sha256(user.cwd / "car.jpg"), "image/jpeg")
        assert set(seen.body) - {"parts"} == {"model", "prompt", "n", "size", "quality", "output_format"}
        assert (seen.body["size"], seen.body["n"]) == ("1536x1024", "1")
        assert seen.body["prompt"].startswith("Keep the subject of the reference picture")
        assert "in the rain. Beside that, change only this: " in seen.body["prompt"]
        assert "No people" in seen.body["prompt"]
    told = json.loads((user.cwd / "car-vary-1.png.json").read_text())
    assert told["prompt"]["typed"] == "in the rain"
    assert told["inputs"][0]["sha256"] == sha256(user.cwd / "car.jpg")
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_a_restyled_picture_is_described_first_and_once(user: User) -> None:
    user.api.script(answer=json.dumps(DESCRIPTION))
    dry = user.run("restyle", "car.jpg", "--style", "watercolor", *MAKE, "--dry-run")
    assert dry.code == 0
    assert "words-1 describes 1 picture first: about $" in dry.err
    assert user.api.requests() == []
    done = user.run("restyle", "car.jpg", "--style", "watercolor", *MAKE)
    assert made(done) == ["car-watercolor.png"]
    (asked,), (painted,) = sent(user, ASKING), sent(user)
    assert "SECRET" not in json.dumps(asked.body)
    (part,) = parts(painted)
    assert part["sha256"] == sha256(user.cwd / "car.jpg")
    prompt = painted.body["prompt"]
    assert "‹A red car with two doors›" in prompt
    assert 'stay as they are written: "OPEN"' in prompt
    assert not any(text in prompt for text in ("Hard noon", "Strong red", "A photograph"))
    again = user.run("restyle", "car.jpg", "--style", "comic", "--keep", "palette", *MAKE)
    assert made(again) == ["car-comic.png"]
    assert len(sent(user, ASKING)) == 1
    assert "Keep its colours, noted as ‹Strong red on grey›" in sent(user)[1].body["prompt"]
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_the_quote_before_a_description_covers_what_comes_of_the_longest(user: User) -> None:
    user.api.script(
        answer=json.dumps(
            {part: "long words " * 100 for part in DESCRIPTION if part != "text"}
            | {"text": ["w" * 200 + str(n) for n in range(40)]}
        )
    )
    words = (
        "restyle",
        "car.jpg",
        "--style",
        "watercolor",
        "--keep",
        "subject",
        "--keep",
        "palette",
        "--keep",
        "composition",
        *MAKE,
    )
    dry = user.run(*words, "--dry-run")
    question, pictures = (
        re.search(rf"{lead}[^\n]*at most \$([0-9.]+)", dry.err) for lead in ("describes", "1 picture, about")
    )
    assert question is not None
    assert pictures is not None
    done = user.run(*words)
    assert done.code == 0, done.err
    assert billed(user) <= nano(question[1]) + nano(pictures[1]) + 200_000


def test_the_cap_of_a_run_holds_for_description_and_picture_together(user: User) -> None:
    user.api.script(answer=json.dumps(DESCRIPTION))
    done = user.run("restyle", "car.jpg", "--style", "watercolor", *MAKE, "--max-cost", "0.012")
    assert done.code == 3
    assert sent(user) == []


def test_without_a_description_nothing_is_asked(user: User) -> None:
    assert made(user.run("restyle", "car.jpg", "--style", "watercolor", "--no-describe", *MAKE)) == [
        "car-watercolor.png"
    ]
    assert sent(user, ASKING) == []


def test_a_lost_description_is_uncertain_and_no_picture_is_made(user: User) -> None:
    user.api.script(faults=["billed_fin"])
    done = user.run("restyle", "car.jpg", "--style", "watercolor", *MAKE)
    assert done.code == 5, done.err
    assert "a description" in done.err
    assert sent(user) == []
    assert user.run("restyle", "car.jpg", "--style", "watercolor", *MAKE).code == 5
    assert len(user.api.bill()) == 1
    (lost,) = user.run("budget", "uncertain", "--json").events
    assert (lost["file"], lost["model"]) == ("", "words-1"), "words have no file"


def test_descriptions_are_paid_once_whatever_the_file_is_called(user: User) -> None:
    user.api.script(answer=json.dumps(DESCRIPTION | {"subject": "A red car\x1b[2J\u202e"}))
    dry = user.run("describe", "car.jpg", "--dry-run")
    assert (dry.code, dry.out) == (0, "")
    assert "words-1 describes 1 picture: about $" in dry.err
    (planned,) = user.run("describe", "car.jpg", "--dry-run", "--json").events
    assert (planned["event"], planned["kind"], planned["pictures"]) == ("question", "description", ["car.jpg"])
    assert 0 < nano(planned["expected_usd"]) <= nano(planned["upper_usd"])
    assert user.api.requests() == []
    first = user.run("describe", "car.jpg", "--json")
    assert first.code == 0, first.err
    told = json.loads(first.out)
    assert (told["path"], told["by"], told["subject"], told["text"]) == ("car.jpg", "words-1", "A red car 2J", ["OPEN"])
    assert nano(user.spent()["spent_usd"]) == billed(user) > 0
    (user.cwd / "car.jpg").rename(user.cwd / "other name.jpg")
    second = user.run("describe", "other name.jpg")
    assert second.code == 0, second.err
    assert "other name.jpg (words-1)" in second.out
    assert "  composition     The car is left of the middle" in second.out
    assert len(user.api.bill()) == 1
    assert user.run("describe", "other name.jpg", "--dry-run").out == second.out


def test_what_is_shown_is_a_small_copy_without_metadata(user: User) -> None:
    big = Image.effect_noise((3000, 2000), 80).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "SECRET CAMERA"
    big.save(user.cwd / "big.jpg", exif=exif)
    user.api.script(answer=json.dumps(DESCRIPTION))
    assert user.run("describe", "big.jpg").code == 0
    copies = sorted((user.home / "cache" / "inputs").iterdir())
    (copy,) = copies
    assert f"sha256,{sha256(copy)}" in json.dumps(sent(user, ASKING)[0].body)
    with Image.open(copy) as seen:
        assert max(seen.size) == 1024
        assert not seen.getexif()
    assert b"SECRET" not in copy.read_bytes()


def test_one_of_several_that_fails_stops_no_other(user: User) -> None:
    Image.new("RGB", (64, 64), "green").save(user.cwd / "b.png")
    user.api.script(answer=json.dumps(DESCRIPTION), faults=[{"fault": "moderation_input_400", "times": 1}])
    done = user.run("describe", "car.jpg", "b.png", "--json", "-j", "1")
    assert done.code == 1, done.err
    one, other = (json.loads(line) for line in done.out.splitlines())
    assert ("error" in one, other["subject"]) == (True, DESCRIPTION["subject"])


@pytest.mark.parametrize("useless", ["I cannot help with that.", "<html>502 Bad Gateway</html>", '{"subject": "A red'])
def test_a_useless_description_is_told_and_paid_again_only_where_that_is_asked(user: User, useless: str) -> None:
    user.api.script(answer=useless)
    restyle = ("restyle", "car.jpg", "--style", "watercolor", *MAKE)
    first = user.run(*restyle)
    assert (first.code, first.out, len(user.api.bill())) == (1, "", 1), "the dearer call is not made"
    told = "words-1 did not say what car.jpg shows; --again asks anew, and costs again, and --no-describe goes on"
    assert told in first.err
    for words in (restyle, (*restyle, "--dry-run"), ("describe", "car.jpg"), ("describe", "car.jpg", "--dry-run")):
        done = user.run(*words)
        assert (done.code, done.out) == (1, "")
        assert "did not say what" in done.err
        assert "--again asks anew, and costs again" in done.err
    assert len(user.api.bill()) == 1
    user.api.script(answer=json.dumps(DESCRIPTION))
    dry = user.run("describe", "car.jpg", "--again", "--dry-run")
    assert (dry.code, dry.out, "words-1 describes 1 picture: about $" in dry.err) == (0, "", True)
    anew = user.run("describe", "car.jpg", "--again")
    assert (anew.code, "A red car with two doors" in anew.out, len(user.api.bill())) == (0, True, 2), anew.err
    # A newer answer of no use takes nobody's place.
    user.api.script(answer=useless)
    assert user.run("describe", "car.jpg", "--again").code == 1
    again = user.run("describe", "car.jpg")
    assert (again.code, again.out, len(user.api.bill())) == (0, anew.out, 3)
    assert made(user.run(*restyle)) == ["car-watercolor.png"]
    assert "A red car with two doors" in sent(user)[0].body["prompt"]
    assert len(sent(user, ASKING)) == 3
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_restyle_has_a_picture_described_anew_once(user: User) -> None:
    restyle = ("restyle", "car.jpg", "--style", "watercolor", *MAKE)
    user.api.script(answer="no")
    assert user.run(*restyle).code == 1
    user.api.script(answer=json.dumps(DESCRIPTION))
    assert made(user.run(*restyle, "--again")) == ["car-watercolor.png"]
    user.api.script(answer=json.dumps(DESCRIPTION | {"subject": "A blue boat"}))
    assert user.run("restyle", "car.jpg", "--style", "comic", "--again", *MAKE).code == 0
    assert (len(sent(user, ASKING)), len(sent(user))) == (3, 2)
    assert [("A blue boat" in seen.body["prompt"]) for seen in sent(user)] == [False, True]
    no = user.run(*restyle, "--again", "--no-describe")
    assert (no.code, "leave it or --no-describe out" in no.err) == (2, True)
    assert made(user.run("restyle", "car.jpg", "--style", "glass", "--no-describe", *MAKE)) == ["car-glass.png"]


def test_a_description_that_is_refused_paints_nothing_and_says_how_to_go_on(user: User) -> None:
    user.api.script(faults=["moderation_input_400"])
    done = user.run("restyle", "car.jpg", "--style", "watercolor", *MAKE)
    assert (done.code, sent(user)) == (1, [])
    assert "nothing was painted; --no-describe goes on without a description" in done.err


def test_a_style_is_learned_once_and_never_overwritten(user: User) -> None:
    Image.new("RGB", (64, 64), (230, 216, 188)).save(user.cwd / "b.png")
    user.api.script(answer=json.dumps(LOOK))
    path = user.home / "config" / "styles" / "chalk.toml"
    words = ("styles", "learn", "car.jpg", "b.png", "--name", "chalk")
    dry = user.run(*words, "--dry-run")
    assert dry.code == 0, dry.err
    assert "words-1 distils 1 style: about $" in dry.err
    assert not path.exists()
    done = user.run(*words, "--family", "paint")
    assert (done.code, done.out) == (0, f"{path}\n"), done.err
    assert '+ prose = "Gouache on paper: {prompt}. Opaque gouache' in done.err
    assert 'colours = ["#e6d8bc", ' in path.read_text()
    assert nano(user.spent()["spent_usd"]) == billed(user) > 0
    before = path.read_bytes()
    again = user.run(*words)
    assert again.code == 2
    assert "exists; nothing is ever overwritten" in again.err
    assert path.read_bytes() == before
    shown = user.run("styles", "learn", "car.jpg", "b.png", "--name", "other", "--dry-run")
    assert (shown.code, "Opaque gouache" in shown.out, len(user.api.bill())) == (0, True, 1)
    assert not path.with_name("other.toml").exists()
    assert user.run("styles", "lint", "chalk", "--strict").code == 0
    assert user.run("gen", "a tin", "--style", "chalk", "--provider", "placeholder").code == 0


def test_a_style_that_was_paid_for_and_did_not_come_of_it_is_no_mistake_of_the_user(user: User) -> None:
    learn = ("styles", "learn", "car.jpg", "--name", "chalk")
    user.api.script(answer="no")
    for _ in range(2):
        done = user.run(*learn)
        assert (done.code, done.out, len(user.api.bill())) == (1, "", 1), done.err
        assert "the text model named no look" in done.err
        assert re.search(r"\(the answer cost \$0\.\d+; --again asks anew, and costs again\)", done.err)
    user.api.script(answer=json.dumps(LOOK))
    done = user.run(*learn, "--again")
    assert (done.code, len(user.api.bill())) == (0, 2), done.err
    assert (user.home / "config" / "styles" / "chalk.toml").exists()
    other = user.run("styles", "learn", "car.jpg", "--name", "other")
    assert (other.code, len(user.api.bill())) == (0, 2), "the useful answer is remembered"
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_a_style_that_cost_more_than_its_quote_says_so_whatever_came_of_it(user: User) -> None:
    user.api.script(answer="no " * 200_000)
    done = user.run("styles", "learn", "car.jpg", "--name", "chalk")
    assert (done.code, done.out) == (6, ""), done.err
    assert "the text model named no look" in done.err
    assert nano(user.spent()["spent_usd"]) == billed(user)
    assert user.run("styles", "learn", "car.jpg", "--name", "chalk").code == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("styles", "learn", "car.jpg", "--name", "No Name"), "is not 1 to 40 lower-case letters"),
        (("styles", "learn", *["car.jpg"] * 9, "--name", "x"), "9 pictures; 8 are the most"),
        (("describe", "nope.jpg"), "there is no such file"),
        (("restyle", "car.jpg", "--style", "nope"), "no style 'nope'"),
        (("restyle", "car.jpg", "--style", "comic", "--keep", "colour"), "--keep 'colour' is not one of"),
        (("vary", "car.jpg", "--strength", "huge"), "--strength 'huge' is not one of subtle, medium, strong"),
        (("outpaint", "car.jpg", "--to", "auto"), "--to 'auto' is not WIDTHxHEIGHT"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_sent(user: User, words: tuple[str, ...], message: str) -> None:
    done = user.run(*words)
    assert done.code == 2, done.err
    (line,) = done.err.splitlines()
    assert message in line
    assert user.api.requests() == []


@pytest.mark.parametrize(
    "words",
    [
        ("edit", "half.jpg", "make it night"),
        ("vary", "half.jpg"),
        ("upscale", "half.jpg"),
        ("cutout", "half.jpg"),
        ("restyle", "half.jpg", "--style", "comic"),
        ("restyle", "half.jpg", "--style", "comic", "--no-describe"),
        ("outpaint", "half.jpg", "--to", "2048x1152"),
        ("gen", "a car in the rain", "--ref", "half.jpg"),
        ("batch", "b.toml"),
    ],
)
def test_half_a_picture_is_never_sent(user: User, words: tuple[str, ...]) -> None:
    whole = (user.cwd / "car.jpg").read_bytes()
    (user.cwd / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (user.cwd / "b.toml").write_text('[[prompts]]\nprompt = "make it night"\nref = "half.jpg"\n')
    done = user.run(*words, *MAKE)
    assert (done.code, done.out) == (2, ""), done.err
    assert "half.jpg: is a damaged jpeg; save it anew in an image editor" in done.err
    assert user.api.requests() == []


def test_outpainting_sends_a_canvas_and_a_mask_of_its_size(user: User) -> None:
    done = user.run("outpaint", "car.jpg", "a wide beach", "--to", "2048x1152", "--anchor", "left", *MAKE)
    assert made(done) == ["car-2048x1152.png"]
    (seen,) = sent(user)
    canvas, mask = parts(seen)
    assert (canvas["name"], mask["name"]) == ("image[]" if canvas["name"] == "image[]" else "image", "mask")
    assert seen.body["size"] == "2048x1152"
    assert "In the new area: a wide beach." in seen.body["prompt"]
    files = {sha256(path): path for path in (user.home / "cache" / "inputs").iterdir()}
    with Image.open(files[str(canvas["sha256"])]) as whole, Image.open(files[str(mask["sha256"])]) as holes:
        assert whole.size == holes.size == (2048, 1152)
        assert holes.getpixel((10, 10)) == (0, 0, 0, 0)
        assert holes.convert("RGBA").getpixel((10, 576))[3] == 255  # type: ignore[index]
        assert holes.convert("RGBA").getpixel((2000, 576))[3] == 0  # type: ignore[index]


def test_a_cutout_asks_for_transparency_and_sets_aside_what_has_none(user: User) -> None:
    done = user.run("cutout", "car.jpg", *MAKE)
    (seen,) = sent(user)
    assert (seen.body["background"], seen.body["output_format"]) == ("transparent", "png")
    assert seen.body["prompt"].startswith("Keep the subject of the reference picture exactly as it is")
    # The fake paints opaque pictures: paid, kept, and not passed off as a cutout.
    (kept,) = user.cwd.rglob("car-cutout*.png")
    assert (done.code, done.out, kept.parent.name) == (1, "", "rejected"), done.err
    assert len(user.api.bill()) == 1
    assert nano(user.spent()["spent_usd"]) == billed(user)


def test_an_upscaled_picture_is_made_anew_larger_and_close_to_it(user: User) -> None:
    assert made(user.run("upscale", "car.jpg", *MAKE)) == ["car-3072x2048.png"]
    (seen,) = sent(user)
    assert (seen.body["size"], parts(seen)[0]["sha256"]) == ("3072x2048", sha256(user.cwd / "car.jpg"))
    assert "input_fidelity" not in seen.body
    assert "in a higher resolution" in seen.body["prompt"]


@pytest.mark.parametrize(
    "words",
    [
        ("vary", "car.jpg"),
        ("restyle", "car.jpg", "--style", "comic", "--no-describe"),
        ("outpaint", "car.jpg", "--to", "2048x1152"),
        ("cutout", "car.jpg"),
        ("upscale", "car.jpg"),
    ],
)
def test_every_verb_takes_a_policy_of_its_own(user: User, words: tuple[str, ...]) -> None:
    for option, told in (("--policy", "policy"), ("--moderate", "moderate"), ("--blocklist", "nowhere")):
        done = user.run(*words, option, "nowhere", *MAKE)
        assert (done.code, told in done.err) == (2, True), done.err
    assert user.api.requests() == []


def test_a_variation_with_a_blocked_word_is_not_sent(user: User) -> None:
    (user.cwd / "block.txt").write_text("grenade\n")
    done = user.run(
        "vary", "car.jpg", "a grenade", "--moderate", "none", "--policy", "on", "--blocklist", "block.txt", *MAKE
    )
    assert (done.code, "blocklist: grenade" in done.err, sent(user)) == (1, True, []), done.err


def test_hostile_captions_change_no_parameter_of_any_request(user: User) -> None:
    """Whatever the text model says of a picture ends as plain words in the prompt, or nowhere."""
    table = [text for text in HOSTILE if len(text) < MOST_SAID]
    dressed = 0
    for number, text in enumerate(table):
        Image.new("RGB", (1024, 1024), (number, 90, 120)).save(user.cwd / f"h{number:02d}.png")
        answer = json.dumps({"subject": f"A car. {text}", "composition": text, "text": [text], "n": 10, "size": "8x8"})
        user.api.script(answer=answer if number % 3 else text)
        done = user.run("restyle", f"h{number:02d}.png", "--style", "comic", *MAKE, "--quality", "low", "--yes")
        assert "\x1b" not in done.err
        if number % 3 or describes(text):
            assert made(done) == [f"h{number:02d}-comic.png"], done.err
            dressed += 1
        else:
            assert made(done, code=1) == []
    painted = [seen.body for seen in sent(user)]
    assert len(painted) == dressed >= 20
    for body in painted:
        assert set(body) - {"parts"} == {"model", "prompt", "n", "size", "quality", "output_format"}
        told = tuple(body[name] for name in ("model", "n", "size", "quality", "output_format"))
        assert told == (MODEL, "1", "1024x1024", "low", "png")
        assert body["prompt"].isprintable()
        assert not any(sign in body["prompt"] for sign in "<>{}[]|`")
    assert nano(user.spent()["spent_usd"]) == billed(user)
    seen = user.run("describe", *(f"h{number:02d}.png" for number in range(len(table))))
    assert all(char.isprintable() or char == "\n" for char in seen.out + seen.err)


def test_a_server_that_says_more_than_it_was_allowed_ends_the_run(user: User) -> None:
    user.api.script(answer=json.dumps({"subject": "x" * 100_000}))
    done = user.run("restyle", "car.jpg", "--style", "comic", *MAKE, "--yes")
    assert done.code == 6, done.err
    assert sent(user) == []
    seen = user.run("describe", "car.jpg")
    assert (seen.code, len(user.api.bill())) == (1, 1)
