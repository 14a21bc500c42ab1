"""A gallery that is served: what a browser may ask of it, and what people say in it, written to the catalog."""

import asyncio
import hmac
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import msgspec

from imgcli.errors import StorageError
from imgcli.exhibiting import Shrinker, may_be_shown
from imgcli.following import Follower, Shown
from imgcli.header import foreign_format, read_header
from imgcli.model.input import Input
from imgcli.model.opinion import UNSEEN, Opinion
from imgcli.model.pick import Pick
from imgcli.opining import opine, read_opinion
from imgcli.ports import Catalog, Ledger, Store
from imgcli.reports.gallery import Api, Item, Thumb, blocks, item, policy
from imgcli.serving.wire import RefusedError, Request, Response

TOKEN = "x-imgcli-token"  # noqa: S105 - the name of a header
HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""Names under which a browser of this machine knows it; any other was made to point here by somebody outside."""

MOST_BYTES = 256 * 1024 * 1024
"""Of a picture that is sent."""

MOST_ITEMS = 200
"""Pictures that are told of at once."""

KINDS = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "avif": "image/avif"}
SVG = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


class More(msgspec.Struct, frozen=True):
    items: list[Item]
    next: int


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What is served: the pictures there are, the rooms they are in, and the words over them.

    Attributes:
        token: nobody is told anything without it.
        follower: finds pictures that are added; None where the page is not to grow.
    """

    shown: Shown
    ledger: Ledger
    store: Store
    catalog: Catalog
    shrinker: Shrinker
    title: str
    token: str = field(repr=False)
    follower: Follower | None = None


class Gallery:
    """Answers requests; satisfies `serving.door.Handler`. `port` is that of its door, once it is open."""

    def __init__(self, exhibit: Exhibit) -> None:
        self._exhibit = exhibit
        self.port = 0

    async def __call__(self, request: Request) -> Response:
        """The answer to one request.

        Raises:
            RefusedError: it is not from a page of ours, or asks for what is not there.
        """
        rest = self._entered(request)
        if rest == "api/opinion":
            _require_method(request, "POST")
            self._require_page(request)
            return await self._opinion(request)
        _require_method(request, "GET", "HEAD")
        if rest == "api/items":
            self._require_token(request)
            return await self._items(request)
        if rest == "":
            return await self._page()
        return await self._file(rest)

    def _entered(self, request: Request) -> str:
        """What is asked for behind the token, by a browser of this machine.

        Raises:
            RefusedError: the name of this machine, or the token, is not ours; or another site asks.
        """
        if request.header("host").lower() not in {f"{host}:{self.port}" for host in HOSTS}:
            raise RefusedError(HTTPStatus.FORBIDDEN)
        token, slash, rest = request.path.removeprefix("/").partition("/")
        if not (self._is_token(token) and slash):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        is_link = not rest and request.header("sec-fetch-dest") == "document"
        # A link somewhere may lead to the page; nothing else of it is of use to another site.
        if request.header("sec-fetch-site") not in {"", "none", "same-origin"} and not is_link:
            raise RefusedError(HTTPStatus.FORBIDDEN)
        return rest

    def _is_token(self, word: str) -> bool:
        return hmac.compare_digest(word.encode(), self._exhibit.token.encode())

    def _require_token(self, request: Request) -> None:
        if not self._is_token(request.header(TOKEN)):
            raise RefusedError(HTTPStatus.FORBIDDEN)

    def _require_page(self, request: Request) -> None:
        """Only a page of this very address writes.

        Raises:
            RefusedError: it comes from elsewhere, or is no JSON.
        """
        self._require_token(request)
        if request.header("origin").lower() != f"http://{request.header('host').lower()}":
            raise RefusedError(HTTPStatus.FORBIDDEN)
        if request.header("content-type").partition(";")[0].strip().lower() != "application/json":
            raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)

    async def _page(self) -> Response:
        exhibit = self._exhibit
        after = len(exhibit.shown.picks)
        picks = [pick async for page in exhibit.shown.pages(exhibit.ledger) for pick in page]
        opinions = await _opinions(picks, exhibit.catalog)
        items = (_item(pick, opinions.get(pick.record.attempt, UNSEEN)) for pick in reversed(picks))
        pieces = blocks(items, exhibit.title, Api(exhibit.token, after), watch=exhibit.follower is not None)
        rules = f"{policy(served=True)}; frame-ancestors 'none'"
        return Response(
            body=_poured(pieces), kind="text/html; charset=utf-8", headers={"Content-Security-Policy": rules}
        )

    async def _items(self, request: Request) -> Response:
        exhibit = self._exhibit
        found = re.fullmatch(r"after=([0-9]{1,9})", request.query)
        if found is None:
            raise RefusedError(HTTPStatus.BAD_REQUEST)
        if exhibit.follower is not None:
            await exhibit.follower.look()
        after = int(found[1])
        some = exhibit.shown.picks[after : after + MOST_ITEMS]
        picks = await exhibit.shown.visible(some, exhibit.ledger)
        opinions = await _opinions(picks, exhibit.catalog)
        items = [_item(pick, opinions.get(pick.record.attempt, UNSEEN)) for pick in picks]
        return _json(More(items, min(after, len(exhibit.shown.picks)) + len(some)))

    async def _opinion(self, request: Request) -> Response:
        try:
            said = read_opinion(request.body)
            pick = await self._pick(said.attempt)
            return _json(await opine(said, pick, self._exhibit.catalog))
        except ValueError:
            raise RefusedError(HTTPStatus.BAD_REQUEST) from None

    async def _pick(self, attempt: str) -> Pick:
        """A picture of the chosen ones that may be shown now.

        Raises:
            RefusedError: there is none.
        """
        pick = self._exhibit.shown.by_attempt.get(attempt)
        found = await self._exhibit.shown.visible([pick], self._exhibit.ledger) if pick else []
        if not found:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        return found[0]

    async def _file(self, rest: str) -> Response:
        match rest.split("/"):
            case ["pictures", attempt]:
                return await self._sent((await self._pick(attempt)).path)
            case ["thumbs", name] if name.endswith(".webp"):
                return await self._small(name.removesuffix(".webp"))
            case ["inputs", attempt, number] if re.fullmatch("0|[1-9][0-9]?", number):
                return await self._input(await self._pick(attempt), int(number))
            case _:
                raise RefusedError(HTTPStatus.NOT_FOUND)

    async def _small(self, sha256: str) -> Response:
        for attempt in self._exhibit.shown.by_sha.get(sha256, ()):
            made = await self._exhibit.shrinker.small(await self._pick(attempt))
            if made is not None and made[0].sha256 == sha256:
                kept = {"Cache-Control": "private, max-age=86400, immutable"}
                return Response(body=made[1], kind=KINDS["webp"], headers=kept)
        raise RefusedError(HTTPStatus.NOT_FOUND)

    async def _input(self, pick: Pick, number: int) -> Response:
        """A picture that went into `pick`, if it is there with the same bytes."""
        exhibit, sources = self._exhibit, _inputs(pick)
        # A sidecar tells a name alone, which means nothing here.
        source = sources[number] if number < len(sources) and sources[number].path.is_absolute() else None
        if source is None or not await may_be_shown(source, exhibit.ledger, exhibit.store):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        if not await exhibit.store.holds(source.path, source.sha256):
            raise RefusedError(HTTPStatus.NOT_FOUND)
        return await self._sent(source.path)

    async def _sent(self, path: Path) -> Response:
        """The bytes of a picture as what they are, whatever its name says."""
        try:
            data = await self._exhibit.store.look(path, MOST_BYTES)
        except StorageError:
            raise RefusedError(HTTPStatus.NOT_FOUND) from None
        name = format_of(data)
        if name == "svg":
            return Response(body=data, kind="image/svg+xml", headers={"Content-Security-Policy": SVG})
        if name not in KINDS:
            raise RefusedError(HTTPStatus.NOT_FOUND)
        return Response(body=data, kind=KINDS[name])


def format_of(data: bytes) -> str:
    """What a picture is by its first bytes, in lower case; empty for what a browser should not be sent."""
    header = read_header(BytesIO(data[:65536]))
    if header is not None:
        return header.format
    name = foreign_format(data[:32])
    is_svg = name.startswith("SVG") and b"<svg" in data[:4096]
    return "svg" if is_svg else "avif" if name == "AVIF" else ""


def _require_method(request: Request, *methods: str) -> None:
    if request.method not in methods:
        raise RefusedError(HTTPStatus.METHOD_NOT_ALLOWED)


def _inputs(pick: Pick) -> tuple[Input, ...]:
    return pick.record.job.edit.inputs if pick.record.job.edit else ()


def _item(pick: Pick, opinion: Opinion) -> Item:
    picture, attempt = pick.record.picture, pick.record.attempt
    thumb = None
    if picture and picture.format != "svg":
        clear = pick.record.job.background == "transparent"
        thumb = Thumb(f"thumbs/{picture.sha256}.webp", picture.width, picture.height, clear)
    before = [
        f"inputs/{attempt}/{number}" if each.path.is_absolute() and not each.origin else ""
        for number, each in enumerate(_inputs(pick))
    ]
    return item(pick, opinion, f"pictures/{attempt}", thumb, before)


async def _opinions(picks: list[Pick], catalog: Catalog) -> dict[str, Opinion]:
    found: dict[str, Opinion] = {}
    for start in range(0, len(picks), MOST_ITEMS):
        found |= await catalog.opinions([pick.record.attempt for pick in picks[start : start + MOST_ITEMS]])
    return found


async def _poured(pieces: Iterator[str]) -> AsyncIterator[bytes]:
    """Pieces of a page, each made beside the event loop."""
    while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
        yield piece.encode()


def _json(value: object) -> Response:
    return Response(body=msgspec.json.encode(value), kind="application/json")
