"""What would have cost less: an order of steps, each counted on the pictures that the steps before it leave.

A picture is in one step at most, so that the steps add up, and no plan saves more than was spent. What each step would
have saved by itself is told beside it, and adds up to nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import NamedTuple

from imgcli.reports.bought import Bought
from imgcli.reports.waste import paid_again


class Saving(Enum):
    """The steps in their order: first those that leave every picture what it is. The values are told in JSON."""

    CACHE = "cache"  # the very job was paid for again
    NEAR = "near-cache"  # the same words in another form
    DRAFTS = "drafts"  # drafts first, and finals of those that were kept
    BATCH = "batch-api"  # half the price, and an answer within a day
    MODEL = "cheaper-model"
    HOSTED = "self-hosted"


@dataclass(frozen=True, slots=True)
class Paid:
    """A picture with what it would have cost otherwise, in nano-USD; None where it could not be made so, or nobody knows.

    Attributes:
        loose: pictures of the same words in another form share it, all else being the same.
        rest: of those that differ in their words alone; empty where nobody compares them.
        draft: of a draft of it.
        half: by the Batch API; None also where somebody may have waited for it. `doubt` is what speaks against it.
        cheaper: by the cheapest model that makes its size and quality, which is `model`.
        hosted: on the user's own server.
    """

    of: Bought
    loose: str
    rest: str = ""
    draft: int | None = None
    half: int | None = None
    doubt: str = ""
    cheaper: int | None = None
    model: str = ""
    hosted: int | None = None


class Change(NamedTuple):
    """What one picture would have cost in a step; more than it did where a draft comes first. `how` says what is new."""

    paid: Paid
    instead: int
    how: str


class Sum(NamedTuple):
    """Changes alike, to be written as `12 x $0.05 - 12 x $0.01`; a price each is None where it is not the same for all."""

    look: str
    how: str
    pictures: int
    paid: int
    instead: int
    paid_each: int | None
    instead_each: int | None

    @property
    def saved(self) -> int:
        return self.paid - self.instead


@dataclass(frozen=True, slots=True)
class Step:
    """`alone` is nano-USD that it would have saved by itself, with none of the steps before it."""

    saving: Saving
    changes: tuple[Change, ...]
    alone: int

    @property
    def saved(self) -> int:
        return saved(self.changes)

    def sums(self) -> Sequence[Sum]:
        """The arithmetic, the most first."""
        groups: dict[tuple[str, str], list[Change]] = {}
        for change in self.changes:
            groups.setdefault((change.paid.of.look, change.how), []).append(change)
        sums = [_sum(look, how, group) for (look, how), group in groups.items()]
        return sorted(sums, key=lambda each: (-each.saved, each.look, each.how))


@dataclass(frozen=True, slots=True)
class Plan:
    """Every step of `Saving`, also those that save nothing.

    Attributes:
        spent: nano-USD for all pictures that were looked at.
        unsaid: prompts with several pictures of which nobody said which was kept, so that no draft is counted of them.
    """

    steps: tuple[Step, ...]
    spent: int
    unsaid: int = 0

    @property
    def saved(self) -> int:
        return sum(step.saved for step in self.steps)


def joined(pictures: Iterable[Paid], near: Mapping[str, str]) -> Sequence[Paid]:
    """`pictures`, those of `near` (attempt -> an earlier one) as if they had the words of the earlier one."""
    every = list(pictures)
    loose = {each.of.attempt: each.loose for each in every}
    return [replace(each, loose=loose[near[each.of.attempt]]) if each.of.attempt in near else each for each in every]


def saved(changes: Iterable[Change]) -> int:
    return sum(change.paid.of.cost - change.instead for change in changes)


def plan(pictures: Iterable[Paid]) -> Plan:
    """The steps over `pictures`, each of which has a known price."""
    ordered = sorted(pictures, key=lambda each: (each.of.at, each.of.attempt))
    left = ordered
    steps = []
    for saving, find in FINDERS.items():
        changes = tuple(find(left))
        # What the first step leaves is all there is.
        alone = saved(changes if left is ordered else find(ordered))
        steps.append(Step(saving, changes, alone))
        taken = {change.paid.of.attempt for change in changes}
        left = [each for each in left if each.of.attempt not in taken] if taken else left
    unsaid = [group for group in _variants(ordered) if len(group) > 1 and _is_unsaid(group)]
    return Plan(tuple(steps), sum(each.of.cost for each in ordered), len(unsaid))


def _cache(pictures: Sequence[Paid]) -> list[Change]:
    again = {each.attempt for each in paid_again(each.of for each in pictures)}
    return [Change(each, 0, "a copy") for each in pictures if each.of.attempt in again and each.of.cost]


def _near(pictures: Sequence[Paid]) -> list[Change]:
    """As `waste.paid_again`, by the form of the words."""
    first: dict[str, Paid] = {}
    found = []
    for each in pictures:
        before = first.get(each.loose) if each.loose else None
        if before is None:
            if not each.of.turned_down:
                first[each.loose] = each
        elif before.of.key != each.of.key and each.of.cost and (before.of.kept or not each.of.kept):
            found.append(Change(each, 0, "a copy of other words"))
    return found


def _drafts(pictures: Sequence[Paid]) -> list[Change]:
    """Of prompts with several pictures of which some were kept, and half of them at most."""
    found: list[Change] = []
    for group in _variants(pictures):
        kept = sum(each.of.kept for each in group)
        if not 0 < 2 * kept <= len(group):
            continue
        changes = [
            Change(each, (each.draft or 0) + each.of.cost, "kept: a draft and the final")
            if each.of.kept
            else Change(each, each.draft or 0, "a draft alone")
            for each in group
        ]
        found += changes if saved(changes) > 0 else []
    return found


def _is_unsaid(group: Sequence[Paid]) -> bool:
    """Whether nobody said which were kept, and drafts would have cost less."""
    return not any(each.of.kept for each in group) and any(each.of.cost > (each.draft or 0) for each in group)


def _variants(pictures: Sequence[Paid]) -> list[list[Paid]]:
    """Those of one prompt together, of which there might have been drafts."""
    groups: dict[str, list[Paid]] = {}
    for each in pictures:
        if not (each.of.is_draft or each.of.is_final) and each.draft is not None:
            groups.setdefault(each.of.variants, []).append(each)
    return list(groups.values())


def _cheaper(price: Callable[[Paid], int | None], how: Callable[[Paid], str]) -> "Finder":
    def find(pictures: Sequence[Paid]) -> list[Change]:
        priced = [(each, price(each)) for each in pictures]
        return [
            Change(each, instead, how(each))
            for each, instead in priced
            if instead is not None and instead < each.of.cost
        ]

    return find


Finder = Callable[[Sequence[Paid]], Sequence[Change]]

FINDERS: Mapping[Saving, Finder] = {
    Saving.CACHE: _cache,
    Saving.NEAR: _near,
    Saving.DRAFTS: _drafts,
    Saving.BATCH: _cheaper(lambda each: each.half, lambda _: "half the price, rounded up"),
    Saving.MODEL: _cheaper(lambda each: each.cheaper, lambda each: f"with {each.model}"),
    Saving.HOSTED: _cheaper(lambda each: each.hosted, lambda _: "on your own"),
}


def _sum(look: str, how: str, group: Sequence[Change]) -> Sum:
    paid, instead = [each.paid.of.cost for each in group], [each.instead for each in group]
    return Sum(look, how, len(group), sum(paid), sum(instead), _one_of(paid), _one_of(instead))


def _one_of(prices: Sequence[int]) -> int | None:
    return prices[0] if len(set(prices)) == 1 else None
