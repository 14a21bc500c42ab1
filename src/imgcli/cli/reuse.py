"""What a run takes that was made before: which mode it is in, and what of its pictures costs nothing."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imgcli.errors import ImgcliError, SettingsError, UsageError
from imgcli.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from imgcli.model.job import Job
    from imgcli.model.quote import Quote
    from imgcli.pipeline import Line
    from imgcli.ports import Catalog, Shelf, Studio

REUSING = frozenset({"batch", "final"})
"""Commands that mean the same pictures each time; the others make new ones at every call."""

MOST_TOLD = 5


def mode_of(settings: Settings, command: str, *, resume: bool) -> str:
    """`use`, `loose`, `refresh` or `off`.

    Raises:
        UsageError: all is to be made anew, and taken from what was made before.
    """
    mode = settings.cache
    if mode == "auto":
        return "off" if command not in REUSING else "use" if resume else "refresh"
    if not resume and command in REUSING and mode in {"use", "loose"} and settings.sources["cache"] == "command line":
        again = "--remake" if command == "batch" else "--again"
        raise UsageError(
            f"{again} makes all anew, and --cache {mode} takes what was made before; leave out one of them"
        )
    return "refresh" if not resume and command in REUSING and mode != "off" else mode


def require_near(settings: Settings, near: float | None) -> None:
    """Refuse a threshold that nobody could measure.

    Raises:
        UsageError: it is no similarity, or no model is chosen.
    """
    if near is None:
        return
    if not 0 < near <= 1:
        raise UsageError(f"--near {near:g}: write a similarity between 0 and 1, like 0.98")
    if settings.near == "off":
        raise UsageError(
            '--near needs a model of words: imgcli config set near local (pip install "imgcli[near]"), or provider'
        )


def open_reuse(
    settings: Settings,
    studio: "Studio",
    catalog: "Catalog",
    mode: str,
    *,
    run: str = "",
    near: float | None = None,
    share: bool = False,
    embedder: "ProviderModel | None" = None,
) -> "Shelf":
    """The shelf of one run; one with nothing on it where nothing is to be reused."""
    from imgcli.pipeline import Bare

    require_near(settings, near)
    if mode == "off":
        return Bare()
    from imgcli.wiring import open_shelf

    return open_shelf(settings, studio, catalog, mode, run=run, near=near, share=share, embedder=embedder)


def near_provider(settings: Settings, studio: "Studio") -> str | None:
    """The provider that is asked which words are alike; None where nobody is.

    Raises:
        SettingsError: it cannot tell.
    """
    if settings.near != "provider":
        return None
    if studio.providers[settings.provider].embedding_model is None:
        raise SettingsError(
            f'near = "provider": {settings.provider} names no model for it; write embedding_model = "NAME" under '
            f'[providers.{settings.provider}], or set near = "local" (pip install "imgcli[near]")'
        )
    return settings.provider


class ProviderModel:
    """Satisfies `catalog.near.Embedder` by the provider's endpoint; each question is held, and paid once for ever."""

    is_free = False

    def __init__(self, provider: str, line: "Line") -> None:
        self._line, self._provider = line, provider
        self._name = line.studio.providers[provider].embedding_model or ""
        self.model = f"{provider} {self._name}"
        self._known: dict[str, Sequence[float]] = {}

    async def embed(self, job: "Job") -> "Sequence[float]":
        """Where the words of `job` stand; the ledger remembers what was ever asked.

        Raises:
            ImgcliError: there is no answer, or none that can be read.
        """
        from imgcli.asking import ask_now
        from imgcli.model.numbers import parse_vector
        from imgcli.model.question import embedding_question

        typed = job.prompt.typed
        if typed not in self._known:
            question = embedding_question(self._provider, self._name, typed)
            asked = question.job(typed, job.entry, job.tags, job.directory)
            painted = await ask_now(self._line.studio.pricer.quote(asked), self._line)
            try:
                self._known[typed] = parse_vector(painted.revised)
            except ValueError as error:
                raise ImgcliError(f"{self._provider} told no vector ({error})") from error
        return self._known[typed]


async def due(
    quotes: "Sequence[Quote]", shelf: "Shelf", anew: frozenset[str] = frozenset(), *, proves: bool = False
) -> "list[Quote]":
    """Those that a provider has to be asked for: not what the shelf has, or with `proves` is sure to hand out."""
    return [quote for quote in quotes if quote.job.key in anew or await shelf.seen(quote.job, proves=proves) is None]


async def tell_alike(quotes: "Sequence[Quote]", shelf: "Shelf", say: "Callable[[str], None]") -> None:
    """Name pictures that are like those to be made, a few of them."""
    told = 0
    for quote in quotes:
        if line := await shelf.suggest(quote.job):
            say(line)
            told += 1
        if told == MOST_TOLD:
            return
