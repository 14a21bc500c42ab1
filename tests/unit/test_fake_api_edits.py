"""The edits of the fake API: what it refuses, books and bills, byte by byte."""

import base64
import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from PIL import Image

from tests.fake_api import edits, pictures, prices
from tests.fake_api.checks import RefusedError
from tests.fake_api.client import KEY, FakeApi
from tests.fake_api.multipart import FormError, Part, parse, told
from tests.fake_api.wire import Request
from tests.unit.test_fake_api import Reply, ask

EDIT = "/v1/images/edits"
FLARE = "gpt-image-2.5-flare"
TYPE = "multipart/form-data; boundary=zz"
PNG, JPEG, WEBP = (pictures.make(kind, 64, 48, 7) for kind in pictures.FORMATS)
Sent = tuple[str, str | None, str, bytes]
ORDER = {"model": FLARE, "prompt": "a car", "size": "1024x1024", "quality": "medium"}
IMAGE: Sent = ("image", "input-1.png", "image/png", PNG)


def seen_through(width: int = 64, height: int = 48, alpha: int = 0, mode: str = "RGBA") -> bytes:
    out = io.BytesIO()
    colour = (1, 2, 3, alpha) if mode == "RGBA" else (1, 2, 3)
    Image.new(mode, (width, height), colour).save(out, "PNG")
    return out.getvalue()


MASK: Sent = ("mask", "mask.png", "image/png", seen_through())
MARKUP: Sent = ("markup", "markup.png", "image/png", seen_through())


def form(*files: Sent, **texts: str) -> bytes:
    parts = [(name, None, "", text.encode()) for name, text in texts.items()]
    lines = []
    for name, filename, kind, data in (*parts, *files):
        head = f'Content-Disposition: form-data; name="{name}"'
        head += f'; filename="{filename}"' if filename is not None else ""
        head += f"\r\nContent-Type: {kind}" if kind else ""
        lines.append(b"--zz\r\n" + head.encode() + b"\r\n\r\n" + data + b"\r\n")
    return b"".join(lines) + b"--zz--\r\n"


def edit(api: FakeApi, *files: Sent, **texts: str) -> Reply:
    body = form(*files or (IMAGE,), **ORDER | texts)
    return ask(api, "POST", EDIT, body, **{"content-type": TYPE, "x-client-request-id": "attempt-1"})


class TestForms:
    def test_the_parts_of_a_form(self) -> None:
        noise = b"\r\n--zz\r\n--z\r\n\r\n--zz--"[:-1]
        parts = parse(form(IMAGE, ("image[]", "", "x/y", b""), prompt="ä\r\nb"), TYPE)
        assert parts == [
            Part("prompt", None, "", "ä\r\nb".encode()),
            Part("image", "input-1.png", "image/png", PNG),
            Part("image[]", "", "x/y", b""),
        ]
        assert parse(form(("a", "b", "c/d", noise.replace(b"--zz\r\n", b"--zy\r\n"))), TYPE)[0].data.startswith(
            b"\r\n--zy"
        )

    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (form(IMAGE), "multipart/form-data"),
            (form(IMAGE), "multipart/mixed; boundary=zz"),
            (form(IMAGE), "multipart/form-data; boundary=zy"),
            (b"\r\n" + form(IMAGE), TYPE),
            (form(IMAGE) + b"\r\n", TYPE),
            (form(IMAGE)[:-2], TYPE),
            (form(IMAGE)[:-30], TYPE),
            (b"--zz--\r\n", TYPE),
            (b"", TYPE),
            (form(IMAGE).replace(b"\r\n", b"\n"), TYPE),
            (form(("a\r\nX-More: 1", None, "", b"")), TYPE),
            (form(IMAGE).replace(b"form-data", b"attachment"), TYPE),
            (b"--zz\r\nContent-Type: text/plain\r\n\r\nx\r\n--zz--\r\n", TYPE),
            (b"--zz\r\nno headers\r\n--zz--\r\n", TYPE),
        ],
    )
    def test_what_is_not_exactly_a_form_is_none(self, body: bytes, kind: str) -> None:
        with pytest.raises(FormError):
            parse(body, kind)

    def test_what_the_books_have_of_it(self) -> None:
        assert told(parse(form(IMAGE, prompt="a car"), TYPE)) == {
            "prompt": "a car",
            "parts": [
                {
                    "name": "prompt",
                    "filename": None,
                    "content_type": "",
                    "sha256": hashlib.sha256(b"a car").hexdigest(),
                    "size": 5,
                },
                {
                    "name": "image",
                    "filename": "input-1.png",
                    "content_type": "image/png",
                    "sha256": hashlib.sha256(PNG).hexdigest(),
                    "size": len(PNG),
                },
            ],
        }


class TestPrices:
    @pytest.mark.parametrize(("size", "tokens"), [((1024, 1024), 1024), ((300, 600), 512), ((1179, 2556), 1482)])
    def test_pictures_that_go_in(self, size: tuple[int, int], tokens: int) -> None:
        assert prices.MODELS[FLARE].in_tokens(*size, "low") == tokens

    @pytest.mark.parametrize(
        ("size", "fidelity", "tokens"),
        [
            ((1024, 1024), "low", 194),
            ((1024, 1536), "low", 323),
            ((1024, 1024), "high", 4354),
            ((1024, 1536), "high", 6563),
            ((4096, 1024), "low", 581),
        ],
    )
    def test_the_older_models_count_tiles(self, size: tuple[int, int], fidelity: str, tokens: int) -> None:
        assert prices.MODELS["gpt-image-1.5"].in_tokens(*size, fidelity) == tokens


class TestEdits:
    def test_what_is_billed_is_what_is_sent(self, fake_api: FakeApi) -> None:
        reply = edit(fake_api, *(("image[]", f"{n}.{kind}", f"image/{kind}", data) for n, kind, data in FILES))
        (bill,), (seen,) = fake_api.bill(), fake_api.requests()
        assert reply.status == 200
        assert bill.sha256 == (hashlib.sha256(reply.pictures[0]).hexdigest(),)
        assert bill.usage == reply.json["usage"]
        # 48 x 64 are 12 patches each, and 10 tokens of text.
        assert bill.usage["input_tokens_details"] == {"text_tokens": 7 + 30, "image_tokens": 36}
        assert bill.cost_nano == 37 * 5_000 + 36 * 8_000 + 439 * 30_000
        assert (bill.x_client_request_id, bill.prompt) == ("attempt-1", "a car")
        assert {name: seen.body[name] for name in ORDER} == ORDER
        assert [(part["filename"], part["size"]) for part in seen.body["parts"][4:]] == [
            ("1.png", len(PNG)),
            ("2.jpeg", len(JPEG)),
            ("3.webp", len(WEBP)),
        ]
        with Image.open(io.BytesIO(reply.pictures[0])) as painted:
            assert painted.size == (1024, 1024)

    @pytest.mark.parametrize("overlay", [MASK, MARKUP])
    def test_an_overlay_is_one_more_picture_on_the_bill(self, fake_api: FakeApi, overlay: Sent) -> None:
        assert edit(fake_api, IMAGE, overlay).json["usage"]["input_tokens_details"]["image_tokens"] == 24

    def test_high_fidelity_is_billed(self, fake_api: FakeApi) -> None:
        low, high = (
            edit(fake_api, model="gpt-image-1.5", input_fidelity=word).json["usage"]["input_tokens_details"]
            for word in ("low", "high")
        )
        assert high["image_tokens"] - low["image_tokens"] == 6240

    def test_several_pictures_take_their_inputs_each(self, fake_api: FakeApi) -> None:
        details = edit(fake_api, n="2").json["usage"]["input_tokens_details"]
        assert details == {"text_tokens": 34, "image_tokens": 24}

    @pytest.mark.parametrize(
        ("files", "texts", "code", "param"),
        [
            ((), {"model": ""}, "model_not_found", "model"),
            ((IMAGE,), {"prompt": ""}, "missing_required_parameter", "prompt"),
            ((IMAGE,), {"moderation": "low"}, "unknown_parameter", "moderation"),
            ((IMAGE,), {"response_format": "url"}, "unknown_parameter", "response_format"),
            ((IMAGE,), {"seed": "1"}, "unknown_parameter", "seed"),
            ((IMAGE,), {"n": "0"}, "invalid_value", "n"),
            ((IMAGE,), {"n": "x"}, "invalid_value", "n"),
            ((IMAGE,), {"size": "1x1"}, "invalid_value", "size"),
            ((IMAGE,), {"model": "dall-e-2"}, "invalid_value", "model"),
            ((IMAGE,), {"model": "gpt-image-2", "background": "transparent"}, "invalid_value", "background"),
            ((IMAGE,), {"input_fidelity": "high"}, "invalid_input_fidelity_model", "input_fidelity"),
            ((IMAGE,), {"input_fidelity": "low"}, "invalid_input_fidelity_model", "input_fidelity"),
            (
                (IMAGE,),
                {"input_fidelity": "high", "model": "gpt-image-1-mini"},
                "invalid_input_fidelity_model",
                "input_fidelity",
            ),
            ((MASK,), {}, "missing_required_parameter", "image"),
            ((IMAGE, IMAGE), {}, "duplicate_parameter", "image"),
            ((("image[]", "a.png", "image/png", PNG),) * 17, {}, "invalid_value", "image"),
            ((("image", None, "", PNG),), {}, "invalid_image_file", "image"),
            ((("image", "a.png", "application/octet-stream", PNG),), {}, "unsupported_file_mimetype", "image"),
            ((("image", "a.gif", "image/gif", b"GIF89a"),), {}, "unsupported_file_mimetype", "image"),
            ((("image", "a.png", "image/png", b"GIF89a"),), {}, "invalid_image_file", "image"),
            ((("image", "a.png", "image/png", JPEG),), {}, "invalid_image_file", "image"),
            ((("image", "a.png", "image/png", PNG[:20]),), {}, "invalid_image_file", "image"),
            ((IMAGE, ("mask", "m.jpg", "image/jpeg", JPEG)), {}, "unsupported_file_mimetype", "mask"),
            ((IMAGE, ("mask", "m.png", "image/png", seen_through(48, 64))), {}, "invalid_image_file", "mask"),
            ((IMAGE, ("mask", "m.png", "image/png", seen_through(mode="RGB"))), {}, "invalid_image_file", "mask"),
            ((IMAGE, MASK, MASK), {}, "invalid_value", "mask"),
            ((IMAGE, MASK, MARKUP), {}, "invalid_value", "markup"),
            ((IMAGE, MARKUP), {"model": "gpt-image-2"}, "invalid_value", "markup"),
            ((IMAGE, ("markup", "m.png", "image/png", seen_through(alpha=1))), {}, "invalid_image_file", "markup"),
        ],
    )
    def test_a_form_the_real_one_refuses(
        self, fake_api: FakeApi, files: tuple[Sent, ...], texts: dict[str, str], code: str, param: str
    ) -> None:
        error = edit(fake_api, *files, **texts).json["error"]
        assert (error["code"], error["param"]) == (code, param)
        assert not fake_api.bill()

    def test_a_text_twice_is_refused(self, fake_api: FakeApi) -> None:
        assert edit(fake_api, IMAGE, ("prompt", None, "", b"more")).json["error"]["param"] == "prompt"

    def test_json_is_no_form(self, fake_api: FakeApi) -> None:
        reply = ask(fake_api, "POST", EDIT, ORDER)
        assert (reply.status, reply.code) == (400, "invalid_form")

    @pytest.mark.parametrize(("name", "most"), [("image", 50_000_000), ("mask", 4_000_000)])
    def test_what_is_too_large_is_refused(self, name: str, most: int) -> None:
        padded = seen_through() + bytes(most)
        files = [IMAGE, MASK]
        files[name == "mask"] = (name, "x.png", "image/png", padded)
        request = Request("POST", EDIT, {}, {"content-type": TYPE}, form(*files, **ORDER))
        with pytest.raises(RefusedError, match="larger than"):
            edits.check_edit(request)

    @pytest.mark.parametrize(
        ("fault", "status"),
        [("billed_500", 500), ("rate_429", 429), ("moderation_input_400", 400), ("no_usage_200", 200)],
    )
    def test_the_faults_are_those_of_generations(self, fake_api: FakeApi, fault: str, status: int) -> None:
        fake_api.script(faults=[{"fault": fault, "prompt": "car"}])
        assert edit(fake_api).status == status

    def test_a_wrong_key_is_401(self, fake_api: FakeApi) -> None:
        reply = ask(fake_api, "POST", EDIT, form(IMAGE, **ORDER), "sk-wrong", **{"content-type": TYPE})
        assert reply.status == 401


FILES = [(1, "png", PNG), (2, "jpeg", JPEG), (3, "webp", WEBP)]


class TestSdk:
    @pytest.fixture
    def sdk(self, fake_api: FakeApi) -> Iterator[openai.OpenAI]:
        with openai.OpenAI(api_key=KEY, base_url=fake_api.base_url, max_retries=0) as client:
            yield client

    def test_a_success_is_read_in_full(self, fake_api: FakeApi, sdk: openai.OpenAI) -> None:
        images: list[Any] = [(f"{n}.{kind}", data, f"image/{kind}") for n, kind, data in FILES]
        answer = sdk.images.edit(model=FLARE, prompt="a car", image=images, mask=("mask.png", MASK[3], "image/png"))
        type(answer).model_validate(answer.model_dump(), strict=True)
        assert answer.usage is not None
        assert answer.usage.input_tokens_details.image_tokens == 48
        assert answer.data is not None
        (bill,) = fake_api.bill()
        picture = base64.b64decode(answer.data[0].b64_json or "", validate=True)
        assert bill.sha256 == (hashlib.sha256(picture).hexdigest(),)
        assert json.dumps(fake_api.requests()[0].body).count('"image[]"') == 3
