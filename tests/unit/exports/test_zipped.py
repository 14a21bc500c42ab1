import os
import zipfile
from io import BytesIO
from pathlib import Path

from imgcli.exports.manifest import MANIFEST, SUMS
from imgcli.exports.place import write_new
from imgcli.exports.zipped import write_zip

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
