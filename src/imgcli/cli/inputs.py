"""Input pictures on their way into entries: each read once, and made ready where the command line asks for it."""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.errors import BatchFileError, UsageError
from imgcli.inputs.read import FORMATS, MOST_BYTES, MOST_TO_SHRINK, Reader, is_turned
from imgcli.model.entry import Entry
from imgcli.model.input import Edit, EditRules, Input
from imgcli.settings import Paths, Settings, guess

if TYPE_CHECKING:
    from collections.abc import Mapping

    from imgcli.inputs.boxes import Box
    from imgcli.inputs.prepare import Workshop
    from imgcli.ports import Provider

TURNED = " is stored turned, and models may see it lying on its side; --convert png turns it for good"

TOLERANCE = 16
"""Of `--mask-color`: what a brush or JPEG make of one colour."""


@dataclass(frozen=True, slots=True)
class Ready:
    """What is to be done before input pictures are sent.

    Attributes:
        downscale: make those smaller that are too large for their model.
        convert: the format all of them are sent in; None leaves each as it is.
        mask: a file over the first of them, where an entry names none.
        boxes: where the first may change, instead of a mask.
        colour: the colour it may change in, instead of a mask.
        tolerance: how much red, green and blue may differ from `colour`, 0 to 255.
        markup: a file over the first.
    """

    downscale: bool = False
    convert: str | None = None
    mask: Path | None = None
    boxes: "Sequence[Box]" = ()
    colour: str | None = None
    tolerance: int = TOLERANCE
    markup: Path | None = None


@contextmanager
def room_for(paths: Paths, *, keeps: bool) -> Iterator[Path]:
    """The directory for what is made from input pictures; gone at the end where nothing is sent and nothing kept."""
    if keeps:
        yield paths.cache / "inputs"
        return
    with tempfile.TemporaryDirectory(prefix="imgcli-") as scratch:
        yield Path(scratch)


class Inputs:
    """The input pictures of one call; entries that name the same ones share them.

    Args:
        settings: which model an entry is for, where it does not say.
        cache: the directory for what is made from them.
        ready: what is made from them.
        within: the directory of the batch file, out of which no path may lead; None for a command line.
    """

    def __init__(self, settings: Settings, cache: Path, ready: Ready, within: Path | None = None) -> None:
        if ready.convert is not None and ready.convert not in FORMATS:
            raise UsageError(
                f"--convert {ready.convert!r} is not one of {', '.join(FORMATS)}{guess(ready.convert, FORMATS)}"
            )
        self._settings, self._cache, self._ready, self._within = settings, cache, ready, within
        self._reader = Reader(within, MOST_TO_SHRINK if ready.downscale else MOST_BYTES)
        self._edits: dict[tuple[object, ...], Edit] = {}
        self._converted: dict[Input, Input] = {}
        self._notices: dict[str, None] = {}

    def onto(self, entries: Sequence[Entry], only: Collection[str] | None = None) -> list[Entry]:
        """`entries`, those that name pictures with what these are.

        With `only`, a mistake in an entry with another id is told when that is wanted; until then it is left out.

        Raises:
            UsageError: a file is no picture that can be sent; of a batch file with file and line.
        """
        whole = []
        for entry in entries:
            if not (entry.refs or entry.mask or entry.fidelity):
                whole.append(entry)
                continue
            with suppress(UsageError) if only is not None and entry.id not in only else nullcontext():
                whole.append(self._with_edit(entry))
        return whole

    def tell(self, output: show.Output) -> None:
        """What a person is to know of the pictures before anything is paid."""
        for notice in self._notices if output.talks else ():
            show.talk(notice)

    def _with_edit(self, entry: Entry) -> Entry:
        of = (entry.provider, entry.model) if self._ready.downscale else ()
        key = (entry.refs, entry.mask, entry.fidelity, *of)
        if key not in self._edits:
            try:
                self._edits[key] = self._edit(entry)
            except UsageError as error:
                raise BatchFileError(entry.where, str(error)) if self._within else error from None
        return replace(entry, edit=self._edits[key])

    def _edit(self, entry: Entry) -> Edit:
        ready = self._ready
        read = self._reader.edit(entry.refs, entry.mask or ready.mask, entry.fidelity, ready.markup)
        whole = [self._as_asked(each) for each in read.inputs]
        for each in whole:
            if is_turned(each):
                self._notices[f"{each.name}{TURNED}"] = None
        # What was measured or painted was that on the picture as it is, before it is made smaller.
        mask = self._mask(read.mask, whole[0])
        if not ready.downscale:
            return Edit(tuple(whole), mask, read.markup, read.fidelity)
        rules = self._rules(entry)
        inputs = tuple(self._workshop.fitted(each, rules) for each in whole)
        mask, markup = (part and self._workshop.laid_over(part, inputs[0], rules) for part in (mask, read.markup))
        return Edit(inputs, mask, markup, read.fidelity)

    def _as_asked(self, picture: Input) -> Input:
        if self._ready.convert is None or picture.format == self._ready.convert:
            return picture
        if picture not in self._converted:
            self._converted[picture] = self._workshop.converted(picture, self._ready.convert)
        return self._converted[picture]

    def _mask(self, mask: Input | None, first: Input) -> Input | None:
        ready = self._ready
        if mask is not None:
            return self._workshop.alpha_mask(mask, first)
        if ready.boxes:
            return self._workshop.box_mask(first, ready.boxes)
        if ready.colour is not None:
            return self._workshop.colour_mask(first, ready.colour, ready.tolerance)
        return None

    def _rules(self, entry: Entry) -> EditRules:
        from imgcli.plan import card_of

        return card_of(entry, self._settings, self._providers)[1].edits or EditRules()

    @cached_property
    def _workshop(self) -> "Workshop":
        from imgcli.inputs.prepare import Workshop

        return Workshop(self._cache)

    @cached_property
    def _providers(self) -> "Mapping[str, Provider]":
        import os

        from imgcli.wiring import open_providers

        return open_providers(self._settings, os.environ)
