"""The tree of commands, grown once for each process and not once for each call.

Typer makes it anew each time, which takes longer than most commands do, and keeps nothing in it from one call to the
next. Programs that are started as a user starts them grow their own.
"""

import functools

import typer.main


def grow_once(app: typer.Typer | None = None) -> None:
    """From now on a tree is made at its first call; that of `app` is made at once."""
    if not hasattr(typer.main.get_command, "cache_info"):
        typer.main.get_command = functools.cache(typer.main.get_command)
    if app is not None:
        typer.main.get_command(app)
