"""Pictures to look at, and an OpenAI that lives on this machine."""

import hashlib
from pathlib import Path

from imgcli.model.input import Input
from imgcli.model.secret import Secret
from imgcli.ports import ProviderConfig
from imgcli.providers.openai.provider import OpenAIProvider
from tests.fake_api import pictures
from tests.fake_api.client import KEY, FakeApi


def a_look(
    path: Path, kind: str = "png", width: int = 64, height: int = 48, number: int = 7, data: bytes | None = None
) -> Input:
    """A picture written to `path`, as it was looked at; `number` is its colour."""
    data = pictures.make(kind, width, height, number) if data is None else data
    path.write_bytes(data)
    return Input(path, hashlib.sha256(data).hexdigest(), len(data), kind, width, height, path.name)


def own_openai(api: FakeApi, timeout: float = 20, **options: object) -> OpenAIProvider:
    """OpenAI itself, with its own models and rules, but for the address."""
    provider = OpenAIProvider(ProviderConfig(Secret(KEY), "", "", options, timeout, "openai"))
    provider._url = api.base_url
    provider._host = "api.openai.com"
    return provider


def other_server(api: FakeApi, timeout: float = 20, **options: object) -> OpenAIProvider:
    """A compatible server."""
    return OpenAIProvider(ProviderConfig(Secret(KEY), api.base_url, "the test", options, timeout, "openai"))
