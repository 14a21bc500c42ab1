"""Entries -> jobs: every gap filled, every word directed, every size checked, every name decided; nothing is sent."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from imgcli.director.frames import Frames
from imgcli.director.styles import find_style
from imgcli.errors import ModelError, UsageError
from imgcli.model.card import ModelCard
from imgcli.model.entry import Entry
from imgcli.model.expectation import USUAL_TRIES
from imgcli.model.job import Job, Look
from imgcli.model.names import plain_name
from imgcli.model.outcome import Reused
from imgcli.model.prompt import Style
from imgcli.model.size import Size, parse_aspect, parse_size
from imgcli.ports import Provider, Studio
from imgcli.pricing.cheapest import cheapest_look
from imgcli.settings import Settings, guess

MAX_JOBS = 100_000

ASPECT_PIXELS = 1_400_000
"""Pixels aimed at for an aspect: a large picture that is not yet dear (1536x864 at 16:9)."""

DRAFT = "-draft"
"""What the name of a draft ends with, whatever the template, so that its final finds its own name free."""

LIKE_INPUT = "input"
"""The size of the first input picture, or the nearest the model makes."""

MOST_RATIO = 3
"""Of a model with fixed sizes: beyond, nothing it makes is like the input."""

BENT = 50
"""How much more a wrong shape weighs than a wrong number of pixels."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`jobs` in the order of their entries; `skipped` are files that are there already (`--if-exists skip`)."""

    jobs: tuple[Job, ...]
    skipped: tuple[Reused, ...]


def plan(
    entries: Sequence[Entry], studio: Studio, settings: Settings, root: Path, only: Collection[str] | None = None
) -> Plan:
    """All jobs of a run, as `each_job` gives them.

    Raises:
        UsageError: see `each_job`.
    """
    jobs: list[Job] = []
    skipped: list[Reused] = []
    for planned in each_job(entries, studio, settings, root, only):
        if isinstance(planned, Reused):
            skipped.append(planned)
        else:
            jobs.append(planned)
    return Plan(tuple(jobs), tuple(skipped))


def each_job(
    entries: Sequence[Entry], studio: Studio, settings: Settings, root: Path, only: Collection[str] | None = None
) -> Iterator[Job | Reused]:
    """The jobs of a run one by one, with names that are unique below `root`.

    With `only`, those of the entries with these ids, numbered and named as among all.

    Raises:
        UsageError: an unknown style, model, size or name, or two pictures for one name; says which entry.
    """
    wanted = sum(entry.n for entry in entries)
    if wanted > MAX_JOBS:
        raise UsageError(f"{wanted:,} pictures in one run; {MAX_JOBS:,} are the most, so split it")
    planner = _Planner(studio, settings, root)
    for entry in entries:
        if only is None or entry.id in only:
            for job in planner.jobs(entry):
                yield planner.unless_taken(job, entry)
            continue
        with suppress(UsageError):  # a mistake in what is not wanted now is told when it is
            for _ in planner.jobs(entry):
                pass


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
        self._given: dict[Path, dict[str, Entry]] = {}
        self._numbers: dict[tuple[Path, str], int] = {}

    def give(self, directory: Path, wish: str, entry: Entry) -> str:
        """`wish`, or what it becomes to be one of its own; a name the user chose is refused when it is taken.

        Raises:
            UsageError: two pictures for one name.
        """
        given = self._given.setdefault(directory, {})
        stem = wish
        # Numbered on from the last: thousands of prompts may begin alike, and only their beginning names them.
        number = self._numbers.get((directory, wish), 1)
        while (other := given.get(stem.casefold())) is not None:
            if self._by_user or entry.name is not None:
                raise UsageError(
                    f"{entry.where}: {stem!r} would name two pictures, of {other.id!r} and {entry.id!r} "
                    f"(the other: {other.where}); put {{n}}, {{id}} or a matrix key into the name"
                )
            number += 1
            stem = f"{wish}-{number}"
            self._numbers[directory, wish] = number
        given[stem.casefold()] = entry
        return stem


@dataclass(frozen=True, slots=True)
class _Asked:
    """What entries of one kind are asked for; they differ in their words, names and numbers."""

    provider: Provider
    card: ModelCard
    styles: tuple[Style, ...]
    size: Size
    quality: str
    format: str
    background: str


class _Planner:
    """What the jobs of a run share while they are planned; what many entries have in common is worked out once."""

    def __init__(self, studio: Studio, settings: Settings, root: Path) -> None:
        self._studio = studio
        self._settings = settings
        self._names = _Names(by_user=settings.sources.get("template") != "default")
        self._frames = Frames()
        self._asked: dict[tuple[object, ...], _Asked] = {}
        self._times: dict[bytes, int] = {}
        self._looks: dict[tuple[str, str, Look], Look] = {}
        self._today = studio.clock.now().astimezone().strftime("%Y-%m-%d")
        self._below = cache(lambda out: studio.store.directory(root, out))

    def jobs(self, entry: Entry) -> Iterator[Job]:
        """The jobs of one entry. Equal wishes are counted, so that asking twice makes two pictures."""
        try:
            first = self._first(entry)
        except UsageError as error:
            raise type(error)(f"{entry.where}: {error}") from None
        # What is not known yet is like nothing else, though it is planned with the words that were typed.
        wish = bytes.fromhex(first.key) + (entry.id.encode() if entry.pending else b"")
        done = self._times.get(wish, 0)
        self._times[wish] = done + entry.n
        for variant in range(done + 1, done + entry.n + 1):
            # Servers that take a seed would paint the same picture n times over.
            seed = None if first.seed is None else first.seed + variant - 1
            job = first if variant == 1 else replace(first, variant=variant, seed=seed)
            yield self._named(job, entry)

    def unless_taken(self, job: Job, entry: Entry) -> Job | Reused:
        """`job`, or the file that has its name where the user does not want another.

        Raises:
            UsageError: there is one, and it should not be.
        """
        if self._settings.if_exists == "number":
            return job
        taken = self._studio.store.taken(job)
        if taken is None:
            return job
        if self._settings.if_exists == "skip":
            return Reused(job, taken, "a file of that name exists")
        raise UsageError(f"{entry.where}: {taken} exists; nothing was sent (see --if-exists)")

    def _first(self, entry: Entry) -> Job:
        asked = self._asked_for(entry)
        if entry.edit is not None:
            asked.card.check_edit(entry.edit)
        _require_meaning(entry, asked)
        words = self._frames.direct(entry.expanded or entry.prompt, asked.styles, entry.no or (), asked.card.wording)
        if entry.expanded:
            words = replace(words, typed=entry.prompt, expanded=entry.expanded)
        if len(words.text) > asked.card.prompt_limit:
            asked.card.check(asked.size, asked.quality, asked.format, words.text, asked.background)
        job = Job(
            provider=asked.provider.name,
            model=asked.card.name,
            prompt=words,
            size=asked.size,
            quality=asked.quality,
            format=asked.format,
            seed=entry.seed,
            variant=1,
            entry=entry.id,
            tags=_tags(entry) if entry.tags else (),
            directory=self._below(entry.out or ""),
            stem="",
            background=asked.background,
            through=asked.card.through,
            edit=entry.edit,
            expect=entry.expect or (),
            tries=_tries(entry),
        )
        return self._draft(job, asked.card) if entry.draft else job

    def _draft(self, job: Job, card: ModelCard) -> Job:
        """The cheapest picture that tells what `job` will be; `job` itself where nothing cheaper is known."""
        wanted = Look(job.size, job.quality)
        asked = (job.provider, job.model, wanted)
        if asked not in self._looks:
            self._looks[asked] = cheapest_look(job, card, self._studio.pricer)
        look = self._looks[asked]
        return job if look == wanted else replace(job, size=look.size, quality=look.quality, wanted=wanted)

    def _asked_for(self, entry: Entry) -> _Asked:
        # With `--size input` the shape of the first input is part of what is asked.
        shape = entry.edit.inputs[0] if entry.edit and entry.size == LIKE_INPUT else None
        key = (
            *(entry.provider, entry.model, entry.style, entry.size, entry.quality, entry.format, entry.background),
            shape and (shape.width, shape.height),
        )
        if key not in self._asked:
            self._asked[key] = self._worked_out(entry)
        return self._asked[key]

    def _worked_out(self, entry: Entry) -> _Asked:
        studio, settings = self._studio, self._settings
        provider, card = card_of(entry, settings, studio.providers)
        names = settings.style if entry.style is None else entry.style
        styles = tuple(find_style(name, studio.styles) for name in names)
        size = _size(entry, styles, settings, card)
        quality = entry.quality or _of_style(styles, "quality", card) or settings.quality
        image_format = entry.format or settings.format
        background = entry.background or _of_style(styles, "background", card, image_format) or "auto"
        asked = _Asked(provider, card, styles, size, quality, image_format, background)
        card.check(size, quality, asked.format, "", background)
        return asked

    def _named(self, job: Job, entry: Entry) -> Job:
        store, settings = self._studio.store, self._settings
        template = (entry.name if entry.name is not None else settings.template) + (DRAFT if job.wanted else "")
        fields = {
            "slug": job.prompt.typed,
            "style": "+".join(job.prompt.styles),
            "n": str(entry.before + job.variant),
            "variant": str(job.variant),
            "model": job.model,
            "provider": job.provider,
            "seed": "" if job.seed is None else str(job.seed),
            "id": entry.id,
            "date": self._today,
            "quality": job.quality,
            "size": str(job.size),
            "hash": job.key[:8],
        }
        try:
            stem = store.stem(template, fields)
            numbered = store.stem(template, fields | {"n": "{n}"}) if "n}" in template else ""
        except UsageError as error:
            raise UsageError(f"{entry.where}: {error}") from None
        stem = self._names.give(job.directory, stem, entry)
        return job.named(stem, numbered if "{n}" in numbered else "")


def _tries(entry: Entry) -> int:
    if not entry.expect:
        return 0
    return USUAL_TRIES if entry.tries is None else entry.tries


def _tags(entry: Entry) -> tuple[str, ...]:
    tags = tuple(dict.fromkeys(plain_name(tag) for tag in entry.tags))
    if "" in tags:
        raise UsageError("a tag is blank; write a word or leave it out")
    return tags


def card_of(entry: Entry, settings: Settings, providers: Mapping[str, Provider]) -> tuple[Provider, ModelCard]:
    """Who makes the pictures of an entry, and with which model.

    Raises:
        UsageError: there is no such provider or model.
    """
    name = entry.provider or settings.provider
    if name not in providers:
        known = list(providers)
        raise UsageError(f"no provider {name!r}{guess(name, known)}; there are {', '.join(known)}")
    provider = providers[name]
    return provider, provider.card(entry.model or settings.model or _default_model(provider))


def _default_model(provider: Provider) -> str:
    cards = provider.cards()
    if not cards:
        raise UsageError(
            f"{provider.name} is a server whose models nobody told us (base_url); name one with --model or `model`"
        )
    return cards[0].name


def _size(entry: Entry, styles: Sequence[Style], settings: Settings, card: ModelCard) -> Size:
    if entry.size == LIKE_INPUT:
        return _input_size(entry, card)
    if entry.size is None:
        return parse_size(_of_style(styles, "size", card) or settings.size)
    try:
        return fitting_size(card, *parse_aspect(entry.size)) if set(":/") & set(entry.size) else parse_size(entry.size)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _require_meaning(entry: Entry, asked: _Asked) -> None:
    """Refuse to expect what could never be.

    Raises:
        UsageError: with what is missing.
    """
    expect = entry.expect or ()
    if "palette" in expect and not any(style.palette or style.colours for style in asked.styles):
        raise UsageError("a palette is expected, and no style with colours is used; add one with --style")
    if "alpha" in expect and asked.format == "jpeg":
        raise UsageError("transparency is expected, and jpeg has none; use --format png or webp")
    if "alpha" in expect and asked.background != "transparent":
        raise UsageError("transparency is expected, and nobody asks for it; add --background transparent")


def _input_size(entry: Entry, card: ModelCard) -> Size:
    """The size of the first input where the model makes it, else the nearest shape that it does make.

    Raises:
        UsageError: there is no input.
    """
    if entry.edit is None:
        raise UsageError("the size `input` is that of the first input picture, and there is none")
    first = entry.edit.inputs[0]
    size = Size(first.width, first.height)
    if card.is_open or size in card.sizes or (card.free is not None and not card.free.problem(size)):
        return size
    ratio = card.free.ratio if card.free else MOST_RATIO
    long, short = max(size.width, size.height), min(size.width, size.height)
    if long > ratio * short:
        raise ModelError(f"{card.name} makes nothing as long as {size}; give it a --size, or crop {first.name}")
    return fitting_size(card, size.width, size.height)


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
