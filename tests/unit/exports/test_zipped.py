import hashlib
import json
import os
import zipfile
from io import BytesIO
from pathlib import Path

from imgcli.exports.manifest import MANIFEST, SUMS, Made, Refused, manifest, sums
from imgcli.exports.place import write_new
from imgcli.exports.plan import Skipped
from imgcli.exports.zipped import write_zip
from tests.fakes.masters import a_master

FILES = {"web/b.webp": b"bb", "web/a.webp": b"a" * 5000, SUMS: b"sums" * 100, MANIFEST: b"{}"}


def packed(staging: Path, names: list[str]) -> bytes:
    out = BytesIO()
    write_zip(staging, names, out)
    return out.getvalue()


def test_a_zip_is_the_same_whenever_it_is_made(tmp_path: Path) -> None:
    for place, when in (("one", 1), ("two", 2_000_000_000)):
        for name, data in FILES.items():
            write_new(tmp_path / place / name, data)
            os.utime(tmp_path / place / name, (when, when))
    one = packed(tmp_path / "one", list(FILES))
    assert one == packed(tmp_path / "two", sorted(FILES))
    with zipfile.ZipFile(BytesIO(one)) as found:
        assert found.namelist() == [SUMS, MANIFEST, "web/a.webp", "web/b.webp"]
        assert {name: found.read(name) for name in FILES} == FILES
        assert {(each.date_time, each.external_attr >> 16) for each in found.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 0o100644)
        }


def test_a_manifest_says_what_each_file_was_made_from() -> None:
    master = a_master()
    made = [
        Made("web/b.png", "web", "02" * 32, 20, "png", 3, 2, ("scaled to 3x2",), True, (master,)),
        Made("web/a.xml", "web", "01" * 32, 10, "xml", 0, 0, (), False, (master,)),
    ]
    data = manifest(made, [Skipped("web/c.png", master, "too large")], [Refused("d.png", "x", "gone")], ["web"], "imgcli")
    told = json.loads(data)
    assert [each["path"] for each in told["files"]] == ["web/a.xml", "web/b.png"]
    assert told["files"][1] == {
        "path": "web/b.png",
        "set": "web",
        "sha256": "02" * 32,
        "bytes": 20,
        "format": "png",
        "width": 3,
        "height": 2,
        "done": ["scaled to 3x2"],
        "labelled": True,
        "masters": [{"name": "a car.png", "sha256": "ab" * 32, "attempt": "attempt-1"}],
    }
    assert told["skipped"] == [{"path": "web/c.png", "master": "a car.png", "why": "too large"}]
    assert told["refused"] == [{"master": "d.png", "attempt": "x", "why": "gone"}]
    assert "C2PA" in told["note"]


def test_sums_are_sorted_as_tools_check_them() -> None:
    digest = hashlib.sha256(b"").hexdigest()
    assert sums([("b", digest), ("a/x y", digest)]) == f"{digest}  a/x y\n{digest}  b\n".encode()
