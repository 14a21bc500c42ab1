"""Guards: no test reaches the real home, a host beyond this machine, a key of yours, or waits for real."""

import ipaddress
import os
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

from tests.fake_api.fixtures import fake_api, fake_api_process  # noqa: F401 - fixtures for every test below
from tests.rigs.nursery import Nursery

# A machine that is busy is no failure; each run draws other examples. `--hypothesis-profile=long` draws many more.
settings.register_profile("suite", deadline=None, max_examples=50)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile("suite")

REAL_HOME = Path(os.path.expanduser("~")).resolve()  # noqa: PTH111 - before HOME is moved
SANDBOX = Path(tempfile.mkdtemp(prefix="imgcli-tests-"))
NOBODY = SANDBOX / "trusted"
NOBODY.mkdir()

for name in [name for name in os.environ if name.startswith(("OPENAI_", "IMGCLI_", "XDG_"))]:
    del os.environ[name]
# A process that may keep no bytecode compiles all of imgcli anew, and the suite starts hundreds.
for name in ("PYTHONDONTWRITEBYTECODE", "SSL_CERT_FILE"):
    os.environ.pop(name, None)
os.environ |= {
    "HOME": str(SANDBOX),
    "IMGCLI_HOME": str(SANDBOX / "imgcli"),
    "NO_COLOR": "1",
    "COLUMNS": "120",
    # To read whom the web trusts takes longer than most tests, and none of them meets the web.
    "SSL_CERT_DIR": str(NOBODY),
    # rich takes a CI or an editor's terminal for a real one.
    "TERM": "dumb",
}

HOMES = count()
KEPT_AT_HOME = (".config", ".local", ".cache/imgcli", "Library", "AppData")


class GuardError(RuntimeError):
    """A test tried what tests must not do."""


def _guard(event: str, args: tuple[object, ...]) -> None:
    if event == "socket.connect":
        _loopback_only(args[1])
    elif event == "time.sleep":
        raise GuardError("tests do not sleep: pass a clock, or wait for an event")
    elif event == "open" and isinstance(args[0], str) and _is_at_home(args[0]):
        raise GuardError(f"tests do not touch {args[0]}")


def _loopback_only(address: object) -> None:
    if isinstance(address, tuple):
        host = str(address[0])
        try:
            allowed = ipaddress.ip_address(host).is_loopback
        except ValueError:
            allowed = host == "localhost"
        if not allowed:
            raise GuardError(f"tests do not connect to {host}")


def _is_at_home(path: str) -> bool:
    return any(
        path.startswith(f"{REAL_HOME}/{kept}/imgcli") for kept in (*KEPT_AT_HOME, ".local/share", ".local/state")
    )


sys.addaudithook(_guard)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh IMGCLI_HOME, also for the processes that the test starts."""
    place = tmp_path / "imgcli-home"
    monkeypatch.setenv("IMGCLI_HOME", str(place))
    return place


@pytest.fixture(autouse=True)
def _at_home(request: pytest.FixtureRequest) -> None:
    """Each test has a fresh home; the thousands that ask for no directory get a name of one, and nothing is made."""
    if "tmp_path" in request.fixturenames:
        request.getfixturevalue("home")
    else:
        os.environ["IMGCLI_HOME"] = str(SANDBOX / f"home-{next(HOMES)}")


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """imgcli in processes of its own, born warm: imports are paid once for each worker, not once for each run."""
    with Nursery(tmp_path_factory.mktemp("nursery")) as made:
        yield made
