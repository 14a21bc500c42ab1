"""A setting written into the config file: what `config set` and `init` share."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

from imgcli.cli import show
from imgcli.errors import UsageError

MONEY = frozenset({"max_cost", "assume_cost", "confirm_over"})
SIZES = frozenset({"cache_size"})
ADDRESSES = frozenset({"base_url", "webhook_url"})
"""They may hold a password."""


def write_setting(key: str, value: str) -> None:
    """Write a setting into the config file, whose comments stay, and say so.

    Raises:
        SettingsError: no such setting, no such value, or a file that is no config.
        UsageError: the file cannot be written.
    """
    import tomlkit

    from imgcli.settings import find_paths, parse_setting, read_config

    path = find_paths(os.environ).config_file
    parsed = parse_setting(key, value, "config set")
    read_config(path)  # a file with an error is mended by hand, not written over
    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    document[key] = _for_file(key, value, parsed)
    _write(path, tomlkit.dumps(document))
    told = shown_address(key, value) if key in ADDRESSES else _for_file(key, value, parsed)
    show.talk(f"{path}: {key} = {told!r}")


def shown_address(name: str, url: str) -> str:
    """An address without what may be secret in it."""
    from imgcli.settings import shown_url, shown_webhook

    return (shown_webhook if name == "webhook_url" else shown_url)(url) if url else ""


def _for_file(key: str, text: str, parsed: object) -> Any:
    """The value as TOML keeps it: numbers bare, lists as lists, money in quotes so that it stays exact."""
    if key in SIZES:
        return text
    if isinstance(parsed, tuple):
        return list(parsed)
    if isinstance(parsed, float):
        return int(parsed) if parsed == int(parsed) else parsed
    if isinstance(parsed, int) and key not in MONEY:
        return parsed
    return text if parsed is None or key in MONEY else parsed


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o600  # an address may hold a password
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "w", encoding="utf-8") as file:
            file.write(text)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
