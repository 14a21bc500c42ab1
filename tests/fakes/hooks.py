"""What a webhook has of the world in tests: names as a table says, and every connection to one server on loopback."""

from dataclasses import dataclass, field

import httpx

from imgcli.webhook import Outside

NOW = 1_800_000_000.0


class Loopback(httpx.AsyncHTTPTransport):
    """Connects to `port` of this machine, in plain text, whatever is asked; `asked` are (address, host, sni) of each."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.port = port
        self.asked: list[tuple[str, str, str]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.host, request.headers["host"], request.extensions["sni_hostname"]))
        assert request.url.scheme == "https"
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=self.port)
        return await super().handle_async_request(request)


@dataclass
class World:
    """`outside` for a server on `port`; time goes on by what is paused."""

    port: int
    addresses: list[str] = field(default_factory=lambda: ["8.8.8.8"])
    names: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.transport = Loopback(self.port)

    async def resolve(self, host: str, _port: int) -> list[str]:
        self.names.append(host)
        return self.addresses

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    @property
    def outside(self) -> Outside:
        return Outside(lambda: NOW + sum(self.pauses), self.pause, self.resolve, self.transport)
