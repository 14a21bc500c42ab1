"""A run as it happens: bars on a terminal, one line a picture elsewhere, JSON lines for scripts."""

import sys
from typing import TYPE_CHECKING, Any, assert_never

from imgcli.cli import show
from imgcli.cli.safe import safe_text
from imgcli.model.events import (
    AttemptBegan,
    Event,
    JobEnded,
    MoneyMoved,
    Paced,
    Pacing,
    Queued,
    Recovered,
    Rejected,
    RunBegan,
    Told,
    Waiting,
)
from imgcli.model.money import format_usd
from imgcli.model.outcome import Failed, Made, Outcome, Refused, Reused, SetAside, Uncertain, Unstarted
from imgcli.reports.lines import event_line, print_fields

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

LONGEST_FIELD = 1_000_000
"""Characters of a field of `--print`: more than any prompt has."""

WIDE = 100
"""Columns of a terminal with room for everything."""

NARROW_NAME, WIDE_NAME = 30, 36

MOST_ROWS = 8
"""Pictures shown by name while they are under way; more would push the totals off small terminals."""


def watcher(output: show.Output) -> "Watcher":
    """The observer for how the user wants to be talked to."""
    if output.json:
        return JsonLines(output)
    if output.is_live:
        return Bars(output)
    return Watcher(output)


class Watcher:
    """Paths to stdout; one line a picture to stderr, unless that was not wanted."""

    def __init__(self, output: show.Output) -> None:
        self.output = output
        self._jobs = self._done = 0
        self._told_ipm: float | None = None
        self._told_reasons: set[str] = set()

    def observe(self, event: Event) -> None:
        match event:
            case RunBegan():
                self._jobs = event.jobs
            case JobEnded():
                self._end(event.outcome)
            case Recovered() | Told() | Paced() | Waiting() | Rejected():
                self.say(sentence(event))
            case Pacing():
                self._tell_pace(event)
            case AttemptBegan() | Queued() | MoneyMoved():
                pass
            case _:
                assert_never(event)

    def say(self, text: str) -> None:
        if self.output.talks and text:
            show.talk(text)

    def _tell_pace(self, event: Pacing) -> None:
        """A pace is worth a line when it begins, and when it is another: who watches must know why it takes long."""
        if self._told_ipm is None or not 0.8 < event.ipm / self._told_ipm < 1.25:
            self._told_ipm = event.ipm
            left = max(0, self._jobs - self._done)
            self.say(f"{pace_of(event)}: about {clock_of(left * 60 / event.ipm)} for the {left} left")

    def _end(self, outcome: Outcome) -> None:
        self._done += 1
        if not isinstance(outcome, Unstarted):
            self._ended(outcome)
        elif outcome.reason not in self._told_reasons:
            # All that was not started for one reason is told of once, and counted at the end.
            self._told_reasons.add(outcome.reason)
            self.say(f"{verdict(outcome)}; so are all others that were waiting")

    def start(self) -> None:
        """The run begins; nothing to set up here."""

    def stop(self) -> None:
        """The run is over, or somebody must be asked something."""

    def _ended(self, outcome: Outcome) -> None:
        print_path(outcome, self.output)
        if self.output.progress:
            self.say(f"[{self._done}/{self._jobs}] {verdict(outcome)}")
        elif not isinstance(outcome, Made | Reused):
            self.say(verdict(outcome))


class JsonLines(Watcher):
    """Every event is one JSON object on stdout."""

    def observe(self, event: Event) -> None:
        if (told := event_line(event)) is not None:
            show.json_line(told)

    def say(self, text: str) -> None:
        """A program is told too where its prompts go: a foreign server is never a secret."""
        if text:
            show.json_line({"event": "told", "text": text})


class Bars(Watcher):
    """Totals on one bar, and a row for each picture under way."""

    def __init__(self, output: show.Output) -> None:
        super().__init__(output)
        self._progress: Progress | None = None
        self._total: TaskID | None = None
        self._rows: dict[str, Any] = {}
        self._under_way: set[str] = set()
        self._is_narrow = False

    def observe(self, event: Event) -> None:
        match event:
            case RunBegan():
                self._jobs = event.jobs
                self._begin(event)
            case AttemptBegan():
                self._under_way.add(event.quote.job.key)
                self._row(event)
            case Queued():
                self._leave(event.job.key)
            case MoneyMoved():
                self._tell_money(event)
            case Pacing():
                self._tell_pace(event)
            case JobEnded():
                self._leave(event.outcome.job.key)
                if self._progress and self._total is not None and not isinstance(event.outcome, Unstarted):
                    self._progress.advance(self._total)
                self._end(event.outcome)
            case Recovered() | Told() | Paced() | Waiting() | Rejected():
                self.say(sentence(event))
            case _:
                assert_never(event)

    def say(self, text: str) -> None:
        from rich.text import Text

        if not self._progress:
            super().say(text)
        elif text:
            try:
                self._progress.console.print(Text(safe_text(text), style="dim"))
            except (OSError, ValueError) as error:
                self._go_dark(error)

    def stop(self) -> None:
        if self._progress:
            progress, self._progress = self._progress, None
            try:
                progress.stop()
            except (OSError, ValueError) as error:
                show.Streams.let_go("stderr", error)

    def _go_dark(self, error: Exception) -> None:
        """The terminal is gone: no more bars, for nobody."""
        show.Streams.let_go("stderr", error)
        self.stop()

    def _begin(self, event: RunBegan) -> None:
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn
        from rich.table import Column

        console = show.console()
        self._is_narrow = console.width < WIDE
        whole = Column(no_wrap=True, width=NARROW_NAME if self._is_narrow else WIDE_NAME, overflow="ellipsis")
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}", markup=False, table_column=whole),
            BarColumn(bar_width=8 if self._is_narrow else 24),
            _told("count"),
            TextColumn("{task.fields[money]}", markup=False, table_column=Column(no_wrap=True)),
            _told("time"),
            console=console,
            transient=True,
            # Where stdout is a pipe, rich would draw the paths meant for it above the bars.
            redirect_stdout=sys.stdout.isatty(),
        )
        self._total = self._progress.add_task("pictures", total=event.jobs, money="")
        self._progress.start()

    def _row(self, event: AttemptBegan) -> None:
        if not self._progress or len(self._rows) >= MOST_ROWS:
            return
        job = event.quote.job
        again = f", try {event.tries}" if event.tries > 1 else ""
        text = safe_text(f"{job.stem}{again}", WIDE_NAME)
        model = "" if self._is_narrow else safe_text(job.model, WIDE_NAME)
        if job.key not in self._rows:
            self._rows[job.key] = self._progress.add_task(f"  {text}", total=None, money=model)

    def _leave(self, key: str) -> None:
        """A picture is not under way any more: done, or waiting for its turn again."""
        self._under_way.discard(key)
        row = self._rows.pop(key, None)
        if row is not None and self._progress:
            self._progress.remove_task(row)

    def _tell_money(self, event: MoneyMoved) -> None:
        if self._progress and self._total is not None:
            held = f" · {format_usd(event.held)} held" if event.held and not self._is_narrow else ""
            self._progress.update(self._total, money=f"{format_usd(event.spent)} spent{held}")

    def _tell_pace(self, event: Pacing) -> None:
        if self._progress and self._total is not None:
            waiting = max(0, self._jobs - self._done - len(self._under_way))
            pace = f"{pace_of(event)}, {waiting} waiting" if waiting else pace_of(event)
            self._progress.update(self._total, description=pace, ipm=event.ipm)

    def _ended(self, outcome: Outcome) -> None:
        print_path(outcome, self.output)
        if not isinstance(outcome, Made | Reused):
            self.say(verdict(outcome))


def _told(what: str) -> Any:
    """A column with the count or the time: for all pictures what is done and left, for one how long it takes."""
    from rich.progress import ProgressColumn, Task
    from rich.table import Column
    from rich.text import Text

    class Told(ProgressColumn):
        def render(self, task: Task) -> Text:
            if what == "count":
                return Text("" if task.total is None else f"{task.completed:.0f}/{task.total:.0f}", style="green")
            if task.total is None:
                return Text(f"{task.elapsed or 0:.0f} s", style="dim")
            paced = task.fields.get("ipm")
            left = task.time_remaining
            if paced:
                # Others may share the pace, which shows in how quickly it really goes.
                left = max(left or 0.0, (task.remaining or 0.0) * 60 / paced)
            return Text("" if left is None else f"about {clock_of(left)} left", style="cyan")

    return Told(table_column=Column(no_wrap=True))


def pace_of(event: Pacing) -> str:
    return f"paced to {event.ipm:.3g}/min"


def clock_of(seconds: float) -> str:
    """`1:05`, or `2:01:05` from an hour on."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def print_path(outcome: Outcome, output: show.Output) -> None:
    """What stdout gets for a picture that is there."""
    if isinstance(outcome, Made | Reused) and output.prints_paths:
        show.line(show.fill(output.template or "{path}", _one_line_each(print_fields(outcome))))


def _one_line_each(fields: dict[str, str]) -> dict[str, str]:
    """Paths word for word; the words of others safe and on one line, so that a picture is a line."""
    return {
        name: value if name in {"path", "sidecar"} else safe_text(value, LONGEST_FIELD)
        for name, value in fields.items()
    }


def verdict(outcome: Outcome) -> str:
    """How a job ended, in one line for people."""
    name = outcome.job.stem
    match outcome:
        case Made():
            cost = "price unknown" if outcome.cost is None else format_usd(outcome.cost)
            notes = f" ({'; '.join(outcome.notes)})" if outcome.notes else ""
            twice = ", asked for again and perhaps billed twice" if outcome.lost else ""
            return f"made {outcome.saved.path.name} {cost}{twice}{notes}"
        case SetAside():
            cost = "" if not outcome.cost else f" {format_usd(outcome.cost)}"
            return f"{outcome.aside.value} {name}{cost}: {outcome.reason}"
        case Reused():
            return f"{'reused' if outcome.origin else 'kept'} {outcome.path.name}: {outcome.why}"
        case Refused():
            held = f", {format_usd(outcome.held)} held" if outcome.held else ""
            return f"refused {name}: {outcome.reason}{held}"
        case Failed():
            cost = f" ({format_usd(outcome.cost)} counted as billed)" if outcome.cost else ""
            return f"failed {name}: {outcome.error}{cost}"
        case Unstarted():
            return f"not started {name}: {outcome.reason}"
        case Uncertain():
            return f"uncertain {name}: {outcome.reason} ({format_usd(outcome.held)} held, attempt {outcome.attempt})"
        case _:
            assert_never(outcome)


def sentence(event: Recovered | Told | Paced | Waiting | Rejected) -> str:
    match event:
        case Told():
            return event.text
        case Rejected():
            return f"{verdict(event.outcome)}; another is made"
        case Waiting():
            if not event.seconds:
                return f"{event.job.stem}: {event.reason}"
            return f"waiting {event.seconds:.1f} s before trying {event.job.stem} again: {event.reason}"
        case Paced():
            pace = "" if event.ipm is None else f", then {event.ipm:.3g} pictures a minute"
            why = "the provider is overloaded" if event.reason == "overloaded" else "rate limit"
            return f"{why}: everybody holds for {round(event.hold, 1):g} s{pace}"
        case Recovered():
            parts = [
                f"{event.finished} finished" if event.finished else "",
                f"{event.voided} released, nothing was sent" if event.voided else "",
                f"{event.uncertain} uncertain (imgcli budget uncertain)" if event.uncertain else "",
            ]
            return f"an interrupted run was mended: {', '.join(part for part in parts if part) or 'something is left to finish'}"
        case _:
            assert_never(event)
