"""What the fake API does with a request: key, checks, fault, limit, work, bill, hold, answer, in this order.

The work is done and billed the moment a request comes; gate, latency and silence hold the answer only. A request
that the checks refuse gets its refusal whatever the script says, and uses its fault up.
"""

import asyncio
import base64
import hashlib
import itertools
import json
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.fake_api import drawing, edits, pictures, prices, screening, vectors, words
from tests.fake_api.books import PAINTING, Books
from tests.fake_api.checks import Order, RefusedError, check
from tests.fake_api.faults import Fault, Silence, rate_limit
from tests.fake_api.files import FOLDER, Files
from tests.fake_api.script import Choice, Faults, Gate, Limit
from tests.fake_api.wire import Answer, Ending, Json, Request, json_answer

ROUTES = (f"{PAINTING}generations", f"{PAINTING}moved", edits.ROUTE)
WRONG_KEY = "sk-wrong"


@dataclass(slots=True)
class Script:
    """How the server behaves until the next reset. Seconds; `wrong_key` is refused, as is all that is no key.

    `revise` holds (pattern, replacement): with any, answers tell a revised prompt, made from the one that came.
    """

    faults: Faults = field(default_factory=lambda: Faults([]))
    gate: Gate = field(default_factory=Gate)
    limit: Limit | None = None
    latency: float = 0.0
    drip: float = 0.05
    wrong_key: str = WRONG_KEY
    extra_models: Sequence[str] = ()
    revise: Sequence[tuple[str, str]] = ()
    answer: str = ""
    moderation: Sequence[screening.Rule] = ()
    vectors: Mapping[str, Sequence[float]] = field(default_factory=dict)
    closed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """A request under way; it keeps the books and script it came under, also through a reset."""

    request: Request
    number: int
    began: float
    gone: asyncio.Event
    books: Books
    script: Script

    def end(self, outcome: str, status: int | None = None) -> None:
        self.books.outcome(self.number, outcome, status)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is no picture; `cost` in nano-USD, None where it is never billed."""

    model: str
    prompt: str
    used: Json
    told: Json
    cost: int | None


@dataclass(frozen=True, slots=True)
class Made:
    order: Order
    usage: Json
    pictures: Sequence[bytes]


class Api:
    """The state of one server. `address` is "http://host:port"."""

    def __init__(self, directory: Path) -> None:
        self.address = ""
        self._directory = directory
        # Never set back: pictures stay unique across resets.
        self._pictures = itertools.count(1)
        self._open()

    def _open(self) -> None:
        self.books = Books(self._directory)
        self.script = Script()
        self._files = Files()

    def reset(self) -> None:
        self.books.close()
        self._open()

    def arrive(self, request: Request, gone: asyncio.Event) -> Visit:
        return Visit(request, self.books.arrive(request), time.monotonic(), gone, self.books, self.script)

    async def answer(self, visit: Visit) -> Answer:
        """The answer, once it may leave.

        Raises:
            ConnectionError: the client went away while the answer was held.
        """
        request = visit.request
        if request.path in visit.script.closed:
            return _nowhere(visit)
        if request.path in ROUTES and request.method == "POST":
            return await self._paint(visit)
        if request.path == drawing.ROUTE and request.method == "POST" and drawing.is_meant(_body(request)):
            return await self._draw(visit)
        if request.path in (*words.ROUTES, screening.ROUTE, vectors.ROUTE) and request.method == "POST":
            return await self._write(visit)
        if request.path.startswith(FOLDER):
            answer = self._files.answer(request.path, visit.script.drip)
        elif request.path == "/v1/models" and request.method == "GET":
            answer = _models(visit)
        else:
            return _nowhere(visit)
        visit.end(answer.ending, answer.status)
        return answer

    async def _paint(self, visit: Visit) -> Answer:
        is_edit = visit.request.path == edits.ROUTE
        body = {"prompt": edits.prompt_of(visit.request)} if is_edit else _body(visit.request)
        prompt = body.get("prompt") if isinstance(body, dict) else None
        choice = visit.script.faults.next(prompt if isinstance(prompt, str) else "")
        try:
            _need_key(visit)
            more = visit.script.extra_models
            order = edits.check_edit(visit.request, more) if is_edit else check(_object(body), more)
            choice = _limited(visit, order, choice)
            answer = self._decide(visit, order, choice)
        except RefusedError as error:
            answer = json_answer(error.body, error.status)
            choice = Choice(latency=choice.latency)
        return await _leave(visit, choice, answer)

    async def _draw(self, visit: Visit) -> Answer:
        """A picture through the image tool: the text model rewords the prompt, and both models are billed."""
        body = _object(_body(visit.request))
        choice = visit.script.faults.next(drawing.prompt_of(body))
        try:
            _need_key(visit)
            errand = drawing.check_errand(body, visit.script.extra_models)
            choice = _limited(visit, errand.order, choice)
            fault = choice.fault
            answer = _said(fault, fault.said)
            if choice.is_billed:
                made = self._work(errand.order, fault)
                _charge(visit, made, errand.cost)
                if fault.said is None:
                    told = drawing.told(body, errand, made.usage, made.pictures)
                    content = fault.twist(told, []) if fault.twist else json.dumps(told).encode()
                    answer = replace(answer, body=content)
        except RefusedError as error:
            answer = json_answer(error.body, error.status)
            choice = Choice(latency=choice.latency)
        return await _leave(visit, choice, answer)

    async def _write(self, visit: Visit) -> Answer:
        """Words or numbers; the faults are those of pictures, as far as an answer has no picture in it."""
        body = _body(visit.request)
        choice = visit.script.faults.next(_prompt_in(visit.request.path, body), visit.request.path)
        fault = choice.fault
        try:
            _need_key(visit)
            reply = _reply(visit, _object(body))
            answer = _said(fault, fault.said)
            if choice.is_billed:
                _charge_reply(visit, reply)
                if fault.said is None:
                    content = fault.twist(reply.told, []) if fault.twist else json.dumps(reply.told).encode()
                    answer = replace(answer, body=content)
        except RefusedError as error:
            answer = json_answer(error.body, error.status)
            choice = Choice(latency=choice.latency)
        return await _leave(visit, choice, answer)

    def _decide(self, visit: Visit, order: Order, choice: Choice) -> Answer:
        fault = choice.fault
        if not choice.is_billed:
            return _said(fault, fault.said)
        made = self._work(order, fault)
        _charge(visit, made)
        if fault.said is not None:
            return _said(fault, fault.said)
        told = _told(made)
        if visit.script.revise:
            revised = order.prompt
            for pattern, put in visit.script.revise:
                revised = re.sub(pattern, put, revised)
            told["data"] = [picture | {"revised_prompt": revised} for picture in told["data"]]
        links = [self.address + self._files.keep(order.output_format, picture) for picture in made.pictures]
        content = fault.twist(told, links) if fault.twist else json.dumps(told).encode()
        return replace(_said(fault, None), body=content)

    def _work(self, order: Order, fault: Fault) -> Made:
        work = fault.work
        # What a mask or a markup is billed as nobody knows: here each is one more picture.
        images = sum(order.family.in_tokens(*each, order.fidelity) for each in order.inputs)
        images += sum(order.family.in_tokens(*each, "low") for each in order.overlays)
        looks = (order.quality, order.width, order.height, order.n, len(order.inputs), images)
        usage = prices.usage(order.family, order.prompt, *looks)
        kind = order.output_format
        if work.other_format:
            kind = "png" if kind == "jpeg" else "jpeg"
        width, height = work.size or (order.width, order.height)
        painted = [pictures.make(kind, width, height, next(self._pictures)) for _ in range(order.n + work.extra)]
        return Made(order, prices.times(usage, work.usage_factor), painted)


def _body(request: Request) -> object:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def _object(body: object) -> Json:
    if not isinstance(body, dict):
        raise RefusedError("invalid_json", None, "We could not parse the JSON body of your request.")
    return body


def _need_key(visit: Visit) -> None:
    scheme, _, key = visit.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key.startswith("sk-") and key != visit.script.wrong_key:
        return
    message = f"Incorrect API key provided: {key[:3]}***{key[-4:]}." if key else "You didn't provide an API key."
    raise RefusedError("invalid_api_key", None, message, 401)


def _models(visit: Visit) -> Answer:
    try:
        _need_key(visit)
    except RefusedError as error:
        return json_answer(error.body, error.status)
    return json_answer(_MODELS)


def _limited(visit: Visit, order: Order, choice: Choice) -> Choice:
    """The choice, unless it means work and the limit has no room for it."""
    limit = visit.script.limit
    if limit is None or not choice.is_billed or not (wait := limit.take(order.n)):
        return choice
    return Choice("limit", rate_limit(limit.per_minute, limit.used, order.n, wait), latency=choice.latency)


def _charge(visit: Visit, made: Made, words_nano: int = 0) -> None:
    order = made.order
    visit.books.charge(
        {
            "seq": visit.number,
            "x_client_request_id": visit.request.headers.get("x-client-request-id", ""),
            "model": order.model,
            "quality": order.quality,
            "size": order.size,
            "usage": made.usage,
            "cost_nano": prices.cost(order.family, made.usage) + words_nano,
            "sha256": [hashlib.sha256(picture).hexdigest() for picture in made.pictures],
            "prompt": order.prompt,
        }
    )


def _prompt_in(path: str, body: object) -> str:
    """What conditions of faults look at."""
    if not isinstance(body, dict):
        return ""
    if path in words.ROUTES:
        return str(words.wanted(path, body).get("prompt", ""))
    asked = body.get("input")
    parts = asked if isinstance(asked, list) else [asked]
    return " ".join(str(part.get("text", "")) if isinstance(part, dict) else str(part) for part in parts)


def _reply(visit: Visit, body: Json) -> Reply:
    """The answer of the API that is asked.

    Raises:
        RefusedError: it does not take `body`.
    """
    path, script = visit.request.path, visit.script
    model, prompt = str(body.get("model")), _prompt_in(path, body)
    if path == screening.ROUTE:
        found = [screening.result(*each, script.moderation) for each in screening.inputs(body, script.extra_models)]
        return Reply(model, prompt, {}, screening.told(model, found), None)
    if path == vectors.ROUTE:
        texts, numbers = vectors.check(body)
        used = vectors.usage(texts)
        placed = [vectors.vector(text, numbers, script.vectors) for text in texts]
        return Reply(model, prompt, used, vectors.told(body, placed, used), vectors.cost(used))
    asked = words.asked(path, body)
    said = script.answer or asked.said()
    used = words.usage(body, said, asked.seen)
    return Reply(model, prompt, used, words.told(path, model, said, used), words.cost(used))


def _charge_reply(visit: Visit, reply: Reply) -> None:
    if reply.cost is None:
        return
    visit.books.charge(
        {
            "seq": visit.number,
            "x_client_request_id": visit.request.headers.get("x-client-request-id", ""),
            "model": reply.model,
            "quality": "",
            "size": "",
            "usage": reply.used,
            "cost_nano": reply.cost,
            "sha256": [],
            "prompt": reply.prompt,
        }
    )


def _nowhere(visit: Visit) -> Answer:
    message = f"Invalid URL ({visit.request.method} {visit.request.path})"
    answer = json_answer({"error": {"message": message, "type": "invalid_request_error"}}, 404)
    visit.end(answer.ending, answer.status)
    return answer


def _told(made: Made) -> Json:
    order = made.order
    return {
        "created": int(time.time()),
        "background": order.background,
        "data": [{"b64_json": base64.b64encode(picture).decode()} for picture in made.pictures],
        "output_format": order.output_format,
        "quality": order.quality,
        "size": order.size,
        "usage": made.usage,
    }


def _said(fault: Fault, said: Json | str | None) -> Answer:
    kind = "text/html; charset=utf-8" if isinstance(said, str) else "application/json"
    text = said if isinstance(said, str) else json.dumps(said)
    return Answer(fault.status, text.encode(), {"content-type": kind, **fault.headers}, fault.ending)


def _identity(visit: Visit) -> Mapping[str, str]:
    spent = int((time.monotonic() - visit.began) * 1000)
    return {"x-request-id": f"req_{visit.number:06d}", "openai-processing-ms": str(spent)}


async def _leave(visit: Visit, choice: Choice, answer: Answer) -> Answer:
    """The answer when its time has come."""
    answer = replace(answer, headers={**_identity(visit), **answer.headers, **choice.headers})
    await _hold(visit, choice)
    if choice.fault.silence is Silence.BODY and answer.status == 200:
        return replace(answer, body=b"", pieces=_late(visit, answer.body), length=len(answer.body))
    visit.end(answer.ending, answer.status if answer.ending in {Ending.ANSWERED, Ending.CUT} else None)
    return answer


async def _hold(visit: Visit, choice: Choice) -> None:
    gate = visit.script.gate
    silent = choice.fault.silence is Silence.ALL
    if silent:
        visit.end("silent")
    if silent or gate.is_shut:
        await _unless_gone(visit, gate.turn())
    latency = visit.script.latency if choice.latency is None else choice.latency
    if latency:
        await _unless_gone(visit, asyncio.create_task(asyncio.sleep(latency)))


async def _unless_gone(visit: Visit, turn: asyncio.Future[None]) -> None:
    gone = asyncio.create_task(visit.gone.wait())
    try:
        await asyncio.wait((turn, gone), return_when=asyncio.FIRST_COMPLETED)
    finally:
        turn.cancel()
        gone.cancel()
    if visit.gone.is_set():
        raise ConnectionError("the client went away")


async def _late(visit: Visit, body: bytes) -> AsyncIterator[bytes]:
    visit.end("stalled", 200)
    await _unless_gone(visit, visit.script.gate.turn())
    visit.end("answered", 200)
    yield body


_MODELS = {
    "object": "list",
    "data": [
        {
            "id": name,
            "object": "model",
            "created": 1_776_000_000,
            "owned_by": "openai",
            "shutdown_date": family.shutdown,
        }
        for name, family in prices.MODELS.items()
    ],
}
