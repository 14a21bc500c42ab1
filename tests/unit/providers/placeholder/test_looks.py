import pytest

from imgcli.providers.placeholder.chance import Chance
from imgcli.providers.placeholder.paint import LOOKS, Look
from imgcli.providers.placeholder.palette import CURATED, make_palette
from tests.rows import each_row

SIZES = [(64, 64), (192, 64), (64, 192), (257, 129), (512, 512)]


@each_row("look", LOOKS, ids=lambda look: look.name)
@each_row("size", SIZES)
def test_a_ground_of_just_the_size_asked_for(look: Look, size: tuple[int, int]) -> None:
    for turn in range(3):
        chance = Chance(f"{look.name} {turn}".encode())
        scene = look.paint(*size, make_palette(CURATED[turn]), chance)
        assert scene.picture.size == size
        assert scene.picture.mode == "RGB"


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
def test_chance_is_the_only_difference_and_makes_one(look: Look) -> None:
    def ground(seed: bytes) -> bytes:
        chance = Chance(seed)
        return look.paint(128, 128, make_palette(CURATED[0]), chance).picture.tobytes()

    assert ground(b"one") == ground(b"one")
    assert len({ground(bytes([turn])) for turn in range(4)}) == 4
