from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.errors import ImgcliError, ModelError, StyleError, UsageError
from imgcli.model.entry import Entry
from imgcli.model.job import Job, Look
from imgcli.model.size import Size
from imgcli.plan import Plan, fitting_size, plan
from imgcli.ports import ProviderConfig
from imgcli.providers.openai.provider import OpenAIProvider
from tests.fakes.studio import a_studio, settings_for

A_CAR = Entry(prompt="a red car", id="car", where="prompts.toml:3")


def planned(tmp_path: Path, *entries: Entry, **flags: object) -> Plan:
    studio, _ = a_studio(tmp_path / "home")
    return plan(entries, studio, settings_for(tmp_path / "home", **flags), tmp_path / "out")


def one(tmp_path: Path, entry: Entry = A_CAR, **flags: object) -> Job:
    (job,) = planned(tmp_path, entry, **flags).jobs
    return job


def test_every_gap_is_filled_from_settings(tmp_path: Path) -> None:
    job = one(tmp_path)
    assert (job.provider, job.model, job.size, job.quality, job.format) == (
        "openai",
        "gpt-image-2.5-flare",
        Size(1024, 1024),
        "medium",
        "png",
    )
    assert job.prompt.text == job.prompt.typed == "a red car"
    assert (job.directory, job.stem) == (tmp_path / "out", "a-red-car-1")


def test_a_tag_is_one_however_it_is_typed(tmp_path: Path) -> None:
    """A cap on it must cover all of them; and they are no part of a job's key."""
    tags = ("café", "cafe\u0301", " café", "launch")
    job = one(tmp_path, replace(A_CAR, tags=tags))
    assert job.tags == ("caf\u00e9", "launch")
    assert job.key == one(tmp_path).key
    with pytest.raises(UsageError, match=r"prompts\.toml:3: a tag is blank"):
        planned(tmp_path, replace(A_CAR, tags=(" ",)))


def test_what_the_entry_says_wins_over_style_and_style_over_settings(tmp_path: Path) -> None:
    assert str(one(tmp_path, replace(A_CAR, style=("cinematic",))).size) == "1536x1024"
    said = replace(A_CAR, style=("cinematic",), size="1024x1536", quality="low", format="webp")
    job = one(tmp_path, said, quality="high")
    assert (str(job.size), job.quality, job.format) == ("1024x1536", "low", "webp")


def test_a_style_that_wants_transparency_is_no_error_where_there_is_none(tmp_path: Path) -> None:
    styles = tmp_path / "home" / "config" / "styles"
    styles.mkdir(parents=True)
    (styles / "cut.toml").write_text('description = "d"\nextends = "sticker"\nbackground = "transparent"\n')
    cut = replace(A_CAR, style=("cut",))
    assert one(tmp_path, cut).background == "transparent"
    assert one(tmp_path, replace(cut, background="opaque")).background == "opaque"
    assert one(tmp_path, replace(cut, format="jpeg")).background == "auto"
    assert one(tmp_path, replace(cut, model="gpt-image-2")).background == "auto"
    with pytest.raises(ModelError, match="jpeg has no transparency"):
        one(tmp_path, replace(cut, format="jpeg", background="transparent"))


def test_a_style_that_the_model_cannot_follow_in_size_is_no_error(tmp_path: Path) -> None:
    job = one(tmp_path, replace(A_CAR, style=("cinematic",), model="gpt-image-1.5"))
    assert str(job.size) == "1536x1024"
    beside = tmp_path / "home" / "config" / "styles"
    beside.mkdir(parents=True)
    (beside / "wide.toml").write_text('description = "w"\nprose = "{prompt}, very wide"\nsize = "3008x1008"\n')
    assert str(one(tmp_path, replace(A_CAR, style=("wide",), model="gpt-image-1.5")).size) == "1024x1024"


@pytest.mark.parametrize(
    ("aspect", "size"),
    [
        ("16:9", "1536x864"),
        ("1:1", "1024x1024"),
        ("3:2", "1536x1024"),
        ("4:5", "1088x1360"),
        ("9:16", "864x1536"),
        ("3:1", "2064x688"),
        ("9/16", "864x1536"),
    ],
)
def test_an_aspect_becomes_the_models_size(tmp_path: Path, aspect: str, size: str) -> None:
    job = one(tmp_path, replace(A_CAR, size=aspect))
    assert str(job.size) == size


def test_an_aspect_of_a_model_with_fixed_sizes_takes_the_nearest() -> None:
    card = OpenAIProvider(ProviderConfig(None, "", "", {}, 5)).card("gpt-image-1.5")
    assert str(fitting_size(card, 16, 9)) == "1536x1024"
    assert str(fitting_size(card, 1, 2)) == "1024x1536"


def test_an_aspect_nobody_can_make(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="makes no 5:1; its longest ratio is 3:1"):
        one(tmp_path, replace(A_CAR, size="5:1"))


def test_n_makes_variants_with_names_and_keys_of_their_own(tmp_path: Path) -> None:
    jobs = planned(tmp_path, replace(A_CAR, n=3)).jobs
    assert [job.stem for job in jobs] == ["a-red-car-1", "a-red-car-2", "a-red-car-3"]
    assert len({job.key for job in jobs}) == 3


def test_asking_for_the_same_twice_makes_two(tmp_path: Path) -> None:
    jobs = planned(tmp_path, A_CAR, replace(A_CAR, id="again", where="prompts.toml:9")).jobs
    assert [job.stem for job in jobs] == ["a-red-car-1", "a-red-car-2"]
    assert len({job.key for job in jobs}) == 2


def test_a_seed_moves_with_the_variant(tmp_path: Path) -> None:
    assert [job.seed for job in planned(tmp_path, replace(A_CAR, n=3, seed=7)).jobs] == [7, 8, 9]


def test_names_that_only_look_different_are_numbered(tmp_path: Path) -> None:
    jobs = planned(tmp_path, A_CAR, replace(A_CAR, prompt="A RED car!", id="b")).jobs
    assert [job.stem for job in jobs] == ["a-red-car-1", "a-red-car-1-2"]


def test_two_pictures_for_one_chosen_name_are_refused(tmp_path: Path) -> None:
    hero = replace(A_CAR, name="hero")
    with pytest.raises(
        UsageError,
        match=r"prompts.toml:9: 'Hero' would name two pictures, of 'car' and 'b' \(the other: prompts.toml:3\)",
    ):
        planned(tmp_path, hero, replace(hero, prompt="a boat", id="b", name="Hero", where="prompts.toml:9"))
    with pytest.raises(UsageError, match=r"put \{n\}"):
        planned(tmp_path, replace(hero, n=2))


@pytest.mark.parametrize(
    ("change", "kind", "message"),
    [
        ({"style": ("cinematc",)}, StyleError, "cinematic"),
        ({"model": "dall-e-3"}, ModelError, "retired on 2026-05-12"),
        ({"model": "gpt-image-2.5-flair"}, ModelError, "gpt-image-2.5-flare"),
        ({"size": "100x100"}, ModelError, "cannot make 100x100"),
        ({"size": "huge"}, UsageError, "size 'huge' is not WIDTHxHEIGHT"),
        ({"quality": "ultra"}, ModelError, "no quality 'ultra'"),
        ({"provider": "opnai"}, UsageError, "did you mean 'openai'"),
        ({"name": "{nope}"}, UsageError, "no field 'nope'"),
        ({"name": "../x"}, UsageError, "path separator"),
        ({"out": "a/../../.."}, UsageError, "leads out of"),
        ({"prompt": "x" * 40_000}, ModelError, "32,000"),
    ],
)
def test_a_mistake_names_its_entry_and_what_to_type(
    tmp_path: Path, change: dict[str, object], kind: type[ImgcliError], message: str
) -> None:
    with pytest.raises(kind) as caught:
        one(tmp_path, replace(A_CAR, **change))  # type: ignore[arg-type]
    assert str(caught.value).startswith("prompts.toml:3: ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_if_exists(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a-red-car-1.jpg").touch()
    assert one(tmp_path).stem == "a-red-car-1"
    result = planned(tmp_path, A_CAR, if_exists="skip")
    assert not result.jobs
    assert result.skipped[0].path.name == "a-red-car-1.jpg"
    with pytest.raises(UsageError, match="exists; nothing was sent"):
        planned(tmp_path, A_CAR, if_exists="error")


def test_too_many_pictures(tmp_path: Path) -> None:
    entries = [replace(A_CAR, id=f"e{i}", n=1000) for i in range(101)]
    with pytest.raises(UsageError, match="101,000 pictures in one run; 100,000 are the most"):
        planned(tmp_path, *entries)


def test_only_some_are_numbered_and_named_as_among_all(tmp_path: Path) -> None:
    """Another number would be another key, and the picture made again."""
    entries = (A_CAR, replace(A_CAR, id="twin"), replace(A_CAR, id="slug", prompt="a red car!"))
    everything = planned(tmp_path, *entries).jobs
    studio, _ = a_studio(tmp_path / "home")
    settings = settings_for(tmp_path / "home")
    found = plan(entries, studio, settings, tmp_path / "out", only={"twin", "slug"}).jobs
    assert found == everything[1:]
    assert [job.variant for job in found] == [2, 1]


def test_a_mistake_in_an_entry_that_is_not_wanted_is_not_told(tmp_path: Path) -> None:
    studio, _ = a_studio(tmp_path / "home")
    entries = (replace(A_CAR, id="bad", style=("no-such",)), A_CAR)
    settings = settings_for(tmp_path / "home")
    assert len(plan(entries, studio, settings, tmp_path / "out", only={"car"}).jobs) == 1
    with pytest.raises(StyleError):
        plan(entries, studio, settings, tmp_path / "out", only={"bad"})


def test_what_entries_share_is_worked_out_for_each_kind_of_them(tmp_path: Path) -> None:
    """What is remembered of one entry must not be given to another."""
    entries = [
        A_CAR,
        replace(A_CAR, id="b", style=("cinematic",)),
        replace(A_CAR, id="c", style=("cinematic",), no=("text",)),
        replace(A_CAR, id="d", size="1536x1024"),
        replace(A_CAR, id="e", quality="high"),
        replace(A_CAR, id="f", format="webp"),
        replace(A_CAR, id="g", model="gpt-image-1.5"),
        replace(A_CAR, id="h", background="opaque"),
        replace(A_CAR, id="i", out="sub", seed=3),
        replace(A_CAR, id="j", tags=("x",)),
    ]
    together = planned(tmp_path, *entries).jobs
    alone = [one(tmp_path, entry) for entry in entries]
    assert [(job.key, job.tags, job.directory) for job in together[:-1]] == [
        (job.key, job.tags, job.directory) for job in alone[:-1]
    ]
    assert together[-1].tags == ("x",)
    assert len({job.key for job in together}) == len(entries)


def test_thousands_of_prompts_that_begin_alike_are_named_in_no_time(tmp_path: Path) -> None:
    long = "a very long beginning that fills the whole name of a file with its many words"
    entries = [replace(A_CAR, id=f"e{number}", prompt=f"{long} {number}") for number in range(5000)]
    stems = [job.stem for job in planned(tmp_path, *entries).jobs]
    assert len(set(stems)) == 5000
    assert stems[1].endswith("-1-2")
    assert stems[-1].endswith("-1-5000")


def test_a_prompt_that_its_style_makes_too_long_is_refused(tmp_path: Path) -> None:
    assert one(tmp_path, replace(A_CAR, prompt="x" * 31_990)).prompt.text
    with pytest.raises(ModelError, match="takes 32,000"):
        one(tmp_path, replace(A_CAR, prompt="x" * 31_990, style=("cinematic",)))


def test_a_draft_is_the_cheapest_of_what_was_wanted_and_remembers_it(tmp_path: Path) -> None:
    wide = replace(A_CAR, style=("cinematic",), size="2048x1152", quality="high")
    real, draft = one(tmp_path, wide), one(tmp_path, replace(wide, draft=True))
    assert (str(draft.size), draft.quality) == ("1136x640", "low")
    assert draft.wanted == Look(real.size, real.quality)
    assert draft.prompt == real.prompt
    assert draft.key != real.key
    assert replace(draft, size=real.size, quality=real.quality, wanted=None).key == real.key
    assert (real.stem, draft.stem) == ("a-red-car-cinematic-1", "a-red-car-cinematic-1-draft")
    assert draft.renumber == "a-red-car-cinematic-{n}-draft"


def test_what_is_as_cheap_as_it_gets_is_no_draft(tmp_path: Path) -> None:
    least = replace(A_CAR, size="816x816", quality="low", draft=True)
    job = one(tmp_path, least)
    assert job.wanted is None
    assert (job.stem, job.key) == ("a-red-car-1", one(tmp_path, replace(least, draft=False)).key)


def test_entries_that_differ_in_look_alone_are_drafts_of_their_own(tmp_path: Path) -> None:
    """Else a run would hold one job twice."""
    jobs = planned(tmp_path, *(replace(A_CAR, id=q, quality=q, draft=True) for q in ("high", "max"))).jobs
    assert len({job.key for job in jobs}) == 2
    assert [job.wanted and job.wanted.quality for job in jobs] == ["high", "max"]
    assert len({job.stem for job in jobs}) == 2


def test_a_chosen_name_is_marked_too(tmp_path: Path) -> None:
    assert one(tmp_path, replace(A_CAR, name="hero", draft=True)).stem == "hero-draft"
