import asyncio

import pytest

from imgcli.catalog import nearness
from imgcli.catalog.near import packed
from imgcli.catalog.nearness import Worded, nearest
from imgcli.model.origin import Alike
from tests.fakes.catalog import FakeCatalog
from tests.rows import each_row

RIGHT, NEARLY, UP = (1.0, 0.0), (0.995, 0.0998749), (0.0, 1.0)


def near(*told: tuple[str, str, tuple[float, ...] | None], least: float = 0.98, rest: str = "rest") -> dict[str, str]:
    """(attempt, words, vector)."""

    async def story() -> dict[str, str]:
        catalog = FakeCatalog()
        for attempt, words, vector in told:
            await catalog.liken([Alike(attempt, "rest", words)], 1)
            if vector is not None:
                await catalog.keep_vector(attempt, "model", packed(vector))
        pictures = [Worded(attempt, "rest", words) for attempt, words, _ in told]
        pictures[-1] = pictures[-1]._replace(rest=rest)
        return dict(await nearest(pictures, catalog, "model", least))

    return asyncio.run(story())


@each_row(
    "words, vector, rest, expected",
    [
        ("a calm port", NEARLY, "rest", {"b": "a"}),
        ("a calm port", UP, "rest", {}),
        ("a calm port", None, "rest", {}),
        ("two calm ports", RIGHT, "rest", {}),  # a rule says that they differ, whatever the model finds
        ("a calm port", RIGHT, "other", {}),
    ],
)
def test_near_is_what_a_model_finds_alike_and_no_rule_parts(
    words: str, vector: tuple[float, ...] | None, rest: str, expected: dict[str, str]
) -> None:
    assert near(("a", "a quiet port", RIGHT), ("b", words, vector), rest=rest) == expected


def test_the_first_of_all_is_named_and_a_higher_bar_parts_them() -> None:
    three = (("a", "a port", RIGHT), ("b", "the old port", NEARLY), ("c", "this port", RIGHT))
    assert near(*three) == {"b": "a", "c": "a"}
    assert near(*three, least=0.999) == {"c": "a"}


def test_what_is_compared_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearness, "MOST_FIRST", 1)
    two = (("a", "a port", RIGHT), ("b", "the old fox", UP))
    assert near(*two, ("c", "the port", RIGHT)) == {"c": "a"}
    assert near(*two, ("c", "the fox", UP)) == {}
