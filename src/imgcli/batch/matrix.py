"""One entry with live braces: an entry for every combination of its values, in a stable order."""

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import chain
from typing import Any

from imgcli.batch.axes import Axis, Draw, Row, Sets, axes_of, combinations, labelled
from imgcli.batch.check import id_problem
from imgcli.batch.cut import Cutter, Scope
from imgcli.batch.draft import Place, shown
from imgcli.batch.keys import NAMING_FIELDS
from imgcli.batch.neighbours import PATH_LIMIT
from imgcli.batch.paths import as_part, out_problem
from imgcli.batch.refs import KEYS
from imgcli.batch.schema import ID_LIMIT, PROMPT_LIMIT, SETTING_AXES
from imgcli.batch.template import Template, TemplateError, Words, escape, parse_template
from imgcli.model.entry import Entry

_FIELDS = tuple(field.name for field in fields(Entry))
_LIMITS = {"prompt": PROMPT_LIMIT, "no": 1000, "style": 100, "tags": 100, "refs": PATH_LIMIT}


@dataclass(frozen=True, slots=True)
class Grid:
    """An entry, checked and ready to be multiplied: the first of `axes` changes slowest."""

    entry: Entry
    place: Place
    axes: tuple[Axis, ...]
    draw: Draw | None
    prompt: Template
    id: Template
    out: Template | None
    name: Template | None
    lists: Mapping[str, tuple[Template, ...]]
    mask: Template | None

    @property
    def count(self) -> int:
        total = math.prod(len(axis.rows) for axis in self.axes)
        return min(total, self.draw.count) if self.draw else total

    @property
    def longest(self) -> int:
        """Characters of the longest prompt."""
        return self.prompt.longest(self._lengths())

    @property
    def characters(self) -> int:
        """Characters of the longest texts of one combination together."""
        lengths = self._lengths()
        others = [text for text in (self.out, self.name, self.mask) if text]
        return sum(text.longest(lengths) for text in [self.prompt, *others, *chain(*self.lists.values())])

    def entries(self) -> Iterator[Entry]:
        """One entry per combination.

        Raises:
            BatchFileError: a combination makes a bad id, directory or name, an empty text, or an id a second time.
        """
        base = "" if self.id.keys else self.id.literals[0].strip()
        if not self.axes:
            self._check_id(base, set())
            yield replace(self.entry, id=base, **self._filled({}))
            return
        said = {name: getattr(self.entry, name) for name in _FIELDS}
        names = tuple(chain(*(axis.names for axis in self.axes)))
        settings = [name for name in names if name in SETTING_AXES]
        seen: set[str] = set()
        for rows, label in self._picked(base):
            values = dict(zip(names, chain(*rows), strict=True))
            name = f"{base}-{label}" if base else self.id.fill(values).strip()
            self._check_id(name, seen)
            yield Entry(**{**said, "id": name, **self._filled(values), **_settings(settings, values)})

    def _picked(self, base: str) -> Iterator[tuple[list[Row], str]]:
        """The rows of each combination, and what to add to `base` for its id."""
        if base:
            found = labelled(self.axes, ID_LIMIT - len(base) - 1, self.draw)
        else:
            found = ((picked, "") for picked in combinations(self.axes, self.draw))
        for picked, label in found:
            yield [axis.rows[row] for axis, row in zip(self.axes, picked, strict=True)], label

    def check(self) -> None:
        """What can be said before anything is multiplied.

        Raises:
            BatchFileError: an axis that changes no picture, a name that stands nowhere, or a text that gets too long.
        """
        if self.draw and not self.axes:
            advice = "add a matrix, a wildcard or alternatives, or remove it"
            raise self.place.error(f"there is nothing to draw from; {advice}", "sample")
        if self.axes:
            self._check_axes()
        lengths = self._lengths()
        for key, texts in (("prompt", (self.prompt,)), *self.lists.items()):
            if max(text.longest(lengths) for text in texts) > _LIMITS[key]:
                over = f"is over {_LIMITS[key]:,} characters with its longest values; shorten it"
                raise self.place.error(over, KEYS.get(key, key))

    def _check_axes(self) -> None:
        lists = (*self.lists.get("no", ()), *self.lists.get("style", ()), *self.lists.get("refs", ()))
        pictured = {*SETTING_AXES, *_keys(self.prompt, self.mask, *lists)}
        used = pictured | _keys(self.id, self.out, self.name, *self.lists.get("tags", ()))
        for axis in self.axes:
            self._check_used(axis, pictured, used)

    def _check_used(self, axis: Axis, pictured: Collection[str], used: Collection[str]) -> None:
        first = axis.names[0]
        where = f"zip.{first}" if axis.where == "zip" else axis.where
        if not any(name in pictured for name in axis.names):
            raise self.place.error(
                f"{_subject(axis)}is not in the prompt, so its pictures would be the same; write {_braced(first)} "
                "there, or use n for more pictures of one prompt",
                where,
            )
        if idle := next((name for name in axis.names if name not in used), ""):
            raise self.place.error(f"is used nowhere; write {_braced(idle)} in a text or remove it", f"zip.{idle}")

    def _lengths(self) -> dict[str, int]:
        return {name: width for axis in self.axes for name, width in zip(axis.names, axis.widths, strict=True)}

    def _filled(self, values: Mapping[str, str]) -> dict[str, Any]:
        prompt = self.prompt.fill(values).strip()
        if not prompt:
            raise self.place.error("the prompt is empty with some values; give it words of its own", "prompt")
        filled: dict[str, Any] = {"prompt": prompt}
        for key, texts in self.lists.items():
            filled[key] = tuple(text.fill(values) for text in texts)
            if not all(map(str.strip, filled[key])):
                raise self.place.error("is blank with some values; give it words of its own", KEYS.get(key, key))
        if self.out:
            filled["out"] = self._directory(self.out, values)
        if self.mask:
            filled["mask"] = self.mask.fill(values)
        if self.name:
            # The name is a template still, so a brace in a value must not open a field in it.
            filled["name"] = self.name.fill({key: escape(as_part(values[key])) for key in self.name.keys})
        return filled

    def _directory(self, template: Template, values: Mapping[str, str]) -> str:
        out = template.fill({key: as_part(values[key]) for key in template.keys}).removesuffix("/")
        if problem := out_problem(out):
            raise self.place.error(f"{shown(out)}: {problem}", "out")
        return out

    def _check_id(self, name: str, seen: set[str]) -> None:
        if problem := id_problem(name):
            raise self.place.error(f"with its values the id {problem}", "id")
        if name in seen:
            lacking = [
                _braced(axis.names[0])
                for axis in self.axes
                if len(axis.rows) > 1 and not set(axis.names) & set(self.id.keys)
            ]
            advice = "put another character between its values"
            if any(name.startswith("{|") for name in lacking):
                advice = "name the alternatives in a matrix and put them into it"
            elif lacking:
                advice = f"put {' and '.join(lacking)} into it"
            raise self.place.error(f"two combinations would have the id {shown(name)}; {advice}", "id")
        seen.add(name)


def make_grid(entry: Entry, sets: Sets, place: Place, *, own_id: bool, scope: Scope | None = None) -> Grid:
    """`entry` with its texts cut at their braces; nothing is multiplied yet. `own_id` is False for an id we gave it.

    Raises:
        BatchFileError: values that cannot be meant, braces that do not fit, or see `Grid.check`.
    """
    cutter = Cutter(place, scope or Scope(), {name: axis for axis in axes_of(sets, place) for name in axis.names})
    prompt = cutter.cut(entry.prompt, "prompt")
    lists = {
        key: tuple(cutter.cut(text, KEYS.get(key, key)) for text in texts)
        for key, texts in (("no", entry.no), ("style", entry.style), ("tags", entry.tags), ("refs", entry.refs))
        if texts and _braces("".join(texts))
    }
    grid = Grid(
        entry,
        place,
        prompt=prompt,
        lists=lists,
        id=cutter.cut(entry.id, "id") if own_id else Template((entry.id,), ()),
        out=None if entry.out is None else cutter.cut(entry.out, "out"),
        name=None if entry.name is None else cutter.cut(entry.name, "name"),
        mask=None if entry.mask is None else cutter.cut(entry.mask, "mask"),
        axes=tuple({id(axis): axis for axis in cutter.axes.values()}.values()),
        draw=sets.draw,
    )
    grid.check()
    return grid


def has_braces(entry: Entry) -> bool:
    """Whether any text in which braces can be live holds one."""
    lists = (*(entry.no or ()), *(entry.style or ()), *entry.tags, *entry.refs)
    return _braces("".join((entry.prompt, entry.id, entry.out or "", entry.name or "", entry.mask or "", *lists)))


def check_unmultiplied(entry: Entry, place: Place) -> None:
    """The braces of an entry in which they are not live: plain text in a prompt, naming fields in a name.

    Raises:
        BatchFileError: a field in its name or directory that nothing will fill.
    """
    if entry.name is not None and ("{" in entry.name or "}" in entry.name):
        try:
            parse_template(entry.name, Words(passed=NAMING_FIELDS))
        except TemplateError as error:
            raise place.error(str(error), "name") from None
    if entry.out is not None and (found := re.search(r"\{@?\w[^{}]*\}", entry.out)):
        raise place.error(
            f"{shown(found[0])[1:-1]} needs a matrix in this entry; add one or write the directory out", "out"
        )


def _keys(*texts: Template | None) -> set[str]:
    return {key for text in texts if text for key in text.keys}


def _braces(text: str) -> bool:
    return "{" in text or "}" in text


def _braced(name: str) -> str:
    return f"{{{name}}}"


def _subject(axis: Axis) -> str:
    return "" if axis.where.startswith(("matrix", "zip")) else f"{_braced(axis.names[0])} has several values, but "


def _settings(names: Collection[str], values: Mapping[str, str]) -> dict[str, Any]:
    shapes: dict[str, Callable[[str], object]] = {"style": lambda text: (text,), "seed": int}
    return {name: shapes.get(name, str)(values[name]) for name in names}
