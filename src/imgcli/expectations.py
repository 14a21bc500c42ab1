"""What pictures were expected to be, looked at before they get their names: part of the chain of `guarding`."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from imgcli.errors import StorageError
from imgcli.measure.dhash import Alike
from imgcli.measure.expect import unmet
from imgcli.measure.workers import Workers
from imgcli.model.job import Job
from imgcli.model.likeness import Likeness
from imgcli.model.picture import Picture
from imgcli.model.verdict import Aside, Remarks, Verdict
from imgcli.ports import Catalog

DISTINCT = "distinct"


class Expectations:
    """Satisfies `guarding.Part`; remembers what the pictures of its run look like."""

    def __init__(self, workers: Workers, catalog: Catalog) -> None:
        self._workers, self._catalog = workers, catalog
        self._accepted = Alike()
        self._known: Alike | None = None

    def looks(self, job: Job) -> bool:
        return bool(job.expect)

    def blind(self, job: Job) -> str:  # noqa: ARG002 - one picture that cannot be read says nothing of others
        return ""

    async def clear(self, job: Job) -> Sequence[Verdict]:  # noqa: ARG002 - words alone meet nothing
        return ()

    async def inspect(self, job: Job, data: bytes, picture: Picture, tried: int) -> Remarks:
        if not job.expect:
            return Remarks(tried=tried)
        try:
            found = await self._workers.measure(data, job.prompt.colours)
        except ValueError as error:
            return Remarks(unmet=(str(error),), tried=tried, aside=Aside.REJECTED)
        reasons = [*_size(job, picture), *unmet(job.expect, found)]
        if DISTINCT in job.expect and not reasons:
            known, own = await self._likenesses(), _place(job, picture)
            # From here to the end nothing is awaited: of two equal pictures that come at once one is the first.
            before = [name for name in known.of(found.dhash) if name != own and _is_there(name)]
            if alike := [*self._accepted.of(found.dhash), *before]:
                reasons.append(f"distinct: it looks like {alike[0]}")
        if not reasons:
            self._accepted.add(found.dhash, job.stem)
            await self._remember(job, found.dhash, picture)
        aside = Aside.REJECTED if reasons else None
        return Remarks(unmet=tuple(reasons), tried=tried, dhash=found.dhash, aside=aside)

    async def _remember(self, job: Job, dhash: str, picture: Picture) -> None:
        """Now and not at the end of the run, which may be cut off: what comes after it must differ from this one."""
        if DISTINCT in job.expect:
            with suppress(StorageError):  # told by whoever writes into it at the end
                await self._catalog.remember([Likeness(picture.sha256, dhash, Path(_place(job, picture)))])

    async def _likenesses(self) -> Alike:
        """Of all pictures made before this run."""
        if self._known is None:
            try:
                seen = await self._catalog.likenesses()
            except StorageError:
                seen = ()  # told by whoever writes into it; what is made now is compared all the same
            self._known = Alike((each.dhash, str(each.path)) for each in seen)
        return self._known


def _is_there(name: str) -> bool:
    return Path(name).exists()


def _place(job: Job, picture: Picture) -> str:
    """Where the picture is going to be, if its name is free."""
    return str(job.directory / f"{job.stem}.{'jpg' if picture.format == 'jpeg' else picture.format}")


def _size(job: Job, picture: Picture) -> list[str]:
    if "size" not in job.expect or job.size.is_auto:
        return []
    if (picture.width, picture.height) == (job.size.width, job.size.height):
        return []
    return [f"size: asked for {job.size}, got {picture.width}x{picture.height}"]
