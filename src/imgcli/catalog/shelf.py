"""Pictures that were made before, taken instead of being paid again. Satisfies `ports.Shelf`.

Nothing here is worth a picture: what goes wrong is told once, and counts as "there is none".
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from imgcli.catalog.alike import loose_key
from imgcli.catalog.entry import Facts
from imgcli.catalog.files import hash_of
from imgcli.catalog.finding import NEAR_ENOUGH, Finder, Found
from imgcli.catalog.near import packed
from imgcli.errors import ImgcliError, LedgerError, StorageError
from imgcli.machine import why
from imgcli.model.attempt import Record, State
from imgcli.model.events import Told
from imgcli.model.ids import uuid7
from imgcli.model.job import Job
from imgcli.model.origin import Match, Reuse
from imgcli.model.outcome import Refused, RefusedBy, Reused
from imgcli.model.picture import Painted, Picture, Saved
from imgcli.model.verdict import Aside, Remarks
from imgcli.ports import Clock, Copy, Guard, Observer, Store

EXTENSIONS = {"png": "png", "jpeg": "jpg", "webp": "webp", "gif": "gif"}

MOST_TOLD = 5
"""Pictures like those that are made, that a run tells of."""

DISTINCT = "distinct"
"""What no copy is expected to be: it looks like the picture it is of."""


WriteStory = Callable[[Record], bytes]
"""The sidecar of a picture."""


class Mode(Enum):
    USE = "use"  # the very same picture is taken, and what is made is kept
    LOOSE = "loose"  # also one whose words have the same form
    REFRESH = "refresh"  # nothing is taken, and what is made is kept instead
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a run wants of the shelf.

    Attributes:
        near: cosine from which a near picture is taken unseen; None for never.
        share: a copy that another run made for the same job in the same place is enough.
    """

    mode: Mode
    run: str = ""
    near: float | None = None
    share: bool = False


class PictureShelf:
    """One for a run."""

    def __init__(
        self, wish: Wish, finder: Finder, *, store: Store, clock: Clock, observe: Observer, write_story: WriteStory
    ) -> None:
        self._wish, self._finder, self._store = wish, finder, store
        self._clock, self._observe, self._write_story = clock, observe, write_story
        self._is_told = False
        self._told = 0
        self._rejected: set[str] = set()

    async def find(self, job: Job, guard: Guard) -> Reused | Refused | None:
        if self._wish.mode in {Mode.REFRESH, Mode.OFF}:
            return None
        try:
            async for found in self._candidates(job, asks=True):
                if taken := await self._take(job, found, guard):
                    return taken
            # A run tells of a few: whoever wants more of them reads the plan.
            if self._told < MOST_TOLD and (line := await self._suggestion(job, asks=True)):
                self._told += 1
                self._observe(Told(line))
        except LedgerError:
            raise
        except (ImgcliError, OSError) as error:
            self._trouble(error)
        return None

    async def seen(self, job: Job, *, proves: bool = False) -> Reused | None:
        if self._wish.mode in {Mode.REFRESH, Mode.OFF} or (proves and _expected(job)):
            return None
        try:
            async for found in self._candidates(job, asks=False):
                picture = found.record.picture
                if picture is not None and (not proves or await _is_whole(found.path, picture)):
                    return Reused(job, found.path, _words(found), picture.sha256, picture.size_bytes, found.origin)
        except LedgerError:
            raise
        except (ImgcliError, OSError) as error:
            self._trouble(error)
        return None

    async def suggest(self, job: Job) -> str | None:
        try:
            return await self._suggestion(job, asks=False)
        except LedgerError:
            raise
        except (ImgcliError, OSError) as error:
            self._trouble(error)
        return None

    async def keep(self, job: Job, saved: Saved, attempt: str) -> None:
        if self._wish.mode is Mode.OFF:
            return
        try:
            await self._keep(job, saved, attempt)
        except (ImgcliError, OSError) as error:
            self._trouble(error)

    async def _candidates(self, job: Job, *, asks: bool) -> AsyncIterator[Found]:
        """What may be taken, the surest first; `asks` lets a model be asked that costs money."""
        async for found in self._finder.exact(job):
            yield found
        if self._wish.mode is Mode.LOOSE:
            async for found in self._finder.loose(job):
                yield found
        embedder = self._finder.embedder
        if self._wish.near is not None and embedder and (asks or embedder.is_free):
            async for found in self._finder.near(job, self._wish.near):
                yield found

    async def _take(self, job: Job, found: Found, guard: Guard) -> Reused | Refused | None:
        """A copy of `found` in the place of `job`; None if it is not whole, or not what is expected.

        What moderation does not let through is refused: to buy the same picture again would only add a bill.
        """
        name = uuid7(self._clock.now(), secrets.token_bytes(10))
        copied = await self._store.copy(found.path, job, name)
        told = found.record.picture
        if copied is None or told is None:
            return None
        slot, picture = copied
        try:
            if picture.sha256 != told.sha256:
                await self._drop(slot, found)
                return None
            remarks = await guard.inspect(replace(job, expect=_expected(job)), slot, picture, 1)
            if remarks.aside:
                self._rejected.add(picture.sha256)
                await slot.discard()
                return _refused(job, found, remarks)
            record = replace(_record(job, found, picture, remarks), attempt=name, run=self._wish.run or name)
            saved = await slot.hand_over(record, share=self._wish.share)
        except BaseException:
            await slot.discard()
            raise
        await self._note(Reuse(name, job.key, saved.path, found.origin, self._now()), found)
        return Reused(job, saved.path, _words(found), picture.sha256, picture.size_bytes, found.origin)

    async def _drop(self, slot: Copy, found: Found) -> None:
        await slot.discard()
        pictures = self._finder.pictures
        if found.entry is None or pictures is None:
            return
        dropped = await asyncio.to_thread(pictures.drop, found.entry)
        if dropped:
            self._observe(
                Told(f"{found.path} in the picture cache is damaged; it was taken away, and nothing of it used")
            )

    async def _note(self, reuse: Reuse, found: Found) -> None:
        """Write down what was saved; the picture is there, whatever becomes of that."""
        try:
            if found.entry and self._finder.pictures:
                await asyncio.to_thread(self._finder.pictures.used, found.entry)
            await self._finder.catalog.note_reuse(reuse)
        except (StorageError, OSError) as error:
            self._trouble(error)

    async def _keep(self, job: Job, saved: Saved, attempt: str) -> None:
        finder = self._finder
        loose = loose_key(job)
        if self._wish.mode is Mode.LOOSE:
            finder.fresh.setdefault(loose, []).append(attempt)
        if finder.embedder is not None:
            vector = await finder.embedder.embed(job)
            await finder.catalog.keep_vector(attempt, finder.embedder.model, packed(vector))
        told = await self._store.told_of(saved.path) if finder.pictures else None
        if finder.pictures is None or told is None:
            return
        picture, story = saved.picture, self._write_story(told[1]).decode()
        facts = Facts(job.key, EXTENSIONS.get(picture.format, ""), picture.sha256, picture.size_bytes, loose, story)
        await asyncio.to_thread(finder.pictures.put, facts, saved.path)

    async def _suggestion(self, job: Job, *, asks: bool) -> str | None:
        """A line about what is like `job` and is not taken; `asks` lets a model be asked that costs money."""
        if self._wish.mode is not Mode.USE:
            return None
        async for found in self._finder.loose(job):
            if line := await self._told_of(job, found):
                return line
        embedder = self._finder.embedder
        if embedder and self._wish.near is None and (asks or embedder.is_free):
            async for found in self._finder.near(job, NEAR_ENOUGH):
                if line := await self._told_of(job, found):
                    return line
        return None

    async def _told_of(self, job: Job, found: Found) -> str | None:
        """A line about `found`; None for the very job, and for what this run or moderation did not let through."""
        home = await self._finder.at_home(found)
        keys = {found.entry.facts.key if found.entry else "", home.record.job.key if home else ""}
        if home is None or job.key in keys:
            return None
        told = home.record.picture
        return None if told is None or told.sha256 in self._rejected else _suggestion(job, home)

    def _trouble(self, error: Exception) -> None:
        if not self._is_told:
            self._is_told = True
            said = why(error) if isinstance(error, OSError) else str(error)
            self._observe(Told(f"the picture cache cannot be used ({said}); pictures are made without it"))

    def _now(self) -> str:
        return self._clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def _expected(job: Job) -> tuple[str, ...]:
    """What a copy for `job` has to be."""
    return tuple(each for each in job.expect if each != DISTINCT)


async def _is_whole(path: Path, picture: Picture) -> bool:
    return await asyncio.to_thread(hash_of, path) == picture.sha256


def _suggestion(job: Job, found: Found) -> str:
    how = "--cache loose takes it"
    if found.match is Match.NEAR:
        how = f"{found.similarity:.3f} alike; --near {int(found.similarity * 1000) / 1000} takes it"
    typed = found.record.job.prompt.typed
    words = typed if len(typed) <= 60 else f"{typed[:57]}..."
    return f"{job.entry}: you made something like this: {found.path} ({words!r}; {how})"


def _refused(job: Job, found: Found, remarks: Remarks) -> Refused | None:
    """None for a copy that only is not what was expected: another may be."""
    if remarks.aside is not Aside.QUARANTINE:
        return None
    said = "; ".join(f"{each.layer}: {each.reason}" for each in remarks.verdicts if each.stops)
    reason = (
        f"{_words(found)}, and moderation does not let it through ({said}); "
        "nothing was bought; --cache refresh makes it anew"
    )
    return Refused(job, RefusedBy.MODERATION, reason)


def _words(found: Found) -> str:
    """Why nothing was sent, for people."""
    where = "from the picture cache" if found.entry else f"a copy of {found.path}"
    match found.match:
        case Match.EXACT:
            return f"made before: {where}"
        case Match.LOOSE:
            return f"made before in other words: {where}"
        case Match.NEAR:
            return f"made before in words that are {found.similarity:.3f} alike: {where}"


def _record(job: Job, found: Found, picture: Picture, remarks: Remarks) -> Record:
    """What the sidecar of a copy tells: the job that wants it, and the making of the picture that it is."""
    was = found.record
    return Record(
        attempt=was.attempt,
        run=was.run,
        state=State.SETTLED,
        job=job,
        upper=0,
        cost=0,
        rates="",
        directory=job.directory,
        name="",
        picture=picture,
        painted=was.painted or Painted(),
        created_at=was.created_at,
        received_at=was.received_at,
        imgcli=was.imgcli,
        remarks=replace(remarks, dhash=remarks.dhash or was.remarks.dhash),
        origin=found.origin,
    )
