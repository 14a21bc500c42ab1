"""What a model can make."""

from dataclasses import dataclass
from datetime import date
from enum import Enum

from imgcli.errors import ModelError
from imgcli.model.input import Edit, EditRules
from imgcli.model.size import Size


class Wording(Enum):
    """The kind of prompt a model follows best."""

    PROSE = "prose"
    KEYWORDS = "keywords"


@dataclass(frozen=True, slots=True)
class FreeSizes:
    """Any width x height inside these limits, in pixels.

    Attributes:
        step: both sides are multiples of this.
        edge: longest side allowed.
        ratio: longest side over shortest, at most.
        least, most: total pixels allowed.
    """

    step: int
    edge: int
    ratio: int
    least: int
    most: int

    def problem(self, size: Size) -> str:
        """Why `size` is not allowed, or an empty string."""
        if size.width % self.step or size.height % self.step:
            return f"both sides must be multiples of {self.step}"
        if max(size.width, size.height) > self.edge:
            return f"no side may be over {self.edge} pixels"
        if max(size.width, size.height) > self.ratio * min(size.width, size.height):
            return f"the long side may be at most {self.ratio} times the short one"
        if not self.least <= size.pixels <= self.most:
            return f"{size.pixels:,} pixels is outside {self.least:,} to {self.most:,}"
        return ""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """One model of one provider: what it takes, and until when.

    Attributes:
        sizes: the fixed sizes; with `free`, just the usual ones.
        free: the rule for any other size, or None.
        auto_size: whether the model may choose the size itself.
        qualities: accepted words; empty accepts any (a server we know nothing of).
        backgrounds: accepted words; empty accepts any, like `qualities`.
        takes_seed: False means a seed is not sent, only recorded.
        edits: what it takes to make pictures from pictures; None if it makes none.
        through: the text model whose tool it is asked through, or empty.
        ends: last day it works, if announced.
        successor: what to use instead.
    """

    name: str
    provider: str
    sizes: tuple[Size, ...] = ()
    free: FreeSizes | None = None
    auto_size: bool = True
    qualities: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("png", "jpeg", "webp")
    backgrounds: tuple[str, ...] = ()
    wording: Wording = Wording.PROSE
    takes_seed: bool = False
    prompt_limit: int = 32_000
    ends: date | None = None
    successor: str = ""
    note: str = ""
    through: str = ""
    edits: EditRules | None = None

    @property
    def is_open(self) -> bool:
        """True for a model we know nothing of: its server decides what is valid."""
        return not self.sizes

    def check(self, size: Size, quality: str, image_format: str, prompt: str, background: str = "auto") -> None:
        """Refuse what the model cannot make, before anything is sent.

        Raises:
            ModelError: with what to type instead.
        """
        if len(prompt) > self.prompt_limit:
            raise ModelError(
                f"the directed prompt has {len(prompt):,} characters; {self.name} takes {self.prompt_limit:,}"
            )
        if self.is_open:
            return
        if self.qualities and quality not in self.qualities:
            raise ModelError(f"{self.name} has no quality {quality!r}; use one of {', '.join(self.qualities)}")
        if image_format not in self.formats:
            raise ModelError(f"{self.name} has no format {image_format!r}; use one of {', '.join(self.formats)}")
        self._check_background(background, image_format)
        if size.is_auto:
            if not self.auto_size:
                raise ModelError(f"{self.name} does not choose a size itself; use one like {self.sizes[0]}")
        elif size not in self.sizes:
            why = self.free.problem(size) if self.free else "it makes fixed sizes only"
            if why:
                known = ", ".join(map(str, self.sizes))
                raise ModelError(f"{self.name} cannot make {size}: {why}; use one like {known}")

    def check_edit(self, edit: Edit) -> None:
        """Refuse input pictures that the model cannot be sent, before anything is.

        Raises:
            ModelError: with what to type instead.
        """
        if self.edits is None:
            raise ModelError(f"{self.name} of {self.provider} makes no pictures from pictures")
        if self.through:
            raise ModelError(
                f'{self.name} is asked through {self.through} (images_api = "responses"), which is sent no pictures here; '
                'use images_api = "images"'
            )
        if why := self.edits.problem(edit):
            raise ModelError(f"{self.name} {why}")

    def _check_background(self, background: str, image_format: str) -> None:
        if self.backgrounds and background not in self.backgrounds:
            raise ModelError(f"{self.name} has no background {background!r}; use one of {', '.join(self.backgrounds)}")
        if background == "transparent" and image_format == "jpeg":
            raise ModelError("jpeg has no transparency; use --format png or webp with a transparent background")
