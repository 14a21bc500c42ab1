"""What an import would write under which names, decided before a single file is written."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from imgcli.director.exchange.convert import Written, numbered, slug, style_file
from imgcli.director.exchange.foreign import ForeignStyle, Found, Problem, Reading
from imgcli.errors import StyleError

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Taken:
    """A style that has a name already.

    Attributes:
        where: its path, `built-in`, or its place in the file that is imported.
        foreign: what an export would give for it; None if its file cannot be read.
    """

    where: str
    foreign: ForeignStyle | None


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with the name it gets; `same_as` is where the same style stands already, and nothing is written then."""

    found: Found
    written: Written
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Naming:
    """How names are made: `prefix` before each, all in `family`, `rename` numbers those that are taken.

    Raises:
        StyleError: a prefix or a family that no style can have.
    """

    prefix: str = ""
    family: str = ""
    rename: bool = False

    def __post_init__(self) -> None:
        for option, text in (("--prefix", self.prefix), ("--family", self.family)):
            if text and not _NAME.fullmatch(text):
                raise StyleError(f"{option} {text[:60]!r}: write 1 to 40 lower-case letters, digits and hyphens")


def place(
    reading: Reading, file: str, naming: Naming, taken: Callable[[str], Taken | None]
) -> tuple[tuple[Placed, ...], tuple[Problem, ...]]:
    """(entries with their names, a problem for each that gets none); `taken` knows the styles there are."""
    placed: list[Placed] = []
    problems: list[Problem] = []
    own: dict[str, Taken] = {}

    def holder(name: str) -> Taken | None:
        return own.get(name) or taken(name)

    for found in reading.found:
        try:
            one = _place(found, reading, file, naming, holder)
        except StyleError as error:
            problems.append(Problem(found.number, f"{found.place}: {error}"))
            continue
        placed.append(one)
        if not one.same_as:
            own[one.written.name] = Taken(found.place, found.style)
    return tuple(placed), tuple(problems)


def _place(found: Found, reading: Reading, file: str, naming: Naming, holder: Callable[[str], Taken | None]) -> Placed:
    wanted = slug(found.style.name, naming.prefix, f"{reading.tool.value}-{found.number}")
    written = style_file(found, file, reading.tool, wanted, naming.family)
    number = 1
    while (there := holder(written.name)) is not None:
        # By its words alone: prose that somebody wrote anew for it is an edit to be kept, and no other style.
        if there.foreign == found.style:
            return Placed(found, written, there.where)
        if not naming.rename:
            raise StyleError(
                f"{found.style.name[:60]!r} would be the style {wanted}, which has other words in {there.where}; "
                "--rename gives it a number, --prefix keeps its kind apart"
            )
        number += 1
        written = replace(written, name=numbered(wanted, number))
    return Placed(found, written)
