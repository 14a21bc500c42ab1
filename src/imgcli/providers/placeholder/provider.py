"""The built-in painter: pictures "for position only", made on this machine, free and without a key."""

import asyncio
from collections.abc import Collection, Sequence

from imgcli.errors import AttemptError, ModelError, Money, SettingsError
from imgcli.model.attempt import Hold
from imgcli.model.card import FreeSizes, ModelCard, Wording
from imgcli.model.finding import Finding, Level
from imgcli.model.input import EditRules
from imgcli.model.job import FORMATS, Job
from imgcli.model.picture import Painted
from imgcli.model.size import WORDS, Size
from imgcli.ports import Easel, Provider, ProviderConfig

NAME = "placeholder"
AUTO_SIZE = Size(1024, 1024)
LEAST_SIDE = 64
"""Pixels of a picture's shorter side where nobody says a size."""

FREE = FreeSizes(step=1, edge=4096, ratio=5, least=64 * 64, most=4096 * 4096)

EDITS = EditRules(markup=True, fidelities=("low", "high"))


class PlaceholderProvider:
    """Satisfies `ports.Provider`."""

    def __init__(self, config: ProviderConfig) -> None:
        self.name = config.name or NAME
        if unknown := sorted(set(config.options) - {"kind"}):
            raise SettingsError(
                f"[providers.{self.name}]: unknown key {unknown[0]!r}; the placeholder painter has none"
            )
        self._card = ModelCard(
            name=NAME,
            provider=self.name,
            sizes=tuple(Size(*sides) for sides in WORDS.values()),
            free=FREE,
            auto_size=True,
            qualities=("low", "medium", "high", "auto"),
            formats=FORMATS,
            backgrounds=("auto", "opaque", "transparent"),
            wording=Wording.PROSE,
            takes_seed=True,
            edits=EDITS,
            note="painted here, free, no key",
        )

    limit_name = ""

    def allowance(self) -> None:
        """Nothing limits it."""

    async def warm_up(self) -> None:
        """Pillow is loaded by the first picture soon enough."""

    def notices(self, models: Collection[str]) -> Sequence[str]:  # noqa: ARG002 - nothing leaves this machine
        return ()

    def cards(self) -> Sequence[ModelCard]:
        return (self._card,)

    def card(self, model: str) -> ModelCard:
        if model != NAME:
            raise ModelError(f"{self.name} has no model {model!r}, only {NAME!r}; leave out --model")
        return self._card

    def ready(self) -> None:
        """It always is: there is no key and no network."""

    async def paint(self, hold: Hold, easel: Easel) -> Painted:
        try:
            await easel.write(await asyncio.to_thread(_paint, hold.job))
        except asyncio.CancelledError:
            raise AttemptError(
                "stopped while the placeholder was painted; nothing was billed", money=Money.VOID, code="aborted"
            ) from None
        return Painted(free=True, source_type="algorithmicMedia")

    text_model = None
    moderation_model = None
    embedding_model = None

    async def answer(self, hold: Hold) -> Painted:
        raise AttemptError(
            f"{self.name} writes no text ({hold.job.model}); nothing was sent", money=Money.VOID, code="no_text"
        )

    async def check(self) -> Finding:
        return await asyncio.to_thread(_check, f"provider {self.name}")

    async def close(self) -> None:
        """Nothing is open."""


def plugin(config: ProviderConfig) -> Provider:
    """The factory behind the entry point `imgcli.providers`."""
    return PlaceholderProvider(config)


def _paint(job: Job) -> bytes:
    size = _size(job)
    try:
        return _painted(job, size)
    except (ImportError, OSError, ValueError, MemoryError) as error:
        raise AttemptError(
            f"the placeholder of {size} could not be painted ({type(error).__name__}: {error}); nothing was billed",
            money=Money.VOID,
            code="paint",
        ) from error


def _painted(job: Job, size: Size) -> bytes:
    # Pillow is loaded by the first picture, not by `--help`.
    if job.edit is not None:
        from imgcli.providers.placeholder.edit import paint_edit  # noqa: PLC0415
        from imgcli.providers.placeholder.wish import Wish  # noqa: PLC0415

        wish = Wish(
            typed=job.prompt.typed,
            text=job.prompt.text,
            styles=job.prompt.styles,
            colours=job.prompt.colours,
            seed=job.seed,
            variant=job.variant,
            width=size.width,
            height=size.height,
            format=job.format,
            clear=job.background == "transparent",
            opaque=job.background == "opaque" or job.format == "jpeg",
            close=job.edit.fidelity == "high",
        )
        return paint_edit(job.edit, wish)
    from imgcli.providers.placeholder.paint import paint  # noqa: PLC0415

    return paint(
        job.prompt.typed,
        style_names=job.prompt.styles,
        colours=job.prompt.colours,
        seed=job.seed,
        variant=job.variant,
        width=size.width,
        height=size.height,
        image_format=job.format,
        clear=job.background == "transparent",
    )


def _size(job: Job) -> Size:
    """In pixels; where the painter may choose, a square, or the size of the first input as far as it can be made."""
    if not job.size.is_auto:
        return job.size
    if job.edit is None:
        return AUTO_SIZE
    first = job.edit.inputs[0]
    scale = max(LEAST_SIDE / min(first.width, first.height), 1.0)
    scale = min(scale, FREE.edge / max(first.width, first.height))
    width, height = max(LEAST_SIDE, round(first.width * scale)), max(LEAST_SIDE, round(first.height * scale))
    return Size(min(width, height * FREE.ratio), min(height, width * FREE.ratio))


def _check(subject: str) -> Finding:
    try:
        from PIL import __version__, features  # noqa: PLC0415 - see _paint
    except ImportError as error:
        return Finding(Level.FAIL, subject, f"Pillow cannot be loaded: {error}", "pip install --force-reinstall pillow")
    missing = (
        "" if features.check_feature("raqm") else "; without raqm it leaves out Arabic, Hebrew, Thai and Hindi words"
    )
    return Finding(Level.OK, subject, f"paints here with Pillow {__version__}, free, no key{missing}")
