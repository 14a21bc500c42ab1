"""What was paid for, as light as a report over a hundred thousand pictures needs it."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Came(Enum):
    """What came of an attempt that cost money."""

    PICTURE = "picture"
    FAILED = "failed"  # billed, and no picture to show for it
    REFUSED = "refused"  # by the provider's safety system, perhaps billed: counted until somebody decides
    UNCERTAIN = "uncertain"  # the answer was lost, perhaps billed: counted until somebody decides


@dataclass(frozen=True, slots=True)
class Words:
    """A prompt by its words.

    Attributes:
        form: prompts that ask for the same picture in another form share it; empty where it is not to be told.
        stems: its words but for those that say nothing, each in one form.
        pinned: those of them that no likeness outweighs: numbers, colours, negations.
    """

    form: str = ""
    stems: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()


UNTOLD = Words()
"""Of a picture that nobody is to see."""


@dataclass(frozen=True, slots=True)
class Bought:
    """One attempt that may have cost money; `cost` is nano-USD.

    Attributes:
        at: RFC 3339 UTC, when it was asked for.
        user: who asked; a name of the run where two users may be meant.
        entry: id of the batch entry it came from.
        path, prompt: empty where nobody is to see the picture.
        key: of its job.
        variants: pictures that differ in variant and seed alone share it.
        look: model, size and quality, for people.
        seen: somebody opened, picked, starred, tagged, exported, finished or rejected it, or made another of it.
        kept: somebody wanted it: it is a final, is picked, finished or exported, has four stars or more, or another was
            made of it.
        rejected: a person does not want it.
        aside: `rejected` or `quarantine` where it was set aside, and nobody let it out.
        used_at: RFC 3339 UTC, when another picture was first made of it or copied from it; empty if none was.
        over: nano-USD above its quote.
    """

    attempt: str
    run: str
    at: str
    user: str
    directory: str
    entry: str
    path: str
    prompt: str
    words: Words
    key: str
    variants: str
    look: str
    quality: str
    cost: int
    came: Came = Came.PICTURE
    is_draft: bool = False
    is_final: bool = False
    seen: bool = False
    kept: bool = False
    rejected: bool = False
    aside: str = ""
    used_at: str = ""
    over: int = 0

    @property
    def turned_down(self) -> bool:
        return self.rejected or bool(self.aside)


class Part(NamedTuple):
    """What one attempt brings to a sum, in nano-USD, and why where that is not the same for all."""

    of: Bought
    nano_usd: int
    why: str = ""
