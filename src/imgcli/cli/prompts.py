"""Prompts on a command line: what is one, and what is more likely a command or a file in the wrong place."""

import json
import sys
from collections.abc import Sequence

from imgcli.cli import options
from imgcli.errors import UsageError

NOT_PROMPTS = frozenset(
    {
        "help",
        "version",
        "gen",
        "edit",
        "vary",
        "restyle",
        "describe",
        "learn",
        "outpaint",
        "cutout",
        "upscale",
        "generate",
        "batch",
        "styles",
        "style",
        "models",
        "model",
        "budget",
        "config",
        "pick",
        "final",
        "doctor",
        "verify",
        "ledger",
        "history",
        "report",
        "cache",
    }
    | {"list", "show", "set", "init", "login", "exit", "quit"}
)
"""Single words that are more likely a command in the wrong place than a wish for a picture."""

FILES = (".toml", ".csv", ".jsonl", ".ndjson", ".txt")
MOST_PROMPTS = 10_000

FEWEST, LONGEST = 2, 200
"""Prompts of one word each that may have been one; characters of one that is told."""


def checked(prompts: Sequence[str], *, yes: bool) -> list[str]:
    """The prompts that are not blank; with `yes` whatever words they are.

    Raises:
        UsageError: none is left, or one looks like a mistake.
    """
    kept = [text for text in prompts if text.strip()]
    if not kept:
        raise UsageError('no prompt: type what to paint, like imgcli gen "a red car"')
    if len(kept) > MOST_PROMPTS:
        raise UsageError(f"{len(kept):,} prompts at once; put them into a file for imgcli batch")
    for text in kept:
        if text.strip().lower() in NOT_PROMPTS and not yes:
            raise UsageError(
                f"{text!r} looks like a command, and painting it may cost money; "
                f"try imgcli --help, or add --yes if you mean the word"
            )
        if not yes and " " not in text and text.lower().endswith(FILES):
            raise UsageError(f"{text!r} looks like a file; try imgcli batch {text}, or add --yes if you mean the words")
        options.require_prompt(text)
    return kept


def unquoted(prompts: Sequence[str]) -> str:
    """What to say of prompts that a shell took the quotes from, as they were typed; empty if they look meant so."""
    if len(prompts) < FEWEST or any(len(text.split()) != 1 or text == "-" for text in prompts):
        return ""
    whole = " ".join(prompts)
    guess = f"; did you mean {json.dumps(whole, ensure_ascii=False)}?" if len(whole) <= LONGEST else ""
    return f"{len(prompts)} prompts of one word each{guess}"


def stdin_lines() -> list[str]:
    """The lines of stdin that are not blank.

    Raises:
        UsageError: they are no text.
    """
    try:
        return [line.strip("\ufeff \t\r\n") for line in sys.stdin if line.strip("\ufeff \t\r\n")]
    except UnicodeDecodeError as error:
        raise UsageError(f"stdin is not UTF-8 text: {error}") from None
