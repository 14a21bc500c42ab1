import asyncio
import hashlib
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from imgcli.errors import AttemptError, ModelError, Money, SettingsError
from imgcli.model.attempt import Hold
from imgcli.model.finding import Level
from imgcli.model.job import Job
from imgcli.model.picture import Painted
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import AUTO, Size
from imgcli.ports import Provider, ProviderConfig
from imgcli.providers.placeholder.provider import PlaceholderProvider, plugin
from tests.fakes.easel import Keeps


class ListEasel(Keeps):
    """Takes everything."""


class StuckEasel(ListEasel):
    """Never takes the bytes, as a disk that hangs."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = asyncio.Event()

    async def write(self, data: bytes) -> None:  # noqa: ARG002 - its fault is not to take them
        self.reached.set()
        await asyncio.Event().wait()


class FullEasel(ListEasel):
    async def write(self, data: bytes) -> None:  # noqa: ARG002 - there is no room for them
        raise OSError(28, "No space left on device")


def config(**options: object) -> ProviderConfig:
    return ProviderConfig(key=None, base_url="", base_url_source="", options=options, timeout=60.0)


def hold(
    size: Size = Size(256, 192),  # noqa: B008 - frozen
    image_format: str = "png",
    typed: str = "a car",
    variant: int = 1,
    seed: int | None = None,
) -> Hold:
    job = Job(
        provider="placeholder",
        model="placeholder",
        prompt=DirectedPrompt(typed=typed, text=f"{typed}, directed", styles=("cinematic",), colours=("#102030",)),
        size=size,
        quality="auto",
        format=image_format,
        seed=seed,
        variant=variant,
        entry="",
        tags=(),
        directory=Path("/out"),
        stem="a-car",
    )
    return Hold(attempt="a1", run="r1", job=job, upper=0, priced=True)


def paint(held: Hold, easel: ListEasel | None = None) -> tuple[Painted, bytes]:
    easel = easel or ListEasel()
    painted = asyncio.run(PlaceholderProvider(config()).paint(held, easel))
    return painted, b"".join(easel.blocks)


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_it_paints_what_was_asked_and_says_so(image_format: str) -> None:
    painted, data = paint(hold(image_format=image_format))
    picture = Image.open(BytesIO(data))
    assert (picture.format, picture.size) == (image_format.upper(), (256, 192))
    assert painted.free
    assert painted.source_type == "algorithmicMedia"
    assert (painted.usage, painted.revised, painted.notes) == (None, "", ())


def test_auto_is_a_square() -> None:
    _, data = paint(hold(size=AUTO))
    assert Image.open(BytesIO(data)).size == (1024, 1024)


def test_the_same_job_gives_the_same_bytes_and_another_seed_does_not() -> None:
    digests = [hashlib.sha256(paint(hold(seed=seed))[1]).digest() for seed in (1, 1, 2)]
    assert digests[0] == digests[1] != digests[2]


def test_many_can_be_painted_at_once() -> None:
    async def paint_all() -> list[bytes]:
        provider = plugin(config())
        easels = [ListEasel() for _ in range(12)]
        await asyncio.gather(*(provider.paint(hold(variant=n), easel) for n, easel in enumerate(easels)))
        await provider.close()
        return [b"".join(easel.blocks) for easel in easels]

    at_once = asyncio.run(paint_all())
    assert at_once == [paint(hold(variant=n))[1] for n in range(12)]


def test_a_stopped_picture_costs_nothing() -> None:
    async def stop() -> None:
        easel = StuckEasel()
        task = asyncio.create_task(PlaceholderProvider(config()).paint(hold(), easel))
        await easel.reached.wait()
        task.cancel()
        await task

    with pytest.raises(AttemptError) as caught:
        asyncio.run(stop())
    assert (caught.value.money, caught.value.code) == (Money.VOID, "aborted")


def test_a_picture_that_cannot_be_painted_costs_nothing() -> None:
    with pytest.raises(AttemptError, match="nothing was billed") as caught:
        paint(hold(image_format="bmp"))
    assert (caught.value.money, caught.value.code) == (Money.VOID, "paint")


def test_trouble_of_the_easel_is_left_to_its_owner() -> None:
    with pytest.raises(OSError, match="No space left"):
        paint(hold(), FullEasel())


def test_the_contract_of_a_provider() -> None:
    provider: Provider = plugin(config())
    assert provider.name == "placeholder"
    assert list(provider.notices({"placeholder"})) == []
    provider.ready()
    (card,) = provider.cards()
    assert provider.card("placeholder") == card
    assert (card.name, card.provider, card.takes_seed, card.is_open) == ("placeholder", "placeholder", True, False)
    with pytest.raises(ModelError, match="leave out --model"):
        provider.card("gpt-image-2")


@pytest.mark.parametrize("size", [Size(64, 64), Size(1001, 333), Size(3840, 2160), AUTO])
def test_free_sizes_are_taken(size: Size) -> None:
    (card,) = plugin(config()).cards()
    for quality in card.qualities:
        card.check(size, quality, "webp", "a car")


@pytest.mark.parametrize("size", [Size(63, 64), Size(4097, 1024), Size(2048, 256)])
def test_senseless_sizes_are_refused(size: Size) -> None:
    (card,) = plugin(config()).cards()
    with pytest.raises(ModelError):
        card.check(size, "auto", "png", "a car")


def test_it_is_known_by_the_name_the_user_gave_it() -> None:
    given = ProviderConfig(None, "", "", {"kind": "placeholder"}, 60.0, name="sketch")
    assert (plugin(given).name, plugin(given).card("placeholder").provider) == ("sketch", "sketch")


def test_options_it_does_not_have_are_refused() -> None:
    with pytest.raises(SettingsError, match="colour"):
        plugin(config(colour="red"))


def test_the_doctor_finds_it_well() -> None:
    finding = asyncio.run(plugin(config()).check())
    assert (finding.level, finding.subject) == (Level.OK, "provider placeholder")


def test_knowing_the_provider_does_not_load_pillow() -> None:
    code = "import sys, imgcli.providers.placeholder.provider as p; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, env={"PYTHONPATH": "src"}).returncode == 0
