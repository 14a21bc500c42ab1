"""Prompts -> expanded prompts: by a text model where there is one, else by rules; what they demand is kept either way."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from imgcli.director.expand_local import expand_locally
from imgcli.director.kept import restored
from imgcli.director.question import question_about, read_ideas
from imgcli.director.styles import find_style
from imgcli.errors import AccountError
from imgcli.model.entry import Entry, idea_id
from imgcli.model.picture import Painted
from imgcli.model.prompt import Style
from imgcli.model.quote import Quote
from imgcli.ports import Ledger, Studio
from imgcli.settings import Settings

OFF, MODEL = "off", "model"

LONGEST = 4000
"""Characters of a prompt that is expanded; a longer one says enough, and might get too long for its model."""


Answers = Mapping[str, Painted | tuple[str, ...]]
"""By the key of a question: what its model said, or whole expansions as a lock file has them."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """How the prompts of a run are expanded, `ideas` times each.

    Attributes:
        quotes: for each of `entries` the question about it; None where rules do it.
        styles: the styles of each.
        why: why rules do what a model was wanted for, a line each.
        mute: provider -> why nothing new can be asked of its text model.
    """

    entries: tuple[Entry, ...]
    ideas: int
    quotes: tuple[Quote | None, ...]
    styles: tuple[tuple[Style, ...], ...]
    why: tuple[str, ...] = ()
    mute: Mapping[str, str] = field(default_factory=dict)

    def questions(self, only: Collection[str] | None = None) -> list[Quote]:
        """The distinct questions, answered or not, about all entries or about those of the ids `only`."""
        found = {
            quote.job.key: quote
            for entry, quote in zip(self.entries, self.quotes, strict=True)
            if quote is not None and (only is None or entry.id in only)
        }
        return [*found.values()]

    def asked(self, known: Answers, only: Collection[str] | None = None) -> list[Quote]:
        """Those of `questions` that are still to be asked."""
        return [q for q in self.questions(only) if q.job.key not in known and q.job.provider not in self.mute]

    def reasons(self, known: Answers) -> tuple[str, ...]:
        """Why rules do what a model was wanted for, now that these answers are `known`."""
        unknown = {q.job.provider for q in self.questions() if q.job.key not in known}
        return (*self.why, *(reason for provider, reason in self.mute.items() if provider in unknown))

    def entries_with(self, known: Answers, only: Collection[str] | None = None) -> tuple[list[Entry], list[str]]:
        """The entries with the expansions there are, `ideas` for each; and what is to be told of them, or of `only`.

        An entry whose question has no answer yet stays as typed.
        """
        made: list[Entry] = []
        told: list[str] = []
        for entry, quote, styles in zip(self.entries, self.quotes, self.styles, strict=True):
            answer = known.get(quote.job.key) if quote else None
            is_pending = quote is not None and answer is None and quote.job.provider not in self.mute
            if isinstance(answer, tuple):
                texts = list(answer)
            elif is_pending:
                texts = [""] * self.ideas
            else:
                texts, notes = self._texts(entry, answer, styles)
                told += [f"{entry.where}: {note}" for note in notes if only is None or entry.id in only]
            made += [
                replace(_with(entry, text, number, self.ideas), pending=is_pending)
                for number, text in enumerate(texts, 1)
            ]
        return made, told

    def ids(self, only: Collection[str]) -> frozenset[str]:
        """The ids that `entries_with` gives to the entries of the ids `only`."""
        return frozenset(
            _with(entry, "", number, self.ideas).id
            for entry in self.entries
            if entry.id in only
            for number in range(1, self.ideas + 1)
        )

    def keys(self, known: Answers, *, answered: bool = True) -> Mapping[str, str]:
        """Id of an entry, as `entries_with` names them -> the key of the question that its words answer, or will."""
        return {
            _with(entry, "", number, self.ideas).id: quote.job.key
            for entry, quote in zip(self.entries, self.quotes, strict=True)
            if quote is not None and (quote.job.key in known) is answered
            for number in range(1, self.ideas + 1)
        }

    def _texts(self, entry: Entry, painted: Painted | None, styles: Sequence[Style]) -> tuple[list[str], list[str]]:
        no = entry.no or ()
        notes: list[str] = []
        texts: list[str] = []
        ideas = read_ideas(painted.revised, no, self.ideas) if painted else ()
        for idea in ideas:
            whole, back = restored(entry.prompt, idea)
            gone = ", ".join(demand.words for demand in back)
            if back and whole == entry.prompt:
                notes.append(f"an expansion that loses or contradicts {gone} is not used; rules made one instead")
                continue
            if whole in texts:
                continue  # two answers that lost the same may be the same once it is put back
            texts.append(whole)
            if back:
                notes.append(f"put back what the expansion lost: {gone}")
        if painted and len(ideas) < self.ideas:
            why = f" ({painted.notes[0]})" if painted.notes else ""
            notes.append(f"the text model gave {len(ideas)} of {self.ideas} expansions{why}; rules made the others")
        missing = range(self.ideas - len(texts))
        if len(entry.prompt) > LONGEST:
            return [entry.prompt for _ in missing], [f"a prompt of {len(entry.prompt):,} characters is not expanded"]
        return texts + [expand_locally(entry.prompt, no, style=bool(styles), index=i) for i in missing], notes


def plan_expansion(entries: Sequence[Entry], studio: Studio, settings: Settings, ideas: int) -> Expansion:
    """What is to be asked, and of whom, as `settings.expand` says; nothing is sent.

    Raises:
        UsageError: an unknown style or provider.
    """
    # One home may be spelled in many ways, and keeps two runs from asking one thing twice.
    home = Path(os.path.realpath(settings.paths.data))
    quotes: list[Quote | None] = []
    looks: list[tuple[Style, ...]] = []
    writers: dict[str, _Writer] = {}
    for entry in entries:
        names = settings.style if entry.style is None else entry.style
        styles = tuple(find_style(name, studio.styles) for name in names)
        looks.append(styles)
        provider = entry.provider or settings.provider
        if provider not in writers:
            writers[provider] = _writer(provider, studio, settings) if settings.expand == MODEL else _Writer("")
        if not writers[provider].model or len(entry.prompt) > LONGEST:
            quotes.append(None)
            continue
        question = question_about(
            entry.prompt, styles, entry.no or (), ideas, provider=provider, model=writers[provider].model
        )
        quotes.append(studio.pricer.quote(question.job(entry.prompt, entry.id, entry.tags, home)))
    why = tuple(writer.why for writer in writers.values() if writer.why and not writer.model)
    mute = {name: writer.why for name, writer in writers.items() if writer.why and writer.model}
    return Expansion(tuple(entries), ideas, tuple(quotes), tuple(looks), why, mute)


async def remembered(expansion: Expansion, ledger: Ledger, listed: Mapping[str, tuple[str, ...]]) -> Answers:
    """What was answered before, by the key of its question: `listed` in a lock file, or else in the ledger."""
    known: dict[str, Painted | tuple[str, ...]] = {}
    for quote in expansion.questions():
        key = quote.job.key
        if len(texts := listed.get(key, ())) == expansion.ideas:
            known[key] = texts
        elif (found := await ledger.answered(key)) is not None and found.painted is not None:
            known[key] = found.painted
    return known


@dataclass(frozen=True, slots=True)
class _Writer:
    """The text model of a provider, or none; and why it cannot be asked."""

    model: str
    why: str = ""


def _writer(name: str, studio: Studio, settings: Settings) -> _Writer:
    if name not in studio.providers:
        return _Writer("")  # the plan says so, with what there is
    provider = studio.providers[name]
    if provider.text_model is None:
        return _Writer("", f"{name} has no text model, so prompts are expanded by rules")
    model = settings.text_model or provider.text_model
    if not model:
        return _Writer(
            "", f"no text model of {name} is named (the setting text_model), so prompts are expanded by rules"
        )
    try:
        provider.ready()
    except AccountError:
        return _Writer(model, f"{name} has no key, so prompts are expanded by rules")
    return _Writer(model)


def _with(entry: Entry, text: str, number: int, ideas: int) -> Entry:
    if ideas == 1:
        return replace(entry, expanded=text)
    name, where = idea_id(entry.id, number), f"{entry.where}, idea {number}"
    return replace(entry, expanded=text, id=name, where=where, before=(number - 1) * entry.n)
