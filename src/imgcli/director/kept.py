"""What an expansion may not lose: the demands of a prompt, which of them are gone, and how they are put back.

The expansion is text from a model that may be sloppy or hostile. What is put back are the user's own words; if the
expansion cannot be mended it gives way to the prompt.
"""

import re

from imgcli.director.demands import Demand, DemandKind, Found, found_in
from imgcli.director.keeping import KEEPS, Given
from imgcli.director.mending import LONGEST, is_chatter, mended, shortened
from imgcli.director.reading import Reading

__all__ = ["Demand", "DemandKind", "demands", "lost", "restored"]

MOST_DEMANDS = 256
"""Demands of one prompt that are looked after, the first ones; a person writes a few dozen."""

_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")


def demands(prompt: str) -> tuple[Demand, ...]:
    """Every demand of `prompt` that can be checked, kind by kind, without repeats."""
    return tuple(found.demand for found in _found(Reading(prompt)))


def lost(prompt: str, expanded: str) -> tuple[Demand, ...]:
    """The demands of `prompt` that `expanded` does not keep, or contradicts."""
    if expanded == prompt:
        return ()
    return lost_of(Reading(prompt), expanded)


def lost_of(asked: Reading, expanded: str) -> tuple[Demand, ...]:
    """`lost` for a prompt that is read already."""
    return tuple(found.demand for found in _lost(asked, _found(asked), expanded))


def restored(prompt: str, expanded: str) -> tuple[str, tuple[Demand, ...]]:
    """`expanded` with what it lost put back, and what that was; nothing of `prompt` is lost in the text returned.

    The text has at most 4,000 characters more than twice those of `prompt`.
    """
    asked = Reading(prompt)
    text = shortened(expanded)
    wanted = _found(asked)
    missing = _lost(asked, wanted, text) if text != prompt else []
    if not missing:
        return text or prompt, ()
    gone = tuple(found.demand for found in missing)
    before, text = text, mended(asked, text, missing)
    still = missing if text == before else _lost(asked, wanted, text)
    # Nobody can tell what else is in a text that speaks of something else, or that does not say "only" where it must.
    is_other = any(found.demand.kind is DemandKind.SUBJECT or found.key[0] == "only" for found in still)
    if not text or is_other or is_chatter(text):
        return prompt, gone
    whole = _reminded(text, [found.demand for found in still])
    # What contradicts the prompt is not made true by a reminder: then the expansion is thrown away.
    is_sound = len(whole) <= 2 * len(prompt) + LONGEST and not _lost(asked, wanted, whole)
    return (whole if is_sound else prompt), gone


def _reminded(text: str, gone: list[Demand]) -> str:
    """`text` with the lost words said again in one sentence, those left out that stand in others."""
    if not gone:
        return text
    said = list(dict.fromkeys(_spoken(demand) for demand in gone))
    kept = [words for words in said if not any(f" {words} " in f" {other} " for other in said if other != words)]
    return f"{text}{'' if _CLOSED.search(text) else '.'} Keep exactly: {'; '.join(kept)}."


def _spoken(demand: Demand) -> str:
    if demand.kind is DemandKind.QUOTED:
        return f"the words “{demand.words}”" if '"' in demand.words else f'the words "{demand.words}"'
    return demand.words


def _found(reading: Reading) -> list[Found]:
    first: dict[tuple[DemandKind, tuple[object, ...]], Found] = {}
    for found in found_in(reading):
        first.setdefault((found.demand.kind, found.key), found)
        if len(first) == MOST_DEMANDS:
            break
    return list(first.values())


def _lost(asked: Reading, wanted: list[Found], expanded: str) -> list[Found]:
    text = Given(Reading(expanded), asked)
    return [found for found in wanted if not KEEPS[found.demand.kind](text, found)]
