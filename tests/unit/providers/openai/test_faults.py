"""The table of errors: what an answer that is no picture means for the money, a retry and the rest of the run."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.engine.limits import Pacer
from imgcli.engine.retry import RetryRules
from imgcli.engine.stop import Stop
from imgcli.errors import PATIENCE, AttemptError, Halt, Money, Retry
from imgcli.model.attempt import Hold
from imgcli.model.outcome import Made, Outcome
from imgcli.model.picture import Painted
from imgcli.model.quote import Priced
from imgcli.pipeline import Line, make_all
from imgcli.ports import Easel
from imgcli.providers.openai.error_answer import MAX_TEXT, Answer
from imgcli.providers.openai.faults import aborted, at_no_cost, refused, unanswered, unusable
from imgcli.providers.openai.taxonomy import (
    CLOSED,
    COST,
    MODEL_GONE,
    MODERATED,
    NO_CREDIT,
    SPENDING_LIMIT,
    TABLE,
    UNPAID_OVERLOAD,
    Row,
    row_of,
)
from imgcli.reports.summary import URGENCY, exit_code
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import a_job, a_run
from tests.fakes.provider import FakeProvider, Script
from tests.fakes.studio import a_studio
from tests.rows import each_row

MODEL = "gpt-image-2.5-flare"
VOID, HOLD, POST = Money.VOID, Money.HOLD, Money.POST
DOCS = Path(__file__).resolve().parents[4] / "docs"
ACCOUNT_CODES = sorted(NO_CREDIT | SPENDING_LIMIT | CLOSED)


@dataclass(frozen=True)
class Verdict:
    money: Money
    free: bool = False
    halt: Halt = Halt.JOB
    account: bool = False
    moderated: bool = False


def verdict(fault: AttemptError) -> Verdict:
    return Verdict(fault.money, fault.retry is Retry.FREE, fault.halt, fault.account, fault.moderated)


AGAIN = Verdict(VOID, free=True)
NEVER = Verdict(VOID)
LOST = Verdict(HOLD)
ACCOUNT = Verdict(VOID, halt=Halt.RUN, account=True)
NO_MODEL = Verdict(VOID, halt=Halt.MODEL)
WRONG_PLACE = Verdict(VOID, halt=Halt.RUN)
BLOCKED_FIRST = Verdict(VOID, moderated=True)
BLOCKED_LATE = Verdict(HOLD, moderated=True)

VERDICTS = [
    # rates
    (Answer(429, code="rate_limit_exceeded", kind="input-images"), AGAIN),
    (Answer(429, code="rate_limit_exceeded", kind="tokens", wait=300.0), AGAIN),
    (Answer(429, code="slow_down", kind="rate_limit_error"), AGAIN),
    (Answer(429), AGAIN),
    (Answer(503, code="server_is_overloaded", kind="service_unavailable_error"), AGAIN),
    (Answer(503, code="slow_down"), AGAIN),
    # accounts
    *((Answer(429, code=code, kind="insufficient_quota"), ACCOUNT) for code in ACCOUNT_CODES),
    (Answer(429, kind="insufficient_quota"), ACCOUNT),
    (Answer(400, code="billing_hard_limit_reached"), ACCOUNT),
    (Answer(402), ACCOUNT),
    (Answer(401, code="invalid_api_key"), ACCOUNT),
    (Answer(401), ACCOUNT),
    (Answer(403, code="unsupported_country_region_territory"), ACCOUNT),
    (Answer(403), ACCOUNT),
    # moderation
    (Answer(400, code="moderation_blocked", stage="input"), BLOCKED_FIRST),
    (Answer(400, code="moderation_blocked", stage="output"), BLOCKED_LATE),
    (Answer(400, code="moderation_blocked", stage="unknown"), BLOCKED_LATE),
    (Answer(400, code="moderation_blocked"), BLOCKED_LATE),
    (Answer(400, code="content_policy_violation"), BLOCKED_LATE),
    (Answer(403, code="content_policy_violation"), BLOCKED_LATE),
    # models and routes
    *((Answer(404, code=code), NO_MODEL) for code in sorted(MODEL_GONE)),
    (Answer(400, code="invalid_value", param="model"), NO_MODEL),
    (Answer(404, param="model", message="The model `x` does not exist."), NO_MODEL),
    (Answer(400, code="invalid_value", message=f"The model '{MODEL}' does not exist."), NO_MODEL),
    *(
        (Answer(400, message=f"The model `{MODEL}` {words}"), NO_MODEL)
        for words in ("has been deprecated, learn more here: ...", "was shut down.", "has been shut down")
    ),
    (Answer(400, message="The model `another` was shut down."), NEVER),
    (Answer(400, message=f"The model {MODEL} takes no transparency."), NEVER),
    (Answer(404), WRONG_PLACE),
    # requests
    (Answer(400, code="invalid_value", kind="image_generation_user_error", param="size"), NEVER),
    (Answer(400, code="unknown_parameter"), NEVER),
    *((Answer(status), NEVER) for status in (400, 405, 410, 413, 414, 415, 422, 451)),
    # servers
    (Answer(409), AGAIN),
    # no word in the body of a server error or a redirect proves that no work was done
    *((Answer(500, code=code), LOST) for code in ACCOUNT_CODES),
    (Answer(500, kind="insufficient_quota"), LOST),
    (Answer(502, code="moderation_blocked", stage="input"), LOST),
    (Answer(500, code="model_not_found"), LOST),
    (Answer(408, code="insufficient_quota"), LOST),
    (Answer(303, code="moderation_blocked", stage="input"), LOST),
    (Answer(408), LOST),
    *((Answer(status, code="server_error"), LOST) for status in (500, 502, 503, 504, 520, 524, 529, 599)),
    (Answer(503, kind="server_is_overloaded"), LOST),
    (Answer(500, code="slow_down"), LOST),
    # answers that are neither
    *((Answer(status), WRONG_PLACE) for status in (301, 302, 307, 308)),
    *((Answer(status), LOST) for status in (201, 202, 204, 206, 300, 303, 304, 305)),
]


@each_row(("answer", "expected"), VERDICTS, ids=lambda value: repr(value)[:60])
def test_what_an_error_answer_means(answer: Answer, expected: Verdict) -> None:
    assert verdict(refused(answer, MODEL, "...cdef")) == expected


@each_row("answer", [row[0] for row in VERDICTS], ids=lambda value: repr(value)[:60])
def test_every_refusal_is_one_line_that_says_what_it_cost(answer: Answer) -> None:
    fault = refused(replace(answer, request_id="req_7", message="Said the server."), MODEL, "...cdef")
    text = str(fault)
    assert text.splitlines() == [text]
    paid = {VOID: "nothing is billed", HOLD: "may be billed, so its upper bound stays held"}[fault.money]
    assert paid in text
    assert fault.request_id == "req_7"
    assert fault.code


def test_only_what_is_certainly_unpaid_is_ever_sent_again() -> None:
    for answer, expected in VERDICTS:
        assert not (expected.free and expected.money is not VOID), answer


ANSWERS = st.builds(
    Answer,
    status=st.integers(201, 599) | st.sampled_from([303, 307, 400, 403, 404, 408, 429, 500, 503]),
    code=st.sampled_from(["", "x", *sorted(UNPAID_OVERLOAD | MODERATED | MODEL_GONE), *ACCOUNT_CODES]),
    kind=st.sampled_from(["", "server_error", "insufficient_quota", "slow_down"]),
    param=st.sampled_from(["", "size", "model"]),
    message=st.text(max_size=MAX_TEXT).map(lambda text: " ".join(text.split()))
    | st.just(f"The model '{MODEL}' does not exist.")
    | st.just("{cost} {0} {"),
    stage=st.sampled_from(["", "input", "output", "unknown"]),
    request_id=st.sampled_from(["", "req_7"]),
    wait=st.none() | st.floats(0, 1e6),
)


@given(ANSWERS)
def test_no_answer_is_a_bug(answer: Answer) -> None:
    fault = refused(answer, MODEL, "...cdef")
    assert type(fault) is AttemptError
    assert fault.retry is Retry.NEVER or fault.money is VOID
    assert fault.halt is Halt.RUN or not fault.account
    assert fault.code
    assert COST[fault.money] in str(fault)


@given(ANSWERS)
def test_what_may_have_been_worked_on_is_never_called_free(answer: Answer) -> None:
    money = refused(answer, MODEL, "...cdef").money
    if answer.status == 408 or answer.status >= 500:
        assert (money is VOID) == (answer.status == 503 and answer.code in UNPAID_OVERLOAD)
    elif answer.status < 400:
        assert (money is VOID) == (answer.status in {301, 302, 307, 308})
    elif answer.code not in MODERATED or answer.stage == "input":
        assert money is VOID
    else:
        assert money is HOLD


def test_a_rate_tells_wait_and_limit() -> None:
    words = "Rate limit reached on input-images per min: Limit 20, Used 20, Requested 1. Please try again in 3s."
    fault = refused(Answer(429, code="rate_limit_exceeded", message=words), MODEL, "")
    assert (fault.wait, fault.limit, fault.code) == (3.0, 20.0, "rate")
    assert "it asks for 3 s" in str(fault)
    assert refused(Answer(409, wait=7.0), MODEL, "").wait == 7.0
    assert refused(Answer(500, wait=7.0), MODEL, "").wait is None
    assert "it asks for 0.2 s" in str(refused(Answer(429, wait=0.2), MODEL, ""))
    assert refused(Answer(503, code="slow_down"), MODEL, "").code == "slow_down"


def test_a_wait_beyond_patience_is_the_end_and_says_what_to_do() -> None:
    for status in (429, 503):
        short, long = (refused(Answer(status, "slow_down", wait=PATIENCE + more), MODEL, "") for more in (0, 180))
        assert RetryRules().wait(short, 1, 0.5) is not None
        assert RetryRules().wait(long, 1, 0.5) is None
        assert "later" not in str(short)
        assert "asks for 300 s" in str(long)
        assert "run the same command later" in str(long)


@pytest.mark.parametrize(
    ("fault", "money", "free", "cost"),
    [
        (unanswered(sent=True, what="ReadError: ", host="h"), HOLD, False, "upper bound stays held"),
        (unanswered(sent=False, what="ConnectError: ", host="h"), VOID, True, "nothing is billed"),
        (aborted(sent=True), HOLD, False, "may be billed"),
        (aborted(sent=False), VOID, False, "nothing is billed"),
        (unusable("it is HTML", "req_1"), HOLD, False, "upper bound stays held"),
        (unusable("it is empty", "req_1", billed=True), POST, False, "billed"),
    ],
)
def test_where_no_answer_came(fault: AttemptError, money: Money, free: bool, cost: str) -> None:
    assert verdict(fault) == Verdict(money, free)
    assert cost in str(fault)


def test_the_words_of_what_to_do_next() -> None:
    assert "ending ...cdef was rejected" in str(refused(Answer(401), MODEL, "...cdef"))
    assert "imgcli models" in str(refused(Answer(404, code="model_not_found"), MODEL, ""))
    assert "use newer" in str(refused(Answer(404, code="model_not_found"), MODEL, "", "newer"))
    assert "(request req_7)" in str(refused(Answer(500, request_id="req_7"), MODEL, ""))
    assert "req_7" not in str(refused(Answer(400, request_id="req_7"), MODEL, ""))
    assert "/v1" in str(refused(Answer(404), MODEL, ""))
    assert "base URL" in str(refused(Answer(307), MODEL, ""))


# The table, row by row


@dataclass(frozen=True)
class Example:
    """Evidence of one row, and what it must come to.

    Attributes:
        tries: how often it is sent before it is given up.
        others: which pictures are still made after it: of the same model, of another.
    """

    answer: Answer
    verdict: Verdict
    code: int
    words: str
    tries: int = 1
    others: tuple[bool, bool] = (True, True)

    @property
    def fault(self) -> AttemptError:
        """As the provider makes it."""
        answer = self.answer
        if answer.cut_off:
            return aborted(sent=answer.sent)
        if not answer.status:
            return unanswered(sent=answer.sent, what="ConnectTimeout: ", host="api.openai.com")
        if answer.status == 200 and not answer.code:
            return unusable("its answer holds no picture", answer.request_id, billed=answer.billed)
        return refused(answer, MODEL, "...cdef", "newer")


ALL, REST, NONE = (True, True), (False, True), (False, False)
TRIES = RetryRules().tries
PACED = 1000
"""Tries that are bounded by time alone."""
EXAMPLES = [
    Example(Answer(0, sent=False, cut_off=True), NEVER, 1, "cut off before it was sent"),
    Example(Answer(0, cut_off=True), LOST, 5, "cut off while"),
    Example(Answer(0, sent=False), AGAIN, 9, "could not reach api.openai.com", TRIES, NONE),
    Example(Answer(0), LOST, 5, "the answer was lost"),
    Example(Answer(429, "slow_down"), AGAIN, 9, "asked too quickly", PACED, NONE),
    Example(Answer(503, "slow_down", wait=121.0), AGAIN, 9, "asks for 121 s; nothing is billed; run the", 1, NONE),
    Example(Answer(503, "server_is_overloaded"), AGAIN, 9, "overloaded", PACED, NONE),
    Example(Answer(503, kind="slow_down"), LOST, 5, "server error 503"),
    Example(Answer(408), LOST, 5, "gave up waiting"),
    Example(Answer(307), WRONG_PLACE, 1, "set the base URL", 1, NONE),
    Example(Answer(200, "moderation_blocked", stage="input"), BLOCKED_LATE, 1, "reword the prompt"),
    Example(Answer(200, billed=True), Verdict(POST), 1, "it is billed"),
    Example(Answer(200), LOST, 5, "said yes but its answer holds no picture"),
    Example(Answer(303), LOST, 5, "answered 303"),
    Example(Answer(400, "moderation_blocked", stage="input"), BLOCKED_FIRST, 1, "reword the prompt"),
    Example(Answer(400, "moderation_blocked", stage="output"), BLOCKED_LATE, 1, "reword the prompt"),
    Example(Answer(429, "project_spend_limit_exceeded", "insufficient_quota"), ACCOUNT, 4, "spending limit", 1, NONE),
    Example(Answer(429, "account_deactivated"), ACCOUNT, 4, "not active", 1, NONE),
    Example(Answer(402), ACCOUNT, 4, "no credit left", 1, NONE),
    Example(Answer(401), ACCOUNT, 4, "the API key ending ...cdef was rejected", 1, NONE),
    Example(Answer(403, "unsupported_country_region_territory"), ACCOUNT, 4, "country", 1, NONE),
    Example(Answer(403), ACCOUNT, 4, "may not do this", 1, NONE),
    Example(Answer(429, wait=300.0), AGAIN, 9, "asks for 300 s; nothing is billed; run the same command", 1, NONE),
    Example(Answer(429, wait=12.0), AGAIN, 9, "it asks for 12 s", PACED, NONE),
    Example(Answer(404, "model_not_found"), NO_MODEL, 1, f"does not have the model {MODEL}", 1, REST),
    Example(Answer(405, edit=True), NEVER, 1, "makes no pictures from pictures"),
    Example(Answer(404), WRONG_PLACE, 1, "no images API", 1, NONE),
    Example(Answer(409), AGAIN, 1, "conflict", TRIES, NONE),
    Example(Answer(413, edit=True), NEVER, 1, "make its input pictures smaller with --downscale"),
    Example(Answer(413), NEVER, 1, "too large for the server (413)"),
    Example(Answer(422), NEVER, 1, "refused it (422)"),
    Example(Answer(418), NEVER, 1, "refused it (418)"),
]


def test_who_sent_pictures_along_is_told_of_them() -> None:
    blocked = Answer(400, "moderation_blocked", stage="input", edit=True)
    assert "reword the prompt or take other input pictures" in str(refused(blocked, MODEL, ""))
    assert "check the base URL" in str(refused(Answer(404, edit=True), MODEL, ""))


def row_of_example(example: Example) -> Row:
    return row_of(replace(example.answer, model=MODEL))


def case_of(example: Example) -> str:
    return row_of_example(example).case


def test_every_row_has_its_example_and_none_is_dead() -> None:
    assert [case_of(example) for example in EXAMPLES] == [row.case for row in TABLE]


@each_row("example", EXAMPLES, ids=case_of)
def test_a_row(example: Example) -> None:
    fault = example.fault
    assert verdict(fault) == example.verdict
    assert example.words in str(fault)
    assert COST[fault.money] in str(fault)
    assert "{" not in str(fault)


@pytest.mark.parametrize("example", EXAMPLES, ids=case_of)
def test_what_a_row_ends_and_with_which_code(example: Example, tmp_path: Path) -> None:
    """Three pictures one by one, the second of the same model as the first, which meets the fault every time."""
    painter = FakeProvider([fails(example.fault)] * example.tries)
    first, *others = made_with(painter, tmp_path)
    assert exit_code(first) == example.code
    assert tuple(isinstance(outcome, Made) for outcome in others) == example.others
    if example.tries == PACED:
        # Everybody holds, and that is no failure of the picture: it goes on until nothing has passed for long.
        assert TRIES < len(painter.calls) < PACED
    else:
        assert len(painter.calls) == example.tries + sum(example.others)


@each_row("example", EXAMPLES, ids=case_of)
def test_the_page_says_what_happens(example: Example) -> None:
    cells = page_table("what happened")[case_of(example)]
    billed, again, ends, code, message = cells
    assert billed.partition(":")[0] == {VOID: "no", HOLD: "perhaps", POST: "yes"}[example.verdict.money]
    assert (again == "yes") == (example.tries > 1)
    assert COST[example.verdict.money] in message
    if example.answer.cut_off:
        assert code == "130, 143"  # the signal that cut it off ended the run, whatever became of the picture
        return
    assert code == str(example.code)
    assert ends.split(",")[0] == {ALL: "the picture", REST: "all of this model", NONE: "the run"}[example.others]


def test_the_page_has_every_exit_code() -> None:
    codes = [int(code) for cell in page_table("code") for code in cell.split(", ")]
    assert sorted(codes) == sorted({*URGENCY, 2, 130, 143})


def page_table(first: str) -> dict[str, list[str]]:
    """The rows of a table of docs/errors.md, by their first cell."""
    _, _, rest = (DOCS / "errors.md").read_text("utf-8").partition(f"\n| {first} |")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in rest.split("\n\n")[0].splitlines()[2:]]
    return {row[0]: row[1:] for row in rows}


def fails(fault: AttemptError) -> Script:
    async def script(hold: Hold, easel: Easel) -> Painted:
        raise fault

    return script


def made_with(painter: FakeProvider, tmp_path: Path) -> Sequence[Outcome]:
    async def story() -> Sequence[Outcome]:
        clock = FakeClock()
        studio, _ = a_studio(tmp_path / "home", {"openai": painter}, clock)
        await studio.ledger.begin(run := a_run())
        line = Line(
            run,
            studio,
            Stop(),
            {"openai": Pacer(clock, studio.board, "x", stated=None, at_once=1, tell=lambda _told: None)},
            resume=False,
        )
        jobs = [
            a_job(variant=i, stem=f"car-{i}", model=model, directory=tmp_path / "out")
            for i, model in enumerate((MODEL, MODEL, "another"), start=1)
        ]
        outcomes = await make_all([Priced(job, 20_000_000, 20_000_000, "2026-11-21") for job in jobs], line, 1)
        await studio.ledger.close()
        return outcomes

    return asyncio.run(story())


@pytest.mark.parametrize("example", EXAMPLES, ids=case_of)
def test_what_is_free_is_never_billed_and_a_lost_answer_is_asked_for_again(example: Example) -> None:
    fault = example.fault
    free = at_no_cost(fault)
    assert free.money is Money.VOID
    assert COST[Money.HOLD] not in str(free)
    assert COST[Money.POST] not in str(free)
    if fault.money is Money.VOID:
        assert free is fault
    if fault.money is Money.POST or fault.moderated or fault.code == "aborted":
        assert free.retry is Retry.NEVER
    if fault.code == "lost":
        assert free.retry is Retry.FREE
