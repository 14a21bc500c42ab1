"""A store in memory: files are entries of a dictionary."""

import base64
import hashlib
import io
import json
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

from imgcli.errors import NotAPictureError, StorageError, UsageError
from imgcli.header import read_header
from imgcli.model.attempt import Record, State
from imgcli.model.finding import Finding, Level
from imgcli.model.inspection import Inspection, Verdict
from imgcli.model.job import Job
from imgcli.model.picture import Painted, Picture, Saved
from imgcli.model.verdict import Aside
from imgcli.ports import Relic
from imgcli.storage.naming import render
from imgcli.storage.sidecar import parse_sidecar, sidecar_bytes, tells, with_finals
from imgcli.storage.slot import EXTENSIONS


class FakeStore:
    """Satisfies `ports.Store`. `files` are the visible ones, `parts` those without a name, by attempt."""

    def __init__(self) -> None:
        self.files: dict[Path, bytes] = {}
        self.parts: dict[str, tuple[bytes, Picture, Painted]] = {}
        self.spool: dict[str, bytes] = {}
        self.claimed: set[Path] = set()

    async def prepare(self, directory: Path) -> None:
        if directory in self.files:
            raise StorageError(f"cannot write into {directory}; nothing was sent")

    def stem(self, template: str, fields: Mapping[str, str]) -> str:
        return render(template, fields)

    def directory(self, root: Path, below: str) -> Path:
        if ".." in below.split("/"):
            raise UsageError(f"directory {below!r} leads out of {root}")
        return root.joinpath(*below.split("/"))

    def taken(self, job: Job) -> Path | None:
        paths = (job.directory / f"{job.stem}.{extension}" for extension in EXTENSIONS.values())
        return next((path for path in paths if path in self.files), None)

    async def open(self, job: Job, attempt: str) -> "FakeSlot":
        slot = FakeSlot(self, job, attempt)
        self.claimed.add(slot.directory / slot.name)
        return slot

    async def copy(self, source: Path, job: Job, attempt: str) -> "tuple[FakeCopy, Picture] | None":
        data = self.files.get(source)
        if data is None:
            return None
        slot = FakeCopy(self, job, attempt)
        self.claimed.add(slot.directory / slot.name)
        await slot.write(data)
        try:
            return slot, await slot.seal(Painted())
        except NotAPictureError:
            self.spool.pop(attempt, None)
            await slot.discard()
            return None

    async def tell(self, record: Record) -> Path:
        path = record.directory / f"{record.name}.json"
        data = sidecar_bytes(record)
        if not tells(self.files.setdefault(path, data), record):
            raise StorageError(f"{path} is in the way")
        return path

    async def intact(self, record: Record) -> Saved | None:
        path = record.directory / record.name
        data = self.files.get(path)
        if data is None or record.picture is None or hashlib.sha256(data).hexdigest() != record.picture.sha256:
            return None
        return Saved(path, path.with_name(f"{path.name}.json"), record.picture)

    async def kept(self, job: Job) -> Record | None:
        return dict(await self.told(job.directory)).get(job.key)

    async def holds(self, path: Path, sha256: str) -> bool:
        return path in self.files and hashlib.sha256(self.files[path]).hexdigest() == sha256

    def sizes(self, directory: Path) -> Mapping[str, int]:
        return {path.name: len(data) for path, data in self.files.items() if path.parent == directory}

    def unlisted(self, directory: Path, listed: Collection[str]) -> Mapping[str, str]:
        sidecars = [path for path in self.files if path.parent == directory and path.suffix == ".json"]
        told = [parse_sidecar(self.files[path], directory) for path in sidecars if path.stem not in listed]
        return {key: record.name for key, record in told if directory / record.name in self.files}

    async def put_aside(self, path: Path, aside: Path) -> None:
        for each in (path.with_name(f"{path.name}.json"), path):
            if aside / each.name in self.files:
                raise StorageError(f"{path} cannot be moved to {aside}")
            if each in self.files:
                self.files[aside / each.name] = self.files.pop(each)

    async def let_out(self, record: Record, settle: Callable[[str], Awaitable[bool]]) -> bool:
        source = record.directory / record.name
        if await self.intact(record) is None:
            raise StorageError(f"{source} is gone, or not the picture any more that was saved")
        stem, _, ending = source.name.rpartition(".")
        for name in (source.name, *(f"{stem}-{number}.{ending}" for number in range(2, 100))):
            target = record.directory / name
            sidecar = target.with_name(f"{name}.json")
            if sidecar in self.files or self.files.get(target, self.files[source]) != self.files[source]:
                continue
            is_new = target not in self.files
            self.files[target] = self.files[source]
            if await settle(name):
                return True
            if is_new:
                del self.files[target]
            return False
        raise StorageError("no free name")

    def alone(self, record: Record) -> AbstractAsyncContextManager[None]:  # noqa: ARG002
        return nullcontext()

    async def take_away(self, record: Record, others: Collection[str] = ()) -> bool:
        below = record.directory / (record.remarks.aside.value if record.remarks.aside else ".")
        told = {below / Path(each.name).name for _, each in await self.told(below) if each.attempt == record.attempt}
        is_ours = True
        if record.remarks.deleted:
            self._take_back(record, others)
        for path in told | ({record.directory / record.name} if "/" in record.name else set()):
            data = self.files.get(path)
            if data is not None and record.picture and hashlib.sha256(data).hexdigest() != record.picture.sha256:
                is_ours = False
                continue
            self.files.pop(path, None)
            self.files.pop(path.with_name(f"{path.name}.json"), None)
        return is_ours

    def _take_back(self, record: Record, others: Collection[str]) -> None:
        stem, _, ending = Path(record.name).name.rpartition(".")
        for name in (f"{stem}.{ending}", *(f"{stem}-{number}.{ending}" for number in range(2, 100))):
            path, sha256 = record.directory / name, record.picture.sha256 if record.picture else ""
            data = self.files.get(path)
            if data is None or name in others or path.with_name(f"{name}.json") in self.files:
                continue
            if hashlib.sha256(data).hexdigest() == sha256:
                del self.files[path]

    async def relic(self, record: Record) -> Relic | None:
        if record.attempt not in self.parts:
            return None
        data, picture, painted = self.parts[record.attempt]
        if self.files.get(place := record.directory / record.name) == data:
            del self.files[place]  # its publication was cut short
        slot = FakeSlot(self, record.job, record.attempt)
        slot.name = record.name
        return Relic(slot, picture, painted)

    async def look(self, path: Path, most: int) -> bytes:
        data = self.files.get(path)
        if data is None or len(data) > most:
            raise StorageError(f"{path} cannot be read")
        return data

    async def hang(self, directory: Path, stem: str, files: Mapping[str, bytes]) -> Sequence[Path]:
        for name in (stem, *(f"{stem}-{number}" for number in range(2, 100))):
            made = {directory / f"{name}.{extension}": data for extension, data in files.items()}
            if not made.keys() & self.files.keys():
                self.files |= made
                return list(made)
        raise StorageError("no free name")

    async def sweep(self, record: Record) -> None:
        self.parts.pop(record.attempt, None)

    async def inspect(self, record: Record, *, read_data: bool) -> Inspection:
        path = record.directory / record.name
        data, sidecar = self.files.get(path), self.files.get(path.with_name(f"{path.name}.json"))
        if data is None and sidecar is None:
            return Inspection(path, Verdict.GONE, ("gone",))
        problems = [] if tells(sidecar or b"", record) else ["its sidecar was changed"]
        if data is None or record.picture is None or len(data) != record.picture.size_bytes:
            problems.append("it has another size")
        elif read_data and hashlib.sha256(data).hexdigest() != record.picture.sha256:
            problems.append("its bytes were changed")
        return Inspection(path, Verdict.DAMAGED if problems else Verdict.SOUND, tuple(problems))

    async def strays(self, directory: Path, records: Collection[Record], *, read_data: bool) -> Sequence[Inspection]:
        known = {record.directory / record.name for record in records}
        found = []
        for sidecar, data in self.files.items():
            path = sidecar.with_suffix("")
            if sidecar.suffix == ".json" and sidecar.is_relative_to(directory) and path not in known:
                told = json.loads(data)["sha256"]
                same = hashlib.sha256(self.files.get(path, b"")).hexdigest() == told
                whole = path in self.files and (same or not read_data)
                found.append(Inspection(path, Verdict.STRANGE if whole else Verdict.DAMAGED, ("a stray",)))
        return found

    async def told(self, directory: Path) -> Sequence[tuple[str, Record]]:
        return [
            parse_sidecar(data, path.parent)
            for path, data in self.files.items()
            if path.suffix == ".json" and path.is_relative_to(directory)
        ]

    async def told_of(self, picture: Path) -> tuple[str, Record] | None:
        data = self.files.get(picture.with_name(f"{picture.name}.json"))
        return None if data is None else parse_sidecar(data, picture.parent)

    async def link(self, picture: Path, finals: Sequence[str]) -> bool:
        path = picture.with_name(f"{picture.name}.json")
        told = with_finals(self.files.get(path, b""), tuple(finals))
        if told is not None:
            self.files[path] = told
        return told is not None

    async def clear(self, directory: Path, state_of: Callable[[str], Awaitable[State | None]]) -> None:
        assert directory.is_absolute()
        for attempt in list(self.parts):
            if await state_of(attempt) in {State.SETTLED, State.VOIDED, State.POSTED, State.MODERATED}:
                del self.parts[attempt]

    async def spooled(self) -> Sequence[Path]:
        return [Path(name) for name in self.spool]

    async def check(self, directory: Path) -> Finding:
        return Finding(Level.OK, "output directory", f"{directory} in memory")


class FakeSlot:
    """Satisfies `ports.Slot`."""

    def __init__(self, store: FakeStore, job: Job, attempt: str) -> None:
        self._store, self._job, self._attempt = store, job, attempt
        self._data = b""
        extension = EXTENSIONS[job.format]
        self.name = next(name for stem in self._stems() if self._is_free(name := f"{stem}.{extension}"))

    @property
    def directory(self) -> Path:
        return self._job.directory

    @property
    def attempt(self) -> str:
        return self._attempt

    @property
    def is_spooled(self) -> bool:
        return False

    async def write(self, data: bytes) -> None:
        self._data += data

    async def keep(self, before: bytes, decoded: int, after: bytes) -> str:
        encoded = base64.b64encode(self._data[:decoded])
        self._store.spool[self._attempt] = before + encoded + self._data[decoded:] + after
        return "memory"

    async def seal(self, painted: Painted) -> Picture:
        header = read_header(io.BytesIO(self._data))
        if header is None:
            self._store.spool[self._attempt] = self._data
            raise NotAPictureError(f"{len(self._data)} bytes that are no picture")
        sha256 = hashlib.sha256(self._data).hexdigest()
        picture = Picture(sha256, len(self._data), header.format, header.width, header.height)
        self._store.parts[self._attempt] = (self._data, picture, painted)
        return picture

    async def look(self, most: int) -> bytes:
        data = self._store.parts[self._attempt][0]
        if len(data) > most:
            raise StorageError("too large")
        return data

    async def publish(
        self, picture: Picture, rename: Callable[[str], Awaitable[None]], aside: Aside | None = None
    ) -> Saved:
        current = self.name.rpartition("/")[2].rpartition(".")[0]
        stems = (current, *(next(iter_) for iter_ in [self._stems()] * 9))
        for stem in stems:
            name = f"{aside.value}/{stem}" if aside else stem
            name = f"{name}.{EXTENSIONS[picture.format]}"
            if self.directory / name in self._store.files:
                continue
            if name != self.name:
                await rename(name)
            path = self.directory / name
            self._store.files[path] = self._store.parts[self._attempt][0]
            return Saved(path, path.with_name(f"{path.name}.json"), picture)
        raise StorageError("no free name")

    async def discard(self) -> None:
        self._store.claimed.discard(self.directory / self.name)
        self._data = b""

    def _stems(self) -> Iterator[str]:
        yield self._job.stem
        number = (self._job.variant if self._job.renumber else 1) + 1
        while True:
            renumber = self._job.renumber.replace("{n}", str(number))
            yield renumber or f"{self._job.stem}-{number}"
            number += 1

    def _is_free(self, name: str) -> bool:
        path = self.directory / name
        return path not in self._store.files and path not in self._store.claimed


class FakeCopy(FakeSlot):
    """Satisfies `ports.Copy`."""

    async def hand_over(self, record: Record, *, share: bool) -> Saved:
        if record.picture is None:
            raise AssertionError("a copy is of a picture")
        planned = self.directory / f"{self._job.stem}.{EXTENSIONS[record.picture.format]}"
        told = dict([parse_sidecar(data, self.directory)] if (data := self._beside(planned)) else [])
        if share and record.job.key in told and planned in self._store.files:
            await self.discard()
            return Saved(planned, planned.with_name(f"{planned.name}.json"), record.picture)

        async def rename(name: str) -> None:
            self.name = name

        saved = await self.publish(record.picture, rename)
        self._store.files[saved.sidecar] = sidecar_bytes(replace(record, name=saved.path.name))
        self._store.parts.pop(self._attempt, None)
        return saved

    async def discard(self) -> None:
        self._store.parts.pop(self._attempt, None)
        await super().discard()

    def _beside(self, path: Path) -> bytes | None:
        return self._store.files.get(path.with_name(f"{path.name}.json"))
