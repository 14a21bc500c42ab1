"""Pictures that are there -> the jobs that make them again: their own words to the letter, or others directed anew."""

import itertools
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from imgcli.errors import UsageError
from imgcli.finals import DRAFT_END, whole_job
from imgcli.inputs.find import found_again
from imgcli.inputs.read import MOST_BYTES, Reader
from imgcli.model.attempt import Record, State
from imgcli.model.card import ModelCard
from imgcli.model.entry import Entry
from imgcli.model.input import Edit
from imgcli.model.job import FAR, Job
from imgcli.model.pick import Pick
from imgcli.plan import card_of, plan
from imgcli.ports import Studio
from imgcli.settings import Settings

WORDS = frozenset({"prompt", "style", "no"})
"""What the Director makes the words of."""

AGAIN_END = re.compile(r"-again(-[0-9]+)?$")

PICTURES = frozenset({"refs", "mask", "fidelity"})
"""What is said of input pictures."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be different.

    Attributes:
        said: by the fields of `Entry`; what is not said stays as it was.
        count: new pictures of each.
        out: the directory for all of them; None is that of each picture.
        made: the directory of what is made from input pictures, in which theirs are looked for too.
    """

    said: Mapping[str, Any] = field(default_factory=dict)
    count: int = 1
    out: Path | None = None
    made: Path | None = None


class Change(NamedTuple):
    """What was asked for before, and what now, for people."""

    what: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Again:
    """`job` makes `pick` again; `directed`: its words are not those that were sent then."""

    pick: Pick
    job: Job
    changes: tuple[Change, ...] = ()
    directed: bool = False


@dataclass(frozen=True, slots=True)
class Remakes:
    """`due` are to be made, or to be seen to where a run was cut off; `done` have been made again before.

    `seen` is the newest attempt that this was found of: who plans at the same time may mean the same rejects.
    """

    due: tuple[Again, ...]
    done: tuple[Pick, ...]
    seen: int = 0


async def plan_again(picks: Sequence[Pick], wish: Wish, studio: Studio, settings: Settings) -> list[Again]:
    """`wish.count` new pictures of each, unlike any that were made of the same words in its directory.

    Raises:
        UsageError: what the model cannot make, or an input picture that is gone; says of which picture.
    """
    found: list[Again] = []
    taken: set[str] = set()
    for pick in picks:
        first = _first(pick, wish, studio, settings)
        for job in await _numbered(first, wish, studio, taken):
            taken.add(job.key)
            found.append(replace(first, job=job, changes=_changes(first.pick.record.job, job)))
    return found


async def plan_remakes(rejects: Sequence[Pick], wish: Wish, studio: Studio, settings: Settings) -> Remakes:
    """One new picture in place of each that has none yet.

    What an earlier run began for one, whatever its changes were, is that run's job: it is not asked for beside it.

    Raises:
        UsageError: as `plan_again`.
    """
    seen, begun = await studio.ledger.newest(), dict[str, list[Record]]()
    for record in await studio.ledger.again_of([pick.record.attempt for pick in rejects]):
        begun.setdefault(record.job.again, []).append(record)
    due: list[Again] = []
    done: list[Pick] = []
    taken: set[str] = set()
    for pick in rejects:
        before = begun.get(pick.record.attempt, [])
        if any(record.state is State.SETTLED for record in before):
            done.append(pick)
            continue
        if before:
            due.append(Again(pick, before[0].job))
            continue
        first = _first(pick, wish, studio, settings)
        (job,) = await _numbered(first, wish, studio, taken, shared=True)
        taken.add(job.key)
        due.append(replace(first, job=job, changes=_changes(pick.record.job, job)))
    return Remakes(tuple(due), tuple(done), seen)


def _first(pick: Pick, wish: Wish, studio: Studio, settings: Settings) -> Again:
    """The job of `pick` with what is different, checked as if it had just been typed."""
    old, home, name = whole_job(pick, studio), _home(pick), pick.path.name
    entry = _entry(old, name, wish)
    try:
        entry = replace(entry, edit=_edit(old, pick, wish))
        stem = _stem(pick, studio, beside=wish.out is None and "out" not in wish.said)
        _, card = card_of(entry, settings, studio.providers)
    except UsageError as error:
        raise type(error)(f"{name}: {error}") from None
    directed = any(getattr(entry, word) != getattr(_told(old), word) for word in WORDS) or _rewords(old, card, studio)
    if not directed:
        # Its words are there, so that its styles may be gone.
        entry = replace(entry, style=tuple(style for style in entry.style or () if style in studio.styles))
    settings = replace(settings, if_exists="number", template="{slug}")
    (job,) = plan([entry], studio, settings, wish.out or home).jobs
    if not directed:
        job = replace(job, prompt=old.prompt)
        _require_room(card, job, name)
    is_draft = old.wanted is not None and (job.size, job.quality) == (old.size, old.quality)
    own = "name" in wish.said
    job = job.named(job.stem if own else stem if is_draft else DRAFT_END.sub("", stem), "")
    job = replace(job, variant=old.variant, again=pick.record.attempt, guard=old.guard)
    job = replace(job, draft="" if directed else old.draft, wanted=old.wanted if is_draft else None)
    return Again(pick, job, directed=directed)


def _require_room(card: ModelCard, job: Job, name: str) -> None:
    """Refuse words that were made for a model which takes more of them."""
    try:
        card.check(job.size, job.quality, job.format, job.prompt.text, job.background)
    except UsageError as error:
        raise type(error)(f"{name}: {error}") from None


def _home(pick: Pick) -> Path:
    """The directory of its new picture: that of its job, also where it lies aside below it."""
    record = pick.record
    parent = record.directory if pick.path == record.directory / record.name else pick.path.parent
    return Path(os.path.realpath(parent))


def _stem(pick: Pick, studio: Studio, *, beside: bool) -> str:
    """The name of `pick`, which tells that it is made again where it stands beside it."""
    name = AGAIN_END.sub("", pick.path.stem) if pick.record.job.again else pick.path.stem
    # A number would look like that of the next picture; where the name is taken, one comes behind the word.
    name = f"{name}-again" if beside else name
    return studio.store.stem(name.replace("{", "{{").replace("}", "}}"), {})


def _rewords(old: Job, card: ModelCard, studio: Studio) -> bool:
    """Whether the model reads other words than the one they were made for: prose, or keywords."""
    if (card.provider, card.name) == (old.provider, old.model):
        return False
    if old.provider not in studio.providers:
        return True
    try:
        return studio.providers[old.provider].card(old.model).wording is not card.wording
    except UsageError:
        return True


def _told(old: Job) -> Entry:
    """What was asked for then, as if it had all been typed."""
    words = old.prompt
    return Entry(
        prompt=words.typed,
        id=old.entry,
        where="",
        style=words.styles,
        no=words.constraints,
        provider=old.provider,
        model=old.model,
        size=str(old.size),
        quality=old.quality,
        format=old.format,
        background=old.background,
        seed=old.seed,
        tags=old.tags,
        expanded=words.expanded,
        expect=old.expect,
        tries=old.tries,
    )


def _entry(old: Job, name: str, wish: Wish) -> Entry:
    said, told = wish.said, replace(_told(old), where=name)
    if said.get("prompt", told.prompt) != told.prompt:
        told = replace(told, expanded="")
    if said.get("provider", old.provider) != old.provider:
        told = replace(told, model=None)
    return replace(told, **{name: value for name, value in said.items() if name not in PICTURES})


def _edit(old: Job, pick: Pick, wish: Wish) -> Edit | None:
    """The input pictures where they are now, and those that were named anew."""
    said, edit = wish.said, old.edit
    if edit is not None and "refs" not in said:
        edit = found_again(edit, [Path.cwd(), pick.path.parent], wish.made)
    if not said.keys() & PICTURES:
        return edit
    refs = said["refs"] if "refs" in said else tuple(str(each.path) for each in edit.inputs) if edit else ()
    if not refs and not said.get("mask"):
        return None
    kept = edit if "refs" not in said else None
    mask = said.get("mask", kept.mask.path if kept and kept.mask else None)
    markup = kept.markup.path if kept and kept.markup and mask is None else None
    fidelity = said.get("fidelity", old.edit.fidelity if old.edit else None)
    read = Reader(None, MOST_BYTES).edit(refs, mask, fidelity or None, markup)
    if read.mask is None or wish.made is None:
        return read
    from imgcli.inputs.prepare import Workshop  # noqa: PLC0415 - only a mask needs Pillow

    return replace(read, mask=Workshop(wish.made).alpha_mask(read.mask, read.inputs[0]))


async def _numbered(
    first: Again, wish: Wish, studio: Studio, taken: Collection[str], *, shared: bool = False
) -> list[Job]:
    """The next `wish.count` jobs like that of `first` by which nothing was made in its directory.

    A seed goes on with the number, as the same seed makes the same picture; one that was typed stays.
    With `shared`, one by which another process makes the same picture again is its job too.
    """
    jobs: list[Job] = []
    job, typed = first.job, "seed" in wish.said
    for step in itertools.count(job.key == first.pick.key):
        if len(jobs) >= wish.count:
            return jobs
        seed = None if job.seed is None else job.seed + (len(jobs) if typed else step)
        another = replace(job, variant=job.variant + step * FAR, seed=seed)
        known = {*taken, *(each.key for each in jobs), first.pick.key}
        if another.key not in known and await _is_free(another, studio, shared=shared):
            jobs.append(another)
    raise AssertionError("numbers never end")


async def _is_free(job: Job, studio: Studio, *, shared: bool) -> bool:
    standing = await studio.ledger.standing(job.key, job.directory)
    others = {record.job.again for record in (standing.made, standing.open) if record}
    return others <= ({job.again} if shared else set())


def _changes(old: Job, new: Job) -> tuple[Change, ...]:
    """What `new` asks for otherwise, in the words of `--with`."""
    told = ((name, one, other) for (name, one), (_, other) in zip(_asked(old), _asked(new), strict=True))
    return tuple(Change(name, one, other) for name, one, other in told if one != other)


def _asked(job: Job) -> list[tuple[str, str]]:
    edit, words = job.edit, job.prompt
    return [
        ("prompt", words.typed),
        ("style", ", ".join(words.styles)),
        ("no", ", ".join(words.constraints)),
        ("provider", job.provider),
        ("model", job.model),
        ("size", str(job.size)),
        ("quality", job.quality),
        ("format", job.format),
        ("background", job.background),
        ("seed", "" if job.seed is None else str(job.seed)),
        ("ref", ", ".join(f"{each.name} ({each.mark[:8]})" for each in edit.inputs) if edit else ""),
        ("mask", f"{edit.mask.name} ({edit.mask.mark[:8]})" if edit and edit.mask else ""),
        ("input_fidelity", edit.fidelity if edit else ""),
        ("expect", ", ".join(job.expect)),
        ("tags", ", ".join(job.tags)),
    ]
