"""`imgcli doctor`: whether everything imgcli needs is well."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.errors import ImgcliError
from imgcli.model.finding import Finding, Level

if TYPE_CHECKING:
    from imgcli.settings import Settings

COLOURS = {Level.OK: "green", Level.WARN: "yellow", Level.FAIL: "red"}
BUILT = datetime(2026, 11, 1, tzinfo=UTC)
"""No honest clock is before the month this was written in."""


async def doctor(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="The output directory to test. Default: here.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the providers.")] = False,
    profile: options.Profile = None,
    json: options.Json = False,
) -> int:
    """Check config, keys, ledger, disk and clock. Spends nothing. Examples:

    imgcli doctor

    imgcli doctor --offline --out pictures/
    """
    from imgcli.settings import load_settings

    try:
        settings = load_settings(os.environ, {}, profile)
    except ImgcliError as error:
        findings = [Finding(Level.FAIL, "config", str(error), "mend the file, then run imgcli doctor again")]
    else:
        findings = [
            _config(settings),
            _clock(),
            *_webhook(settings),
            *await _rooms(settings, out or Path.cwd(), offline=offline),
        ]
    if json:
        for found in findings:
            plain = {"level": found.level.value, "subject": found.subject}
            show.json_line(plain | {"seen": found.seen, "advice": found.advice})
    else:
        rows = [(_mark(found.level), found.subject, found.seen, found.advice) for found in findings]
        show.draw_data(show.table("", ("", "what", "seen", "advice"), rows))
    return 1 if any(found.level is Level.FAIL for found in findings) else 0


async def _rooms(settings: "Settings", out: Path, *, offline: bool) -> list[Finding]:
    from imgcli.wiring import open_studio

    findings = []
    try:
        async with open_studio(settings, os.environ, lambda _event: None) as studio:
            findings += [await studio.ledger.check(), await studio.store.check(out)]
            findings += [Finding(Level.OK, "styles", f"{len(studio.styles)} can be used")]
            # All of them, so that a mistake in the table of any is told.
            providers = list(studio.providers.values())
            if not offline:
                findings += [await provider.check() for provider in providers]
    except ImgcliError as error:
        findings.append(Finding(Level.FAIL, "setup", str(error)))
    return findings


def _config(settings: "Settings") -> Finding:
    path = settings.paths.config_file
    return Finding(Level.OK, "config", str(path) if path.exists() else f"{path} (not written yet, defaults hold)")


def _webhook(settings: "Settings") -> list[Finding]:
    """Whether the webhook can be told of a run; nothing is sent to it."""
    from imgcli.cli.elsewhere import webhook_problem
    from imgcli.settings import shown_webhook

    if not settings.webhook_url:
        return []
    subject, seen = "webhook", shown_webhook(settings.webhook_url)
    if problem := webhook_problem(settings):
        return [Finding(Level.WARN, subject, f"{seen}: {problem}", "imgcli config set-key webhook")]
    return [Finding(Level.OK, subject, f"{seen}, told of runs of {settings.notify_after:g} s and more")]


def _clock() -> Finding:
    now = datetime.now(UTC)
    if now < BUILT:
        return Finding(Level.FAIL, "clock", f"says {now:%Y-%m-%d}", "set it: budgets per day and month go by it")
    return Finding(Level.OK, "clock", f"{now:%Y-%m-%d %H:%M} UTC")


def _mark(level: Level) -> Any:
    from rich.text import Text

    return Text(level.value, style=COLOURS[level])
