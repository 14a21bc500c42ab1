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
from imgcli.model.input import Edit
from imgcli.model.job import Job
from imgcli.model.picture import Painted
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import AUTO, Size
from imgcli.ports import Provider, ProviderConfig
from imgcli.providers.placeholder.provider import PlaceholderProvider, _size, plugin
from tests.fakes.easel import Keeps
from tests.fakes.stored import mask_of, still_life, stored


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
    background: str = "auto",
    edit: Edit | None = None,
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
        background=background,
        edit=edit,
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


def test_the_card_takes_what_the_painter_does(tmp_path: Path) -> None:
    (card,) = plugin(config()).cards()
    source = stored(tmp_path / "a.png", still_life())
    mask = mask_of(tmp_path / "m.png", Image.new("L", (240, 240), 0))
    for fidelity in ("", "low", "high"):
        card.check_edit(Edit((source,) * 16, mask, fidelity=fidelity))
        card.check_edit(Edit((source,), markup=mask, fidelity=fidelity))
    with pytest.raises(ModelError, match="16 input pictures at most"):
        card.check_edit(Edit((source,) * 17))
    card.check(Size(256, 192), "auto", "webp", "a car", "transparent")
    with pytest.raises(ModelError, match="jpeg has no transparency"):
        card.check(Size(256, 192), "auto", "jpeg", "a car", "transparent")


@pytest.mark.parametrize("image_format", ["png", "jpeg", "webp"])
def test_a_masked_edit_is_painted_free(tmp_path: Path, image_format: str) -> None:
    keep = Image.new("L", (240, 240), 255)
    keep.paste(0, (0, 0, 120, 240))
    edit = Edit((stored(tmp_path / "a.png", still_life()),), mask_of(tmp_path / "m.png", keep))
    painted, data = paint(hold(Size(240, 240), image_format, edit=edit))
    picture = Image.open(BytesIO(data))
    assert (picture.format, picture.size) == (image_format.upper(), (240, 240))
    assert painted.free
    assert painted.source_type == "algorithmicMedia"
    if image_format != "jpeg":
        right = (120, 0, 240, 240)
        assert picture.convert("RGB").crop(right).tobytes() == still_life().crop(right).tobytes()


def test_all_of_the_hold_reaches_the_painter(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.png", still_life())
    holds = [
        hold(edit=Edit((source,))),
        hold(edit=Edit((source,), fidelity="high")),
        hold(edit=Edit((source,)), variant=2),
        hold(edit=Edit((source,)), seed=4),
        hold(edit=Edit((source,)), background="transparent"),
        hold(background="transparent"),
        hold(),
    ]
    assert len({hashlib.sha256(paint(each)[1]).digest() for each in holds}) == len(holds)


def test_an_opaque_background_leaves_nothing_transparent(tmp_path: Path) -> None:
    logo = still_life().convert("RGBA")
    logo.paste((0, 0, 0, 0), (0, 0, 60, 60))
    keep = Image.new("L", (240, 240), 255)
    keep.paste(0, (100, 100, 140, 140))
    edit = Edit((stored(tmp_path / "a.png", logo),), mask_of(tmp_path / "m.png", keep))
    assert Image.open(BytesIO(paint(hold(Size(240, 240), edit=edit, background="opaque"))[1])).mode == "RGB"
    assert Image.open(BytesIO(paint(hold(Size(240, 240), edit=edit))[1])).mode == "RGBA"
    assert Image.open(BytesIO(paint(hold(Size(240, 240), "jpeg", edit=edit))[1])).mode == "RGB"


@pytest.mark.parametrize(
    ("source", "made"),
    [((300, 200), (300, 200)), ((30, 20), (96, 64)), ((5000, 2500), (4096, 2048)), ((600, 40), (320, 64))],
)
def test_auto_is_the_size_of_the_first_input_as_far_as_it_can_be_made(
    tmp_path: Path, source: tuple[int, int], made: tuple[int, int]
) -> None:
    edit = Edit((stored(tmp_path / "a.png", Image.new("RGB", source)),))
    size = _size(hold(size=AUTO, edit=edit).job)
    assert (size.width, size.height) == made
    (card,) = plugin(config()).cards()
    assert card.free is not None
    assert not card.free.problem(size)


def test_an_input_that_is_gone_costs_nothing(tmp_path: Path) -> None:
    source = stored(tmp_path / "a.png", still_life())
    source.path.unlink()
    with pytest.raises(AttemptError, match="put it back") as caught:
        paint(hold(edit=Edit((source,))))
    assert (caught.value.money, caught.value.code) == (Money.VOID, "input-gone")


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
