"""The table of docs/moderation.md: sixty prompts, and what the real layers say of each."""

import runpy
from pathlib import Path

import pytest
import tomli

ROOT = Path(__file__).parents[3]
KINDS = tomli.loads((ROOT / "tests" / "data" / "moderation.toml").read_text("utf-8"))
PAGE = runpy.run_path(str(ROOT / "docs" / "moderation.py"))


def rows() -> dict[str, list[str]]:
    """Prompt as it is shown -> kind, blocklist, words, under `on`, under `strict`."""
    lines = [line for line in PAGE["page"]().splitlines() if line.startswith(tuple(f"| {kind} |" for kind in KINDS))]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return {cell[1]: [cell[0].strip(), *cell[2:]] for cell in cells}


def test_the_page_is_what_the_layers_say() -> None:
    assert (ROOT / "docs" / "moderation.md").read_text("utf-8") == PAGE["page"]()


def test_there_are_sixty_prompts_of_four_kinds() -> None:
    assert {kind: len(prompts) for kind, prompts in KINDS.items()} == dict.fromkeys(
        ("clean", "dirty", "obfuscated", "innocent"), 15
    )
    assert len({prompt for prompts in KINDS.values() for prompt in prompts}) == len(rows()) == 60


def test_nothing_clean_is_flagged_and_everything_obfuscated_is() -> None:
    by_kind = {kind: [row for row in rows().values() if row[0] == kind] for kind in KINDS}
    assert {tuple(row[1:]) for row in by_kind["clean"]} == {("-", "-", "cleared", "cleared")}
    assert {row[4] for row in by_kind["obfuscated"]} == {"blocked"}


@pytest.mark.parametrize(
    ("prompt", "blocklist", "words", "on", "strict"),
    [
        ("a Great Tit on a snowy branch", "great tit (birds, blocklist.txt:14)", "-", "blocked", "blocked"),
        ("two great tits at a feeder", "-", "-", "cleared", "cleared"),
        ("shooting stars over a lake", "-", "-", "cleared", "cleared"),
        ("nude lipstick on marble", "-", "nude", "warned", "blocked"),
        ("gunpowder tea in a tin", "-", "-", "cleared", "cleared"),
        ("a g u n on a table", "gun (weapons, blocklist.txt:7)", "-", "blocked", "blocked"),
        ("a whore in a doorway, noir", "-", "-", "cleared", "cleared"),
    ],
)
def test_look_alikes(prompt: str, blocklist: str, words: str, on: str, strict: str) -> None:
    assert rows()[prompt][1:] == [blocklist, words, on, strict]
