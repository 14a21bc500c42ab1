from typing import Any

from imgcli.reports.bought import UNTOLD, Bought
from imgcli.reports.chains import chains
from tests.fakes.bought import at, bought
from tests.rows import each_row

PROMPTS = ("fox", "fox snow", "fox snow sun")


def tries(*changes: dict[str, Any], every: int = 10) -> list[Bought]:
    """Runs of one prompt each, so many minutes apart."""
    told = [*changes, *({} for _ in PROMPTS[len(changes) :])]
    return [
        bought(f"p{n}", 2, **{"prompt": prompt, "run": f"r{n}", "at": at(n * every)} | change)
        for n, (prompt, change) in enumerate(zip(PROMPTS, told, strict=True))
    ]


def found(pictures: list[Bought]) -> list[tuple[str, ...]]:
    return [chain.prompts for chain in chains(pictures)]


@each_row(
    "change, is_chain",
    [
        ({}, True),
        ({"user": "bob"}, False),
        ({"directory": "/other"}, False),
        ({"prompt": "hare"}, False),
        ({"prompt": "fox"}, False),  # two prompts are none
        ({"words": UNTOLD, "prompt": ""}, False),
        ({"entry": "prompt-002"}, True),  # a run with one prompt is known by its directory
    ],
)
def test_successive_prompts_of_one_user_in_one_place_are_a_chain(change: dict[str, Any], is_chain: bool) -> None:
    assert found(tries({}, change)) == ([PROMPTS] if is_chain else [])


def test_an_hour_parts_chains() -> None:
    assert found(tries(every=60)) == [PROMPTS]
    assert found(tries(every=61)) == []


def test_what_one_run_asks_for_at_once_is_no_chain() -> None:
    assert found(tries({"run": "r"}, {"run": "r"}, {"run": "r"})) == []


def test_entries_of_a_batch_are_followed_by_their_id() -> None:
    others = [bought(f"o{n}", 1, f"boat{n} at{n}", run=f"r{n}", entry="boat", at=at(n * 10)) for n in range(3)]
    assert found([*tries(), *others]) == [PROMPTS]
    assert found([*tries({}, {"entry": "hare"}), *others]) == []


def test_pictures_of_a_prompt_stand_together_and_the_last_are_not_on_the_way() -> None:
    more = [
        bought("kept", 5, "fox snow", run="r1", at=at(10), kept=True),
        bought("x", 7, "fox snow sun", run="r2", at=at(20)),
    ]
    (chain,) = chains([*tries(), *more])
    assert (len(chain.pictures), chain.cost, chain.kept) == (5, 2 + 2 + 5 + 2 + 7, 1)
    assert [each.attempt for each in chain.on_the_way] == ["p0", "p1"]
