"""What was bought, made in one line."""

from typing import Any

from imgcli.reports.bought import Bought, Words

PLAIN = Bought(
    attempt="a",
    run="run-1",
    at="2026-11-10T10:00:00.000000Z",
    user="alice",
    directory="/out",
    entry="prompt-001",
    path="/out/a.png",
    prompt="a car",
    words=Words("car", frozenset({"car"})),
    key="key of a",
    variants="a car",
    look="gpt-image-2 1024x1024 high",
    quality="high",
    cost=0,
)


def words(prompt: str) -> Words:
    """Every word counts, and those of one letter are pinned."""
    said = frozenset(prompt.split())
    return Words(" ".join(sorted(said)), said, frozenset(word for word in said if len(word) == 1))


def bought(attempt: str, cost: int, prompt: str = "", **changes: Any) -> Bought:
    """A picture of a prompt and job of its own, unless it is said otherwise."""
    prompt = prompt or f"prompt of {attempt}"
    told = {"attempt": attempt, "cost": cost, "prompt": prompt, "words": words(prompt), "key": f"key of {attempt}"}
    told |= {"variants": prompt, "path": f"/out/{attempt}.png"}
    return Bought(**{name: getattr(PLAIN, name) for name in PLAIN.__slots__} | told | changes)


def at(minute: int) -> str:
    """Minutes after ten."""
    return f"2026-11-10T{10 + minute // 60:02d}:{minute % 60:02d}:00.000000Z"
