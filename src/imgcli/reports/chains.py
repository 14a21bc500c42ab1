"""Chains: one user tries again and again, each prompt a small change of the one before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from imgcli.reports.bought import Bought
from imgcli.reports.resemblance import is_small_change

PAUSE = 3600
"""Seconds after which the next prompt begins something new."""

LEAST_PROMPTS = 3
"""Of a chain; who says a thing in other words once has not gone round in circles."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Prompts that grew out of each other, in order, with all that was made of them; money is nano-USD."""

    prompts: tuple[str, ...]
    pictures: tuple[Bought, ...]

    @property
    def cost(self) -> int:
        return sum(each.cost for each in self.pictures)

    @property
    def kept(self) -> int:
        return sum(each.kept for each in self.pictures)

    @property
    def on_the_way(self) -> Sequence[Bought]:
        """What nobody kept, but for the pictures of the last prompt, which the others led to."""
        return [each for each in self.pictures if not each.kept and each.prompt != self.prompts[-1]]


def chains(pictures: Iterable[Bought]) -> Sequence[Chain]:
    """The chains among `pictures`, the dearest first.

    The runs of a user follow each other in one directory, each with one prompt; of runs with several prompts those
    follow each other that have the same id. What one run asks for at once is no chain.
    """
    ordered = sorted((each for each in pictures if each.words.stems), key=lambda each: (each.at, each.attempt))
    prompts: dict[str, set[str]] = {}
    for each in ordered:
        prompts.setdefault(each.run, set()).add(each.prompt)
    streams: dict[tuple[str, ...], list[Bought]] = {}
    for each in ordered:
        of_entry = () if len(prompts[each.run]) == 1 else (each.entry,)
        streams.setdefault((each.user, each.directory, *of_entry), []).append(each)
    found = [chain for stream in streams.values() for chain in _chains(stream)]
    return sorted(found, key=lambda chain: (-chain.cost, chain.prompts))


def _chains(stream: Sequence[Bought]) -> list[Chain]:
    links: list[list[Bought]] = []
    found: list[Chain] = []
    for each in stream:
        last = links[-1][-1] if links else None
        if last is not None and last.prompt == each.prompt and _seconds(last, each) <= PAUSE:
            links[-1].append(each)
        elif last is not None and _follows(last, each):
            links.append([each])
        else:
            found += _chain(links)
            links = [[each]]
    return [*found, *_chain(links)]


def _chain(links: Sequence[Sequence[Bought]]) -> list[Chain]:
    prompts = tuple(link[0].prompt for link in links)
    if len(set(prompts)) < LEAST_PROMPTS:
        return []
    return [Chain(prompts, tuple(each for link in links for each in link))]


def _follows(last: Bought, each: Bought) -> bool:
    return last.run != each.run and _seconds(last, each) <= PAUSE and is_small_change(last.words, each.words)


def _seconds(one: Bought, other: Bought) -> float:
    return (datetime.fromisoformat(other.at) - datetime.fromisoformat(one.at)).total_seconds()
