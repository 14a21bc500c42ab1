"""What a user asks for, before the settings and styles have filled the gaps."""

from dataclasses import dataclass

from imgcli.model.input import Edit


@dataclass(frozen=True, slots=True)
class Entry:
    """One prompt of a batch file or of `imgcli gen`; None means "not said here".

    Attributes:
        id: unique in its batch; names the entry in messages.
        no: things that must not appear, as typed.
        size: as typed (`1536x1024`, `portrait`, `auto`).
        n: pictures wanted, 1 or more.
        out: directory below the output directory, with `/` between parts.
        name: file name or template without extension.
        draft: a cheap draft of it is wanted first.
        before: pictures of other ideas about the same prompt, which `{n}` counts on from.
        pending: it is still to be expanded, so its words are not known yet.
        expanded: what the prompt was expanded to, or empty.
        refs: paths of reference pictures, as typed.
        mask: path of a mask over the first of them, as typed.
        fidelity: how close to keep to them.
        edit: what those paths became when they were read; the planner takes this alone.
        expect: what the picture has to be; None leaves it to the settings.
        tries: how many more may be made where it is not.
        where: `file:line` or `prompt 2` for messages.
    """

    prompt: str
    id: str
    where: str
    style: tuple[str, ...] | None = None
    no: tuple[str, ...] | None = None
    provider: str | None = None
    model: str | None = None
    size: str | None = None
    quality: str | None = None
    format: str | None = None
    background: str | None = None
    n: int = 1
    out: str | None = None
    name: str | None = None
    seed: int | None = None
    tags: tuple[str, ...] = ()
    expanded: str = ""
    before: int = 0
    pending: bool = False
    draft: bool = False
    refs: tuple[str, ...] = ()
    mask: str | None = None
    fidelity: str | None = None
    edit: Edit | None = None
    expect: tuple[str, ...] | None = None
    tries: int | None = None


def idea_id(entry: str, number: int) -> str:
    """The id of the `number`th expansion of an entry, where it has several."""
    return f"{entry}-idea-{number}"
