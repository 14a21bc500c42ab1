"""What strangers write, and what each reader of it may do: one list for hypothesis and for atheris.

A target takes any bytes. It returns after a promised answer or a documented refusal, and raises on everything else.
"""

import base64
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from imgcli.batch.neighbours import NeighbourError
from imgcli.batch.read import Kind, parse_batch
from imgcli.batch.template import TemplateError, Words, parse_template
from imgcli.director.exchange.convert import foreign_of
from imgcli.director.exchange.formats import WRITERS, read_foreign
from imgcli.director.exchange.placing import Naming, place
from imgcli.director.style_file import read_imported
from imgcli.director.styles import parse_style
from imgcli.errors import AttemptError, BatchFileError, Money, Retry, StyleError, UsageError
from imgcli.header import read_header
from imgcli.providers.openai.answer import MAX_REVISED, Found
from imgcli.providers.openai.answer_stream import IMAGES, TOOL, Form
from imgcli.storage.naming import FIELDS, MAX_BYTES, SLUG_BYTES, render, safe_stem, slug
from tests.fuzz.plain_answer import plain_answer, streamed_answer

STYLES = Path(__file__).parents[1] / "unit" / "director" / "exchange"
EXAMPLES = Path(__file__).parents[2] / "examples"
MESSAGE_LIMIT = 1500
"""Bytes of a refusal, whatever the stranger wrote."""


@dataclass(frozen=True, slots=True)
class Target:
    """`seeds` are valid, `words` what its language is made of; inputs are made by breaking the one with the other."""

    read: Callable[[bytes], None]
    seeds: tuple[bytes, ...]
    words: tuple[bytes, ...]


def is_honest(error: Exception, starts: str = "") -> None:
    """One line that any terminal holds, and UTF-8."""
    message = str(error)
    assert message.startswith(starts)
    assert len(message.splitlines()) == 1, message
    assert len(message.encode()) <= MESSAGE_LIMIT, len(message)


def is_held_or_billed(error: AttemptError) -> None:
    """A 200 is never proof that nothing is to pay."""
    assert error.money in {Money.HOLD, Money.POST}, error.money
    assert error.retry is Retry.NEVER


class Directory:
    """What stands beside every batch file here: a set that includes the rest, and a list."""

    def read(self, path: str, limit: int) -> str:
        if path in NEIGHBOURS:
            return NEIGHBOURS[path][:limit]
        raise NeighbourError(f"{path!r}: there is no such file")

    def names(self, directory: str) -> Iterable[str]:
        return [path.rpartition("/")[2] for path in NEIGHBOURS if path.rpartition("/")[0] == directory]


def batch_of(kind: Kind) -> Callable[[bytes], None]:
    def read(data: bytes) -> None:
        try:
            batch = parse_batch(data.decode(errors="replace"), kind, "prompts.txt", Directory())
        except BatchFileError as error:
            is_honest(error)
            assert str(error).startswith(("prompts.txt", *NEIGHBOURS)), error  # noqa: PT017 - either is right
            return
        assert len({entry.id for entry in batch.entries}) == len(batch.entries) > 0
        for entry in batch.entries[:100]:
            assert entry.prompt == entry.prompt.strip() != ""
            entry.prompt.encode()

    return read


def read_styles(data: bytes) -> None:
    """Styles of other tools; whatever is taken in goes back to the letter."""
    try:
        reading = read_foreign(data.decode(errors="replace"), "styles.csv")
    except StyleError as error:
        is_honest(error, starts="styles.csv")
        return
    placed, problems = place(reading, "styles.csv", Naming(rename=True), lambda _: None)
    for problem in (*reading.problems, *problems):
        is_honest(StyleError(problem.line), starts="styles.csv")
    for note in reading.notes:
        is_honest(StyleError(note), starts="styles.csv")
    for one in placed[:20]:
        style = parse_style(one.written.text, one.written.name, "x.toml")
        assert foreign_of(style, read_imported(one.written.text)) == one.found.style


def read_templates(data: bytes) -> None:
    """The first line is the template, the second fills every field of it."""
    template, _, value = data.decode(errors="replace").partition("\n")
    try:
        stem = render(template, dict.fromkeys(FIELDS, value))
    except UsageError as error:
        # It repeats the template as it stands: one from a batch file has been through the next reader before.
        assert len(str(error)) <= MESSAGE_LIMIT + 4 * len(template)  # noqa: PT017 - either of two ends is right
    else:
        is_safe(stem)
    try:
        cut = parse_template(template, Words(("a", "b"), FIELDS))
    except TemplateError as error:
        is_honest(error)
    else:
        filled = cut.fill({"a": value, "b": "x"})
        assert len(filled) <= cut.longest({"a": len(value), "b": 1})


def read_words(data: bytes) -> None:
    text = data.decode(errors="replace")
    short = slug(text)
    assert len(short.encode()) <= SLUG_BYTES
    assert slug(short) == short
    is_safe(safe_stem(text))


def is_safe(stem: str) -> None:
    assert 1 <= len(stem.encode()) <= MAX_BYTES
    assert not set('<>:"/\\|?*\0') & set(stem)
    assert stem.strip(" .") == stem
    assert safe_stem(stem) == stem


def read_picture(data: bytes) -> None:
    found = read_header(io.BytesIO(data))
    if found:
        assert found.format in {"png", "jpeg", "webp", "gif"}
        assert 0 <= found.width < 1 << 32
        assert 0 <= found.height < 1 << 32


def read_answer(data: bytes, form: Form = IMAGES) -> None:
    """The first line is the content type; the body comes in blocks whose sizes it tells as well."""
    kind, _, body = data.partition(b"\n")
    sizes = [1 + byte % 97 for byte in kind] or [len(body) + 1]
    whole = ended(plain_answer, body, "req_1", kind.decode("latin-1"), form)
    streamed = ended(streamed_answer, body, sizes, "req_1", kind.decode("latin-1"), form)
    assert streamed == whole
    if isinstance(streamed, str):
        return
    picture, found = streamed
    assert len(picture) <= len(body)
    assert found.url == "" or not picture
    assert len(found.painted.revised) <= MAX_REVISED
    assert len(found.painted.raw_usage) <= 4000
    (found.painted.revised + found.painted.raw_usage).encode()


def read_drawn(data: bytes) -> None:
    read_answer(data, TOOL)


def ended(read: Callable[..., tuple[bytes, Found]], *words: object) -> tuple[bytes, Found] | str:
    try:
        return read(*words)
    except AttemptError as error:
        is_held_or_billed(error)
        is_honest(error)
        return f"{error.money} {error.code}: {error}"


def picture(kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (37, 21)).save(buffer, kind, **options)
    return buffer.getvalue()


def foreign_seeds() -> tuple[bytes, ...]:
    """Eight styles as each tool has them."""
    found = read_foreign((STYLES / "a1111.csv").read_bytes().decode(), "styles.csv").found
    return tuple(write([one.style for one in found[4:12]]).encode() for write in WRITERS.values())


def answer(**changes: object) -> bytes:
    usage = {
        "input_tokens": 18,
        "output_tokens": 439,
        "input_tokens_details": {"text_tokens": 18, "image_tokens": 0},
    }
    first = {"b64_json": base64.b64encode(picture("PNG")).decode(), "revised_prompt": "a red car"}
    return b"application/json\n" + json.dumps({"created": 1, "data": [first], "usage": usage} | changes).encode()


def drawn(first: bool = True, **changes: object) -> bytes:
    """An answer of the image tool; `first` without what comes before and after the call."""
    call = {
        "type": "image_generation_call",
        "status": "completed",
        "result": base64.b64encode(b"\x89PNG" * 5).decode(),
        "revised_prompt": "a red car",
    }
    around = [] if first else [{"type": "reasoning", "summary": []}, {"type": "program_output", "result": "AAAA"}]
    images = {"input_tokens": 9, "output_tokens": 439, "input_tokens_details": {"text_tokens": 9, "image_tokens": 0}}
    told = {
        "status": "completed",
        "output": [*around, call | {"id": "ig_1"}, *around],
        "usage": {"input_tokens": 900, "output_tokens": 60},
        "tool_usage": {"image_gen": images},
    }
    return b"application/json\n" + json.dumps(told | changes).encode()


NEIGHBOURS = {
    "more.toml": "include = 'lists/round.toml'\n[vars]\ne = ['x', 'y']\n[[prompts]]\nprompt = '{e} {a|b}'\n",
    "lists/round.toml": "include = '../more.toml'\n",
    "lists/set.toml": "[[prompts]]\nprompt = 'one {b}'\n",
    "lists/a.txt": "red\n# no\n\\#fff\nblue {x}\n",
}
SETS = b"""include = ["lists/set.toml"]
[vars]
b = "B"
c = ["x", 'y', 2]

[[prompts]]
id = "car"
prompt = "a {big|small|} {@lists/a} {@lists/a:2} car of {b} in {c}, {{really}}"
sample = { count = 3, seed = 7 }
out = "{b}/{c}"

[[prompts]]
prompt = "{d} {e}"
id = "{d}-{style}"
zip = { d = [1, 2], e = ["p", "q"] }
matrix.style = ["cinematic", "macro"]
"""
MATRIX = b"""[defaults]
style = ["cinematic"]
no = ["text"]
n = 2

[[prompts]]
id = "car-{colour}"
prompt = "a {colour} car, {{really}}"
name = "{id}-{n}"
matrix.colour = ["red", 'blue', "gr\\u00fcn"]

[[prompts]]
prompt = \"\"\"
a "quoted" cat\\
  over lines\"\"\"
size = "1536x1024"
seed = 7
tags = ["a", "b"]
out = "web/cats"
"""

JSONL = b'{"prompt": "a {b}", "matrix": {"b": ["x", 1, 2.5]}, "id": "i-{b}", "n": 2}\n{"prompt": "a", "no": ["text"]}\n'
CSV = b'prompt,style,n,tags,size\n"a ""red"" car, fast",cinematic;food,2,a;b,1024x1024\nb,,,,\n'
NUMBERS = (b"9" * 5000, b"1e999", b"-1", b"0", b"nan", b"2.5", b"true")
DEEP = (b"[" * 3000, b'{"a":' * 3000, b"a." * 100, b"{a=" * 500)
ODD = (b"\x00", b"\xff", "\u202e".encode(), "\ufeff".encode(), "é".encode(), "😀".encode(), b"\r\n", b"\x1b[2J")

TARGETS = {
    "styles": Target(
        read_styles,
        foreign_seeds(),
        (
            *(
                b'"',
                b'""',
                b",",
                b"\r\n",
                b"\n",
                b"\r",
                b"{prompt}",
                b"{",
                b"}",
                b"[",
                b"]",
                b"#",
                b";",
                b"(",
                b":1.2)",
            ),
            *(
                b"\xef\xbb\xbf",
                b"\x00",
                b"\x1b[2J",
                b"\xff",
                b"\\ud800",
                b"\\u0000",
                b"name",
                b"prompt",
                b"positive_prompt",
            ),
            *(
                b"negative_prompt",
                b"preset_data",
                b"null",
                b"1e999",
                b"9" * 5000,
                b"a" * 4001,
                b"[" * 3000,
                b"--- X ---,,",
            ),
        ),
    ),
    "toml": Target(
        batch_of(Kind.TOML),
        ((EXAMPLES / "prompts.toml").read_bytes(), MATRIX, SETS),
        (
            *(b"[[prompts]]\n", b"[defaults]\n", b"[prompts.matrix]\n", b"prompt = 'a {b}'\n", b"matrix.b = ['x']\n"),
            *(
                b"[vars]\n",
                b"[prompts.zip]\n",
                b"include = 'more.toml'\n",
                b"{@lists/a}",
                b"{@",
                b"{b|c}",
                b"sample = 2\n",
            ),
            *(b"n = 1000\n", b'"""', b"'''", b'"', b"'", b"\\", b"\\u00", b"=", b"[", b"]", b"{", b"}", b"#", b"\n"),
            *(b"1979-05-27T07:32:00Z", *NUMBERS, *DEEP, *ODD),
        ),
    ),
    "jsonl": Target(
        batch_of(Kind.JSONL),
        (JSONL, b'{"prompt": "{a|b} {c}", "zip": {"c": [1, 2]}, "sample": {"count": 3}}\n'),
        (
            b'"matrix":',
            b'"zip":',
            b'"sample":',
            b"{@lists/a}",
            b"{a|b}",
            b'{"b":',
            b"[",
            b"]",
            b"}",
            b'"',
            b"\\u00",
            b"\\ud800",
            b"null",
            *NUMBERS,
            *DEEP,
            *ODD,
        ),
    ),
    "csv": Target(
        batch_of(Kind.CSV),
        (CSV,),
        (b'"', b'""', b",", b";", b"\n", b"matrix", b"x" * 140_000, *NUMBERS, *ODD),
    ),
    "template": Target(
        read_templates,
        (b"{slug}-{style}-{n}\nA Red Car", b"{{x}}-{id}-{a}-{b}\n../../etc/passwd", b"{hash}.{date}\nCON"),
        (
            *(b"{" + name.encode() + b"}" for name in FIELDS),
            *(
                b"{",
                b"}",
                b"{{",
                b"}}",
                b"{n!r}",
                b"{n:>9999999}",
                b"{n.real}",
                b"{0}",
                b"{a}" * 80,
                b"/",
                b"\\",
                b"..",
            ),
            *(b"x" * 400, *ODD),
        ),
    ),
    "words": Target(
        read_words,
        (b"A Red CAR, at night!", "Straße nach Köln".encode(), "夜の街 हिन्दी".encode(), b"nul.txt", b"com1"),
        (b"con", b".", b" ", b"-", b":", b"/", b"x" * 400, *map(str.encode, ("é" * 130, "e\u0301", "\u00b9")), *ODD),
    ),
    "picture": Target(
        read_picture,
        (
            *(picture(kind) for kind in ("PNG", "JPEG", "WEBP", "GIF")),
            picture("JPEG", progressive=True, comment=b"x" * 300),
            picture("WEBP", lossless=True),
        ),
        (
            *(b"\xff\xd8\xff", b"\xff\xff" * 500, b"\xff\xc0\x00\x11\x08", b"\xff\xeb\xff\xff", b"\xff\xc4\x00\x00"),
            *(
                b"IHDR",
                b"\x89PNG\r\n\x1a\n",
                b"RIFF",
                b"WEBPVP8 ",
                b"WEBPVP8L",
                b"WEBPVP8X",
                b"GIF89a",
                b"\x9d\x01\x2a",
            ),
        ),
    ),
    "answer": Target(
        read_answer,
        (
            answer(),
            answer(data=[{"url": "http://here/x.png"}]),
            answer(data=[{"url": "data:image/png;base64,AAAA"}, {}]),
            answer(data=[], error={"message": "no", "code": 500}),
            b"text/html\n<html>Log in</html>",
        ),
        (
            *(b'"b64_json":', b'"url":', b'"data":', b'"error":', b'"usage":', b"null", b'"', b"[", b"]", b"{", b"}"),
            *(
                b"[null, ",
                b'{"error": 1, ',
                b"\\ud800",
                b"====",
                b"data:,",
                b"\\n" * 50,
                b"x" * 5000,
                *NUMBERS,
                *DEEP,
                *ODD,
            ),
        ),
    ),
    "drawn": Target(
        read_drawn,
        (
            drawn(),
            drawn(first=False),
            drawn(
                output=[{"result": "AAAA", "type": "program_output"}, {"result": "", "type": "image_generation_call"}]
            ),
            drawn(
                output=[{"result": "QUJD", "type": "image_generation_call", "status": "generating"}, {"result": "x"}]
            ),
            drawn(
                output=[{"type": "image_generation_call", "status": "failed", "error": {"code": "moderation_blocked"}}]
            ),
            drawn(output=[], status="incomplete", incomplete_details={"reason": "content_filter"}),
            b'application/json\n{"output": [{"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}]}',
        ),
        (
            *(
                b'"output":',
                b'"result":',
                b'"type":',
                b'"image_generation_call"',
                b'"status":',
                b'"failed"',
                b'"usage":',
            ),
            *(b'"error":', b'"revised_prompt":', b"null", b'"', b"[", b"]", b"{", b"}", b'"AAAA"', b'"data:,AAAA"'),
            *(
                b'{"type": "reasoning", "result": "AAAA"},',
                b'"result": "QQ==",',
                b"====",
                b"\\ud800",
                *NUMBERS,
                *DEEP,
                *ODD,
            ),
        ),
    ),
}
