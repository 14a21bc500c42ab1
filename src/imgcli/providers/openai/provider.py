"""The OpenAI Images API, and servers that speak it, through the OpenAI SDK.

The SDK's own retries are off (each would be a second bill that no ledger knows), redirects are off (they would carry
the prompt elsewhere), and whether a request had left in full is told by the transport's trace.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from imgcli.errors import AccountError, AttemptError, Halt, ModelError, Money, StorageError
from imgcli.model.allowance import Allowance
from imgcli.model.attempt import Hold
from imgcli.model.card import ModelCard, Wording
from imgcli.model.finding import Finding, Level
from imgcli.model.job import Job
from imgcli.model.picture import Painted
from imgcli.model.question import question_of
from imgcli.ports import Easel, Provider, ProviderConfig
from imgcli.providers.openai import cards, faults, writing
from imgcli.providers.openai.enclosures import Enclosures
from imgcli.providers.openai.error_answer import (
    Answer,
    one_line,
    read_categories,
    read_error,
    retry_after,
    told_allowance,
)
from imgcli.providers.openai.flow import Flow
from imgcli.providers.openai.options import ALPHA, checked_options, host_of, proxy_of, text_model_of
from imgcli.providers.openai.sending import SENDING, Sending
from imgcli.settings import shown_url

if TYPE_CHECKING:
    import openai

    from imgcli.providers.openai.pouring import Pouring

OWN_HOST = "api.openai.com"
OWN_URL = f"https://{OWN_HOST}/v1"
TEXT_MODEL = "gpt-6-luna"
"""The cheapest of OpenAI's text models; a prompt takes no more."""

MODERATION_MODEL = "omni-moderation-latest"
EMBEDDING_MODEL = "text-embedding-3-small"

MAX_ID = 200
"""Characters of a request id that are kept."""

LEAST_KEY = 12
"""Characters of a key that give something of it away; shorter beginnings, like `sk-proj-`, are common to all."""

MOST_SKEW = 300.0
"""Seconds between two honest clocks at most."""


class OpenAIProvider:
    """Satisfies `ports.Provider`."""

    def __init__(self, config: ProviderConfig, today: date | None = None) -> None:
        self.name = config.name or "openai"
        self._config = config
        self._options = checked_options(self.name, config.options)
        self._url = config.base_url or OWN_URL
        self._source = config.base_url_source
        self._host = host_of(self._url, config.base_url_source)
        self._foreign = self._host != OWN_HOST or not self._url.startswith("https://")
        self._told_skew = False
        self._allowance: Allowance | None = None
        self._warming: asyncio.Future[None] | None = None
        self._flow = Flow()
        self._enclosures = Enclosures(str(self._options.get("mask", ALPHA)) if self._foreign else ALPHA)
        self._today = today or datetime.now(UTC).date()
        known = () if self._foreign else cards.load_cards(_resource("models.toml"))
        # Models the user vouches for: newer than this table, or those of a compatible server, the first the default.
        added = tuple(
            ModelCard(name=model, provider=self.name, edits=cards.OPEN_EDITS)
            for model in self._options.get("models", ())
        )
        self._cards = (*added, *known) if self._foreign else (*known, *added)
        default = "" if self._foreign else TEXT_MODEL
        self._text_model, self._through = text_model_of(self.name, self._options, default)

    @property
    def limit_name(self) -> str:
        # By key and server, whatever the user calls it; a key is random enough that nobody finds it by its hash.
        key = self._config.key.reveal() if self._config.key else ""
        return hashlib.sha256(f"{self._url}\n{key}".encode()).hexdigest()[:32]

    def allowance(self) -> Allowance | None:
        told, self._allowance = self._allowance, None
        return told

    async def warm_up(self) -> None:
        if self._warming is None:
            parts = ("images", "responses") if self._through else ("images",)
            self._warming = asyncio.ensure_future(asyncio.to_thread(_load, parts))
        # Whoever is cut off while waiting must not cut off the others.
        await asyncio.shield(self._warming)

    def notices(self, models: Collection[str]) -> Sequence[str]:
        found = [cards.ending_notice(self.card(model), self._today) for model in models]
        if self._foreign:
            open_text = " (not encrypted)" if self._url.startswith("http://") else ""
            place = f"{shown_url(self._url)}{open_text}"
            found.insert(0, f"{self.name}: requests and prompts go to {place}, as {self._source} says")
        if proxy := proxy_of(self._url):
            found.append(f"{self.name}: on their way they pass the proxy {shown_url(proxy)}, as the environment says")
        return [text for text in found if text]

    def cards(self) -> Sequence[ModelCard]:
        return tuple(replace(card, through=self._through) for card in cards.living(self._cards, self._today))

    def card(self, model: str) -> ModelCard:
        card = replace(
            cards.find_card(model, self._cards, foreign=self._foreign, today=self._today),
            provider=self.name,
            through=self._through,
        )
        if not self._foreign:
            return card
        wording = Wording(self._options.get("wording", "prose"))
        return replace(card, wording=wording, takes_seed=bool(self._options.get("takes_seed", False)))

    def ready(self) -> None:
        if self._config.key is None and not self._foreign:
            raise AccountError(
                "no OpenAI API key: set OPENAI_API_KEY or run `imgcli config set-key`, "
                "or try everything free with `--provider placeholder`"
            )

    @property
    def text_model(self) -> str | None:
        return self._text_model

    @property
    def moderation_model(self) -> str | None:
        return self._own("moderation_model", MODERATION_MODEL)

    @property
    def embedding_model(self) -> str | None:
        return self._own("embedding_model", EMBEDDING_MODEL)

    def _own(self, option: str, ours: str) -> str | None:
        """What the user named, or what OpenAI has; who knows what other servers have."""
        return str(self._options.get(option, "" if self._foreign else ours)) or None

    async def paint(self, hold: Hold, easel: Easel) -> Painted:
        return await self._accounted(lambda sending: self._paint(hold, easel, sending))

    async def answer(self, hold: Hold) -> Painted:
        return await self._accounted(lambda sending: self._answer(hold, sending))

    async def _accounted(self, work: Callable[[Sending], Awaitable[Painted]]) -> Painted:
        """What `work` brings; whatever it raises says what became of the money, and holds no key."""
        sending = Sending()
        SENDING.set(sending)
        try:
            return await work(sending)
        except asyncio.CancelledError:
            # The last byte may have left in the very moment that was cut off, before the trace could tell.
            raise faults.aborted(sent=sending.begun) from None
        except AttemptError as fault:
            fault.args, fault.code = (self._without_key(str(fault)),), self._without_key(fault.code)
            fault.request_id = self._without_key(fault.request_id)
            raise
        except Exception as error:
            if not sending.begun and not isinstance(error, StorageError):
                raise AttemptError(
                    f"the request could not be begun ({self._without_key(str(error))}); nothing was sent",
                    money=Money.VOID,
                    halt=Halt.RUN,
                    code="unsendable",
                ) from error
            # What nobody foresaw is kept in the ledger in its own words, so they must not hold the key.
            if (words := self._without_key(str(error))) != one_line(str(error)):
                raise RuntimeError(f"{type(error).__name__}: {words}") from None
            raise

    async def check(self) -> Finding:
        subject = f"provider {self.name}"
        try:
            self.ready()
        except AccountError as error:
            return Finding(Level.WARN, subject, str(error))
        from openai import APIConnectionError, APIStatusError, OpenAIError  # noqa: PLC0415 - half a second, see _client

        from imgcli.providers.openai.transport import CONNECT_SECONDS  # noqa: PLC0415

        try:
            answer = await self._client.models.with_raw_response.list(timeout=CONNECT_SECONDS)
        except APIStatusError as error:
            fault = self._refusal(error, "")
            level = Level.FAIL if fault.account else Level.WARN
            advice = "imgcli config set-key" if fault.account else ""
            return Finding(level, subject, f"{self._host}: {self._without_key(str(fault))}", advice)
        except APIConnectionError as error:
            why = self._without_key(str(error.__cause__ or error))
            return Finding(Level.FAIL, subject, f"{self._host} cannot be reached: {why}")
        except OpenAIError as error:
            return Finding(Level.WARN, subject, f"{self._host} answers strangely: {self._without_key(str(error))}")
        seen = f"{self._host} accepts the key ending {self._key_hint}" if self._config.key else f"{self._host} answers"
        skew = _clock_skew(answer.headers)
        if abs(skew) > MOST_SKEW:
            seen += f", but its clock and yours are {skew / 60:+.0f} minutes apart"
            return Finding(Level.WARN, subject, seen, "set your clock: budgets per day go by it")
        return Finding(Level.OK, subject, seen)

    async def close(self) -> None:
        if "_client" in self.__dict__:
            await self._client.close()

    @property
    def _key_hint(self) -> str:
        return self._config.key.hint if self._config.key else "(none)"

    def _without_key(self, text: str) -> str:
        """`text` on one line, its key hidden: servers and protocol errors like to quote what they refuse."""
        return one_line(self._masked(text))

    def _masked(self, text: str) -> str:
        if (key := self._config.key) and (secret := key.reveal())[:LEAST_KEY] in text:
            # A quoted key may have been cut short with the words around it.
            for length in range(len(secret), min(len(secret), LEAST_KEY) - 1, -1):
                text = text.replace(secret[:length], key.hint)
        return text

    def _masked_bytes(self, body: bytes) -> bytes:
        return self._masked(body.decode(errors="surrogateescape")).encode(errors="surrogateescape")

    @cached_property
    def _client(self) -> "openai.AsyncOpenAI":
        # Importing the SDK takes half a second: it is paid by the first request, not by --help.
        import httpx2  # noqa: PLC0415
        import openai  # noqa: PLC0415

        from imgcli.providers.openai.transport import CONNECT_SECONDS, open_client  # noqa: PLC0415

        timeout = httpx2.Timeout(self._config.timeout, connect=CONNECT_SECONDS, pool=None)
        transport = open_client(timeout, is_direct=not proxy_of(self._url))
        client = openai.AsyncOpenAI(
            # A local server needs no key, but the SDK insists on one.
            api_key=self._config.key.reveal() if self._config.key else "none",
            base_url=self._url,
            max_retries=0,
            timeout=timeout,
            http_client=transport,
        )
        if self._foreign:
            # The SDK takes these from the environment; who pays at OpenAI is no business of another host.
            client.organization = client.project = None
        return client

    async def _paint(self, hold: Hold, easel: Easel, sending: Sending) -> Painted:
        from imgcli.providers.openai.answer_stream import IMAGES, TOOL  # noqa: PLC0415
        from imgcli.providers.openai.pouring import Pouring  # noqa: PLC0415

        job = hold.job
        pouring = Pouring(easel, self._masked_bytes, self._flow, TOOL if job.through else IMAGES)
        async with self._translated(job, sending, pouring.keep), self._asked(hold) as response:
            # Whoever answers has what it needs, though the last of a large request may not have left yet.
            sending.sent = True
            request_id = response.headers.get("x-request-id", "")[:MAX_ID]
            await pouring.pour(response.iter_bytes())
            content_type = response.headers.get("content-type", "")
            self._allowance = told_allowance(response.headers) or self._allowance
            skew = _clock_skew(response.headers)
        try:
            told = await self._told(job, pouring, request_id, content_type, easel)
        except AttemptError as fault:
            # What may be paid is never dropped, however little it is worth.
            if kept := await pouring.keep():
                fault.args = (f"{fault}; the answer is kept in {kept}",)
            raise
        return self._with_skew(self._told_safely(told), skew)

    @asynccontextmanager
    async def _asked(self, hold: Hold) -> AsyncIterator[Any]:
        """The answer to the request for a picture."""
        job, images = hold.job, self._client.images.with_streaming_response
        async with AsyncExitStack() as stack:
            ask: Callable[..., Any]
            if job.through:
                from imgcli.providers.openai import drawing  # noqa: PLC0415

                ask = self._client.responses.with_streaming_response.create
                request = drawing.request(job, foreign=self._foreign)
            elif job.edit is not None:
                ask, files = images.edit, await stack.enter_async_context(self._enclosures.of(job.edit))
                request = self._request(job) | files
            else:
                ask, request = images.generate, self._request(job)
            headers = {"X-Client-Request-Id": hold.attempt, "Accept-Encoding": "identity"}
            yield await stack.enter_async_context(ask(**request, extra_headers=headers))

    def _told_safely(self, painted: Painted) -> Painted:
        """What is told goes into the ledger and the sidecar, so a server that repeats the key ends here."""
        return replace(
            painted,
            request_id=self._without_key(painted.request_id),
            revised=self._masked(painted.revised),
            notes=tuple(self._without_key(note) for note in painted.notes),
            raw_usage=self._masked(painted.raw_usage),
        )

    @asynccontextmanager
    async def _translated(
        self, job: Job, sending: Sending, keep: Callable[[], Awaitable[str]] | None = None
    ) -> AsyncIterator[None]:
        """Every way in which a request for `job` fails as an AttemptError; `keep` puts away what came of an answer."""
        import httpx2  # noqa: PLC0415
        import openai  # noqa: PLC0415

        try:
            yield
        except openai.APIStatusError as error:
            raise self._refusal(error, job.model, job.through) from error
        except (openai.APIConnectionError, httpx2.HTTPError) as error:
            what = error.__cause__ or error
            fault = faults.unanswered(sent=sending.sent, what=f"{type(what).__name__}: {what}"[:200], host=self._host)
            if keep and (kept := await keep()):
                fault.args = (f"{fault}; what came of the answer is kept in {kept}",)
            raise fault from error
        except (ValueError, TypeError) as error:
            if sending.begun:
                raise
            raise AttemptError(
                f"the request cannot be written ({error}); nothing was sent, nothing is billed",
                money=Money.VOID,
                code="unsendable",
            ) from error

    async def _answer(self, hold: Hold, sending: Sending) -> Painted:
        from imgcli.providers.openai.answering import asking  # noqa: PLC0415 - for runs alone

        form = str(self._options.get("text_api", writing.CHAT if self._foreign else writing.RESPONSES))
        asked = await asking(question_of(hold.job), form, foreign=self._foreign)
        body, request_id = bytearray(), ""
        try:
            async with (
                self._translated(hold.job, sending),
                self._writer(asked.api).with_streaming_response.create(
                    **asked.parameters,
                    extra_headers={"X-Client-Request-Id": hold.attempt, "Accept-Encoding": "identity"},
                ) as response,
            ):
                # Whoever answers has what it needs, though the last of a large request may not have left yet.
                sending.sent = True
                request_id = response.headers.get("x-request-id", "")[:MAX_ID]
                async for piece in response.iter_bytes():
                    body += piece
                    if len(body) > writing.MOST_BYTES:
                        raise faults.unusable("its answer is larger than 1 MB", request_id, billed=True)
        except AttemptError as fault:
            raise asked.fault(fault, self._host) from fault.__cause__
        except asyncio.CancelledError:
            raise asked.fault(faults.aborted(sent=sending.begun), self._host) from None
        return self._told_safely(asked.read(bytes(body), request_id))

    def _writer(self, api: str) -> Any:
        """What asks one of the APIs that answer in words or numbers (see `answering.PATHS`)."""
        match api:
            case writing.MODERATIONS:
                return self._client.moderations
            case writing.EMBEDDINGS:
                return self._client.embeddings
            case writing.CHAT:
                return self._client.chat.completions
            case _:
                return self._client.responses

    async def _told(self, job: Job, pouring: "Pouring", request_id: str, content_type: str, easel: Easel) -> Painted:
        """What is said beside the picture, which is on the easel then.

        Raises:
            AttemptError: it is not.
        """
        if pouring.excess:
            raise faults.unusable(f"its answer is larger than {pouring.excess}", request_id, billed=True)
        if job.through:
            from imgcli.providers.openai.drawing import read_drawn  # noqa: PLC0415

            return read_drawn(pouring.stream, request_id, content_type, job.model)
        from imgcli.providers.openai.answer import read_answer  # noqa: PLC0415 - with the first answer, as Pouring

        found = read_answer(pouring.stream, request_id, content_type)
        if found.url:
            await self._fetch(found.url, easel, request_id)
        return found.painted

    def _with_skew(self, painted: Painted, skew: float) -> Painted:
        """Told with the first picture of a run: days and months of budgets go by our clock."""
        if abs(skew) <= MOST_SKEW or self._told_skew:
            return painted
        self._told_skew = True
        note = f"your clock and the server's are {skew / 60:+.0f} minutes apart; budgets per day go by yours"
        return replace(painted, notes=(*painted.notes, note))

    async def _fetch(self, url: str, easel: Easel, request_id: str) -> None:
        from imgcli.providers.openai.fetch import FetchError, fetch  # noqa: PLC0415

        try:
            await fetch(url, self._url, easel)
        except FetchError as error:
            raise faults.unusable(
                f"its picture could not be fetched from {url[:200]} ({error})", request_id, billed=True
            ) from error

    def _request(self, job: Job) -> dict[str, Any]:
        """The parameters of `images.generate`, and but for the pictures those of `images.edit`.

        A model we know nothing of gets only what every server takes.
        """
        request: dict[str, Any] = {"model": job.model, "prompt": job.prompt.text, "n": 1, "size": str(job.size)}
        if job.background != "auto":
            request["background"] = job.background
        if job.edit is not None and job.edit.fidelity:
            request["input_fidelity"] = job.edit.fidelity
        if not self._foreign:
            return request | {"quality": job.quality, "output_format": job.format}
        extra = dict(self._options.get("extra_body", {}))
        if job.prompt.negative:
            extra["negative_prompt"] = job.prompt.negative
        if job.seed is not None and self._options.get("takes_seed"):
            extra["seed"] = job.seed
        if job.quality != "auto":
            request["quality"] = job.quality
        if form := self._options.get("response_format"):
            request["response_format"] = form
        return request | {"output_format": job.format, "extra_body": extra}

    def _refusal(self, error: "openai.APIStatusError", model: str, through: str = "") -> AttemptError:
        self._allowance = told_allowance(error.response.headers) or self._allowance
        code, kind, param, message, stage = read_error(error.body)
        if "json" not in error.response.headers.get("content-type", "json"):
            message = ""  # a gateway's HTML page tells nobody anything
        if through:
            stage = ""  # a text model has worked before its picture was refused, whenever that was
            model = through if through in message and model not in message else model
        answer = Answer(
            status=error.status_code,
            code=code,
            kind=kind,
            param=param,
            message=message,
            stage=stage,
            request_id=(error.request_id or "")[:MAX_ID],
            wait=retry_after(error.response.headers, datetime.now(UTC)),
            edit=error.request.url.path.endswith("/images/edits"),
            categories=read_categories(error.body),
        )
        return faults.refused(answer, model, self._key_hint, self._successor(model))

    def _successor(self, model: str) -> str:
        try:
            return self.card(model).successor
        except ModelError:
            return ""


def _load(parts: Sequence[str]) -> None:
    """Import what the first request needs of the SDK's `parts`; if it cannot be had, the request says so."""
    with suppress(ImportError):
        for part in parts:
            import_module(f"openai.resources.{part}")
        import_module("imgcli.providers.openai.transport")


def plugin(config: ProviderConfig) -> Provider:
    """The factory behind the entry point `imgcli.providers`."""
    return OpenAIProvider(config)


def _resource(name: str) -> str:
    return files("imgcli.providers.openai").joinpath(name).read_text("utf-8")


def _clock_skew(headers: Any) -> float:
    """Seconds that our clock is ahead of the server's; 0 where it does not tell."""
    try:
        return (datetime.now(UTC) - parsedate_to_datetime(headers["date"])).total_seconds()
    except (KeyError, ValueError, TypeError, OverflowError):
        return 0.0
