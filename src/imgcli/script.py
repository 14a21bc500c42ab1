"""Entries -> the pictures of a run, and what a text model must be asked before all of them are known."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from imgcli.director.question import LONGEST as LONGEST_IDEA
from imgcli.errors import BudgetError, ImgcliError, UncertainError, UnsafeError
from imgcli.expansion import OFF, plan_expansion, remembered
from imgcli.model.entry import Entry
from imgcli.model.job import Job
from imgcli.model.outcome import Failed, Outcome, Refused, RefusedBy, Uncertain
from imgcli.model.quote import Priced, Quote
from imgcli.plan import Plan, plan
from imgcli.ports import Studio
from imgcli.settings import Settings


@dataclass(frozen=True, slots=True)
class Script:
    """A run as far as it is known.

    Attributes:
        planned: its pictures; those of prompts that are still to be expanded, as typed.
        quotes: what they cost.
        questions: quotes of what is to be asked first, and then the script is written anew; none when all is known.
        notices: what a person is to be told of the expansions.
        finals: quotes of the pictures that the drafts among them stand for.
        asked: id of an entry -> the key of the question that its words answer.
        pending: the same of entries whose words are not known yet.
        useless: the key of a question -> why its answer is of no use.
        planned_at: the newest attempt when it was written, if it makes rejects again: each once, whoever else does.
    """

    planned: Plan
    quotes: Sequence[Quote]
    questions: Sequence[Quote] = ()
    notices: Sequence[str] = ()
    finals: Sequence[Quote] = ()
    asked: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, str] = field(default_factory=dict)
    useless: Mapping[str, str] = field(default_factory=dict)
    planned_at: int | None = None


async def write_script(
    entries: Sequence[Entry],
    studio: Studio,
    settings: Settings,
    root: Path,
    ideas: int = 1,
    *,
    only: Collection[str] | None = None,
    listed: Mapping[str, tuple[str, ...]] | None = None,
) -> Script:
    """The run as the entries and all answers tell that were paid before; nothing is sent.

    With `only`, the pictures of the entries with these ids; `listed` are expansions by the keys of their questions.

    Raises:
        UsageError: as `plan`.
    """
    if settings.expand == OFF:
        planned = plan(entries, studio, settings, root, only)
        quotes = [studio.pricer.quote(job) for job in planned.jobs]
        return Script(planned, quotes, finals=quotes_of_finals(planned.jobs, studio))
    expansion = plan_expansion(entries, studio, settings, ideas)
    known = await remembered(expansion, studio.ledger, listed or {})
    # Nothing is asked of a text model for what is not wanted now, but a picture keeps the number it has among all.
    questions = expansion.asked(known, only)
    expanded, told = expansion.entries_with(known, only)
    planned = plan(expanded, studio, settings, root, None if only is None else expansion.ids(only))
    pending = {question.job.key for question in questions}
    open_ = {name: key for name, key in expansion.keys(known, answered=False).items() if key in pending}
    quotes = [_quoted(job, studio, is_pending=job.entry in open_) for job in planned.jobs]
    finals = quotes_of_finals(planned.jobs, studio)
    notices = (*expansion.reasons(known), *(() if questions else told))
    return Script(planned, quotes, questions, notices, finals, expansion.keys(known), open_)


def unexpanded(script: Script, failed: Mapping[str, ImgcliError]) -> list[Outcome]:
    """What became of the pictures whose prompts could not be expanded; nothing of them was painted."""
    held = {question.job.key: question.upper for question in script.questions if isinstance(question, Priced)}
    found: list[Outcome] = []
    for quote in script.quotes:
        if (key := script.pending.get(quote.job.entry)) is None:
            continue
        error = failed.get(key) or ImgcliError(script.useless.get(key, "its prompt was not expanded"))
        match error:
            case UncertainError():
                found.append(Uncertain(quote.job, error.attempt, held.get(key, 0), str(error)))
            case BudgetError():
                found.append(Refused(quote.job, RefusedBy.BUDGET, str(error)))
            case UnsafeError():
                found.append(Refused(quote.job, RefusedBy.MODERATION, str(error)))
            case _:
                found.append(Failed(quote.job, error))
    return found


def _quoted(job: Job, studio: Studio, *, is_pending: bool) -> Quote:
    """The price of a picture; at most what it can be with the longest expansion, where its words are not known yet."""
    quote = studio.pricer.quote(job)
    if not is_pending or not isinstance(quote, Priced):
        return quote
    longest = replace(job.prompt, text=f"{job.prompt.text}{'x' * (LONGEST_IDEA * 4)}")
    most = studio.pricer.quote(replace(job, prompt=longest))
    return replace(quote, upper=most.upper) if isinstance(most, Priced) else quote


def quotes_of_finals(jobs: Sequence[Job], studio: Studio) -> list[Quote]:
    """What the pictures cost that the drafts of `jobs` stand for."""
    looks = [(job, job.wanted) for job in jobs if job.wanted]
    return [
        studio.pricer.quote(replace(job, size=wanted.size, quality=wanted.quality, wanted=None))
        for job, wanted in looks
    ]
