"""Warnings about a prompt before it is paid for: what contradicts itself, was left empty, or is meant for another tool.

A warning never blocks. It is better to miss something than to cry wolf: each rule looks for a pattern that a person
would hardly mean.
"""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imgcli.director import lint_words as table
from imgcli.director.lint_bans import bans
from imgcli.director.lint_habits import habits, shown
from imgcli.director.medium import clauses, families, style_families
from imgcli.director.reading import Reading, squeezed
from imgcli.director.tokens import BLANK
from imgcli.director.word_lists import COLOURS
from imgcli.model.prompt import Style

MOST_LINTED = 8_000
"""Characters of a prompt that are looked at."""

NEARLY = 0.9
"""Part of a model's limit from which on a prompt is called long."""


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - Warning is a class of Python itself
    """One thing that is probably not meant: a code for programs, what it is, and what to do."""

    code: str
    message: str
    advice: str


CODES = (
    *("over-limit", "near-limit", "clash-medium", "clash-style", "clash-colour", "clash-text", "clash-people"),
    *("clash-time", "clash-busy", "clash-ban", "placeholder", "syntax", "command", "flags", "size", "transparent"),
    *("before", "boilerplate", "name", "short", "repeat"),
)
"""Every code there is."""


def lint(
    prompt: str,
    no: Sequence[str],
    styles: Sequence[Style],
    limit: int,
    directed: int,
    *,
    keywords: bool = False,
    transparent: bool = False,
    size: tuple[int, int] | None = None,
) -> tuple[Warning_, ...]:
    """What is doubtful about `prompt`.

    Args:
        prompt: as typed.
        no: what must not appear, as typed.
        styles: those that are put on it.
        limit: characters the model takes.
        directed: characters of the directed prompt.
        keywords: the model follows keywords, so that weights in brackets mean something to it.
        transparent: a transparent background is asked for by option or style.
        size: pixels of the picture, where they are known.
    """
    asked = Reading(prompt[:MOST_LINTED])
    found = [
        *_length(limit, directed),
        *_placeholders(asked),
        *_foreign(asked, keywords=keywords),
        *(Warning_(*found) for found in habits(asked, transparent=transparent, size=size)),
        *_media(asked, styles),
        *_colours(asked),
        *(Warning_(*found) for found in bans(asked, no)),
        *_times(asked),
        *_terms(asked),
        *_names(asked),
        *_repeats(asked),
        *_short(asked, styles),
    ]
    return tuple({warning.code: warning for warning in reversed(found)}.values())[::-1]


def _length(limit: int, directed: int) -> Iterator[Warning_]:
    if directed > limit:
        message = f"the directed prompt has {directed:,} characters; the model takes {limit:,}"
        yield Warning_("over-limit", message, "shorten it, or use fewer styles")
    elif directed > limit * NEARLY:
        message = f"the directed prompt has {directed:,} characters, close to the limit of {limit:,}"
        yield Warning_("near-limit", message, "the end of a long prompt is often ignored; shorten it")


def _placeholders(asked: Reading) -> Iterator[Warning_]:
    text = asked.rest
    advice = "fill it in, or take it out"
    if "<lora" in text or "<hypernet" in text:
        return
    for pattern in (table.EMPTY_BRACES, table.NAMED_BRACES, table.OPEN_BRACE, table.LEFTOVER, table.NONE):
        if match := pattern.search(text):
            yield Warning_("placeholder", f"{shown(match[0])} looks like a variable that was not filled in", advice)
            return
    if match := table.GAP.search(asked.text):
        message = f"nothing stands after {shown(match[0])}: an empty variable?"
        yield Warning_("placeholder", message, advice)


def _foreign(asked: Reading, *, keywords: bool) -> Iterator[Warning_]:
    if keywords:
        return
    for pattern in (table.LORA, table.WEIGHT, table.BREAK):
        if match := pattern.search(asked.text):
            message = f"{shown(match[0])} is syntax of Stable Diffusion web UIs"
            yield Warning_("syntax", message, "this model reads sentences: say in words what matters most")
            return


def _media(asked: Reading, styles: Sequence[Style]) -> Iterator[Warning_]:
    said = families(asked)
    for one, other in ((a, b) for a in sorted(said) for b in sorted(said) if a < b):
        if frozenset((one, other)) in table.INCOMPATIBLE:
            yield Warning_("clash-medium", f"it asks for {_a(one)} and {_a(other)} at once", "name one medium")
            return
    for style in styles[:1]:
        own = style_families(style)
        clashing = {(a, b) for a in said for b in own if frozenset((a, b)) in table.INCOMPATIBLE}
        if said and own and clashing and not said & own:
            asks, is_ = min(clashing)
            message = f"the prompt asks for {_a(asks)}, the style {style.name} is {_a(is_)}"
            yield Warning_("clash-style", message, "leave the medium to the style, or choose another style")
            return


def _a(family: str) -> str:
    return family if family == "pixel art" else f"a {family}"


def _colours(asked: Reading) -> Iterator[Warning_]:
    match = table.MONOCHROME.search(asked.rest)
    if match is None or table.ACCENT.search(asked.rest):
        return
    end = match.end()
    named = [
        token
        for index, token in enumerate(asked.tokens)
        if COLOURS.get(token.word, "black") not in table.NEUTRAL and index not in asked.negated
    ]
    # "monochrome blue" is a picture in blues.
    named = [token for token in named if asked.rest[end : token.at] != " "]
    colourful = table.COLOURFUL.search(asked.rest)
    if named or colourful:
        shown = named[0].word if named else squeezed(colourful[0]).casefold() if colourful else ""
        message = f"it is to be {match[0].casefold().removeprefix('in ')}, and to show {shown}"
        yield Warning_("clash-colour", message, "drop the one or the other")


def _times(asked: Reading) -> Iterator[Warning_]:
    night, day = table.NIGHT.search(asked.rest), table.DAY.search(asked.rest)
    if night and day and not table.BOTH_TIMES.search(asked.rest):
        message = f'it is "{night[0].casefold()}" and "{day[0].casefold()}" at once'
        yield Warning_("clash-time", message, "choose one time of day")
        return
    seasons = sorted({match[1].casefold().replace("fall", "autumn") for match in table.SEASON.finditer(asked.rest)})
    if len(seasons) > 1 and not table.SEASONS.search(asked.rest):
        yield Warning_("clash-time", f"it is in {' and in '.join(seasons)} at once", "choose one season")


def _terms(asked: Reading) -> Iterator[Warning_]:
    """What is said between commas in a few words, of the picture as a whole."""
    tokens = asked.tokens
    terms = [[token.word for token in tokens[start:end]] for start, end in clauses(tokens) if end - start <= 4]
    plain = next((term for term in terms if len(term) <= 3 and table.STYLE_WORDS & set(term)), None)
    busy = next((term for term in terms if len(term) <= 3 and _is_busy(term)), None)
    if plain and busy and plain != busy:
        message = f'"{" ".join(plain)}" and "{" ".join(busy)}" pull apart'
        yield Warning_("clash-busy", message, "choose one of them")
    empty = list(dict.fromkeys(" ".join(term) for term in terms if _is_boilerplate(term)))
    if len(empty) > 1 or any(not table.EMPTY_PRAISE.isdisjoint((text, *text.split())) for text in empty):
        message = f'"{", ".join(empty[:3])}" says nothing to this model'
        yield Warning_("boilerplate", message, "say what is to be seen; quality is set with --quality and --size")


_BOILERPLATE = frozenset(table.BOILERPLATE)


def _is_busy(term: Sequence[str]) -> bool:
    return bool(table.BUSY_WORDS & set(term)) or ("detailed" in term and bool(table.MUCH & set(term)))


def _is_boilerplate(term: Sequence[str]) -> bool:
    """Whether a term says nothing, whole or word by word: "8k uhd"."""
    return " ".join(term) in _BOILERPLATE or all(word in _BOILERPLATE for word in term)


def _names(asked: Reading) -> Iterator[Warning_]:
    names = _refused()
    first: dict[str, tuple[str, str]] = {}
    pattern = _refused_pattern()
    for match in pattern.finditer(asked.text):
        first.setdefault(match[0], names[match[0]])
    for name, (kind, _) in first.items():
        what = {
            "artist": (
                "is an artist or studio; models tend to refuse to copy their manner",
                "describe the look in your own words",
            ),
            "character": (
                "is a protected character; models tend to refuse or change it",
                "describe a figure of your own",
            ),
            "studio": (
                "is a protected name; models tend to refuse or change it",
                "describe the look in your own words",
            ),
        }[kind]
        yield Warning_("name", f'"{name}" {what[0]}', what[1])
        return


@functools.cache
def _refused() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for line in table.REFUSED.strip().splitlines():
        if line.startswith("["):
            kind, _, names = line[1:].partition("] ")
            found |= {name: (kind, name) for name in names.split(", ")}
    return found


@functools.cache
def _refused_pattern() -> re.Pattern[str]:
    longest = sorted(_refused(), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")


def _repeats(asked: Reading) -> Iterator[Warning_]:
    seen: set[str] = set()
    for sentence in re.split(r"[.!?\n]", asked.text):
        said = squeezed(sentence).casefold().strip(" ,;:-")
        if said in seen and said.count(" ") >= 2:
            yield Warning_("repeat", f"{shown(said)} stands in it twice", "say it once")
            return
        seen.add(said)


def _short(asked: Reading, styles: Sequence[Style]) -> Iterator[Warning_]:
    if len(asked.tokens) == 1 and not styles and asked.tokens[0].word.isascii() and asked.tokens[0].gap > BLANK:
        message = "one word leaves everything to the model"
        yield Warning_("short", message, "add a style (imgcli styles list) or --expand local")
