"""imgcli(1): the help of every command as a manual page, from the commands themselves."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import typer

from imgcli import __version__
from imgcli.cli.app import app

DESCRIPTION = """\
imgcli makes pictures by the batch. A prompt, or a file of prompts, goes through a Director who adds the wording of a
style; what it will cost is told before, held under every budget while it is under way, and never exceeded. A finished
picture is never overwritten, never lost and never paid twice without your yes.

Paths and JSON lines go to standard output, all talk to standard error. Without a key, --provider placeholder paints
pictures here, free.
"""
ENVIRONMENT = (
    ("IMGCLI_HOME", "Keeps config, ledger, state and cache below one directory."),
    ("IMGCLI_PROFILE", "A [profiles.NAME] table of the config, as --profile."),
    ("IMGCLI_SETTING", "Any setting that imgcli config show lists, like IMGCLI_QUALITY=low."),
    ("OPENAI_API_KEY", "The key of the provider openai; NAME_API_KEY that of another."),
    ("OPENAI_BASE_URL", "A server that speaks the OpenAI Images API."),
    ("IMGCLI_WEBHOOK_SECRET", "What webhooks are signed with; see docs/notify.md."),
    ("NO_COLOR", "No colours, whatever its value, unless it is empty."),
    ("FORCE_COLOR", "Colours also where no terminal is, unless NO_COLOR is set."),
    ("COLUMNS", "How wide tables are, where the terminal does not say."),
    ("VISUAL, EDITOR", "Opens styles (imgcli styles edit)."),
)
FILES = (
    ("config.toml", "Settings. imgcli config path tells where it is."),
    ("credentials", "Keys, where there is no keyring; only its owner can read it."),
    ("ledger.db", "Every attempt, and what it cost."),
    ("PICTURE.json", "The sidecar of a picture: its prompts, model, cost and checksum."),
)
EXAMPLE = re.compile(r"^(?:\S+ .*\| )?imgcli\b|^cat |^echo ")


def man_page(exit_codes: Iterable[Sequence[str]]) -> str:
    """The page as roff (man macros); `exit_codes` are (code, meaning, what to do)."""
    lines = [f'.TH IMGCLI 1 "" "imgcli {__version__}" "User Commands"', ".nh", ".ad l", ".SH NAME"]
    lines += ["imgcli \\- batch image generation with art direction, under a spending cap that holds", ".SH SYNOPSIS"]
    lines += [".B imgcli", ".I COMMAND", "[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]", ".SH DESCRIPTION"]
    lines += [part for text in DESCRIPTION.strip().split("\n\n") for part in (".PP", _text(" ".join(text.split())))]
    lines.append(".SH COMMANDS")
    for path, command in _commands(typer.main.get_command(app), "imgcli"):
        lines += _command(path, command)
    lines.append(".SH EXIT STATUS")
    for code, meaning, remedy in exit_codes:
        lines += [".TP", f".B {_text(code)}", _text(_sentences(meaning, remedy))]
    for title, rows in (("ENVIRONMENT", ENVIRONMENT), ("FILES", FILES)):
        lines.append(f".SH {title}")
        for name, meaning in rows:
            lines += [".TP", f".B {_text(name)}", _text(meaning)]
    lines += [".SH SEE ALSO", "The pages in the directory docs of imgcli: money, batch, styles, errors, notify."]
    return "\n".join(lines) + "\n"


def _commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name in group.list_commands(None):
        command = group.commands[name]
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _command(path: str, command: Any) -> list[str]:
    context = typer.Context(command, info_name=path)
    pieces = " ".join(command.collect_usage_pieces(context))
    lines = [f'.SS "{_text(path)} {_text(pieces)}"', *_paragraphs(command.help or "")]
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None:
            lines += [".TP", f".B {_text(record[0].split(' <')[0])}", _text(" ".join(record[1].split()))]
    return lines


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        joined = " ".join(paragraph.split())
        if not joined:
            continue
        if EXAMPLE.match(joined):
            yield from (".PP", ".RS 4", ".EX", _text(joined), ".EE", ".RE")
        else:
            yield from (".PP", _text(joined))


def _sentences(*parts: str) -> str:
    return " ".join(
        f"{part[0].upper()}{part[1:]}." if part[0] != "`" else f"{part}." for part in parts if part
    ).replace("`", "")


def _text(text: str) -> str:
    """`text` as roff reads it: nothing in it is a request or an escape."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    escaped = escaped.replace("^", "\\(ha").replace("~", "\\(ti").replace('"', "\\(dq")
    # Not every roff reads UTF-8; all know this spelling of a letter.
    escaped = "".join(letter if letter.isascii() else f"\\[u{ord(letter):04X}]" for letter in escaped)
    return f"\\&{escaped}" if escaped.startswith(".") else escaped
