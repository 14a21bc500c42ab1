"""What a run says before it starts about the styles it blends."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imgcli.model.job import Job

if TYPE_CHECKING:
    from imgcli.model.prompt import Style
    from imgcli.ports import Studio

MOST = 5
"""Lines about styles before a run; a batch may blend many."""


def style_notices(jobs: Sequence[Job], studio: "Studio") -> list[str]:
    """A line for each conflict between styles of one picture, once for each set of styles; at most 5 and a count."""
    # Of a hundred thousand jobs few differ in all this, and only those are looked at closely.
    jobs = list({_facts(job): job for job in jobs if len(job.prompt.styles) > 1}.values())
    if not jobs:
        return []
    from imgcli.director.conflicts import conflicts

    lines: dict[str, None] = {}
    for job in jobs:
        styles = [studio.styles[name] for name in job.prompt.styles]
        wording = studio.providers[job.provider].card(job.model).wording
        lines |= dict.fromkeys(conflicts(styles, wording, _decided(job, styles)))
    told = [f"styles: {line}" for line in lines]
    more = [f"styles: and {len(told) - MOST} more (imgcli styles show A B)"] if len(told) > MOST else []
    return [*told[:MOST], *more]


def _facts(job: Job) -> tuple[object, ...]:
    return job.prompt.styles, job.provider, job.model, job.size, job.quality, job.background


def _decided(job: Job, styles: "Sequence[Style]") -> tuple[str, ...]:
    """What no style decided for this picture: the user did, or its model cannot make what the first of them wants."""
    made = {"size": str(job.size), "quality": job.quality, "background": job.background}
    wishes = {key: next((wish for style in styles if (wish := getattr(style, key)) is not None), None) for key in made}
    return tuple(key for key, wish in wishes.items() if wish is not None and wish != made[key])
