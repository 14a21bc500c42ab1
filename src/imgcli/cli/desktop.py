"""A notification on the user's desktop, by the tool that the system has for it; never through a shell."""

import asyncio
import html
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from imgcli.cli.process import without_keys
from imgcli.cli.safe import safe_text

SECONDS = 5.0
"""Until a tool that does not return is let go."""

LONGEST = 300
"""Characters of a notification; no desktop shows more."""

TOOLS = {"darwin": "osascript", "win32": "powershell"}
"""The tool of a platform; of all others it is notify-send."""

APPLESCRIPT = (
    *("-e", "on run argv"),
    *("-e", "display notification (item 2 of argv) with title (item 1 of argv)"),
    *("-e", "end run"),
)
TOAST = """\
$ErrorActionPreference = 'Stop'
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$kind = [Windows.UI.Notifications.ToastTemplateType]::ToastText02
$toast = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent($kind)
$lines = $toast.GetElementsByTagName('text')
[void]$lines.Item(0).AppendChild($toast.CreateTextNode($env:IMGCLI_TITLE))
[void]$lines.Item(1).AppendChild($toast.CreateTextNode($env:IMGCLI_TEXT))
$app = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
$shown = [Windows.UI.Notifications.ToastNotification]::new($toast)
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($app).Show($shown)
"""
"""A fixed script: PowerShell would read arguments as part of it, so the words come by the environment."""


class DesktopError(Exception):
    """Nothing was shown; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Command:
    """A program with its arguments, and what it finds in its environment beside the rest."""

    words: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)


def has_desktop(env: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether somebody sits at a desktop of this machine that can show a notification."""
    if env.get("SSH_CONNECTION") or _tool(env, platform) is None:
        return False
    return platform in TOOLS or bool(env.get("DISPLAY") or env.get("WAYLAND_DISPLAY"))


def command(title: str, text: str, env: Mapping[str, str], platform: str = sys.platform) -> Command:
    """What shows a notification on `platform`.

    Raises:
        DesktopError: its tool is not on the PATH.
    """
    tool = _tool(env, platform)
    if tool is None:
        raise DesktopError(f"{TOOLS.get(platform, 'notify-send')} is not on the PATH")
    title, text = safe_text(title, LONGEST), safe_text(text, LONGEST)
    match platform:
        case "darwin":
            return Command((tool, *APPLESCRIPT, "--", title, text))
        case "win32":
            words = (tool, "-NoProfile", "-NonInteractive", "-WindowStyle", "Hidden", "-Command", TOAST)
            return Command(words, {"IMGCLI_TITLE": title, "IMGCLI_TEXT": text})
        case _:
            # The text is read as markup, links and pictures included.
            return Command((tool, "--app-name=imgcli", "--", title, html.escape(text)))


async def notify(title: str, text: str, env: Mapping[str, str]) -> None:
    """Show a notification.

    Raises:
        DesktopError: there is no tool for it, or it failed.
    """
    called = command(title, text, env)
    name = os.path.basename(called.words[0])  # noqa: PTH119 - of a word
    quiet = asyncio.subprocess.DEVNULL
    given = {**without_keys(env), **called.env}
    try:
        process = await asyncio.create_subprocess_exec(
            *called.words, stdin=quiet, stdout=quiet, stderr=quiet, env=given, start_new_session=True
        )
    except (OSError, ValueError) as error:
        raise DesktopError(f"{name} cannot be started ({error})") from None
    try:
        code = await asyncio.wait_for(process.wait(), SECONDS)
    except TimeoutError:
        raise DesktopError(f"{name} did not return within {SECONDS:g} s") from None
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    if code:
        raise DesktopError(f"{name} ended with code {code}")


def _tool(env: Mapping[str, str], platform: str) -> str | None:
    found = shutil.which(TOOLS.get(platform, "notify-send"), path=env.get("PATH", os.defpath))
    # Windows looks into the current directory first, which may hold what a stranger put there.
    return found if found and os.path.isabs(found) else None  # noqa: PTH117 - of a word
