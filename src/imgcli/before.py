"""What earlier runs left of a job: a picture that is whole, an open question, or nothing."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from imgcli.errors import AttemptError, Money, StorageError
from imgcli.model.attempt import Record, State
from imgcli.model.job import Job
from imgcli.model.outcome import Failed, Listed, Outcome, Refused, RefusedBy, Reused, SetAside, Uncertain
from imgcli.model.picture import Saved
from imgcli.model.verdict import UNREMARKED, Aside
from imgcli.ports import Studio

UNDER_WAY = frozenset({State.RESERVED, State.SENT, State.RECEIVED, State.SAVED})


async def already(
    job: Job, studio: Studio, lost: Collection[str] = (), listed: Listed | None = None
) -> Outcome | Record | int:
    """What earlier runs of the same batch left of this job, or those of others who share its lock file.

    An outcome: a picture that is whole, or an open question. A record: the attempt of another run that makes it now.
    Else how far the ledger was read (`Standing.seen`): there is nothing, or an attempt of `lost`, and it may be made.

    Raises:
        StorageError: its paid picture cannot be seen now.
    """
    standing = await studio.ledger.standing(job.key, job.directory)
    saved = await studio.store.intact(standing.made) if standing.made else None
    if standing.made and saved:
        with suppress(StorageError):  # a sidecar that somebody edited is theirs
            await studio.store.tell(standing.made)
    # Of several pictures of one job the library has the one that its lock file names.
    is_another = listed is not None and not (saved and saved.path == Path(listed.path))
    if listed and is_another and await studio.store.holds(Path(listed.path), listed.sha256):
        # All sidecars of the directory are read for it, so only where it matters.
        told = await studio.store.kept(job) if job.guard else None
        remarks = told.remarks if told and told.directory / told.name == Path(listed.path) else UNREMARKED
        reused = Reused(job, Path(listed.path), "made before, as the lock file tells", *listed[1:])
        return replace(reused, remarks=remarks) if job.guard else reused
    if saved and standing.made and not _may_be_bettered(job, standing.made):
        return _made_before(job, standing.made, saved, "made before")
    if standing.made and standing.made.remarks.deleted:
        return Refused(
            job, RefusedBy.MODERATION, f"set aside and {standing.made.remarks.settled}; --again makes it anew"
        )
    if standing.open is None or standing.open.attempt in lost:
        # Moved, copied, or made before a ledger that was restored: the sidecar beside it knows.
        told = await studio.store.kept(job)
        if told and not _may_be_bettered(job, told) and (saved := await studio.store.intact(told)):
            return _made_before(job, told, saved, "made before, as its sidecar tells")
        return standing.seen
    if standing.open.state in UNDER_WAY:
        return standing.open
    return _left_open(job, standing.open)


async def rejected(job: Job, studio: Studio) -> int:
    """How many pictures of `job` were made and were not what was expected, up to the newest, which was not either."""
    if not job.tries:
        return 0
    # A ledger that was lost knows none of them, and their sidecars do.
    made = (await studio.ledger.standing(job.key, job.directory)).made or await studio.store.kept(job)
    return made.remarks.tried if made and made.remarks.aside is Aside.REJECTED else 0


def _may_be_bettered(job: Job, made: Record) -> bool:
    """Whether `made` is not what was expected and another may be made."""
    return made.remarks.aside is Aside.REJECTED and not made.remarks.settled and made.remarks.tried <= job.tries


def _made_before(job: Job, record: Record, saved: Saved, why: str) -> Outcome:
    """What was made before; a picture that was set aside stays there, until a person lets it out."""
    if record.remarks.aside and not record.remarks.settled:
        is_rejected = record.remarks.aside is Aside.REJECTED
        way_out = f"--again {job.entry} makes another" if is_rejected else f"imgcli quarantine show {record.attempt}"
        reason = f"made before: {record.remarks.why}; {way_out}"
        return SetAside(job, saved, 0, record.remarks.aside, reason, before=True)
    return Reused(job, saved.path, why, saved.picture.sha256, saved.picture.size_bytes, remarks=record.remarks)


def _left_open(job: Job, record: Record) -> Outcome:
    """The outcome of a job that a person has to decide on."""
    match record.state:
        case State.UNCERTAIN:
            return Uncertain(job, record.attempt, record.upper, record.reason)
        case State.MODERATED:
            return Refused(job, RefusedBy.MODERATION, f"refused before: {record.reason}", record.upper)
        case _:
            words = f"billed before, and no picture came ({record.reason}); to have it made and billed anew:"
            command = f"imgcli budget resolve {record.attempt} --billed USD --reason TEXT"
            return Failed(job, AttemptError(f"{words}  {command}", money=Money.POST))
