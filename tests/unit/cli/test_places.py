from pathlib import Path

import pytest

from imgcli.cli.places import near


def test_what_lies_below_is_short_and_the_rest_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert near(tmp_path / "set" / "car.png") == str(Path("set", "car.png"))
    assert near(str(tmp_path / "car.png")) == "car.png"
    assert near("/elsewhere/car.png") == "/elsewhere/car.png"
