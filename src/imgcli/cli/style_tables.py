"""How styles are drawn on a terminal: the list by family, one with all its facts, several together."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from imgcli.cli import show
from imgcli.cli.safe import safe_lines, safe_text
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.prompt import Style

FIRST = "cinematic"
"""Heads the list: the one most people try."""

NO_FAMILY = "other"
LONGEST = 100_000
"""Characters of a directed prompt that are shown: more than any model takes."""

NARROW = 76
"""Columns below which a style takes two lines of the list."""


def families_of(styles: "Iterable[Style]") -> "dict[str, list[Style]]":
    """Styles by family in the order of the list: first what most people try, last those of no family."""
    ordered = sorted(styles, key=lambda style: (style.name != FIRST, style.name))
    first = next((style.family for style in ordered if style.name == FIRST), "")
    families: dict[str, list[Style]] = {}
    for style in sorted(ordered, key=lambda style: (not style.family, style.family != first, style.family)):
        families.setdefault(style.family or NO_FAMILY, []).append(style)
    return families


def of_family(family: str, families: "dict[str, list[Style]]") -> "list[Style]":
    """The styles of one family.

    Raises:
        UsageError: there is none of that name.
    """
    from imgcli.settings import guess

    if family not in families:
        raise UsageError(f"no family {family!r}{guess(family, list(families))}; there are {', '.join(families)}")
    return families[family]


def listing(families: "dict[str, list[Style]]", width: int) -> Any:
    """The list as it fits `width` columns: on a narrow terminal each description stands below its name."""
    narrow = width < NARROW
    rows: list[Sequence[Any]] = []
    for heading, styles in _headed(families):
        rows += [("", heading, "")] if heading else []
        for style in styles:
            name = style.name if style.source == "built-in" else f"{style.name} (yours)"
            told = (_below(name, style.description),) if narrow else (name, style.description)
            rows.append((_swatch(style, narrow=narrow), *told))
    columns = ("", "style") if narrow else ("", "style", "what it does")
    return show.table("", columns, [row[: len(columns)] for row in rows], whole=(0,) if narrow else (0, 1))


def _headed(families: "dict[str, list[Style]]") -> "Iterator[tuple[Any, list[Style]]]":
    """Each family with the cell above it, which the only one does not need."""
    from rich.text import Text

    for index, (family, styles) in enumerate(families.items()):
        gap = "\n" if index else ""
        yield Text(safe_lines(f"{gap}{family}"), style="bold") if len(families) > 1 else None, styles


def _below(name: str, description: str) -> Any:
    from rich.text import Text

    drawn = Text(safe_text(name))
    drawn.append("\n")
    drawn.append(safe_text(description), style="dim")
    return drawn


def plain_style(style: "Style") -> dict[str, Any]:
    """A style as JSON has it."""
    told = {name: getattr(style, name) for name in style.__dataclass_fields__}
    return told | {"keywords": dict(style.keywords)}


def facts(style: "Style") -> list[tuple[Any, Any]]:
    """All there is to know of one style, for people; what is not said has an empty second cell."""
    rows: list[tuple[Any, Any]] = [("description", style.description), ("family", style.family)]
    rows += [("extends", ", ".join(style.extends)), ("wording", style.prose)]
    rows += [(group, ", ".join(words)) for group, words in style.keywords]
    rows += [("keyword prompt", style.keyword_prompt), ("negative prompt", style.negative)]
    rows += [("avoid", ", ".join(style.avoid)), ("colours", _named(style.colours))]
    rows += [("keeps to", _named(style.palette))]
    rows += [(name, value) for name in ("size", "quality", "background") if (value := getattr(style, name))]
    return [*rows, ("from", style.source), ("version", style.version)]


def blend(styles: "Sequence[Style]", quarrels: Sequence[str]) -> list[tuple[Any, Any]]:
    """Several styles, a row each, and where they want different things."""
    rows: list[tuple[Any, Any]] = [(style.name, style.description) for style in styles]
    return rows + [("" if index else "conflicts", line) for index, line in enumerate(quarrels)]


def whole(text: str) -> Any:
    """A directed prompt as a cell of a table, not cut as other cells are: it is what is looked for."""
    from rich.text import Text

    return Text(safe_text(text, LONGEST))


def _swatch(style: "Style", *, narrow: bool = False) -> Any:
    """The style's colours as blocks on a terminal."""
    from rich.text import Text

    drawn = Text()
    for colour in style.colours or style.palette:
        drawn.append("█" if narrow else "██", style=colour)
    return drawn


def _named(colours: Sequence[str]) -> Any:
    """Colours as blocks, each with its name."""
    from rich.text import Text

    drawn = Text()
    for colour in colours:
        drawn.append("██ ", style=colour)
        drawn.append(safe_text(f"{colour}  "))
    return drawn
