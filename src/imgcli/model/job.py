"""One wanted picture, fully determined."""

import hashlib
import json
from dataclasses import dataclass, field, fields
from pathlib import Path

from imgcli.model.input import Edit
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size

KEY_VERSION = 1
"""Part of every key: raise it when the meaning of an input changes, so that old pictures are not mistaken for new."""

FAR = 100_000
"""From the number of a variant to that of the same one again, of a draft's final too: more than any run has of its own."""

TEXT = "text"
"""The format of a job that wants words."""

FORMATS = ("png", "jpeg", "webp")
"""Formats a job may ask for; what comes back is named by its own bytes."""


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode


@dataclass(frozen=True, slots=True)
class Look:
    """How large and how fine a picture is."""

    size: Size
    quality: str


@dataclass(frozen=True, slots=True)
class Job:
    """One wanted picture; `key` is the SHA-256 (hex) over every input that can change it.

    Attributes:
        variant: 1 for the first of several pictures that share all other inputs.
        entry: id of the batch entry it came from.
        background: `auto` leaves it to the model; else `opaque` or `transparent`.
        draft: the attempt whose picture was the draft of this one, or empty; not an input.
        again: the attempt whose picture this one is made anew after, or in place of, or empty; not an input.
        wanted: of a draft, the look of the picture it stands for; not an input, as its own size and quality are.
        edit: the pictures it is made from; None where it is made of words alone.
        expect: what the picture has to be (`size`, `alpha`, ...), or it is set aside; not an input.
        tries: how many more pictures may be made where one is not what was expected; not an input.
        guard: what moderation was asked of it, so that no later run can let it through without; not an input.
        through: the text model that is asked to have the picture made, and may reword the prompt for it (see
            `model.errand`); empty where the model of the picture is asked itself.
        directory: absolute directory the picture goes to.
        stem: file name without extension, safe on every OS.
        renumber: the stem with `{n}` where a later number may stand, or empty.
    """

    provider: str
    model: str
    prompt: DirectedPrompt
    size: Size
    quality: str
    format: str
    seed: int | None
    variant: int
    entry: str
    tags: tuple[str, ...]
    directory: Path
    stem: str
    renumber: str = ""
    background: str = "auto"
    draft: str = ""
    wanted: Look | None = None
    through: str = ""
    edit: Edit | None = None
    expect: tuple[str, ...] = ()
    tries: int = 0
    guard: str = ""
    again: str = ""
    key: str = field(init=False)

    @property
    def is_text(self) -> bool:
        """True for words asked of a text model, which are held and billed like a picture and are none."""
        return self.format == TEXT

    @property
    def number(self) -> int:
        """Of several pictures that share all other inputs, which one it is, also where it is made again."""
        return (self.variant - 1) % FAR + 1

    def __post_init__(self) -> None:
        inputs = {
            "v": KEY_VERSION,
            "provider": self.provider,
            "model": self.model,
            "typed": self.prompt.typed,
            "text": self.prompt.text,
            "negative": self.prompt.negative,
            "colours": self.prompt.colours,
            "size": str(self.size),
            "quality": self.quality,
            "format": self.format,
            "seed": self.seed,
            "variant": self.variant,
        }
        if self.background != "auto":
            # Only where it is said: the keys of all pictures made before it could be stay as they were.
            inputs["background"] = self.background
        if self.through:
            inputs["through"] = self.through
        if self.edit:
            inputs["edit"] = _told(self.edit)
        object.__setattr__(self, "key", hashlib.sha256(_canonical(inputs).encode()).hexdigest())

    def named(self, stem: str, renumber: str) -> "Job":
        """The same picture under another name: no input changes, so neither does the key, which is dear to make."""
        return self._but(stem=stem, renumber=renumber)

    def guarded(self, guard: str) -> "Job":
        """The same picture, which may not do without these layers of moderation either (`provider+local`)."""
        layers = dict.fromkeys(layer for layer in (*self.guard.split("+"), *guard.split("+")) if layer)
        return self._but(guard="+".join(sorted(layers, reverse=True)))

    def _but(self, **others: str) -> "Job":
        twin = object.__new__(Job)
        for name in _FIELDS:
            object.__setattr__(twin, name, others.get(name, getattr(self, name)))
        return twin


def _told(edit: Edit) -> dict[str, object]:
    """What of `edit` decides a picture: the bytes of its pictures, wherever they lie."""
    told: dict[str, object] = {"inputs": [each.mark for each in edit.inputs], "fidelity": edit.fidelity}
    return told | {name: part.mark for name, part in (("mask", edit.mask), ("markup", edit.markup)) if part}


_FIELDS = tuple(kept.name for kept in fields(Job))
