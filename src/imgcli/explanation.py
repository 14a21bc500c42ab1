"""Planned pictures explained: who said each part of a directed prompt, what was left out, and who chose size and quality."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from imgcli.director.explain import Omission, left_out, retold
from imgcli.model.entry import Entry
from imgcli.model.job import Job
from imgcli.model.prompt import Piece
from imgcli.model.quote import Quote
from imgcli.ports import Studio
from imgcli.settings import Settings


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that is asked for (`size`), its value, and who chose it (`--size`, `style noir`, `default`)."""

    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """One prompt of a plan.

    Attributes:
        quote: of the first of its pictures; the others differ in nothing that is told here.
        count: pictures.
        pieces: the directed prompt by who said it; empty when that cannot be told.
        choices: model, size, quality and background.
    """

    quote: Quote
    count: int
    pieces: tuple[Piece, ...]
    left_out: tuple[Omission, ...]
    choices: tuple[Choice, ...]


def explain(
    quotes: Sequence[Quote], entries: Sequence[Entry], flags: frozenset[str], studio: Studio, settings: Settings
) -> list[Explanation]:
    """Each distinct prompt of a plan, in order; `flags` are the fields of entries that came from the command line."""
    by_id = {entry.id: entry for entry in entries}
    groups: dict[tuple[str, str], list[Quote]] = {}
    for quote in quotes:
        groups.setdefault((quote.job.entry, quote.job.prompt.text), []).append(quote)
    return [
        _explained(group[0], len(group), studio, _choices(group[0].job, _of(by_id, entry), flags, studio, settings))
        for (entry, _), group in groups.items()
    ]


def _of(entries: Mapping[str, Entry], name: str) -> Entry:
    """The entry `name`, or the one that it is an idea about (`car-idea-2`)."""
    return entries[name] if name in entries else entries[name.rpartition("-idea-")[0]]


def _explained(quote: Quote, count: int, studio: Studio, choices: tuple[Choice, ...]) -> Explanation:
    job, words = quote.job, quote.job.prompt
    pieces = retold(words, studio.styles)
    wording = studio.providers[job.provider].card(job.model).wording
    styles = [studio.styles[name] for name in words.styles]
    return Explanation(quote, count, pieces, left_out(words, styles, wording, pieces) if pieces else (), choices)


def _choices(job: Job, entry: Entry, flags: frozenset[str], studio: Studio, settings: Settings) -> tuple[Choice, ...]:
    """Of a draft, the choices of what it stands for, and what it is itself."""
    if job.wanted is None:
        return _chosen(job, entry, flags, studio, settings)
    final = replace(job, size=job.wanted.size, quality=job.wanted.quality, wanted=None)
    draft = Choice("draft", f"{job.size} {job.quality}", "the cheapest look of the same shape; the rest is its final's")
    return (draft, *_chosen(final, entry, flags, studio, settings))


def _chosen(job: Job, entry: Entry, flags: frozenset[str], studio: Studio, settings: Settings) -> tuple[Choice, ...]:
    def source(name: str, value: str) -> str:
        said = getattr(entry, name)
        if said is not None:
            flag = f"--aspect {said}" if name == "size" and ":" in said else f"--{name}"
            return flag if name in flags else entry.where
        otherwise = _of_settings(name, settings.sources)
        if name == "model":
            return otherwise
        wishes = ((style, getattr(studio.styles[style], name)) for style in job.prompt.styles)
        # The first style with a wish decides, also where the model cannot grant it.
        style, wish = next(((style, wish) for style, wish in wishes if wish is not None), ("", None))
        if wish == value:
            return f"style {style}"
        return f"{otherwise}; {style} wishes {wish}, which {job.model} does not make" if wish else otherwise

    values = {"model": job.model, "size": str(job.size), "quality": job.quality, "background": job.background}
    return tuple(Choice(name, value, source(name, value)) for name, value in values.items())


def _of_settings(name: str, sources: Mapping[str, str]) -> str:
    if name == "background":
        return "the model chooses"
    source = sources.get(name, "default")
    if source == "command line":
        return f"--{name}"
    return "the provider's first" if name == "model" and source == "default" else source
