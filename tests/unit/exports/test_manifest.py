import hashlib
import json

from imgcli.exports.manifest import Made, Refused, manifest, sums
from imgcli.exports.plan import Skipped
from tests.fakes.masters import a_master


def test_a_manifest_says_what_each_file_was_made_from() -> None:
    master = a_master()
    made = [
        Made("web/b.png", "web", "02" * 32, 20, "png", 3, 2, ("scaled to 3x2",), True, (master,)),
        Made("web/a.xml", "web", "01" * 32, 10, "xml", 0, 0, (), False, (master,)),
    ]
    data = manifest(
        made, [Skipped("web/c.png", master, "too large")], [Refused("d.png", "x", "gone")], ["web"], "imgcli"
    )
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
