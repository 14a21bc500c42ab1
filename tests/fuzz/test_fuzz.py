"""What strangers write is read or refused as documented: no other exception, no hanging, no flood of words.

`pytest -m rig` takes a hundred times as many inputs, and lets atheris look for a minute a target where it is installed.
"""

import importlib.util
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS, Target

EXAMPLES, LONGER = 150, 100
SECONDS = 10
"""No input of these sizes takes a tenth of it; what takes longer hangs."""


@contextmanager
def in_time() -> Iterator[None]:
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def hang(_number: int, _frame: object) -> None:
        raise TimeoutError(f"still reading after {SECONDS} s")

    before = signal.signal(signal.SIGALRM, hang)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


TOKEN = re.compile(rb'[\w.-]+|"[^"\n]*"|[^\w\s]')


@st.composite
def broken(draw: st.DrawFn, target: Target) -> bytes:
    """A valid input with a few wounds; one token that is another is the deepest cut into a language."""
    data = draw(st.sampled_from(target.seeds))
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3, 6]))):
        begin = draw(st.integers(0, len(data)) | st.integers(0, min(40, len(data))))
        end = min(len(data), begin + draw(st.sampled_from([0, 0, 1, 2, 7, 40])))
        match draw(st.sampled_from(["token", "token", "word", "noise", "gone", "twice", "cut", "other"])):
            case "token" if token := TOKEN.search(data, begin):
                data = data[: token.start()] + draw(st.sampled_from(target.words)) + data[token.end() :]
            case "token" | "word":
                data = data[:begin] + draw(st.sampled_from(target.words)) + data[end:]
            case "noise":
                data = data[:begin] + draw(st.binary(max_size=12)) + data[end:]
            case "gone":
                data = data[:begin] + data[end:]
            case "twice":
                data = data[:end] + data[begin:]
            case "cut":
                data = data[:begin]
            case _:
                data = data[:begin] + draw(st.sampled_from(target.seeds))[begin:]
    return data


def hunt(name: str, examples: int) -> None:
    target = TARGETS[name]

    @settings(max_examples=examples, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(broken(target) | st.binary(max_size=200))
    def read(data: bytes) -> None:
        with in_time():
            target.read(data)

    read()


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_valid_is_read(name: str) -> None:
    for seed in TARGETS[name].seeds:
        TARGETS[name].read(seed)


@pytest.mark.parametrize("name", TARGETS)
def test_what_is_cut_short_is_read_or_refused(name: str) -> None:
    for seed in TARGETS[name].seeds:
        for end in range(0, len(seed), 1 + len(seed) // 500):
            TARGETS[name].read(seed[:end])


def replace_tokens(name: str, every: int) -> None:
    """Each (`every`) word in place of each token of the short seeds, every token and every word in its turn."""
    target = TARGETS[name]
    for seed in (seed for seed in target.seeds if len(seed) < 600):
        for turn, token in enumerate(TOKEN.finditer(seed)):
            for word in target.words[turn % every :: every]:
                with in_time():
                    target.read(seed[: token.start()] + word + seed[token.end() :])


@pytest.mark.parametrize("name", TARGETS)
def test_any_word_in_place_of_any_token_is_read_or_refused(name: str) -> None:
    """Hypothesis alone seldom puts the one odd word into the one place."""
    replace_tokens(name, every=3)


@pytest.mark.rig
@pytest.mark.parametrize("name", TARGETS)
def test_every_word_in_place_of_every_token_is_read_or_refused(name: str) -> None:
    replace_tokens(name, every=1)


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_surprises_a_reader(name: str) -> None:
    hunt(name, EXAMPLES)


@pytest.mark.parametrize("key", ["n", "seed", "format", "matrix"])
def test_a_lone_surrogate_of_the_wrong_type_is_refused(key: str) -> None:
    """Found by atheris: the checker itself could not say what it got."""
    TARGETS["jsonl"].read(b'{"prompt": "a", "%s": "\\ud800"}' % key.encode())


@pytest.mark.rig
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_of_much_surprises_a_reader(name: str) -> None:
    hunt(name, EXAMPLES * LONGER)


@pytest.mark.rig
@pytest.mark.parametrize("name", TARGETS)
def test_atheris_finds_nothing(name: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed; `pip install atheris` has wheels for some Pythons on Linux")
    script = Path(__file__).with_name("run_atheris.py")
    done = subprocess.run(
        [sys.executable, script, name, "-max_total_time=60", "-verbosity=1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert re.search(r"Done \d+ runs|stat::number_of_executed_units", done.stderr), done.stderr[-1000:]
