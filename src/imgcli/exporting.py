"""Chosen masters -> derived files: each looked at, planned, drawn in processes, and put in place all together."""

import asyncio
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

from imgcli import __version__
from imgcli.errors import UsageError
from imgcli.exports.atlas import Piece, pack
from imgcli.exports.draw import can_write
from imgcli.exports.icons import android, apple, favicon
from imgcli.exports.label import xmp
from imgcli.exports.manifest import MANIFEST, SUMS, Made, Refused, manifest, sums
from imgcli.exports.plan import RAW, Drawing, File, Planned, Skipped, name_apart, pieces, web
from imgcli.exports.sprite import compose, encoded, frames
from imgcli.exports.wish import Label, Master, Wish
from imgcli.measure.workers import Workers
from imgcli.model.pick import Pick
from imgcli.rendering import CHANGED, Manner, look, render, written

TOOL = f"imgcli {__version__}"
AT_ONCE = 16
"""Masters in hand at once; the workers have their own bounds."""

PLANNERS: dict[str, Callable[[Master, Wish], Iterator[Planned]]] = {
    "web": web,
    "favicon": favicon,
    "apple": apple,
    "android": android,
    "sprite": pieces,
}


@dataclass(frozen=True, slots=True)
class Looked:
    """The masters that are as they were saved, and those that are not."""

    masters: tuple[Master, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    files: tuple[File, ...]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class Exported:
    """Files that lie ready; `paths` are all of them in the order in which they are to get their names."""

    made: tuple[Made, ...]
    skipped: tuple[Skipped, ...]
    refused: tuple[Refused, ...]
    paths: tuple[str, ...]


async def look_at(picks: Sequence[Pick], safe: Callable[[str], str]) -> Looked:
    """Each picture by its recorded SHA-256; `safe` makes a stem one that every system takes."""
    masters: list[Master] = []
    refused: list[Refused] = []
    stems = name_apart([safe(pick.path.stem) for pick in picks])
    for start in range(0, len(picks), AT_ONCE):
        some = list(zip(picks, stems, strict=True))[start : start + AT_ONCE]
        for each in await asyncio.gather(*(_look(pick, stem) for pick, stem in some)):
            (refused if isinstance(each, Refused) else masters).append(each)  # type: ignore[arg-type]
    return Looked(tuple(masters), tuple(refused))


async def _look(pick: Pick, stem: str) -> Master | Refused:
    record = pick.record
    picture, painted = record.picture, record.painted
    if picture is None:
        return Refused(pick.path.name, record.attempt, CHANGED)
    try:
        width, height = await asyncio.to_thread(look, pick.path, picture.sha256)
    except ValueError as error:
        return Refused(pick.path.name, record.attempt, str(error))
    kind = painted.source_type if painted else "trainedAlgorithmicMedia"
    return Master(pick.path, stem, picture.sha256, record.attempt, kind, record.job.prompt.typed, width, height)


def plan(masters: Sequence[Master], wish: Wish) -> Plan:
    """All files of all masters, those of one master together.

    Raises:
        UsageError: this machine cannot write a format that is wished, or an atlas would be too large.
    """
    wanted = (
        *(wish.web_formats if "web" in wish.sets else ()),
        *(wish.sprite_formats if "sprite" in wish.sets else ()),
    )
    for form in wanted:
        if not can_write(form):
            raise UsageError(f"the Pillow of this Python cannot write {form}; leave {form} out of --as")
    planned = [each for master in masters for name in wish.sets for each in PLANNERS[name](master, wish)]
    files = tuple(each for each in planned if isinstance(each, File))
    if found := _pieces(files):
        pack(found, wish.padding, wish.max_size)  # before anything is drawn for it
    return Plan(files, tuple(each for each in planned if isinstance(each, Skipped)))


def foreseen(planned: Plan, wish: Wish) -> list[tuple[str, int, int]]:
    """(path, width, height) of all files that would be made; 0 x 0 of those that hold text."""
    told = []
    for file in planned.files:
        match file.content:
            case str():
                told.append((file.path, 0, 0))
            case how if how.format != RAW:
                told.append((file.path, how.width, how.height))
    if found := _pieces(planned.files):
        atlas = pack(found, wish.padding, wish.max_size)
        for picture, table in _atlas_names(wish):
            told += [(picture, atlas.width, atlas.height), (table, 0, 0)]
    return [*sorted(told), (MANIFEST, 0, 0), (SUMS, 0, 0)]


def _pieces(files: Sequence[File]) -> list[Piece]:
    drawings = [(file.master.stem, file.content) for file in files if isinstance(file.content, Drawing)]
    return [Piece(stem, how.width, how.height) for stem, how in drawings if how.format == RAW]


def _atlas_names(wish: Wish) -> list[tuple[str, str]]:
    """The picture and the table of each atlas; the first format has the plain name."""
    first, *more = wish.sprite_formats
    return [(f"sprite/sprite.{first}", "sprite/sprite.json")] + [
        (f"sprite/sprite.{form}", f"sprite/sprite-{form}.json") for form in more
    ]


async def make(planned: Plan, looked: Looked, wish: Wish, staging: Path, tell: Callable[[int], None]) -> Exported:
    """Draw all files below `staging`; a master that turns out damaged is refused, and the others go on.

    Raises:
        StorageError: the disk refuses.
        UsageError: the pictures do not fit into an atlas.
    """
    manner = Manner(wish.background, wish.quality, wish.label, TOOL)
    workers = Workers(os.cpu_count())
    made: list[Made] = []
    refused = list(looked.refused)
    groups = [list(files) for _, files in groupby(planned.files, key=lambda file: file.master.stem)]
    try:
        for start in range(0, len(groups), AT_ONCE):
            some = groups[start : start + AT_ONCE]
            waiting = (_render(files, staging, manner, workers) for files in some)
            # All end before one of them is told: what still writes would keep the directory from being taken away.
            for each in await asyncio.gather(*waiting, return_exceptions=True):
                if isinstance(each, BaseException):
                    raise each
                if isinstance(each, Refused):
                    refused.append(each)
                else:
                    made += each
            tell(min(len(groups), start + AT_ONCE))
    finally:
        workers.close()
    return await asyncio.to_thread(_close, made, planned.skipped, refused, wish, staging)


async def _render(files: list[File], staging: Path, manner: Manner, workers: Workers) -> list[Made] | Refused:
    try:
        return await workers.run(partial(render, files, staging, manner))
    except ValueError as error:
        return Refused(files[0].master.name, files[0].master.attempt, str(error))


def _close(
    made: Sequence[Made], skipped: Sequence[Skipped], refused: Sequence[Refused], wish: Wish, staging: Path
) -> Exported:
    """The atlas, then the manifest and the sums of what was made, last: where they are, all the others are."""
    drawn = [each for each in made if each.format == RAW]
    made = [each for each in made if each.format != RAW]
    if drawn:
        made += _atlas(drawn, wish, staging)
    story = manifest(made, skipped, refused, wish.sets, TOOL)
    digests = [(each.path, each.sha256) for each in made]
    written(staging, MANIFEST, story)
    written(staging, SUMS, sums([*digests, (MANIFEST, hashlib.sha256(story).hexdigest())]))
    paths = (*sorted(each.path for each in made), MANIFEST, SUMS)
    return Exported(tuple(made), tuple(skipped), tuple(refused), paths)


def _atlas(drawn: Sequence[Made], wish: Wish, staging: Path) -> Iterator[Made]:
    """Pictures and tables of the atlas of what was drawn for it, which goes.

    Raises:
        StorageError: the disk refuses.
    """
    masters = tuple(each.masters[0] for each in drawn)
    found = [Piece(each.masters[0].stem, each.width, each.height) for each in drawn]
    places = pack(found, wish.padding, wish.max_size)
    files = [staging / each.path for each in drawn]
    whole = compose(places, found, files)
    for file in files:
        file.unlink()
    kinds = {step for each in drawn for step in each.done if not step.startswith("scaled")}
    scaled = (f"scaled to a width of {wish.width}",) if wish.width else ()
    done = (*sorted(kinds), *scaled, f"packed with {len(drawn) - 1:,} more")
    packet = xmp(masters, wish.label, TOOL)
    for picture, table in _atlas_names(wish):
        form, name = picture.rsplit(".", 1)[-1], picture.rsplit("/", 1)[-1]
        text = frames(places, found, name, TOOL).encode()
        for path, kind, size, data in (
            (picture, form, (places.width, places.height), encoded(whole, form, packet)),
            (table, "json", (0, 0), text),
        ):
            written(staging, path, data)
            digest, labelled = hashlib.sha256(data).hexdigest(), wish.label is not Label.NONE and kind != "json"
            yield Made(path, "sprite", digest, len(data), kind, *size, done, labelled, masters)
