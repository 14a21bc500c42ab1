"""One entry with lists of values: an entry for every combination, in a stable order."""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from imgcli.batch.check import id_problem
from imgcli.batch.draft import Place, shown
from imgcli.batch.keys import NAMING_FIELDS
from imgcli.batch.paths import as_part, out_problem
from imgcli.batch.schema import ID_LIMIT, PROMPT_LIMIT
from imgcli.batch.template import Template, TemplateError, parse_template
from imgcli.model.entry import Entry

LABEL_LIMIT = 24
"""Characters of a value that are worth having in an id; longer ones are numbered."""


@dataclass(frozen=True, slots=True)
class Grid:
    """An entry, checked and ready to be multiplied: the first key of `values` changes slowest."""

    entry: Entry
    place: Place
    values: Mapping[str, tuple[str, ...]]
    prompt: Template
    id: Template
    out: Template | None
    name: Template | None

    @property
    def count(self) -> int:
        return math.prod(map(len, self.values.values()))

    @property
    def longest(self) -> int:
        """Characters of the longest prompt."""
        return self.prompt.longest({key: max(map(len, values)) for key, values in self.values.items()})

    def entries(self) -> Iterator[Entry]:
        """One entry per combination.

        Raises:
            BatchFileError: a combination makes a bad id, directory or name, or an id a second time.
        """
        base = "" if self.id.keys else self.id.literals[0]
        labels = _labels(tuple(self.values.values()), ID_LIMIT - len(base) - 1) if base else ()
        seen: set[str] = set()
        for at, combination in enumerate(product(*self.values.values())):
            values = dict(zip(self.values, combination, strict=True))
            name = f"{base}-{labels[at]}" if base else self.id.fill(values).strip()
            self._check_id(name, seen)
            yield self._filled(name, values)

    def _filled(self, name: str, values: Mapping[str, str]) -> Entry:
        prompt = self.prompt.fill(values).strip()
        if not prompt:
            raise self.place.error("the prompt is empty with some matrix values; give it words of its own", "prompt")
        out = self.out.fill({key: as_part(value) for key, value in values.items()}) if self.out else None
        if out is not None and (problem := out_problem(out)):
            raise self.place.error(f"{shown(out)}: {problem}", "out")
        return replace(self.entry, prompt=prompt, id=name, out=out, name=self._name(values))

    def _name(self, values: Mapping[str, str]) -> str | None:
        if self.name is None:
            return None
        # The name is a template still, so a brace in a value must not open a field in it.
        return self.name.fill(
            {key: as_part(value).replace("{", "{{").replace("}", "}}") for key, value in values.items()}
        )

    def _check_id(self, name: str, seen: set[str]) -> None:
        if problem := id_problem(name):
            raise self.place.error(f"with its matrix values the id {problem}", "id")
        if name in seen:
            lacking = [f"{{{key}}}" for key in self.values if key not in self.id.keys and len(self.values[key]) > 1]
            advice = f"put {' and '.join(lacking)} into it" if lacking else "put another character between its values"
            raise self.place.error(f"two combinations would have the id {shown(name)}; {advice}", "id")
        seen.add(name)


def make_grid(entry: Entry, matrix: Mapping[str, tuple[str | int | float, ...]], place: Place, *, own_id: bool) -> Grid:
    """`entry` with its texts parsed; nothing is multiplied yet. `own_id` is False for an id we gave it.

    Raises:
        BatchFileError: repeated values, braces that do not fit, or a key the prompt does not use.
    """
    values = {key: _rendered(key, found, place) for key, found in matrix.items()}
    parse = _parser(values, place)
    grid = Grid(
        entry,
        place,
        values,
        prompt=parse(entry.prompt, "prompt", ()),
        id=parse(entry.id, "id", ()) if own_id else Template((entry.id,), ()),
        out=None if entry.out is None else parse(entry.out, "out", ()),
        name=None if entry.name is None else parse(entry.name, "name", NAMING_FIELDS),
    )
    for key in values:
        if key not in grid.prompt.keys:
            raise place.error(
                f"is not in the prompt, so its pictures would be the same; write {{{key}}} there, or use n for more "
                "pictures of one prompt",
                f"matrix.{key}",
            )
    if grid.longest > PROMPT_LIMIT:
        raise place.error(f"is over {PROMPT_LIMIT:,} characters with its longest matrix values; shorten it", "prompt")
    return grid


def check_unmultiplied(entry: Entry, place: Place) -> None:
    """The braces of an entry without a matrix: plain text in a prompt, naming fields in a name.

    Raises:
        BatchFileError: a field in its name or directory that nothing will fill.
    """
    if entry.name is not None:
        _parser((), place)(entry.name, "name", NAMING_FIELDS)
    if entry.out is not None and (found := re.search(r"\{\w[\w-]*\}", entry.out)):
        raise place.error(
            f"{shown(found[0])[1:-1]} needs a matrix in this entry; add one or write the directory out", "out"
        )


def _parser(keys: Collection[str], place: Place) -> Callable[[str, str, Collection[str]], Template]:
    def parse(text: str, where: str, passed: Collection[str]) -> Template:
        try:
            return parse_template(text, keys, passed)
        except TemplateError as error:
            raise place.error(str(error), where) from None

    return parse


def _rendered(key: str, values: tuple[str | int | float, ...], place: Place) -> tuple[str, ...]:
    for value in values:
        if isinstance(value, float) and not math.isfinite(value):
            raise place.error(f"{value} is no number to put into words; write it as text", f"matrix.{key}")
        if isinstance(value, int) and abs(value) >= 10**20:
            raise place.error("a number is too long; write it as text", f"matrix.{key}")
    texts = tuple(map(str, values))
    seen: set[str] = set()
    for text in texts:
        if text in seen:
            raise place.error(f"has {shown(text)} twice; remove one", f"matrix.{key}")
        seen.add(text)
    return texts


def _labels(columns: tuple[tuple[str, ...], ...], room: int) -> tuple[str, ...]:
    """Short words for every combination, all different: slugs of the values where those are, else numbers."""
    words = [_column_labels(column) for column in columns]
    joined = tuple("-".join(parts) for parts in product(*words))
    if len(set(joined)) == len(joined) and max(map(len, joined)) <= room:
        return joined
    numbers = [[str(at) for at, _ in enumerate(column, 1)] for column in columns]
    return tuple("-".join(parts) for parts in product(*numbers))


def _column_labels(values: tuple[str, ...]) -> list[str]:
    slugs = ["-".join(re.findall(r"[^\W_]+", value.lower())) for value in values]
    if len(set(slugs)) == len(slugs) and all(0 < len(slug) <= LABEL_LIMIT for slug in slugs):
        return slugs
    return [str(at) for at, _ in enumerate(values, 1)]
