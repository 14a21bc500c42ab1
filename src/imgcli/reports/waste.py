"""Money that brought nothing, and money that perhaps did: two sums that are never one.

One picture may be waste in several ways, and then stands in each line; the sums count its money once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from imgcli.reports.bought import Bought, Came, Part
from imgcli.reports.chains import Chain, chains
from imgcli.reports.resemblance import alike

QUALITIES = ("low", "medium", "high", "xhigh", "max")
"""From the cheapest to the dearest."""

FINE = frozenset(QUALITIES[2:])


class Kind(Enum):
    """The values are told in JSON."""

    FAILED = "failed"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    ASIDE = "aside"
    OVERRUN = "overrun"
    UNSEEN = "unseen"
    AGAIN = "again"
    ALIKE = "alike"
    CHAIN = "chain"
    FINE = "fine"


SURE = frozenset({Kind.FAILED, Kind.REFUSED, Kind.UNCERTAIN, Kind.ASIDE, Kind.OVERRUN, Kind.AGAIN})
"""What surely brought nothing; of all else nobody but the user can tell."""


@dataclass(frozen=True, slots=True)
class Waste:
    """One way of wasting: what it came to in nano-USD, the dearest part first."""

    kind: Kind
    parts: tuple[Part, ...]

    @property
    def nano_usd(self) -> int:
        return sum(part.nano_usd for part in self.parts)


@dataclass(frozen=True, slots=True)
class Audit:
    """All that was found.

    Attributes:
        lines: in the order of `Kind`, those with nothing in them left out.
        sure: nano-USD of the lines of `SURE`, each attempt once, with the most that any of them counts of it.
        hinted: the same of the other lines, without what is in `sure`.
        young: pictures that would be never seen if they were not too young to tell.
        groups: prompts that are nearly the same, those of the dearest group first.
    """

    lines: tuple[Waste, ...]
    sure: int
    hinted: int
    groups: tuple[tuple[str, ...], ...]
    chains: tuple[Chain, ...]
    young: int = 0


def audit(bought: Sequence[Bought], ripe: str = "") -> Audit:
    """What of `bought` was waste; what was free is none.

    Args:
        bought: of one window of time, each with a price.
        ripe: the last UTC day of which a picture that nobody has seen is told as that; empty for any.
    """
    pictures = sorted((each for each in bought if each.came is Came.PICTURE), key=lambda each: (each.at, each.attempt))
    groups, duplicates = _alike(pictures)
    told = chains(pictures)
    unseen = [each for each in pictures if not each.seen and not each.turned_down and each.cost]
    old = [each for each in unseen if not ripe or each.at[:10] <= ripe]
    parts: dict[Kind, list[Part]] = {
        Kind.FAILED: _whole(each for each in bought if each.came is Came.FAILED),
        Kind.REFUSED: _whole(each for each in bought if each.came is Came.REFUSED),
        Kind.UNCERTAIN: _whole(each for each in bought if each.came is Came.UNCERTAIN),
        Kind.ASIDE: [Part(each, each.cost, each.aside or "by you") for each in pictures if each.turned_down],
        Kind.OVERRUN: [Part(each, each.over) for each in bought if each.over > 0],
        Kind.UNSEEN: _whole(old),
        Kind.AGAIN: _whole(paid_again(pictures)),
        Kind.ALIKE: duplicates,
        Kind.CHAIN: _whole(each for chain in told for each in chain.on_the_way),
        Kind.FINE: _fine(pictures),
    }
    dear = ((kind, _dearest_first(part for part in found if part.nano_usd)) for kind, found in parts.items())
    lines = tuple(Waste(kind, found) for kind, found in dear if found)
    every, sure = _once(lines), _once(line for line in lines if line.kind in SURE)
    return Audit(
        lines, sure, every - sure, groups, tuple(chain for chain in told if chain.cost), len(unseen) - len(old)
    )


def paid_again(pictures: Iterable[Bought]) -> list[Bought]:
    """Pictures of a job that had one before; `pictures` are in order of time.

    None that was turned down counts as one: then another was wanted. Nor is one here that was kept where the first was not.
    """
    first: dict[str, Bought] = {}
    found = []
    for each in pictures:
        before = first.get(each.key)
        if before is not None and (before.kept or not each.kept):
            found.append(each)
        elif not each.turned_down:
            first[each.key] = each
    return found


def _whole(bought: Iterable[Bought]) -> list[Part]:
    return [Part(each, each.cost) for each in bought]


def _alike(pictures: Sequence[Bought]) -> tuple[tuple[tuple[str, ...], ...], list[Part]]:
    """Groups of prompts, and what was made of all but the first of each and nobody kept."""
    made: dict[str, list[Bought]] = {}
    for each in pictures:
        made.setdefault(each.prompt, []).append(each)
    groups = alike({prompt: of[0].words for prompt, of in made.items()})
    told: list[tuple[int, tuple[str, ...], list[Part]]] = []
    for group in groups:
        again = [each for prompt in group[1:] for each in made[prompt] if not each.kept]
        parts = [Part(each, each.cost, f"like: {group[0]}") for each in again]
        nano_usd = sum(part.nano_usd for part in parts)
        told += [(nano_usd, tuple(group), parts)] if nano_usd else []
    told.sort(key=lambda each: (-each[0], each[1]))
    return tuple(group for _, group, _ in told), [part for _, _, parts in told for part in parts]


def _fine(pictures: Sequence[Bought]) -> list[Part]:
    """High quality that nobody needed; of prompts that are not told nothing is said but that it was turned down."""
    kept: dict[str, list[str]] = {}
    for each in pictures:
        if each.kept and each.prompt:
            kept.setdefault(each.prompt, []).append(each.quality)
    told = ((each, _why_not_fine(each, kept.get(each.prompt, ()))) for each in pictures if each.quality in FINE)
    return [Part(each, each.cost, why) for each, why in told if why]


def _why_not_fine(each: Bought, kept: Sequence[str]) -> str:
    if each.kept:
        return ""
    if each.turned_down:
        return "thrown away"
    if each.is_draft:
        return "a draft"
    if not kept:
        return ""
    rank = QUALITIES.index(each.quality)
    if any(word in QUALITIES[:rank] for word in kept):
        return "a lower quality was kept"
    return "another was kept"


def counted(found: Audit) -> Iterator[tuple[Kind, Part, int]]:
    """Every part with the nano-USD that it adds to `sure` or `hinted`, what is sure first: they add up to the two sums."""
    told: dict[str, int] = {}
    for line in sorted(found.lines, key=lambda line: line.kind not in SURE):
        for part in line.parts:
            before = told.get(part.of.attempt, 0)
            told[part.of.attempt] = max(before, part.nano_usd)
            yield line.kind, part, told[part.of.attempt] - before


def _dearest_first(parts: Iterable[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: (-part.nano_usd, part.of.at, part.of.attempt)))


def _once(lines: Iterable[Waste]) -> int:
    most: dict[str, int] = {}
    for line in lines:
        for part in line.parts:
            most[part.of.attempt] = max(most.get(part.of.attempt, 0), part.nano_usd)
    return sum(most.values())
