"""Prompt + styles + constraints -> the directed prompt, for models that read prose and for models that read keywords.

How styles combine, for PROSE:

1. The first style leads, which is why order matters: its prose holds the subject. The first medium named stands.
2. Every further style is blended in by what its prose says beside the subject: its sentences without `{prompt}`. A
   prose of one sentence is said of "the same subject", so that the subject itself is never told twice.
3. The keywords of all styles follow by group, save the medium of further styles; then what must not be seen, as
   models weigh the end of a prompt nearly as much as its start.

For KEYWORDS the subject comes first, then every style's keywords; a style without keywords gives its prose instead.

Who wins: the user. A keyword that names what the user excluded is left out, and what a style avoids is not avoided
where the prompt, or a keyword of another style, asks for it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from imgcli.director.constraints import mentions, negatives, sentences, split
from imgcli.director.styles import GROUPS, around_subject
from imgcli.errors import UsageError
from imgcli.model.card import Wording
from imgcli.model.prompt import DirectedPrompt, Style

PRECEDENCE = "These exclusions outrank everything said about style."

Keywords = tuple[tuple[str, tuple[str, ...]], ...]
"""(group, terms), style by style."""

_SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def direct(prompt: str, styles: Sequence[Style], no: Sequence[str], wording: Wording) -> DirectedPrompt:
    """The words to send for `prompt`; without styles and constraints they are the prompt itself, to the letter.

    A style that is named twice counts once. Blanks are trimmed at the prompt's edges where words of ours adjoin it.

    Raises:
        UsageError: there is no prompt.
    """
    if not prompt.strip():
        raise UsageError("the prompt is empty; say what the picture shows")
    styles = tuple({style.name: style for style in styles}.values())
    keywords = _keywords(styles, split(no))
    avoid = _avoided(prompt, styles)
    match wording:
        case Wording.PROSE:
            text, negative = _prose(prompt, styles, keywords, no, avoid), ""
        case Wording.KEYWORDS:
            text, negative = _keyword_list(prompt, styles, keywords), negatives(no, avoid)
        case _:
            assert_never(wording)
    return DirectedPrompt(
        typed=prompt,
        text=text,
        negative=negative,
        styles=tuple(style.name for style in styles),
        constraints=tuple(no),
        colours=tuple(dict.fromkeys(colour for style in styles for colour in style.colours)),
    )


def _prose(
    prompt: str,
    styles: Sequence[Style],
    keywords: Keywords,
    no: Sequence[str],
    avoid: Sequence[str],
) -> str:
    exclusions = sentences(no, avoid)
    if not styles and not exclusions:
        return prompt
    lead = _led(prompt.strip(), styles[0].prose) if styles else prompt.strip()
    blends = [f"Blend in the look of {_spoken(style)}: {_without_subject(style.prose)}" for style in styles[1:]]
    grouped = "; ".join(f"{group}: {', '.join(terms)}" for group, terms in _by_group(keywords))
    precedence = [PRECEDENCE] if styles and split(no) else []
    parts = [lead, *blends, grouped[:1].upper() + grouped[1:], *exclusions, *precedence]
    return " ".join(_closed(part) for part in parts if part)


def _keyword_list(prompt: str, styles: Sequence[Style], keywords: Keywords) -> str:
    silent = [_without_subject(style.prose) for style in styles if not style.keywords]
    terms = [*(term for _, group in keywords for term in group), *silent]
    if not terms:
        return prompt
    subject = prompt.strip()
    comma = "" if _SENTENCE_END.search(subject) or subject.endswith((",", ";", ":")) else ","
    return f"{subject}{comma} {', '.join(terms)}"


def _led(subject: str, prose: str) -> str:
    """The first style's prose around the subject; a prompt that is a whole sentence brings its own full stop."""
    before, after = around_subject(prose)
    if _SENTENCE_END.search(subject):
        after = re.sub(r"^[.,;:]", "", after)
    return f"{before}{subject}{after}"


def _without_subject(prose: str) -> str:
    """The sentences of `prose` that do not hold the subject; if there are no others, that one of "the same subject"."""
    before, after = around_subject(prose)
    others = [*_BETWEEN_SENTENCES.split(before)[:-1], *_BETWEEN_SENTENCES.split(after)[1:]]
    return " ".join(others).strip() or f"{before}the same subject{after}"


def _keywords(styles: Sequence[Style], things: Sequence[str]) -> Keywords:
    """(group, terms) style by style; without repeats, and without terms that name an excluded thing."""
    seen: set[str] = set()
    found = []
    for style in styles:
        for group, terms in style.keywords:
            kept = []
            for term in terms:
                if term.casefold() not in seen and not any(mentions(term, thing) for thing in things):
                    kept.append(term)
                seen.add(term.casefold())
            found.append((group, tuple(kept)))
    return tuple(found)


def _by_group(keywords: Keywords) -> Iterator[tuple[str, list[str]]]:
    for group in GROUPS:
        found = [terms for name, terms in keywords if name == group and terms]
        # Two media at once ("watercolour, film still") make a picture of neither.
        if terms := [term for some in (found[:1] if group == "medium" else found) for term in some]:
            yield group, terms


def _avoided(prompt: str, styles: Sequence[Style]) -> list[str]:
    """What the styles avoid, save what the prompt or a keyword of another style asks for."""
    kept = []
    for style in styles:
        wished = [term for other in styles if other is not style for _, terms in other.keywords for term in terms]
        wishes = " | ".join([prompt, *wished])
        kept += [thing for thing in style.avoid if not mentions(wishes, thing)]
    return kept


def _spoken(style: Style) -> str:
    return style.name.replace("-", " ")


def _closed(text: str) -> str:
    return text if _SENTENCE_END.search(text) or text.endswith((",", ";", ":")) else f"{text}."
