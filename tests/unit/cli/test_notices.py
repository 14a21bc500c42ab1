from dataclasses import replace
from pathlib import Path

from imgcli.cli.notices import MOST, style_notices
from imgcli.model.prompt import Style
from imgcli.model.size import Size
from tests.fakes.jobs import a_job
from tests.fakes.studio import a_studio

STYLES = {
    name: Style(name, "d", "{prompt}. X.", keywords=(("medium", (name,)),), size=size)
    for name, size in [("ink", "1024x1024"), ("oil", "1536x1024"), *((f"m{i}", None) for i in range(8))]
}


def notices(home: Path, *blends: tuple[str, ...], size: str = "1024x1024") -> list[str]:
    studio, _ = a_studio(home)
    job, across = a_job(), size.split("x")
    jobs = [
        replace(job, prompt=replace(job.prompt, styles=names), size=Size(*map(int, across)), entry=f"e{number}")
        for number, names in enumerate(blends)
    ]
    return style_notices(jobs, replace(studio, styles=STYLES))


def test_a_conflict_is_told_once_for_each_set_of_styles(home: Path) -> None:
    assert notices(home, ("ink", "oil"), ("ink", "oil"), ("ink",), ()) == [
        'styles: ink is made as "ink", oil as "oil": ink comes first and wins',
        "styles: ink wants size 1024x1024, oil wants 1536x1024: ink comes first and wins",
    ]


def test_no_style_wins_what_the_user_or_the_model_decided(home: Path) -> None:
    assert len(notices(home, ("ink", "oil"), size="512x512")) == 1


def test_one_style_or_none_says_nothing(home: Path) -> None:
    assert notices(home, ("ink",), ()) == []


def test_every_set_of_styles_is_looked_at(home: Path) -> None:
    assert [line.split()[1] for line in notices(home, ("ink",), ("m2", "m3"), ("m1", "m2"))] == ["m2", "m1"]


def test_at_most_five_lines_and_a_count(home: Path) -> None:
    told = notices(home, tuple(f"m{i}" for i in range(8)))
    assert len(told) == MOST + 1
    assert told[-1] == "styles: and 2 more (imgcli styles show A B)"
