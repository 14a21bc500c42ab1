import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from imgcli.model.attempt import Record, State
from imgcli.model.input import Edit
from imgcli.model.job import Look
from imgcli.model.picture import Painted, Usage
from imgcli.model.size import Size
from imgcli.storage.sidecar import (
    Sidecar,
    finals_in,
    parse_sidecar,
    sidecar_bytes,
    sidecar_schema,
    tells,
    with_finals,
)
from tests.fakes.jobs import A_PICTURE, SOME_PAINTED, a_job, an_input

RECORD = Record(
    attempt="01a1fd1f-666b-756c-9d44-d415359a8970",
    run="run-1",
    state=State.SAVED,
    job=a_job(directory=Path("/home/alice/secret project"), tags=("launch",)),
    upper=20_000_000,
    cost=13_210_000,
    rates="2026-11-21",
    directory=Path("/home/alice/secret project"),
    name="car.png",
    picture=A_PICTURE,
    painted=SOME_PAINTED,
    created_at="2026-11-21T12:00:00.000000Z",
    received_at="2026-11-21T12:00:09.000000Z",
    imgcli="0.1.0",
)


def test_it_tells_the_story_and_nothing_of_the_machine() -> None:
    data = sidecar_bytes(RECORD)
    told = json.loads(data)
    assert told["prompt"]["typed"] == "a car"
    assert told["cost"] == {"usd": "0.01321", "nano_usd": 13_210_000, "known": True, "rates": "2026-11-21", "flags": []}
    assert told["usage"]["image_out"] == 439
    assert told["digital_source_type"].endswith("/trainedAlgorithmicMedia")
    assert b"/home" not in data
    assert data.endswith(b"}\n")


def test_a_picture_asked_through_a_text_model_says_so_and_others_nothing() -> None:
    plain = json.loads(sidecar_bytes(RECORD))
    assert not {"through", "words_in", "words_out"} & {*plain["asked"], *plain["usage"]}
    job = replace(RECORD.job, through="gpt-6-luna")
    painted = replace(SOME_PAINTED, usage=Usage(30, 0, 439, words_in=2300, words_out=60), revised="a red car")
    record = replace(RECORD, job=job, painted=painted)
    told = json.loads(sidecar_bytes(record))
    assert (told["asked"]["through"], told["prompt"]["revised"]) == ("gpt-6-luna", "a red car")
    assert (told["usage"]["words_in"], told["usage"]["words_out"]) == (2300, 60)
    key, again = parse_sidecar(sidecar_bytes(record), RECORD.directory)
    assert (key, again.job.key) == (job.key, job.key)
    assert again.painted is not None
    assert again.painted.usage == painted.usage


def test_the_same_record_gives_the_same_bytes_and_they_decode() -> None:
    assert sidecar_bytes(RECORD) == sidecar_bytes(replace(RECORD, state=State.SETTLED, reason="x"))
    assert msgspec.json.decode(sidecar_bytes(RECORD), type=Sidecar).file == "car.png"


@pytest.mark.parametrize("year", ["1970", "1999", "2026", "2105"])
def test_what_was_written_under_a_wrong_clock_is_believed(year: str) -> None:
    at = f"{year}-11-21T12:00:00.000000Z"
    _, told = parse_sidecar(sidecar_bytes(replace(RECORD, created_at=at, received_at=at)), RECORD.directory)
    assert (told.created_at, told.received_at, told.cost) == (at, at, RECORD.cost)


@pytest.mark.parametrize("at", ["yesterday", "2026-11-31T12:00:00Z", "2026-11-21T12:00:61Z", "20261121T120000Z", ""])
def test_what_is_no_time_is_not(at: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="times"):
        parse_sidecar(sidecar_bytes(replace(RECORD, created_at=at)), RECORD.directory)


def test_an_unknown_price_is_not_told_as_free() -> None:
    told = json.loads(sidecar_bytes(replace(RECORD, cost=0, flags=("unpriced",), rates="")))
    assert told["cost"]["known"] is False


def test_what_was_painted_here_does_not_claim_a_model() -> None:
    told = json.loads(sidecar_bytes(replace(RECORD, painted=Painted(free=True, source_type="algorithmicMedia"))))
    assert told["digital_source_type"].endswith("/algorithmicMedia")
    assert told["usage"] is None


def test_without_a_picture_there_is_no_story() -> None:
    with pytest.raises(ValueError, match="has no picture"):
        sidecar_bytes(replace(RECORD, picture=None))


def test_the_schema_names_every_field() -> None:
    schema = sidecar_schema()
    later = {
        "draft",
        "again",
        "wanted",
        "finals",
        "inputs",
        "moderation",
        "expect",
        "unmet",
        "tried",
        "dhash",
        "aside",
        "settled",
        "reused",
    }
    assert set(schema["$defs"]["Sidecar"]["properties"]) == {*json.loads(sidecar_bytes(RECORD))} | later


def test_of_a_picture_that_is_no_draft_nothing_is_said_of_drafts() -> None:
    """So that the sidecars of all pictures made before there were any stay the same bytes."""
    assert not {"draft", "wanted", "finals"} & json.loads(sidecar_bytes(RECORD)).keys()


DRAFT = replace(RECORD, job=replace(RECORD.job, wanted=Look(Size(2048, 1152), "high")))


def test_a_draft_tells_what_it_stands_for_and_comes_back() -> None:
    data = sidecar_bytes(DRAFT)
    assert json.loads(data)["wanted"] == {"size": "2048x1152", "quality": "high"}
    assert parse_sidecar(data, RECORD.directory)[1].job.wanted == DRAFT.job.wanted
    final = replace(RECORD, job=replace(RECORD.job, draft=RECORD.attempt))
    assert parse_sidecar(sidecar_bytes(final), RECORD.directory)[1].job.draft == RECORD.attempt


def test_finals_are_the_one_thing_that_may_be_added() -> None:
    data = sidecar_bytes(DRAFT)
    told = with_finals(data, ("one", "two"))
    assert told is not None
    assert finals_in(told) == ("one", "two")
    assert tells(told, DRAFT)
    assert tells(data, DRAFT)
    assert not tells(told.replace(b'"a car"', b'"a bar"'), DRAFT)
    assert not tells(told, replace(DRAFT, cost=1))
    assert not tells(b"", DRAFT)


@pytest.mark.parametrize(
    "change",
    [
        {"wanted": {"size": "huge", "quality": "high"}},
        {"wanted": {"size": "1x1"}},
        {"finals": ["x" * 65]},
        {"finals": ["a"] * 1001},
        {"finals": ["ü"]},
        {"draft": "x" * 65},
    ],
)
def test_what_no_imgcli_says_of_drafts_is_not_believed(change: dict[str, object]) -> None:
    data = json.dumps(json.loads(sidecar_bytes(DRAFT)) | change).encode()
    with pytest.raises(msgspec.ValidationError):
        parse_sidecar(data, RECORD.directory)


def test_what_was_not_said_is_left_out_so_that_older_sidecars_stay_the_same_bytes() -> None:
    told = json.loads(sidecar_bytes(RECORD))
    assert "draft" not in told
    assert "background" not in told["asked"]
    assert "style_versions" not in told["prompt"]


def test_versions_background_and_draft_are_told_and_read_back() -> None:
    words = replace(RECORD.job.prompt, styles=("noir",), versions=("0123456789ab",))
    record = replace(RECORD, job=replace(RECORD.job, prompt=words, background="transparent", draft="attempt-1"))
    job = parse_sidecar(sidecar_bytes(record), record.directory)[1].job
    assert (job.prompt.versions, job.background, job.draft) == (("0123456789ab",), "transparent", "attempt-1")


def test_the_pictures_it_was_made_from_come_back_with_its_key() -> None:
    made = an_input(sha256="ab" * 32, origin="12" * 32, name="box 1,1,2,2")
    edit = Edit((an_input(),), mask=made, fidelity="high")
    record = replace(RECORD, job=a_job(edit=edit))
    told = json.loads(sidecar_bytes(record))
    assert ["origin" in each for each in told["inputs"]] == [False, True]
    key, read = parse_sidecar(sidecar_bytes(record), record.directory)
    assert key == read.job.key == record.job.key
    spoilt = sidecar_bytes(record).replace(b"12" * 32, b"zz" * 32)
    with pytest.raises(msgspec.ValidationError, match="inputs: no imgcli writes this"):
        parse_sidecar(spoilt, record.directory)
