"""The switchboard: Settings -> Studio. The only module that names a concrete backend; it chooses, and does no work.

What it switches on is imported there and then: `imgcli styles list` needs no ledger, and a batch one provider.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from imgcli.credentials import find_key
from imgcli.errors import AccountError, SettingsError
from imgcli.model.secret import Secret
from imgcli.settings import Paths, Settings, guess

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from imgcli.catalog.near import Embedder
    from imgcli.catalog.pictures import PictureCache
    from imgcli.catalog.shelf import PictureShelf
    from imgcli.director.shelf import Shelf
    from imgcli.engine.limits import Pacer
    from imgcli.model.attempt import Record
    from imgcli.model.card import ModelCard
    from imgcli.model.inspection import Rebuilt
    from imgcli.model.job import Job
    from imgcli.model.prompt import Style
    from imgcli.ports import (
        Board,
        Catalog,
        Ledger,
        Observer,
        Pricer,
        Provider,
        ProviderFactory,
        Smalls,
        Store,
        Studio,
        Wall,
    )

T = TypeVar("T")

GROUP = "imgcli.providers"
BUILT_IN = ("openai", "placeholder")
PRICED_HOST = "api.openai.com"
"""The host whose prices `pricing/rates.toml` holds."""

TIER_IPM = {1: 5, 2: 20, 3: 50, 4: 150, 5: 250}
"""Pictures a minute by OpenAI usage tier, as on the model pages of gpt-image-2 and 2.5 in October 2026."""


class Lazily(Mapping[str, T]):
    """Values by name, each made when it is first asked for.

    Attributes:
        made: those there are; at first those that need no making.
    """

    def __init__(self, makers: Mapping[str, Callable[[], T]], made: Mapping[str, T] | None = None) -> None:
        self.made = dict(made or {})
        self._makers = makers
        self._names = dict.fromkeys([*makers, *self.made])

    def __getitem__(self, name: str) -> T:
        if name not in self.made:
            self.made[name] = self._makers[name]()
        return self.made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class SystemClock:
    """Satisfies `ports.Clock`."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        import asyncio

        await asyncio.sleep(seconds)


@asynccontextmanager
async def open_studio(
    settings: Settings, env: Mapping[str, str], observe: "Observer", styles_beside: Path | None = None
) -> AsyncIterator["Studio"]:
    """A studio as `settings` want it, closed at the end.

    Args:
        settings: resolved.
        env: the environment, for keys.
        observe: called with every event.
        styles_beside: directory of a batch file, whose `styles/` is read too.
    """
    from imgcli.ports import Studio

    async with AsyncExitStack() as stack:
        clock = SystemClock()
        ledger = open_ledger(settings.paths)
        stack.push_async_callback(ledger.close)
        board = open_board(settings.paths)
        stack.callback(board.close)
        providers = open_providers(settings, env)
        stack.push_async_callback(_close, providers)
        yield Studio(
            providers=providers,
            pricer=open_pricer(settings),
            ledger=ledger,
            store=open_store(settings.paths),
            board=board,
            clock=clock,
            styles=load_styles(settings.paths, styles_beside),
            observe=observe,
        )


async def _close(providers: "Lazily[Provider]") -> None:
    async with AsyncExitStack() as stack:
        for provider in providers.made.values():
            stack.push_async_callback(provider.close)


def open_board(paths: Paths) -> "Board":
    from imgcli.db.board import SqliteBoard

    return SqliteBoard(paths.state / "pace.db")


def newest_ids(paths: Paths, kind: str, beginning: str, most: int) -> Sequence[str]:
    """Ids for a shell that completes, the newest first: `pictures`, `flagged` or `unresolved`; no ledger is made."""
    from imgcli.ledger.peek import newest

    return newest(paths.data / "ledger.db", kind, beginning, most)


def open_catalog(paths: Paths) -> "Catalog":
    from imgcli.catalog.sqlite import SqliteCatalog

    return SqliteCatalog(paths.data, any_filesystem=paths.any_filesystem)


def cache_directory(settings: Settings) -> Path:
    return Path(settings.cache_dir) if settings.cache_dir else settings.paths.cache / "pictures"


def open_pictures(settings: Settings) -> "PictureCache":
    """The cache directory; nothing is made before something is put there."""
    from imgcli.catalog.pictures import PictureCache

    return PictureCache(cache_directory(settings), settings.cache_size)


def open_shelf(
    settings: Settings,
    studio: "Studio",
    catalog: "Catalog",
    mode: str,
    *,
    run: str = "",
    near: float | None = None,
    share: bool = False,
    embedder: "Embedder | None" = None,
) -> "PictureShelf":
    """Pictures that were made before, as one run wants them.

    Args:
        settings: resolved.
        studio: of the run.
        catalog: where copies are written down, and by what pictures are found that are not the very ones.
        mode: a value of `catalog.shelf.Mode`.
        run: the id of the run, for the sidecars of its copies.
        near: cosine from which a near picture is taken.
        share: what another run copies meanwhile for the same job is enough.
        embedder: tells which words are alike, where the provider is asked; a local model is made here.
    """
    from imgcli.catalog.finding import Finder
    from imgcli.catalog.shelf import Mode, PictureShelf, Wish
    from imgcli.storage.sidecar import sidecar_bytes
    from imgcli.storage.story import parse_story

    # Looking alone makes no ledger.
    has_ledger = bool(run) or (settings.paths.data / "ledger.db").exists()
    finder = Finder(
        studio.ledger if has_ledger else None,
        catalog,
        open_pictures(settings) if settings.cache_size else None,
        parse_story,
        embedder or _local_model(settings),
    )
    wish = Wish(Mode(mode), run, near, share)
    return PictureShelf(
        wish, finder, store=studio.store, clock=studio.clock, observe=studio.observe, write_story=sidecar_bytes
    )


def form_of(prompt: str) -> str:
    """As `catalog.canonical.canonical`: prompts that ask for the same picture in another form share it."""
    from imgcli.catalog.canonical import canonical

    return canonical(prompt)


def loose_form_of(job: "Job") -> str:
    """As `catalog.alike.loose_key`: all that `job` is, with the form of its words."""
    from imgcli.catalog.alike import loose_key

    return loose_key(job)


def rest_of(job: "Job") -> str:
    """As `catalog.alike.rest_key`: what `job` is but for its words."""
    from imgcli.catalog.alike import rest_key

    return rest_key(job)


def open_nearness(
    settings: Settings, env: Mapping[str, str], catalog: "Catalog", least: float
) -> Callable[[Iterable[tuple[str, str, str]]], Awaitable[Mapping[str, str]]]:
    """As `catalog.nearness.nearest` of (attempt, rest, words), by the vectors of the model that `settings` name.

    Raises:
        SettingsError: they name none.
    """
    from imgcli.catalog.nearness import Worded, nearest

    if local := _local_model(settings):
        model = local.model
    else:
        embeds = open_providers(settings, env)[settings.provider].embedding_model
        if embeds is None:
            raise SettingsError(f'near = "provider": {settings.provider} names no model of words, so nothing is near')
        model = f"{settings.provider} {embeds}"
    return lambda pictures: nearest((Worded(*each) for each in pictures), catalog, model, least)


def _local_model(settings: Settings) -> "Embedder | None":
    from imgcli.catalog.near import LocalModel

    return LocalModel() if settings.near == "local" else None


def open_ledger(paths: Paths) -> "Ledger":
    from imgcli.ledger.sqlite import SqliteLedger

    return SqliteLedger(paths.data, SystemClock(), any_filesystem=paths.any_filesystem)


async def rebuild_ledger(paths: Paths, directories: Sequence[Path]) -> "Rebuilt":
    """A new ledger from what is left of the old one and the sidecars below `directories`.

    Raises:
        LedgerError: a run is alive, or the disk refuses.
    """
    import asyncio
    from dataclasses import replace

    from imgcli.ledger.rebuild import rebuild
    from imgcli.storage.sealed import sealed
    from imgcli.storage.unbelieved import unbelieved

    store = open_store(paths)
    sidecars = [found for directory in directories for found in await store.told(directory)]
    done = await asyncio.to_thread(rebuild, paths.data, SystemClock().now(), sidecars)
    doubts = await asyncio.to_thread(lambda: [line for directory in directories for line in unbelieved(directory)])
    parts = await asyncio.to_thread(lambda: {path: i for directory in directories for i, path in sealed(directory)})
    ledger = open_ledger(paths)
    try:
        nameless = tuple([path for path, attempt in parts.items() if await ledger.state_of(attempt) is None])
    finally:
        await ledger.close()
    return replace(done, unbelieved=tuple(dict.fromkeys(doubts)), nameless=nameless)


async def billed_by_openai(settings: Settings, env: Mapping[str, str], project: str) -> tuple[str, str]:
    """The address of the costs endpoint, and its answer as JSON.

    Raises:
        AccountError: no admin key, or one that may not see costs.
        AttemptError: no answer.
    """
    key = env.get("OPENAI_ADMIN_KEY", "").strip()
    if not key:
        raise AccountError(
            "no admin key: set OPENAI_ADMIN_KEY (an organization owner makes one), "
            "or save the answer of the costs endpoint and give imgcli the file"
        )
    from imgcli.providers.openai.costs import fetch_costs

    base_url = _base_url(settings, "openai")[0] or f"https://{PRICED_HOST}/v1"
    return base_url, await fetch_costs(base_url, Secret(key), SystemClock().now(), project)


def open_store(paths: Paths) -> "Store":
    from imgcli.storage.local import LocalStore

    return LocalStore(paths.state / "spool")


def open_smalls(paths: Paths) -> "Smalls":
    from imgcli.storage.smalls import SmallCache

    return SmallCache(paths.cache / "thumbs")


def open_wall(place: Path, *, single: bool = False) -> "Wall":
    """The wall at `place`: a directory, or a file where it is a `single` one; nothing is made yet."""
    from imgcli.reports.gallery import MARK
    from imgcli.storage.wall import Wall

    return Wall(place, MARK, single=single)


def read_sidecar(named: Path) -> "tuple[str, Record]":
    """As `storage.story.read_story`."""
    from imgcli.storage.story import read_story

    return read_story(named)


def open_pacers(settings: Settings, studio: "Studio", names: Collection[str], at_once: int) -> Mapping[str, "Pacer"]:
    """A limiter for the pictures of each of `names`: at the pace stated, that of a tier, or one to be found out."""
    from imgcli.engine.limits import Pacer

    def stated(name: str) -> float | None:
        # A tier is one of OpenAI's, and says nothing of other servers.
        is_openai = _kind(settings, name) == "openai" and not _is_foreign(_base_url(settings, name)[0])
        return settings.ipm or (float(TIER_IPM[settings.tier]) if settings.tier and is_openai else None)

    tell, providers = studio.observe, studio.providers
    return {
        name: Pacer(
            studio.clock, studio.board, providers[name].limit_name, stated=stated(name), at_once=at_once, tell=tell
        )
        for name in names
    }


def open_writers(studio: "Studio", names: Collection[str], at_once: int) -> Mapping[str, "Pacer"]:
    """A limiter for the text models of each of the providers `names`; they have limits of their own, to be found out."""
    from imgcli.engine.limits import Pacer

    def writer(name: str) -> "Pacer":
        limit = studio.providers[name].limit_name
        words = f"{limit}-words" if limit else ""
        return Pacer(studio.clock, studio.board, words, stated=None, at_once=at_once, tell=studio.observe)

    return {name: writer(name) for name in names}


def open_pricer(settings: Settings) -> "Pricer":
    from imgcli.pricing.overrides import parse_overrides
    from imgcli.pricing.quote import RatePricer
    from imgcli.pricing.rates import parse_rates

    table = parse_rates(files("imgcli.pricing").joinpath("rates.toml").read_text("utf-8"))
    overrides = parse_overrides(settings.rates, str(settings.paths.config_file))
    names = [name for name in _provider_names(settings) if _kind(settings, name) == "openai"]
    foreign = frozenset(name for name in names if _is_foreign(_base_url(settings, name)[0]))
    return RatePricer(table, overrides, settings.assume_cost, foreign, own=frozenset(names) - foreign)


def open_providers(settings: Settings, env: Mapping[str, str]) -> "Lazily[Provider]":
    """Every provider by the name users type, made when it is asked for: the key of one may lie in a slow keyring.

    Third-party ones are code with the user's rights, so they are imported only where the config has a table for them.

    Raises:
        SettingsError: a table names a kind of provider that is not installed. Another mistake in a table is told when
            its provider is asked for.
    """
    makers: dict[str, Callable[[], Provider]] = {}
    for name in _provider_names(settings):
        kind = _kind(settings, name)
        if name in BUILT_IN and kind != name:
            raise SettingsError(f"[providers.{name}]: the built-in {name} cannot be another kind; choose another name")
        # Looking what is installed takes longer than all else here.
        installed = {} if kind in BUILT_IN else _installed()
        if not isinstance(kind, str) or kind not in {*BUILT_IN, *installed}:
            raise SettingsError(
                f"[providers.{name}]: no provider kind {kind!r} is installed"
                f"{guess(str(kind), [*BUILT_IN, *installed])}; "
                'a compatible server is kind = "openai"'
            )
        makers[name] = partial(_provider, settings, env, name, installed.get(kind))
    return Lazily(makers)


def _provider(settings: Settings, env: Mapping[str, str], name: str, plugin: "EntryPoint | None") -> "Provider":
    from imgcli.ports import ProviderConfig

    factory = _loaded(plugin, name) if plugin else _built_in(_kind(settings, name))
    base_url, source = _base_url(settings, name)
    key, _ = provider_key(settings, env, name)
    options = settings.providers.get(name, {})
    return factory(ProviderConfig(key, base_url, source, options, settings.timeout, name))


def _built_in(kind: object) -> "ProviderFactory":
    if kind == "openai":
        from imgcli.providers.openai import provider as openai

        return openai.plugin
    from imgcli.providers.placeholder import provider as placeholder

    return placeholder.plugin


def _installed() -> dict[str, "EntryPoint"]:
    """Kinds of providers that other packages bring."""
    from importlib.metadata import entry_points

    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _loaded(entry: "EntryPoint", name: str) -> "ProviderFactory":
    try:
        factory: ProviderFactory = entry.load()
    except (ImportError, AttributeError) as error:
        raise SettingsError(f"[providers.{name}]: its package does not load ({error}); install it anew") from error
    return factory


def provider_key(settings: Settings, env: Mapping[str, str], name: str) -> tuple[Secret | None, str]:
    """The key of a provider and where it came from; OPENAI_API_KEY is for the provider `openai` alone."""
    return find_key(name, key_variable(settings, name), env, settings.paths.credentials)


def key_variable(settings: Settings, name: str) -> str:
    """The variable of the environment that the key of a provider is looked for in."""
    variable = settings.providers.get(name, {}).get("key_env", f"{name.upper().replace('-', '_')}_API_KEY")
    if not isinstance(variable, str):
        raise SettingsError(f"[providers.{name}]: key_env must be the name of an environment variable")
    return variable


def load_styles(paths: Paths, beside: Path | None = None) -> "Mapping[str, Style]":
    """Built-in styles, then the user's, then those beside a batch file; the last of a name wins.

    Raises:
        StyleError: a style file of the user's that cannot be used, with file and key.
    """
    from imgcli.director.shelf import checked

    # A mistake in one's own file is told at once, also in one that is not wanted now.
    return checked(style_shelf(paths, beside))


def style_shelf(paths: Paths, beside: Path | None = None) -> "Shelf":
    """The same styles, none of them read yet: a mistake is told when its style is asked for."""
    from imgcli.director.shelf import open_shelf

    return open_shelf([paths.styles, *([beside / "styles"] if beside else [])])


def style_names(paths: Paths) -> list[str]:
    """Names of all styles without reading one, for the shell's completion."""
    from imgcli.director.places import names

    return names([paths.styles])


def openai_cards() -> "Sequence[ModelCard]":
    """The cards of OpenAI's own models, whatever server the settings name."""
    from imgcli.providers.openai.cards import living, load_cards

    text = files("imgcli.providers.openai").joinpath("models.toml").read_text("utf-8")
    return living(load_cards(text), SystemClock().now().date())


def _provider_names(settings: Settings) -> list[str]:
    return list(dict.fromkeys([*BUILT_IN, *settings.providers]))


def _kind(settings: Settings, name: str) -> object:
    return settings.providers.get(name, {}).get("kind", name)


def _base_url(settings: Settings, name: str) -> tuple[str, str]:
    if name == "openai" and settings.base_url:
        return settings.base_url, settings.sources["base_url"]
    url = settings.providers.get(name, {}).get("base_url", "")
    if not isinstance(url, str):
        raise SettingsError(f"[providers.{name}]: base_url must be a web address in quotes")
    return url.rstrip("/"), str(settings.paths.config_file)


def _is_foreign(base_url: str) -> bool:
    if not base_url:
        return False
    try:
        parts = urlsplit(base_url)
    except ValueError:
        return True
    return parts.hostname != PRICED_HOST or parts.scheme != "https"
