"""What people write to other tools and to a chat: their commands and flags, sizes, "as before"; read by `prompt_lint.py`.

Each finding is (code, message, advice).
"""

import re
from collections.abc import Iterator

from imgcli.director import lint_words as table
from imgcli.director.reading import Reading, squeezed

Finding = tuple[str, str, str]


def habits(asked: Reading, *, transparent: bool, size: tuple[int, int] | None) -> Iterator[Finding]:
    """What stands in a prompt out of habit.

    Args:
        asked: the prompt.
        transparent: a transparent background is asked for by option or style.
        size: pixels of the picture, where they are known.
    """
    if match := table.COMMAND.match(asked.text):
        yield (
            "command",
            f"{shown(match[0])} is a command of another tool",
            "leave it out; the prompt is the words alone",
        )
    yield from _flags(asked)
    yield from _sizes(asked, size)
    if not transparent and (match := table.TRANSPARENT.search(asked.rest)) and not _is_negated(asked, match.start()):
        advice = "say --background transparent, where the model can; some styles say it too"
        yield "transparent", f"{shown(match[0])} as words is mostly painted as a checkerboard or in white", advice
    if match := table.BEFORE.search(asked.rest):
        advice = "each picture is made from its words alone: say the whole of it"
        yield "before", f"{shown(match[0])} speaks of a picture that the model does not see", advice


def shown(text: str) -> str:
    """The beginning of `text` on one line, in quotation marks."""
    return f'"{squeezed(text)[:40]}"'


def _listed(items: list[str]) -> str:
    return f"{', '.join(items[:-1])} and {items[-1]}" if len(items) > 1 else items[0]


def _flags(asked: Reading) -> Iterator[Finding]:
    found = list(dict.fromkeys(match[1] for match in table.FLAG.finditer(asked.rest)))[:8]
    if not found:
        return
    typed = [shown(f"--{flag}") for flag in found]
    if len(found) == 1:
        match = table.FLAG.search(asked.rest)
        message = f"{shown(match[0]) if match else typed[0]} in a prompt is a setting of Midjourney"
    else:
        message = f"{_listed(typed)} in a prompt are settings of Midjourney"
    known = list(dict.fromkeys(table.FLAG_ADVICE[flag] for flag in found if flag in table.FLAG_ADVICE))
    others = [f"--{flag}" for flag in found if flag not in table.FLAG_ADVICE]
    if not known:
        yield "flags", message, f"leave {'it' if len(found) == 1 else 'them'} out; this model has no such setting"
        return
    advice = (
        f"say it as an option of imgcli: {_listed(known)}"
        if not others
        else (f"say {_listed(known)} as an option of imgcli, and leave out {_listed(others)}")
    )
    yield "flags", message, advice


def _sizes(asked: Reading, size: tuple[int, int] | None) -> Iterator[Finding]:
    text = asked.text
    for match in table.PIXELS.finditer(text):
        if _stands_for_picture(text, match, ends=True) and (int(match[1]), int(match[2])) != size:
            told = f"{match[1]}x{match[2]}"
            yield "size", f'"{told}" in a prompt sets no size', f"say it as an option: --size {told}"
            return
    for match in table.RATIO.finditer(text):
        wide, high = map(int, match[1].split(":"))
        is_so = size is not None and abs(size[0] * high - size[1] * wide) <= 0.03 * size[1] * wide
        if _stands_for_picture(text, match, ends=False) and not is_so:
            told = f"{wide}:{high}"
            yield "size", f'"{told}" in a prompt sets no shape', f"say it as an option: --aspect {told}"
            return


def _stands_for_picture(text: str, match: re.Match[str], *, ends: bool) -> bool:
    """Whether a size is that of the picture: "16:9 banner", "..., 1920x1080"; not "a 16:9 monitor"."""
    after = text[match.end() : match.end() + 40]
    before = text[max(0, match.start() - 30) : match.start()]
    if table.FLAG_BEFORE.search(before):
        return False
    if table.OF_PICTURE.match(after) or table.RATIO_OF.search(before):
        return True
    alone = bool(re.match(r"\s{0,5}(?:px\b|pixels?\b)?\s{0,5}(?:[,.;]|$)", after, re.IGNORECASE))
    return alone and (ends or bool(re.search(r"[,.;]\s{0,5}$", before)) or not before.strip())


def _is_negated(asked: Reading, at: int) -> bool:
    return any(asked.tokens[index].at == at for index in asked.negated)
