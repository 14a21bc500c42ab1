"""Pictures -> what a vision model says of them: one question each, priced, held and remembered like any other."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from imgcli.errors import UsageError
from imgcli.model.picture import Painted
from imgcli.model.question import Question
from imgcli.model.quote import Quote
from imgcli.ports import Ledger, Provider, Studio
from imgcli.settings import Settings

MOST_TAKES = 100
"""Times that one question is put to one model."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at pictures; `model` is empty where nobody can, and `why` says so."""

    provider: str
    model: str
    why: str = ""


def viewer(provider: Provider, settings: Settings) -> Viewer:
    """The text model of a provider, which is shown pictures."""
    if provider.text_model is None:
        return Viewer(provider.name, "", f"{provider.name} has no model that describes pictures")
    model = settings.text_model or provider.text_model
    why = "" if model else f"no text model of {provider.name} is named (the setting text_model)"
    return Viewer(provider.name, model, why)


def require_provider(studio: Studio, settings: Settings) -> Provider:
    """The provider of the settings.

    Raises:
        UsageError: there is none of that name.
    """
    if settings.provider not in studio.providers:
        raise UsageError(f"no provider {settings.provider!r}; there are {', '.join(studio.providers)}")
    return studio.providers[settings.provider]


def quoted(question: Question, entry: str, studio: Studio, settings: Settings) -> Quote:
    """What a question about pictures costs; it goes by their bytes alone, whatever they are called."""
    typed = f"picture {', '.join(image.sha256[:12] for image in question.images)}"
    # One home may be spelled in many ways, and keeps two runs from asking one thing twice.
    home = Path(os.path.realpath(settings.paths.data))
    return studio.pricer.quote(question.job(typed, entry, (), home))


@dataclass(frozen=True, slots=True)
class Take:
    """One time that a question is put; an answer that is paid and of no use may be asked for anew.

    Attributes:
        quote: of that time.
        painted: its answer; None before there is one.
        useful: whether the answer says what was asked.
    """

    quote: Quote
    painted: Painted | None = None
    useful: bool = False


async def take_of(
    question: Question, entry: str, studio: Studio, settings: Settings, is_useful: Callable[[str], bool], *, again: bool
) -> Take:
    """The newest useful answer, else the newest answer, else the question; `again`, the next that was never answered.

    Raises:
        UsageError: it was asked too often.
    """
    best = Take(quoted(question, entry, studio, settings))
    for number in range(1, MOST_TAKES + 1):
        quote = quoted(_numbered(question, number), entry, studio, settings)
        painted = await answered(quote, studio.ledger)
        # As in `asking`: what says nothing and cost nothing is asked again for nothing.
        if painted is None or (painted.free and not painted.revised):
            return Take(quote) if again or best.painted is None else best
        useful = is_useful(painted.revised)
        best = Take(quote, painted, useful) if useful or not best.useful else best
    if again:
        raise UsageError(f"it was asked {MOST_TAKES} times already; choose another text model with --model")
    return best


def _numbered(question: Question, number: int) -> Question:
    """The same question with a key of its own; the first is as it always was, so that older answers are found."""
    if number == 1:
        return question
    return replace(question, words=json.dumps(json.loads(question.words) | {"take": number}))


async def answered(quote: Quote, ledger: Ledger) -> Painted | None:
    """What was answered before, by whichever run."""
    found = await ledger.answered(quote.job.key)
    return found.painted if found is not None else None
