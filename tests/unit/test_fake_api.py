"""The server that all money tests lean on must itself be beyond doubt: bills, faults, holds and counts."""

import base64
import concurrent.futures
import hashlib
import io
import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import openai
import pytest
from openai.types.responses.response_output_item import ImageGenerationCall
from PIL import Image

from imgcli.providers.openai import drawing
from tests.fake_api import faults, fixtures, pictures, prices
from tests.fake_api.client import KEY, ROOT, FakeApi
from tests.fake_api.script import Limit
from tests.fakes.jobs import a_job

fake_api_process = fixtures.fake_api_process
fake_api = fixtures.fake_api

GENERATE = "/v1/images/generations"
FLARE = "gpt-image-2.5-flare"
ORDER = {"model": FLARE, "prompt": "a car", "size": "1024x1024", "quality": "medium"}
COST = 7 * 5_000 + 439 * 30_000
"""Nano-USD of ORDER: 5 bytes // 4 + 6 tokens of text, and 439 of the published table."""


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def pictures(self) -> list[bytes]:
        return [base64.b64decode(each["b64_json"], validate=True) for each in self.json["data"]]

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


def ask(api: FakeApi, method: str, path: str, body: object = None, key: str = KEY, **headers: str) -> Reply:
    connection = HTTPConnection("127.0.0.1", api.port, timeout=10)
    try:
        data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        connection.request(method, path, data, {"authorization": f"Bearer {key}", **headers})
        answer = connection.getresponse()
        return Reply(answer.status, {name.lower(): text for name, text in answer.getheaders()}, answer.read())
    finally:
        connection.close()


def paint(api: FakeApi, **change: object) -> Reply:
    return ask(api, "POST", GENERATE, ORDER | change)


def raw(body: object = ORDER, path: str = GENERATE, extra: str = "") -> bytes:
    data = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: {len(data)}\r\n{extra}\r\n"
    )
    return head.encode() + data


def call(api: FakeApi, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", api.port), timeout=10)
    connection.sendall(sent)
    return connection


def read_all(connection: socket.socket) -> bytes:
    got = b""
    while part := connection.recv(1 << 16):
        got += part
    return got


def read_head(file: io.BufferedReader) -> tuple[int, int]:
    """The status of the next answer and the length of its body."""
    status = int(file.readline().split()[1])
    lines = list(iter(file.readline, b"\r\n"))
    (length,) = (int(line.split(b":")[1]) for line in lines if line.startswith(b"content-length:"))
    return status, length


def read_one(file: io.BufferedReader) -> tuple[int, bytes]:
    """The status and body of one answer of a connection that goes on."""
    status, length = read_head(file)
    return status, file.read(length)


@pytest.fixture
def pool() -> Iterator[concurrent.futures.ThreadPoolExecutor]:
    with concurrent.futures.ThreadPoolExecutor(80) as threads:
        yield threads


class TestPictures:
    @pytest.mark.parametrize("kind", pictures.FORMATS)
    @pytest.mark.parametrize(("width", "height"), [(1024, 1024), (3840, 2160), (1254, 1254), (17, 9), (1, 1)])
    def test_they_decode_at_their_size(self, kind: str, width: int, height: int) -> None:
        with Image.open(io.BytesIO(pictures.make(kind, width, height, 77))) as image:
            image.load()
            assert (image.format, image.size) == (kind.upper(), (width, height))

    @pytest.mark.parametrize("kind", pictures.FORMATS)
    def test_no_two_are_alike(self, kind: str) -> None:
        assert len({pictures.make(kind, 64, 48, number) for number in range(2000)}) == 2000


class TestPrices:
    @pytest.mark.parametrize(
        ("model", "size", "tokens"),
        [
            ("gpt-image-1.5", (1536, 1024), {"low": 400, "medium": 1568, "high": 6208}),
            ("gpt-image-2", (1024, 1024), {"low": 196, "medium": 1756, "high": 7024}),
            ("gpt-image-2", (1536, 864), {"low": 120, "medium": 1078, "high": 4312}),
            (FLARE, (1024, 1536), {"low": 158, "medium": 343, "high": 1372, "xhigh": 2459, "max": 5488}),
            (FLARE, (3840, 2160), {"low": 371, "medium": 865, "high": 3336, "xhigh": 5930, "max": 13342}),
        ],
    )
    def test_tokens_are_those_of_the_published_tables(
        self, model: str, size: tuple[int, int], tokens: dict[str, int]
    ) -> None:
        family = prices.MODELS[model]
        assert {quality: family.out_tokens(quality, *size, 1) for quality in family.qualities} == tokens

    def test_half_a_patch_goes_to_the_even_side(self) -> None:
        """24 * 800 / 1536 is 12.5; rounded up it would be 252 tokens."""
        assert prices.MODELS[FLARE].out_tokens("medium", 1536, 800, 1) == 233

    def test_several_pictures_are_rounded_once_and_their_prompt_counts_for_each(self) -> None:
        usage = prices.usage(prices.MODELS["gpt-image-2"], "a car", "low", 1024, 1024, 2)
        assert (usage["output_tokens"], usage["input_tokens"]) == (391, 14)

    def test_a_bill_is_whole_nano_dollars(self) -> None:
        family = prices.MODELS["gpt-image-1-mini"]
        assert prices.cost(family, prices.usage(family, "a car", "low", 1024, 1024)) == 7 * 2_000 + 272 * 8_000


class TestSuccess:
    def test_what_is_billed_is_what_is_sent(self, fake_api: FakeApi) -> None:
        reply = ask(fake_api, "POST", GENERATE, ORDER, **{"X-Client-Request-Id": "attempt-1"})
        (picture,) = reply.pictures
        (bill,) = fake_api.bill()
        assert reply.status == 200
        assert bill.sha256 == (hashlib.sha256(picture).hexdigest(),)
        assert bill.usage == reply.json["usage"]
        assert (bill.cost_nano, fake_api.billed()) == (COST, COST)
        assert (bill.x_client_request_id, bill.model, bill.prompt) == ("attempt-1", FLARE, "a car")
        assert (bill.size, bill.quality) == ("1024x1024", "medium")

    def test_the_answer_has_the_fields_and_headers_of_the_real_one(self, fake_api: FakeApi) -> None:
        reply = paint(fake_api)
        assert reply.json.keys() == {"created", "background", "data", "output_format", "quality", "size", "usage"}
        assert reply.json["usage"] == {
            "input_tokens": 7,
            "output_tokens": 439,
            "total_tokens": 446,
            "input_tokens_details": {"text_tokens": 7, "image_tokens": 0},
            "output_tokens_details": {"text_tokens": 0, "image_tokens": 439},
        }
        assert reply.headers.keys() >= {"x-request-id", "openai-processing-ms", "date", "content-length"}

    @pytest.mark.parametrize("kind", pictures.FORMATS)
    def test_each_format_is_painted_at_the_size_asked_for(self, fake_api: FakeApi, kind: str) -> None:
        (picture,) = paint(fake_api, output_format=kind, size="1536x864").pictures
        with Image.open(io.BytesIO(picture)) as image:
            assert (image.format, image.size) == (kind.upper(), (1536, 864))

    def test_auto_is_resolved_and_told(self, fake_api: FakeApi) -> None:
        reply = ask(fake_api, "POST", GENERATE, {"model": FLARE, "prompt": "x", "size": None})
        assert (reply.json["size"], reply.json["quality"], reply.json["background"]) == ("1254x1254", "high", "opaque")

    def test_several_pictures_share_a_bill(self, fake_api: FakeApi) -> None:
        made = paint(fake_api, n=3).pictures
        (bill,) = fake_api.bill()
        assert bill.sha256 == tuple(hashlib.sha256(picture).hexdigest() for picture in made)
        assert len(set(made)) == 3

    def test_pictures_stay_unique_through_a_reset(self, fake_api: FakeApi) -> None:
        first = paint(fake_api).pictures
        fake_api.reset()
        assert paint(fake_api).pictures != first


class TestSdk:
    """What the SDK makes of the answers, as a check of their shape."""

    @pytest.fixture
    def sdk(self, fake_api: FakeApi) -> Iterator[openai.OpenAI]:
        with openai.OpenAI(api_key=KEY, base_url=fake_api.base_url, max_retries=0) as client:
            yield client

    def test_a_success_is_read_in_full(self, sdk: openai.OpenAI) -> None:
        answer = sdk.images.generate(model=FLARE, prompt="a car", size="1536x864", quality="xhigh", n=2)
        type(answer).model_validate(answer.model_dump(), strict=True)
        assert answer.usage is not None
        assert answer.usage.output_tokens == 3833
        assert (answer.size, answer.quality, answer.output_format) == ("1536x864", "xhigh", "png")
        assert {model.id for model in sdk.models.list()} == set(prices.MODELS)

    def test_a_picture_of_the_image_tool_is_read_in_full(self, fake_api: FakeApi, sdk: openai.OpenAI) -> None:
        answer = sdk.responses.create(**drawing.request(a_job(through="words-1"), foreign=False))
        type(answer).model_validate(answer.model_dump(), strict=True)
        thoughts, call, words = answer.output
        assert isinstance(call, ImageGenerationCall)
        assert call.result is not None
        (bill,) = fake_api.bill()
        assert bill.sha256 == (hashlib.sha256(base64.b64decode(call.result, validate=True)).hexdigest(),)
        assert call.revised_prompt == bill.prompt == "a car, in soft light, drawn with care"
        assert (thoughts.type, words.type) == ("reasoning", "message")
        assert answer.usage is not None
        assert answer.tool_usage is not None
        image = answer.tool_usage.image_gen
        spent = image.input_tokens * 5_000 + image.output_tokens * 30_000
        assert bill.cost_nano == spent + answer.usage.input_tokens * 1_000 + answer.usage.output_tokens * 4_000

    def test_the_image_tool_takes_one_call_of_what_it_knows(self, fake_api: FakeApi, sdk: openai.OpenAI) -> None:
        fine = drawing.request(a_job(through="words-1"), foreign=False)
        for wrong in (
            {"max_tool_calls": 2},
            {"tool_choice": "auto"},
            {"tools": [fine["tools"][0] | {"n": 2}]},
            {"tools": [fine["tools"][0] | {"model": "dall-e-3"}]},
            {"tools": [fine["tools"][0] | {"size": "1x1"}]},
            {"model": "gpt-image-2"},
            {"max_output_tokens": 16},
            {"temperature": 1},
        ):
            with pytest.raises(openai.BadRequestError):
                sdk.responses.create(**fine | wrong)
        assert fake_api.bill() == []

    def test_an_error_is_raised_with_its_code_and_request_id(self, fake_api: FakeApi, sdk: openai.OpenAI) -> None:
        fake_api.script(faults=["moderation_output_400"])
        with pytest.raises(openai.BadRequestError) as raised:
            sdk.images.generate(model=FLARE, prompt="a car")
        assert (raised.value.code, raised.value.type) == ("moderation_blocked", "image_generation_user_error")
        assert raised.value.request_id == "req_000001"
        assert isinstance(raised.value.body, dict)
        assert raised.value.body["moderation_details"]["moderation_stage"] == "output"


class TestRefusals:
    @pytest.mark.parametrize(
        ("change", "code", "param"),
        [
            ({"response_format": "b64_json"}, "unknown_parameter", "response_format"),
            ({"style": "vivid"}, "unknown_parameter", "style"),
            ({"model": "dall-e-3"}, "invalid_value", "model"),
            ({"model": None}, "missing_required_parameter", "model"),
            ({"prompt": ""}, "missing_required_parameter", "prompt"),
            ({"prompt": "x" * 32_001}, "string_above_max_length", "prompt"),
            ({"n": 0}, "invalid_value", "n"),
            ({"n": 11}, "invalid_value", "n"),
            ({"n": True}, "invalid_value", "n"),
            ({"size": "1000x1000"}, "invalid_value", "size"),
            ({"size": "512x512"}, "invalid_value", "size"),
            ({"size": "3840x1024"}, "invalid_value", "size"),
            ({"size": "3856x2160"}, "invalid_value", "size"),
            ({"size": "3840x2176"}, "invalid_value", "size"),
            ({"size": "9" * 5000 + "x1"}, "invalid_value", "size"),
            ({"size": [1024, 1024]}, "invalid_value", "size"),
            ({"model": "gpt-image-1.5", "size": "1536x864"}, "invalid_value", "size"),
            ({"model": "gpt-image-2", "quality": "max"}, "invalid_value", "quality"),
            ({"quality": "hd"}, "invalid_value", "quality"),
            ({"output_format": "svg"}, "invalid_value", "output_format"),
            ({"output_compression": 80}, "invalid_value", "output_compression"),
            ({"model": "gpt-image-2", "background": "transparent"}, "invalid_value", "background"),
            ({"output_format": "jpeg", "background": "transparent"}, "invalid_value", "background"),
            ({"moderation": "off"}, "invalid_value", "moderation"),
            ({"stream": True}, "invalid_value", "stream"),
            ({"frame_count": 4}, "invalid_value", "frame_count"),
            ({"user": 7}, "invalid_type", "user"),
        ],
    )
    def test_a_request_the_real_one_refuses(
        self, fake_api: FakeApi, change: dict[str, object], code: str, param: str
    ) -> None:
        reply = paint(fake_api, **change)
        error = reply.json["error"]
        assert (reply.status, error["code"], error["param"]) == (400, code, param)
        assert error["type"] == "image_generation_user_error"
        assert not fake_api.bill()

    def test_the_words_are_the_real_ones(self, fake_api: FakeApi) -> None:
        legacy = paint(fake_api, response_format="url").json["error"]["message"]
        retired = paint(fake_api, model="dall-e-3").json["error"]["message"]
        assert legacy == "Unknown parameter: 'response_format'."
        assert retired == "The model 'dall-e-3' does not exist."

    @pytest.mark.parametrize("size", ["1024x640", "3840x2160", "2880x2880", "1440x480", "auto"])
    def test_sizes_on_the_edge_of_the_rule_are_taken(self, fake_api: FakeApi, size: str) -> None:
        assert paint(fake_api, size=size).status == 200

    def test_a_model_nobody_knows_is_not_found_until_it_is_named(self, fake_api: FakeApi) -> None:
        assert (paint(fake_api, model="sd-cpp-local").status, paint(fake_api, model="gpt-image-3").code) == (
            404,
            "model_not_found",
        )
        fake_api.script(extra_models=["sd-cpp-local"])
        assert paint(fake_api, model="sd-cpp-local").status == 200

    def test_a_revised_prompt_is_told_where_the_script_says_how(self, fake_api: FakeApi) -> None:
        assert "revised_prompt" not in paint(fake_api).json["data"][0]
        fake_api.script(revise=[["^a", "one"], ["$", " at dusk"]])
        assert [each["revised_prompt"] for each in paint(fake_api, n=2).json["data"]] == ["one car at dusk"] * 2
        with pytest.raises(ValueError, match="does not understand"):
            fake_api.script(revise=[["(", ""]])

    @pytest.mark.parametrize("key", ["", "pk-1", "sk-wrong"])
    @pytest.mark.parametrize(("method", "path"), [("POST", GENERATE), ("GET", "/v1/models")])
    def test_a_wrong_key_is_401(self, fake_api: FakeApi, key: str, method: str, path: str) -> None:
        reply = ask(fake_api, method, path, ORDER, key)
        assert (reply.status, reply.code) == (401, "invalid_api_key")

    def test_the_wrong_key_can_be_chosen(self, fake_api: FakeApi) -> None:
        fake_api.script(wrong_key=KEY)
        assert paint(fake_api).status == 401
        assert KEY not in paint(fake_api).body.decode()

    def test_every_request_is_logged_with_no_more_than_the_end_of_its_key(self, fake_api: FakeApi) -> None:
        paint(fake_api)
        paint(fake_api, n=0)
        ask(fake_api, "POST", GENERATE, b"{no json")
        ask(fake_api, "GET", "/v1/models")
        ask(fake_api, "GET", "/v1/nowhere")
        seen = fake_api.requests()
        assert [(each.path, each.status) for each in seen] == [
            (GENERATE, 200),
            (GENERATE, 400),
            (GENERATE, 400),
            ("/v1/models", 200),
            ("/v1/nowhere", 404),
        ]
        assert [each.body for each in seen[:3]] == [ORDER, ORDER | {"n": 0}, "{no json"]
        assert {each.headers["authorization"] for each in seen} == {"cdef"}
        assert [each.seq for each in seen] == [1, 2, 3, 4, 5]
        assert {each.outcome for each in seen} == {"answered"}
        assert seen[0].time <= seen[1].time <= time.time()

    def test_models_tell_when_they_end(self, fake_api: FakeApi) -> None:
        told = {model["id"]: model["shutdown_date"] for model in ask(fake_api, "GET", "/v1/models").json["data"]}
        assert told["gpt-image-1.5"] == "2026-12-01"
        assert told[FLARE] is None


PLANNED = {
    "close_at_accept", "billed_fin", "billed_rst", "billed_silence", "billed_cut_body", "billed_headers_then_silence",
    "billed_500", "billed_502_html", "html_200", "cut_json_200", "empty_data_200", "no_data_200", "408", "409",
    "rate_429", "quota_429", "retry_after_300", "moderation_input_400", "401", "403", "404", "redirect_307",
}  # fmt: skip
STATUS = {
    "billed_500": 500, "billed_502_html": 502, "bare_503": 503, "moderation_output_400": 400, "rate_429": 429,
    "quota_429": 429, "retry_after_300": 429, "slow_down_429": 429, "moderation_input_400": 400, "400": 400,
    "401": 401, "403": 403, "403_org": 403, "404": 404, "408": 408, "409": 409, "413": 413, "422": 422,
    "overloaded_503": 503, "slow_down_503": 503, "redirect_307": 307, "string_error_400": 400,
}  # fmt: skip
BILLED_STATUS = {"billed_500", "billed_502_html", "bare_503", "moderation_output_400"}


class TestFaults:
    def test_the_table_says_what_is_written_above_it(self) -> None:
        assert faults.__doc__ is not None
        told = faults.__doc__.partition("Options for all")[0]
        assert [name for name in faults.FAULTS if not re.search(rf"\b{name}\b", told)] == []

    def test_the_twenty_two_modes_of_the_test_plan_are_there(self) -> None:
        assert len(PLANNED) == 22
        assert faults.FAULTS.keys() >= PLANNED

    def test_close_at_accept_takes_the_next_connection_and_no_other(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["close_at_accept"])
        with socket.create_connection(("127.0.0.1", fake_api.port), timeout=10) as connection:
            assert connection.recv(1) == b""
        state = fake_api.state()
        assert (state.closed_at_accept, state.requests, state.bills) == (1, 0, 0)
        assert paint(fake_api).status == 200

    def test_close_at_accept_on_an_open_connection_drops_the_request(self, fake_api: FakeApi) -> None:
        with call(fake_api, raw()) as connection, connection.makefile("rb") as file:
            read_one(file)
            fake_api.script(faults=["close_at_accept"])
            connection.sendall(raw())
            assert file.read() == b""
        assert [each.outcome for each in fake_api.requests()] == ["answered", "fin"]
        assert fake_api.state().bills == 1

    def test_read_then_close_bills_nothing(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["read_then_close"])
        with call(fake_api, raw()) as connection:
            assert read_all(connection) == b""
        (seen,) = fake_api.requests()
        assert (seen.body, seen.outcome, seen.status) == (ORDER, "fin", None)
        assert not fake_api.bill()

    def test_billed_fin(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["billed_fin"])
        with call(fake_api, raw()) as connection:
            assert read_all(connection) == b""
        assert fake_api.billed() == COST

    def test_billed_rst_is_a_reset_and_no_end(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["billed_rst"])
        with call(fake_api, raw()) as connection, pytest.raises(ConnectionResetError):
            read_all(connection)
        assert fake_api.billed() == COST

    def test_billed_cut_body_promises_twice_what_it_sends(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["billed_cut_body"])
        with call(fake_api, raw()) as connection:
            head, _, body = read_all(connection).partition(b"\r\n\r\n")
        (length,) = re.findall(rb"content-length: (\d+)", head)
        assert head.startswith(b"HTTP/1.1 200 ")
        assert b"connection:" not in head
        assert len(body) == int(length) // 2
        assert fake_api.billed() == COST

    def test_billed_silence_ends_in_a_late_answer(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["billed_silence"])
        with call(fake_api, raw()) as connection:
            fake_api.wait(in_flight=1)
            assert fake_api.billed() == COST
            assert [each.outcome for each in fake_api.requests()] == ["silent"]
            connection.setblocking(False)
            with pytest.raises(BlockingIOError):
                connection.recv(1)
            connection.settimeout(10)
            assert fake_api.release().held == 0
            with connection.makefile("rb") as file:
                status, body = read_one(file)
        assert status == 200
        assert base64.b64decode(json.loads(body)["data"][0]["b64_json"])
        assert [each.outcome for each in fake_api.requests()] == ["answered"]

    def test_billed_headers_then_silence(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["billed_headers_then_silence"])
        with call(fake_api, raw()) as connection, connection.makefile("rb") as file:
            status, length = read_head(file)
            assert status == 200
            assert (fake_api.state().in_flight, fake_api.billed()) == (1, COST)
            fake_api.release()
            assert json.loads(file.read(length))["size"] == "1024x1024"

    @pytest.mark.parametrize("fault", ["billed_silence", "billed_headers_then_silence"])
    def test_a_client_that_gives_up_in_the_silence_is_noticed(self, fake_api: FakeApi, fault: str) -> None:
        fake_api.script(faults=[fault])
        with call(fake_api, raw()):
            fake_api.wait(bills=1)
        state = fake_api.wait(in_flight=0, ended=1)
        assert [each.outcome for each in fake_api.requests()] == ["client_gone"]
        assert (state.held, state.bills) == (0, 1)

    @pytest.mark.parametrize(("fault", "status"), STATUS.items())
    def test_an_error_answer_has_its_status_and_only_some_are_billed(
        self, fake_api: FakeApi, fault: str, status: int
    ) -> None:
        fake_api.script(faults=[fault])
        assert paint(fake_api).status == status
        assert fake_api.billed() == (COST if fault in BILLED_STATUS else 0)
        assert paint(fake_api).status == 200

    @pytest.mark.parametrize(
        ("fault", "code"),
        [
            ("rate_429", "rate_limit_exceeded"),
            ("quota_429", "credit_balance_exhausted"),
            ({"fault": "quota_429", "code": "project_spend_limit_exceeded"}, "project_spend_limit_exceeded"),
            ("401", "invalid_api_key"),
            ("403", "unsupported_country_region_territory"),
            ("404", "model_not_found"),
            ("overloaded_503", "server_is_overloaded"),
            ("bare_503", "None"),
            ("moderation_input_400", "moderation_blocked"),
        ],
    )
    def test_the_code_is_the_stable_discriminator(self, fake_api: FakeApi, fault: Any, code: str) -> None:
        fake_api.script(faults=[fault])
        assert paint(fake_api).code == code

    def test_bodies_that_are_not_the_usual_object(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["string_error_400", "422", "html_200", "billed_502_html", "no_data_200"])
        replies = [paint(fake_api) for _ in range(5)]
        assert replies[0].json == {"error": "prompt required"}
        assert replies[1].json["detail"][0]["msg"] == "value is not a valid size"
        assert [reply.headers["content-type"].split(";")[0] for reply in replies[2:4]] == ["text/html"] * 2
        assert (replies[4].status, list(replies[4].json)) == (200, ["error"])

    def test_moderation_tells_its_stage(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["moderation_input_400", "moderation_output_400"])
        stages = [paint(fake_api).json["error"]["moderation_details"]["moderation_stage"] for _ in range(2)]
        assert stages == ["input", "output"]

    @pytest.mark.parametrize(
        ("options", "headers", "words"),
        [
            ({}, {"retry-after-ms": "200"}, "Limit 300, Used 300, Requested 1. Please try again in 200ms."),
            (
                {"wait": 12, "via": "retry-after"},
                {"retry-after": "12"},
                "Limit 5, Used 5, Requested 1. Please try again in 12s.",
            ),
            ({"wait": 12, "via": "text"}, {}, "try again in 12s."),
        ],
    )
    def test_rate_429_tells_its_wait_by_one_way(
        self, fake_api: FakeApi, options: dict[str, object], headers: dict[str, str], words: str
    ) -> None:
        fake_api.script(faults=[{"fault": "rate_429", **options}])
        reply = paint(fake_api)
        assert {name: text for name, text in reply.headers.items() if name.startswith("retry")} == headers
        assert reply.json["error"]["message"].endswith(words)

    def test_retry_after_300(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["retry_after_300"])
        assert paint(fake_api).headers["retry-after"] == "300"

    def test_a_redirect_that_is_followed_would_be_billed(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["redirect_307"])
        location = paint(fake_api).headers["location"]
        assert not fake_api.bill()
        ask(fake_api, "POST", location, ORDER)
        assert fake_api.billed() == COST

    def test_answers_that_were_billed_and_hold_no_picture(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["cut_json_200", "empty_data_200", "bad_base64_200", "not_a_picture_200"])
        cut, empty, bad, text = (paint(fake_api) for _ in range(4))
        assert int(cut.headers["content-length"]) == len(cut.body)
        with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
            json.loads(cut.body)
        assert empty.json["data"] == []
        with pytest.raises(ValueError, match="base64"):
            base64.b64decode(bad.json["data"][0]["b64_json"], validate=True)
        # A lenient decoder finds the picture that was billed: the junk must be refused, not skipped.
        lenient = hashlib.sha256(base64.b64decode(bad.json["data"][0]["b64_json"])).hexdigest()
        assert (lenient,) == fake_api.bill()[2].sha256
        assert text.pictures[0].startswith(b"sorry")
        assert fake_api.billed() == 4 * COST

    def test_links_lead_to_the_picture_that_was_billed(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["url_200", {"fault": "url_200", "via": "redirect"}, "data_url_200"])
        plain, redirect, data = (paint(fake_api).json["data"][0]["url"] for _ in range(3))
        fetched = ask(fake_api, "GET", plain.partition(str(fake_api.port))[2])
        moved = ask(fake_api, "GET", redirect.partition(str(fake_api.port))[2])
        inline = base64.b64decode(data.removeprefix("data:image/png;base64,"), validate=True)
        made = [fetched.body, ask(fake_api, "GET", moved.headers["location"]).body, inline]
        assert [(hashlib.sha256(picture).hexdigest(),) for picture in made] == [b.sha256 for b in fake_api.bill()]
        assert (fetched.headers["content-type"], moved.status) == ("image/png", 302)

    def test_a_link_can_lead_to_a_body_without_end_or_one_that_drips(self, fake_api: FakeApi) -> None:
        fake_api.script(
            faults=[{"fault": "url_200", "via": "endless"}, {"fault": "url_200", "via": "slow"}], drip=0.001
        )
        endless, slow = (paint(fake_api).json["data"][0]["url"].partition(str(fake_api.port))[2] for _ in range(2))
        with call(fake_api, f"GET {endless} HTTP/1.1\r\n\r\n".encode()) as connection:
            for _ in range(100):
                assert connection.recv(1 << 16)
            dripped = ask(fake_api, "GET", slow).body
        assert (hashlib.sha256(dripped).hexdigest(),) == fake_api.bill()[1].sha256

    def test_pictures_that_are_not_what_was_asked_for(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["jpeg_for_png", "jpeg_for_png", "wrong_size_200", "two_pictures_200"])
        replies = [paint(fake_api), paint(fake_api, output_format="jpeg"), paint(fake_api), paint(fake_api)]
        seen = []
        for reply in replies:
            with Image.open(io.BytesIO(reply.pictures[0])) as image:
                seen.append((image.format, image.size))
        assert seen == [("JPEG", (1024, 1024)), ("PNG", (1024, 1024)), ("PNG", (64, 48)), ("PNG", (1024, 1024))]
        assert [reply.json["output_format"] for reply in replies] == ["png", "jpeg", "png", "png"]
        assert {reply.json["size"] for reply in replies} == {"1024x1024"}
        assert [len(reply.pictures) for reply in replies] == [1, 1, 1, 2]

    def test_usage_that_says_nothing_or_too_much(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["no_usage_200", "zero_usage_200", "foreign_usage_200", "huge_usage_200"])
        none, zero, foreign, huge = (paint(fake_api).json for _ in range(4))
        assert "usage" not in none
        assert set(zero["usage"].values()) == {0}
        assert foreign["usage"].keys() >= {"prompt_tokens", "image_count"}
        assert huge["usage"]["output_tokens"] == 4390
        assert [bill.cost_nano for bill in fake_api.bill()] == [COST, COST, COST, 10 * COST]

    def test_options_of_all_faults(self, fake_api: FakeApi) -> None:
        fake_api.script(
            faults=[
                {"fault": "408", "billed": True},
                {"fault": "billed_500", "billed": False, "headers": {"x-should-retry": "true"}},
                {"headers": {"date": "Thu, 01 Jan 1970 00:00:00 GMT"}},
            ]
        )
        assert paint(fake_api).status == 408
        assert fake_api.billed() == COST
        assert paint(fake_api).headers["x-should-retry"] == "true"
        assert fake_api.billed() == COST
        skewed = paint(fake_api)
        assert (skewed.status, skewed.headers["date"]) == (200, "Thu, 01 Jan 1970 00:00:00 GMT")

    def test_a_refused_request_uses_its_fault_up_and_is_not_billed(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["billed_silence", "409"])
        assert paint(fake_api, n=0).status == 400
        assert paint(fake_api).status == 409
        assert not fake_api.bill()


class TestScript:
    def test_the_list_is_used_up_in_order(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["409", None, {"fault": "404", "times": 2}, "ok"])
        assert [paint(fake_api).status for _ in range(6)] == [409, 200, 404, 404, 200, 200]

    def test_a_prompt_meets_its_fault_wherever_it_comes(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=[{"fault": "409", "prompt": "boat|ship", "times": 2}, "404"])
        prompts = ["a ship", "a car", "a boat", "a car", "a boat"]
        assert [paint(fake_api, prompt=prompt).status for prompt in prompts] == [409, 404, 409, 200, 200]

    def test_every_third(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=[{"fault": "409", "every": 3}])
        assert [paint(fake_api).status for _ in range(7)] == [200, 200, 409, 200, 200, 409, 200]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"faults": ["billed_fn"]}, "perhaps you meant billed_fin"),
            ({"faults": [{"fault": "409", "wait": 3}]}, "does not take wait"),
            ({"faults": [{"fault": "rate_429", "via": "pigeon"}]}, "pigeon"),
            ({"faults": [{"fault": "rate_429", "wait": 0}]}, "no wait"),
            ({"faults": [{"fault": "409", "every": 0}]}, "every 0"),
            ({"faults": [{"fault": "close_at_accept", "every": 2}]}, "without a condition"),
            ({"faults": [{"fault": "no_usage_200", "billed": False}]}, "not for a script to say"),
            ({"faults": [{"fault": "409", "latency": "long"}]}, "could not convert"),
            ({"faults": [{"fault": "409", "prompt": "("}]}, "unterminated"),
            ({"ipm": -5}, "no picture through"),
        ],
    )
    def test_a_script_that_makes_no_sense_is_refused(
        self, fake_api: FakeApi, change: dict[str, Any], words: str
    ) -> None:
        with pytest.raises(ValueError, match=re.escape(words)):
            fake_api.script(**change)

    def test_reset_forgets_everything_and_drops_what_was_held(self, fake_api: FakeApi) -> None:
        fake_api.script(faults=["billed_silence", "409"], latency=9, ipm=1, wrong_key=KEY)
        fake_api.script(wrong_key="")
        with call(fake_api, raw()) as connection:
            fake_api.wait(in_flight=1)
            state = fake_api.reset()
            assert read_all(connection) == b""
        assert (state.in_flight, state.peak_in_flight, state.requests, state.bills, state.held) == (0, 0, 0, 0, 0)
        assert [paint(fake_api).status for _ in range(3)] == [200] * 3
        assert [each.outcome for each in fake_api.requests()] == ["answered"] * 3

    def test_the_controls_are_also_at_the_first_port(self, fake_api: FakeApi) -> None:
        assert ask(fake_api, "POST", "/_control", {"latency": 0.0, "gate": False}).json["requests"] == 0
        assert ask(fake_api, "POST", "/_control", {"pace": 1}).status == 400


Pool = concurrent.futures.ThreadPoolExecutor


class TestHolding:
    def test_a_gate_holds_sixty_four_and_lets_them_all_go(self, fake_api: FakeApi, pool: Pool) -> None:
        fake_api.script(gate=True)
        replies = [pool.submit(paint, fake_api, prompt=f"picture {index}") for index in range(64)]
        state = fake_api.wait(in_flight=64)
        assert (state.peak_in_flight, state.held, state.bills, state.ended) == (64, 64, 64, 0)
        assert not any(reply.done() for reply in replies)
        assert {each.outcome for each in fake_api.requests()} == {"open"}
        fake_api.release()
        made = [reply.result().pictures[0] for reply in replies]
        assert sorted(hashlib.sha256(each).hexdigest() for each in made) == sorted(b.sha256[0] for b in fake_api.bill())
        assert fake_api.wait(in_flight=0).peak_in_flight == 64
        assert paint(fake_api).status == 200

    def test_a_release_can_be_counted_and_goes_to_the_oldest(self, fake_api: FakeApi, pool: Pool) -> None:
        fake_api.script(gate=True)
        replies = []
        for index in range(3):
            replies.append(pool.submit(paint, fake_api, prompt=str(index)))
            fake_api.wait(requests=index + 1)
        fake_api.release(2)
        assert [reply.result().status for reply in replies[:2]] == [200, 200]
        state = fake_api.wait(ended=2)
        assert (state.in_flight, replies[2].done()) == (1, False)
        fake_api.release()
        assert replies[2].result().status == 200

    def test_one_after_another_is_never_two_in_flight(self, fake_api: FakeApi) -> None:
        for _ in range(50):
            paint(fake_api)
        state = fake_api.state()
        assert (state.peak_in_flight, state.requests, state.bills, state.ended) == (1, 50, 50, 50)

    def test_latency_is_the_scripts_or_the_faults(self, fake_api: FakeApi) -> None:
        fake_api.script(latency=0.15)
        assert paint(fake_api).status == 200
        (seen,) = fake_api.requests()
        assert time.time() - seen.time >= 0.15
        # The client gives up after 10 seconds.
        fake_api.script(latency=60, faults=[{"latency": 0}])
        assert paint(fake_api).status == 200

    def test_a_wait_that_is_never_met_says_how_far_it_got(self, fake_api: FakeApi) -> None:
        with pytest.raises(TimeoutError, match=r"requests=1.*'requests': 0"):
            fake_api.wait(requests=1, timeout=0.05)
        with pytest.raises(ValueError, match="cannot wait for pictures"):
            fake_api.wait(pictures=1)


class TestLimit:
    def test_the_bucket_runs_dry_and_says_when_to_come_back(self, fake_api: FakeApi) -> None:
        fake_api.script(ipm=5, bucket=2)
        replies = [paint(fake_api) for _ in range(3)]
        assert [reply.status for reply in replies] == [200, 200, 429]
        error = replies[2].json["error"]
        assert (error["code"], replies[2].headers["retry-after"]) == ("rate_limit_exceeded", "12")
        assert re.search(
            r"\(for limit gpt-image\) in organization org-x on input-images per min: "
            r"Limit 5, Used 5, Requested 1\. Please try again in 1[12][.\d]*s\.$",
            error["message"],
        )
        assert fake_api.state().bills == 2

    def test_pictures_count_and_not_requests(self, fake_api: FakeApi) -> None:
        fake_api.script(ipm=5, bucket=4)
        assert [paint(fake_api, n=3).status, paint(fake_api, n=2).status, paint(fake_api).status] == [200, 429, 200]

    def test_a_request_over_the_limit_is_refused_at_once_and_its_fault_is_lost(self, fake_api: FakeApi) -> None:
        fake_api.script(ipm=1, faults=["ok", "billed_silence", "billed_fin", "404"])
        assert [paint(fake_api).status for _ in range(4)] == [200, 429, 429, 404]
        assert fake_api.state().bills == 1

    def test_a_limit_can_be_lifted(self, fake_api: FakeApi) -> None:
        fake_api.script(ipm=1)
        assert [paint(fake_api).status for _ in range(2)] == [200, 429]
        fake_api.script(ipm=0)
        assert paint(fake_api).status == 200

    def test_the_bucket_fills_steadily_and_no_further_than_its_size(self) -> None:
        clock = [0.0]
        limit = Limit(5, 2, lambda: clock[0])
        assert [limit.take(1), limit.take(1), limit.take(1)] == [0, 0, 12]
        clock[0] = 11.0
        assert limit.take(1) == pytest.approx(1)
        clock[0] = 12.5
        assert limit.take(1) == 0
        clock[0] = 1000.0
        assert [limit.take(2), limit.take(1)] == [0, 12]


class TestWire:
    def test_a_connection_carries_many_requests(self, fake_api: FakeApi) -> None:
        with call(fake_api, raw()) as connection, connection.makefile("rb") as file:
            assert read_one(file)[0] == 200
            connection.sendall(raw(ORDER | {"n": 0}) + raw())
            assert [read_one(file)[0], read_one(file)[0]] == [400, 200]
            connection.sendall(raw(extra="connection: close\r\n"))
            assert read_one(file)[0] == 200
            assert file.read() == b""

    def test_a_body_in_chunks(self, fake_api: FakeApi) -> None:
        data = json.dumps(ORDER).encode()
        chunks = b"5;x=y\r\n" + data[:5] + b"\r\n" + b"%X\r\n" % len(data[5:]) + data[5:] + b"\r\n0\r\nt: 1\r\n\r\n"
        head = f"POST {GENERATE} HTTP/1.1\r\nAuthorization: Bearer {KEY}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        with call(fake_api, head + chunks) as connection, connection.makefile("rb") as file:
            assert read_one(file)[0] == 200
            connection.sendall(raw())
            assert read_one(file)[0] == 200
        assert fake_api.requests()[0].body == ORDER

    def test_a_client_that_asks_before_it_sends_is_told_to_go_on(self, fake_api: FakeApi) -> None:
        head, _, body = raw(extra="expect: 100-continue\r\n").partition(b"\r\n\r\n")
        with call(fake_api, head + b"\r\n\r\n") as connection, connection.makefile("rb") as file:
            assert file.readline() == b"HTTP/1.1 100 Continue\r\n"
            assert file.readline() == b"\r\n"
            connection.sendall(body)
            assert read_one(file)[0] == 200

    @pytest.mark.parametrize(
        "sent",
        [
            b"hello\r\n\r\n",
            b"POST / HTTP/2\r\n\r\n",
            b"POST / HTTP/1.1\r\nno colon\r\n\r\n",
            b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
            b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
            b"POST / HTTP/1.1\r\nx: " + b"x" * 70_000,
        ],
    )
    def test_what_is_no_http_gets_a_400_and_an_end(self, fake_api: FakeApi, sent: bytes) -> None:
        with call(fake_api, sent) as connection, connection.makefile("rb") as file:
            assert read_one(file)[0] == 400
        assert paint(fake_api).status == 200

    def test_a_request_that_is_never_finished_is_none(self, fake_api: FakeApi) -> None:
        with call(fake_api, raw()[:-5]):
            pass
        paint(fake_api)
        assert len(fake_api.requests()) == 1


class TestProcess:
    def test_stop_ends_it_also_with_requests_held(self, tmp_path: Path) -> None:
        with FakeApi(tmp_path / "new") as api:
            api.script(gate=True)
            with call(api, raw()):
                api.wait(in_flight=1)
                api.stop()
        assert api.process.returncode == 0
        assert [each.outcome for each in api.requests()] == ["client_gone"]
        assert len(api.bill()) == 1

    def test_sigterm_ends_it(self, tmp_path: Path) -> None:
        with FakeApi(tmp_path) as api:
            api.script(faults=["billed_silence"])
            with call(api, raw()) as connection:
                api.wait(in_flight=1)
                api.process.send_signal(signal.SIGTERM)
                assert api.process.wait(10) == 0
                assert read_all(connection) == b""

    def test_it_dies_with_the_process_that_started_it(self, tmp_path: Path) -> None:
        code = (
            "import sys; from pathlib import Path; from tests.fake_api.client import FakeApi;"
            "api = FakeApi(Path(sys.argv[1])); print(api.process.pid, api.port, flush=True); sys.stdin.read()"
        )
        pipe = subprocess.PIPE
        parent = subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdin=pipe, stdout=pipe, text=True
        )
        with parent:
            assert parent.stdout is not None
            _, port = parent.stdout.readline().split()
            with socket.create_connection(("127.0.0.1", int(port)), timeout=10) as connection:
                parent.kill()
                assert connection.recv(1) == b""
            parent.wait(10)

    def test_a_server_that_cannot_start_says_so(self, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(RuntimeError, match="before it listened"):
            FakeApi(tmp_path / "file")
        assert "FileExistsError" in capfd.readouterr().err

    def test_a_subprocess_is_given_its_address_and_a_false_key(self, fake_api: FakeApi, tmp_path: Path) -> None:
        assert fake_api.env(tmp_path) == {
            "OPENAI_BASE_URL": f"http://127.0.0.1:{fake_api.port}/v1",
            "OPENAI_API_KEY": "sk-test-canary-0123456789abcdef",
            "IMGCLI_HOME": str(tmp_path),
        }
