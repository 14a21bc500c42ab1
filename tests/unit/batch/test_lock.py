from dataclasses import replace

import msgspec
import pytest

from imgcli.batch.lock import BELOW_OUT, BESIDE, Lock, Locked, Old, expansions, locked, merged, moved
from imgcli.model.input import Edit
from imgcli.model.prompt import DirectedPrompt
from tests.fakes.jobs import A_JOB, a_job, an_input
from tests.fakes.locks import A_LINE, a_line


def lock(*lines: Locked) -> Lock:
    return Lock(BESIDE, {line.ident: line for line in lines})


def old(line: Locked) -> Old:
    return Old(line.file, line.sha256, line.bytes, line.key)


def test_a_line_tells_every_input_and_no_words() -> None:
    words = DirectedPrompt("a secret car", "directed", "neg", ("noir", "mine"), ("text",), versions=("12ab", ""))
    job = a_job(prompt=words, seed=7, background="opaque", variant=2)
    line = locked(job, "out/x.png", "cd" * 32, 5)
    assert line.ident == ("prompt-001", 2)
    assert line.styles == ("noir@12ab", "mine")
    assert (line.key, line.size, line.seed, line.background, line.place) == (job.key, "1024x1024", 7, "opaque", "out")
    assert len(line.prompt) == len(line.no) == 16
    assert "secret" not in str(line)


@pytest.mark.parametrize(
    ("words", "changes"),
    [
        (DirectedPrompt("a car", "other words"), False),
        (DirectedPrompt("a cat", "a car"), True),
        (DirectedPrompt("a car", "a car", constraints=("text",)), True),
    ],
)
def test_marks_are_of_what_was_typed(words: DirectedPrompt, changes: bool) -> None:
    line = locked(replace(A_JOB, prompt=words), "out/a-car-1.png", "ab" * 32, 1234)
    assert ((line.prompt, line.no) != (A_LINE.prompt, A_LINE.no)) is changes


def test_a_new_picture_keeps_what_it_replaced_as_old() -> None:
    second = a_line(file="out/a-car-2.png", key="2" * 64)
    third = a_line(file="out/a-car-3.png", key="3" * 64)
    found = merged(merged(lock(A_LINE), [second]), [third])
    assert found.lines[A_LINE.ident] == a_line(file=third.file, key=third.key, old=(old(A_LINE), old(second)))


def test_what_is_as_before_changes_nothing() -> None:
    before = lock(a_line(old=(old(a_line(file="out/0.png")),)), a_line(id="b", file="b.png"))
    assert merged(before, [A_LINE]) == before
    assert merged(before, []) == before


def test_going_back_to_an_old_picture_makes_the_other_one_old() -> None:
    second = a_line(file="out/a-car-2.png", key="2" * 64)
    found = merged(merged(lock(A_LINE), [second]), [A_LINE])
    assert found.lines[A_LINE.ident] == a_line(old=(old(second),))


def test_lines_of_others_stay() -> None:
    """Two runs at once: each merges into what the other has written meanwhile."""
    other = a_line(id="other", file="out/other.png")
    assert merged(lock(other), [A_LINE]).lines == {other.ident: other, A_LINE.ident: A_LINE}


def test_a_renamed_id_takes_its_picture_and_its_past_along() -> None:
    past = Old("out/0.png", "00" * 32, 1, "0" * 64)
    renamed = a_line(id="banner")
    assert merged(lock(a_line(old=(past,))), [renamed]) == lock(a_line(id="banner", old=(past,)))


def test_two_ids_that_change_places_leave_no_file_twice() -> None:
    one, two = a_line(id="one", file="1.png"), a_line(id="two", file="2.png")
    found = merged(lock(one, two), [a_line(id="one", file="2.png"), a_line(id="two", file="1.png")])
    assert {line.id: (line.file, line.old) for line in found.lines.values()} == {
        "one": ("2.png", ()),
        "two": ("1.png", ()),
    }


def test_what_is_gone_is_forgotten_only_where_nobody_wants_it() -> None:
    gone = {A_LINE.file, "out/0.png", "b.png"}
    past = Old("out/0.png", "00" * 32, 1, "0" * 64)
    before = lock(a_line(old=(past,)), a_line(id="b", file="b.png"), a_line(id="c", file="c.png"))
    found = merged(before, (), gone, {("b", 1), ("c", 1)})
    assert found == lock(A_LINE, a_line(id="c", file="c.png"))


def test_a_forgotten_line_stays_while_an_old_picture_of_it_is_there() -> None:
    line = a_line(old=(Old("out/0.png", "00" * 32, 1, "0" * 64),))
    assert merged(lock(line), (), {line.file}, {line.ident}) == lock(line)
    assert merged(lock(line), (), {line.file, "out/0.png"}, {line.ident}) == lock()


@pytest.mark.parametrize(
    ("place", "file", "now"),
    [("set", "a/b.png", "set/a/b.png"), (".", "b.png", "b.png"), ("..", "set/b.png", None), ("../x", "b.png", None)],
)
def test_files_are_told_from_elsewhere(place: str, file: str, now: str | None) -> None:
    found = moved(lock(a_line(file=file, old=(Old("z.png", "00" * 32, 1, "0" * 64),))), BELOW_OUT, place)
    assert found.files_below == BELOW_OUT
    assert [line.file for line in found.lines.values()] == ([] if now is None else [now])


def test_a_directory_above_leads_back_into_the_one_named() -> None:
    found = moved(lock(a_line(file="set/x.png")), BESIDE, "../work")
    assert not found.lines
    assert [line.file for line in moved(lock(a_line(file="../x.png")), BESIDE, "set").lines.values()] == ["x.png"]


def test_expansions_are_told_in_the_order_of_their_ids() -> None:
    words = replace(A_JOB.prompt, expanded="first")
    lines = [
        locked(
            replace(A_JOB, entry=f"car-idea-{n}", prompt=replace(words, expanded=text)), f"{n}.png", "ab" * 32, 9, key
        )
        for n, text, key in ((10, "last", "cd" * 32), (2, "first", "cd" * 32), (3, "first", "cd" * 32), (1, "x", ""))
    ]
    assert expansions(Lock(lines={line.ident: line for line in lines})) == {"cd" * 32: ("first", "last")}


def test_a_line_marks_the_pictures_it_was_made_from_and_others_say_nothing_of_any() -> None:
    edit = Edit(
        (an_input(), an_input(sha256="ab" * 32, origin="12" * 32)), mask=an_input(sha256="ef" * 32), fidelity="high"
    )
    told = locked(a_job(edit=edit), "a.png", "ab" * 32, 9)
    assert told.inputs == (f"ref {'cd' * 8}", f"ref {'12' * 8}", f"mask {'ef' * 8}", "fidelity high")
    assert b"inputs" not in msgspec.json.encode(locked(a_job(), "a.png", "ab" * 32, 9))
