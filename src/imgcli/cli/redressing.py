"""One picture on its way into another style: described first where that is wanted, then directed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli.reworking import directed
from imgcli.cli.viewing import ASK_AGAIN
from imgcli.errors import ImgcliError
from imgcli.model.entry import Entry
from imgcli.model.quote import Priced, Quote

if TYPE_CHECKING:
    from imgcli.describing import Take
    from imgcli.director.description import Description
    from imgcli.director.restyling import Keep
    from imgcli.ports import Studio
    from imgcli.script import Script
    from imgcli.settings import Settings

WITHOUT = "--no-describe goes on without a description"


class Redressing:
    """Writes the script of one call of `imgcli restyle`, before and after its picture is described.

    Args:
        entry: with its picture and styles.
        keep: what stays as it is.
        settings: resolved.
        root: the output directory.
        cache: where the copy is put that is looked at.
        describes: whether a text model is asked.
        again: whether it is asked anew, whatever it said before.
    """

    def __init__(
        self,
        entry: Entry,
        keep: "Sequence[Keep]",
        settings: "Settings",
        root: Path,
        cache: Path,
        *,
        describes: bool,
        again: bool = False,
    ) -> None:
        self._entry, self._keep, self._settings = entry, keep, settings
        self._root, self._cache, self._describes, self._again = root, cache, describes, again
        self._asking: Quote | None = None

    async def write(self, studio: "Studio") -> "Script":
        """The picture as far as it is known.

        Raises:
            UsageError: as `plan`, or the style and what is kept fight.
            ImgcliError: it was described before, and to no use.
        """
        from imgcli.cli.notices import style_notices
        from imgcli.director.description import read_description
        from imgcli.director.restyling import require_free_palette
        from imgcli.director.styles import find_style
        from imgcli.plan import plan
        from imgcli.script import Script

        styles = [find_style(name, studio.styles) for name in self._entry.style or ()]
        require_free_palette(styles, self._keep)
        if self._asking is not None:
            take, notices = await self._come_back(self._asking, studio)
        else:
            take, notices = await self._taken(studio)
        told = read_description(take.painted.revised) if take is not None and take.painted is not None else None
        open_ = take is not None and told is None
        planned = plan([self._dressed(told, pending=open_)], studio, self._settings, self._root)
        quotes = [self._quoted(quote, studio, pending=open_) for quote in map(studio.pricer.quote, planned.jobs)]
        notices += [] if open_ else style_notices(planned.jobs, studio)
        key = {self._entry.id: take.quote.job.key} if take is not None else {}
        questions = (take.quote,) if take is not None and open_ and self._asking is None else ()
        self._asking = take.quote if take is not None else None
        useless = {take.quote.job.key: self._useless(take.quote)} if take is not None and take.painted and open_ else {}
        return Script(planned, quotes, questions, notices, asked=key, pending=key if open_ else {}, useless=useless)

    async def _taken(self, studio: "Studio") -> "tuple[Take | None, list[str]]":
        """What is asked about the picture, or what was answered; or nothing, and why.

        Raises:
            ImgcliError: what was answered is of no use.
        """
        from imgcli.describing import require_provider, take_of, viewer
        from imgcli.director.description import LOOKED_AT, describes, question_about

        if not self._describes or self._entry.edit is None:
            return None, []
        seen = viewer(require_provider(studio, self._settings), self._settings)
        if not seen.model:
            return None, [f"{seen.why}, so the picture and the style must do"]
        from imgcli.inputs.prepare import Workshop

        copy = Workshop(self._cache).smaller(self._entry.edit.inputs[0], LOOKED_AT)
        question = question_about(copy, provider=seen.provider, model=seen.model)
        take = await take_of(question, self._entry.id, studio, self._settings, describes, again=self._again)
        if take.painted is not None and not take.useful:
            raise ImgcliError(self._useless(take.quote))
        return take, []

    async def _come_back(self, quote: Quote, studio: "Studio") -> "tuple[Take | None, list[str]]":
        """What became of the question, once it was asked; without a description the dearer call is not made."""
        from imgcli.describing import Take, answered
        from imgcli.director.description import describes

        painted = await answered(quote, studio.ledger)
        if painted is None:
            return Take(quote), [f"nothing was painted; {WITHOUT}"]
        return Take(quote, painted, describes(painted.revised)), []

    def _useless(self, quote: Quote) -> str:
        return f"{quote.job.model} did not say what {self._entry.where} shows; {ASK_AGAIN}, and {WITHOUT}"

    def _dressed(self, told: "Description | None", *, pending: bool) -> Entry:
        from imgcli.director.restyling import restyled

        return directed(self._entry, restyled(told, self._keep, self._entry.no or ()), pending=pending)

    def _quoted(self, quote: Quote, studio: "Studio", *, pending: bool) -> Quote:
        """At most what it can be with the longest description, where that is not known yet."""
        from imgcli.director.description import longest
        from imgcli.director.restyling import restyled

        if not pending or not isinstance(quote, Priced):
            return quote
        short, long = (restyled(told, self._keep, self._entry.no or ()) for told in (None, longest()))
        prompt = replace(quote.job.prompt, text=f"{quote.job.prompt.text}{'x' * (4 * (len(long) - len(short)))}")
        most = studio.pricer.quote(replace(quote.job, prompt=prompt))
        return replace(quote, upper=most.upper) if isinstance(most, Priced) else quote
