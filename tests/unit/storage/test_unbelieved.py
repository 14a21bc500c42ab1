from pathlib import Path

import pytest

from imgcli.storage.sidecar import sidecar_bytes
from imgcli.storage.unbelieved import unbelieved
from tests.unit.storage.test_sidecar import RECORD


@pytest.mark.parametrize(
    ("old", "new", "doubt"),
    [
        (b"", b"", None),
        (b'"imgcli_sidecar": 1', b'"imgcli_sidecar": 2', "imgcli_sidecar"),
        (b'"asked_at": "20', b'"asked_at": "x0', "times: no imgcli writes this"),
    ],
)
def test_each_sidecar_that_is_left_out_has_a_line_with_the_reason(
    tmp_path: Path, old: bytes, new: bytes, doubt: str | None
) -> None:
    path = tmp_path / f"{RECORD.name}.json"
    data = sidecar_bytes(RECORD)
    assert old in data
    path.write_bytes(data.replace(old, new, 1) if old else data)
    (tmp_path / "somebody-elses.json").write_text("{}")
    lines = list(unbelieved(tmp_path))
    assert len(lines) == (doubt is not None)
    assert all(line.startswith(f"{path}: ") and str(doubt) in line for line in lines)
