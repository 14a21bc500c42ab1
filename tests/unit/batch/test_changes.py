from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.batch.changes import (
    WORDING,
    Change,
    Changed,
    Found,
    Missing,
    Modified,
    New,
    Orphaned,
    Seen,
    Unchanged,
    compare,
)
from imgcli.batch.lock import BESIDE, Lock, Locked, Old, locked
from imgcli.model.input import Edit
from imgcli.model.job import Job
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size
from tests.fakes.jobs import a_job, an_input
from tests.fakes.locks import a_line

OUT = Path("/nowhere")


def place(directory: Path) -> str:
    return "out" if directory == OUT else directory.name


def words(typed: str = "a car", version: str = "111111aa", **more: Any) -> DirectedPrompt:
    return DirectedPrompt(typed, f"{version}: {typed}", styles=("noir",), versions=(version,), **more)


def job(**changes: Any) -> Job:
    return a_job(**{"prompt": words(), **changes})


def line(made_for: Job, file: str = "", **changes: Any) -> Locked:
    where = f"{place(made_for.directory)}/{file or f'{made_for.entry}-{made_for.variant}.png'}"
    return a_line(
        **{name: getattr(locked(made_for, where, "ab" * 32, 9), name) for name in Locked.__struct_fields__} | changes
    )


def lock(*lines: Locked) -> Lock:
    return Lock(BESIDE, {each.ident: each for each in lines})


def seen(**found: Any) -> Seen:
    return Seen(place, **found)


def only(jobs: list[Job], known: Lock, at: Seen | None = None, **more: Any) -> Change:
    (change,) = compare(jobs, known, at or seen(), **more)
    return change


def test_what_the_lock_and_the_disk_say() -> None:
    a, known = job(), line(job())
    assert only([a], lock()) == New(a)
    assert only([a], lock(known)) == Unchanged(a, known)
    assert only([a], lock(known), seen(gone={known.file})) == Missing(a, known)
    assert only([a], lock(known), seen(other={known.file})) == Modified(a, known)
    assert only([], lock(known)) == Orphaned(known)


@pytest.mark.parametrize(
    ("now", "inputs"),
    [
        ({"size": Size(1536, 1024)}, ("size 1024x1024 -> 1536x1024",)),
        ({"quality": "high"}, ("quality medium -> high",)),
        ({"model": "gpt-image-2"}, ("model gpt-image-2.5-flare -> gpt-image-2",)),
        ({"provider": "mine"}, ("provider openai -> mine",)),
        ({"format": "webp"}, ("format png -> webp",)),
        ({"background": "opaque"}, ("background auto -> opaque",)),
        ({"through": "gpt-6-luna"}, ("through the model itself -> gpt-6-luna",)),
        ({"seed": 7}, ("seed none -> 7",)),
        ({"directory": Path("/nowhere/sub")}, ("out out -> sub",)),
        ({"prompt": words("a cat")}, ("prompt",)),
        ({"prompt": words(version="222222bb")}, ("style noir 111111 -> 222222",)),
        ({"prompt": DirectedPrompt("a car", "a car")}, ("style noir -> none",)),
        ({"prompt": DirectedPrompt("a car", "x", styles=("noir", "b"))}, ("style noir -> noir+b",)),
        ({"prompt": DirectedPrompt("a car", "x", styles=("noir",))}, ("style noir 111111 -> unknown",)),
        ({"prompt": words(constraints=("text",), negative="text")}, ("--no",)),
        ({"prompt": words(negative="ugly")}, (WORDING,)),
        ({"size": Size(64, 64), "prompt": words("a cat")}, ("size 1024x1024 -> 64x64", "prompt")),
    ],
)
def test_the_input_that_changed_is_named(now: dict[str, Any], inputs: tuple[str, ...]) -> None:
    change = only([job(**now)], lock(line(job())))
    assert isinstance(change, Changed)
    assert change.inputs == inputs


def test_what_changes_no_picture_is_no_change() -> None:
    known = line(job(), styles=("noir@older",))
    assert isinstance(only([job(stem="other", tags=("x",))], lock(known)), Unchanged)


def test_a_renamed_id_is_found_and_its_old_line_is_no_orphan() -> None:
    known = line(job())
    renamed = job(entry="banner")
    assert only([renamed], lock(known)) == Found(renamed, known.file, known.sha256, known.bytes, known)
    assert list(compare([renamed], lock(known), seen(gone={known.file}))) == [New(renamed), Orphaned(known)]


def test_the_same_picture_in_another_directory_is_not_found() -> None:
    known = line(job())
    moved = job(entry="b", directory=Path("/nowhere/sub"))
    assert list(compare([moved], lock(known), seen())) == [New(moved), Orphaned(known)]


def test_going_back_finds_the_old_picture() -> None:
    before, now = job(), job(quality="high")
    past = Old("out/past.png", "cd" * 32, 5, before.key)
    known = line(now, old=(past,))
    assert only([before], lock(known)) == Found(before, past.file, past.sha256, past.bytes, known)
    assert isinstance(only([before], lock(known), seen(gone={past.file})), Changed)
    assert isinstance(only([before], lock(known), seen(other={past.file})), Changed)


def test_an_old_picture_of_another_id_leaves_that_ids_own_an_orphan() -> None:
    before, now = job(), job(quality="high")
    known = line(now, old=(Old("out/past.png", "cd" * 32, 5, before.key),))
    renamed = job(entry="banner")
    found = list(compare([renamed], lock(known), seen()))
    assert [type(change) for change in found] == [Found, Orphaned]


def test_a_sidecar_tells_where_the_lock_does_not() -> None:
    a = job()
    told = seen(told=lambda _: {a.key: "out/kept.png"})
    assert only([a], lock(), told) == Found(a, "out/kept.png")


def test_two_ids_that_change_places_make_nothing() -> None:
    one, two = job(entry="one"), job(entry="two", prompt=words("a cat"))
    known = lock(line(one), line(two))
    swapped = [job(entry="one", prompt=words("a cat")), job(entry="two")]
    assert [type(change) for change in compare(swapped, known, seen())] == [Found, Found]


def test_again_is_asked_for_whatever_is_there() -> None:
    a, known = job(), line(job())
    assert only([a], lock(known), again=lambda _: "--again") == Changed(a, known, ("--again",))
    told = seen(told=lambda _: {a.key: "out/kept.png"})
    assert only([a], lock(), told, again=lambda _: True) == New(a)


def test_lines_of_ids_that_are_not_asked_about_are_no_orphans() -> None:
    assert list(compare([], lock(line(job())), seen(), only=lambda entry: entry == "x")) == []


def test_one_style_changed_is_its_jobs_changed_and_no_other() -> None:
    """2,000 jobs of four styles; by hand at 100,000."""
    styles = ("noir", "food", "glass", "comic")

    def jobs(versions: dict[str, str]) -> list[Job]:
        return [
            a_job(
                entry=f"e{number}",
                prompt=DirectedPrompt(
                    f"thing {number}", f"{versions[name]} {number}", styles=(name,), versions=(versions[name],)
                ),
            )
            for number, name in enumerate(styles * 500)
        ]

    known = lock(*(line(each) for each in jobs(dict.fromkeys(styles, "1"))))
    found = list(compare(jobs(dict.fromkeys(styles, "1") | {"glass": "2"}), known, seen()))
    changed = [change for change in found if isinstance(change, Changed)]
    assert {change.job.entry for change in changed} == {f"e{number}" for number in range(2, 2000, 4)}
    assert {change.inputs for change in changed} == {("style glass 1 -> 2",)}
    assert sum(isinstance(change, Unchanged) for change in found) == 1500


IDENTS = st.tuples(st.sampled_from("abc"), st.integers(1, 2))
CHOSEN = st.dictionaries(IDENTS, st.tuples(st.integers(0, 3), st.integers(0, 1)), max_size=6)


def _job(ident: tuple[str, int], wish: tuple[int, int]) -> Job:
    return job(
        entry=ident[0], variant=ident[1], prompt=words(f"thing {wish[0]}"), directory=OUT if wish[1] else OUT / "sub"
    )


@settings(max_examples=400, deadline=None)
@given(CHOSEN, CHOSEN, st.sets(IDENTS), st.sets(IDENTS), st.data())
def test_every_job_and_every_line_has_one_verdict(
    wanted: dict[Any, Any], known: dict[Any, Any], gone: set[Any], other: set[Any], data: st.DataObject
) -> None:
    jobs: dict[str, Job] = {}
    for each in (_job(ident, wish) for ident, wish in wanted.items()):
        jobs.setdefault(each.key, each)  # a plan has no key twice
    lines = lock(*(line(_job(ident, wish)) for ident, wish in known.items()))
    at = seen(
        gone={lines.lines[ident].file for ident in gone if ident in lines.lines},
        other={lines.lines[ident].file for ident in other if ident in lines.lines},
    )
    found = list(compare(jobs.values(), lines, at))
    assert [change.job for change in found if not isinstance(change, Orphaned)] == list(jobs.values())
    own = {(each.entry, each.variant) for each in jobs.values()}
    taken = {change.file for change in found if isinstance(change, Found)}
    orphans = [change.line.ident for change in found if isinstance(change, Orphaned)]
    assert sorted(orphans) == sorted(
        ident for ident, each in lines.lines.items() if ident not in own and each.file not in taken
    )
    for change in found:
        if isinstance(change, Unchanged):
            assert change.line.key == change.job.key
            assert change.line.file not in set(at.gone) | set(at.other)
        if isinstance(change, Found):
            assert change.file not in set(at.gone) | set(at.other)
    assert len(taken) == sum(isinstance(change, Found) for change in found)


def test_input_pictures_that_changed_are_told_by_name() -> None:
    one, two = an_input(name="a.png"), an_input(name="b.png", sha256="ee" * 32)
    before = job(edit=Edit((one, two), mask=one, fidelity="low"))
    for after, told in (
        (Edit((one, replace(two, sha256="ff" * 32)), mask=one, fidelity="low"), "b.png eeeeee -> ffffff"),
        (Edit((one, two), mask=replace(one, origin="12" * 32), fidelity="low"), "a.png cdcdcd -> 121212"),
        (Edit((one, two), mask=one, fidelity="high"), "input fidelity low -> high"),
        (Edit((one,), mask=one, fidelity="low"), "inputs 2 refs + mask + fidelity -> ref + mask + fidelity"),
        (None, "inputs 2 refs + mask + fidelity -> none"),
    ):
        (found,) = compare([job(edit=after)], lock(line(before)), Seen(place))
        assert isinstance(found, Changed)
        assert found.inputs == (told,)
    assert isinstance(next(compare([before], lock(line(before)), Seen(place))), Unchanged)
