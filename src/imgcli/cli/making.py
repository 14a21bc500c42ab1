"""What `gen` and `batch` share: from entries to pictures, with a person or a script watching."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from imgcli.cli import show
from imgcli.cli.asked import told_first, told_money
from imgcli.cli.closing import closing, dry_run, pictures
from imgcli.cli.consent import confirm, require_room, would_ask
from imgcli.cli.doubts import tell_doubts
from imgcli.cli.drafts import draft_advice, drafts_line
from imgcli.cli.elsewhere import Ended, tell_elsewhere
from imgcli.cli.live import Watcher, watcher
from imgcli.cli.money_news import money_news
from imgcli.cli.process import is_cut_off, signals, within_open_files
from imgcli.cli.reuse import ProviderModel, due, mode_of, near_provider, open_reuse, tell_alike
from imgcli.errors import ImgcliError, StorageError, StyleError
from imgcli.model.attempt import State
from imgcli.model.entry import Entry
from imgcli.model.inspection import PRUNED
from imgcli.model.outcome import Outcome
from imgcli.model.quote import Priced, Quote
from imgcli.reports.lines import FIELDS
from imgcli.reports.summary import summarize
from imgcli.settings import Settings

if TYPE_CHECKING:
    from imgcli.cli.screening import Screening
    from imgcli.library import Kept, Library
    from imgcli.model.attempt import Record
    from imgcli.model.events import Event
    from imgcli.model.job import Job
    from imgcli.model.outcome import Listed, Outcome
    from imgcli.model.run import Run
    from imgcli.moderating import Journal, Moderation
    from imgcli.pipeline import Line
    from imgcli.ports import Catalog, Observer, Studio
    from imgcli.ports import Shelf as Reuse
    from imgcli.reports.summary import Summary
    from imgcli.script import Script


SIGNALS = 128
"""Exit codes above it are those of runs that a signal ended."""


@dataclass(frozen=True, slots=True)
class Afterword:
    """What is told when all is done: `lines` for people, `event` for scripts, and `troubles` for both.

    `exit_code` is that of a run that went well otherwise.
    """

    lines: Sequence[str] = ()
    troubles: Sequence[str] = ()
    event: Mapping[str, object] | None = None
    exit_code: int = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """One call of `gen`, `batch` or `final`, as the corridor needs it.

    Attributes:
        root: the output directory.
        resume: keep what this batch made before (`batch`), or make it all anew (`gen`).
        again: the command that carries on after an interruption, empty if there is none.
        beside: directory of the batch file, for its `styles/`.
        ideas: expansions of each prompt, where prompts are expanded.
        asks: whatever `confirm_over` says, a person is asked before anything is paid; a script states a limit.
        near: similarity from which a picture of like words is taken unseen; None for never.
        write: writes the script, where it does not come from `entries`.
        after: is told how all ended, before the sums; what it answers is told last.
        batch_file: the batch file itself, whose lock file is read and written.
        only: ids of the entries whose pictures are wanted; None for all.
        concerns: whether an id is one of those, also one that the batch file has no more.
        anew: ids of those that are made again even if they are there.
    """

    command: str
    entries: Sequence[Entry]
    settings: Settings
    root: Path
    resume: bool
    again: str = ""
    beside: Path | None = None
    batch_file: Path | None = None
    only: Collection[str] | None = None
    concerns: Callable[[str], bool] = lambda _: True
    anew: Collection[str] = ()
    dry_run: bool = False
    yes: bool = False
    ideas: int = 1
    output: show.Output = field(default_factory=show.Output)
    asks: bool = False
    near: float | None = None
    write: "Callable[[Studio], Awaitable[Script]] | None" = None
    after: "Callable[[Studio, Sequence[Outcome]], Awaitable[Afterword]] | None" = None


async def make_pictures(wanted: Wanted) -> int:
    """Plan, ask, make and tell. Returns the exit code."""
    from imgcli.cli.screening import open_screening
    from imgcli.wiring import open_catalog, open_studio

    if wanted.output.template:
        show.fill(wanted.output.template, dict.fromkeys(FIELDS, ""))
    screening = open_screening(wanted.settings)
    watch = watcher(wanted.output)
    broken: list[Exception] = []
    eyes = _Eyes(open_catalog(wanted.settings.paths), screening)
    observe = eyes.beside(_never_breaks(watch.observe, broken))
    async with open_studio(wanted.settings, os.environ, observe, wanted.beside) as studio, eyes:
        script = await _script(wanted, studio)
        quotes, reuse = script.quotes, _reuse(wanted, studio, eyes)
        shelf = _shelf(wanted, studio, script)
        if wanted.write is None:
            # Of words that are sent again nothing is doubted, and their styles may be gone.
            _tell_concerns(wanted, script, studio, watch)
        if wanted.dry_run:
            missing = await _missing(studio, quotes, shelf) if wanted.resume else quotes
            costing = await due(missing, reuse, shelf.anew)
            dry_run(costing, wanted.output, len(quotes) - len(missing), len(missing) - len(costing))
            _tell_script(script, wanted, show.talk)
            await tell_alike([each for each in costing if each.job.key not in shelf.anew], reuse, show.talk)
            await require_room(studio, costing, script.questions, wanted.settings)
            return 0
        _preflight(wanted, studio, quotes, watch)
        await _require_whole(wanted, studio, quotes, shelf)
        if wanted.resume:
            await _require_pictures(wanted, studio, quotes, shelf, reuse)
        for notice in screening.require(_providers(quotes), studio):
            watch.say(notice)
        await screening.require_price(_providers(quotes), studio)
        _tell_script(script, wanted, watch.say)
        asked = quotes
        if would_ask(quotes, wanted.settings, asks=wanted.asks):
            # A person is asked about all that may be paid: a copy that turns out damaged is one of them.
            missing = await _missing(studio, quotes, shelf) if wanted.resume else quotes
            asked = await due(missing, reuse, shelf.anew, proves=True)
        confirm(asked, script.questions, wanted.settings, wanted.output, yes=wanted.yes, asks=wanted.asks)
        try:
            code = await _make(wanted, studio, script, watch, shelf, eyes)
            # A script that was not told everything must not think that it was.
            return code or int(bool(broken))
        finally:
            watch.stop()


def _tell_concerns(wanted: Wanted, script: "Script", studio: "Studio", watch: Watcher) -> None:
    """What styles disagree about, and what is doubtful in the prompts."""
    from imgcli.cli.notices import style_notices
    from imgcli.expansion import OFF

    jobs = script.planned.jobs
    for notice in style_notices(jobs, studio):
        watch.say(notice)
    expands = wanted.settings.expand != OFF
    tell_doubts(jobs, wanted.entries, studio, watch, dry_run=wanted.dry_run, expands=expands)


async def explain_plan(wanted: Wanted, flags: frozenset[str]) -> int:
    """Plan and tell why the directed prompts are what they are; `flags` are entry fields from the command line."""
    from imgcli.cli.explaining import tell
    from imgcli.explanation import explain
    from imgcli.wiring import open_studio

    async with open_studio(wanted.settings, os.environ, lambda _: None, wanted.beside) as studio:
        script = await _script(wanted, studio)
        tell(explain(script.quotes, wanted.entries, flags, studio, wanted.settings), wanted.output)
        if wanted.output.talks:
            _tell_script(script, wanted, show.talk)
    return 0


async def _script(wanted: Wanted, studio: "Studio") -> "Script":
    from imgcli.batch.lock import expansions
    from imgcli.expansion import OFF
    from imgcli.library import Library
    from imgcli.script import write_script

    if wanted.write is not None:
        return await wanted.write(studio)
    listed = None
    if wanted.batch_file is not None and wanted.settings.expand != OFF:
        listed = expansions(Library(wanted.batch_file, wanted.root, studio.store).read())
    try:
        return await write_script(
            wanted.entries, studio, wanted.settings, wanted.root, wanted.ideas, only=wanted.only, listed=listed
        )
    except StyleError as error:
        from imgcli.cli.nearby import unseen_here

        if hint := unseen_here((name for each in wanted.entries for name in each.style or ()), studio.styles):
            raise StyleError(f"{error}; {hint}") from None
        raise


async def _require_whole(wanted: Wanted, studio: "Studio", quotes: "Sequence[Quote]", shelf: "Shelf") -> None:
    """Refuse input pictures that are damaged behind their headers, of those that are needed now.

    Raises:
        UsageError: one is.
    """
    if not any(quote.job.edit for quote in quotes):
        return
    from imgcli.inputs.pixels import require_whole

    missing = await _missing(studio, quotes, shelf) if wanted.resume else quotes
    edits = [quote.job.edit for quote in missing if quote.job.edit]
    await asyncio.to_thread(require_whole, [picture for edit in edits for picture in edit.everything])


def _never_breaks(observe: "Observer", broken: list[Exception]) -> "Observer":
    """`observe`, whose failure is told once and stops no picture: a terminal that goes away must not cost money."""

    def call(event: "Event") -> None:
        if broken:
            return
        try:
            observe(event)
        except Exception as error:  # noqa: BLE001 - whatever a terminal, a pipe or a bug in drawing makes of it
            broken.append(error)
            show.error(f"nothing more is shown of this run ({type(error).__name__}); it goes on")

    return call


def _tell_script(script: "Script", wanted: Wanted, say: Callable[[str], None]) -> None:
    """What rules did, what drafts save, and what is to be asked of text models, with its price."""
    for line in script.notices:
        say(line)
    if any(entry.draft for entry in wanted.entries):
        say(drafts_line(script.quotes, script.finals))
    for line in told_first(script.questions):
        say(line)


async def _make(  # noqa: PLR0917 - what one run is made of
    wanted: Wanted, studio: "Studio", script: "Script", watch: Watcher, shelf: "Shelf", eyes: "_Eyes"
) -> int:
    from imgcli.asking import ask_all
    from imgcli.cli.screening import guarded, refused_questions
    from imgcli.pipeline import make_all
    from imgcli.recovery import recover
    from imgcli.script import unexpanded

    quotes = script.quotes
    lost: list[Outcome] = []
    at_once = within_open_files(wanted.settings.jobs, watch.say)
    line = _line(wanted, studio, script, at_once, eyes)
    line.listed, line.anew, line.planned_at = shelf.kept.listed, shelf.anew, script.planned_at
    line.shelf = _reuse(wanted, studio, eyes, line)
    warming = await _warm_up(studio, quotes, shelf, line.shelf, resume=wanted.resume)
    await studio.ledger.begin(line.run)
    with signals(line.stop, watch.say) as code:
        # Before its directory is made: what a missing disk holds must not look as if somebody had taken it away.
        await recover(studio, line.run, _directories(quotes), line.guard)
        for directory in _directories(quotes):
            await studio.store.prepare(directory)
        if script.questions:
            try:
                failed = await refused_questions(script.questions, eyes.moderation, eyes.journal, at_once)
                asked = [question for question in script.questions if question.job.key not in failed]
                failed = {**failed, **await ask_all(asked, line, at_once)}
                script = await _script(wanted, studio)
            except ImgcliError as error:
                await studio.ledger.end(line.run.id)
                watch.say(told_money(line, eyes.moderation))
                if not code():
                    raise
                show.error(str(error))
                return code()
            for note in script.notices:
                watch.say(note)
            lost = unexpanded(script, failed)
            quotes = [quote for quote in script.quotes if quote.job.entry not in script.pending]
            shelf = _shelf(wanted, studio, script)
            line.listed, line.anew = shelf.kept.listed, shelf.anew
        outcomes = await make_all(guarded(quotes, eyes.screening.rules.guard), line, at_once, lost)
        # Still within: an impatient second Ctrl-C is not to take the sums away.
        await asyncio.gather(*warming, return_exceptions=True)
        await studio.ledger.end(line.run.id)
    watch.stop()
    if shelf.library and (problem := shelf.library.record(outcomes, shelf.kept.forgotten, script.asked)):
        watch.say(f"{problem}; the pictures are there, and the next run of this batch tries again")
    everything = [*script.planned.skipped, *outcomes]
    spent, held = eyes.moderation.money
    layers = eyes.screening.rules.of_pictures
    summary = summarize(everything, line.spent + spent, line.held + held, code(), overrun=line.overrun, layers=layers)
    return await _tell_end(wanted, studio, everything, summary, eyes)


def _line(wanted: Wanted, studio: "Studio", script: "Script", at_once: int, eyes: "_Eyes") -> "Line":
    """What the pictures of this run share."""
    from imgcli.engine.stop import Stop
    from imgcli.expectations import Expectations
    from imgcli.guarding import Guards
    from imgcli.moderating import Journal
    from imgcli.pipeline import Line
    from imgcli.recovery import recover
    from imgcli.wiring import open_pacers, open_writers

    run, stop = _new_run(wanted, studio), Stop()
    eyes.moderation = eyes.screening.part(studio, run, stop, at_once)
    eyes.journal = Journal(run.id, studio.clock, wanted.settings.paths.data)
    guard = Guards([eyes.moderation, Expectations(eyes.workers, eyes.catalog)], eyes.journal)
    near = near_provider(wanted.settings, studio)
    near_names = [near] if near else []
    return Line(
        run,
        studio,
        stop,
        open_pacers(wanted.settings, studio, _providers(script.quotes), at_once),
        wanted.resume,
        wanted.settings.paid_retries,
        open_writers(studio, [*_providers(script.questions), *near_names], at_once),
        guard=guard,
        mend=lambda: recover(studio, run, guard=guard),
    )


async def _tell_end(
    wanted: Wanted, studio: "Studio", everything: "Sequence[Outcome]", summary: "Summary", eyes: "_Eyes"
) -> int:
    """What is told when all is over. Returns the exit code."""
    again = wanted.again if summary.unstarted or summary.exit_code > SIGNALS else ""
    after = Afterword(draft_advice(everything))
    try:
        if wanted.after is not None:
            after = await wanted.after(studio, everything)
            summary = replace(summary, exit_code=summary.exit_code or after.exit_code)
    finally:
        # What was paid is told, whatever became of the rest.
        alike, news = await _looked_back(wanted, studio, summary, eyes)
        if alike and wanted.output.json:
            show.json_line({"event": "look-alikes", "lines": alike})
        if after.event is not None and wanted.output.json:
            show.json_line(after.event)
        closing(everything, summary, wanted.output, again)
        await _show_made(wanted, studio, everything)
        for text in (*after.troubles, *news, *((*after.lines, *alike) if wanted.output.talks else ())):
            show.talk(text)
    ended = Ended(wanted.command, eyes.journal.run, studio.clock.now(), everything, summary, wanted.output.opens)
    await tell_elsewhere(ended, wanted.settings)
    return summary.exit_code


async def _looked_back(
    wanted: Wanted, studio: "Studio", summary: "Summary", eyes: "_Eyes"
) -> tuple[list[str], list[str]]:
    """What looks alike, and news of money. Ctrl-C ends no more than this: the sums are still to be told."""

    async def look() -> tuple[list[str], list[str]]:
        alike = await eyes.lookout.tell(studio.ledger)
        return alike, await money_news(studio, wanted.settings, summary, json=wanted.output.json)

    work = asyncio.ensure_future(look())
    if await is_cut_off(work):
        return [], ["interrupted: neither look-alikes nor alerts were looked for"]
    return work.result()


async def _show_made(wanted: Wanted, studio: "Studio", everything: "Sequence[Outcome]") -> None:
    """The first pictures, small, where somebody sits and looks at them."""
    if not wanted.output.is_live or wanted.batch_file is not None or wanted.settings.preview == "off":
        return
    from imgcli.cli.inline import MOST, preview
    from imgcli.reports.grid import picture_of

    paths = [path for path in map(picture_of, everything) if path]
    await preview(paths[:MOST], studio.store.look, wanted.settings.preview)
    if len(paths) > MOST:
        show.talk(f"and {len(paths) - MOST} more")


class _Eyes:
    """What looks at the pictures of a run beside it: moderation, measuring, and what all pictures look like."""

    moderation: "Moderation"
    journal: "Journal"

    def __init__(self, catalog: "Catalog", screening: "Screening") -> None:
        from imgcli.look_alikes import Lookout
        from imgcli.measure.workers import Workers

        self.catalog, self.workers, self.screening = catalog, Workers(), screening
        self.lookout = Lookout(self.workers, catalog)

    def beside(self, observe: "Observer") -> "Observer":
        """`observe`, and after it the lookout."""

        def call(event: "Event") -> None:
            observe(event)
            self.lookout.observe(event)

        return call

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, *_: object) -> None:
        if hasattr(self, "moderation"):
            await self.moderation.close()
        self.workers.close()
        await self.catalog.close()


def _preflight(wanted: Wanted, studio: "Studio", quotes: Sequence[Quote], watch: Watcher) -> None:
    """Everything that would refuse every picture is found before the first is paid.

    Raises:
        AccountError: no key.
    """
    models: dict[str, set[str]] = {}
    for quote in quotes:
        models.setdefault(quote.job.provider, set()).add(quote.job.model)
    for name, used in models.items():
        provider = studio.providers[name]
        provider.ready()
        for notice in provider.notices(used):
            # Where prompts and keys go is said even to those who want to hear nothing else.
            (show.talk if wanted.output.quiet else watch.say)(notice)


def _holds_files(directory: Path) -> bool:
    """Whether anything is in it, or whether that cannot be seen: whoever writes there will say why."""
    try:
        # What --prune put aside is no picture that is there.
        return any(path.name != PRUNED for path in directory.iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True


async def _require_pictures(
    wanted: Wanted, studio: "Studio", quotes: Sequence[Quote], shelf: "Shelf", reuse: "Reuse"
) -> None:
    """Refuse to buy again what is only out of sight: the pictures of a whole directory.

    Raises:
        StorageError: with what may have become of them.
    """
    by_key = {quote.job.key: quote for quote in quotes}
    for directory in _directories(quotes):
        # A disk that is not connected leaves its mount point: a directory with nothing in it.
        if _holds_files(directory):
            continue
        records = await studio.ledger.pictured(directory)
        settled = [seen for seen in records if seen.state is State.SETTLED and not seen.remarks.deleted]
        paid = {seen.job.key for seen in settled if seen.cost} & by_key.keys()
        left = await due([by_key[key] for key in sorted(paid)], reuse)
        # Copies cost nothing, but they would lie where the disk belongs: only who says so wants them there.
        if paid and (left or wanted.settings.sources["cache"] != "command line"):
            what = "is empty" if directory.exists() else "is not there"
            free = f", and --cache use copies {len(paid) - len(left)} of them, free" if len(left) < len(paid) else ""
            raise StorageError(
                f"{directory} {what}, and {pictures(len(paid))} of this batch in it are paid: connect its disk; "
                f"if they are gone for good, --remake has them made and billed anew{free}"
            )
    priced = {key for key, quote in by_key.items() if not isinstance(quote, Priced) or quote.upper} - shelf.anew
    for directory, keys in shelf.kept.absent.items():
        if found := await due([by_key[key] for key in sorted(keys & priced)], reuse):
            raise StorageError(
                f"not one of {pictures(len(found))} that the lock file tells of in {directory} is there: fetch them "
                "(git lfs pull?), or connect their disk; if they are gone for good, --remake has them made and billed anew"
            )


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a run knows of the library it adds to; nothing of one without a batch file.

    Attributes:
        anew: keys of the pictures that are made again even if they are there.
    """

    library: "Library | None"
    kept: "Kept"
    anew: frozenset[str] = frozenset()

    def listed(self, job: "Job") -> "Listed | None":
        return None if job.key in self.anew else self.kept.listed.get(job.key)


def _shelf(wanted: Wanted, studio: "Studio", script: "Script") -> Shelf:
    from imgcli.library import Kept, Library

    if wanted.batch_file is None:
        return Shelf(None, Kept())
    jobs = [*script.planned.jobs, *(skipped.job for skipped in script.planned.skipped)]
    library = Library(wanted.batch_file, wanted.root, studio.store)
    kept = library.kept(jobs, wanted.concerns)
    return Shelf(library, kept, frozenset(job.key for job in jobs if job.entry in wanted.anew))


def _reuse(wanted: Wanted, studio: "Studio", eyes: "_Eyes", line: "Line | None" = None) -> "Reuse":
    """What this run takes that was made before; without its line, for looking alone."""
    settings = wanted.settings
    mode = mode_of(settings, wanted.command, resume=wanted.resume)
    name = near_provider(settings, studio) if mode != "off" else None
    return open_reuse(
        settings,
        studio,
        eyes.catalog,
        mode,
        run=line.run.id if line else "",
        near=wanted.near,
        share=wanted.resume,
        embedder=ProviderModel(name, line) if name and line else None,
    )


async def _warm_up(
    studio: "Studio", quotes: Sequence[Quote], shelf: Shelf, reuse: "Reuse", *, resume: bool
) -> "list[asyncio.Task[None]]":
    """Load what requests need while the ledger and the directories wait for the disk, if there is anything to make."""
    try:
        if not quotes or (resume and not isinstance(await _there(quotes[0].job, studio, shelf), int)):
            return []
        if quotes[0].job.key not in shelf.anew and await reuse.seen(quotes[0].job):
            return []
    except StorageError:
        return []
    return [asyncio.ensure_future(studio.providers[name].warm_up()) for name in _providers(quotes)]


def _providers(quotes: Sequence[Quote]) -> list[str]:
    return list(dict.fromkeys(quote.job.provider for quote in quotes))


def _directories(quotes: Sequence[Quote]) -> list[Path]:
    return list(dict.fromkeys(quote.job.directory for quote in quotes))


async def _missing(studio: "Studio", quotes: Sequence[Quote], shelf: Shelf) -> Sequence[Quote]:
    """What a run would really ask for: not what is there already, nor what is uncertain."""
    return [quote for quote in quotes if isinstance(await _there(quote.job, studio, shelf), int)]


async def _there(job: "Job", studio: "Studio", shelf: Shelf) -> "Outcome | Record | int":
    """As `before.already`, with what the lock file tells."""
    from imgcli.before import already

    return 0 if job.key in shelf.anew else await already(job, studio, listed=shelf.listed(job))


def _new_run(wanted: Wanted, studio: "Studio") -> "Run":
    import platform
    import secrets

    from imgcli.model.ids import uuid7
    from imgcli.model.run import Run

    settings = wanted.settings
    name = uuid7(studio.clock.now(), secrets.token_bytes(10))
    return Run(name, wanted.command, settings.user, platform.node(), os.getpid(), settings.max_cost)
