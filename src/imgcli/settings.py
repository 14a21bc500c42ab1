"""Settings: flags > environment > profile > config file > defaults.toml, resolved once into one frozen object."""

import difflib
import getpass
import math
import os
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

import tomli

from imgcli.errors import SettingsError
from imgcli.model.alert import parse_alert
from imgcli.model.job import FORMATS
from imgcli.model.money import parse_usd
from imgcli.model.names import plain_name
from imgcli.model.numbers import CATEGORIES
from imgcli.model.size import parse_size

MAX_CONFIG_BYTES = 256 * 1024
LOOKS = ("prompt", "inputs", "picture", "local")
"""What `moderate` may name: what the endpoint of a provider looks at, and the classifier on this machine."""

NSFW, OTHERS = "nsfw", "default"
"""In the table of moderation: the one category of that classifier, and what holds where nothing else is said."""

TABLES = ("providers", "profiles", "rates", "moderation")
"""Tables of the config file that are not settings."""

Layer = tuple[str, Mapping[str, object]]
"""Where values come from, and the values."""


@dataclass(frozen=True, slots=True)
class Paths:
    """Where imgcli keeps things; `IMGCLI_HOME` moves them all.

    `any_filesystem`: the user takes the risk of a ledger on a network file system (`IMGCLI_UNSAFE_LEDGER_FS`).
    """

    config: Path
    data: Path
    state: Path
    cache: Path
    any_filesystem: bool = False

    @property
    def config_file(self) -> Path:
        return self.config / "config.toml"

    @property
    def styles(self) -> Path:
        return self.config / "styles"

    @property
    def credentials(self) -> Path:
        return self.config / "credentials"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting with its value; money in nano-USD, times in seconds, sizes in bytes, None for "no such limit".

    `sources` tells for each setting where it came from; `providers` and `rates` are the trusted tables of the config,
    `thresholds` its table of moderation: category -> the score, 0 to 1, from which it counts.
    """

    provider: str
    model: str
    base_url: str
    size: str
    quality: str
    format: str
    style: tuple[str, ...]
    out: str
    template: str
    if_exists: str
    jobs: int
    ipm: float | None
    tier: int | None
    timeout: float
    max_cost: int | None
    assume_cost: int | None
    confirm_over: int | None
    paid_retries: int
    expand: str
    text_model: str
    policy: str
    blocklist: str
    moderate: tuple[str, ...]
    moderation_provider: str
    user: str
    cache: str
    cache_dir: str
    cache_size: int
    near: str
    alert: tuple[str, ...]
    notify: str
    notify_after: float
    webhook_url: str
    webhook_prompts: str
    preview: str
    paths: Paths
    sources: Mapping[str, str] = field(default_factory=dict)
    providers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    rates: Sequence[Mapping[str, object]] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)


NAMES = tuple(
    f.name for f in fields(Settings) if f.name not in {"paths", "sources", "providers", "rates", "thresholds"}
)


def find_paths(env: Mapping[str, str]) -> Paths:
    """Directories by the platform's custom, or all below IMGCLI_HOME.

    Raises:
        SettingsError: IMGCLI_HOME is the home of nobody.
    """
    any_filesystem = bool(env.get("IMGCLI_UNSAFE_LEDGER_FS"))
    if home := env.get("IMGCLI_HOME"):
        try:
            top = Path(home).expanduser().absolute()
        except RuntimeError as error:
            raise SettingsError(f"IMGCLI_HOME: {home!r}: {error}") from None
        return Paths(top / "config", top / "data", top / "state", top / "cache", any_filesystem)
    from platformdirs import PlatformDirs  # noqa: PLC0415 - not needed where IMGCLI_HOME is set

    known = PlatformDirs("imgcli", appauthor=False)
    return Paths(
        known.user_config_path, known.user_data_path, known.user_state_path, known.user_cache_path, any_filesystem
    )


def load_settings(
    env: Mapping[str, str], flags: Mapping[str, object] | None = None, profile: str | None = None
) -> Settings:
    """Read the config file and resolve everything.

    Args:
        env: the environment.
        flags: settings given on the command line; None values count as not given.
        profile: name of a `[profiles.NAME]` table; the environment's IMGCLI_PROFILE if None.

    Raises:
        SettingsError: with file or variable, key and what to write instead.
    """
    paths = find_paths(env)
    label = str(paths.config_file)
    config = read_config(paths.config_file)
    known = {key: value for key, value in config.items() if key not in TABLES}
    layers: list[Layer] = [("default", defaults()), (label, known)]
    if chosen := profile or env.get("IMGCLI_PROFILE"):
        layers.append((f"{label} [profiles.{chosen}]", _profile(config, chosen, label)))
    layers += [(name, {key: text}) for name, key, text in _from_environment(env)]
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    layers.append(("command line", given))
    values, sources = resolve(layers)
    values["user"] = plain_name(values["user"] or _login(env))
    return Settings(
        **values,
        paths=paths,
        sources=sources,
        providers=_provider_tables(config, label),
        rates=_rates(config, label),
        thresholds=_thresholds(config, label),
    )


def resolve(layers: Sequence[Layer]) -> tuple[dict[str, Any], dict[str, str]]:
    """The last layer that names a setting wins: parsed values, and the label of the layer each came from.

    Raises:
        SettingsError: an unknown name or a bad value, also in a layer that loses.
    """
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for label, layer in layers:
        for key, raw in layer.items():
            values[key] = parse_setting(key, raw, label)
            sources[key] = label
    return values, sources


def parse_setting(key: str, raw: object, label: str) -> object:
    """The value of one setting.

    Raises:
        SettingsError: with a guess at what was meant.
    """
    if key not in _PARSERS:
        raise SettingsError(f"{label}: unknown setting {key!r}{guess(key, NAMES)}")
    try:
        return _PARSERS[key](raw)
    except (ValueError, TypeError) as error:
        raise SettingsError(f"{label}: {key}: {error}") from None


def guess(word: str, known: Sequence[str]) -> str:
    """`; did you mean 'x'?`, or an empty string."""
    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def defaults() -> Mapping[str, object]:
    return tomli.loads(files("imgcli").joinpath("defaults.toml").read_text("utf-8"))


def read_config(path: Path) -> dict[str, Any]:
    """The config file as it stands, empty if there is none.

    Raises:
        SettingsError: unreadable, too large or not TOML.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_CONFIG_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(data) > MAX_CONFIG_BYTES:
        raise SettingsError(f"{path}: larger than {MAX_CONFIG_BYTES // 1024} KiB, which no config is")
    try:
        return tomli.loads(data.decode())
    except (tomli.TOMLDecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise SettingsError(f"{path}: {error}") from None


def _profile(config: Mapping[str, Any], name: str, label: str) -> Mapping[str, object]:
    profiles = config.get("profiles", {})
    if not isinstance(profiles, dict) or not isinstance(profiles.get(name), dict):
        known = list(profiles) if isinstance(profiles, dict) else []
        raise SettingsError(f"{label}: no profile {name!r}{guess(name, known)}; add a table [profiles.{name}]")
    table: Mapping[str, object] = profiles[name]
    return table


def _provider_tables(config: Mapping[str, Any], label: str) -> Mapping[str, Mapping[str, object]]:
    tables = config.get("providers", {})
    if not isinstance(tables, dict) or not all(isinstance(table, dict) for table in tables.values()):
        raise SettingsError(f"{label}: providers: write a table for each, like [providers.openai]")
    return tables


def _rates(config: Mapping[str, Any], label: str) -> Sequence[Mapping[str, object]]:
    rates = config.get("rates", [])
    if not isinstance(rates, list) or not all(isinstance(rate, dict) for rate in rates):
        raise SettingsError(f"{label}: rates: write [[rates]] with model and per_picture, or prices per token")
    return rates


def _thresholds(config: Mapping[str, Any], label: str) -> Mapping[str, float]:
    table = config.get("moderation", {})
    if not isinstance(table, dict):
        raise SettingsError(f"{label}: moderation: write a table, like [moderation] with sexual = 0.4")
    for category, score in table.items():
        known = (*CATEGORIES, NSFW, OTHERS)
        if category not in known and (hint := guess(category, known)):
            raise SettingsError(f"{label}: [moderation]: unknown category {category!r}{hint}")
        try:
            _number(0, 1)(score)
        except ValueError as error:
            raise SettingsError(f"{label}: [moderation]: {category}: {error}") from None
    return {category: float(score) for category, score in table.items()}


def _from_environment(env: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(variable, setting, text) of every setting the environment names."""
    found = [("OPENAI_BASE_URL", "base_url", env["OPENAI_BASE_URL"])] if env.get("OPENAI_BASE_URL") else []
    for key in NAMES:
        variable = f"IMGCLI_{key.upper()}"
        if variable in env:
            found.append((variable, key, env[variable]))
    return found


def _login(env: Mapping[str, str]) -> str:
    try:
        # A name from the environment may be no UTF-8, which no ledger takes.
        return getpass.getuser().encode(errors="replace").decode()
    except (OSError, KeyError):
        # A container may run under a number without a name.
        return env.get("USER") or (f"uid-{os.getuid()}" if hasattr(os, "getuid") else "user")


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{raw!r} is not text; put it in quotes")
    if any(unicodedata.category(c) in {"Cc", "Cs"} for c in raw):
        raise ValueError("control characters and broken UTF-8 are not allowed")
    return raw.strip()


def _base_url(raw: object) -> str:
    url = _text(raw).rstrip("/")
    if url and not url.startswith(("https://", "http://")):
        raise ValueError(f"{shown_url(url)!r} is not a web address; write it like https://host/v1")
    return url


def _webhook_url(raw: object) -> str:
    url = _text(raw)
    # What it holds is not repeated: the path of many a webhook is its password.
    if url and not re.fullmatch(r"https://[^/?#@\\\s]+(?:[/?][^\s\\]*)?", url):
        raise ValueError("it is not a plain https address; write it like https://host/path")
    return url


def shown_webhook(url: str) -> str:
    """The address of a webhook for people: its host alone, as the path of many is their password."""
    host, slash, _ = url.removeprefix("https://").partition("/")
    return f"https://{host.partition('?')[0]}{'/...' if slash else ''}"


def shown_url(url: str) -> str:
    """`url` for people: without name and password before its host, a port that is none, and what follows its path."""
    found = re.fullmatch(r"([a-zA-Z][a-zA-Z0-9+.-]*:(?=//))?(/*)([^/?#]*)([^?#]*)(.*)", url, re.DOTALL)
    if found is None:
        return "..."
    scheme, slashes, host, path, rest = (part or "" for part in found.groups())
    host = re.sub(r":(?![0-9]{1,5}$)[^\]:]*$", ":...", host.rpartition("@")[2])
    return f"{scheme}{slashes}{host}{path}{f'{rest[0]}...' if rest else ''}"


def _size(raw: object) -> str:
    return str(parse_size(_text(raw)))


def _one_of(*words: str) -> Callable[[object], str]:
    def parse(raw: object) -> str:
        word = _text(raw).lower()
        if word not in words:
            raise ValueError(f"{raw!r} is not one of {', '.join(words)}{guess(word, words)}")
        return word

    return parse


def _format(raw: object) -> str:
    word = _text(raw).lower()
    return _one_of(*FORMATS)("jpeg" if word == "jpg" else word)


def _names(raw: object) -> tuple[str, ...]:
    if isinstance(raw, str):
        return tuple(part.strip() for part in _text(raw).split(",") if part.strip())
    if isinstance(raw, list | tuple):
        return tuple(_text(part) for part in raw)
    raise ValueError(f"{raw!r} is not a list of names")


def _looks(raw: object) -> tuple[str, ...]:
    names = _names(raw)
    return tuple(dict.fromkeys(_one_of(*LOOKS)(name) for name in names if name != "none"))


def _number(least: float, most: float) -> Callable[[object], float]:
    def parse(raw: object) -> float:
        if isinstance(raw, bool) or not isinstance(raw, int | float | str):
            raise ValueError(f"{raw!r} is not a number")
        try:
            number = float(raw)
        except ValueError:
            raise ValueError(f"{raw!r} is not a number") from None
        except OverflowError:
            number = math.inf
        if not least <= number <= most:
            raise ValueError(f"{raw} is not between {least:g} and {most:g}")
        return number

    return parse


def _whole(least: int, most: int) -> Callable[[object], int]:
    number = _number(least, most)

    def parse(raw: object) -> int:
        value = number(raw)
        if value != int(value):
            raise ValueError(f"{raw} is not a whole number")
        return int(value)

    return parse


def _or_none(parse: Callable[[object], Any]) -> Callable[[object], Any]:
    """Zero and empty text switch a limit off."""
    return lambda raw: None if raw in ("", 0) and not isinstance(raw, bool) else (parse(raw) or None)


def _directory(raw: object) -> str:
    text = _text(raw)
    if not text:
        return ""
    try:
        path = Path(text).expanduser()
    except RuntimeError as error:
        raise ValueError(f"{text!r}: {error}") from None
    if not path.is_absolute():
        raise ValueError(f"{text!r} is not a whole path; write it like /srv/pictures or ~/pictures")
    return str(path)


_UNITS = {"": 1, "b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9, "tb": 10**12} | {
    "kib": 2**10,
    "mib": 2**20,
    "gib": 2**30,
    "tib": 2**40,
}


def _alerts(raw: object) -> tuple[str, ...]:
    """A list, or text with semicolons between: names of budgets have commas."""
    found = [part for part in re.split(r";(?=\s*[0-9]{1,3}\s*%)", raw) if part.strip()] if isinstance(raw, str) else raw
    if not isinstance(found, list | tuple):
        raise ValueError(f"{raw!r} is not a list of parts of budgets, like 80%")
    return tuple(dict.fromkeys(str(parse_alert(_text(part))) for part in found))


def _bytes(raw: object) -> int:
    if isinstance(raw, int) and not isinstance(raw, bool) and 0 <= raw <= 10**15:
        return raw
    text = raw.strip().lower() if isinstance(raw, str) else ""
    found = re.fullmatch(r"([0-9]{1,12}(?:\.[0-9]{1,6})?)\s*([kmgt]?i?b|)", text)
    if found is None or found[2] not in _UNITS:
        raise ValueError(f"{raw!r} is not a size; write it like 2 GB or 500 MB, or 0 for none")
    return min(int(float(found[1]) * _UNITS[found[2]]), 10**15)


def _usd(raw: object) -> int | None:
    if raw == "":
        return None
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise ValueError(f"{raw!r} is not an amount in dollars")
    return parse_usd(str(raw))


_PARSERS: Mapping[str, Callable[[object], object]] = {
    "provider": _text,
    "model": _text,
    "base_url": _base_url,
    "size": _size,
    "quality": _text,
    "format": _format,
    "style": _names,
    "out": _text,
    "template": _text,
    "if_exists": _one_of("number", "skip", "error"),
    "jobs": _whole(1, 256),
    "ipm": _or_none(_number(0, 100_000)),
    "tier": _or_none(_whole(0, 5)),
    "timeout": _number(5, 3600),
    "max_cost": _usd,
    "assume_cost": _usd,
    "paid_retries": _whole(0, 1000),
    "confirm_over": _usd,
    "expand": _one_of("off", "local", "model"),
    "text_model": _text,
    "policy": _one_of("off", "warn", "on", "strict"),
    "blocklist": _text,
    "moderate": _looks,
    "moderation_provider": _text,
    "user": _text,
    "cache": _one_of("auto", "use", "loose", "refresh", "off"),
    "cache_dir": _directory,
    "cache_size": _bytes,
    "near": _one_of("off", "local", "provider"),
    "alert": _alerts,
    "preview": _one_of("auto", "off", "blocks", "kitty", "iterm2", "sixel"),
    "notify": _one_of("auto", "on", "off"),
    "notify_after": _number(0, 86_400),
    "webhook_url": _webhook_url,
    "webhook_prompts": _one_of("off", "on"),
}
