"""A question of any kind on its way to the API that answers it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from imgcli.errors import AttemptError, Halt, Money
from imgcli.model.picture import Painted
from imgcli.model.question import Kind, Question
from imgcli.providers.openai import placing, screening, sight, writing
from imgcli.providers.openai.faults import at_no_cost

PATHS = {
    writing.RESPONSES: "/responses",
    writing.CHAT: "/chat/completions",
    writing.MODERATIONS: "/moderations",
    writing.EMBEDDINGS: "/embeddings",
}
"""By the API: where it is, below the base URL."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that is ready to leave.

    Attributes:
        api: a key of PATHS.
        parameters: of its `create`.
        read: what the body of an answer with a request id says.
        free: whether it is never billed.
    """

    question: Question
    api: str
    parameters: dict[str, Any]
    read: Callable[[bytes, str], Painted]
    free: bool = False

    def fault(self, fault: AttemptError, host: str) -> AttemptError:
        """`fault` in the words of this request."""
        if fault.code == "no-route":
            # The pictures of such a server are elsewhere, and go on.
            halt = fault.halt if self.question.kind.is_written else Halt.JOB
            return AttemptError(
                f"{host} has no {PATHS[self.api]}, so {self.question.kind.value} cannot be asked of it; "
                "nothing is billed",
                money=Money.VOID,
                halt=halt,
                code=fault.code,
                request_id=fault.request_id,
            )
        return at_no_cost(fault) if self.free else fault


async def asking(question: Question, form: str, *, foreign: bool) -> Asking:
    """The request for `question`, with its pictures read; `form` is the API of questions that are answered in words.

    Raises:
        AttemptError: a picture is not what it was, or no model takes as many; nothing was sent.
    """
    most = {Kind.MODERATION: 1, Kind.EMBEDDING: 0}.get(question.kind)
    if most is not None and len(question.images) > most:
        raise AttemptError(
            f"{question.kind.value} takes {most or 'no'} picture{'' if most else 's'}, not {len(question.images)}; "
            "nothing was sent",
            money=Money.VOID,
            code="unsendable",
        )
    urls = await asyncio.to_thread(sight.data_urls, question.images) if question.images else []
    match question.kind:
        case Kind.MODERATION:
            free = not foreign
            return Asking(
                question,
                writing.MODERATIONS,
                screening.request(question, urls),
                lambda body, request_id: screening.read(body, request_id, free=free),
                free,
            )
        case Kind.EMBEDDING:
            return Asking(
                question,
                writing.EMBEDDINGS,
                placing.request(question, foreign=foreign),
                lambda body, request_id: placing.read(body, question, request_id, foreign=foreign),
            )
        case _:
            return Asking(
                question,
                form,
                writing.request(question, form, urls),
                lambda body, request_id: writing.read(body, form, request_id),
            )
