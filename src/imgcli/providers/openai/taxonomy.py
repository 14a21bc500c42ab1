"""The table of errors: what each kind of answer that is no picture means for the money, a retry and the run.

Pure data, read from top to bottom; `docs/errors.md` is written from it. "Sent" is decided by the transport's trace,
never by an exception's class: only a request whose body never left in full is certainly unpaid. A status that is no
4xx is judged before any code, because no word in the body of a server error proves that no work was done. Among the
4xx `error.code` comes first: it is the provider's stable discriminator (OpenAI, error codes guide).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from imgcli.errors import PATIENCE, Halt, Money, Retry
from imgcli.providers.openai.error_answer import Answer, asked_wait

SPENDING_LIMIT = frozenset(
    {
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "billing_hard_limit_reached",
    }
)
CLOSED = frozenset({"billing_not_active", "account_deactivated"})
NO_CREDIT = frozenset({"credit_balance_exhausted", "insufficient_quota"})
MODERATED = frozenset({"moderation_blocked", "content_policy_violation"})
UNPAID_OVERLOAD = frozenset({"server_is_overloaded", "slow_down"})
MODEL_GONE = frozenset({"model_not_found", "model_deprecated"})
NOT_SERVED = "unsupported_country_region_territory"

COST = {
    Money.VOID: "nothing is billed",
    Money.HOLD: "it may be billed, so its upper bound stays held until you decide (imgcli budget uncertain)",
    Money.POST: "it is billed, and counted at its upper bound",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of failure and its rules.

    Attributes:
        case: its name for people.
        fits: whether an answer is of this kind; asked only when no row above fits.
        message: what happened, what it cost and what to do, with places for the words of `faults`.
        code: of the fault; where empty, the server's own or the status.
    """

    case: str
    fits: Callable[[Answer], bool]
    message: str
    money: Money
    retry: Retry = Retry.NEVER
    halt: Halt = Halt.JOB
    account: bool = False
    moderated: bool = False
    code: str = ""


def row_of(answer: Answer) -> Row:
    """The first row that fits; the last one fits everything."""
    return next(row for row in TABLE if row.fits(answer))


def _overloaded(answer: Answer) -> bool:
    return answer.status == 503 and answer.code in UNPAID_OVERLOAD


def _asks_too_much(answer: Answer) -> bool:
    return (asked_wait(answer) or 0) > PATIENCE


def _is_of(answer: Answer, codes: frozenset[str]) -> bool:
    # Older servers say it in `type` alone, or say more there than in `code`.
    return bool(codes & {answer.code, answer.kind})


def _lacks_model(answer: Answer) -> bool:
    name = re.escape(answer.model)
    gone = rf"model [`'\"]?{name}[`'\"]? (does not exist|(has been|was|is) (deprecated|shut down))"
    return (
        answer.code in MODEL_GONE
        or (answer.status in {400, 404} and answer.param == "model")
        or (bool(name) and re.search(gone, answer.message, re.IGNORECASE) is not None)
    )


TABLE = (
    # No answer
    Row(
        "the user stopped the run before the whole request was sent",
        lambda answer: answer.cut_off and not answer.sent,
        "cut off before it was sent; {cost}",
        Money.VOID,
        code="aborted",
    ),
    Row(
        "the user stopped the run while the provider worked",
        lambda answer: answer.cut_off,
        "cut off while the provider worked; {cost}",
        Money.HOLD,
        code="aborted",
    ),
    Row(
        "the connection failed before the whole request was sent: no network, no such host, no TLS, timeout, stale "
        "connection",
        lambda answer: not answer.status and not answer.sent,
        "could not reach {host} ({what}); nothing was sent in full, {cost}; check the network and the base URL",
        Money.VOID,
        Retry.FREE,
        code="unreachable",
    ),
    Row(
        "sent, and no whole answer came back: timeout, connection closed, answer cut short",
        lambda answer: not answer.status,
        "the answer was lost on its way ({what}); {cost}",
        Money.HOLD,
        code="lost",
    ),
    # Servers that failed
    Row(
        "429 or 503 `slow_down` that does not ask for more than that",
        lambda answer: answer.code == "slow_down" and answer.status in {429, 503} and not _asks_too_much(answer),
        "the provider says that it is asked too quickly{asks}; {cost}",
        Money.VOID,
        Retry.FREE,
        code="slow_down",
    ),
    Row(
        f"503 `server_is_overloaded` or `slow_down` that asks for more than {PATIENCE:g} s",
        lambda answer: _overloaded(answer) and _asks_too_much(answer),
        "the provider is overloaded and asks for {wait} s; {cost}; run the same command later, a batch resumes",
        Money.VOID,
        Retry.FREE,
        code="overloaded",
    ),
    Row(
        "503 `server_is_overloaded` or `slow_down`",
        _overloaded,
        "the provider is overloaded{asks}; {cost}",
        Money.VOID,
        Retry.FREE,
        code="overloaded",
    ),
    Row(
        "500, 502, 504, 503 without such a code, any other 5xx",
        lambda answer: answer.status >= 500,
        "server error {status}; {cost}{said}",
        Money.HOLD,
    ),
    Row(
        "408",
        lambda answer: answer.status == 408,
        "the server gave up waiting; {cost}{said}",
        Money.HOLD,
    ),
    # Answers that are no error and no picture
    Row(
        "301, 302, 307, 308",
        lambda answer: answer.status in {301, 302, 307, 308},
        "the server redirects ({status}), and imgcli does not carry prompts and keys to another address; {cost}; set "
        "the base URL to the final one",
        Money.VOID,
        halt=Halt.RUN,
    ),
    Row(
        # The text model that asked for it has worked, whenever the picture was refused.
        '200 whose picture the safety system refused (with `images_api = "responses"`)',
        lambda answer: answer.status == 200 and answer.code in MODERATED,
        "the provider's safety system refused it; {cost}; {reword}{said}",
        Money.HOLD,
        moderated=True,
    ),
    Row(
        "200 without a usable picture, and it proves that work was done: usage, broken base64, too large an answer",
        lambda answer: answer.status == 200 and answer.billed,
        "the server said yes but {what}; {cost}",
        Money.POST,
        code="no-picture",
    ),
    Row(
        "200 without a picture: a web page, cut JSON, no data",
        lambda answer: answer.status == 200,
        "the server said yes but {what}; {cost}",
        Money.HOLD,
        code="no-picture",
    ),
    Row(
        # 303 points to a result, so work was done; what the others mean here nobody knows.
        "303, any other 1xx, 2xx or 3xx",
        lambda answer: answer.status < 400,
        "the server answered {status} and no picture; {cost}",
        Money.HOLD,
    ),
    # Requests that were refused
    Row(
        "refused by the safety system before work",
        lambda answer: answer.code in MODERATED and answer.stage == "input",
        "the provider's safety system refused it; {cost}; {reword}{said}",
        Money.VOID,
        moderated=True,
    ),
    Row(
        "refused by the safety system after work, or unclear when",
        lambda answer: answer.code in MODERATED,
        "the provider's safety system refused it; {cost}; {reword}{said}",
        Money.HOLD,
        moderated=True,
    ),
    Row(
        "a spending limit of the project or the organization",
        lambda answer: _is_of(answer, SPENDING_LIMIT),
        "the account reached its spending limit; {cost}; raise the limit with the provider, or wait until it is "
        "reset{said}",
        Money.VOID,
        halt=Halt.RUN,
        account=True,
    ),
    Row(
        "an account that is closed or has no billing",
        lambda answer: _is_of(answer, CLOSED),
        "the account is not active; {cost}; set it right with the provider{said}",
        Money.VOID,
        halt=Halt.RUN,
        account=True,
    ),
    Row(
        "402, or no credit",
        lambda answer: answer.status == 402 or _is_of(answer, NO_CREDIT),
        "the account has no credit left; {cost}; add credit with the provider{said}",
        Money.VOID,
        halt=Halt.RUN,
        account=True,
    ),
    Row(
        "401",
        lambda answer: answer.status == 401,
        "the API key ending {key} was rejected; {cost}; set a valid one with imgcli config set-key{said}",
        Money.VOID,
        halt=Halt.RUN,
        account=True,
    ),
    Row(
        "403 from a country that is not served",
        lambda answer: answer.status == 403 and answer.code == NOT_SERVED,
        "the provider does not serve this country or region; {cost}{said}",
        Money.VOID,
        halt=Halt.RUN,
        account=True,
    ),
    Row(
        "403",
        lambda answer: answer.status == 403,
        "the account may not do this; {cost}; see with the provider whether its organization is verified and its "
        "project has the model{said}",
        Money.VOID,
        halt=Halt.RUN,
        account=True,
    ),
    Row(
        f"429 that asks for more than {PATIENCE:g} s",
        lambda answer: answer.status == 429 and _asks_too_much(answer),
        "the provider's rate limit is reached and it asks for {wait} s; {cost}; run the same command later, a batch "
        "resumes",
        Money.VOID,
        Retry.FREE,
        code="rate",
    ),
    Row(
        "429",
        lambda answer: answer.status == 429,
        "the provider's rate limit is reached{asks}; {cost}",
        Money.VOID,
        Retry.FREE,
        code="rate",
    ),
    Row(
        "a model that is gone or unknown",
        _lacks_model,
        "the provider does not have the model {model}; {cost}; {instead}{said}",
        Money.VOID,
        halt=Halt.MODEL,
        code="model",
    ),
    Row(
        "404 or 405 for pictures from pictures",
        lambda answer: answer.edit and answer.status in {404, 405},
        "the server makes no pictures from pictures: it has no /images/edits; {cost}; use another provider, or check the "
        "base URL (it usually ends in /v1){said}",
        Money.VOID,
        code="no-route",
    ),
    Row(
        "any other 404",
        lambda answer: answer.status == 404,
        "there is no images API at this address; {cost}; check the base URL (it usually ends in /v1){said}",
        Money.VOID,
        halt=Halt.RUN,
        code="no-route",
    ),
    Row(
        "409",
        lambda answer: answer.status == 409,
        "the server was busy with a conflict{asks}; {cost}{said}",
        Money.VOID,
        Retry.FREE,
    ),
    Row(
        "413 for pictures from pictures",
        lambda answer: answer.edit and answer.status == 413,
        "the request is too large for the server (413); {cost}; make its input pictures smaller with --downscale{said}",
        Money.VOID,
    ),
    Row(
        "413, 414, 431",
        lambda answer: answer.status in {413, 414, 431},
        "the request is too large for the server ({status}); {cost}; shorten the prompt{said}",
        Money.VOID,
    ),
    Row(
        "400, 422: a size, an option or a prompt that the server does not take",
        lambda answer: answer.status in {400, 422},
        "the provider refused it ({status}); {cost}; change the request{said}",
        Money.VOID,
    ),
    Row(
        "any other 4xx",
        lambda _answer: True,
        "the provider refused it ({status}); {cost}{said}",
        Money.VOID,
    ),
)
