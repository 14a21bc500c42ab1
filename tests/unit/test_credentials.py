import stat
from pathlib import Path

import pytest

from imgcli.credentials import find_key, store_key
from imgcli.errors import SettingsError
from imgcli.model.secret import Secret

KEY = "sk-canary-0123456789abcdef"
HERE = {"IMGCLI_HOME": "/somewhere"}


def test_a_key_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "config" / "credentials"
    assert store_key("openai", f" {KEY}\n", HERE, file) == str(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    key, source = find_key("openai", "OPENAI_API_KEY", HERE, file)
    assert key is not None
    assert (key.reveal(), source) == (KEY, str(file))
    assert find_key("studio", "STUDIO_API_KEY", HERE, file) == (None, "")


def test_keys_of_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    store_key("openai", KEY, HERE, file)
    store_key("studio", "st-0123456789", HERE, file)
    store_key("openai", "sk-another-0123456789", HERE, file)
    key, _ = find_key("openai", "X", HERE, file)
    other, _ = find_key("studio", "X", HERE, file)
    assert key is not None
    assert other is not None
    assert (key.reveal(), other.reveal()) == ("sk-another-0123456789", "st-0123456789")


def test_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "credentials"
    store_key("openai", "sk-in-the-file-0123", HERE, file)
    key, source = find_key("openai", "OPENAI_API_KEY", HERE | {"OPENAI_API_KEY": KEY}, file)
    assert key is not None
    assert (key.reveal(), source) == (KEY, "OPENAI_API_KEY")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o666, 0o777, 0o620])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "credentials"
    store_key("openai", KEY, HERE, file)
    file.chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600") as caught:
        find_key("openai", "X", HERE, file)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("key", ["", "short", "with blank 0123456", "sk-ünïcode-0123456", "sk-0123\n456789"])
def test_what_is_no_key_is_refused_without_repeating_it(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match="not an API key") as caught:
        store_key("openai", key, HERE, tmp_path / "credentials")
    assert not key or key not in str(caught.value)
    assert not (tmp_path / "credentials").exists()


def test_a_place_that_takes_no_key(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="cannot be read"):
        store_key("openai", KEY, HERE, tmp_path / "file" / "credentials")


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {[secret]}"
    assert secret.hint == "...cdef"
    assert Secret("short").hint == "..."
