"""`imgcli config`: settings, where each comes from, and keys."""

import os
import sys
from typing import Annotated, Any

import typer

from imgcli.cli import options, show
from imgcli.model.money import exact_usd


def show_config(profile: options.Profile = None, json: options.Json = False) -> int:
    """Show every setting, its value and where it comes from; keys are never shown. Examples:

    imgcli config show

    imgcli config show --profile client --json
    """
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
    """Print where imgcli keeps its config, ledger and styles. IMGCLI_HOME moves them all. Examples:

    imgcli config path

    imgcli config path | grep ledger
    """
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
    """Write a setting into the config file; its comments stay. Examples:

    imgcli config set quality low

    imgcli config set max_cost 2.50

    imgcli config set max_cost ''
    """
    from imgcli.cli.setting import write_setting

    write_setting(key, value)
    return 0


def set_key(
    provider: Annotated[str, typer.Argument(metavar="[PROVIDER]", help="Whose key it is.")] = "openai",
) -> int:
    """Keep an API key: asked for without echo, or read from stdin. It never passes through an argument. Examples:

    imgcli config set-key

    imgcli config set-key studio < key.txt
    """
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
    from imgcli.cli.setting import ADDRESSES, MONEY, SIZES, shown_address
    from imgcli.credentials import hidden

    if name in ADDRESSES and isinstance(value, str):
        value = hidden(shown_address(name, value))
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
