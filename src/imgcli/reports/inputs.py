"""Pictures that go into a job, in words and for scripts."""

from typing import Any

from imgcli.model.input import Edit, Input


def input_lines(edit: Edit) -> list[str]:
    """A line for each picture that is sent, and one for how close the model is to keep to them."""
    lines = [
        f"{word} {_shape(each)}" for word, each in (("from", edit.inputs[0]), *(("and", i) for i in edit.inputs[1:]))
    ]
    lines += [f"{word} {_shape(part)}" for word, part in (("mask", edit.mask), ("markup", edit.markup)) if part]
    return lines + ([f"input fidelity {edit.fidelity}"] if edit.fidelity else [])


def input_fields(edit: Edit | None) -> dict[str, Any]:
    """The same for JSON; nothing for a picture that is made of words alone."""
    if edit is None:
        return {}
    roles = [*(("input", each) for each in edit.inputs), ("mask", edit.mask), ("markup", edit.markup)]
    told: dict[str, Any] = {"inputs": [_fields(role, each) for role, each in roles if each]}
    return told | ({"input_fidelity": edit.fidelity} if edit.fidelity else {})


def _shape(picture: Input) -> str:
    return f"{picture.name}, {picture.width}x{picture.height} {picture.format}, {_amount(picture.size_bytes)}"


def _amount(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:,.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:,.0f} kB"


def _fields(role: str, picture: Input) -> dict[str, Any]:
    told = {"role": role, "file": picture.name, "path": str(picture.path), "sha256": picture.sha256}
    return told | {
        "bytes": picture.size_bytes,
        "format": picture.format,
        "width": picture.width,
        "height": picture.height,
    }
