import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.batch.lock import BELOW_OUT, BESIDE, Lock, Locked, Old
from imgcli.batch.lock_text import LINE_LIMIT, NOTE, line_problem, lock_lines, parse_lock
from imgcli.errors import BatchFileError
from tests.fakes.locks import A_LINE, a_line
from tests.rows import each_row

HEADER = msgspec.json.encode({"imgcli_lock": 1, "note": NOTE, "files_below": "lock"})
HEX = st.binary(min_size=32, max_size=32).map(bytes.hex)
WORD = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
PART = st.text("abc-é雨 1", min_size=1, max_size=8)
FILES = st.lists(PART, min_size=1, max_size=3).map(lambda parts: "/".join(parts) + ".png")


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    files = draw(st.lists(FILES, max_size=8, unique=True))
    lines: dict[tuple[str, int], Locked] = {}
    while files:
        old = tuple(Old(files.pop(), draw(HEX), 1, draw(HEX)) for _ in range(draw(st.integers(0, len(files) - 1))))
        line = a_line(
            id=draw(WORD),
            n=draw(st.integers(1, 9)),
            file=files.pop(),
            sha256=draw(HEX),
            bytes=draw(st.integers(0, 2**40)),
            key=draw(HEX),
            model=draw(WORD),
            styles=tuple(draw(st.lists(WORD, max_size=2))),
            seed=draw(st.none() | st.integers(0, 2**62)),
            old=old,
        )
        lines[line.ident] = line
    return Lock(draw(st.sampled_from([BESIDE, BELOW_OUT])), lines)


def text(lock: Lock) -> list[bytes]:
    return list(lock_lines(lock))


def parse(*lines: bytes) -> Lock:
    return parse_lock([line + b"\n" for line in lines], "set.toml.lock")


def refusal(*lines: bytes) -> str:
    """What it says is wrong, or nothing; no other error comes out of it."""
    try:
        parse(*lines)
    except BatchFileError as error:
        return str(error)
    return ""


def raw(**changes: Any) -> bytes:
    told = json.loads(msgspec.json.encode(A_LINE)) | changes
    return json.dumps({key: value for key, value in told.items() if value is not ...}).encode()


@settings(max_examples=200, deadline=None)
@given(locks())
def test_what_is_written_is_read_again(lock: Lock) -> None:
    assert parse_lock(text(lock), "x") == lock
    assert all(not line_problem(line) for line in lock.lines.values())


@settings(max_examples=100, deadline=None)
@given(locks(), st.randoms())
def test_the_same_library_gives_the_same_bytes(lock: Lock, luck: Any) -> None:
    items = list(lock.lines.items())
    luck.shuffle(items)
    assert text(Lock(lock.files_below, dict(items))) == text(lock)


def test_a_change_of_one_picture_is_a_change_of_one_line() -> None:
    lines = {("a", n): a_line(id="a", n=n, file=f"{n}.png") for n in range(1, 12)}
    before = text(Lock(BESIDE, lines))
    after = text(Lock(BESIDE, lines | {("a", 7): a_line(id="a", n=7, file="7-2.png")}))
    assert sum(one != two for one, two in zip(before, after, strict=True)) == 1
    assert [json.loads(line)["n"] for line in before[1:]] == list(range(1, 12))


def test_what_is_not_said_is_left_out() -> None:
    assert set(json.loads(text(Lock(BESIDE, {A_LINE.ident: A_LINE}))[1])) == {
        *("id", "n", "file", "sha256", "bytes", "key", "provider", "model", "size", "quality", "format", "prompt")
    }


@settings(max_examples=300, deadline=None)
@given(st.lists(st.binary(max_size=60) | st.sampled_from([HEADER, raw(), b"", b"<<<<<<< HEAD", raw(n=0)]), max_size=5))
def test_no_text_makes_it_raise_anything_else(lines: list[bytes]) -> None:
    for head in ([], [HEADER]):
        told = refusal(*head, *lines)
        assert "\n" not in told
        assert not told or told.startswith("set.toml.lock")


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(raw())), st.binary(max_size=3), st.integers(0, 5))
def test_no_edit_makes_it_raise_anything_else(at: int, put: bytes, cut: int) -> None:
    line = raw()
    assert "\n" not in refusal(HEADER, line[:at] + put + line[at + cut :])


@each_row(
    ("lines", "message"),
    [
        ((), "set.toml.lock:1: is not the first line of a lock file; take it from version control, or delete it"),
        ((b"{}",), "set.toml.lock:1: is not the first line"),
        ((HEADER.replace(b'"note"', b'"x":1,"note"'), raw()), "set.toml.lock:1: is not the first line"),
        ((HEADER.replace(b':"lock"', b':"/etc"'),), "set.toml.lock:1: is not the first line"),
        ((HEADER.replace(b"1", b"true"),), "set.toml.lock:1: is not the first line"),
        ((HEADER.replace(b"1", b"0"),), "set.toml.lock:1: is not the first line"),
        ((b'{"imgcli_lock": 2, "new": []}',), "was made by a newer imgcli (lock version 2); update imgcli"),
        ((HEADER, b"{"), "set.toml.lock:2: is no whole line"),
        ((HEADER, raw()[:-9]), "set.toml.lock:2: is no whole line"),
        ((HEADER, b"\xff\xfe"), "set.toml.lock:2: is no whole line"),
        ((HEADER, b"[" * 5000), "set.toml.lock:2: "),
        ((HEADER, raw(), raw()), "set.toml.lock:3: 'prompt-001' with n = 1 stands twice"),
        ((HEADER, raw(), raw(n=2)), "set.toml.lock:3: 'out/a-car-1.png' is the file of line 2 already"),
        ((HEADER, raw(sha256="AB" * 32)), "set.toml.lock:2: was changed by hand (sha256 is not 64 hex digits)"),
        ((HEADER, raw(sha256="ab" * 31)), "sha256 is not 64 hex digits"),
        ((HEADER, raw(key="")), "key is not 64 hex digits"),
        ((HEADER, raw(prompt="x" * 16)), "prompt or no is not 16 hex digits"),
        ((HEADER, raw(no="a car")), "prompt or no is not 16 hex digits"),
        ((HEADER, raw(file="../x.png")), "file leads out of its directory"),
        ((HEADER, raw(file="a/../../x.png")), "file leads out of its directory"),
        ((HEADER, raw(file="a//x.png")), "file leads out of its directory"),
        ((HEADER, raw(file="/etc/passwd")), "file must be told from the directory of the lock file"),
        ((HEADER, raw(file="~/x.png")), "file must be told from"),
        ((HEADER, raw(file="C:/x.png")), "file must be told from"),
        ((HEADER, raw(file="a\\x.png")), "file is no file name"),
        ((HEADER, raw(file="a/..")), "file is no file name"),
        ((HEADER, raw(file="a/")), "file is no file name"),
        ((HEADER, raw(file="a\u001b[2J.png")), "file is no file name"),
        ((HEADER, raw(old=[{"file": "../x", "sha256": "0" * 64, "bytes": 1, "key": "0" * 64}])), "file leads out"),
        ((HEADER, raw(id="a\u001bb")), "id holds a character that cannot be printed (U+001B)"),
        ((HEADER, raw(id="")), "id must not be blank"),
        ((HEADER, raw(n=0)), "was changed by hand (Expected `int` >= 1 - at `$.n`)"),
        ((HEADER, raw(bytes=-1)), "was changed by hand (Expected `int` >= 0 - at `$.bytes`)"),
        ((HEADER, raw(model=None)), "was changed by hand (Expected `str`, got `null` - at `$.model`)"),
        ((HEADER, raw(key=...)), "was changed by hand (Object missing required field `key`)"),
        ((HEADER, raw(cost="1")), "was changed by hand (Object contains unknown field `cost`)"),
        ((HEADER, raw(styles=["x" * 300])), "was changed by hand"),
        ((HEADER, b" " * 9 + b"x" * LINE_LIMIT), "is longer than any line of a lock file"),
        ((b"<<<<<<< HEAD", HEADER), "set.toml.lock:1: holds the marks of a merge conflict; keep either side whole"),
        ((HEADER, raw(), b"======="), "set.toml.lock:3: holds the marks of a merge conflict"),
        ((HEADER, b">>>>>>> theirs"), "set.toml.lock:2: holds the marks of a merge conflict"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(lines: tuple[bytes, ...], message: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        parse(*lines)
    told = str(caught.value)
    assert message in told
    assert told.isprintable()
    assert len(told) < 400


def test_blank_lines_and_another_order_are_no_mistake() -> None:
    """Git may merge two sides of which each added lines."""
    assert len(parse(HEADER, raw(id="b", file="b.png"), b"", raw(id="a", file="a.png")).lines) == 2
    assert len(parse_lock([HEADER + b"\r\n", raw() + b"\r\n"], "x").lines) == 1


def test_a_line_that_could_not_be_read_again_is_known_before_it_is_written() -> None:
    assert line_problem(A_LINE) == ""
    assert "file" in line_problem(a_line(file="odd\ndirectory/x.png"))
