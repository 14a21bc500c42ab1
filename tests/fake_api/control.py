"""The other side of the fake API: how tests script it and learn what it did.

GET  /_control        the state: in_flight, peak_in_flight, requests, bills, ended, held, closed_at_accept
POST /_control        a change, answered with the state; 400 and a reason when it is not understood
GET  /_control/wait   answered once all conditions hold (`in_flight=4`, `requests=`, `bills=`, `ended=`; 0 means none),
                      or with 408 after `timeout` seconds (10)

A change holds any of: `reset` true; `faults` (see script); `latency` and `drip` seconds; `ipm` with `bucket` (1), 0 for
no limit; `gate` true, or false which is `release` true; `release` true or how many; `wrong_key`; `extra_models`; `answer`, what the text
model says whatever it is asked. `revise`: pairs of a pattern and
what takes its place in the revised prompt that answers tell. `moderation`: rules (see screening); `vectors`: what
embedding a text gets; `closed`: paths where there is nothing. A reset comes first.
"""

import asyncio
import json
import re
from collections.abc import Callable

from tests.fake_api import screening
from tests.fake_api.behaviour import Api
from tests.fake_api.books import CONDITIONS
from tests.fake_api.script import Faults, Limit
from tests.fake_api.wire import Answer, Json, Request, json_answer

PATH = "/_control"


def state(api: Api) -> Json:
    books = api.books
    return {
        "in_flight": books.in_flight,
        "peak_in_flight": books.peak_in_flight,
        "requests": books.requests,
        "bills": books.bills,
        "ended": books.ended,
        "held": api.script.gate.held,
        "closed_at_accept": books.closed_at_accept,
    }


async def control(api: Api, request: Request, reset: Callable[[], None]) -> Answer:
    """The answer to a request below /_control; `reset` clears the server of what is under way."""
    try:
        if request.path == f"{PATH}/wait":
            return await _wait(api, dict(request.query))
        if request.method == "POST":
            _change(api, json.loads(request.body), reset)
    except (ValueError, TypeError, KeyError, re.error) as error:
        return json_answer({"error": f"the fake API does not understand {request.path}: {error}"}, 400)
    return json_answer(state(api))


def _change(api: Api, change: object, reset: Callable[[], None]) -> None:
    if not isinstance(change, dict):
        raise ValueError("a change is an object")
    if change.pop("reset", False):
        reset()
    script = api.script
    if "faults" in change:
        script.faults = Faults(change.pop("faults"))
    if "ipm" in change:
        ipm, bucket = change.pop("ipm"), change.pop("bucket", 1)
        script.limit = Limit(ipm, bucket, asyncio.get_running_loop().time) if ipm else None
    for name in ("latency", "drip"):
        if name in change:
            setattr(script, name, float(change.pop(name)))
    for name in ("wrong_key", "extra_models", "answer", "vectors", "closed"):
        if name in change:
            setattr(script, name, change.pop(name))
    if "moderation" in change:
        script.moderation = [screening.rule(told) for told in change.pop("moderation")]
    if "revise" in change:
        script.revise = [(re.compile(pattern).pattern, str(put)) for pattern, put in change.pop("revise")]
    if "gate" in change:
        script.gate.is_shut = True
        if not change.pop("gate"):
            script.gate.release()
    if released := change.pop("release", 0):
        script.gate.release(None if released is True else int(released))
    if change:
        raise ValueError(f"no such change: {', '.join(sorted(change))}")


async def _wait(api: Api, query: dict[str, str]) -> Answer:
    seconds = float(query.pop("timeout", 10))
    wanted = {name: int(count) for name, count in query.items()}
    if strange := sorted(wanted.keys() - set(CONDITIONS)):
        raise ValueError(f"cannot wait for {', '.join(strange)}, only for {', '.join(CONDITIONS)}")
    try:
        async with asyncio.timeout(seconds):
            while not all(api.books.meets(name, count) for name, count in wanted.items()):
                await api.books.change()
    except TimeoutError:
        return json_answer(state(api), 408)
    return json_answer(state(api))
