"""What was bought in a window of time, read page by page from the ledger, with what the catalog knows of each picture."""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from imgcli.director.tokens import NUMBERS, tokens_of
from imgcli.director.word_lists import COLOURS, NEGATORS, STOPS
from imgcli.model.attempt import Record, State
from imgcli.model.charge import Charge
from imgcli.model.job import Job
from imgcli.model.mark import Mark
from imgcli.model.opinion import MOST_STARS, UNSEEN, Opinion
from imgcli.model.origin import Reuse
from imgcli.model.query import Kind, Query
from imgcli.model.verdict import RELEASED
from imgcli.ports import Catalog, Ledger
from imgcli.reports.bought import UNTOLD, Bought, Came, Words
from imgcli.searching import freshen

MOST = 100_000
"""Pictures of one report, the newest of its window."""

PAGE = 500

MANY_WORDS = 6
"""Of a prompt whose form is not asked for."""

GOOD = MOST_STARS - 1
"""Stars that say of a picture that it is wanted."""

WANTED = frozenset({Mark.PICKED, Mark.FINISHED, Mark.EXPORTED})

_CAME = {State.POSTED: Came.FAILED, State.MODERATED: Came.REFUSED, State.UNCERTAIN: Came.UNCERTAIN}


@dataclass(frozen=True, slots=True)
class Window:
    """UTC days, `since` included and `until` not; empty is no bound. The newest `most` pictures with all of `tags`."""

    since: str
    until: str = ""
    tags: tuple[str, ...] = ()
    most: int = MOST

    def holds(self, at: str, tags: Collection[str]) -> bool:
        return self.spans(at) and set(self.tags) <= set(tags)

    def spans(self, at: str) -> bool:
        return at >= self.since and (not self.until or at < self.until)


@dataclass(slots=True)
class Books:
    """What was read.

    Attributes:
        bought: pictures first, each with a known price, then what brought none.
        spent: nano-USD of the window, whatever for; `tags` that were put on later bring none here.
        unpriced: pictures left out because nobody knows their price.
        older: pictures of the window left out because there are more than `Window.most`.
        undecided: attempts before the window that may be billed, on which nobody has decided; and their nano-USD.
        reused: copies that were made in the window instead of pictures.
    """

    bought: list[Bought] = field(default_factory=list)
    spent: int = 0
    unpriced: int = 0
    older: int = 0
    undecided: tuple[int, int] = (0, 0)
    reused: Sequence[Reuse] = ()

    @property
    def pictures(self) -> int:
        return sum(each.came is Came.PICTURE for each in self.bought)


async def read_books(
    window: Window,
    ledger: Ledger,
    catalog: Catalog,
    form: Callable[[str], str] | None = None,
    visit: Callable[[Record], None] = lambda _: None,
) -> Books:
    """All that was bought in `window`.

    Args:
        window: which time, which tags, and how much at most.
        ledger: which is read.
        catalog: whose index is brought up to the ledger first.
        form: of a prompt: those that ask for the same picture in another form share it; None where no words are read.
        visit: called with each picture that has a known price, while it is at hand.
    """
    await freshen(ledger, catalog)
    charges = [each for each in await ledger.charges(window.since, window.until) if set(window.tags) <= set(each.tags)]
    copies = await catalog.reused()
    reader = _Reader(_users(charges), await _uses(window, copies, ledger, catalog), form)
    books = Books(spent=sum(each.posted for each in charges))
    books.reused = [each for each in copies if window.spans(each.at)]
    query = Query(since=window.since, until=window.until, tags=window.tags)
    async for page in _pages(query, ledger, catalog, window.most):
        opinions = await catalog.opinions([record.attempt for record in page])
        for record in page:
            if record.cost is None or "unpriced" in record.flags:
                books.unpriced += 1
                continue
            books.bought.append(reader.picture(record, opinions.get(record.attempt, UNSEEN)))
            visit(record)
    books.older = max(0, await catalog.count(query) - window.most)
    unresolved = [each for each in await ledger.unresolved() if set(window.tags) <= set(each.job.tags)]
    before = [each.cost or 0 for each in unresolved if each.created_at < window.since]
    books.undecided = (len(before), sum(before))
    books.bought += [reader.nothing(record) for record in await _without_picture(window, charges, ledger, unresolved)]
    return books


async def _pages(query: Query, ledger: Ledger, catalog: Catalog, most: int) -> AsyncIterator[Sequence[Record]]:
    """Pictures that `query` finds, the newest first; at most `most`."""
    before: int | None = None
    left = most
    while left > 0 and (found := await catalog.find(query, min(PAGE, left), before)):
        left -= len(found)
        before = found[-1].number
        yield await ledger.records_of([each.attempt for each in found])


class _Uses:
    """When other pictures were first made of a picture, or copied from it."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def note(self, name: str, at: str) -> None:
        """`name` is its attempt, or the SHA-256 of its bytes."""
        self._first[name] = min(at, self._first.get(name, at))

    def of(self, record: Record) -> str:
        names = (record.attempt, *((record.picture.sha256,) if record.picture else ()))
        return min((self._first[name] for name in names if name in self._first), default="")


async def _uses(window: Window, copies: Iterable[Reuse], ledger: Ledger, catalog: Catalog) -> _Uses:
    """By whatever was made since, with whatever tags: also after the window a picture is of use."""
    uses = _Uses()
    for copy in copies:
        uses.note(copy.origin.attempt, copy.at)
    # Of all kinds that may be made from a picture; a query finds what is all it says, so there is one for each.
    for kind in (Kind.DRAFT, Kind.FINAL, Kind.EDIT):
        async for page in _pages(Query(since=window.since, kinds=(kind,)), ledger, catalog, window.most):
            for record in page:
                for name in (record.job.draft, *shas_of(record.job)):
                    uses.note(name, record.created_at)
    return uses


def shas_of(job: Job) -> list[str]:
    """SHA-256 of the pictures that `job` is made from."""
    edit = job.edit
    return [each.sha256 for each in (*edit.inputs, edit.mask, edit.markup) if each] if edit else []


async def _without_picture(
    window: Window, charges: Iterable[Charge], ledger: Ledger, unresolved: Iterable[Record]
) -> list[Record]:
    found = {record.attempt: record for record in unresolved}
    if any(each.state is State.POSTED and not each.is_text for each in charges):
        # Of all that was posted most may be words that came, so it is not read where there is nothing else.
        found |= {record.attempt: record for record in await ledger.records(State.POSTED)}
    wanted = [each for each in found.values() if window.holds(each.created_at, each.job.tags)]
    return [each for each in wanted if each.state in _CAME and each.cost and not (each.job.is_text and each.painted)]


class _Reader:
    """Records -> what reports count; the words of a prompt are read once."""

    def __init__(self, users: dict[tuple[object, ...], str], uses: _Uses, form: Callable[[str], str] | None) -> None:
        self._users, self._uses, self._form = users, uses, form
        self._words: dict[str, Words] = {}

    def picture(self, record: Record, opinion: Opinion) -> Bought:
        used_at = self._uses.of(record)
        remarks = record.remarks
        rejected = Mark.REJECTED in opinion.marks
        good = bool(opinion.marks & WANTED) or opinion.stars >= GOOD or bool(record.job.draft)
        aside = remarks.aside.value if remarks.aside and not remarks.settled.startswith(RELEASED) else ""
        return self._bought(
            record,
            is_told=not (remarks.hidden or remarks.deleted),
            seen=bool(used_at or opinion.marks or opinion.stars or opinion.tags),
            kept=bool(used_at) or (good and not rejected),
            used_at=used_at,
            rejected=rejected,
            aside=aside,
        )

    def nothing(self, record: Record) -> Bought:
        return self._bought(record, is_told=False, came=_CAME[record.state])

    def _bought(self, record: Record, *, is_told: bool, came: Came = Came.PICTURE, **opinions: object) -> Bought:
        job, cost = record.job, record.cost or 0
        prompt = job.prompt.typed if is_told else ""
        return Bought(
            attempt=record.attempt,
            run=record.run,
            at=record.created_at,
            user=self._users.get(_of_record(record)) or f"run {record.run}",
            directory=str(record.directory),
            entry=job.entry,
            path=str(record.directory / record.name) if is_told else "",
            prompt=prompt,
            words=self._read(prompt),
            key=job.key,
            variants=variants_key(job),
            look=f"{job.model} {job.size} {job.quality}" if not job.is_text else f"{job.model} (words)",
            quality=job.quality,
            cost=cost,
            came=came,
            is_draft=job.wanted is not None,
            is_final=bool(job.draft),
            over=max(0, cost - record.upper) if "overrun" in record.flags else 0,
            **opinions,  # type: ignore[arg-type]
        )

    def _read(self, prompt: str) -> Words:
        if self._form is None or not prompt:
            return UNTOLD
        if prompt not in self._words:
            self._words[prompt] = words_of(prompt, self._form)
        return self._words[prompt]


def words_of(prompt: str, form: Callable[[str], str]) -> Words:
    """`prompt` by the words that say something of the picture."""
    tokens = tokens_of(prompt)
    pinned = {each.stem for each in tokens if _is_pinned(each.word, each.stem)}
    said = {each.stem for each in tokens if each.word not in STOPS} | pinned
    # Of more words one or two more are no difference, and to find the form of a prompt takes longer than all else here.
    return Words(form(prompt) if len(said) < MANY_WORDS else "", frozenset(said), frozenset(pinned))


def _is_pinned(word: str, stem: str) -> bool:
    is_number = word in NUMBERS or any(sign.isnumeric() for sign in word)
    return is_number or word in COLOURS or stem in COLOURS or word in NEGATORS


def variants_key(job: Job) -> str:
    """What pictures share that differ in variant and seed alone, and how far each is a draft."""
    given = "".join(shas_of(job))
    inputs = (job.provider, job.model, job.through, job.prompt.text, job.prompt.negative, str(job.size), job.quality)
    return "\0".join((*inputs, job.format, job.background, given))


def _users(charges: Iterable[Charge]) -> dict[tuple[object, ...], str]:
    """Who asked for attempts that are alike; empty where it may have been either of two."""
    users: dict[tuple[object, ...], str] = {}
    for each in charges:
        alike = (each.day, each.directory, each.provider, each.model, each.quality, each.styles, each.tags)
        known = users.setdefault(alike, each.user)
        if known != each.user:
            users[alike] = ""
    return users


def _of_record(record: Record) -> tuple[object, ...]:
    job = record.job
    day = record.created_at[:10]
    return (day, str(record.directory), job.provider, job.model, job.quality, job.prompt.styles, job.tags)
