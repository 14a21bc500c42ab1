"""`imgcli styles import`, `export`, `edit` and `diff`: styles as files, one's own and those of other tools."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.errors import StyleError, UsageError

if TYPE_CHECKING:
    from imgcli.director.exchange.placing import Placed
    from imgcli.model.prompt import Style

TOOLS = ("a1111", "fooocus", "invokeai")
FORMATS = ("toml", "a1111", "fooocus", "invokeai-csv", "invokeai-json")
MOST_LINES = 20
"""Problems that are told one by one."""

Name = Annotated[str, typer.Argument(metavar="NAME", help="The style.", autocompletion=options.complete_style)]


def import_styles(  # noqa: PLR0917 - a command line is named, not positional
    file: Annotated[Path, typer.Argument(metavar="FILE", help="styles.csv or a JSON file; - reads stdin.")],
    tool: Annotated[
        str | None, typer.Option("--format", metavar="WORD", help=f"{', '.join(TOOLS)}; told by the file if not given.")
    ] = None,
    prefix: Annotated[
        str | None, typer.Option("--prefix", metavar="TEXT", help="Before each name, like sdxl-.")
    ] = None,
    family: Annotated[
        str | None, typer.Option("--family", metavar="NAME", help="What they stand under in lists.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="Instead of your styles.")] = None,
    rename: Annotated[bool, typer.Option("--rename", help="Give a name that is taken a number.")] = False,
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help="Leave out what cannot be imported.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be written.")] = False,
    json: options.Json = False,
) -> int:
    """Bring in styles of A1111 (styles.csv), Fooocus (JSON) or InvokeAI (CSV or JSON). Examples:

    imgcli styles import styles.csv

    imgcli styles import styles.csv --prefix sdxl- --dry-run
    """
    from imgcli.cli.own_styles import label_of, read_file, taken_in
    from imgcli.director.exchange.foreign import Tool
    from imgcli.director.exchange.formats import read_foreign
    from imgcli.director.exchange.placing import Naming, place
    from imgcli.settings import find_paths

    _require_one_of("--format", tool, TOOLS)
    naming = Naming(prefix or "", family or "", rename)
    directory = to or find_paths(os.environ).styles
    label = label_of(file)
    reading = read_foreign(read_file(file), label, Tool(tool) if tool else None)
    placed, refused = place(reading, label, naming, taken_in(directory))
    problems = sorted([*reading.problems, *refused])
    _tell([problem.line for problem in problems], reading.notes, json=json)
    bad = len(problems)
    if bad and not skip_bad:
        raise StyleError(
            f"nothing was written: {bad} of {bad + len(placed)} entries cannot be imported; --skip-bad leaves them out"
        )
    if not placed and not bad:
        raise StyleError(f"{label}: has no styles in it")
    new = _bring_in(placed, directory, dry_run=dry_run, json=json)
    done = "would be written" if dry_run else "written"
    show.talk(f"{new} {done}, {len(placed) - new} there already, {bad} left out (read as {reading.tool.value})")
    return 0


def export_styles(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME", help="The styles.", autocompletion=options.complete_style),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All styles, or all of a --family.")] = False,
    family: Annotated[str | None, typer.Option("--family", metavar="NAME", help="All styles of a family.")] = None,
    form: Annotated[str, typer.Option("--format", metavar="WORD", help=f"{', '.join(FORMATS)}.")] = "toml",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Instead of stdout; a directory for several as toml."),
    ] = None,
) -> int:
    """Write styles for A1111, Fooocus or InvokeAI, or as files of ours. Examples:

    imgcli styles export cinematic --format a1111

    imgcli styles export --all --format a1111 -o styles.csv
    """
    from imgcli.cli.own_styles import chosen, write_new
    from imgcli.director.exchange.convert import foreign_of
    from imgcli.director.exchange.formats import WRITERS
    from imgcli.settings import find_paths

    _require_one_of("--format", form, FORMATS)
    styles = chosen(names or [], family, find_paths(os.environ), everything=everything)
    if form == "toml":
        return _export_files([style for style, _ in styles], out)
    foreign = [foreign_of(style, imported) for style, imported in styles]
    _tell_losses([style.name for style in foreign], form)
    text = WRITERS[form](foreign)
    if out is None:
        show.data(text)
        return 0
    write_new(out, text)
    show.line(str(out))
    return 0


def edit_style(name: Name) -> int:
    """Open a style of yours in $VISUAL or $EDITOR; of a built-in one a copy that is yours. Examples:

    imgcli styles edit ours

    imgcli styles edit cinematic
    """
    from imgcli.cli.own_styles import read_bytes
    from imgcli.cli.style_editor import ask_to_edit_again, editor_words, holds, own_file, problem_of, run_editor
    from imgcli.settings import find_paths

    words = editor_words(os.environ)
    paths = find_paths(os.environ)
    path, copied = own_file(name, paths)
    before = read_bytes(path)
    try:
        run_editor(words, path)
        while problem := problem_of(path, paths):
            ask_to_edit_again(name, problem)
            run_editor(words, path)
    finally:
        unchanged = holds(path, before)
        if copied and unchanged:
            path.unlink()
    if unchanged:
        show.talk(
            f"nothing changed; the copy is gone again and {name} is the built-in one" if copied else "nothing changed"
        )
        return 0
    show.line(str(path))
    show.talk(f"see what it does:  imgcli styles {'diff' if copied else 'show'} {name}")
    return 0


def diff_styles(
    before: Annotated[str, typer.Argument(metavar="A", help="A style, by its name or file.")],
    after: Annotated[
        str | None, typer.Argument(metavar="B", help="Another; without it yours is held against the built-in one.")
    ] = None,
    json: options.Json = False,
) -> int:
    """Compare two styles word by word, and what they make of a prompt; exits 1 if they differ. Examples:

    imgcli styles diff cinematic film-noir

    imgcli styles diff ours cinematic
    """
    from imgcli.cli import style_words
    from imgcli.cli.own_styles import side
    from imgcli.director import style_diff
    from imgcli.director.shelf import open_shelf
    from imgcli.settings import find_paths
    from imgcli.wiring import style_shelf

    shelf = style_shelf(find_paths(os.environ))
    if after is None:
        old, new = _shadowed(before, open_shelf([])), side(before, shelf)
        if new.source == old.source:
            raise StyleError(f"{before} is the built-in one; imgcli styles edit {before} makes it yours, or name two")
    else:
        old, new = side(before, shelf), side(after, shelf)
    found = style_diff.diff_styles(old, new)
    if json:
        for one in found:
            show.json_line({"field": one.field, "before": one.before, "after": one.after})
    elif found:
        style_words.draw_diff(old, new, found)
    else:
        show.talk(f"{old.name} ({old.source}) and {new.name} ({new.source}) say the same")
    return 1 if found else 0


def _require_one_of(option: str, typed: str | None, known: Sequence[str]) -> None:
    if typed is not None and typed not in known:
        raise UsageError(f"{option} {typed!r} is not one of {', '.join(known)}")


def _tell(problems: Sequence[str], notes: Sequence[str], *, json: bool) -> None:
    for state, lines in (("note", notes), ("bad", problems)):
        for line in lines if json else lines[:MOST_LINES]:
            if json:
                show.json_line({"state": state, "problem": line})
            else:
                show.talk(line)
        if not json and len(lines) > MOST_LINES:
            show.talk(f"... and {len(lines) - MOST_LINES:,} more (--json tells all)")


def _bring_in(placed: "Sequence[Placed]", directory: Path, *, dry_run: bool, json: bool) -> int:
    """Write what is new, and say where; how many that are."""
    from imgcli.cli.own_styles import write_new
    from imgcli.director.places import MAX_FILES

    new = sum(not one.same_as for one in placed)
    there = sum(1 for _ in directory.glob("*.toml")) if directory.is_dir() else 0
    if there + new > MAX_FILES:
        raise UsageError(f"{directory} would have {there + new:,} styles, and {MAX_FILES:,} are read; use --to DIR")
    for one in placed:
        path = directory / f"{one.written.name}.toml"
        if not one.same_as and not dry_run:
            write_new(path, one.written.text)
        if json:
            state = "kept" if one.same_as else "new" if dry_run else "written"
            told = {"state": state, "name": one.written.name, "path": one.same_as or str(path)}
            show.json_line(told | {"from": one.found.place, "title": one.found.style.name})
        elif not one.same_as:
            show.line(str(path))
    return new


def _export_files(styles: "Sequence[Style]", out: Path | None) -> int:
    """Our own files as they are: one on stdout or in a file, several in a directory.

    Raises:
        UsageError: several without a directory, or a name that is taken there; nothing is written then.
    """
    from imgcli.cli.own_styles import text_of, write_new

    told = {style.name for style in styles}
    for parent in sorted({name for style in styles for name in style.extends} - told):
        show.talk(f"{parent!r} is extended by one of them; whoever gets the files needs it too")
    if len(styles) == 1 and (out is None or not (out.is_dir() or str(out).endswith(os.sep))):
        text = text_of(styles[0])
        if out is None:
            show.data(text)
            return 0
        write_new(out, text)
        show.line(str(out))
        return 0
    if out is None:
        raise UsageError("several styles as toml are several files; say where with -o DIR")
    files = {out / f"{style.name}.toml": style for style in styles}
    if there := next((path for path in files if os.path.lexists(path)), None):
        raise UsageError(f"{there} exists; nothing is ever overwritten, and nothing was written")
    for path, style in files.items():
        write_new(path, text_of(style))
        show.line(str(path))
    return 0


def _tell_losses(names: Sequence[str], form: str) -> None:
    """What the other tool will not show, though it is in the file."""
    seen: set[str] = set()
    for name in names:
        if form == "a1111" and name.startswith("#"):
            show.talk(f"A1111 takes {name[:60]!r} for a comment")
        if name in seen:
            show.talk(f"{name!r} stands in it more than once; other tools take the last of a name")
        seen.add(name)


def _shadowed(name: str, built_in: "Mapping[str, Style]") -> "Style":
    if name in built_in:
        return built_in[name]
    raise StyleError(f"no built-in style is called {name[:60]!r}, so yours stands before none; name another to compare")
