from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from imgcli.measure.dhash import ALIKE, Alike, dhash, distance
from tests.fakes.canvases import flat, patches

HASH = st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}")


def test_a_picture_looks_like_itself_in_another_size_and_brightness() -> None:
    whole = patches(1, 400, 300)
    found = dhash(whole)
    assert distance(found, dhash(whole.resize((200, 150), Image.Resampling.LANCZOS))) <= ALIKE
    assert distance(found, dhash(ImageEnhance.Brightness(whole).enhance(0.8))) <= ALIKE


def test_other_pictures_do_not() -> None:
    hashes = [dhash(patches(seed)) for seed in range(12)]
    assert min(distance(a, b) for a in hashes for b in hashes if a != b) > ALIKE


def test_the_bits_are_rows_of_falling_and_rising_greys() -> None:
    rising = Image.linear_gradient("L").rotate(90)
    assert dhash(rising) == "f" * 16
    assert dhash(rising.rotate(180)) == "0" * 16
    assert dhash(flat()) == "0" * 16


def test_what_is_transparent_is_white() -> None:
    clear = patches(3).convert("RGBA")
    clear.putalpha(0)
    assert dhash(clear) == dhash(flat("#ffffff"))


@settings(max_examples=60)
@given(HASH, st.lists(HASH, max_size=6), st.sets(st.integers(0, 63), max_size=8))
def test_whatever_is_alike_is_found_and_nothing_else(found: str, others: list[str], flipped: set[int]) -> None:
    near = f"{int(found, 16) ^ sum(1 << bit for bit in flipped):016x}"
    known = {f"picture {index}": each for index, each in enumerate([near, *others])}
    alike = Alike((each, name) for name, each in known.items()).of(found)
    wanted = [(distance(found, each), name) for name, each in known.items() if distance(found, each) <= ALIKE]
    assert alike == [name for _, name in sorted(wanted)]
