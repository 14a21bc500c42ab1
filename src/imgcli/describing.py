"""Pictures -> what a vision model says of them: one question each, priced, held and remembered like any other."""

import os
from dataclasses import dataclass
from pathlib import Path

from imgcli.errors import UsageError
from imgcli.model.picture import Painted
from imgcli.model.question import Question
from imgcli.model.quote import Quote
from imgcli.ports import Ledger, Provider, Studio
from imgcli.settings import Settings


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


async def answered(quote: Quote, ledger: Ledger) -> Painted | None:
    """What was answered before, by whichever run."""
    found = await ledger.answered(quote.job.key)
    return found.painted if found is not None else None
