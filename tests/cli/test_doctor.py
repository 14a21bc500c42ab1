import json
from pathlib import Path

import pytest

from tests.cli.run_cli import imgcli


def findings(*words: str) -> dict[str, str]:
    return {line["subject"]: line["level"] for line in map(json.loads, imgcli("doctor", "--json", *words).lines)}


def test_a_fresh_home_is_well_and_only_lacks_a_key(tmp_path: Path) -> None:
    seen = imgcli("doctor", "--out", str(tmp_path / "out"))
    assert seen.code == 0
    found = findings("--out", str(tmp_path / "out"))
    assert found["ledger"] == found["output directory"] == found["clock"] == found["config"] == "ok"
    assert found["provider openai"] == "warn"
    assert found["provider placeholder"] == "ok"


def test_a_broken_config_is_the_finding(home: Path) -> None:
    (home / "config").mkdir(parents=True)
    (home / "config" / "config.toml").write_text("jobs = 0\n")
    seen = imgcli("doctor")
    assert seen.code == 1
    assert "jobs" in seen.out


def test_a_damaged_ledger_is_found(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "ledger.db").write_bytes(b"this is no database, and it is long enough to be looked at" * 100)
    seen = imgcli("doctor", "--offline")
    assert seen.code == 1
    assert "not a ledger" in " ".join(seen.out.split())


def test_an_output_directory_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    assert findings("--offline", "--out", str(tmp_path / "out"))["output directory"] == "fail"


def test_a_server_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert findings()["provider openai"] == "fail"


def test_a_webhook_that_cannot_be_signed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "webhook" not in findings("--offline")
    monkeypatch.setenv("IMGCLI_WEBHOOK_URL", "https://hooks.example/pathword")
    for secret, level in (("", "warn"), ("too-short-a-one", "warn"), ("a-good-secret-0123456789-0123", "ok")):
        monkeypatch.setenv("IMGCLI_WEBHOOK_SECRET", secret)
        assert findings("--offline")["webhook"] == level
    seen = imgcli("doctor", "--offline")
    assert "https://hooks.example/..." in seen.out
    assert "pathword" not in seen.out
