"""Pictures as a gallery: one page that shows, finds and compares them, and asks nobody for anything; pure.

Everything that strangers wrote stands in the page as data, and comes to the screen as text only.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from typing import NamedTuple

import jinja2
import msgspec
from markupsafe import Markup

from imgcli.model.opinion import UNSEEN, Opinion
from imgcli.model.pick import Pick
from imgcli.model.query import kind_of
from imgcli.reports.policy import hashed

MARK = '<meta name="generator" content="imgcli gallery">'
"""By which a page of ours is known, among its first bytes."""

LONGEST = 40_000
"""Letters of one text of the page; directed prompts have 32,000 at most."""

FIRST = 80
"""Pictures that are there before the others are read, and the list for browsers without scripts."""

CHUNK = 1000
"""Pictures that are read at once after these."""

_PARTS = files("imgcli.reports").joinpath("templates")
_SCRIPTS = ("data", "filters", "rows", "opinions", "story", "slider", "viewer", "compare", "panel", "main")
"""Of the page, in order; each one knows those before it."""


@dataclass(frozen=True, slots=True)
class Api:
    """Of a page that is served: what it shows when it writes, and where the pictures go on that are added."""

    token: str
    after: int = 0


class Thumb(NamedTuple):
    """A small picture: its address (or `data:`), pixels, and whether something behind it is seen."""

    src: str
    width: int
    height: int
    clear: bool = False


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """A picture that went into another one."""

    name: str
    sha: str
    href: str = ""


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """A picture as the page has it. What is empty is left out of its JSON.

    Attributes:
        href: address of the picture, relative to the page.
        thumb: of the small one; empty where there is none, which the page shows by a quiet tile.
        w, h: pixels, as it is seen.
        clear: something behind it is seen.
        cost: nano-USD, None where nobody knows.
        date: RFC 3339 UTC.
        no: what was asked not to be seen.
        tags, added: those it was made with, and those put on later.
        draft, origin: the attempt of its draft, or of the picture it is a copy of.
        inputs: what it was made from, in order.
    """

    attempt: str
    name: str
    href: str
    run: str = ""
    id: str = ""
    n: int = 1
    thumb: str = ""
    w: int = 0
    h: int = 0
    clear: bool = False
    bytes: int = 0
    format: str = ""
    sha: str = ""
    typed: str = ""
    directed: str = ""
    revised: str = ""
    no: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    provider: str = ""
    model: str = ""
    through: str = ""
    size: str = ""
    quality: str = ""
    seed: int | None = None
    cost: int | None = None
    kind: str = "plain"
    date: str = ""
    tags: tuple[str, ...] = ()
    draft: str = ""
    origin: str = ""
    inputs: tuple[Source, ...] = ()
    marks: tuple[str, ...] = ()
    stars: int = 0
    added: tuple[str, ...] = ()


def item(
    pick: Pick, opinion: Opinion = UNSEEN, href: str = "", thumb: Thumb | None = None, before: Sequence[str] = ()
) -> Item:
    """A picture for the page.

    Args:
        pick: the picture; whoever asks has seen that it may be shown.
        opinion: what was said of it.
        href: its address, percent-encoded.
        thumb: its small one.
        before: addresses of the pictures it was made from, in their order, empty where one is not to be shown.
    """
    record, job, picture = pick.record, pick.record.job, pick.record.picture
    words = job.prompt
    revised = record.painted.revised if record.painted else ""
    width, height = _seen(picture.width, picture.height, thumb) if picture else (0, 0)
    sources = job.edit.inputs if job.edit else ()
    hrefs = chain(before, ("" for _ in sources))
    return Item(
        attempt=record.attempt,
        name=_text(pick.path.name),
        href=href,
        run=record.run,
        id=_text(job.entry),
        n=job.variant,
        thumb=thumb.src if thumb else "",
        w=width,
        h=height,
        clear=thumb.clear if thumb else job.background == "transparent",
        bytes=picture.size_bytes if picture else 0,
        format=picture.format if picture else "",
        sha=picture.sha256 if picture else "",
        typed=_text(words.typed),
        directed=_text(words.text) if words.text != words.typed else "",
        revised=_text(revised) if revised != words.text else "",
        no=tuple(map(_text, words.constraints)),
        styles=tuple(map(_text, words.styles)),
        provider=_text(job.provider),
        model=_text(job.model),
        through=_text(job.through),
        size=str(job.size),
        quality=_text(job.quality),
        seed=job.seed,
        cost=None if "unpriced" in record.flags else record.cost,
        kind=kind_of(record).value,
        date=record.received_at or record.created_at,
        tags=tuple(map(_text, job.tags)),
        draft=job.draft,
        origin=record.origin.attempt if record.origin else "",
        inputs=tuple(Source(_text(each.name), each.sha256, link) for each, link in zip(sources, hrefs, strict=False)),
        marks=tuple(sorted(mark.value for mark in opinion.marks)),
        stars=opinion.stars,
        added=tuple(map(_text, opinion.tags)),
    )


def _seen(width: int, height: int, thumb: Thumb | None) -> tuple[int, int]:
    """The sides of a picture as it is seen: what a camera said of its orientation was applied to the small one."""
    if not (width and height):
        return (thumb.width, thumb.height) if thumb else (0, 0)
    is_turned = thumb is not None and (thumb.width - thumb.height) * (width - height) < 0
    return (height, width) if is_turned else (width, height)


def page(items: Iterable[Item], title: str, api: Api | None = None, *, watch: bool = False) -> str:
    """The whole page; see `blocks`."""
    return "".join(blocks(items, title, api, watch=watch))


def blocks(items: Iterable[Item], title: str, api: Api | None = None, *, watch: bool = False) -> Iterator[str]:
    """The page of `items`, newest first, piece by piece, so that ten thousand pictures need not be in memory.

    Args:
        items: in the order they are to be seen; each is asked for when its turn comes.
        title: of the page.
        api: of a page that is served and may write; a page on a disk asks nobody, and its browser is told so.
        watch: whether it is to look for pictures that are added.
    """
    rest = iter(items)
    first = list(islice(rest, FIRST))
    facts: dict[str, object] = {"title": _text(title), "watch": watch}
    if api:
        facts |= {"token": api.token, "after": api.after}
    yield from _template().generate(
        mark=Markup(MARK),  # noqa: S704 - ours
        policy=policy(served=api is not None),
        title=_text(title),
        style=_style(),
        script=_script(),
        facts=_data(facts),
        first=first,
        chunks=chain([_data(first)], map(_data, _chunks(rest))),
    )


def _chunks(items: Iterator[Item]) -> Iterator[list[Item]]:
    while chunk := list(islice(items, CHUNK)):
        yield chunk


def policy(*, served: bool) -> str:
    """The Content-Security-Policy of the page: its own script and style, and nobody else's anything."""
    # Opened from a disk, the pictures beside it are `file:`; behind a server `self`, which takes what is written too.
    where, asks = ("'self' data:", "; connect-src 'self'") if served else ("'self' data: file:", "")
    return (
        f"default-src 'none'; img-src {where}; style-src {hashed(_style())}; script-src {hashed(_script())}{asks}"
        "; base-uri 'none'; form-action 'none'"
    )


@cache
def _template() -> jinja2.Template:
    loader = jinja2.FunctionLoader(lambda name: _PARTS.joinpath(name).read_text("utf-8"))
    known = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return known.get_template("gallery.html")


@cache
def _style() -> Markup:
    return Markup(_PARTS.joinpath("gallery", "page.css").read_text("utf-8"))  # noqa: S704 - ours


@cache
def _script() -> Markup:
    """All scripts as one, in a scope of its own."""
    parts = [_PARTS.joinpath("gallery", f"{name}.js").read_text("utf-8") for name in _SCRIPTS]
    return Markup("'use strict';\n(() => {\n" + "\n".join(parts) + "})();\n")  # noqa: S704 - ours


_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_ESCAPES = str.maketrans(_ESCAPED)


def _data(value: object) -> Markup:
    """`value` as JSON that no parser of HTML or JavaScript takes for anything else."""
    return Markup(msgspec.json.encode(value).decode().translate(_ESCAPES))  # noqa: S704 - escaped above all


def _text(text: str) -> str:
    """`text` of bounded length, and without halves of letters, which no encoding takes."""
    shown = text[:LONGEST] + "…" if len(text) > LONGEST else text
    return shown.encode("utf-8", "replace").decode()
