"""What every provider promises: scripted, painted here, and over real sockets."""

import asyncio
import io
import json
import sys
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from imgcli.errors import AttemptError, Halt, ModelError, Money
from imgcli.header import read_header
from imgcli.model.attempt import Hold
from imgcli.model.input import Edit
from imgcli.model.numbers import parse_vector, parse_verdict
from imgcli.model.picture import Painted
from imgcli.model.question import Kind, Question, embedding_question, moderation_question
from imgcli.model.secret import Secret
from imgcli.model.size import Size
from imgcli.ports import Easel, Provider, ProviderConfig
from imgcli.providers.openai.provider import OpenAIProvider
from imgcli.providers.placeholder.provider import PlaceholderProvider
from tests.fake_api import pictures
from tests.fake_api.client import KEY, FakeApi
from tests.fakes.easel import Keeps
from tests.fakes.jobs import a_file, a_job
from tests.fakes.looks import a_look, own_openai
from tests.fakes.provider import FakeProvider
from tests.fakes.stored import mask_of, still_life, stored


class Canvas(Keeps):
    """An easel that keeps the bytes."""


async def hangs(hold: Hold, easel: Easel) -> Painted:
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        raise AttemptError(f"{hold.attempt} cut off before {easel}", money=Money.VOID) from None
    raise AssertionError


@pytest.fixture(params=["scripted", "placeholder", "openai", "openai over httpx2"])
def provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Provider:
    match request.param:
        case "scripted":
            return FakeProvider()
        case "placeholder":
            return PlaceholderProvider(ProviderConfig(None, "", "", {}, 5, "placeholder"))
        case _:
            if "httpx2" in request.param:
                monkeypatch.setitem(sys.modules, "aiohttp", None)
            api: FakeApi = request.getfixturevalue("fake_api")
            return OpenAIProvider(ProviderConfig(Secret(KEY), api.base_url, "the test", {}, 30, "openai"))


def hold_for(provider: Provider) -> Hold:
    model = provider.cards()[0].name if provider.cards() else "gpt-image-2.5-flare"
    job = a_job(
        model=model, provider=provider.name, size=Size(512, 512) if provider.name == "placeholder" else Size(1024, 1024)
    )
    return Hold("01a1fd1f-666b-756c-9d44-d415359a8970", "run", job, 100, priced=True)


def done(provider: Provider, work: Coroutine[Any, Any, Any]) -> Any:
    async def story() -> Any:
        try:
            return await work
        finally:
            await provider.close()
            await provider.close()

    return asyncio.run(story())


def test_it_paints_a_whole_picture_of_the_format_asked_for(provider: Provider) -> None:
    canvas = Canvas()
    painted = done(provider, provider.paint(hold_for(provider), canvas))
    assert isinstance(painted, Painted)
    header = read_header(io.BytesIO(canvas.data))
    assert header is not None
    assert header.format == "png"


def test_it_says_what_a_picture_used_or_that_it_is_free(provider: Provider) -> None:
    painted = done(provider, provider.paint(hold_for(provider), Canvas()))
    assert painted.free or painted.usage is not None


def test_cut_off_it_says_what_became_of_the_money(provider: Provider, request: pytest.FixtureRequest) -> None:
    async def story() -> None:
        if isinstance(provider, FakeProvider):
            provider.scripts = [hangs]
        task = asyncio.ensure_future(provider.paint(hold_for(provider), Canvas()))
        if isinstance(provider, OpenAIProvider):
            api: FakeApi = request.getfixturevalue("fake_api")
            api.script(gate=True)
            await asyncio.to_thread(api.wait, in_flight=1)
        else:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(AttemptError) as caught:
            await task
        sent = isinstance(provider, OpenAIProvider)
        assert caught.value.money is (Money.HOLD if sent else Money.VOID)
        await provider.close()

    asyncio.run(story())


def edit_hold_for(provider: Provider, place: Path) -> Hold:
    """To be made from two pictures; skips where that cannot be, and is refused before anything is sent."""
    files = [a_file(place / f"{n}.{kind}", pictures.make(kind, 64, 48, n)) for n, kind in enumerate(("png", "jpeg"))]
    hold, edit = hold_for(provider), Edit(tuple(files))
    card = provider.card(hold.job.model)
    if card.edits is None:
        with pytest.raises(ModelError, match="makes no pictures from pictures"):
            card.check_edit(edit)
        pytest.skip(f"{provider.name} makes no pictures from pictures, and says so")
    card.check_edit(edit)
    return replace(hold, job=replace(hold.job, edit=edit))


def test_it_makes_a_picture_from_pictures(provider: Provider, tmp_path: Path) -> None:
    canvas = Canvas()
    painted = done(provider, provider.paint(edit_hold_for(provider, tmp_path), canvas))
    header = read_header(io.BytesIO(canvas.data))
    assert header is not None
    assert header.format == "png"
    assert painted.free or painted.usage is not None
    if isinstance(provider, OpenAIProvider):
        assert painted.usage.image_in > 0


@pytest.mark.parametrize("change", ["changed", "gone"])
def test_a_picture_that_is_not_what_was_looked_at_costs_nothing(
    provider: Provider, tmp_path: Path, fake_api: FakeApi, change: str
) -> None:
    hold, canvas = edit_hold_for(provider, tmp_path), Canvas()
    assert hold.job.edit is not None
    second = hold.job.edit.inputs[1].path
    second.unlink() if change == "gone" else second.write_bytes(second.read_bytes() + b"!")
    with pytest.raises(AttemptError, match=second.name) as caught:
        done(provider, provider.paint(hold, canvas))
    assert (caught.value.money, caught.value.halt) == (Money.VOID, Halt.JOB)
    assert (canvas.data, fake_api.bill()) == (b"", [])


def test_a_model_it_does_not_have_is_refused_with_advice(provider: Provider) -> None:
    if isinstance(provider, OpenAIProvider):
        pytest.skip("a compatible server may have any model")
    with pytest.raises(ModelError) as caught:
        provider.card("no-such-model")
    assert provider.cards()[0].name in str(caught.value)


def test_it_makes_a_picture_from_a_picture_and_a_mask(provider: Provider, tmp_path: Path) -> None:
    hold = hold_for(provider)
    card = provider.card(hold.job.model)
    if card.edits is None or not card.edits.mask:
        pytest.skip(f"{provider.name} takes no mask, and says so")
    keep = Image.new("L", (512, 512), 255)
    keep.paste(0, (0, 0, 256, 512))
    edit = Edit((stored(tmp_path / "a.png", still_life(512, 512)),), mask_of(tmp_path / "m.png", keep))
    card.check_edit(edit)
    canvas = Canvas()
    painted = done(provider, provider.paint(replace(hold, job=replace(hold.job, edit=edit)), canvas))
    assert painted.free or painted.usage is not None
    header = read_header(io.BytesIO(canvas.data))
    assert header is not None
    assert header.format == "png"


def test_its_cards_are_its_own(provider: Provider) -> None:
    for card in provider.cards():
        assert card.provider == provider.name
        assert provider.card(card.name) == card
        assert all(isinstance(line, str) for line in provider.notices([card.name]))
    provider.ready()


def test_check_is_a_finding_and_costs_nothing(provider: Provider, fake_api: FakeApi) -> None:
    finding = done(provider, provider.check())
    assert finding.level.value == "ok"
    assert not fake_api.bill()


def test_it_answers_a_question_or_says_that_it_writes_nothing(provider: Provider) -> None:
    question = Question(
        provider.name, provider.text_model or "words-1", "Write.", '{"prompt": "a car", "count": 2}', "{}", 500
    )
    hold = Hold(
        "01a1fd1f-666b-756c-9d44-d415359a8970", "run", question.job("a car", "x", (), Path("/x")), 100, priced=True
    )
    if provider.text_model is None:
        with pytest.raises(AttemptError) as caught:
            done(provider, provider.answer(hold))
        assert caught.value.money is Money.VOID
        return
    painted = done(provider, provider.answer(hold))
    assert len(json.loads(painted.revised)["prompts"]) == 2
    assert painted.usage is not None


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("form", ["responses", "chat"])
@pytest.mark.parametrize("transport", ["aiohttp", "httpx2"])
def test_openai_answers_a_question_of_every_kind(
    fake_api: FakeApi, tmp_path: Path, kind: Kind, form: str, transport: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if transport == "httpx2":
        monkeypatch.setitem(sys.modules, "aiohttp", None)
    provider = own_openai(fake_api, text_api=form)
    look = a_look(tmp_path / "look.webp", "webp")
    match kind:
        case Kind.MODERATION:
            question = moderation_question("openai", str(provider.moderation_model), "a massacre", look)
        case Kind.EMBEDDING:
            question = embedding_question("openai", str(provider.embedding_model), "a car")
        case _:
            schema = json.dumps({"type": "object", "properties": {"subject": {"type": "string"}}})
            question = Question("openai", "gpt-6-luna", "Look.", '{"prompt": "a car"}', schema, 500, kind, (look,))
    hold = Hold("attempt-1", "run", question.job("a car", "x", (), Path("/x")), 100, priced=True)
    painted = done(provider, provider.answer(hold))
    assert painted.request_id
    assert painted.notes == ()
    assert painted.free is (kind is Kind.MODERATION)
    assert (painted.usage is None) is painted.free
    match kind:
        case Kind.MODERATION:
            assert parse_verdict(painted.revised).scores["violence"] == 0.88
        case Kind.EMBEDDING:
            assert len(parse_vector(painted.revised)) == 256
        case _:
            assert json.loads(painted.revised) == {"subject": "subject of a webp of 64x48 in #000007"}


def test_its_models_are_told_or_it_has_none(provider: Provider) -> None:
    for model in (provider.text_model, provider.moderation_model, provider.embedding_model):
        assert model is None or isinstance(model, str)
    for model in (provider.moderation_model, provider.embedding_model):
        assert model != "", "there is none, or it has a name"
