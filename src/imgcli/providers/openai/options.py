"""The table `[providers.NAME]` of the config file, and the address of a server: both are the user's own words."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from imgcli.errors import SettingsError
from imgcli.model.card import Wording
from imgcli.providers.openai.writing import CHAT, IMAGES, RESPONSES
from imgcli.settings import shown_url

OPTIONS: dict[str, type] = {"kind": str, "base_url": str, "key_env": str, "response_format": str, "extra_body": dict}
OPTIONS |= {"wording": str, "takes_seed": bool, "models": list, "text_model": str, "text_api": str, "images_api": str}
OPTIONS |= {"mask": str}
OPTIONS |= {"moderation_model": str, "embedding_model": str}
"""Keys of the table, with their types."""

OURS = frozenset({"model", "prompt", "n", "stream", "image", "image[]", "mask", "markup"})
"""What `extra_body` may not set: a request that makes more than its one job asks for is held at too little."""

ALPHA, WHITE, BLACK = "alpha", "white", "black"
MASKS = (ALPHA, WHITE, BLACK)
"""What marks the pixels of a mask that may change: OpenAI wants them transparent, other servers white or black."""

IMAGES_ONLY = ("response_format", "extra_body", "wording", "takes_seed", "mask")
"""Keys that the image tool of the Responses API has no use for."""


def checked_options(name: str, options: Mapping[str, object]) -> dict[str, Any]:
    """The options of provider `name`, each of its type.

    Raises:
        SettingsError: an unknown key, or a value it cannot have.
    """
    for key, value in options.items():
        if key not in OPTIONS:
            raise SettingsError(f"[providers.{name}]: unknown key {key!r}; there are {', '.join(OPTIONS)}")
        if not isinstance(value, OPTIONS[key]):
            raise SettingsError(f"[providers.{name}]: {key} must be of type {OPTIONS[key].__name__}")
    if options.get("wording", "prose") not in {wording.value for wording in Wording}:
        raise SettingsError(f"[providers.{name}]: wording must be prose or keywords")
    if options.get("text_api", CHAT) not in {RESPONSES, CHAT}:
        raise SettingsError(f"[providers.{name}]: text_api must be {RESPONSES} or {CHAT}")
    if options.get("mask", ALPHA) not in MASKS:
        raise SettingsError(
            f"[providers.{name}]: mask must be {ALPHA}, {WHITE} or {BLACK}: what marks the pixels that may change"
        )
    _check_images_api(name, options)
    if not all(isinstance(model, str) for model in cast("list[object]", options.get("models", []))):
        raise SettingsError(f"[providers.{name}]: models must be a list of names in quotes")
    if taken := OURS & set(cast("dict[str, object]", options.get("extra_body", {}))):
        raise SettingsError(f"[providers.{name}]: extra_body must not set {', '.join(sorted(taken))}; the job does")
    return dict(options)


def _check_images_api(name: str, options: Mapping[str, object]) -> None:
    api = options.get("images_api", IMAGES)
    if api not in {IMAGES, RESPONSES}:
        known = f"{IMAGES} or {RESPONSES}"
        raise SettingsError(f"[providers.{name}]: images_api must be {known}; chat completions make no pictures")
    if api == RESPONSES and (idle := [key for key in IMAGES_ONLY if key in options]):
        raise SettingsError(f'[providers.{name}]: with images_api = "responses" leave out {", ".join(idle)}')


def text_model_of(name: str, options: Mapping[str, object], default: str) -> tuple[str, str]:
    """The text model that is asked for words, and the one that pictures are asked through; empty where there is none.

    Raises:
        SettingsError: pictures are to be asked through one, and none is named.
    """
    model = str(options.get("text_model", default))
    if options.get("images_api", IMAGES) != RESPONSES:
        return model, ""
    if not model:
        raise SettingsError(
            f'[providers.{name}]: images_api = "responses" needs a text_model, which asks for the pictures'
        )
    return model, model


def proxy_of(url: str) -> str:
    """The proxy that the environment has for `url`, as the SDK's transport reads it, or an empty string."""
    from urllib.request import getproxies, proxy_bypass  # noqa: PLC0415 - brings half of http, for runs alone

    parts, proxies = urlsplit(url), getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all") or ""
    return "" if proxy_bypass(parts.netloc.rpartition("@")[2]) else proxy


def host_of(url: str, source: str) -> str:
    """The host of a base URL, in lower case.

    Raises:
        SettingsError: it has none, or its port is no number from 1 to 65535.
    """
    try:
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0:
            return parts.hostname
    except ValueError:
        pass
    raise SettingsError(f"{source}: {shown_url(url)!r} is not a web address; write it like https://host/v1")
