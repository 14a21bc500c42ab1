"""Write the generated docs, or with --check say which are out of date.

cli.md from the help of every command; errors.md from the tables of errors; the JSON Schemas from the types that read
and write the files.
"""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from cache_page import cache_page
from man_page import man_page

from imgcli.batch.schema import batch_json_schema
from imgcli.director.style_file import style_json_schema
from imgcli.engine.retry import LONGEST, RetryRules
from imgcli.errors import PATIENCE, AccountError, Halt, Money, Retry
from imgcli.machine import LEDGER_REMEDIES, REMEDIES
from imgcli.providers.openai.taxonomy import COST, TABLE, Row
from imgcli.reports.summary import OUT_OF_REACH, SOME_FAILED, UNAVAILABLE, UNCERTAIN, URGENCY
from imgcli.storage.sidecar import sidecar_schema

DOCS = Path(__file__).resolve().parent
ENVIRONMENT = os.environ | {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1"}
GROUPS = {
    "styles": ("list", "show", "sheet", "new", "learn", "edit", "diff", "lint", "schema", "import", "export"),
    "config": ("show", "path", "set", "set-key"),
}
GROUPS |= {"budget": ("show", "set", "remove", "uncertain", "resolve", "log", "reconcile")}
GROUPS |= {"history": ("list", "search", "show", "open", "again", "tag", "export"), "report": ("prompts", "moderation")}
GROUPS |= {"quarantine": ("list", "show", "release", "delete")}
GROUPS |= {"cache": ("stats", "clear", "verify")}
GROUPS |= {"ledger": ("backup", "rebuild", "adopt")}
COMMANDS = (
    "init",
    "gen",
    "edit",
    "vary",
    "restyle",
    "outpaint",
    "cutout",
    "upscale",
    "describe",
    "batch",
    "pick",
    "final",
    "styles",
    "models",
    "budget",
    "quarantine",
    "history",
    "report",
    "verify",
    "cache",
    "ledger",
)
COMMANDS += ("config", "doctor")

EXIT_CODES = (
    ("0", "all made, or there already", ""),
    ("1", "some were not made: refused, failed or not started", "read the lines above the totals"),
    ("2", "a mistake in what was typed, in a batch file, a style or the settings; nothing was sent", "mend it"),
    ("3", "a budget had no room, or the price is unknown", "`imgcli budget show`, or `--assume-cost`"),
    ("4", "no key, a wrong key, or an account that may not or cannot pay", "`imgcli config set-key`, or add credit"),
    ("5", "an outcome is uncertain: it may be billed", "`imgcli budget uncertain`, then `imgcli budget resolve`"),
    (
        "6",
        "billed above the quote; the run stopped there",
        "compare `imgcli models` with the price list of the provider",
    ),
    ("7", "a disk did not take a picture, or what came is no picture", "the message says where its bytes are"),
    ("8", "the ledger failed; without it nothing is paid", "the message says what to do; `imgcli doctor`"),
    ("9", "the provider could not be reached, or had no capacity for too long", "the same command, later"),
    ("130, 143", "interrupted, terminated; what was under way was finished or counted", "the same command"),
)
BILLED = {Money.VOID: "no", Money.HOLD: "perhaps: upper bound kept", Money.POST: "yes"}
ENDS = {Halt.JOB: "the picture", Halt.MODEL: "all of this model", Halt.RUN: "the run"}
WORDS = {
    "status": "STATUS",
    "model": "MODEL",
    "wait": "N",
    "asks": "; it asks for N s",
    "said": "; the server says: WORDS",
    "what": "WHY",
    "host": "HOST",
    "key": "...abcd",
    "reword": "reword the prompt",
    "instead": "imgcli models lists what there is",
}
ERRORS = f"""\
# What an error means

Written by `python3 dev.py docs` from the tables the program itself reads. Of the first, the row that fits first decides.

- **Billed?** "No" gives the hold back. "Perhaps" keeps the most it can cost counted until you decide with
  `imgcli budget resolve`. See [money.md](money.md).
- **Sent again?** "Yes" means at most {RetryRules().tries} tries of a picture, after the wait the provider asks for, else
  after a random one of up to {LONGEST:g} s. If it asks for more than {PATIENCE:g} s, the run ends instead. "If you pay"
  means as often as `--paid-retries` allows, and not at all without it.
- **What ends** is what is not even tried any more. Pictures under way are finished first.

## Provider and network

"""
MACHINE = """\
What is refused decides what to do; when it is refused decides about the money.

- **Before the request is sent**: nothing is paid. Room for the picture and for the ledger is set aside first, so this is
  where a full disk is found. The run ends with exit code 7 (pictures) or 8 (the ledger); what is under way is finished.
- **After it**: the money is counted. The bytes go to the room set aside for them, else to the spool, and to their place
  at the next start with room; the ledger writes with the room it kept in reserve. Exit code 7.
- **A ledger that refuses** ends everything: without it nothing is paid. Exit code 8.
- **A signal**: once finishes what is under way (TERM and HUP for 10 s), twice cuts it off and calls it uncertain. Exit
  code 130 or 143. What kill -9 or a power cut leaves is mended by the next start.

"""
EXIT_NOTE = f"""\
A run ends with the code that a person must hear first: {", ".join(map(str, URGENCY[:-1]))}, and only then 0. The code of a
signal goes before them all."""


def command_lines() -> Iterator[tuple[str, ...]]:
    yield ()
    for name in COMMANDS:
        yield (name,)
        yield from ((name, part) for part in GROUPS.get(name, ()))


def help_of(words: tuple[str, ...]) -> str:
    """The help as a user of a 100-column terminal sees it."""
    command = [sys.executable, "-m", "imgcli", *words, "--help"]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)  # noqa: S603 - our own
    return done.stdout.strip()


def cli_page() -> str:
    parts = ["# The command line\n\nWritten by `python3 dev.py docs` from the program's own help.\n"]
    parts += [f"## {' '.join(('imgcli', *words))}\n\n```text\n{help_of(words)}\n```\n" for words in command_lines()]
    return "\n".join(parts)


def errors_page() -> str:
    rows = [
        (
            row.case,
            BILLED[row.money],
            again(row),
            ends(row),
            exit_code(row),
            row.message.format(cost=COST[row.money], **WORDS),
        )
        for row in TABLE
    ]
    head = ("what happened", "billed?", "sent again?", "what ends", "exit code", "message")
    codes = markdown_table(("code", "meaning", "what to do"), EXIT_CODES)
    disk = [(f"`{errno.errorcode[number]}`", remedy) for number, remedy in REMEDIES.items()]
    machine = markdown_table(("the system says", "what to do"), disk)
    ledger = markdown_table(
        ("SQLite says", "what to do"), ((f"`{name}`", text) for name, text in LEDGER_REMEDIES.items())
    )
    machine = f"## This machine\n\n{MACHINE}{machine}\n{ledger}"
    return f"{ERRORS}{markdown_table(head, rows)}\n{machine}\n## Exit codes\n\n{EXIT_NOTE}\n\n{codes}"


def again(row: Row) -> str:
    if waits_too_long(row):
        return "no: too long a wait"
    if row.retry is Retry.FREE:
        return "yes"
    lost = row.money is Money.HOLD and not row.moderated and row.code != "aborted"
    return "if you pay" if lost else "no"


def ends(row: Row) -> str:
    if row.code == "aborted" or waits_too_long(row):
        return ENDS[Halt.RUN]
    return "the run, if it is of no use" if row.retry is Retry.FREE else ENDS[row.halt]


def waits_too_long(row: Row) -> bool:
    """Whether the row is that of a wait beyond patience: only these name the wait as the reason of the end."""
    return "{wait}" in row.message


def exit_code(row: Row) -> str:
    """Of a run in which nothing worse happens."""
    if row.code == "aborted":
        return "130, 143"
    if row.account:
        return str(AccountError.exit_code)
    if row.money is Money.HOLD and not row.moderated:
        return str(UNCERTAIN)
    return str(UNAVAILABLE if row.code in OUT_OF_REACH else SOME_FAILED)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (head, ["---"] * len(head), *rows)
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def pages() -> dict[str, str]:
    return {
        "cli.md": cli_page(),
        "errors.md": errors_page(),
        "cache.md": cache_page(markdown_table),
        "imgcli.1": man_page(EXIT_CODES),
        "sidecar.schema.json": json.dumps(sidecar_schema(), indent=2) + "\n",
        "batch.schema.json": json.dumps(batch_json_schema(), indent=2) + "\n",
        "moderation.md": moderation_page(),
        "style.schema.json": json.dumps(style_json_schema(), indent=2) + "\n",
    }


def moderation_page() -> str:
    from moderation import page  # noqa: PLC0415 - it stands beside this file, and needs the list of rude words

    return page()


def main() -> int:
    stale = [name for name, text in pages().items() if not _is(DOCS / name, text)]
    if "--check" not in sys.argv:
        for name, text in pages().items():
            (DOCS / name).write_text(text, "utf-8")
        return 0
    for name in stale:
        sys.stderr.write(f"docs/{name} is out of date: run python3 dev.py docs\n")
    return 1 if stale else 0


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text("utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
