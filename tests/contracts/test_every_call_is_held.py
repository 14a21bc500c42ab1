"""No paid call leaves without a hold: every method of a provider, every kind of question, every kind of picture.

The port is walked, so that a method somebody adds is either held or on the list of those that are proved to cost
nothing; the source is walked, so that no other code has a way out.
"""

import ast
import asyncio
import inspect
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, get_type_hints

import pytest

import imgcli
from imgcli.asking import ask_now
from imgcli.engine.limits import Pacer
from imgcli.engine.stop import Stop
from imgcli.errors import BudgetError, LedgerError
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Hold, State
from imgcli.model.input import Edit
from imgcli.model.job import Job
from imgcli.model.outcome import Failed, Made, Refused, RefusedBy
from imgcli.model.picture import Painted
from imgcli.model.question import Kind, Question, embedding_question, moderation_question
from imgcli.model.quote import Priced, Unpriced
from imgcli.model.run import Run
from imgcli.pipeline import Line, make_all
from imgcli.ports import Provider, Studio
from imgcli.pricing.quote import RateOverride, RatePricer
from imgcli.providers.openai.provider import OpenAIProvider
from imgcli.providers.placeholder.provider import PlaceholderProvider
from tests.fake_api.client import FakeApi
from tests.fakes.jobs import a_job
from tests.fakes.looks import a_look, other_server, own_openai
from tests.fakes.studio import a_studio

SPENDING = {"paint", "answer"}
NEVER_BILLED = {"check", "warm_up", "close"}
"""Methods without a hold; each is called below, at a server that would write it on its bill."""

PORT = {name: method for name, method in vars(Provider).items() if inspect.iscoroutinefunction(method)}
SOURCE = Path(imgcli.__file__).parent


def test_every_method_of_the_port_is_held_or_proved_to_be_never_billed() -> None:
    for name, method in PORT.items():
        if name in NEVER_BILLED:
            continue
        _, first, *_ = inspect.signature(method).parameters
        assert get_type_hints(method)[first] is Hold, f"Provider.{name} takes no Hold: who would know what it may cost?"
    assert set(PORT) == SPENDING | NEVER_BILLED


@pytest.mark.parametrize("kind", [OpenAIProvider, PlaceholderProvider])
def test_no_provider_has_a_way_beside_the_port(kind: type) -> None:
    public = {name for name, it in vars(kind).items() if not name.startswith("_") and inspect.iscoroutinefunction(it)}
    assert public <= set(PORT)


@pytest.mark.parametrize("server", [own_openai, other_server])
def test_what_takes_no_hold_is_never_billed(fake_api: FakeApi, server: Callable[[FakeApi], OpenAIProvider]) -> None:
    async def story() -> None:
        provider = server(fake_api)
        for name in sorted(NEVER_BILLED, key=lambda name: name == "close"):
            await getattr(provider, name)()
            await getattr(provider, name)()

    asyncio.run(story())
    assert fake_api.bill() == []
    assert {(seen.method, seen.path) for seen in fake_api.requests()} == {("GET", "/v1/models")}


# Every way to spend, down the corridor


@dataclass(frozen=True, slots=True)
class Way:
    """A way to spend.

    Attributes:
        job: what is asked for, given a directory.
        path: where the request for it arrives.
        options: of the provider.
        free: whether it costs nothing, so that every budget has room for it.
    """

    job: Callable[[Path], Job]
    path: str
    options: Mapping[str, Any]
    free: bool = False
    own: bool = True


def asked(kind: Kind, count: int) -> Callable[[Path], Job]:
    def job(directory: Path) -> Job:
        looks = tuple(a_look(directory / f"{number}.png", number=number) for number in range(count))
        words = '{"prompt": "a car", "count": 1}'
        question = Question("openai", "gpt-6-luna", "Write.", words, '{"type": "object"}', 500, kind, looks)
        return question.job("a car", "x", (), directory)

    return job


def moderated(count: int) -> Callable[[Path], Job]:
    def job(directory: Path) -> Job:
        look = a_look(directory / "look.png") if count else None
        return moderation_question("openai", "omni-moderation-latest", "a car", look).job("a car", "x", (), directory)

    return job


def embedded(directory: Path) -> Job:
    return embedding_question("openai", "text-embedding-3-small", "a car").job("a car", "x", (), directory)


def painted(directory: Path) -> Job:
    return a_job(directory=directory / "out")


def edited(directory: Path) -> Job:
    return a_job(directory=directory / "out", edit=Edit((a_look(directory / "in.png", width=1024, height=1024),)))


def drawn(directory: Path) -> Job:
    return a_job(directory=directory / "out", through="gpt-6-luna")


RESPONSES, CHAT = {"text_api": "responses"}, {"text_api": "chat"}
THROUGH = {"images_api": "responses", "text_model": "gpt-6-luna"}
PATHS = {"responses": "/v1/responses", "chat": "/v1/chat/completions"}
WRITTEN = [kind for kind in Kind if kind.is_written]
NUMBERS = {Kind.MODERATION, Kind.EMBEDDING}
WAYS = {
    "a picture": Way(painted, "/v1/images/generations", {}),
    "a picture through a text model": Way(drawn, "/v1/responses", THROUGH),
    "an edit": Way(edited, "/v1/images/edits", {}),
    "moderation": Way(moderated(0), "/v1/moderations", {}, free=True),
    "moderation of a picture": Way(moderated(1), "/v1/moderations", {}, free=True),
    "moderation elsewhere": Way(moderated(0), "/v1/moderations", {}, own=False),
    "moderation of a picture elsewhere": Way(moderated(1), "/v1/moderations", {}, own=False),
    "an embedding": Way(embedded, "/v1/embeddings", {}),
    "an embedding elsewhere": Way(embedded, "/v1/embeddings", {}, own=False),
} | {
    f"{kind.value} of {count} pictures by {options['text_api']}": Way(
        asked(kind, count), PATHS[options["text_api"]], options
    )
    for kind in WRITTEN
    for count in (0, 2)
    for options in (RESPONSES, CHAT)
}
EACH = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


def test_no_kind_of_question_was_forgotten(tmp_path: Path) -> None:
    assert {*WRITTEN, *NUMBERS} == set(Kind)


class Watched(SqliteLedger):
    """A ledger that looks at what has arrived at the server when a request is about to leave."""

    api: FakeApi

    async def send(self, hold: Hold) -> None:
        assert self.api.requests() == []
        await super().send(hold)
        assert await self.state_of(hold.attempt) is State.SENT
        assert self.api.requests() == [], "it left before the ledger had it"


class Counter:
    """A studio with a real ledger and a real provider, whose server is the fake API."""

    def __init__(self, api: FakeApi, home: Path, way: Way) -> None:
        self.api, self.home, self.way = api, home, way
        self.provider = (own_openai if way.own else other_server)(api, **way.options)
        studio, self.events = a_studio(home, {"openai": self.provider})
        pricer = studio.pricer
        assert isinstance(pricer, RatePricer)
        if not way.own:
            stated = tuple(
                RateOverride("openai", model, 1_000_000)
                for model in ("omni-moderation-latest", "text-embedding-3-small")
            )
            pricer = replace(pricer, overrides=stated, foreign=frozenset({"openai"}))
        Watched.api = api
        self.ledger = Watched(home / "data", studio.clock)
        self.studio: Studio = replace(studio, pricer=pricer, ledger=self.ledger)
        place = home / "work"
        place.mkdir(parents=True)
        self.job = way.job(place)
        self.quote = self.studio.pricer.quote(self.job)

    async def go(self, usd: int | None, *, frozen: bool = False) -> object:
        """What comes of it under a cap of `usd`."""
        run = Run("run-1", "gen", "alice", "host", 1, usd)
        await self.ledger.begin(run)
        if frozen:
            with closing(sqlite3.connect(self.ledger.path)) as database, database:
                database.execute("INSERT INTO freeze (reason) VALUES ('a test')")
        pacer = Pacer(self.studio.clock, self.studio.board, "x", stated=None, at_once=1, tell=self.studio.observe)
        line = Line(run, self.studio, Stop(), {"openai": pacer}, resume=False, writers={"openai": pacer})
        try:
            return await (ask_now(self.quote, line) if self.job.is_text else make_all([self.quote], line, 1))
        except (BudgetError, LedgerError) as error:
            return error
        finally:
            await self.ledger.end(run.id)

    async def close(self) -> None:
        await self.provider.close()
        await self.ledger.close()


def counted(api: FakeApi, home: Path, way: Way, story: Callable[[Counter], Awaitable[None]]) -> None:
    async def whole() -> None:
        counter = Counter(api, home, way)
        try:
            async with asyncio.timeout(30):
                await story(counter)
        finally:
            await counter.close()

    asyncio.run(whole())


@EACH
def test_it_has_a_price_that_is_nothing_only_where_it_is_free(fake_api: FakeApi, home: Path, way: Way) -> None:
    async def story(counter: Counter) -> None:
        assert isinstance(counter.quote, Priced)
        assert (counter.quote.upper == 0) is way.free

    counted(fake_api, home, way, story)


@EACH
def test_a_budget_of_nothing_lets_nothing_out_that_costs(fake_api: FakeApi, home: Path, way: Way) -> None:
    async def story(counter: Counter) -> None:
        ended = await counter.go(0)
        if way.free:
            assert isinstance(ended, Painted)
            return
        if counter.job.is_text:
            assert isinstance(ended, BudgetError)
        else:
            assert isinstance(ended, list)
            assert [(type(each), each.by) for each in ended] == [(Refused, RefusedBy.BUDGET)]
        assert fake_api.requests() == []
        assert (await counter.ledger.spending()).held == 0

    counted(fake_api, home, way, story)


@EACH
def test_what_has_no_price_is_not_taken_for_free_under_a_cap(fake_api: FakeApi, home: Path, way: Way) -> None:
    async def story(counter: Counter) -> None:
        counter.quote = Unpriced(counter.job, "nobody knows")
        ended = await counter.go(10**12)
        assert isinstance(ended[0] if isinstance(ended, list) else ended, BudgetError | Refused)
        assert fake_api.requests() == []

    counted(fake_api, home, way, story)


@EACH
def test_a_ledger_that_holds_nothing_lets_nothing_out_not_even_what_is_free(
    fake_api: FakeApi, home: Path, way: Way
) -> None:
    async def story(counter: Counter) -> None:
        ended = await counter.go(None, frozen=True)
        if isinstance(ended, list):
            (outcome,) = ended
            assert isinstance(outcome, Failed)
            ended = outcome.error
        assert isinstance(ended, LedgerError)
        assert "frozen" in str(ended)
        assert fake_api.requests() == []

    counted(fake_api, home, way, story)


@EACH
def test_with_room_it_is_held_and_sent_in_the_ledger_before_it_arrives(fake_api: FakeApi, home: Path, way: Way) -> None:
    async def story(counter: Counter) -> None:
        fake_api.script(gate=True)
        going = asyncio.ensure_future(counter.go(10**12))
        waiting = asyncio.ensure_future(asyncio.to_thread(fake_api.wait, in_flight=1))
        await asyncio.wait((going, waiting), return_when=asyncio.FIRST_COMPLETED)
        assert not going.done(), await going
        (record,) = await counter.ledger.records(State.SENT)
        (seen,) = fake_api.requests()
        assert seen.headers["x-client-request-id"] == record.attempt
        assert seen.path == way.path
        assert isinstance(counter.quote, Priced)
        assert (record.job.key, record.upper) == (counter.job.key, counter.quote.upper)
        assert (await counter.ledger.spending()).held == counter.quote.upper
        fake_api.release()
        ended = await going
        assert isinstance(ended[0] if isinstance(ended, list) else ended, Painted | Made), ended
        assert len(fake_api.requests()) == 1
        spending = await counter.ledger.spending()
        assert (spending.held, spending.uncertain) == (0, 0)
        assert spending.pictures == (not counter.job.is_text)

    counted(fake_api, home, way, story)


# No other way out


WEB = {"openai", "httpx", "httpx2", "aiohttp", "requests", "urllib3", "websockets"}
ON_THE_WEB = {
    "addresses.py": "says which addresses may be called; sends nothing itself",
    "webhook.py": "tells a server of the user's that a run has ended; no provider is called",
    "providers/openai/provider.py": "the client; each use of it is walked below",
    "providers/openai/transport.py": "carries what the client sends",
    "providers/openai/aio.py": "carries what the client sends",
    "providers/openai/fetch.py": "gets a picture that is paid, from the address in its answer",
    "providers/openai/costs.py": "gets the bill of a month, with a key of its own",
}


@cache
def trees(below: Path) -> Sequence[tuple[str, ast.Module]]:
    files = sorted(below.rglob("*.py"))
    return [(path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text("utf-8"))) for path in files]


def imported(tree: ast.AST) -> set[str]:
    """The first names of all that is imported, but for the eyes of a type checker alone."""
    every = list(ast.walk(tree))
    types = [node for node in every if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    skipped = {id(inner) for node in types for inner in ast.walk(node)}
    names: set[str] = set()
    for node in every:
        if id(node) in skipped:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def test_only_these_modules_know_the_web() -> None:
    assert {name for name, tree in trees(SOURCE) if imported(tree) & WEB} == set(ON_THE_WEB)


SENDS = {"get", "post", "put", "patch", "delete", "head", "options", "request", "stream", "build_request"}
"""Methods of a client of httpx that begin a request."""


def test_pictures_and_bills_are_only_fetched() -> None:
    for name in ("providers/openai/fetch.py", "providers/openai/costs.py"):
        begun = [
            node
            for node in ast.walk(tree_of(name))
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in SENDS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "client"
        ]
        assert begun, name
        for call in begun:
            assert isinstance(call.func, ast.Attribute)
            assert call.func.attr == "get" or ast.unparse(call.args[0]) == "'GET'", ast.unparse(call)


def functions(tree: ast.AST) -> dict[str, ast.AST]:
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@cache
def named_in(node: ast.AST) -> set[str]:
    every = list(ast.walk(node))
    attributes = {each.attr for each in every if isinstance(each, ast.Attribute)}
    return attributes | {each.id for each in every if isinstance(each, ast.Name)}


def roots_of(name: str, uses: Mapping[str, set[str]], seen: frozenset[str] = frozenset()) -> set[str]:
    """The public functions from which `name` can be reached."""
    if not name.startswith("_"):
        return {name}
    callers = {caller for caller, used in uses.items() if name in used and caller not in seen and caller != name}
    return {root for caller in callers for root in roots_of(caller, uses, seen | {name})}


def test_the_client_is_used_only_on_the_way_from_paint_answer_and_check() -> None:
    text = (SOURCE / "providers/openai/provider.py").read_text("utf-8")
    uses = {name: named_in(node) for name, node in functions(ast.parse(text)).items()}
    users = {name for name, used in uses.items() if "_client" in used}
    assert {"_answer", "check", "close"} & users or "_writer" in users
    for user in users:
        found = roots_of(user, uses)
        assert found, f"nobody uses {user}"
        assert found <= {"paint", "answer", "check", "close"}, f"{user} is reached from {found}"
    # And from `check` and `close` nothing of it but the list of models, and its end.
    assert client_calls(text, "check") == {"models"}
    assert client_calls(text, "close") == {"close"}


def client_calls(text: str, name: str) -> set[str]:
    """What the function `name` uses of the client."""
    return {
        node.attr
        for node in ast.walk(functions(ast.parse(text))[name])
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "_client"
    }


def test_nobody_else_has_the_client() -> None:
    for name, tree in trees(SOURCE):
        if name != "providers/openai/provider.py":
            assert not {"_client", "AsyncOpenAI", "OpenAI"} & named_in(tree), name
    uses = {each: named_in(node) for each, node in functions(tree_of("providers/openai/provider.py")).items()}
    assert {each for each, used in uses.items() if used & {"AsyncOpenAI", "open_client"}} == {"_client"}


def tree_of(name: str) -> ast.Module:
    return ast.parse((SOURCE / name).read_text("utf-8"))


def callers_of(name: str) -> set[str]:
    """The modules outside of providers that call a method `name` of something."""
    return {
        module
        for module, tree in trees(SOURCE)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == name
        and not module.startswith("providers/")
    }


def test_only_the_corridors_paint_and_answer_and_only_the_ledger_makes_holds() -> None:
    assert callers_of("paint") == {"pipeline.py"}
    assert callers_of("answer") == {"asking.py"}
    makers = {
        module
        for module, tree in trees(SOURCE)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Hold"
    }
    # Recovery has the holds of attempts that the ledger knows, and sends none of them.
    assert makers == {"ledger/sqlite.py", "recovery.py"}
    assert not {"paint", "answer"} & named_in(tree_of("recovery.py"))
