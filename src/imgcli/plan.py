"""Entries -> jobs: every gap filled, every word directed, every size checked, every name decided; nothing is sent."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from imgcli.director.direct import direct
from imgcli.director.styles import find_style
from imgcli.errors import ModelError, UsageError
from imgcli.model.card import ModelCard
from imgcli.model.entry import Entry
from imgcli.model.job import Job
from imgcli.model.names import plain_name
from imgcli.model.outcome import Reused
from imgcli.model.prompt import Style
from imgcli.model.size import Size, parse_aspect, parse_size
from imgcli.ports import Provider, Studio
from imgcli.settings import Settings, guess

MAX_JOBS = 100_000

ASPECT_PIXELS = 1_400_000
"""Pixels aimed at for an aspect: a large picture that is not yet dear (1536x864 at 16:9)."""

BENT = 50
"""How much more a wrong shape weighs than a wrong number of pixels."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`jobs` in the order of their entries; `skipped` are files that are there already (`--if-exists skip`)."""

    jobs: tuple[Job, ...]
    skipped: tuple[Reused, ...]


def plan(entries: Sequence[Entry], studio: Studio, settings: Settings, root: Path) -> Plan:
    """All jobs of a run, with names that are unique below `root`.

    Raises:
        UsageError: an unknown style, model, size or name, or two pictures for one name; says which entry.
    """
    wanted = sum(entry.n for entry in entries)
    if wanted > MAX_JOBS:
        raise UsageError(f"{wanted:,} pictures in one run; {MAX_JOBS:,} are the most, so split it")
    names = _Names(by_user=settings.sources.get("template") != "default")
    times: dict[str, int] = {}
    below = cache(lambda out: studio.store.directory(root, out))
    jobs: list[Job] = []
    skipped: list[Reused] = []
    for entry in entries:
        for drawn in _drawn(entry, studio, settings, below, times):
            job = names.give(_named(drawn, entry, studio, settings), entry)
            taken = studio.store.taken(job) if settings.if_exists != "number" else None
            if taken is None:
                jobs.append(job)
            elif settings.if_exists == "skip":
                skipped.append(Reused(job, taken, "a file of that name exists"))
            else:
                raise UsageError(f"{entry.where}: {taken} exists; nothing was sent (see --if-exists)")
    return Plan(tuple(jobs), tuple(skipped))


def fitting_size(card: ModelCard, across: int, down: int) -> Size:
    """The size of a model for an aspect: exact where it can be, else the nearest fixed one."""
    usual = [size for size in card.sizes if not size.is_auto]
    exact = [size for size in usual if size.width * down == size.height * across]
    if exact or (usual and card.free is None):
        return min(exact or usual, key=lambda size: abs(size.width * down / (size.height * across) - 1))
    if card.free is None:
        raise ModelError(f"{card.name} may make any size; write one like 1536x864 instead of {across}:{down}")
    rule = card.free
    found = [
        size
        for width in range(rule.step, rule.edge + 1, rule.step)
        if not rule.problem(size := Size(width, max(rule.step, round(width * down / across / rule.step) * rule.step)))
    ]
    if not found:
        raise ModelError(f"{card.name} makes no {across}:{down}; its longest ratio is {rule.ratio}:1")

    def distance(size: Size) -> float:
        bent = abs(size.width * down / (size.height * across) - 1)
        return bent * BENT + abs(math.log(size.pixels / ASPECT_PIXELS))

    return min(found, key=distance)


class _Names:
    """Names given out in this run, without regard to case, as some disks have none."""

    def __init__(self, *, by_user: bool) -> None:
        self._by_user = by_user
        self._given: dict[tuple[Path, str], str] = {}

    def give(self, job: Job, entry: Entry) -> Job:
        """`job` under a name of its own; a name the user chose is never changed, but refused when it is taken.

        Raises:
            UsageError: two pictures for one name.
        """
        stem, number = job.stem, 1
        while (other := self._given.get((job.directory, stem.casefold()))) is not None:
            if self._by_user or entry.name is not None:
                raise UsageError(
                    f"{entry.where}: {stem!r} would name two pictures (the other: {other}); "
                    "put {n}, {id} or a matrix key into the name"
                )
            number += 1
            stem = f"{job.stem}-{number}"
        self._given[job.directory, stem.casefold()] = entry.where
        return replace(job, stem=stem) if stem != job.stem else job


def _drawn(
    entry: Entry, studio: Studio, settings: Settings, below: Callable[[str], Path], times: dict[str, int]
) -> Iterator[Job]:
    """The jobs of one entry, not named yet. `times` counts equal wishes, so that asking twice makes two pictures."""
    try:
        first = replace(_first(entry, studio, settings), directory=below(entry.out or ""))
    except UsageError as error:
        raise type(error)(f"{entry.where}: {error}") from None
    done = times.get(first.key, 0)
    times[first.key] = done + entry.n
    for variant in range(done + 1, done + entry.n + 1):
        # Servers that take a seed would paint the same picture n times over.
        seed = None if first.seed is None else first.seed + variant - 1
        yield replace(first, variant=variant, seed=seed)


def _first(entry: Entry, studio: Studio, settings: Settings) -> Job:
    provider = _provider(entry.provider or settings.provider, studio)
    card = provider.card(entry.model or settings.model or _default_model(provider))
    styles = [find_style(name, studio.styles) for name in (settings.style if entry.style is None else entry.style)]
    words = direct(entry.expanded or entry.prompt, styles, entry.no or (), card.wording)
    if entry.expanded:
        words = replace(words, typed=entry.prompt, expanded=entry.expanded)
    image_format = entry.format or settings.format
    size = _size(entry, styles, settings, card)
    quality = entry.quality or _of_style(styles, "quality", card) or settings.quality
    background = entry.background or _of_style(styles, "background", card, image_format) or "auto"
    card.check(size, quality, image_format, words.text, background)
    return Job(
        provider=provider.name,
        model=card.name,
        prompt=words,
        size=size,
        quality=quality,
        format=image_format,
        seed=entry.seed,
        variant=1,
        entry=entry.id,
        tags=_tags(entry),
        directory=Path(),
        stem="",
        background=background,
    )


def _tags(entry: Entry) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(plain_name(tag) for tag in entry.tags))
    if "" in tags:
        raise UsageError("a tag is blank; write a word or leave it out")
    return tags


def _provider(name: str, studio: Studio) -> Provider:
    if name not in studio.providers:
        known = list(studio.providers)
        raise UsageError(f"no provider {name!r}{guess(name, known)}; there are {', '.join(known)}")
    return studio.providers[name]


def _default_model(provider: Provider) -> str:
    cards = provider.cards()
    if not cards:
        raise UsageError(
            f"{provider.name} is a server whose models nobody told us (base_url); name one with --model or `model`"
        )
    return cards[0].name


def _size(entry: Entry, styles: Sequence[Style], settings: Settings, card: ModelCard) -> Size:
    if entry.size is None:
        return parse_size(_of_style(styles, "size", card) or settings.size)
    try:
        return fitting_size(card, *parse_aspect(entry.size)) if ":" in entry.size else parse_size(entry.size)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _of_style(styles: Sequence[Style], what: str, card: ModelCard, image_format: str = "") -> str | None:
    """What the first style with an opinion looks best at, if the model can make it: a style is never an error."""
    for style in styles:
        wish = getattr(style, what)
        if wish is None:
            continue
        try:
            size = parse_size(wish) if what == "size" else card.sizes[0]
            quality = wish if what == "quality" else card.qualities[0]
            card.check(size, quality, image_format or card.formats[0], "", wish if what == "background" else "auto")
        except (ModelError, IndexError):
            return None
        return str(wish)
    return None


def _named(job: Job, entry: Entry, studio: Studio, settings: Settings) -> Job:
    template = entry.name if entry.name is not None else settings.template
    fields = {
        "slug": job.prompt.typed,
        "style": "+".join(job.prompt.styles),
        "n": str(job.variant),
        "variant": str(job.variant),
        "model": job.model,
        "provider": job.provider,
        "seed": "" if job.seed is None else str(job.seed),
        "id": entry.id,
        "date": studio.clock.now().astimezone().strftime("%Y-%m-%d"),
        "quality": job.quality,
        "size": str(job.size),
        "hash": job.key[:8],
    }
    try:
        stem = studio.store.stem(template, fields)
        numbered = studio.store.stem(template, fields | {"n": "{n}"}) if "n}" in template else ""
    except UsageError as error:
        raise UsageError(f"{entry.where}: {error}") from None
    return replace(job, stem=stem, renumber=numbered if "{n}" in numbered else "")
