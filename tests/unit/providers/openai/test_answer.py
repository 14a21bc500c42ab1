"""A 200 is unproven until a picture has been found in it."""

import base64
import json
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgcli.errors import AttemptError, Money, Retry
from imgcli.model.picture import Usage
from imgcli.providers.openai.answer import ABSURD, MAX_REVISED, read_usage
from tests.fuzz.plain_answer import streamed_answer
from tests.rows import each_row

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
B64 = base64.b64encode(PICTURE).decode()
USAGE = {
    "input_tokens": 18,
    "output_tokens": 439,
    "input_tokens_details": {"text_tokens": 18, "image_tokens": 0},
    "output_tokens_details": {"text_tokens": 0, "image_tokens": 439},
}
JSON = "application/json"


class Found:
    """An answer that came in one block: its picture, and what is said beside it."""

    def __init__(self, body: bytes, request_id: str = "", content_type: str = JSON) -> None:
        self.data, told = streamed_answer(body, [len(body) + 1], request_id, content_type)
        self.url, self.painted = told.url, told.painted


def found(answer: object, content_type: str = JSON) -> Found:
    return Found(json.dumps(answer).encode(), "req_1", content_type)


def fault(body: bytes | object, content_type: str = JSON) -> AttemptError:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(AttemptError) as caught:
        Found(data, "req_1", content_type)
    assert caught.value.retry is Retry.NEVER
    assert caught.value.request_id == "req_1"
    assert len(str(caught.value).splitlines()) == 1
    return caught.value


@pytest.mark.parametrize(
    "first",
    [
        {"b64_json": B64},
        {"b64_json": B64, "url": None},
        {"b64_json": B64, "url": "https://elsewhere/x.png"},
        {"b64_json": None, "url": f"data:image/png;base64,{B64}"},
        {"b64_json": "", "url": f"DATA:image/png;base64,{B64}"},
        {"b64_json": f"data:image/png;base64,{B64}"},
        {"b64_json": base64.encodebytes(PICTURE).decode()},
        {"b64_json": base64.encodebytes(PICTURE).decode().replace("\n", "\r\n")},
        {"index": 0, "type": "image", "b64_json": B64, "inference_time_s": 1.5},
    ],
)
def test_a_picture_inside_the_answer(first: dict[str, Any]) -> None:
    answer = found({"data": [first], "usage": USAGE})
    assert (answer.data, answer.url) == (PICTURE, "")
    assert answer.painted.request_id == "req_1"
    assert answer.painted.usage == Usage(18, 0, 439, 0)
    assert answer.painted.notes == ()


@pytest.mark.parametrize("first", [{"url": "http://here/x.png"}, {"b64_json": None, "url": "http://here/x.png"}])
def test_the_place_of_a_picture(first: dict[str, Any]) -> None:
    answer = found({"created": 1, "data": [first]})
    assert (answer.data, answer.url) == (b"", "http://here/x.png")


def test_more_pictures_than_asked_for_are_noted() -> None:
    answer = found({"data": [{"b64_json": B64}, {"b64_json": "AAAA"}, {}]})
    assert answer.data == PICTURE
    assert answer.painted.notes == ("the server sent 3 pictures, 1 was asked for",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_in_any_unicode(encoding: str) -> None:
    body = json.dumps({"data": [{"b64_json": B64}]}).encode(encoding)
    assert Found(body).data == PICTURE


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/html", JSON])
def test_the_content_type_decides_nothing_when_the_body_is_right(content_type: str) -> None:
    assert found({"data": [{"b64_json": B64}]}, content_type).data == PICTURE


@pytest.mark.parametrize(
    ("revised", "kept"),
    [
        ("a red car", "a red car"),
        (None, ""),
        (7, ""),
        (["a"], ""),
        ("a\nb", "a\nb"),
        ("\ud800car", "?car"),
        ("x" * (MAX_REVISED + 5), "x" * MAX_REVISED),
    ],
)
def test_revised_prompts(revised: object, kept: str) -> None:
    assert found({"data": [{"b64_json": B64, "revised_prompt": revised}]}).painted.revised == kept


EMPTY: list[Any] = [
    {},
    {"data": None},
    {"data": []},
    {"data": {}},
    {"data": "x"},
    {"data": 1},
    {"data": [None]},
    {"data": ["x"]},
    {"data": [[]]},
    {"data": [{}]},
    {"data": [{"b64_json": ""}]},
    {"data": [{"b64_json": 7, "url": False}]},
    {"created": 1},
]


@pytest.mark.parametrize("answer", EMPTY)
def test_an_answer_without_a_picture_is_held_until_its_usage_proves_a_bill(answer: dict[str, Any]) -> None:
    assert fault(answer).money is Money.HOLD
    assert fault(answer | {"usage": {"input_tokens": 0, "output_tokens": 0}}).money is Money.HOLD
    assert fault(answer | {"usage": USAGE}).money is Money.POST
    assert "no picture" in str(fault(answer))


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"17", b"NaN"])
def test_json_that_is_no_images_answer(body: bytes) -> None:
    assert fault(body).money is Money.HOLD
    assert "not an images answer" in str(fault(body))


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ({"message": "something went wrong"}, "something went wrong"),
        ("prompt\nblocked", "prompt blocked"),
        ({"code": 500}, "its answer is an error;"),
        (["odd"], "its answer is an error;"),
    ],
)
def test_an_error_with_status_200(error: object, said: str) -> None:
    caught = fault({"error": error, "data": []})
    assert caught.money is Money.HOLD
    assert said in str(caught)


@pytest.mark.parametrize("error", [None, "", {}, {"code": None}])
def test_a_picture_outweighs_an_error_beside_it(error: object) -> None:
    assert found({"error": error, "data": [{"b64_json": B64}]}).data == PICTURE


def test_pages_and_torn_answers() -> None:
    page = fault(b"<html>Log in</html>", "text/html; charset=utf-8")
    assert (page.money, "text/html" in str(page), "Log in" in str(page)) == (Money.HOLD, True, False)
    assert "no JSON" in str(fault(b"", ""))
    long = fault(b"<", "text/html; " + "x" * 5000)
    assert len(str(long)) < 300
    whole = json.dumps({"data": [{"b64_json": B64}], "usage": USAGE}).encode()
    for end in range(0, len(whole), 7):
        assert fault(whole[:end]).money is Money.HOLD


@pytest.mark.parametrize(
    "junk",
    [
        B64[:40] + "!!" + B64[40:],
        B64[:40] + " " + B64[40:],
        B64[:40] + "\x00" + B64[40:],
        B64[:-1],
        B64[:40] + "=" + B64[40:],
        B64 + "=",
        "A",
        "====",
        "not base64 at all",
        "ünïcode",
        B64.replace("+", "-").replace("/", "_") + "-_",
        "data:image/png;base64,A",
        "data:image/svg+xml,<svg/>",
    ],
)
def test_junk_in_the_base64_is_billed_and_never_skipped(junk: str) -> None:
    assert fault({"data": [{"b64_json": junk}], "usage": USAGE}).money is Money.POST
    if junk.startswith("data:"):
        assert fault({"data": [{"url": junk}]}).money is Money.POST


@given(st.binary(max_size=60), st.integers(0, 80), st.characters(exclude_characters="\r\n=", codec="utf-8"))
def test_one_letter_too_many_is_never_skipped(data: bytes, place: int, strange: str) -> None:
    encoded = base64.b64encode(data).decode()
    assert fault({"data": [{"b64_json": encoded[:place] + strange + encoded[place:]}]}).money is Money.POST


def counts(**changes: object) -> dict[str, object]:
    return {"input_tokens": 18, "output_tokens": 439} | changes


@each_row(
    ("usage", "read"),
    [
        (USAGE, Usage(18, 0, 439, 0)),
        (counts(), Usage(18, 0, 439, 0)),
        (counts(input_tokens_details=None, output_tokens_details="x"), Usage(18, 0, 439, 0)),
        (counts(input_tokens_details={"text_tokens": 10, "image_tokens": 8}), Usage(10, 8, 439, 0)),
        (counts(output_tokens_details={"image_tokens": 400, "text_tokens": 39}), Usage(18, 0, 400, 39)),
        (counts(cost=0.02, total_tokens=-1), Usage(18, 0, 439, 0)),
        # nothing that can be believed
        (None, None),
        ("439", None),
        ([], None),
        ({}, None),
        (counts(input_tokens=0, output_tokens=0), None),
        (counts(output_tokens=0), None),
        (counts(output_tokens=-439), None),
        (counts(input_tokens=-1), None),
        (counts(output_tokens=True), None),
        (counts(input_tokens=False), None),
        (counts(output_tokens=439.0), None),
        (counts(output_tokens=float("nan")), None),
        (counts(output_tokens=float("inf")), None),
        (counts(output_tokens="439"), None),
        (counts(output_tokens=None), None),
        (counts(output_tokens=ABSURD + 1), None),
        (counts(input_tokens=10**30), None),
        (counts(output_tokens_details={}), None),
        (counts(output_tokens_details={"text_tokens": 439}), None),
        ({"prompt_tokens": 5, "completion_tokens": 100, "image_count": 1}, None),
    ],
)
def test_usage_is_believed_or_not(usage: object, read: Usage | None) -> None:
    assert read_usage(usage)[0] == read
    assert found({"data": [{"b64_json": B64}], "usage": usage}).painted.usage == read


def test_the_usage_is_kept_as_it_came() -> None:
    painted = found({"data": [{"b64_json": B64}], "usage": {"z": 1, "a": {"y": [True, None]}}}).painted
    assert (painted.usage, painted.raw_usage) == (None, '{"a":{"y":[true,null]},"z":1}')
    assert found({"data": [{"b64_json": B64}]}).painted.raw_usage == ""
    assert len(read_usage({"x": "y" * 9000})[1]) == 4000


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()) | st.just(B64),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["data", "b64_json", "url", "error", "usage", "revised_prompt", "message"])
            | st.sampled_from([*USAGE, "text_tokens", "image_tokens"]),
            inner,
        )
    ),
    max_leaves=25,
)


@given(st.fixed_dictionaries({}, optional={"data": st.lists(ANY_JSON, max_size=3), "usage": ANY_JSON}) | ANY_JSON)
@example({"data": [{"b64_json": B64, "revised_prompt": "\ud800"}], "usage": {"\udfff": "\ud800"}})
def test_any_json_is_a_picture_or_an_honest_fault(answer: object) -> None:
    try:
        told = found(answer)
    except AttemptError as error:
        assert error.money in {Money.HOLD, Money.POST}  # noqa: PT017 - either of two ends is right
        str(error).encode()
    else:
        assert bool(told.url) or isinstance(told.data, bytes)
        (told.painted.revised + told.painted.raw_usage).encode()


@given(st.binary(), st.text(max_size=30))
@example(b'{"data":' * 4000, JSON)
@example(b'{"usage":' + b"9" * 5000 + b"}", JSON)
@example(b"\xff\xfe{", "")
@example(b'{"a":"\xff"}', JSON)
def test_any_bytes_are_a_picture_or_an_honest_fault(body: bytes, content_type: str) -> None:
    try:
        Found(body, "", content_type)
    except AttemptError as error:
        assert error.money in {Money.HOLD, Money.POST}  # noqa: PT017 - either of two ends is right


@pytest.mark.parametrize("key", ["usage", "error", "data"])
def test_nesting_just_short_of_the_limit_is_no_bug(key: str) -> None:
    for depth in range(sys.getrecursionlimit() - 120, sys.getrecursionlimit()):
        nested = b"[" * depth + b"]" * depth
        fault(b'{"%s": {"message": %s}}' % (key.encode(), nested))
