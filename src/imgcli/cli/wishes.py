"""What is typed about pictures, whichever command it is typed for: options on their way into entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imgcli.cli import options
from imgcli.model.entry import Entry
from imgcli.settings import Settings


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options that say what each picture is to be, as typed; see `cli/options.py`.

    Attributes:
        size: pixels, a word, or an aspect that was checked.
        expect: words that were checked.
        refs: pictures that each is made from.
        fidelity: how close to keep to them.
    """

    style: Sequence[str] | None
    no: Sequence[str] | None
    tag: Sequence[str] | None
    size: str | None
    quality: str | None
    background: str | None
    count: int
    seed: int | None
    draft: bool
    expect: tuple[str, ...] | None = None
    tries: int | None = None
    refs: Sequence[Path] = ()
    fidelity: str | None = None

    def entries(self, words: Sequence[str], name: str | None) -> list[Entry]:
        """An entry for each prompt; `name` is a file name or a template of one.

        Raises:
            UsageError: an option holds what neither a model nor a terminal should be sent.
        """
        for what, texts in (("--no", self.no), ("--tag", self.tag)):
            for text in texts or ():
                options.require_plain(what, text)
        return [
            Entry(
                prompt=text,
                id=f"prompt-{index:03d}",
                where=f"prompt {index}",
                style=tuple(self.style) if self.style else None,
                no=tuple(self.no or ()),
                size=self.size,
                quality=self.quality,
                background=self.background,
                n=self.count,
                name=name,
                seed=self.seed,
                tags=tuple(self.tag or ()),
                draft=self.draft,
                expect=self.expect,
                tries=self.tries,
                refs=tuple(map(str, self.refs)),
                fidelity=self.fidelity,
            )
            for index, text in enumerate(words, 1)
        ]


def place(settings: Settings, count: int, prompts: int) -> tuple[Path, str | None]:
    """The output directory, and the name or template that `--out` asks for, if any.

    Raises:
        UsageError: the directory is not UTF-8.
    """
    root, name = options.split_out(settings.out, Path.cwd())
    options.require_text(root)
    if name is not None and "{n}" not in name and (count > 1 or prompts > 1):
        name += "-{n}" if prompts == 1 else "-{slug}-{n}"
    return root, name
