"""Every seam of the house on one page, and Studio, the frozen bundle of what stands behind them.

A port never assumes one process, one machine, or an answer within minutes. Each has a fake in `tests/fakes.py`
and one contract suite in `tests/contracts/` that the fake and every real backend pass.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from imgcli.errors import AttemptError
from imgcli.model.allowance import Allowance
from imgcli.model.attempt import Hold, LedgerEvent, Receipt, Record, Standing, State
from imgcli.model.budget import Balance, Budget, Spending
from imgcli.model.card import ModelCard
from imgcli.model.charge import Charge
from imgcli.model.events import Event
from imgcli.model.finding import Finding
from imgcli.model.inspection import Inspection
from imgcli.model.job import Job
from imgcli.model.likeness import Likeness
from imgcli.model.mark import Mark, Marked
from imgcli.model.opinion import Opinion
from imgcli.model.origin import Alike, Reuse, Savings
from imgcli.model.outcome import Refused, Reused
from imgcli.model.picture import Painted, Picture, Saved, Usage
from imgcli.model.prompt import Style
from imgcli.model.query import Found, Indexed, Page, Query
from imgcli.model.quote import Quote
from imgcli.model.run import Run
from imgcli.model.secret import Secret
from imgcli.model.verdict import UNREMARKED, Aside, Remarks, Verdict

Observer = Callable[[Event], None]


class Clock(Protocol):
    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back."""
        ...

    async def sleep(self, seconds: float) -> None: ...


class Catalog(Protocol):
    """What people say of pictures, what these look like, and by what they are found again; no money is in it.

    Pictures are known by the attempt that made them.
    """

    async def mark(self, marked: Marked) -> bool:
        """False if it had the mark already, whose place is then the newer one."""
        ...

    async def unmark(self, attempt: str, mark: Mark) -> bool:
        """False if it had no such mark."""
        ...

    async def marked(self, mark: Mark) -> Sequence[Marked]:
        """All that have the mark, in the order in which they got it."""
        ...

    async def remember(self, seen: Sequence[Likeness]) -> None:
        """What pictures look like; what was told of one before is replaced."""
        ...

    async def likenesses(self) -> Sequence[Likeness]:
        """Of all pictures that were ever remembered, oldest first; some may be gone."""
        ...

    async def note_reuse(self, reuse: Reuse) -> None:
        """A copy was made instead of a picture."""
        ...

    async def savings(self) -> Savings:
        """What all copies came to."""
        ...

    async def reused(self) -> Sequence[Reuse]:
        """All copies, in the order in which they were made; those of other words do not tell them here."""
        ...

    async def liken(self, alike: Sequence[Alike], read: int) -> None:
        """Pictures of the ledger by what they are like; `read` is how far it was read for them."""
        ...

    async def likened(self) -> int:
        """How far the ledger was read, as `Ledger.settled` counts; 0 at first."""
        ...

    async def alike(self, loose: str) -> Sequence[str]:
        """Attempts whose words have the form of `loose`, the newest first; some of them where they are many."""
        ...

    async def keep_vector(self, attempt: str, model: str, data: bytes) -> None:
        """Where the words of a picture stand, as `model` finds: float32, little-endian, of length 1."""
        ...

    async def vectors(self, rest: str, model: str) -> Sequence[tuple[str, bytes]]:
        """(attempt, vector) of pictures that differ from `rest` in their words alone, the newest first."""
        ...

    async def rate(self, attempt: str, stars: int) -> None:
        """Stars from 1 to 5; 0 takes them away."""
        ...

    async def tag(self, attempt: str, tag: str) -> bool:
        """False if somebody put it on before."""
        ...

    async def untag(self, attempt: str, tag: str) -> bool:
        """False if nobody had put it on; tags a picture was made with are no opinion, and stay."""
        ...

    async def opinions(self, attempts: Collection[str]) -> Mapping[str, Opinion]:
        """What people said of these; those of whom nobody said anything are missing."""
        ...

    async def index(
        self, pictures: Sequence[Indexed], read: int, awaited: Collection[str] = (), after: int = 0
    ) -> bool:
        """Pictures of the ledger by what they are found by. One told twice is one.

        `read` is how far the ledger was read; `awaited` are all attempts up to there that were still under way.
        Nothing is kept and False returned where somebody forgot meanwhile what was read up to `after`.

        Raises:
            StorageError: nothing can be searched here.
        """
        ...

    async def forget(self) -> None:
        """Begin anew what was read of a ledger, which is another one now; opinions stay."""
        ...

    async def indexed(self) -> int:
        """How far the ledger was read for `index`; 0 at first."""
        ...

    async def awaited(self) -> Sequence[str]:
        """Attempts that were under way when the ledger was read past them."""
        ...

    async def find(self, query: Query, most: int, before: int | None = None) -> Sequence[Found]:
        """What `query` finds, the newest first; with `before`, only what has a lower number."""
        ...

    async def count(self, query: Query, most: int | None = None) -> int:
        """How many `query` finds; `most` where it finds that or more."""
        ...

    async def number_of(self, attempt: str) -> int | None:
        """The number of a picture of the index, as `find` takes it."""
        ...

    async def copies_of(self, attempt: str) -> Sequence[Reuse]:
        """The copies that were made of a picture, in the order in which they were made."""
        ...

    async def known(self, kind: str) -> Sequence[str]:
        """What some picture has for `style`, `tag`, `model`, `provider`, `quality` or `run`, in order."""
        ...

    async def close(self) -> None: ...


class Board(Protocol):
    """Notes that all processes of a user leave each other; nothing but time is lost with them."""

    async def change(self, name: str, work: Callable[[str], str]) -> str:
        """Put what `work` makes of the note `name` (at first empty) in its place, and return it.

        Nobody else changes it meanwhile; `work` may be called more than once.
        """
        ...

    def close(self) -> None: ...


class Guard(Protocol):
    """What stands before the way out and behind the way in: moderation, and what a picture is expected to be."""

    async def clear(self, job: Job) -> Sequence[Verdict]:
        """What moderation says of the words and inputs of `job`, before money is held for it."""
        ...

    async def inspect(self, job: Job, slot: "Slot", picture: Picture, tried: int) -> Remarks:
        """What is found of a sealed picture that is paid, the `tried`th of its job; and whether it is set aside."""
        ...

    def blind(self, job: Job) -> str:
        """Why no picture like that of `job` can be looked at any more in this run; empty while they can."""
        ...

    async def refused(self, job: Job, attempt: str, verdict: Verdict) -> None:
        """The safety system of the provider itself said no to an attempt."""
        ...


class Shelf(Protocol):
    """Pictures that were made before, wherever: the same job is not paid for again."""

    async def find(self, job: Job, guard: Guard) -> Reused | Refused | None:
        """The picture of the same job as a new file in its place; None if there is none that is whole.

        It passes the `guard` as if it had just come; a refusal where moderation does not let it through: then the same
        picture is not bought either.
        """
        ...

    async def seen(self, job: Job, *, proves: bool = False) -> Reused | None:
        """What `find` would take, by names and sizes alone; nothing is made, and nobody is asked for money.

        `proves`: only what is sure to be taken, every byte read; not where more is expected of it than that.
        """
        ...

    async def suggest(self, job: Job) -> str | None:
        """A line that names a picture which is like that of `job`, and is not taken unless the user says so."""
        ...

    async def keep(self, job: Job, saved: Saved, attempt: str) -> None:
        """Remember a picture that was just made; what goes wrong here costs the next run money, never this one."""
        ...


class Pricer(Protocol):
    def quote(self, job: Job) -> Quote:
        """What `job` will cost, before anything is sent."""
        ...

    def actual(self, job: Job, usage: Usage | None) -> int | None:
        """What a picture cost in nano-USD by the usage told with it; None when it cannot be told."""
        ...


class Easel(Protocol):
    """Where a provider puts the bytes of one picture, in order, as they arrive."""

    async def write(self, data: bytes) -> None: ...

    async def keep(self, before: bytes, decoded: int, after: bytes) -> str:
        """Put an answer that holds no usable picture out of the way; returns where, or nothing if that failed too.

        It is `before`, then what was written here, the first `decoded` bytes of it as base64 again, then `after`.
        """
        ...


class Provider(Protocol):
    """Something that turns a hold into a picture."""

    @property
    def name(self) -> str: ...

    @property
    def limit_name(self) -> str:
        """What shares one limit of the provider has one name, in every process; empty if nothing limits it."""
        ...

    def allowance(self) -> Allowance | None:
        """What the last answers told of the limit; None if nothing new."""
        ...

    async def warm_up(self) -> None:
        """Load what a request needs, beside the event loop; once, however often it is asked for."""
        ...

    def notices(self, models: Collection[str]) -> Sequence[str]:
        """Lines to print before a run that uses `models`: a foreign host, a model that ends soon."""
        ...

    def cards(self) -> Sequence[ModelCard]:
        """The models it knows of, the default first."""
        ...

    def card(self, model: str) -> ModelCard:
        """The card of `model`, also an open one where a server may know more than we do.

        Raises:
            ModelError: retired, or surely a typing error; says what to use instead.
        """
        ...

    def ready(self) -> None:
        """Refuse early what would refuse every request.

        Raises:
            AccountError: no key.
        """
        ...

    async def paint(self, hold: Hold, easel: Easel) -> Painted:
        """Make the picture of `hold.job` and write its bytes to `easel`, untouched.

        When cancelled it still says what became of the money, by raising AttemptError.

        Raises:
            AttemptError: with what became of the money.
        """
        ...

    @property
    def text_model(self) -> str | None:
        """The text model that is asked where none is named; empty if one must be named, None if it writes nothing."""
        ...

    @property
    def moderation_model(self) -> str | None:
        """The model that looks at words and pictures before they go on; None if it has none."""
        ...

    @property
    def embedding_model(self) -> str | None:
        """The model that tells where words stand among others; None if it has none."""
        ...

    async def answer(self, hold: Hold) -> Painted:
        """Ask the question of `hold.job` (see `model.question`); its words come as `revised`, empty if there are none.

        Those of a moderation check or an embedding are numbers as text (see `model.numbers`). Its pictures are read
        now, and nothing is sent where one is not what it was.

        When cancelled it still says what became of the money, by raising AttemptError.

        Raises:
            AttemptError: with what became of the money.
        """
        ...

    async def check(self) -> Finding:
        """Whether it could work, without spending anything."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """What wiring hands to a provider's factory, the `plugin` of its entry point; all of it is trusted.

    Attributes:
        key: from the environment, the keyring or the credentials file.
        base_url: of a compatible server, without a trailing slash; empty for the provider's own.
        base_url_source: where `base_url` was set, for the notice.
        options: the table `[providers.NAME]` of the config file.
        timeout: seconds without a byte before an answer counts as lost.
        name: what the user calls it; several servers may share one kind of provider.
    """

    key: Secret | None
    base_url: str
    base_url_source: str
    options: Mapping[str, object]
    timeout: float
    name: str = ""


ProviderFactory = Callable[[ProviderConfig], Provider]


class Place(Protocol):
    """Where something paid is to go."""

    @property
    def directory(self) -> Path: ...

    @property
    def name(self) -> str:
        """The file name it is to get, as planned before its true format is known."""
        ...


class Slot(Easel, Place, Protocol):
    """The place of one picture-to-be: an exclusive, preallocated file beside its final name."""

    async def seal(self, painted: Painted) -> Picture:
        """What was written is the picture: measure it, sync it, and keep what was told beside it.

        A directory that takes no more leaves it whole in the spool (`is_spooled`), for `publish` to bring home.

        Raises:
            NotAPictureError: no picture; its bytes are kept in the spool.
            StorageError: the spool took no more either.
        """
        ...

    @property
    def attempt(self) -> str:
        """The attempt whose picture it takes."""
        ...

    @property
    def is_spooled(self) -> bool: ...

    async def look(self, most: int) -> bytes:
        """All bytes of the sealed picture.

        Raises:
            StorageError: they cannot be read, or are more than `most`.
        """
        ...

    async def publish(
        self, picture: Picture, rename: Callable[[str], Awaitable[None]], aside: Aside | None = None
    ) -> Saved:
        """Give it its final name, never replacing a file; below its directory where it is set `aside`.

        `rename` is awaited with every name that differs from the planned one, before it is tried.

        Raises:
            StorageError: it stays in its hidden file, or in the spool, for the next start to publish.
        """
        ...

    async def discard(self) -> None:
        """Take the empty place away; for attempts that brought no bytes."""
        ...


class Copy(Slot, Protocol):
    """The place of a picture that is copied, for which nothing is paid."""

    async def hand_over(self, record: Record, *, share: bool) -> Saved:
        """The final name, and with it the sidecar of `record`; never replacing a file.

        With `share`, if another run put a copy for the same job into the planned place meanwhile, that one is given.

        Raises:
            StorageError: the directory takes no more; nothing is left.
        """
        ...


@dataclass(frozen=True, slots=True)
class Relic:
    """A whole picture an interrupted run left behind, with what the provider told of it."""

    slot: Slot
    picture: Picture
    painted: Painted


class Store(Protocol):
    """Where pictures are kept."""

    async def prepare(self, directory: Path) -> None:
        """Make `directory` and prove that it takes files.

        Raises:
            StorageError: it does not.
        """
        ...

    def stem(self, template: str, fields: Mapping[str, str]) -> str:
        """`template` with its `{fields}` filled, as a file name without extension that is safe on every OS.

        Raises:
            UsageError: an unknown field, or a name that would leave its directory.
        """
        ...

    def directory(self, root: Path, below: str) -> Path:
        """The directory `below` an output directory, following links.

        Raises:
            UsageError: it lies outside `root`.
        """
        ...

    def taken(self, job: Job) -> Path | None:
        """The file that has the planned name already, whoever made it."""
        ...

    async def open(self, job: Job, attempt: str) -> Slot:
        """Claim a place before anything is paid.

        Raises:
            StorageError: no room, or not writable.
        """
        ...

    async def copy(self, source: Path, job: Job, attempt: str) -> tuple[Copy, Picture] | None:
        """A sealed copy of all bytes of `source` in a place claimed for `job`; None if it is not there, or no picture.

        Raises:
            StorageError: the directory of `job` takes no more; nothing is left.
        """
        ...

    async def tell(self, record: Record) -> Path:
        """Write the sidecar of a saved picture; the same record gives the same bytes."""
        ...

    async def intact(self, record: Record) -> Saved | None:
        """The saved picture of `record`, if its file is there with the recorded SHA-256.

        Raises:
            StorageError: there is something that cannot be read now.
        """
        ...

    async def kept(self, job: Job) -> Record | None:
        """What a sidecar in the directory of `job` tells of a picture of the very same job; nobody has proved it yet."""
        ...

    async def holds(self, path: Path, sha256: str) -> bool:
        """Whether the file is there with these bytes; False also where nobody can tell."""
        ...

    def sizes(self, directory: Path) -> Mapping[str, int]:
        """The plain files in `directory` with their bytes; empty if it is not there."""
        ...

    def unlisted(self, directory: Path, listed: Collection[str]) -> Mapping[str, str]:
        """Key of its job -> file name, of the pictures in `directory` that have a sidecar and are not among `listed`."""
        ...

    async def put_aside(self, path: Path, aside: Path) -> None:
        """Move a picture, and its sidecar if it has one, into the directory `aside`, replacing nothing.

        Raises:
            StorageError: it stays where it is.
        """
        ...

    async def let_out(self, record: Record, settle: Callable[[str], Awaitable[bool]]) -> bool:
        """Give a picture that was set aside its planned name among the others too, replacing nothing.

        `settle` is awaited with the name once the picture has it; where it says no, the name is taken back.
        It says yes also where somebody else settled on this very name. What is left where it was set aside is for
        `take_away`. Repeated after a crash it finds the name that it had made.

        Raises:
            StorageError: it is gone, or not what was saved; nothing was changed.
        """
        ...

    def alone(self, record: Record) -> AbstractAsyncContextManager[None]:
        """Nobody else is between these lines for what lies aside beside this picture, where the disk has locks."""
        ...

    async def take_away(self, record: Record, others: Collection[str] = ()) -> bool:
        """Remove what lies aside of a picture on which a person decided, and its sidecar there.

        Of one that is deleted also the planned names that a release which was cut off gave it: they have its bytes, no
        sidecar, and are not among `others`, the names in its directory that belong to other pictures. False where
        something else lies aside now, which stays.

        Raises:
            StorageError: the disk refuses.
        """
        ...

    async def relic(self, record: Record) -> Relic | None:
        """What an interrupted attempt left: a whole picture, or None (a torn file is kept as evidence).

        Raises:
            StorageError: there may be one, and it cannot be seen now.
        """
        ...

    async def look(self, path: Path, most: int) -> bytes:
        """All bytes of a picture.

        Raises:
            StorageError: it cannot be read, or has more than `most`.
        """
        ...

    async def hang(self, directory: Path, stem: str, files: Mapping[str, bytes]) -> Sequence[Path]:
        """New files beside the pictures, by extension: all under one name, numbered where one is taken.

        Raises:
            StorageError: the disk refuses; none of them is left.
        """
        ...

    async def sweep(self, record: Record) -> None:
        """Remove the hidden files of an attempt that is done or was never billed."""
        ...

    async def inspect(self, record: Record, *, read_data: bool) -> Inspection:
        """A recorded picture against the ledger; all of its bytes with `read_data`, else size and header."""
        ...

    async def strays(self, directory: Path, records: Collection[Record], *, read_data: bool) -> Sequence[Inspection]:
        """What lies below `directory` that `records` do not account for: foreign pictures, and leftovers."""
        ...

    async def told(self, directory: Path) -> Sequence[tuple[str, Record]]:
        """Every sidecar at or below `directory`: the key of its job, and the record it tells."""
        ...

    async def told_of(self, picture: Path) -> tuple[str, Record] | None:
        """What the sidecar beside one picture tells, as `told`; None if there is none that can be believed."""
        ...

    async def link(self, picture: Path, finals: Sequence[str]) -> bool:
        """Tell in the sidecar of a draft which attempts made finals of it, beside those it tells already.

        Nothing else of it changes. False if there is none, or one that somebody wrote in, which is left as it is.

        Raises:
            StorageError: it could not be written.
        """
        ...

    async def spooled(self) -> Sequence[Path]:
        """Paid answers that have no place yet, or that hold no picture."""
        ...

    async def clear(self, directory: Path, state_of: Callable[[str], Awaitable[State | None]]) -> None:
        """Take away the hidden files in `directory` of attempts that are over, or that were never paid for.

        `state_of` tells what the ledger knows of an attempt. Nothing of a living run, of an unfinished or uncertain
        attempt, or of another ledger's is touched.
        """
        ...

    async def check(self, directory: Path) -> Finding: ...


class Smalls(Protocol):
    """Small pictures that were made before, by the SHA-256 (hex) of the pictures they are of. Blocking, never fails."""

    def find(self, sha256: str) -> bytes | None:
        """A WebP that is whole."""
        ...

    def keep(self, sha256: str, data: bytes) -> None: ...

    def make_room(self) -> None:
        """Let go of those that were of no use for the longest time, where there are too many."""
        ...


class Wall(Protocol):
    """Where one gallery hangs. Blocking; methods raise StorageError where the disk refuses."""

    @property
    def directory(self) -> Path:
        """The absolute directory its page stands in."""
        ...

    def open(self) -> None:
        """Take the place, if it is free or an earlier gallery of ours.

        Raises:
            UsageError: something of somebody else's is there.
        """
        ...

    def hang(self, sha256: str, data: bytes) -> None:
        """Put a small picture to `thumbs/SHA256.webp`."""
        ...

    def copy(self, picture: Path, sha256: str) -> str:
        """Where, below the gallery, a copy of `picture` is, which has this SHA-256."""
        ...

    def show(self, page: Iterable[str], keep: Iterable[str] = ()) -> Path:
        """Put the page, piece by piece, in its place, whole or not at all, and take away small pictures not in `keep`."""
        ...


class Ledger(Protocol):
    """Where the money is kept; every method is one durable transaction, and every fault is a LedgerError."""

    async def begin(self, run: Run) -> None:
        """Enter a run and hold its lock for life."""
        ...

    async def end(self, run: str) -> None: ...

    async def enter(self, run: str, jobs: Sequence[Job]) -> None:
        """Write down the jobs of a run in order, before the first of them starts."""
        ...

    async def reserve(  # noqa: PLR0917 - what one hold is made of
        self, run: str, attempt: str, quote: Quote, slot: Place, since: int | None = None, planned: int | None = None
    ) -> Hold | None:
        """Hold the upper bound in every budget that applies, or in none.

        With `since`, a `Standing.seen`, the job is made by one run alone: None when an attempt for it in the same
        directory came after that was looked up, whoever makes it. With `planned`, a `newest`, also when one of another
        job came after that was, which makes the same picture again.

        Raises:
            BudgetError: it does not fit, or has no price under a budget in dollars.
            LedgerError: also while the ledger is frozen.
        """
        ...

    async def send(self, hold: Hold) -> None:
        """The attempt is about to leave; durable before its first byte."""
        ...

    async def receive(self, hold: Hold, receipt: Receipt) -> int:
        """The bytes are synced: the money is final. Returns the nano-USD posted."""
        ...

    async def post(self, hold: Hold, painted: Painted, actual: int | None) -> int:
        """The words of a text model are here, as `painted.revised`: they are kept, and the money is final, in one.

        Returns the nano-USD posted, `actual` or the upper bound.
        """
        ...

    async def answered(self, key: str) -> Record | None:
        """The newest attempt that brought the words of a text job, in any directory; else one that is open."""
        ...

    async def rename(self, attempt: str, name: str) -> None:
        """The final name of a received picture changes, before it is tried."""
        ...

    async def save(self, attempt: str, run: str, remarks: Remarks = UNREMARKED) -> Record:
        """The picture is under its final name, or set aside, as `remarks` say."""
        ...

    async def settle(self, attempt: str, run: str) -> None:
        """The sidecar is written: done."""
        ...

    async def settle_aside(self, record: Record, name: str, remarks: Remarks) -> bool:
        """A person decided on a settled picture that was set aside: it is `name` below its directory from now on.

        False when somebody else decided first: its name or its remarks are not those of `record` any more.
        """
        ...

    async def set_aside(self, aside: Aside) -> Sequence[Record]:
        """Settled pictures that were set aside there, those included that a person decided on; oldest first."""
        ...

    async def fail(self, hold: Hold, fault: AttemptError) -> None:
        """Close an attempt that brought nothing: voided, moderated or uncertain, as its fault says."""
        ...

    async def standing(self, key: str, directory: Path) -> Standing:
        """What there is of a job in a directory already."""
        ...

    async def of_key(self, key: str, most: int) -> Sequence[Record]:
        """Settled pictures of one job in any directory, at most `most`, the newest first."""
        ...

    async def settled(self, after: int, most: int) -> tuple[Sequence[Record], int]:
        """Settled pictures whose number is above `after`, at most `most` in the order in which they were entered.

        With the number to go on from: below that of any attempt that may still settle.
        """
        ...

    async def indexable(self, after: int, most: int, awaited: Collection[str] = ()) -> Page:
        """What the index of the catalog is to know: settled pictures above the number `after`, about `most` of them.

        And those of `awaited` that settled since. A number that this ledger never came to, as of one that was restored,
        begins anew.
        """
        ...

    async def resolve(self, attempt: str, billed: int | None, reason: str) -> None:
        """A person decides on an attempt of `unresolved`: `billed` nano-USD, or None for not billed.

        Or on one whose run is dead and whose picture was received and then lost; its cost is known and stays.

        Raises:
            UsageError: there is none, or it is decided.
        """
        ...

    async def orphans(self, run: str) -> Sequence[Record]:
        """Unfinished attempts of runs that are dead, now claimed by `run`."""
        ...

    async def claim(self, record: Record, run: str) -> bool:
        """Take over an attempt of a run that is dead; False if it lives, or somebody else was quicker."""
        ...

    async def state_of(self, attempt: str) -> State | None:
        """Where one attempt stands; None for one this ledger does not know."""
        ...

    async def finals_of(self, drafts: Collection[str]) -> Sequence[Record]:
        """Pictures made, or under way, or that a person has to decide on, as finals of these attempts; oldest first."""
        ...

    async def newest(self) -> int:
        """The number of the newest attempt; those that come have higher ones."""
        ...

    async def again_of(self, attempts: Collection[str]) -> Sequence[Record]:
        """Pictures made, or under way, or that a person has to decide on, again after these attempts; oldest first."""
        ...

    async def drafts_of(self, runs: Collection[str]) -> Sequence[Record]:
        """The pictures of these runs that are drafts, settled, oldest first."""
        ...

    async def records(self, state: State) -> Sequence[Record]:
        """All attempts in one state, oldest first."""
        ...

    async def records_of(self, attempts: Collection[str]) -> Sequence[Record]:
        """These attempts, in no order; those this ledger does not know are missing."""
        ...

    async def charges(self, since: str = "", until: str = "") -> Sequence[Charge]:
        """All money from the UTC day `since` on and before the day `until`, summed as `Charge` says, oldest day first."""
        ...

    async def in_vain(self, most: int, before: str = "", run: str = "") -> Sequence[Record]:
        """Attempts that have ended without the picture they were for, the newest first.

        With `before`, only those entered before that attempt; with `run`, only of runs whose id begins so.
        """
        ...

    async def short(self, attempts: Collection[str]) -> Mapping[str, str]:
        """As much of the id of each as tells it from all others of this ledger, and at least 13 characters: its time."""
        ...

    async def begun(self, beginning: str, most: int) -> Sequence[Record]:
        """Attempts whose id begins so, at most `most` of them, the last id first."""
        ...

    async def revised(self, after: int, most: int) -> Sequence[tuple[int, Record]]:
        """Attempts whose provider told a revised prompt, each with its number, in the order they were entered.

        At most `most` of those with a number above `after`, so that a million need not be in memory at once.
        """
        ...

    async def unresolved(self) -> Sequence[Record]:
        """Attempts that brought no picture and may be billed, or are, and that nobody has decided on; oldest first."""
        ...

    async def pictured(self, below: Path | None = None) -> Sequence[Record]:
        """Attempts that have a picture, received or later, in any directory at or below one; oldest first."""
        ...

    async def daily(self, provider: str) -> Mapping[str, Spending]:
        """UTC day (`2026-11-21`) -> the sums of a provider's pictures held on it; words of text models are none."""
        ...

    async def story(self, attempt: str | None = None) -> Sequence[LedgerEvent]:
        """Every event of the attempts whose id begins so, or of everything, in order."""
        ...

    async def audit(self) -> Sequence[Finding]:
        """What is wrong with the ledger: its file, the chain of its events, its tables against its story."""
        ...

    async def back_up(self, target: Path) -> None:
        """A whole, consistent copy as a new file, also while other runs write.

        Raises:
            UsageError: `target` is there already.
        """
        ...

    async def frozen(self) -> str:
        """Why the ledger takes no paid work until its sums are adopted; empty when it does."""
        ...

    async def adopt(self, reason: str) -> bool:
        """Accept the sums of a rebuilt ledger, so that it takes paid work again; False when it is not frozen."""
        ...

    async def budgets(self) -> Sequence[Budget]: ...

    async def set_budget(self, budget: Budget) -> None: ...

    async def remove_budget(self, budget: Budget) -> bool:
        """False when there was none."""
        ...

    async def balances(self) -> Sequence[Balance]:
        """How full each budget is in its present window, also the untouched ones."""
        ...

    async def spending(self, run: str | None = None) -> Spending:
        """Sums over one run, or over everything."""
        ...

    async def check(self) -> Finding: ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything a run works with; made by `wiring`, handed down, never looked up."""

    providers: Mapping[str, Provider]
    pricer: Pricer
    ledger: Ledger
    store: Store
    board: Board
    clock: Clock
    styles: Mapping[str, Style]
    observe: Observer
