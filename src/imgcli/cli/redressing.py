"""One picture on its way into another style: described first where that is wanted, then directed."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli.reworking import directed
from imgcli.model.entry import Entry
from imgcli.model.quote import Priced, Quote

if TYPE_CHECKING:
    from imgcli.director.description import Description
    from imgcli.director.restyling import Keep
    from imgcli.ports import Studio
    from imgcli.script import Script
    from imgcli.settings import Settings


class Redressing:
    """Writes the script of one call of `imgcli restyle`, before and after its picture is described.

    Args:
        entry: with its picture and styles.
        keep: what stays as it is.
        settings: resolved.
        root: the output directory.
        cache: where the copy is put that is looked at.
        describes: whether a text model is asked.
    """

    def __init__(
        self, entry: Entry, keep: "Sequence[Keep]", settings: "Settings", root: Path, cache: Path, *, describes: bool
    ) -> None:
        self._entry, self._keep, self._settings = entry, keep, settings
        self._root, self._cache, self._describes = root, cache, describes

    async def write(self, studio: "Studio") -> "Script":
        """The picture as far as it is known.

        Raises:
            UsageError: as `plan`, or the style and what is kept fight.
        """
        from imgcli.cli.notices import style_notices
        from imgcli.describing import answered
        from imgcli.director.description import read_description
        from imgcli.director.restyling import require_free_palette
        from imgcli.director.styles import find_style
        from imgcli.plan import plan
        from imgcli.script import Script

        styles = [find_style(name, studio.styles) for name in self._entry.style or ()]
        require_free_palette(styles, self._keep)
        question, notices = self._question(studio)
        painted = await answered(question, studio.ledger) if question is not None else None
        told = read_description(painted.revised) if painted is not None else None
        if painted is not None and told is None:
            notices.append("the text model did not describe it; the picture and the style must do")
        open_ = question is not None and painted is None
        planned = plan([self._dressed(told, pending=open_)], studio, self._settings, self._root)
        quotes = [self._quoted(quote, studio, pending=open_) for quote in map(studio.pricer.quote, planned.jobs)]
        notices += [] if open_ else style_notices(planned.jobs, studio)
        key = {self._entry.id: question.job.key} if question is not None else {}
        return Script(
            planned,
            quotes,
            [question] if question is not None and open_ else (),
            notices,
            asked=key,
            pending=key if open_ else {},
        )

    def _question(self, studio: "Studio") -> tuple[Quote | None, list[str]]:
        """What is asked about the picture; or nothing, and why."""
        from imgcli.describing import quoted, require_provider, viewer
        from imgcli.director.description import LOOKED_AT, question_about

        if not self._describes or self._entry.edit is None:
            return None, []
        seen = viewer(require_provider(studio, self._settings), self._settings)
        if not seen.model:
            return None, [f"{seen.why}, so the picture and the style must do"]
        from imgcli.inputs.prepare import Workshop

        copy = Workshop(self._cache).smaller(self._entry.edit.inputs[0], LOOKED_AT)
        question = question_about(copy, provider=seen.provider, model=seen.model)
        return quoted(question, self._entry.id, studio, self._settings), []

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
