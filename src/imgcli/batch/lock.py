"""The lock file of an asset library: what stands beside `prompts.toml` in `prompts.toml.lock`.

One JSON object a line, sorted, so that a change of one picture is a change of one line: a header, then for each picture
its file, the SHA-256 of its bytes, and every input it was made of, by value or by hash. It holds no prompt, no price,
no time and no path of a machine, so the same library gives the same bytes everywhere. Only what a text model was paid to
make of a prompt stands there in words, so that nobody pays for other words.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import Annotated

import msgspec

from imgcli.model.input import Edit
from imgcli.model.job import Job
from imgcli.model.prompt import DirectedPrompt

BESIDE, BELOW_OUT = "lock", "out"
"""What the files of a lock are told from: the directory of the lock itself, or the output directory elsewhere."""

Word = Annotated[str, msgspec.Meta(max_length=200)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Ident = tuple[str, int]
"""The id of an entry and the number of its picture, as `{n}` tells it."""


class Old(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A picture that another one has taken the place of."""

    file: str
    sha256: str
    bytes: Count
    key: str


class Locked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One picture of the library.

    Attributes:
        n: as in `{n}`: 1 for the first picture of an entry.
        file: with `/` between its parts, below the directory that the header names.
        prompt, no: the first 16 hex digits of a SHA-256 of what was typed.
        styles: `name@version`, or the name alone of a style without one.
        old: what `file` has taken the place of, as long as it is there.
        inputs: the pictures it was made from, each as `role mark` with the first 16 hex digits, and `fidelity word`.
        asked, expanded: the key of a question to a text model, and the words that came of it: paid as well.
    """

    id: str
    n: Annotated[int, msgspec.Meta(ge=1)]
    file: str
    sha256: str
    bytes: Count
    key: str
    provider: Word
    model: Word
    size: Word
    quality: Word
    format: Word
    prompt: str
    no: str = ""
    styles: tuple[Word, ...] = ()
    background: Word = "auto"
    through: Word = ""
    inputs: tuple[Word, ...] = ()
    seed: int | None = None
    old: tuple[Old, ...] = ()
    asked: str = ""
    expanded: Annotated[str, msgspec.Meta(max_length=40_000)] = ""

    @property
    def ident(self) -> Ident:
        return self.id, self.n

    @property
    def place(self) -> str:
        """Its directory, as `file` tells it; empty for the top."""
        return self.file.rpartition("/")[0]


@dataclass(frozen=True, slots=True)
class Lock:
    """All pictures of a library, by id and number."""

    files_below: str = BESIDE
    lines: Mapping[Ident, Locked] = field(default_factory=dict)


def lock_name(batch_file: str) -> str:
    """`prompts.toml.lock`: the whole name, as `prompts.csv` may stand beside it."""
    return f"{batch_file}.lock"


def locked(job: Job, file: str, sha256: str, size_bytes: int, asked: str = "") -> Locked:
    """The line of a picture that was made for `job`, with its `file` as the lock tells it.

    `asked` is the key of the question that its words answer, if any.
    """
    return Locked(
        id=job.entry,
        n=job.variant,
        file=file,
        sha256=sha256,
        bytes=size_bytes,
        key=job.key,
        provider=job.provider,
        model=job.model,
        size=str(job.size),
        quality=job.quality,
        format=job.format,
        prompt=mark(job.prompt.typed),
        no=mark_of_all(job.prompt.constraints),
        styles=styles_of(job.prompt),
        background=job.background,
        through=job.through,
        inputs=inputs_of(job.edit) if job.edit else (),
        seed=job.seed,
        asked=asked,
        expanded=job.prompt.expanded if asked else "",
    )


def expansions(lock: Lock) -> Mapping[str, tuple[str, ...]]:
    """Key of a question -> the distinct expansions that came of it, in the order of their ids."""
    found: dict[str, dict[str, None]] = {}
    # By length first, as `car-idea-10` comes after `car-idea-9`.
    for line in sorted(lock.lines.values(), key=lambda line: (len(line.id), line.ident)):
        if line.asked and line.expanded:
            found.setdefault(line.asked, {})[line.expanded] = None
    return {key: tuple(texts) for key, texts in found.items()}


def styles_of(words: DirectedPrompt) -> tuple[str, ...]:
    """`name@version` of every style."""
    return _with_versions(words.styles, words.versions)


@lru_cache(maxsize=256)
def _with_versions(names: tuple[str, ...], versions: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{name}@{version}" if version else name for name, version in zip_longest(names, versions))


@lru_cache(maxsize=1024)
def inputs_of(edit: Edit) -> tuple[str, ...]:
    """What of `edit` decides a picture, told shortly."""
    told = [f"ref {each.mark[:16]}" for each in edit.inputs]
    told += [f"{role} {part.mark[:16]}" for role, part in (("mask", edit.mask), ("markup", edit.markup)) if part]
    return (*told, *([f"fidelity {edit.fidelity}"] if edit.fidelity else []))


def mark(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@lru_cache(maxsize=256)
def mark_of_all(texts: tuple[str, ...]) -> str:
    """One mark for several texts, empty for none."""
    return mark(json.dumps(texts)) if texts else ""


def merged(lock: Lock, made: Iterable[Locked], gone: Collection[str] = (), forgotten: Collection[Ident] = ()) -> Lock:
    """`lock` with the lines of `made` in their places, and without old pictures whose files are `gone`.

    What a line told of before stays with it as old. A file that `made` names is nobody else's any more. A line whose
    own file is gone stays too, as its picture is wanted still; save those `forgotten`, which no batch file names.
    """
    fresh = {line.ident: line for line in made}
    taker = {line.file: ident for ident, line in fresh.items()}
    lines = {**lock.lines, **{ident: _after(lock.lines.get(ident), line) for ident, line in fresh.items()}}
    for ident in [ident for ident, line in lock.lines.items() if ident not in fresh and line.file in taker]:
        # Another id has its picture now, and with it what that one took the place of.
        line = lines.pop(ident)
        heir = taker[line.file]
        lines[heir] = _with_old(lines[heir], line.old)
    for ident, line in list(lines.items()):
        left = tuple(old for old in line.old if old.file not in taker and old.file not in gone)
        if ident in forgotten and line.file in gone and not left:
            del lines[ident]
        elif left != line.old:
            lines[ident] = msgspec.structs.replace(line, old=left)
    return Lock(lock.files_below, lines)


def moved(lock: Lock, files_below: str, place: str) -> Lock:
    """`lock` with its files told from elsewhere: `place` is the old directory as seen from the new one.

    A `..` in it leads upwards; files that would lie above the new directory are no longer told of.
    """

    def told(file: str) -> str | None:
        parts: list[str] = []
        for part in f"{place}/{file}".split("/"):
            if part == ".." and parts and parts[-1] != "..":
                parts.pop()
            elif part not in {"", "."}:
                parts.append(part)
        return None if parts[:1] == [".."] else "/".join(parts)

    lines = {}
    for ident, line in lock.lines.items():
        if (file := told(line.file)) is not None:
            old = tuple(
                msgspec.structs.replace(each, file=name) for each in line.old if (name := told(each.file)) is not None
            )
            lines[ident] = msgspec.structs.replace(line, file=file, old=old)
    return Lock(files_below, lines)


def _after(before: Locked | None, line: Locked) -> Locked:
    """`line` with what it takes the place of."""
    if before is None:
        return line
    return _with_old(line, (*before.old, Old(before.file, before.sha256, before.bytes, before.key)))


def _with_old(line: Locked, more: Iterable[Old]) -> Locked:
    old = {each.file: each for each in (*line.old, *more) if each.file != line.file}
    return msgspec.structs.replace(line, old=tuple(old[file] for file in sorted(old)))
