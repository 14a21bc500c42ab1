"""`imgcli cache`: the directory of pictures that were made before, and the money they saved."""

import os
import time
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import options, show
from imgcli.errors import StorageError, UsageError
from imgcli.machine import why
from imgcli.model.money import exact_usd, format_usd

if TYPE_CHECKING:
    from imgcli.model.origin import Savings
    from imgcli.settings import Paths

DAY = 86_400.0


async def stats(profile: options.Profile = None, json: options.Json = False) -> int:
    """Show what the cache holds, how often it was of use, and the money saved. Examples:

    imgcli cache stats

    imgcli cache stats --json
    """
    from imgcli.settings import load_settings
    from imgcli.wiring import cache_directory, open_pictures

    settings = load_settings(os.environ, {}, profile)
    pictures = open_pictures(settings)
    try:
        every = [each for each in pictures.stored() if each.has_picture]
    except OSError as error:
        raise StorageError(f"the cache {cache_directory(settings)} cannot be read ({why(error)})") from error
    size = sum(each.size_bytes for each in every)
    saved = await _savings(settings.paths)
    if json:
        told = {"directory": str(cache_directory(settings)), "entries": len(every), "bytes": size}
        told |= {"cap_bytes": settings.cache_size, "reused": saved.pictures, "unpriced": saved.unknown}
        show.json_line(told | {"saved_usd": exact_usd(saved.nano_usd)})
        return 0
    unknown = f", {saved.unknown} of unknown price" if saved.unknown else ""
    show.line(f"{cache_directory(settings)}")
    show.line(f"{len(every):,} pictures, {_size(size)} of {_size(settings.cache_size)}")
    show.line(f"{saved.pictures:,} reused so far, {format_usd(saved.nano_usd)} saved{unknown}")
    return 0


async def clear(
    older: Annotated[
        float | None,
        typer.Option("--older", metavar="DAYS", min=0, help="Only what was of no use for so many days."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    profile: options.Profile = None,
) -> int:
    """Empty the cache. Your own pictures stay; what was made can still be found in their directories. Examples:

    imgcli cache clear

    imgcli cache clear --older 90 --yes
    """
    from imgcli.cli.consent import agreed
    from imgcli.settings import load_settings
    from imgcli.wiring import cache_directory, open_pictures

    settings = load_settings(os.environ, {}, profile)
    place, pictures = cache_directory(settings), open_pictures(settings)
    before = time.time() - older * DAY if older is not None else float("inf")
    try:
        every = [each for each in pictures.stored() if each.used_at < before]
        count, size = sum(each.has_picture for each in every), sum(each.size_bytes for each in every)
        if not every:
            show.talk(f"nothing to clear in {place}")
            return 0
        if not yes:
            show.talk(f"{count:,} pictures, {_size(size)}, in {place}; pictures in your own directories stay.")
            _require_terminal()
            if not agreed():
                raise UsageError("nothing was taken away")
        count, size = pictures.clear(before)
    except OSError as error:
        raise StorageError(f"the cache {place} cannot be cleared ({why(error)})") from error
    show.talk(f"{count:,} pictures taken away, {_size(size)}")
    return 0


async def verify(
    drop: Annotated[bool, typer.Option("--drop", help="Take broken ones away.")] = False,
    profile: options.Profile = None,
    json: options.Json = False,
) -> int:
    """Read every byte of the cache. Exit code 7 if something is broken; none of it is ever handed out. Examples:

    imgcli cache verify

    imgcli cache verify --drop
    """
    from imgcli.settings import load_settings
    from imgcli.wiring import cache_directory, open_pictures

    settings = load_settings(os.environ, {}, profile)
    place, pictures = cache_directory(settings), open_pictures(settings)
    whole = broken = dropped = 0
    try:
        for each in pictures.stored():
            problem = pictures.broken(each)
            whole += each.has_picture and not problem
            broken += bool(problem)
            if not problem:
                continue
            is_gone = drop and pictures.discard(each)
            dropped += is_gone
            if json:
                show.json_line({"event": "broken", "key": each.key, "problem": problem, "dropped": is_gone})
            else:
                show.line(f"broken  {each.key}  {problem}{'; taken away' if is_gone else ''}")
    except OSError as error:
        raise StorageError(f"the cache {place} cannot be read ({why(error)})") from error
    code = StorageError.exit_code if broken > dropped else 0
    if json:
        show.json_line({"event": "end", "whole": whole, "broken": broken, "dropped": dropped, "exit_code": code})
    else:
        show.line(f"{whole:,} whole, {broken:,} broken{f', {dropped:,} taken away' if dropped else ''}")
    return code


async def _savings(paths: "Paths") -> "Savings":
    from imgcli.model.origin import Savings
    from imgcli.wiring import open_catalog

    # Looking at it makes none.
    if not (paths.data / "catalog.db").exists():
        return Savings()
    catalog = open_catalog(paths)
    try:
        return await catalog.savings()
    finally:
        await catalog.close()


def _require_terminal() -> None:
    import sys

    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here, so add --yes; nothing was taken away")


def _size(count: int) -> str:
    """Bytes for people."""
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.3g} {unit}" if count < 1000 * size else f"{count / size:,.0f} {unit}"
    return f"{count} bytes"
