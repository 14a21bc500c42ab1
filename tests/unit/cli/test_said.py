import pytest

from imgcli.cli.said import KEYS, read_changes
from imgcli.errors import UsageError
from tests.rows import each_row


def test_keys_are_those_of_a_batch_file_and_become_fields_of_an_entry() -> None:
    words = ["prompt=a boat", "style=film-noir; grain", "no=text", "no=people", "seed=7", "ref=a.png;b.png"]
    words += ["input-fidelity=high", "QUALITY = high ", "out=a/b/"]
    assert read_changes(words) == {
        "prompt": "a boat",
        "style": ("film-noir", "grain"),
        "no": ("text", "people"),
        "seed": 7,
        "refs": ("a.png", "b.png"),
        "fidelity": "high",
        "quality": "high",
        "out": "a/b",
    }
    assert read_changes([]) == {}
    # A prompt may hold what parts a key from its value.
    assert read_changes(["prompt=x = y"]) == {"prompt": "x = y"}


def test_an_empty_value_takes_away() -> None:
    assert read_changes(["style=", "no=", "tags=", "ref=", "seed=", "mask=", "input_fidelity="]) == {
        "style": (),
        "no": (),
        "tags": (),
        "refs": (),
        "seed": None,
        "mask": None,
        "fidelity": None,
    }


@each_row(
    ("words", "told"),
    [
        (["quality"], "--with 'quality': write key=value"),
        (["qualty=high"], "unknown key 'qualty'; did you mean 'quality'?"),
        (["aspect=16:9"], "did you mean 'size'?"),
        (["matrix=x"], "unknown key 'matrix'"),
        (["n=3"], "is said with -n"),
        (["seed=1", "seed=2"], "seed: is said twice"),
        (["seed=", "seed=2"], "seed: is said twice"),
        (["seed=seven"], "seed: must be a whole number"),
        (["seed=-1"], "seed: must be a whole number"),
        (["prompt="], "prompt: must be text"),
        (["quality="], "quality: must be text"),
        (["format=bmp"], 'format: must be "png", "jpeg" or "webp"'),
        (["out=../x"], "out: "),
        (["name=a/b"], "name: "),
        (["tags=" + "x" * 101], "tags"),
        (["prompt=a\x1b[31m"], "prompt: "),
        (["prompt=" + "x" * 40_000], "prompt: must be text of 1 to 32,000"),
        (["=x"], "unknown key ''"),
    ],
)
def test_what_is_none_is_told_in_one_line(words: list[str], told: str) -> None:
    with pytest.raises(UsageError) as error:
        read_changes(words)
    assert told in str(error.value)
    assert str(error.value).startswith("--with")
    assert "\n" not in str(error.value)


def test_every_key_has_words_for_what_is_wrong_with_it() -> None:
    for key in KEYS:
        with pytest.raises(UsageError, match="--with"):
            read_changes([f"{key}=\x00"])
