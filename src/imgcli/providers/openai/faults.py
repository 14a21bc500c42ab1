"""The fault for a request that brought no picture: the row of the table it falls under, with words of its own."""

from dataclasses import replace

from imgcli.errors import AttemptError, Money, Retry
from imgcli.providers.openai.error_answer import Answer, asked_wait, one_line, stated_limit
from imgcli.providers.openai.taxonomy import COST, row_of


def refused(answer: Answer, model: str, key_hint: str, successor: str = "") -> AttemptError:
    """The fault for an answer with an error status; `successor` is the model to use when `model` is gone."""
    instead = f"use {successor}" if successor else "imgcli models lists what there is"
    return _fault(replace(answer, model=model), key=key_hint, instead=instead)


def unanswered(*, sent: bool, what: str, host: str) -> AttemptError:
    """The fault for a connection that failed; `sent` tells whether the whole request had left."""
    return _fault(Answer(0, sent=sent), what=what, host=host)


def aborted(*, sent: bool) -> AttemptError:
    """The fault for a request that the user cut off."""
    return _fault(Answer(0, sent=sent, cut_off=True))


def unusable(what: str, request_id: str, *, billed: bool = False) -> AttemptError:
    """The fault for a 200 that holds no picture. `billed`: the answer itself proves that work was done."""
    return _fault(Answer(200, request_id=request_id, billed=billed), what=what)


def at_no_cost(fault: AttemptError) -> AttemptError:
    """The same fault of a request that is never billed: an answer that was lost is asked for again."""
    if fault.money is Money.VOID:
        return fault
    return AttemptError(
        str(fault).replace(COST[fault.money], COST[Money.VOID]),
        money=Money.VOID,
        retry=Retry.NEVER if fault.code in ("aborted", "no-picture") or fault.moderated else Retry.FREE,
        halt=fault.halt,
        code=fault.code,
        request_id=fault.request_id,
        moderated=fault.moderated,
    )


def _fault(
    answer: Answer, *, what: str = "it holds no picture", host: str = "", key: str = "", instead: str = ""
) -> AttemptError:
    row, wait = row_of(answer), asked_wait(answer)
    seconds = f"{round(wait or 0, 1):g}"
    text = row.message.format(
        cost=COST[row.money],
        status=answer.status,
        model=answer.model,
        wait=seconds,
        asks=f"; it asks for {seconds} s" if wait else "",
        said=_named(answer) + (f"; the server says: {answer.message}" if answer.message else ""),
        what=what,
        host=host,
        key=key,
        instead=instead,
        reword="reword the prompt or take other input pictures" if answer.edit else "reword the prompt",
    )
    if answer.request_id and row.money is not Money.VOID:
        # Whoever asks the provider what became of the money is asked for it.
        text += f" (request {one_line(answer.request_id)})"
    free = row.retry is Retry.FREE
    return AttemptError(
        text,
        money=row.money,
        retry=row.retry,
        halt=row.halt,
        code=row.code or answer.code or str(answer.status),
        request_id=answer.request_id,
        wait=wait if free else None,
        limit=stated_limit(answer) if free else None,
        account=row.account,
        moderated=row.moderated,
        stage=answer.stage if row.moderated else "",
        categories=answer.categories if row.moderated else (),
    )


def _named(answer: Answer) -> str:
    """When a safety system refused, and for what, if it told."""
    stage = f"; refused at its {answer.stage} stage" if answer.stage in {"input", "output"} else ""
    return stage + (f"; categories: {', '.join(answer.categories)}" if answer.categories else "")
