"""What drafts saved: they and the finals made of them, against all of them as finals."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from imgcli.model.attempt import Record
from imgcli.model.job import Job, Look
from imgcli.model.quote import Priced, Quote


@dataclass(frozen=True, slots=True)
class Savings:
    """Counts, and nano-USD: `draft_cost` and `final_cost` as posted; `whole_cost` if nobody had made a draft.

    `whole_cost` is what the finals did cost that were made, and what is expected of one for each other draft.
    """

    drafts: int
    finals: int
    draft_cost: int
    final_cost: int
    whole_cost: int

    @property
    def saved(self) -> int:
        """Nano-USD; below 0 if the drafts cost more than they spared."""
        return self.whole_cost - self.draft_cost - self.final_cost


def savings(drafts: Sequence[Record], finals: Sequence[Record], quote: Callable[[Job], Quote]) -> Savings | None:
    """The sums over `drafts` and their `finals`, `quote` telling what was not made; None where a price is unknown."""
    made = {record.job.draft for record in finals}
    rest = [quote(_final(record.job, record.job.wanted)) for record in drafts if record.attempt not in made]
    unknown = any("unpriced" in record.flags for record in (*drafts, *finals))
    priced = [each for each in rest if isinstance(each, Priced)]
    if unknown or len(priced) < len(rest):
        return None
    spent = sum(record.cost or 0 for record in finals)
    return Savings(
        drafts=len(drafts),
        finals=len(finals),
        draft_cost=sum(record.cost or 0 for record in drafts),
        final_cost=spent,
        whole_cost=spent + sum(each.expected for each in priced),
    )


def _final(job: Job, wanted: Look | None) -> Job:
    return replace(job, size=wanted.size, quality=wanted.quality) if wanted else job
