"""The texts of one entry cut at their braces, and the axes they name there."""

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial

from imgcli.batch.axes import Axis, make_axis
from imgcli.batch.draft import Place, shown
from imgcli.batch.keys import NAMING_FIELDS
from imgcli.batch.paths import as_part
from imgcli.batch.template import StrayBraceError, Template, TemplateError, Words, escape, parse_template
from imgcli.batch.vars import Vars


@dataclass(frozen=True, slots=True)
class Scope:
    """What braces may mean in an entry beside its own matrix and zip; made by `scope_of`.

    Attributes:
        texts: names of `[vars]` and the text that stands for them.
        in_names: the same for a `name`, which is a template still: a brace in a text must not open a field in it.
        lists: names of `[vars]` with several values.
        wildcard: the axis of `@colours`; raises TemplateError.
        why: what makes braces live, where that is not to be seen in the entry; for messages.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    in_names: Mapping[str, str] = field(default_factory=dict)
    lists: dict[str, Axis] = field(default_factory=dict)
    wildcard: Callable[[str], Axis] | None = None
    why: str = ""


def scope_of(words: Vars, wildcard: Callable[[str], Axis] | None, why: str) -> Scope:
    texts = {key: value for key, value in words.items() if isinstance(value, str)}
    lists = {
        key: make_axis((key,), tuple((text,) for text in value), "")
        for key, value in words.items()
        if not isinstance(value, str)
    }
    return Scope(texts, {key: escape(as_part(text)) for key, text in texts.items()}, lists, wildcard, why)


@dataclass(slots=True)
class Cutter:
    """Cuts the texts of one entry; `axes` holds its matrix and zip by their names, and grows by the lists of `[vars]`,
    the wildcards and the alternatives it meets.
    """

    place: Place
    scope: Scope
    axes: dict[str, Axis]

    def cut(self, text: str, where: str) -> Template:
        """The text of the key `where`.

        Raises:
            BatchFileError: braces that do not fit, or what is wrong in the file of a wildcard.
        """
        if "{" not in text and "}" not in text:
            return Template((text,), ())
        name = where == "name"
        wildcard = self.scope.wildcard
        words = Words(
            keys=ChainMap(self.axes, self.scope.lists),
            passed=NAMING_FIELDS if name else (),
            constants=self.scope.in_names if name else self.scope.texts,
            wildcard=partial(self._wildcard, wildcard, where) if wildcard else None,
            options=self._options if where == "prompt" else None,
        )
        try:
            found = parse_template(text, words)
        except TemplateError as error:
            why = self.scope.why if isinstance(error, StrayBraceError) else ""
            raise self.place.error(f"{error}{why}", where) from None
        for key in found.keys:
            if key not in self.axes:
                self.axes[key] = replace(self.scope.lists[key], where=where)
        return found

    def _wildcard(self, axis_of: Callable[[str], Axis], where: str, body: str) -> str:
        axis = axis_of(body)
        (key,) = axis.names
        self.axes.setdefault(key, replace(axis, where=where))
        return key

    def _options(self, options: tuple[str, ...]) -> str:
        if len(set(options)) < len(options):
            again = next(option for at, option in enumerate(options) if option in options[:at])
            raise TemplateError(f"has {shown(again)} twice in {shown('{' + '|'.join(options) + '}')}; remove one")
        key = f"|{len(self.axes)}"
        self.axes[key] = make_axis((key,), tuple((option,) for option in options), "prompt")
        return key
