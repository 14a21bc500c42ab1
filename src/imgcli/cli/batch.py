"""`imgcli batch`: an asset library from a file of prompts."""

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from imgcli.cli import options
from imgcli.errors import BatchFileError, UsageError

MAX_BYTES = 4 * 1024 * 1024
LIBRARY = "The library"


async def batch(  # noqa: PLR0917 - a command line is named, not positional
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="TOML, CSV, JSONL, or text with a prompt a line; - reads stdin.")
    ],
    kind: Annotated[
        str | None,
        typer.Option(
            "--type",
            metavar="WORD",
            help="toml, csv, jsonl or text, where the name does not tell.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    style: options.Style = None,
    no: options.No = None,
    model: options.Model = None,
    provider: options.Provider = None,
    size: options.Size = None,
    aspect: options.Aspect = None,
    quality: options.Quality = None,
    image_format: options.Format = None,
    background: options.Background = None,
    draft: options.Draft = False,
    downscale: options.Downscale = False,
    convert: options.Convert = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only", metavar="ID", help="Just these ids (* and ? match); repeatable.", rich_help_panel=options.PICTURE
        ),
    ] = None,
    plan: Annotated[
        bool,
        typer.Option(
            "--plan",
            help="Show what would be made and why, against the lock file and the disk; send nothing.",
            rich_help_panel=LIBRARY,
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Exit 1 if a picture is not as the file wants it; needs no key and no ledger.",
            rich_help_panel=LIBRARY,
        ),
    ] = False,
    read_data: Annotated[
        bool,
        typer.Option(
            "--read-data",
            help="With --plan or --check: read every picture whole and compare its SHA-256.",
            rich_help_panel=LIBRARY,
        ),
    ] = False,
    again: Annotated[
        list[str] | None,
        typer.Option(
            "--again",
            metavar="ID",
            help="Make these anew, and nothing else; costs again. Old pictures stay. Repeatable.",
            rich_help_panel=LIBRARY,
        ),
    ] = None,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune",
            help="Move pictures that the file wants no more into OUT/.imgcli-pruned; deletes nothing.",
            rich_help_panel=LIBRARY,
        ),
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            metavar="DIR",
            help="Default: a directory named like the file.",
            rich_help_panel=options.WHERE,
        ),
    ] = None,
    template: options.Template = None,
    if_exists: options.IfExists = None,
    remake: Annotated[
        bool,
        typer.Option(
            "--remake",
            help="Make all anew, also what is there already or uncertain; costs again.",
            rich_help_panel=options.WHERE,
        ),
    ] = False,
    expect: options.Expect = None,
    tries: options.Tries = None,
    distinct: options.Distinct = False,
    expand: options.Expand = None,
    no_expand: options.NoExpand = False,
    ideas: options.Ideas = 1,
    policy: options.Policy = None,
    blocklist: options.Blocklist = None,
    moderate: options.Moderate = None,
    max_cost: options.MaxCost = None,
    assume_cost: options.AssumeCost = None,
    paid_retries: options.PaidRetries = None,
    reuse: options.Cache = None,
    near: options.Near = None,
    jobs: options.Jobs = None,
    ipm: options.Ipm = None,
    base_url: options.BaseUrl = None,
    profile: options.Profile = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    explain: options.Explain = False,
    json: options.Json = False,
    template_out: options.Print = None,
    quiet: options.Quiet = False,
    no_progress: options.NoProgress = False,
    opens: options.Open = False,
) -> int:
    """Make every picture of a file.

    Run it again and it makes only what is missing or changed. FILE.lock beside the file says what was made of what;
    commit it with the pictures. Options given here win over the file. Examples:

      imgcli batch examples/prompts.toml

      imgcli batch prompts.csv --style flat-vector --max-cost 5

      imgcli batch prompts.toml --only "hero-*" --dry-run

      imgcli batch prompts.toml --plan
    """
    from dataclasses import replace

    from imgcli.cli.inputs import Inputs, Ready, room_for
    from imgcli.cli.library import Task, survey, task_of
    from imgcli.cli.making import Wanted, explain_plan, make_pictures
    from imgcli.cli.pruning import prune_library
    from imgcli.cli.show import Output
    from imgcli.model.entry import idea_id
    from imgcli.plan import LIKE_INPUT
    from imgcli.settings import load_settings

    flags: dict[str, object] = {
        "model": model,
        "provider": provider,
        "size": None if size == LIKE_INPUT else size,
        "quality": quality,
        "format": image_format,
    }
    flags |= {"template": template, "if_exists": if_exists, "max_cost": max_cost, "assume_cost": assume_cost}
    flags |= {"jobs": jobs, "ipm": ipm, "cache": reuse, "base_url": base_url, "paid_retries": paid_retries}
    flags["expand"] = options.expansion(expand, ideas, no_expand=no_expand)
    flags |= {"policy": policy, "blocklist": blocklist, "moderate": moderate}
    settings = load_settings(os.environ, flags, profile)
    given = {name: value for name, value in flags.items() if name in _OVERRIDABLE and value is not None}
    if aspect:
        options.require_aspect(aspect)
    for text in no or ():
        options.require_plain("--no", text)
    like = size if size == LIKE_INPUT else None
    said: dict[str, object] = {"size": aspect or like, "background": background, "style": tuple(style or ()) or None}
    said |= {"draft": draft or None, "expect": options.expectations(expect, distinct=distinct), "tries": tries}
    given |= {name: value for name, value in said.items() if value is not None}
    from_stdin = str(file) == "-"
    task = task_of(
        {"--plan": plan, "--check": check, "--prune": prune, "--dry-run": dry_run},
        explains=explain,
        again=bool(again),
        read_data=read_data,
        from_stdin=from_stdin,
    )
    entries = [_overridden(entry, given, tuple(no or ())) for entry in _read(file, kind)]
    _require_expectations(entries, typed=tries is not None)
    anew = _picked(entries, again, "--again")
    patterns = [*(only or ()), *(again or ())]
    # What is to be put aside may be of an id that the file has no more, and what is wanted is told by the whole file.
    picked = _picked(entries, only, "--only") | anew if patterns and task is not Task.PRUNE else None
    root = out or (Path(settings.out) if settings.out else Path.cwd() / ("batch" if from_stdin else file.stem))
    options.require_text(root)
    name = Path(sys.argv[0]).name
    program = ["python3", "-m", "imgcli"] if name == "__main__.py" else [name]
    carry_on = "" if from_stdin or again or remake else shlex.join([*program, *sys.argv[1:]])
    output = Output(json, quiet, not no_progress, template_out, opens)
    wanted = Wanted(
        "batch",
        entries,
        settings,
        root,
        resume=not remake,
        again=carry_on,
        beside=None if from_stdin else file.absolute().parent,
        batch_file=None if from_stdin else file,
        only=picked,
        concerns=lambda entry: not patterns or _matches(entry, patterns),
        anew=anew | {idea_id(name, number) for name in anew for number in range(1, ideas + 1) if ideas > 1},
        dry_run=dry_run,
        yes=yes,
        ideas=ideas,
        output=output,
        near=near,
    )
    beside = Path.cwd() if from_stdin else file.absolute().parent
    with room_for(settings.paths, keeps=task is Task.MAKE and not explain and not dry_run) as cache:
        inputs = Inputs(settings, cache, Ready(downscale, convert), within=beside)
        wanted = replace(wanted, entries=inputs.onto(entries, picked))
        inputs.tell(output)
        if explain:
            return await explain_plan(wanted, frozenset(given))
        match task:
            case Task.PLAN | Task.CHECK:
                return await survey(wanted, task, read_data=read_data)
            case Task.PRUNE:
                return await prune_library(wanted)
            case Task.MAKE:
                return await make_pictures(wanted)


if TYPE_CHECKING:
    from collections.abc import Sequence

    from imgcli.model.entry import Entry

_OVERRIDABLE = frozenset({"model", "provider", "size", "quality", "format"})


def _overridden(entry: "Entry", given: dict[str, object], no: tuple[str, ...]) -> "Entry":
    from dataclasses import replace

    if not given and not no:
        return entry
    changed = replace(entry, **cast("dict[str, Any]", given))
    return replace(changed, no=(*(changed.no or ()), *no)) if no else changed


def _picked(entries: "Sequence[Entry]", patterns: list[str] | None, option: str) -> frozenset[str]:
    """The ids that match; none without patterns."""
    if not patterns:
        return frozenset()
    found = frozenset(entry.id for entry in entries if _matches(entry.id, patterns))
    if not found:
        some = ", ".join(entry.id for entry in entries[:5])
        begun = next((f"; all of {p}: {option} '{p}-*'" for p in patterns if _matches_any(entries, f"{p}-*")), "")
        raise UsageError(
            f"{option} {' '.join(patterns)}: no such id; the file has {some}{', ...' if len(entries) > 5 else ''}{begun}"
        )
    return found


def _require_expectations(entries: "Sequence[Entry]", *, typed: bool) -> None:
    """Refuse `tries` where no entry expects anything that another try could be for."""
    first = next((entry for entry in entries if entry.tries is not None), None)
    if first is None or any(entry.expect for entry in entries):
        return
    if typed:
        raise UsageError("--tries goes with --expect, and no entry expects anything; add --expect size")
    raise BatchFileError(first.where, 'tries goes with expect, and no entry expects anything; add expect = "size"')


def _matches_any(entries: "Sequence[Entry]", pattern: str) -> bool:
    return any(_matches(entry.id, [pattern]) for entry in entries)


def _matches(entry: str, patterns: "Sequence[str]") -> bool:
    from fnmatch import fnmatchcase

    # A bracket is a bracket: only * and ? match more than themselves.
    return any(fnmatchcase(entry, pattern.replace("[", "[[]")) for pattern in patterns)


def _read(file: Path, kind: str | None) -> tuple["Entry", ...]:
    from imgcli.batch.read import Kind, kind_of, parse_batch
    from imgcli.cli.neighbours import DirectoryNeighbours

    from_stdin = str(file) == "-"
    label = "stdin" if from_stdin else str(file)
    if kind is not None and kind not in {known.value for known in Kind}:
        raise UsageError(f"--type {kind!r} is not one of {', '.join(known.value for known in Kind)}")
    if from_stdin and kind is None:
        raise UsageError("batch - needs --type toml, csv, jsonl or text")
    # The words of os.path answer for any name, also one that no disk takes.
    if not from_stdin and not os.path.exists(file):  # noqa: PTH110
        raise BatchFileError(label, "there is no such file")
    if os.path.isdir(file):  # noqa: PTH112
        raise BatchFileError(label, "is a directory; name a file in it")
    found = Kind(kind) if kind else kind_of(file.name)
    try:
        if from_stdin:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
        else:
            with file.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        raise BatchFileError(label, "there is no such file") from None
    except OSError as error:
        raise BatchFileError(label, f"cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise BatchFileError(label, f"is not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    if len(data) > MAX_BYTES:
        raise BatchFileError(label, "is larger than 4 MiB; split it")
    neighbours = None if from_stdin else DirectoryNeighbours(file.absolute().parent)
    return parse_batch(text, found, label, neighbours).entries
