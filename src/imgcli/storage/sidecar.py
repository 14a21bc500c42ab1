"""The sidecar: what stands in `car.png.json` beside `car.png`, always the same bytes for the same record."""

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Literal

import msgspec

from imgcli.model.attempt import Record, State
from imgcli.model.input import Edit, Input
from imgcli.model.job import FORMATS, Job, Look
from imgcli.model.money import exact_usd
from imgcli.model.origin import Match, Origin, Place
from imgcli.model.picture import Painted, Picture, Usage
from imgcli.model.plain import plain
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import parse_size
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict

DEAREST = 10_000 * 10**9
"""Nano-USD that no single picture costs; more is a mistake or a trick."""

MOST_FINALS = 1000
"""Of one draft."""

SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
"""IPTC DigitalSourceType, the vocabulary that Content Credentials use."""


_HASH = re.compile(r"[0-9a-f]{64}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The words typed, the words sent, and the words the model says it used (empty if it says nothing)."""

    typed: str
    directed: str
    negative: str
    revised: str
    styles: tuple[str, ...]
    constraints: tuple[str, ...]
    # What came later is left out where nothing is to be said: older sidecars stay the same bytes.
    style_versions: tuple[str, ...] = ()
    expanded: str = ""


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the provider was asked for; what came is told by the picture's own bytes."""

    provider: str
    model: str
    size: str
    quality: str
    format: str
    seed: int | None
    background: str = "auto"
    through: str = ""
    input_fidelity: str = ""


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A picture that was sent with the words, as `input`, `mask` or `markup`; `file` is what the user called it.

    `origin` of one that was made from it stands for its bytes in the key.
    """

    role: Literal["input", "mask", "markup"]
    file: str
    sha256: str
    bytes: int
    format: str
    width: int
    height: int
    origin: str = ""


class Moderated(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one layer of moderation said of the prompt, an input or the picture; scores go from 0 to 1."""

    stage: Literal["prompt", "input", "picture"]
    layer: str
    decision: Literal["cleared", "warned", "blocked", "unavailable"]
    reason: str = ""
    scores: tuple[tuple[str, float], ...] = ()


class Wanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of a draft: the look of the picture it stands for."""

    size: str
    quality: str


class Cost(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was posted to the ledger. `known` is false when no price was stated and `usd` is therefore 0."""

    usd: str
    nano_usd: int
    known: bool
    rates: str
    flags: tuple[str, ...]


class Taken(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of a copy: the picture it was taken from, instead of being made and paid again.

    `place` is `directory` for one of the same ledger, `cache` for the cache directory; `attempt` made it, for `usd`.
    Where its words were others, `match` is `loose` or `near`, and `typed` and `directed` are the words it was made of.
    """

    place: Literal["directory", "cache"]
    file: str
    attempt: str
    usd: str
    nano_usd: int
    known: bool = True
    match: Literal["exact", "loose", "near"] = "exact"
    typed: str = ""
    directed: str = ""


class Tokens(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Tokens the provider says it used; `words_in` and `words_out` are those of the text model `asked.through`."""

    text_in: int
    image_in: int
    image_out: int
    text_out: int
    words_in: int = 0
    words_out: int = 0


class Sidecar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The story of one picture. A change of meaning raises `imgcli_sidecar`; new fields may be added.

    `draft` is the attempt that made the draft of this picture; `finals` are those that made finals of it, and are told
    later, when there are some: all else is written once. `again` is the attempt that this picture was made anew after.
    `inputs` are the pictures it was made from. `aside` is the directory it is kept in instead of among the others,
    `unmet` what it was expected to be and is not, `tried` how many pictures of its job it makes.
    `reused` is told of a copy: it cost nothing, and times, usage and the model's words are those of the picture it is of.
    """

    imgcli_sidecar: Literal[1]
    imgcli: str
    file: str
    sha256: str
    bytes: int
    format: str
    width: int
    height: int
    digital_source_type: str
    prompt: Words
    asked: Asked
    cost: Cost
    usage: Tokens | None
    request_id: str
    id: str
    tags: tuple[str, ...]
    variant: int
    key: str
    attempt: str
    run: str
    asked_at: str
    received_at: str
    notes: tuple[str, ...]
    draft: str = ""
    wanted: Wanted | None = None
    finals: tuple[str, ...] = ()
    inputs: tuple[Given, ...] = ()
    moderation: tuple[Moderated, ...] = ()
    expect: tuple[str, ...] = ()
    unmet: tuple[str, ...] = ()
    tried: int = 1
    dhash: str = ""
    aside: str = ""
    settled: str = ""
    reused: Taken | None = None
    again: str = ""


def sidecar_bytes(record: Record, finals: tuple[str, ...] = ()) -> bytes:
    """The sidecar of a saved picture: UTF-8 JSON, two-space indent, a newline at the end; no clock is read.

    `finals` are the attempts that made finals of it.

    Raises:
        ValueError: the record has no picture.
    """
    job, picture, painted = record.job, record.picture, record.painted
    if picture is None or painted is None:
        raise ValueError(f"attempt {record.attempt} has no picture")
    used = painted.usage
    words = job.prompt
    story = Sidecar(
        imgcli_sidecar=1,
        imgcli=record.imgcli,
        file=PurePosixPath(record.name).name,
        sha256=picture.sha256,
        bytes=picture.size_bytes,
        format=picture.format,
        width=picture.width,
        height=picture.height,
        digital_source_type=SOURCE_TYPE + painted.source_type,
        prompt=Words(
            words.typed,
            words.text,
            words.negative,
            painted.revised,
            words.styles,
            words.constraints,
            words.versions,
            words.expanded,
        ),
        asked=Asked(
            job.provider,
            job.model,
            str(job.size),
            job.quality,
            job.format,
            job.seed,
            job.background,
            job.through,
            job.edit.fidelity if job.edit else "",
        ),
        cost=Cost(
            exact_usd(record.cost or 0),
            record.cost or 0,
            known="unpriced" not in record.flags,
            rates=record.rates,
            flags=record.flags,
        ),
        usage=Tokens(**plain(used)) if used else None,
        request_id=painted.request_id,
        id=job.entry,
        tags=job.tags,
        variant=job.variant,
        key=job.key,
        attempt=record.attempt,
        run=record.run,
        asked_at=record.created_at,
        received_at=record.received_at,
        notes=painted.notes,
        draft=job.draft,
        wanted=Wanted(str(job.wanted.size), job.wanted.quality) if job.wanted else None,
        finals=finals,
        inputs=_given(job.edit) if job.edit else (),
        moderation=tuple(
            Moderated(each.stage.value, each.layer, each.decision.value, each.reason, each.scores)
            for each in record.remarks.verdicts
        ),
        expect=job.expect,
        unmet=record.remarks.unmet,
        tried=record.remarks.tried,
        dhash=record.remarks.dhash,
        aside=record.remarks.aside.value if record.remarks.aside else "",
        settled=record.remarks.settled,
        reused=_taken(record.origin) if record.origin else None,
        again=job.again,
    )
    return _written(story)


def parse_sidecar(data: bytes, directory: Path) -> tuple[str, Record]:
    """The key of its job, and the record a sidecar in `directory` tells; colours are not in it.

    Raises:
        msgspec.DecodeError: no sidecar, or one of another version.
    """
    told = msgspec.json.decode(data, type=Sidecar)
    _require_sane(told)
    words, asked, used = told.prompt, told.asked, told.usage
    # A picture that was set aside is still one of the directory above.
    is_aside = bool(told.aside) and directory.name == told.aside
    directory = directory.parent if is_aside else directory
    try:
        size = parse_size(asked.size)
        look = Look(parse_size(told.wanted.size), told.wanted.quality) if told.wanted else None
    except ValueError as error:
        raise msgspec.ValidationError(str(error)) from error
    job = Job(
        provider=asked.provider,
        model=asked.model,
        prompt=DirectedPrompt(
            words.typed,
            words.directed,
            words.negative,
            words.styles,
            words.constraints,
            versions=words.style_versions,
            expanded=words.expanded,
        ),
        size=size,
        quality=asked.quality,
        format=asked.format,
        seed=asked.seed,
        variant=told.variant,
        entry=told.id,
        tags=told.tags,
        directory=directory,
        stem=told.file.rpartition(".")[0],
        background=asked.background,
        draft=told.draft,
        wanted=look,
        through=asked.through,
        edit=_edit(told.inputs, asked.input_fidelity) if told.inputs else None,
        expect=told.expect,
        again=told.again,
    )
    painted = Painted(
        usage=Usage(**msgspec.structs.asdict(used)) if used else None,
        request_id=told.request_id,
        revised=words.revised,
        notes=told.notes,
        source_type=told.digital_source_type.removeprefix(SOURCE_TYPE),
    )
    record = Record(
        attempt=told.attempt,
        run=told.run,
        state=State.SETTLED,
        job=job,
        upper=told.cost.nano_usd,
        cost=told.cost.nano_usd,
        rates=told.cost.rates,
        directory=directory,
        name=f"{told.aside}/{told.file}" if is_aside else told.file,
        picture=Picture(told.sha256, told.bytes, told.format, told.width, told.height),
        painted=painted,
        created_at=told.asked_at,
        received_at=told.received_at,
        flags=told.cost.flags,
        imgcli=told.imgcli,
        remarks=Remarks(
            tuple(
                Verdict(Stage(each.stage), each.layer, Decision(each.decision), each.reason, each.scores)
                for each in told.moderation
            ),
            told.unmet,
            told.tried,
            told.dhash,
            Aside(told.aside) if told.aside else None,
            told.settled,
        ),
        origin=_origin(told.reused) if told.reused else None,
    )
    return told.key, record


def _taken(origin: Origin) -> Taken:
    return Taken(
        origin.place.value,
        origin.file,
        origin.attempt,
        exact_usd(origin.cost or 0),
        origin.cost or 0,
        origin.cost is not None,
        origin.match.value,
        origin.typed,
        origin.directed,
    )


def _origin(told: Taken) -> Origin:
    cost = told.nano_usd if told.known else None
    match = Match(told.match)
    return Origin(Place(told.place), told.file, told.attempt, cost, match, told.typed, told.directed)


def _given(edit: Edit) -> tuple[Given, ...]:
    roles: Sequence[tuple[Literal["input", "mask", "markup"], Input | None]] = (
        *(("input", each) for each in edit.inputs),
        ("mask", edit.mask),
        ("markup", edit.markup),
    )
    return tuple(
        Given(role, each.name, each.sha256, each.size_bytes, each.format, each.width, each.height, each.origin)
        for role, each in roles
        if each
    )


def _edit(given: Sequence[Given], fidelity: str) -> Edit:
    """What a sidecar tells of it: where the pictures lie is told by none."""
    parts: dict[str, list[Input]] = {"input": [], "mask": [], "markup": []}
    for each in given:
        name = Path(each.file)
        shape = each.format, each.width, each.height
        parts[each.role].append(Input(name, each.sha256, each.bytes, *shape, each.file, each.origin))
    mask, markup = (next(iter(parts[role]), None) for role in ("mask", "markup"))
    return Edit(tuple(parts["input"]), mask, markup, fidelity)


def finals_in(data: bytes) -> tuple[str, ...]:
    """The finals that a sidecar tells; none if it is no sidecar."""
    try:
        told = msgspec.json.decode(data, type=Sidecar)
        _require_sane(told)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ()
    return told.finals


def tells(data: bytes, record: Record) -> bool:
    """Whether `data` is the sidecar of `record`, with whatever finals."""
    return data == sidecar_bytes(record) or data == sidecar_bytes(record, finals_in(data))


def with_finals(data: bytes, finals: tuple[str, ...]) -> bytes | None:
    """The sidecar `data` with `finals` told behind those it tells; None if it is none, or somebody wrote in it."""
    try:
        told = msgspec.json.decode(data, type=Sidecar)
        _require_sane(told)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    every = tuple(dict.fromkeys([*told.finals, *finals]))
    if data != _written(told) or len(every) > MOST_FINALS:
        return None
    return _written(msgspec.structs.replace(told, finals=every))


def _written(told: Sidecar) -> bytes:
    return msgspec.json.format(msgspec.json.encode(told), indent=2) + b"\n"


def _require_sane(told: Sidecar) -> None:
    """Refuse what no imgcli writes: a sidecar is a file that anybody may have put there.

    Raises:
        msgspec.ValidationError: with the field.
    """
    times = (told.asked_at, told.received_at)
    checks = {
        "cost": 0 <= told.cost.nano_usd <= DEAREST,
        "file": told.file.isprintable() and not set(told.file) & set("/\\") and "." in told.file.strip("."),
        "attempt, run or key": all(_ID.fullmatch(word) for word in (told.attempt, told.run, told.key)),
        "times": all(_is_time(time) for time in times),
        "draft, again or finals": len(told.finals) <= MOST_FINALS
        and all(_ID.fullmatch(word) for word in (*filter(None, (told.draft, told.again)), *told.finals)),
        "format": told.asked.format in FORMATS and told.format in {*FORMATS, "gif", "svg", "avif"},
        "usage": told.usage is None or min(msgspec.structs.astuple(told.usage)) >= 0,
        "inputs": all(
            _HASH.fullmatch(mark) for each in told.inputs for mark in (each.sha256, each.origin or each.sha256)
        )
        and (not told.inputs or told.inputs[0].role == "input"),
        "aside": told.aside in {"", *(each.value for each in Aside)},
        "reused": told.reused is None
        or (
            0 <= told.reused.nano_usd <= DEAREST
            and told.cost.nano_usd == 0
            and bool(_ID.fullmatch(told.reused.attempt))
            and told.reused.file.isprintable()
        ),
        "dhash": not told.dhash or bool(re.fullmatch(r"[0-9a-f]{16}", told.dhash)),
        "shape": min(told.bytes, told.width, told.height, told.variant, told.tried) >= 0,
    }
    for name, sane in checks.items():
        if not sane:
            raise msgspec.ValidationError(f"{name}: no imgcli writes this")


def _is_time(text: str) -> bool:
    """Any year that a clock may show: a machine that lost its own begins in 1970, and still pays."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}Z", text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def sidecar_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the sidecar, published as `docs/sidecar.schema.json`."""
    schema = msgspec.json.schema(Sidecar)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "imgcli sidecar"} | schema
