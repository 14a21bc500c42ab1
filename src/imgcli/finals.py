"""Picked drafts -> the jobs that make them for good: the same words, in the look that was really wanted."""

import itertools
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from imgcli.errors import UsageError
from imgcli.inputs.find import found_again
from imgcli.model.attempt import Record
from imgcli.model.job import FAR, Job, Look
from imgcli.model.pick import Pick
from imgcli.model.size import Size
from imgcli.ports import Studio
from imgcli.settings import guess

DRAFT_END = re.compile(r"-draft(?=(-[0-9]+)?(-again(-[0-9]+)?)?$)")


@dataclass(frozen=True, slots=True)
class Wish:
    """What was said of the finals; None is what each draft was made for.

    Attributes:
        count: finals of each draft.
        out: the directory for all of them; None is that of each draft.
        made: the directory of what was made from input pictures, in which theirs are looked for too.
    """

    size: Size | None = None
    quality: str | None = None
    count: int = 1
    out: Path | None = None
    made: Path | None = None

    def look_of(self, job: Job) -> Look:
        wanted = job.wanted or Look(job.size, job.quality)
        return Look(self.size or wanted.size, self.quality or wanted.quality)


@dataclass(frozen=True, slots=True)
class Finals:
    """`picks` are those whose picture each of `jobs` makes, by its key; `final` those that are so already."""

    jobs: tuple[Job, ...]
    picks: Mapping[str, tuple[Pick, ...]]
    final: tuple[Pick, ...]


async def plan_finals(picks: Sequence[Pick], wish: Wish, studio: Studio) -> Finals:
    """A job for each final that is wanted; one that was made before is the same job again.

    Raises:
        UsageError: a provider that is not there, or a look that its model cannot make; says of which picture.
    """
    made: dict[str, list[Record]] = {}
    for record in await studio.ledger.finals_of([pick.record.attempt for pick in picks]):
        made.setdefault(record.job.draft, []).append(record)
    jobs: dict[str, Job] = {}
    whose: dict[str, tuple[Pick, ...]] = {}
    final = []
    # Who has finals keeps them; the others find other numbers.
    for pick in sorted(picks, key=lambda each: each.record.attempt not in made):
        look = wish.look_of(pick.record.job)
        if look == Look(pick.record.job.size, pick.record.job.quality):
            final.append(pick)
            continue
        first = _first(pick, look, wish, studio)
        before = [r for r in made.get(pick.record.attempt, []) if Look(r.job.size, r.job.quality) == look]
        for job in await _numbered(first, before, wish, studio, jobs):
            jobs[job.key] = job
            whose[job.key] = (*whose.get(job.key, ()), pick)
    return Finals(tuple(jobs.values()), whose, tuple(final))


def _first(pick: Pick, look: Look, wish: Wish, studio: Studio) -> Job:
    """The job of `pick` in another look, checked as if it had just been typed."""
    job = whole_job(pick, studio)
    if job.provider not in studio.providers:
        known = list(studio.providers)
        hint = guess(job.provider, known)
        raise UsageError(
            f"{pick.path.name}: no provider {job.provider!r}{hint}; there are {', '.join(known)}, and your config adds more"
        )
    try:
        card = studio.providers[job.provider].card(job.model)
        card.check(look.size, look.quality, job.format, job.prompt.text, job.background)
        if job.edit is not None:
            edit = found_again(job.edit, [Path.cwd(), pick.path.parent], wish.made)
            card.check_edit(edit)
            job = replace(job, edit=edit)
        plain = pick.path.stem.replace("{", "{{").replace("}", "}}")
        stem = studio.store.stem(DRAFT_END.sub("", plain), {})
    except UsageError as error:
        raise type(error)(f"{pick.path.name}: {error}") from None
    # Which way it is asked for is a matter of the config, and no sidecar's.
    job = replace(
        job, size=look.size, quality=look.quality, wanted=None, draft=pick.record.attempt, through=card.through
    )
    return replace(job, directory=Path(os.path.realpath(pick.path.parent)), stem=stem, renumber="")


def whole_job(pick: Pick, studio: Studio) -> Job:
    """The job of `pick`, with the colours of its styles where it is proved that they are still the same.

    A sidecar does not tell them, but the key of its job was made with them.
    """
    job = pick.record.job
    if job.key == pick.key:
        return job
    styles = [studio.styles[name] for name in job.prompt.styles if name in studio.styles]
    colours = tuple(dict.fromkeys(colour for style in styles for colour in style.palette or style.colours))
    whole = replace(job, prompt=replace(job.prompt, colours=colours))
    return whole if whole.key == pick.key else job


async def _numbered(
    first: Job, before: Sequence[Record], wish: Wish, studio: Studio, taken: Mapping[str, Job]
) -> list[Job]:
    """`wish.count` jobs like `first`: those of its draft's own finals first, then new ones."""
    if wish.out is not None:
        first = replace(first, directory=wish.out)
        before = [record for record in before if record.directory == wish.out]
    own = {r.job.key: replace(first, variant=r.job.variant, seed=r.job.seed, directory=r.directory) for r in before}
    jobs = [job for key, job in own.items() if job.key == key][: wish.count]
    for step in itertools.count():
        if len(jobs) >= wish.count:
            return jobs
        seed = None if first.seed is None else first.seed + step
        job = replace(first, variant=first.variant + step * FAR, seed=seed)
        if job.key not in {known.key for known in jobs} and await _is_free(job, studio, taken):
            jobs.append(job)
    raise AssertionError("numbers never end")


async def _is_free(job: Job, studio: Studio, taken: Mapping[str, Job]) -> bool:
    """Whether `job` is no other draft's final: two drafts of one prompt are to become two pictures.

    Where a seed says what they become, two equal drafts have one final.
    """
    if job.seed is not None and (job.key not in taken or taken[job.key].directory == job.directory):
        return True
    if job.key in taken:
        return False
    standing = await studio.ledger.standing(job.key, job.directory)
    others = {record.job.draft for record in (standing.made, standing.open) if record}
    return others <= {"", job.draft}
