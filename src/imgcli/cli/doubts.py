"""Warnings about the prompts of a run, told before anything is paid for."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.live import Watcher
from imgcli.model.card import ModelCard, Wording
from imgcli.model.entry import Entry
from imgcli.model.job import Job

if TYPE_CHECKING:
    from imgcli.director.prompt_lint import Warning_
    from imgcli.ports import Studio

MOST_LINTED = 2_000
"""Distinct prompts of a run that are looked at: they take some 0.4 s, and nobody reads the warnings of more."""

MOST_TOLD = 8
"""Lines of warnings before a run; a dry run shows all."""


def tell_doubts(
    jobs: Sequence[Job],
    entries: Sequence[Entry],
    studio: "Studio",
    watch: Watcher,
    *,
    dry_run: bool,
    expands: bool = False,
) -> None:
    """A line for each distinct warning, with the prompt it was first seen in; as JSON an event for each prompt.

    A run that `expands` its prompts makes much of one word, so that is no reason to warn.
    """
    if watch.output.quiet:
        return
    places = {entry.id: entry.where for entry in entries}
    # The same words in other sizes, or in a matrix, are the same doubt.
    told: dict[tuple[str, str], tuple[Job, Warning_, int]] = {}
    for job, warning in _doubts(jobs, studio):
        # A picture that is sent along is seen, and its words need not say the whole of it.
        if (expands and warning.code == "short") or (job.edit and warning.code in {"short", "before"}):
            continue
        if watch.output.json:
            said = {"code": warning.code, "text": warning.message, "advice": warning.advice}
            show.json_line({"event": "warning", "id": job.entry, "prompt": job.prompt.typed} | said)
        first, _, count = told.get((warning.code, warning.message), (job, warning, 0))
        told[warning.code, warning.message] = (first, warning, count + 1)
    if watch.output.json:
        return
    lines = list(told.values())
    for job, warning, count in lines if dry_run else lines[:MOST_TOLD]:
        more = f" (and {count - 1} more)" if count > 1 else ""
        where = places.get(job.entry, job.entry)
        name = "" if where.startswith("prompt ") or job.entry in where else f" ({job.entry})"
        watch.say(f"warning: {where}{name}{more}: {warning.message}; {warning.advice}")
    if len(lines) > MOST_TOLD and not dry_run:
        watch.say(f"and {len(lines) - MOST_TOLD} more warnings (--dry-run shows all)")


def _doubts(jobs: Sequence[Job], studio: "Studio") -> "Iterator[tuple[Job, Warning_]]":
    from imgcli.director.prompt_lint import lint

    cards: dict[tuple[str, str], ModelCard] = {}
    seen: set[tuple[object, ...]] = set()
    for job in jobs:
        prompt, asked_of = job.prompt, (job.provider, job.model)
        words = (prompt.typed, prompt.styles, prompt.constraints, asked_of, job.edit is None)
        if words in seen:
            continue
        if len(seen) == MOST_LINTED:
            return
        seen.add(words)
        card = cards.get(asked_of)
        if card is None:
            card = cards[asked_of] = studio.providers[job.provider].card(job.model)
        styles = [studio.styles[name] for name in prompt.styles]
        for warning in lint(
            prompt.typed,
            prompt.constraints,
            styles,
            card.prompt_limit,
            len(prompt.text),
            keywords=card.wording is Wording.KEYWORDS,
            transparent=job.background == "transparent",
            size=(job.size.width, job.size.height),
        ):
            yield job, warning
