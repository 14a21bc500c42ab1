import io
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from imgcli.cli.live import JsonLines, Watcher, sentence, verdict, watcher
from imgcli.cli.show import Output
from imgcli.errors import AttemptError, Money
from imgcli.model.events import AttemptBegan, Event, JobEnded, MoneyMoved, Paced, Recovered, RunBegan, Told, Waiting
from imgcli.model.outcome import Failed, Made, Outcome, Refused, RefusedBy, Reused, Uncertain, Unstarted
from imgcli.model.picture import Saved
from tests.fakes.jobs import A_JOB, A_PICTURE, a_quote

SAVED = Saved(Path("/x/a-car-1.png"), Path("/x/a-car-1.png.json"), A_PICTURE)
MADE = Made(A_JOB, SAVED, 13_170_000, notes=("asked for png, got jpeg",))


def seen(output: Output, *events: Event) -> tuple[str, str]:
    """stdout and stderr."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        watch = watcher(output)
        for event in events:
            watch.observe(event)
        watch.stop()
    return out.getvalue(), err.getvalue()


EVENTS: tuple[Event, ...] = (
    Told("requests go elsewhere"),
    RunBegan("run", 2, 10, 20, 0),
    AttemptBegan("attempt", a_quote(), 1),
    MoneyMoved(1, 2),
    JobEnded(MADE),
    Waiting(A_JOB, 1.5, "busy"),
    JobEnded(Failed(A_JOB, AttemptError("bad size\x1b[2J", money=Money.VOID))),
)


def test_a_pipe_gets_paths_and_a_line_a_picture() -> None:
    out, err = seen(Output(), *EVENTS)
    assert out == "/x/a-car-1.png\n"
    assert err.splitlines() == [
        "requests go elsewhere",
        "[1/2] made a-car-1.png $0.0132 (asked for png, got jpeg)",
        "waiting 1.5 s before trying a-car-1 again: busy",
        "[2/2] failed a-car-1: bad size\\u001b[2J",
    ]


def test_without_progress_only_trouble_is_told() -> None:
    _, err = seen(Output(progress=False), *EVENTS)
    assert "made a-car-1.png" not in err
    assert "failed a-car-1" in err


def test_quiet_is_quiet() -> None:
    assert seen(Output(quiet=True), *EVENTS) == ("/x/a-car-1.png\n", "")


def test_json_is_json_and_nothing_else() -> None:
    out, err = seen(Output(json=True), *EVENTS)
    assert len(out.splitlines()) == 6
    assert not err
    assert isinstance(watcher(Output(json=True)), JsonLines)
    assert type(watcher(Output())) is Watcher


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Made(A_JOB, SAVED, None), "made a-car-1.png price unknown"),
        (Reused(A_JOB, SAVED.path, "made before"), "kept a-car-1.png: made before"),
        (Refused(A_JOB, RefusedBy.MODERATION, "unsafe", 50_000_000), "refused a-car-1: unsafe, $0.05 held"),
        (Failed(A_JOB, AttemptError("x", money=Money.POST), 10**9), "failed a-car-1: x ($1.00 counted as billed)"),
        (Unstarted(A_JOB, "interrupted"), "not started a-car-1: interrupted"),
        (Uncertain(A_JOB, "id", 10**8, "lost"), "uncertain a-car-1: lost ($0.10 held, attempt id)"),
    ],
)
def test_every_outcome_in_a_line(outcome: Outcome, words: str) -> None:
    assert verdict(outcome) == words


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (Recovered(1, 0, 2), "1 finished, 2 uncertain (imgcli budget uncertain)"),
        (Recovered(0, 3, 0), "3 released, nothing was sent"),
        (Paced(20.0, 12.0, "learned"), "everybody holds for 12 s, then 20 pictures a minute"),
        (Paced(None, 1.0, "learned"), "everybody holds for 1 s"),
    ],
)
def test_sentences(event: Recovered | Paced, words: str) -> None:
    assert sentence(event).endswith(words)


def test_a_template_prints_what_it_says() -> None:
    out, _ = seen(Output(template="{id} {cost}"), JobEnded(MADE))
    assert out == "prompt-001 0.01317\n"


def test_every_event_is_taken_by_every_watcher(capsys: pytest.CaptureFixture[str]) -> None:
    makers: list[Callable[[Output], Watcher]] = [Watcher, JsonLines]
    for make in makers:
        for event in (*EVENTS, Paced(1.0, 1.0, "x"), Recovered(0, 0, 0)):
            make(Output()).observe(event)
    assert capsys.readouterr().out
