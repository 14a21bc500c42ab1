"""`imgcli config`: settings, where each comes from, and keys."""

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.errors import UsageError
from imgcli.model.money import exact_usd

MONEY = frozenset({"max_cost", "assume_cost", "confirm_over"})
SIZES = frozenset({"cache_size"})
ADDRESSES = frozenset({"base_url", "webhook_url"})
"""They may hold a password."""


def show_config(profile: options.Profile = None, json: options.Json = False) -> int:
    """Show every setting, its value and where it comes from; keys are never shown."""
    from imgcli.settings import NAMES, load_settings
    from imgcli.wiring import open_providers, provider_key

    settings = load_settings(os.environ, {}, profile)
    values = {name: _readable(name, getattr(settings, name)) for name in NAMES}
    keys = {}
    # Each is made, so that a mistake in its table is told.
    for name in dict(open_providers(settings, os.environ)):
        key, source = provider_key(settings, os.environ, name)
        keys[name] = f"{key.hint} from {source}" if key else "none"
    if json:
        show.json_line(
            {name: {"value": values[name], "source": settings.sources[name]} for name in NAMES} | {"keys": keys}
        )
        return 0
    rows: list[tuple[Any, ...]] = [(name, values[name], settings.sources[name]) for name in NAMES]
    rows += [(f"key of {name}", told, "") for name, told in keys.items() if name != "placeholder"]
    show.draw_data(show.table("", ("setting", "value", "from"), rows))
    return 0


def show_paths() -> int:
    """Print where imgcli keeps its config, ledger and styles. IMGCLI_HOME moves them all."""
    from imgcli.settings import find_paths

    paths = find_paths(os.environ)
    for name, path in (
        ("config", paths.config_file),
        ("styles", paths.styles),
        ("ledger", paths.data / "ledger.db"),
        ("spool", paths.state / "spool"),
        ("cache", paths.cache),
    ):
        show.line(f"{name}\t{path}")
    return 0


def set_setting(
    key: Annotated[str, typer.Argument(metavar="KEY", help="A setting, as imgcli config show lists it.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its value; '' switches a limit off.")],
) -> int:
    """Write a setting into the config file; its comments stay."""
    import tomlkit

    from imgcli.settings import find_paths, parse_setting, read_config

    path = find_paths(os.environ).config_file
    parsed = parse_setting(key, value, "config set")
    read_config(path)  # a file with an error is mended by hand, not written over
    document = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.document()
    document[key] = _for_file(key, value, parsed)
    _write(path, tomlkit.dumps(document))
    told = _address(key, value) if key in ADDRESSES else _for_file(key, value, parsed)
    show.talk(f"{path}: {key} = {told!r}")
    return 0


def set_key(
    provider: Annotated[str, typer.Argument(metavar="[PROVIDER]", help="Whose key it is.")] = "openai",
) -> int:
    """Keep an API key: asked for without echo, or read from stdin. It never passes through an argument."""
    from imgcli.credentials import require_provider, store_key
    from imgcli.settings import find_paths

    require_provider(provider)
    if sys.stdin.isatty():
        import getpass

        key = getpass.getpass(f"API key of {provider} (not shown): ")
    else:
        key = sys.stdin.readline()
    where = store_key(provider, key, os.environ, find_paths(os.environ).credentials)
    show.talk(f"the key of {provider} is kept in {where}")
    return 0


def _readable(name: str, value: object) -> str:
    from imgcli.credentials import hidden

    if name in ADDRESSES and isinstance(value, str):
        value = hidden(_address(name, value))
    if value is None or value in ("", ()):
        return "(none)"
    if name in MONEY and isinstance(value, int):
        return exact_usd(value)
    if name in SIZES and isinstance(value, int):
        return f"{value / 1e9:g} GB"
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _address(name: str, url: str) -> str:
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
