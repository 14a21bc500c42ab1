"""What was probably meant by a command or an option that is none: natural words lead to the command that does it."""

import difflib
import itertools
import re
import shlex
from collections.abc import Mapping, Sequence

COMMANDS: Mapping[str, str] = {
    "search": "history search",
    "find": "history search",
    "show": "history show",
    "open": "history open",
    "tag": "history tag",
    "list": "history list",
    "ls": "history list",
    "again": "history again",
    "redo": "history again",
    "export": "history export",
    "reject": "pick --reject",
    "spend": "report spend",
    "waste": "report waste",
    "savings": "report savings",
    "forecast": "report forecast",
    "version": "--version",
}
"""A word that is no command of imgcli -> what does it."""

WHERE = frozenset({"imgcli", "imgcli history", "imgcli report"})
"""Where such a word is looked up."""

REPORTS = ("--by", "--since", "--until", "--html", "--csv")
"""Options of `report spend` that are typed behind `report`."""

WITH = ("prompt", "style", "no", "provider", "model", "size", "quality", "format", "background", "seed", "ref", "mask")
"""Keys of `history again --with` that are typed as options, as they are in gen."""

_COMMAND = re.compile(r"No such command '(?P<word>[^']*)'$")
_OPTION = re.compile(r"No such option: (?P<word>--?[\w-]+)")


def instead(message: str, command: str, words: Sequence[str], shorts: Sequence[str] = ()) -> str:
    """What to type in place of what `message` refuses, as one more part of its sentence; empty if nobody knows.

    `command` is where it was refused (`imgcli history again`), `words` all that was typed behind imgcli, `shorts` the
    options of one letter that are known there (`-n`).
    """
    if found := _COMMAND.search(message):
        return _command(found["word"].lower(), command)
    if found := _OPTION.search(message):
        return _option(found["word"], command, words, shorts)
    return ""


def _command(word: str, command: str) -> str:
    if word == "help":
        return f"did you mean  {command} --help"
    near = difflib.get_close_matches(word, COMMANDS, n=1, cutoff=0.8) if command in WHERE else []
    return f"did you mean  imgcli {COMMANDS[near[0]]}" if near else ""


def _option(word: str, command: str, words: Sequence[str], shorts: Sequence[str]) -> str:
    if word[1:] in shorts:
        return f"did you mean {word[1:]}?"
    if command == "imgcli report" and word in REPORTS:
        return f"did you mean  imgcli report spend {shlex.join(words[1:])}"
    key = word.lstrip("-").replace("-", "_")
    if command == "imgcli history again" and key in WITH:
        return f"did you mean  --with {key}={_value(word, words)}"
    return ""


def _value(option: str, words: Sequence[str]) -> str:
    """What was typed for it, as a shell takes it."""
    for word, following in itertools.pairwise((*words, "")):
        name, equals, value = word.partition("=")
        if name == option:
            return shlex.quote(value if equals else following)
    return ""
