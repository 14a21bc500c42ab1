"""Nobody's words but our own move the cursor, set the title, fill the clipboard or turn the direction of reading.

Threat: CWE-150. Every control character and forty sequences, all at once, at every place where text of others is
shown: on a terminal, in a pipe and in JSON lines.
"""

import asyncio
import io
import json
import logging
import re
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path

import pytest

from imgcli.cli import show
from imgcli.cli.app import run
from imgcli.cli.closing import closing, dry_run
from imgcli.cli.live import watcher
from imgcli.cli.log import SafeHandler
from imgcli.cli.safe import safe_json, safe_lines
from imgcli.cli.show import Output
from imgcli.errors import AttemptError, Money, StorageError
from imgcli.ledger.sqlite import SqliteLedger
from imgcli.model.attempt import Receipt, Record, State
from imgcli.model.events import AttemptBegan, JobEnded, MoneyMoved, Paced, RunBegan, Told, Waiting
from imgcli.model.job import Job
from imgcli.model.outcome import Failed, Made, Outcome, Refused, RefusedBy, Reused, Uncertain, Unstarted
from imgcli.model.picture import Saved
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.quote import Priced
from imgcli.reports.summary import summarize
from imgcli.storage.sidecar import sidecar_bytes
from tests.contracts.test_ledger_contract import Desk
from tests.e2e.test_terminal import at_a_terminal
from tests.fake_api.client import KEY
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import A_JOB, A_PICTURE, SOME_PAINTED, a_run
from tests.security.parrot import Parrot

CONTROLS = [chr(code) for code in (*range(32), 127, *range(128, 160))]
SEQUENCES = [
    "\x1b[2J", "\x1b[3J", "\x1b[H", "\x1b[999;999H", "\x1b[8;31;5m", "\x1b[?1049h", "\x1b[?1000h", "\x1b[?2004l",
    "\x1b[6n", "\x1b[c", "\x1b[21t", "\x1b[5i", "\x1b[1@", "\x1b[10S", "\x1b[!p",
    "\x1bc", "\x1b7", "\x1b(0", "\x1b#8", "\x1bM",
    "\x1b]0;title\x07", "\x1b]2;title\x1b\\", "\x1b]4;1;?\x07", "\x1b]10;?\x07",
    "\x1b]52;c;ZXZpbA==\x07", "\x1b]52;c;?\x07", "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]1337;File=inline=1:QQ==\x07", "\x1b]9;4;1;50\x07", "\x1b]777;notify;a;b\x07", "\x1b]133;C\x07",
    "\x1bP1;1|17/41\x1b\\", '\x1bP$q"p\x1b\\', "\x1bP+q544e\x1b\\", "\x1b_Ga=T;QQ==\x1b\\", "\x1b^pm\x1b\\", "\x1bXsos\x1b\\",
    "\x9b2J", "\x9d52;c;ZXZpbA==\x9c", "\x90q\x9c", "\r\x1b[1K", "\x08\x08\x08", "\x1b[" + "9" * 40 + "A",
    "\u202e", "\u202d\u202c", "\u2066\u2069", "\u061c", "\u200e\u200f",
    "\u200b", "\u200c", "\u2060", "\ufeff", "\u00ad", "\u2028", "\u2029", "\ue000", "\U000e0041", "\U000f0000",
]  # fmt: skip
EVIL = "·".join([*CONTROLS, *SEQUENCES])
TYPEABLE = "·".join(part for part in [*CONTROLS, *SEQUENCES] if not any(ord(c) < 32 for c in part))
"""What `gen` takes for a prompt: C0 is refused, the rest is not."""

DRAWN = re.compile(r"\x1b\[[0-9;]*m|\x1b\[\?25[hl]|\x1b\[[0-9]*A|\x1b\[2K")
"""What rich draws a table and its bars with: colours, the cursor hidden and shown, a line up, a line cleared."""


AT = "2026-11-21T12:00:00.000000Z"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def check(text: str, *, terminal: bool = False) -> None:
    """Fail at the first character that a terminal might obey and that is not rich's."""
    for part in SEQUENCES:
        assert part not in text, f"{part!r} came through in {text[:4000]!r}"
    bare = DRAWN.sub("", text) if terminal else text
    for at, letter in enumerate(bare):
        allowed = "\n\t\u200d\r" if terminal else "\n\t\u200d"
        hidden = unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
        assert letter in allowed or not hidden, f"{letter!r} came through: {bare[max(0, at - 200) : at + 40]!r}"


def captured(work: Callable[[], object], *, terminal: bool) -> tuple[str, str]:
    out, err = (Terminal(), Terminal()) if terminal else (io.StringIO(), io.StringIO())
    with redirect_stdout(out), redirect_stderr(err):
        work()
    return out.getvalue(), err.getvalue()


def typed(words: Sequence[str], *, terminal: bool) -> tuple[int, str]:
    """Exit code and what stderr got, after a look at all that was written."""
    codes: list[int] = []
    out, err = captured(lambda: codes.append(run(words)), terminal=terminal)
    assert "this is a bug" not in err, err
    check(out, terminal=terminal)
    check(err, terminal=terminal)
    return codes[0], err


@pytest.fixture(params=[False, True], ids=["pipe", "terminal"])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR")
    return bool(request.param)


def evil_job() -> Job:
    words = DirectedPrompt(EVIL, EVIL, EVIL, (EVIL,), (EVIL,), ())
    return replace(A_JOB, prompt=words, model=EVIL, quality=EVIL, provider=EVIL, entry=EVIL, tags=(EVIL,), stem=EVIL)


def outcomes(*, terminal: bool) -> list[Outcome]:
    # To a program a path is told word for word; no name made here can hold any of this, see test_paths.
    place = Path(f"/x/{EVIL.replace('/', '')}") if terminal else Path("/x/y.png")
    job = evil_job()
    return [
        Made(job, Saved(place, place, A_PICTURE), 1, notes=(EVIL,)),
        Reused(job, place, EVIL),
        Refused(job, RefusedBy.MODERATION, EVIL),
        Failed(job, AttemptError(EVIL, money=Money.VOID, code=EVIL, request_id=EVIL)),
        Failed(job, StorageError(EVIL)),
        Unstarted(job, EVIL),
        Uncertain(job, EVIL, 1, EVIL),
    ]


@pytest.mark.parametrize("how", ["plain", "json", "template", "quiet", "no-progress"])
def test_a_run_as_it_happens_and_when_it_is_over(terminal: bool, how: str) -> None:
    fields = "{prompt} {directed} {style} {model} {quality} {id} {provider} {status}"
    output = {
        "plain": Output(),
        "json": Output(json=True),
        "template": Output(template=fields),
        "quiet": Output(quiet=True),
        "no-progress": Output(progress=False),
    }[how]
    quote = Priced(evil_job(), 1, 2, EVIL)
    ended = outcomes(terminal=terminal)

    def work() -> None:
        watch = watcher(output)
        for event in (RunBegan("run", 9, 1, 2, 0), Told(EVIL), AttemptBegan(EVIL, quote, 2), MoneyMoved(1, 2)):
            watch.observe(event)
        watch.observe(Waiting(evil_job(), 1.0, EVIL))
        watch.observe(Paced(1.0, 1.0, EVIL))
        watch.say(EVIL)
        for outcome in ended:
            watch.observe(JobEnded(outcome))
        watch.stop()
        closing(ended, summarize(ended, 1, 1), output, again=EVIL)
        dry_run([quote], output)

    out, err = captured(work, terminal=terminal)
    check(out, terminal=terminal)
    check(err, terminal=terminal)
    if how == "json":
        lines = [json.loads(line) for line in out.splitlines()]
        assert {"prompt": EVIL, "model": EVIL}.items() <= next(x for x in lines if x["event"] == "picture").items()
        assert not err
    if how == "template" and not terminal:
        assert len([line for line in out.split("\n") if "made" in line or "reused" in line]) == 2


def test_the_printer_itself(terminal: bool) -> None:
    def work() -> None:
        show.error(EVIL)
        show.talk(EVIL)
        show.draw(show.table(EVIL, ("a", "b"), [(EVIL, "x" * 4000), ("[bold]x[/nope]", "[link=http://x]y[/link]")]))
        show.draw_data(show.table("[/nope]", ("a",), [(EVIL,)], whole=(0,)), least=50)
        show.json_line({EVIL: [EVIL, {"x": EVIL}]})
        show.bug(ValueError(EVIL))
        handler = SafeHandler()
        for message in ("%s", EVIL.replace("%", "")):
            handler.handle(logging.makeLogRecord({"msg": message, "args": (EVIL,) if message == "%s" else ()}))

    out, err = captured(work, terminal=terminal)
    check(out, terminal=terminal)
    check(err, terminal=terminal)
    assert "[/nope]" in out, "what looks like markup is text"


def test_json_loses_nothing() -> None:
    for text in (EVIL, "\ud800 \udfff", "plain", "夜 🎨"):
        assert json.loads(safe_json({"a": text})) == {"a": text}
        check(safe_json(text))
        safe_json(text).encode()
    assert safe_json("夜 🎨") == '"夜 🎨"'


def test_lines_keep_their_ends_and_lose_no_length() -> None:
    assert safe_lines("a\nb\tc\x1b[2J") == "a\nb\tc\\u001b[2J"
    assert safe_lines("x" * 5000) == "x" * 5000
    check(safe_lines(EVIL))


STYLE = 'description = "a \u200b\u061c style"\nprose = "{prompt}, \u2060softly."\navoid = ["\ufeffblur"]\n'


@pytest.fixture
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    (place / "styles").mkdir(parents=True)
    monkeypatch.chdir(place)
    styles = home / "config" / "styles"
    styles.mkdir(parents=True)
    (styles / "mine.toml").write_text(STYLE)
    (place / "a.csv").write_text("prompt,id,tags\na car \u202e\u200b\u061c,x,\u202etag\n")
    (place / "bad.toml").write_text('[[prompts]]\nprompt = "x"\n"\u202ek\u200b" = 1\n')
    (place / f"{TYPEABLE[:60].replace('/', '')}.toml").write_text("[[prompts]]\nprompt = 1\n")
    (place / "empty\x1b[2J\u202e.toml").write_text("")
    return place


FREE = ["--provider", "placeholder", "-s", "64x64"]
COMMANDS = {
    "dry run": ["gen", TYPEABLE, "--provider", "placeholder", "--dry-run", "--style", "mine"],
    "explained": ["gen", TYPEABLE, "--provider", "placeholder", "--explain", "--style", "mine", "--no", "\u0441at"],
    "excluded": ["gen", TYPEABLE, "--provider", "placeholder", "--explain", "--style", "mine", "--no", EVIL],
    "made": ["gen", TYPEABLE[:300], *FREE],
    "tagged": ["gen", TYPEABLE[:300], *FREE, "--tag", EVIL],
    "printed": ["gen", TYPEABLE[:300], *FREE, "--print", "{path} {prompt} {directed}"],
    "prompt": ["gen", EVIL],
    "style": ["gen", "a car", "--style", EVIL],
    "model": ["gen", "a car", *FREE, "-m", EVIL],
    "provider": ["gen", "a car", "--provider", EVIL],
    "provider, turned": ["gen", "a car", "--provider", "\u202e\u200b"],
    "quality": ["gen", "a car", *FREE, "-q", "\u202e\u200b"],
    "size": ["gen", "a car", "-s", EVIL],
    "aspect": ["gen", "a car", "-a", EVIL],
    "template": ["gen", "a car", *FREE, "--template", EVIL],
    "print": ["gen", "a car", *FREE, "--print", "{\x1b[2J\u202e}"],
    "profile": ["gen", "a car", "--profile", EVIL],
    "cost": ["gen", "a car", "--max-cost", EVIL],
    "base url": ["gen", "a car", "--base-url", "http://\u202e\u200b/v1"],
    "file": ["batch", "empty\x1b[2J\u202e.toml"],
    "no file": ["batch", EVIL.replace("\x00", "") + ".toml"],
    "no kind": ["batch", EVIL],
    "key": ["batch", "bad.toml"],
    "id": ["batch", "a.csv", *FREE],
    "only": ["batch", "a.csv", "--only", EVIL],
    "styles": ["styles", "list"],
    "one style": ["styles", "show", "mine"],
    "no style": ["styles", "show", EVIL],
    "new style": ["styles", "new", EVIL],
    "described": ["styles", "new", "ours", "--description", EVIL],
    "models": ["models", "--provider", EVIL],
    "config": ["config", "show"],
    "config set": ["config", "set", EVIL, EVIL],
    "config model": ["config", "set", "model", "\u202e\u200b"],
    "set-key": ["config", "set-key", EVIL],
    "budget": ["budget", "set", "5", "--tag", EVIL],
    "budgets": ["budget", "show"],
    "no budget": ["budget", "remove", "--user", EVIL],
    "amount": ["budget", "set", EVIL],
    "span": ["budget", "set", "5", "--per", EVIL],
    "resolve": ["budget", "resolve", EVIL, "--reason", EVIL, "--not-billed"],
    "removed": ["budget", "remove", "--tag", EVIL],
    "no command": [EVIL],
    "no command of config": ["config", EVIL],
    "no option": ["gen", "a car", f"--{EVIL}"],
    "too many": ["doctor", EVIL],
    "no number": ["gen", "a car", "-n", EVIL],
    "no story": ["history", "show", EVIL],
    "no attempt": ["history", "show", "\u202e\u200b"],
    "no day": ["report", "prompts", "--since", EVIL],
    "no tag": ["report", "prompts", "--tag", EVIL],
    "doctor": ["doctor", "--offline", "-o", EVIL.replace("/", "").replace("\x00", "")[:60]],
}


def test_every_command_with_words_of_strangers(here: Path, terminal: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """One after another in one home, so that what one command keeps is what the next one shows."""
    monkeypatch.setenv("IMGCLI_USER", "a\u202e\u200bb")
    codes = {}
    for name, words in COMMANDS.items():
        for told in ([], ["--json"]) if words[0] in {"gen", "batch", "styles"} or "show" in words else ([],):
            codes[name], _ = typed([*words, *told], terminal=terminal)
    well = {
        "dry run",
        "explained",
        "no tag",
        "made",
        "printed",
        "id",
        "styles",
        "one style",
        "config",
        "budget",
        "budgets",
        "removed",
        "config model",
        "doctor",
    }
    assert {name for name, code in codes.items() if code == 0} == well


def test_the_story_of_a_stranger_s_picture(here: Path, home: Path, terminal: bool) -> None:
    """From a sidecar, from the ledger, and summed up with others."""
    words = replace(evil_job().prompt, styles=("mine", EVIL), versions=(EVIL, ""))
    painted = replace(SOME_PAINTED, revised=f"= {EVIL} car", notes=(EVIL,))
    job = replace(evil_job(), prompt=words)
    record = Record(
        "a1", "r", State.SETTLED, job, 9, 9, EVIL, here, "car.png", A_PICTURE, painted, AT, AT, flags=(EVIL,)
    )
    (here / "car.png.json").write_bytes(sidecar_bytes(record))

    async def live() -> None:
        desk = Desk(SqliteLedger(home / "data", FakeClock()), FakeClock())
        await desk.ledger.begin(a_run())
        hold = await desk.sent(prompt=words, tags=(EVIL,), entry=EVIL, model=EVIL, stem=EVIL)
        await desk.ledger.receive(hold, Receipt(A_PICTURE, painted, 9))
        await desk.ledger.fail(await desk.sent(prompt=words), AttemptError(EVIL, money=Money.HOLD))
        await desk.ledger.close()

    asyncio.run(live())
    for command in (["history", "show", "car.png"], ["history", "show", "attempt-1"], ["history", "show", "attempt-2"]):
        for told in ([], ["--json"]):
            assert typed([*command, *told], terminal=terminal)[0] == 0
    for how in ([], ["--json"], ["--csv"]):
        assert typed(["report", "prompts", *how], terminal=terminal)[0] == 0


@pytest.fixture
def parrot() -> Iterator[Parrot]:
    with Parrot() as server:
        yield server


@pytest.mark.parametrize("how", ["400", "500", "ok", "empty", "url"])
def test_what_a_server_says_is_shown_and_not_obeyed(
    here: Path, terminal: bool, parrot: Parrot, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", parrot.url(how))
    pieces = [SEQUENCES[at : at + 12] for at in range(0, len(SEQUENCES), 12)] if how in {"400", "500"} else [SEQUENCES]
    for piece in pieces:
        parrot.words = "·".join(piece)
        typed(["gen", "a car", "-m", "m", "--assume-cost", "1"], terminal=terminal)
    for words in (["budget", "uncertain"], ["budget", "uncertain", "--json"], ["doctor"]):
        typed(words, terminal=terminal)


def test_at_a_real_terminal_only_colours_and_bars_arrive(
    here: Path, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> None:
    parrot.words = "·".join(SEQUENCES[-24:])
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", parrot.url("500"))
    monkeypatch.setenv("OPENAI_LOG", "debug")
    code, seen = at_a_terminal(here, "gen", TYPEABLE, "-n", "2", "-m", "m\u202e\u200b", "--assume-cost", "0.01")
    assert code == 5
    check(seen, terminal=True)
    code, seen = at_a_terminal(here, "gen", TYPEABLE, "-n", "2", *FREE, "--style", "mine", "--print", "{prompt} {path}")
    assert code == 0
    check(seen, terminal=True)


def test_a_question_about_a_key_does_not_repeat_what_was_typed_raw(here: Path) -> None:
    code, seen = at_a_terminal(here, "config", "set-key", "\x9b2J\u202e\x1b[2J")
    assert code == 2
    check(seen, terminal=True)


@pytest.mark.parametrize("word", ["caf\udce9", "a\udcff.toml", "\ud800"])
def test_arguments_that_are_no_text_are_refused_before_anything_happens(here: Path, home: Path, word: str) -> None:
    """Neither a ledger nor JSON nor a provider can hold them; half of a run would fail after it was paid."""
    for words in (
        ["gen", word],
        ["gen", "a car", "-o", f"{word}/"],
        ["batch", word],
        ["budget", "set", "5", "--tag", word],
    ):
        code, told = typed(words, terminal=False)
        assert code == 2
        assert "not UTF-8 text" in told
    assert not (home / "data").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="file names are Unicode elsewhere")
def test_a_directory_or_a_login_that_is_no_text_stops_no_run_half_way(
    here: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (odd := here / "caf\udce9").mkdir()
    monkeypatch.setenv("LOGNAME", "a\udcff")
    assert typed(["gen", "a car", *FREE], terminal=False)[0] == 0
    monkeypatch.chdir(odd)
    (odd / "a.txt").write_text("a car\n")
    for words in (["gen", "a car", *FREE], ["batch", "a.txt", *FREE]):
        code, told = typed(words, terminal=False)
        assert code == 2
        assert "choose another output directory" in told


def test_a_pipe_that_takes_ascii_alone_still_gets_its_line() -> None:
    narrow = io.TextIOWrapper(io.BytesIO(), "ascii")
    with redirect_stdout(narrow):
        show.line("夜.png")
    narrow.seek(0)
    assert narrow.read() == "\\u591c.png\n"
