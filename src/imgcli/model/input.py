"""Pictures that go into a job, beside its words."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Input:
    """A picture on this machine that is sent with a job, as it was when it was looked at.

    Attributes:
        path: absolute, where its bytes are; no input of the job, which goes by `sha256` (hex), or `origin`.
        format: the true one by its bytes: png, jpeg or webp.
        width, height: pixels, as they stand in the file (what a camera says of its orientation is not applied).
        name: what the user calls it, for messages and the sidecar.
        origin: of a picture made here from others, a SHA-256 (hex) over these and what was done; it stands for its
            bytes in keys, as an encoder of another version writes other bytes for the same pixels.
    """

    path: Path
    sha256: str
    size_bytes: int
    format: str
    width: int
    height: int
    name: str
    origin: str = ""

    @property
    def mark(self) -> str:
        """What it is by, wherever it lies and whichever encoder wrote it."""
        return self.origin or self.sha256


@dataclass(frozen=True, slots=True)
class Edit:
    """What a picture is made from.

    Attributes:
        inputs: at least one, in order; mask and markup lie over the first.
        mask: PNG of the size of the first input, whose transparent pixels are what may change.
        markup: PNG of that size with transparent pixels, drawn over it to show what is meant.
        fidelity: how close the model keeps to the inputs, `low` or `high`; empty leaves it to the model.
    """

    inputs: tuple[Input, ...]
    mask: Input | None = None
    markup: Input | None = None
    fidelity: str = ""

    @property
    def everything(self) -> tuple[Input, ...]:
        """All pictures that are sent."""
        return (*self.inputs, *(part for part in (self.mask, self.markup) if part is not None))


@dataclass(frozen=True, slots=True)
class EditRules:
    """What a model takes to make a picture from pictures.

    Attributes:
        most: inputs at most.
        most_bytes: of each input, exclusive.
        mask, markup: whether it takes one.
        mask_bytes: of a mask, exclusive.
        fidelities: accepted words; empty means it has no such parameter.
    """

    most: int = 16
    most_bytes: int = 50_000_000
    formats: tuple[str, ...] = ("png", "jpeg", "webp")
    mask: bool = True
    mask_bytes: int = 4_000_000
    markup: bool = False
    fidelities: tuple[str, ...] = ()

    def problem(self, edit: Edit) -> str:
        """Why a model with these rules cannot be sent `edit`, or an empty string; what to type instead is in it."""
        if len(edit.inputs) > self.most:
            return f"takes {self.most} input pictures at most, not {len(edit.inputs)}"
        for each in edit.inputs:
            if each.format not in self.formats:
                return f"takes {', '.join(self.formats)}, and {each.name} is {each.format}; convert it with --convert"
            if each.size_bytes >= self.most_bytes:
                return (
                    f"takes input pictures below {self.most_bytes / 1e6:g} MB, and {each.name} has "
                    f"{each.size_bytes / 1e6:,.1f} MB; make it smaller with --downscale"
                )
        if edit.mask is not None and edit.markup is not None:
            return "takes a mask or a markup, not both"
        if edit.mask is not None and not self.mask:
            return "takes no mask"
        if edit.markup is not None and not self.markup:
            return "takes no markup; gpt-image-2.5 and 2.6 do"
        if edit.fidelity and edit.fidelity not in self.fidelities:
            words = f"only {' or '.join(self.fidelities)}" if self.fidelities else "leave out --input-fidelity"
            return f"has no input fidelity {edit.fidelity!r}; {words}"
        return self._overlay_problem(edit)

    def _overlay_problem(self, edit: Edit) -> str:
        first = edit.inputs[0]
        for word, part in (("mask", edit.mask), ("markup", edit.markup)):
            if part is None:
                continue
            if (part.width, part.height) != (first.width, first.height):
                return (
                    f"needs a {word} of the size of the first input picture: {part.name} has {part.width}x{part.height}, "
                    f"{first.name} {first.width}x{first.height}"
                )
            if part.format != "png":
                return f"needs a {word} as PNG, and {part.name} is {part.format}"
            if part.size_bytes >= self.mask_bytes:
                return (
                    f"takes a {word} below {self.mask_bytes / 1e6:g} MB, and {part.name} has "
                    f"{part.size_bytes / 1e6:,.1f} MB; make it smaller with --downscale"
                )
        return ""
