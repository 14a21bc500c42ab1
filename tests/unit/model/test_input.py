from dataclasses import replace

import pytest

from imgcli.model.input import EditRules
from tests.fakes.jobs import a_job, an_edit, an_input


def test_a_picture_goes_by_its_bytes_or_by_what_it_was_made_of() -> None:
    plain, made = an_input(), an_input(origin="12" * 32)
    assert (plain.mark, made.mark) == (plain.sha256, "12" * 32)
    moved = replace(made, sha256="ab" * 32, name="other", path=made.path.with_name("other"))
    assert a_job(edit=an_edit(inputs=(made,))).key == a_job(edit=an_edit(inputs=(moved,))).key
    assert a_job(edit=an_edit(inputs=(made,))).key != a_job(edit=an_edit(inputs=(plain,))).key


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, ""),
        ({"inputs": (an_input(),) * 17}, "takes 16 input pictures at most, not 17"),
        ({"inputs": (an_input(format="gif"),)}, "convert it with --convert"),
        ({"inputs": (an_input(size_bytes=50_000_000),)}, "make it smaller with --downscale"),
        ({"mask": an_input(), "markup": an_input()}, "takes a mask or a markup, not both"),
        ({"markup": an_input()}, "takes no markup"),
        ({"mask": an_input(512, 512)}, "needs a mask of the size of the first input picture: in.png has 512x512"),
        ({"mask": an_input(format="webp")}, "needs a mask as PNG"),
        ({"mask": an_input(size_bytes=4_000_000)}, "takes a mask below 4 MB"),
        ({"fidelity": "high"}, "has no input fidelity 'high'; leave out --input-fidelity"),
    ],
)
def test_what_a_model_cannot_be_sent(changes: dict[str, object], problem: str) -> None:
    assert problem in EditRules().problem(an_edit(**changes))
    assert bool(problem) == bool(EditRules().problem(an_edit(**changes)))
