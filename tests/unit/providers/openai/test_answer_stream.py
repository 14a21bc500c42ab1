"""An answer read while it comes is the answer read at once, however it is cut."""

import base64
import itertools
import json
import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import AttemptError
from imgcli.providers.openai.answer import Found
from imgcli.providers.openai.answer_stream import (
    IMAGES,
    MAX_TEXT,
    TOOL,
    AnswerStream,
    Base64Reader,
    Form,
    TooLongError,
)
from tests.fuzz.plain_answer import plain_answer, streamed_answer
from tests.rows import each_row

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
B64 = base64.b64encode(PICTURE).decode()
SIZES = st.lists(st.integers(1, 40), min_size=1, max_size=5)


def ended(body: bytes, sizes: Sequence[int] = (), form: Form = IMAGES) -> tuple[bytes, Found] | str:
    try:
        return streamed_answer(body, list(sizes), "", "json", form) if sizes else plain_answer(body, "", "json", form)
    except AttemptError as error:
        return f"{error.money}: {error}"


def spelled(text: str, luck: random.Random) -> str:
    """A JSON string with some letters as escapes."""
    plain = json.dumps(text)[1:-1]
    if "\\" in plain:
        return f'"{plain}"'
    letters = (f"\\u{ord(x):04x}" if luck.random() < 0.1 else f"\\{x}" if x == "/" else x for x in plain)
    return f'"{"".join(letters)}"'


def an_item(luck: random.Random) -> str:
    parts = []
    for key in luck.sample(["b64_json", "url", "b64_json", "revised_prompt"], luck.randint(0, 3)):
        encoded = base64.b64encode(luck.randbytes(luck.choice([0, 1, 2, 3, 50]))).decode()
        damaged = luck.choice([encoded, encoded, encoded[:-1], f"{encoded}=", f"!{encoded}", f"{encoded}\xe9"])
        value = luck.choice(["", "", "data:image/png;base64,", "DATA:,", "data:", "http://x/"]) + damaged
        parts.append(f"{spelled(key, luck)}: {luck.choice([spelled(value, luck)] * 5 + ['null', '7', '[{}]'])}")
    return f"{{{', '.join(parts)}}}"


def a_body(luck: random.Random) -> bytes:
    items = ", ".join(
        luck.choice([an_item(luck), an_item(luck), "null", "[]"]) for _ in range(luck.choice([0, 1, 1, 2]))
    )
    inner = '{"data": [{"b64_json": "AAAA"}]}'
    parts = [
        f'"data": [{items}]',
        f'"x": {inner}',
        f'"y": [[[{inner}]]]',
        '"usage": {"output_tokens": 9}',
        '"error": "no"',
    ]
    chosen = luck.sample(parts, luck.randint(1, 4)) + ([parts[0]] if luck.random() < 0.2 else [])
    body = f"{{{', '.join(chosen)}}}".encode(luck.choice(["utf-8"] * 20 + ["utf-8-sig", "utf-16", "utf-32-be"]))
    junk = [b'"', b"\\", b"{", b"]", b",", b":", b"\0", b"\xff", b"\xc3\xa9", b"\\u00", b"=", b"\n", b"\xed\xa0\x80"]
    while luck.random() < 0.4:
        at = luck.randrange(len(body) + 1)
        body = luck.choice([body[:at], body[:at] + luck.choice(junk) + body[at:], body[:at] + body[at + 2 :]])
    return body


@given(st.integers(0, 2**64), SIZES)
def test_any_answer_ends_the_same_at_once_and_in_pieces(seed: int, sizes: list[int]) -> None:
    body = a_body(random.Random(seed))  # noqa: S311 - hypothesis draws the seed
    assert ended(body, sizes) == ended(body)


def a_call(luck: random.Random) -> str:
    """An item of the output of a text model, most often a call of its image tool."""
    parts = []
    for key in luck.sample(["type", "result", "type", "result", "status", "x"], luck.randint(0, 5)):
        encoded = base64.b64encode(luck.randbytes(luck.choice([0, 1, 2, 3, 50]))).decode()
        values = {
            "type": ["image_generation_call"] * 4 + ["reasoning", ""],
            "result": [encoded, encoded, encoded[:-1], f"!{encoded}", f"data:,{encoded}", ""],
            "status": ["completed", "completed", "generating", "failed"],
            "x": ["image_generation_call", "AAAA"],
        }
        value = luck.choice([spelled(luck.choice(values[key]), luck)] * 9 + ["null", "7", '[{"type": "x"}]'])
        parts.append(f"{spelled(key, luck)}: {value}")
    return f"{{{', '.join(parts)}}}"


def a_drawn_body(luck: random.Random) -> bytes:
    items = ", ".join(luck.choice([a_call(luck)] * 6 + ["null", "[]"]) for _ in range(luck.choice([0, 1, 2, 3])))
    parts = [
        f'"output": [{items}]',
        '"x": {"output": [{"type": "image_generation_call", "result": "AAAA"}]}',
        f'"status": {luck.choice(["null", spelled("completed", luck), spelled("incomplete", luck)])}',
        '"usage": {"input_tokens": 9, "output_tokens": 9}',
        '"tools": [{"model": "other"}]',
    ]
    chosen = luck.sample(parts, luck.randint(1, 5)) + ([parts[0]] if luck.random() < 0.1 else [])
    body = f"{{{', '.join(chosen)}}}".encode(luck.choice(["utf-8"] * 20 + ["utf-8-sig", "utf-16"]))
    while luck.random() < 0.3:
        at = luck.randrange(len(body) + 1)
        body = luck.choice([body[:at], body[:at] + luck.choice([b'"', b"\\", b"{", b"]", b","]) + body[at + 1 :]])
    return body


@given(st.integers(0, 2**64), SIZES)
def test_any_answer_of_the_image_tool_ends_the_same_at_once_and_in_pieces(seed: int, sizes: list[int]) -> None:
    body = a_drawn_body(random.Random(seed))  # noqa: S311 - hypothesis draws the seed
    assert ended(body, sizes, TOOL) == ended(body, form=TOOL)


CALL = {"type": "image_generation_call", "status": "completed", "result": B64, "revised_prompt": "a red car"}
DRAWN = [
    json.dumps({"output": [CALL], "status": "completed"}),
    json.dumps({"output": [{"type": "reasoning", "summary": []}, {"type": "message", "content": []}, CALL, CALL]}),
    json.dumps({"output": [{"type": "program_output", "result": "AAAA"}, CALL]}),
    json.dumps({"output": [{"result": B64, "type": "image_generation_call"}, {"result": "AAAA", "type": "x"}]}),
    json.dumps({"output": [{"result": "AAAA", "type": "program_output"}, CALL]}),
    json.dumps({"output": [CALL | {"result": ""}, CALL | {"result": None}, CALL]}),
    json.dumps({"output": [CALL | {"result": "AA=A"}]}),
    json.dumps({"output": [{"kind": [{"type": "x", "result": "AAAA"}], **CALL}]}),
    json.dumps({"output": CALL, "data": [{"b64_json": B64}]}),
    '{"output": [{"type": "reasoning", "type": "image_generation_call", "result": "AAAA"}]}',
    '{"output": [{"type": "image_generation_call", "result": "AAAA", "result": "BBBB"}]}',
    '{"output": [{"type": "image_generation_call", "result": "AAAA"}], "output": []}',
    '{"\\u006futput": [{"t\\u0079pe": "im\\u0061ge_generation_call", "res\\u0075lt": "\\u0041AAA"}]}',
]


@pytest.mark.parametrize("body", DRAWN)
def test_every_cut_of_every_answer_of_the_image_tool(body: str) -> None:
    whole = body.encode()
    assert {str(ended(whole, [size, 1000], TOOL)) for size in range(1, len(whole))} == {str(ended(whole, form=TOOL))}
    for cut in range(len(whole)):
        assert ended(whole[:cut], [7], TOOL) == ended(whole[:cut], form=TOOL)


@pytest.mark.parametrize("item", range(4))
def test_wherever_the_call_stands_its_picture_is_found(item: int) -> None:
    around = [{"type": "reasoning"}, {"type": "message", "content": [{"result": "AAAA"}]}, {"type": "x", "result": "A"}]
    body = json.dumps({"output": [*around[:item], CALL, *around[item:]]}).encode()
    found = ended(body, [11], TOOL)
    assert isinstance(found, tuple), found
    assert (found[0], found[1].painted.revised) == (PICTURE, "a red car")


def test_nothing_of_any_picture_of_the_image_tool_stays_behind() -> None:
    stream = AnswerStream(TOOL)
    block = base64.b64encode(bytes(300_000))
    calls = [b'{"output": [{"type": "message"}', b'{"type": "image_generation_call"', b'{"x": 1']
    out = len(stream.feed(calls[0] + b", "))
    for begins in calls[1:]:
        out += len(stream.feed(begins + b', "result": "'))
        out += sum(len(stream.feed(block)) for _ in range(50))
        out += len(stream.feed(b'"}, '))
    assert (out, stream.at) == (50 * 300_000, 1)
    assert len(stream.text) < 200


BODIES = [
    json.dumps({"data": [{"b64_json": B64}], "created": 1}),
    json.dumps({"created": 1, "data": [{"revised_prompt": 'a "car" \\', "b64_json": B64}, {"b64_json": B64}]}),
    json.dumps({"data": [{"url": f"data:image/png;base64,{B64}", "b64_json": None}]}),
    json.dumps({"data": [{"url": "data:x", "b64_json": "AAAA"}]}),
    json.dumps({"data": [{"b64_json": base64.encodebytes(PICTURE).decode()}]}).replace("/", "\\/"),
    json.dumps({"data": [{"b64_json": "AA=="}]}),
    json.dumps({"data": [{"b64_json": "AA=A"}]}),
    json.dumps({"data": [{"b64_json": "AAAA!!!!AAAA"}]}),
    json.dumps({"data": [{"b64_json": "AA==AAAA"}]}),
    json.dumps({"data": [{"b64_json": "AAA"}, {"b64_json": '"'}]}),
    json.dumps({"data": [{"b64_json": "A\0"}]}),
    '{"data": [{"b64_json": "AA\0A"}]}',
    '{"data": [{"b64_json": "AAAA"}, {"b64_json": "\\x"}]}',
    '{"d\\u0061ta": [{"b64\\u005fjson": "\\u0041AAA"}]}',
    '{"data": [{"b64_json": "AAAA", "b64_json": "BBBB"}]}',
    '{"data": [{"b64_json": "AAAA"}], "data": []}',
    '{"data": [{"url": "\\u0064ata:,AAAA", "b64_json": "BBBB"}]}',
    '{"data": {"b64_json": "AAAA"}}',
    '[{"data": [{"b64_json": "AAAA"}]}]',
]


@pytest.mark.parametrize("body", BODIES)
def test_every_cut_of_every_shape(body: str) -> None:
    whole = body.encode()
    assert {str(ended(whole, [size, 1000])) for size in range(1, len(whole))} == {str(ended(whole))}
    for cut in range(len(whole)):
        assert ended(whole[:cut], [7]) == ended(whole[:cut])


@each_row("bad", ["!", "AAA!", "AAAAA", "AA=A", "AAAA=", "AAAA\\nAA", "é", "=", "AA==AA", "data:;base64"])
@each_row("size", [1, 3, 1000])
def test_what_is_no_picture_can_be_put_together_again(bad: str, size: int) -> None:
    body = f'{{"data": [{{"b64_json": "{bad}", "x": 1}}], "usage": null}}'.encode()
    stream = AnswerStream()
    out = b"".join(stream.feed(body[start : start + size]) for start in range(0, len(body), size)) + stream.close()
    before, decoded, after = stream.torn()
    again = before + base64.b64encode(out[:decoded]) + out[decoded:] + after
    assert again.replace(b"\\n", b"") == body.replace(b"\\n", b"")


def test_nothing_of_a_picture_stays_behind() -> None:
    stream = AnswerStream()
    block = base64.b64encode(bytes(3 * 100_000))
    out = len(stream.feed(b'{"data": [{"b64_json": "'))
    for _ in range(50):
        out += len(stream.feed(block))
    out += len(stream.feed(b'"}, {"b64_json": "'))
    for _ in range(50):
        out += len(stream.feed(block))
    out += len(stream.feed(b'"}]}') + stream.close())
    assert out == 50 * 300_000
    assert len(stream.text) < 100


@pytest.mark.parametrize("begins", [b"", b'{"data": "', b'{"x": ["', b'{"', b'{"data": [{"url": "http:', b"["])
def test_text_without_end_is_refused(begins: bytes) -> None:
    stream = AnswerStream()
    stream.feed(begins)
    stream.feed(b"x" * (MAX_TEXT - 100))
    with pytest.raises(TooLongError):
        stream.feed(b"x" * 101)


@given(st.binary(), SIZES)
def test_base64_in_pieces(data: bytes, sizes: list[int]) -> None:
    encoded, reader, out, at = base64.b64encode(data), Base64Reader(), b"", 0
    for size in itertools.cycle(sizes):
        out += reader.feed(encoded[at : at + size])
        at += size
        if at >= len(encoded):
            break
    assert (out, reader.rest) == (data, b"")
