"""A TOML batch file and those it includes, in the order of their prompts, each with what it inherits.

The nearer has the say in `[defaults]`: an entry, its file, the file that includes it. In `[vars]` the farther has it: an
included file's own are what stands there if nobody includes it, so that one set serves many libraries. What an included
file has in `[vars]` also serves the file that includes it, where that says nothing itself.
"""

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from imgcli.batch.check import check_defaults
from imgcli.batch.cut import Scope, scope_of
from imgcli.batch.draft import Draft, shown
from imgcli.batch.layout import Effort
from imgcli.batch.neighbours import Nearby, NeighbourError, inner_path
from imgcli.batch.refs import placed
from imgcli.batch.schema import INCLUDES_LIMIT
from imgcli.batch.toml_file import TomlFile, read_toml
from imgcli.batch.vars import Vars, check_vars
from imgcli.batch.wildcards import Wildcards

BYTES_LIMIT = 4 << 20
DEPTH_LIMIT = 8
PREFIX_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Source:
    """The entries of one file.

    Attributes:
        prefix: what the ids begin with that are not given.
        defaults: by the fields of `Entry`.
        scope: what braces mean in it beside the keys of an entry.
        live: braces mean that in all of its entries, also in those without values of their own.
        beside: its directory, told from that of the batch file; empty for that one.
    """

    prefix: str
    drafts: Iterable[Draft]
    defaults: dict[str, Any]
    scope: Scope
    live: bool
    beside: str = ""


@dataclass(frozen=True, slots=True)
class _Node:
    """One file; `up` is what it and all below it have in `[vars]`, `live` whether any has such a table."""

    path: str
    file: TomlFile
    own: dict[str, Any]
    vars: Vars
    up: Vars
    live: bool
    includes: tuple["_Node", ...]


def read_sources(text: str, file: str, nearby: Nearby) -> list[Source]:
    """The file and all it includes: what is included comes first, and once.

    Raises:
        BatchFileError: what is wrong in one of them, or an include that leads nowhere, out or round.
    """
    return list(_Tree(file, nearby).sources(text))


class _Tree:
    """Reads the files, then lets defaults and words run down and up between them."""

    def __init__(self, file: str, nearby: Nearby) -> None:
        self._file = file
        self._nearby = nearby
        self._effort = Effort()
        self._nodes: dict[str, _Node] = {}
        self._done: set[str] = set()

    def sources(self, text: str) -> Iterable[Source]:
        root = self._node(text, PurePath(self._file).name, ())
        yield from self._flat(root, {}, {}, root=True)

    def _label(self, path: str) -> str:
        return str(PurePath(self._file).parent / path)

    def _node(self, text: str, path: str, above: tuple[str, ...]) -> _Node:
        label = self._label(path) if above else self._file
        file = read_toml(text, label, self._effort)
        words = check_vars(file.vars) if file.vars else {}
        beside = posixpath.dirname(path) if above else ""
        defaults = placed(check_defaults(file.defaults), beside, file.defaults.place) if file.defaults else {}
        includes = self._includes(file, path, (*above, path))
        up = {name: value for inner in includes for name, value in inner.up.items()} | words
        live = file.vars is not None or any(inner.live for inner in includes)
        node = self._nodes[path] = _Node(path, file, defaults, words, up, live, includes)
        return node

    def _includes(self, file: TomlFile, path: str, above: tuple[str, ...]) -> tuple[_Node, ...]:
        found: dict[str, _Node] = {}
        for typed in file.include:
            try:
                for inner in self._meant(typed, path):
                    found.setdefault(inner, self._nodes.get(inner) or self._included(inner, above))
            except NeighbourError as error:
                raise file.place.error(str(error), "include") from None
        return tuple(found.values())

    def _meant(self, typed: str, path: str) -> list[str]:
        inner = inner_path(path, typed)
        if not inner.endswith(".toml"):
            raise NeighbourError(f"{shown(typed)} is no TOML batch file; only those can be included")
        if "*" not in inner:
            return [inner]
        return [one for one in self._nearby.matching(inner) if one != path]

    def _included(self, inner: str, above: tuple[str, ...]) -> _Node:
        if inner in above:
            raise NeighbourError(f"goes round: {' > '.join((*above[above.index(inner) :], inner))}; remove one include")
        if len(above) > DEPTH_LIMIT:
            raise NeighbourError(
                f"{shown(inner)} is included over more than {DEPTH_LIMIT} files; include it further up"
            )
        if len(self._nodes) >= INCLUDES_LIMIT:
            raise NeighbourError(f"{shown(inner)} is one file too many: {INCLUDES_LIMIT} are allowed")
        return self._node(self._nearby.read(inner, BYTES_LIMIT), inner, above)

    def _flat(self, node: _Node, defaults: dict[str, Any], words: Vars, *, root: bool = False) -> Iterable[Source]:
        if node.path in self._done:
            return
        self._done.add(node.path)
        defaults = defaults | node.own
        for inner in node.includes:
            yield from self._flat(inner, defaults, node.vars | words)
        live = bool(words) or node.live
        prefix = "prompt" if root else PurePath(node.path).stem[:PREFIX_LIMIT]
        why = "; braces mean something here because of [vars]" if live else ""
        wildcards = Wildcards(self._nearby, node.path, self._label)
        beside = "" if root else posixpath.dirname(node.path)
        scope = scope_of(node.up | words, wildcards.axis, why)
        yield Source(prefix, node.file.prompts, defaults, scope, live, beside)
