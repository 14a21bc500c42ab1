"""Content Credentials by their container's markers, and what counts as a sidecar."""

import io
import json
import os
from pathlib import Path

import pytest

from imgcli.header import has_credentials
from imgcli.model.inspection import Verdict
from imgcli.storage.inspect import inspect_strays, told_in
from imgcli.storage.wall import Wall
from tests.fake_api import pictures

PNG, JPEG = pictures.png(64, 48, 1), pictures.jpeg(64, 48, 1)
JUMBF = b"JP\x00\x01\x00\x00\x00\x01\x00\x00\x00\x60jumb\x00\x00\x00\x1ejumdc2pa\x00\x11\x00\x10"
RIFF = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(10)


def chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + bytes(4)


def segment(data: bytes) -> bytes:
    return b"\xff\xeb" + (len(data) + 2).to_bytes(2, "big") + data


@pytest.mark.parametrize(
    ("kind", "data", "held"),
    [
        ("png", PNG, False),
        ("png", PNG[:33] + chunk(b"caBX", b"x" * 100) + PNG[33:], True),
        ("png", PNG[:33] + chunk(b"tEXt", b"caBX") + PNG[33:], False),
        ("png", PNG[:33] + b"\xff\xff\xff\xffcaBX", True),
        ("png", PNG[:20], False),
        ("jpeg", JPEG, False),
        ("jpeg", JPEG[:2] + segment(JUMBF) + JPEG[2:], True),
        ("jpeg", JPEG[:2] + segment(b"JP something else") + JPEG[2:], False),
        ("jpeg", JPEG[:2] + segment(b"c2pa without a box") + JPEG[2:], False),
        ("jpeg", b"\xff\xd8\xff", False),
        ("webp", RIFF, False),
        ("webp", RIFF + b"EXIF\x03\x00\x00\x00abc\x00C2PA\x01\x00\x00\x00x\x00", True),
        ("webp", RIFF + b"EXIF\x04\x00\x00\x00C2PA", False),
        ("gif", b"GIF89a C2PA caBX", False),
    ],
)
def test_credentials_are_seen_without_a_decoder(kind: str, data: bytes, held: bool) -> None:
    assert has_credentials(io.BytesIO(data), kind) is held


def test_files_of_others_are_none_of_our_business(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text('{"name": "x"}')
    (tmp_path / "list.json").write_text("[]")
    (tmp_path / "torn.json").write_text('{"name": ')
    (tmp_path / "photo.png").write_bytes(PNG)
    os.mkfifo(tmp_path / "pipe.json")
    (tmp_path / "endless.json").symlink_to("/dev/zero")
    assert list(inspect_strays(tmp_path, set(), read_data=True)) == []
    assert list(told_in(tmp_path)) == list(told_in(tmp_path / "nowhere")) == []


def test_only_what_a_run_needs_while_it_works_is_a_leftover(tmp_path: Path) -> None:
    wall = Wall(tmp_path / "gallery", "mark", single=False)
    wall.open()
    wall.show(["mark"])
    (tmp_path / ".imgcli-of-another-version").touch()
    assert list(inspect_strays(tmp_path, set(), read_data=True)) == []
    left = [".imgcli-0198-aa.part", ".imgcli-0198-bb.meta", ".imgcli-0198-cc.copy", ".imgcli-probe-00ff"]
    for name in left:
        (tmp_path / name).touch()
    found = list(inspect_strays(tmp_path, set(), read_data=True))
    assert ([each.path.name for each in found], {each.verdict for each in found}) == (left, {Verdict.UNFINISHED})


@pytest.mark.parametrize("text", [json.dumps({"imgcli_sidecar": 1}), '{"imgcli_sidecar": 1, '])
def test_a_sidecar_that_is_torn_or_misses_half_is_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / "car.png").write_bytes(PNG)
    (tmp_path / "car.png.json").write_text(text)
    (found,) = inspect_strays(tmp_path, set(), read_data=False)
    assert (found.path.name, found.verdict) == ("car.png", Verdict.DAMAGED)
