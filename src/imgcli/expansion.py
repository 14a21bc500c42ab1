"""Prompts -> expanded prompts: by a text model where there is one, else by rules; what they demand is kept either way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from imgcli.director.expand_local import expand_locally
from imgcli.director.kept import restored
from imgcli.director.question import question_about, read_ideas
from imgcli.director.styles import find_style
from imgcli.errors import AccountError
from imgcli.model.entry import Entry
from imgcli.model.picture import Painted
from imgcli.model.prompt import Style
from imgcli.model.quote import Quote
from imgcli.ports import Ledger, Studio
from imgcli.settings import Settings

OFF, MODEL = "off", "model"


@dataclass(frozen=True, slots=True)
class Expansion:
    """How the prompts of a run are expanded, `ideas` times each.

    Attributes:
        quotes: for each of `entries` the question about it; None where rules do it.
        styles: the styles of each.
        why: why rules do what a model was wanted for, a line each.
    """

    entries: tuple[Entry, ...]
    ideas: int
    quotes: tuple[Quote | None, ...]
    styles: tuple[tuple[Style, ...], ...]
    why: tuple[str, ...] = ()

    def asked(self, known: Mapping[str, Painted]) -> list[Quote]:
        """The distinct questions that are still to be asked."""
        return [*{q.job.key: q for q in self.quotes if q is not None and q.job.key not in known}.values()]

    def entries_with(self, known: Mapping[str, Painted]) -> tuple[list[Entry], list[str]]:
        """The entries with the expansions there are, `ideas` for each; and what is to be told of them.

        An entry whose question has no answer yet stays as typed.
        """
        made: list[Entry] = []
        told: list[str] = []
        for entry, quote, styles in zip(self.entries, self.quotes, self.styles, strict=True):
            painted = known.get(quote.job.key) if quote else None
            if quote is not None and painted is None:
                texts = [""] * self.ideas
            else:
                texts, notes = self._texts(entry, painted, styles)
                told += [f"{entry.where}: {note}" for note in notes]
            made += [_with(entry, text, number, self.ideas) for number, text in enumerate(texts, 1)]
        return made, told

    def _texts(self, entry: Entry, painted: Painted | None, styles: Sequence[Style]) -> tuple[list[str], list[str]]:
        no = entry.no or ()
        notes: list[str] = []
        texts: list[str] = []
        ideas = read_ideas(painted.revised, no, self.ideas) if painted else ()
        for idea in ideas:
            whole, back = restored(entry.prompt, idea)
            texts.append(whole)
            if back:
                notes.append(f"put back what the expansion lost: {', '.join(demand.words for demand in back)}")
        if painted and len(ideas) < self.ideas:
            why = f" ({painted.notes[0]})" if painted.notes else ""
            notes.append(f"the text model gave {len(ideas)} of {self.ideas} expansions{why}; rules made the others")
        missing = range(self.ideas - len(texts))
        return texts + [expand_locally(entry.prompt, no, style=bool(styles), index=i) for i in missing], notes


def plan_expansion(entries: Sequence[Entry], studio: Studio, settings: Settings, ideas: int) -> Expansion:
    """What is to be asked, and of whom, as `settings.expand` says; nothing is sent.

    Raises:
        UsageError: an unknown style or provider.
    """
    quotes: list[Quote | None] = []
    looks: list[tuple[Style, ...]] = []
    models: dict[str, str] = {}
    why: list[str] = []
    for entry in entries:
        names = settings.style if entry.style is None else entry.style
        styles = tuple(find_style(name, studio.styles) for name in names)
        provider = entry.provider or settings.provider
        if provider not in models:
            models[provider], reason = _text_model(provider, studio, settings) if settings.expand == MODEL else ("", "")
            why += [reason] if reason else []
        looks.append(styles)
        if not models[provider]:
            quotes.append(None)
            continue
        question = question_about(
            entry.prompt, styles, entry.no or (), ideas, provider=provider, model=models[provider]
        )
        quotes.append(studio.pricer.quote(question.job(entry.prompt, entry.id, entry.tags, settings.paths.data)))
    return Expansion(tuple(entries), ideas, tuple(quotes), tuple(looks), tuple(why))


async def remembered(expansion: Expansion, ledger: Ledger) -> dict[str, Painted]:
    """The answers that were paid before, by the key of their question."""
    known: dict[str, Painted] = {}
    for quote in expansion.asked({}):
        found = await ledger.answered(quote.job.key)
        if found is not None and found.painted is not None:
            known[quote.job.key] = found.painted
    return known


def _text_model(name: str, studio: Studio, settings: Settings) -> tuple[str, str]:
    """The text model of a provider; or none, and why."""
    if name not in studio.providers:
        return "", ""  # the plan says so, with what there is
    provider = studio.providers[name]
    if provider.text_model is None:
        return "", f"{name} has no text model, so prompts are expanded by rules"
    model = settings.text_model or provider.text_model
    if not model:
        return "", f"no text model of {name} is named (the setting text_model), so prompts are expanded by rules"
    try:
        provider.ready()
    except AccountError:
        return "", f"{name} has no key, so prompts are expanded by rules"
    return model, ""


def _with(entry: Entry, text: str, number: int, ideas: int) -> Entry:
    if ideas == 1:
        return replace(entry, expanded=text)
    return replace(entry, expanded=text, id=f"{entry.id}-idea-{number}", where=f"{entry.where}, idea {number}")
