"""Pictures as they were described or measured, as JSON says it."""

from pathlib import Path

from PIL import Image

from imgcli.cli.viewing import MEASURED, Viewed, measured
from imgcli.director.description import Description
from imgcli.inputs.read import read_input


def test_a_description_is_told_part_by_part() -> None:
    told = Viewed("car.png", "ab", "words-1", Description("a car", text=("OPEN",))).plain()
    assert list(told) == ["path", "sha256", "by", "subject", "composition", "light", "palette", "medium", "text"]
    assert (told["subject"], told["text"]) == ("a car", ["OPEN"])


def test_a_failure_is_told_instead() -> None:
    assert Viewed("a", "b", "c", None, "why").plain() == {"path": "a", "sha256": "b", "by": "c", "error": "why"}


def test_what_is_measured_says_so(tmp_path: Path) -> None:
    Image.new("RGB", (30, 20), "red").save(tmp_path / "a.png")
    (seen,) = measured([read_input(tmp_path / "a.png", "a.png")])
    told = seen.plain()
    assert (told["by"], told["shape"]) == (MEASURED, "landscape 3:2")
    assert told["colours"] == [{"hex": "#ff0000", "name": "red", "share": 1.0}]
