"""API keys: from the environment, the system's keyring, or a file only its owner can read. Never from an argument."""

import contextlib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from imgcli.errors import SettingsError
from imgcli.model.secret import Secret

SERVICE = "imgcli"
"""Name under which the keyring keeps the keys."""

LEAST = 12
"""Characters of a key that give something of it away; shorter beginnings, like `sk-proj-`, are common to all."""

_KEY_LIKE = re.compile(r"(?<![\w-])sk-[\w-]{20,}")
_known: set[str] = set()
"""The keys this process has met, so that no message carries one on."""


def find_key(provider: str, variable: str, env: Mapping[str, str], file: Path) -> tuple[Secret | None, str]:
    """The key of `provider` and where it came from; (None, "") if there is none.

    Raises:
        SettingsError: the credentials file can be read by others, or cannot be read at all.
    """
    if text := env.get(variable, "").strip():
        return Secret(_checked(text, variable)), variable
    if text := _from_keyring(provider, env):
        return Secret(_checked(text, "the keyring")), "keyring"
    if text := _read(file).get(provider, ""):
        return Secret(_checked(text, str(file))), str(file)
    return None, ""


def store_key(provider: str, key: str, env: Mapping[str, str], file: Path) -> str:
    """Keep `key` in the keyring if there is a working one, else in `file` (mode 0600). Returns where.

    Raises:
        SettingsError: not a key, or no place takes it.
    """
    key = _checked(key.strip(), "the key")
    require_provider(provider)
    if ring := _keyring(env):
        try:
            ring.set_password(SERVICE, provider, key)
        except ring.errors as error:
            refusal = f" (the keyring refused: {type(error).__name__})"
        else:
            return "the keyring"
    else:
        refusal = ""
    keys = _read(file) | {provider: key}
    lines = [f"{name} = {text}\n" for name, text in sorted(keys.items())]
    draft = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
            out.writelines(["# Keys of imgcli, one `provider = key` a line. Keep this file to yourself.\n", *lines])
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise SettingsError(f"{file}: the key could not be kept: {error.strerror or error}") from None
    return f"{file}{refusal}"


def require_provider(name: str) -> None:
    """Refuse what cannot be the name of a provider, before its key is asked for.

    Raises:
        SettingsError: also for a key in its place, which is not repeated.
    """
    if _KEY_LIKE.fullmatch(name):
        raise SettingsError("that looks like a key, and a shell remembers what is typed; type  imgcli config set-key")
    if not re.fullmatch(r"[\w.+-]+", name):
        raise SettingsError(f"{name!r} is no name for a provider; use letters, digits, - and _")


def hidden(text: str) -> str:
    """`text` for people or logs, its keys cut to what tells two apart: those met so far, and all that look like one."""
    for key in _known:
        # A quoted key may have been cut short with the words around it.
        for length in range(len(key), min(len(key), LEAST) - 1, -1):
            text = text.replace(key[:length], Secret(key).hint)
    return _KEY_LIKE.sub(lambda found: Secret(found[0]).hint, text)


def _checked(key: str, source: str) -> str:
    if not key.isascii() or not key.isprintable() or " " in key or len(key) < 8:
        raise SettingsError(f"{source}: that is not an API key (8 or more letters and digits, no blanks)")
    _known.add(key)
    return key


def _read(file: Path) -> dict[str, str]:
    try:
        with file.open(encoding="utf-8") as lines:
            if sys.platform != "win32" and os.fstat(lines.fileno()).st_mode & 0o077:
                raise SettingsError(f"{file}: others can read it; run chmod 600 on it, and think of a new key")
            pairs = [line.partition("=") for line in lines if line.strip() and not line.startswith("#")]
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read: {error}") from None
    return {name.strip(): key.strip() for name, _, key in pairs}


def _from_keyring(provider: str, env: Mapping[str, str]) -> str:
    ring = _keyring(env)
    if ring is None:
        return ""
    try:
        return ring.get_password(SERVICE, provider) or ""
    except ring.errors:
        # Locked or broken: no key here, and the file is asked next.
        return ""


class _Ring:
    """The part of the optional `keyring` package that is used here."""

    def __init__(self) -> None:
        import keyring  # noqa: PLC0415 - optional, and slow to import
        from keyring.backends import fail, null  # noqa: PLC0415

        self._keyring = keyring
        self.errors = (keyring.errors.KeyringError, RuntimeError, OSError)
        self.works = not isinstance(keyring.get_keyring(), fail.Keyring | null.Keyring)

    def get_password(self, service: str, name: str) -> str | None:
        return self._keyring.get_password(service, name)

    def set_password(self, service: str, name: str, key: str) -> None:
        self._keyring.set_password(service, name, key)


def _keyring(env: Mapping[str, str]) -> _Ring | None:
    # A home of its own keeps its keys there too, so that tests and sandboxes never touch the desktop's.
    if env.get("IMGCLI_HOME"):
        return None
    try:
        ring = _Ring()
    except ImportError:
        return None
    return ring if ring.works else None
