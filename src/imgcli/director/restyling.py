"""A picture in another style: what is kept is a constraint, what is freed comes from the style."""

import re
from collections.abc import Collection, Sequence
from enum import Enum

from imgcli.director.constraints import mentions, split
from imgcli.director.description import Description
from imgcli.errors import UsageError
from imgcli.model.prompt import Style


class Keep(Enum):
    """What may be kept of a picture; the values are what people type."""

    COMPOSITION = "composition"
    SUBJECT = "subject"
    PALETTE = "palette"


USUALLY = (Keep.COMPOSITION, Keep.SUBJECT)

_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+")


def restyled(told: Description | None, keep: Collection[Keep], no: Sequence[str] = ()) -> str:
    """The words that are directed with the style; nothing of `told` stands in them unless it is kept or the subject.

    Captions stand between ‹ and ›, said to be what somebody noted, and words of the picture in quotation marks.

    Args:
        told: what a vision model said, cleaned; None if it said nothing of use.
        keep: what stays as it is.
        no: what must not appear, as typed; what speaks of it is left out.
    """
    told = told or Description("")
    things = split(no)
    said = [
        "Make the reference picture anew in the look that is described here, and in no other.",
        _subject(_noted(told.subject, things), is_kept=Keep.SUBJECT in keep),
        _composition(_noted(told.composition, things), is_kept=Keep.COMPOSITION in keep),
    ]
    if Keep.PALETTE in keep:
        noted = _noted(told.palette, things)
        said.append(f"Keep its colours{_as_noted(', ', noted)}, also where the look would change them.")
    freed = "light and medium" if Keep.PALETTE in keep else "light, colours and medium"
    said.append(f"Its {freed} come from the look alone.")
    letters = [text for text in told.text if not any(mentions(text, thing) for thing in things)]
    if letters and not any(mentions("text", thing) for thing in things):
        quoted = [f'"{text}"' for text in letters]
        said.append(f"The words in it stay as they are written: {', '.join(quoted)}.")
    return " ".join(said)


def require_free_palette(styles: Sequence[Style], keep: Collection[Keep]) -> None:
    """Refuse to keep the colours of a picture in a style that allows only its own.

    Raises:
        UsageError: says which style.
    """
    held = next((style.name for style in styles if style.palette), "") if Keep.PALETTE in keep else ""
    if held:
        raise UsageError(
            f"--keep palette: the style {held} allows only the colours of its own palette; leave out one of them"
        )


def _subject(noted: str, *, is_kept: bool) -> str:
    if is_kept:
        return f"Keep its subject: who or what it is, its shape, its parts and their number{_as_noted('; ', noted)}."
    return f"Its subject may take other shapes that suit the look{_as_noted('; ', noted)}."


def _composition(noted: str, *, is_kept: bool) -> str:
    if is_kept:
        return f"Keep its composition: everything stays where it is{_as_noted('; ', noted)}."
    return "Its composition is free: arrange it as the look does best."


def _as_noted(joint: str, noted: str) -> str:
    return f"{joint}noted as {noted}" if noted else ""


def _noted(text: str, things: Sequence[str]) -> str:
    """A caption in its marks, without the sentences that speak of an excluded thing."""
    kept = " ".join(part for part in _SENTENCES.split(text) if not any(mentions(part, thing) for thing in things))
    return f"‹{kept.rstrip(' .')}›" if kept.strip(" .") else ""
