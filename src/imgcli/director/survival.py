"""What became of words once a model rewrote the prompt: whether a thing that must not appear is still ruled out.

It goes by the words alone. "No text", "without people", "free of logos" and "avoid haze" rule a thing out; a text that
speaks of it otherwise asks for it.
"""

import functools
import re
from enum import Enum

from imgcli.director.constraints import mentions, sentences

_SENTENCE = re.compile(r"(?<=[.!?;…。！？])\s+|\n+")
# After these words a "no" that came before does not hold any more.
_TURN = re.compile(
    r"\b(?=(?:but|yet|however|although|though|instead|only|featuring|showing|displaying|bearing"
    r"|with(?!out)|while|whereas|save|except)\b)",
    re.IGNORECASE,
)
_RULES_OUT = re.compile(
    r"\b(?:no|not|non|nor|neither|never|none|without|avoid(?:s|ed|ing)?|exclud(?:e|es|ed|ing)|omit(?:s|ted|ting)?"
    r"|(?:free|devoid|bare|clear|empty) of|free from|lacks?|lacking|absence of|instead of|rather than"
    r"|(?:do|does|is|are|must|should)n['’]t|leave out|remov(?:e|es|ed|ing)|zero)\b",
    re.IGNORECASE,
)
_RULED_OUT = re.compile(
    r"-(?:free|less)\b|\b(?:is|are|be|stays?|remains?)\s+(?:absent|avoided|excluded|omitted|forbidden|left out|kept out)\b",
    re.IGNORECASE,
)


class Fate(Enum):
    """KEPT: still ruled out, wherever it is named. LOST: not spoken of. INVERTED: asked for."""

    KEPT = "kept"
    LOST = "lost"
    INVERTED = "inverted"


def fate(text: str, thing: str) -> Fate:
    """What `text` makes of `thing`, which must not appear."""
    own = sentences((thing,), ())
    folded = text.casefold()
    if own and (told := own[0].casefold()) in folded:
        # Our own sentence rules it out, and may do so without its name ("Anatomy is natural and complete").
        text = folded.replace(told, " ")
        if not mentions(text, thing):
            return Fate.KEPT
    if not mentions(text, thing):
        return Fate.LOST
    named = [clause for clause in _clauses(text) if mentions(clause, thing)]
    # A name that is parted by a turn is in no clause: nothing can be said of it but that it is there.
    return Fate.KEPT if named and all(_rules_out(clause, thing) for clause in named) else Fate.INVERTED


# A report asks for many things of one text in a row.
@functools.lru_cache(maxsize=8)
def _clauses(text: str) -> tuple[str, ...]:
    return tuple(clause for sentence in _SENTENCE.split(text) for clause in _TURN.split(sentence))


def _rules_out(clause: str, thing: str) -> bool:
    """Whether every part of `clause` that names `thing` stands behind a "no" or before an "is left out"."""
    before = clause
    if found := _RULES_OUT.search(clause):
        before = clause[: found.start()]
    if not mentions(before, thing):
        return True
    return all(_RULED_OUT.search(part) for part in before.split(",") if mentions(part, thing))
