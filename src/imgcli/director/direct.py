"""Prompt + styles + constraints -> the directed prompt, for models that read prose and for models that read keywords.

How styles combine, for PROSE:

1. The first style leads, which is why order matters: its prose holds the subject. The first medium named stands.
2. Every further style is blended in by what its prose says beside the subject: its sentences without `{prompt}`. A
   prose of one sentence is said of "the same subject", so that the subject itself is never told twice.
3. The keywords of all styles follow by group, save the medium of further styles; then the palette of the first style
   that has one, and what must not be seen, as models weigh the end of a prompt nearly as much as its start.

For KEYWORDS the subject comes first, then every style's keywords; a style without keywords gives its prose instead. A
style with a keyword_prompt gives that and no keywords: the whole prompt before it is its subject, as in other tools.

Who wins: the user. A keyword that names what the user excluded is left out, and what a style avoids is not avoided
where the prompt, or a keyword of another style, asks for it. A style is told once, however often it is named, and so
is a keyword. `conflicts.py` says which decisions were made.
"""

import re
from collections.abc import Iterator, Sequence
from typing import assert_never

from imgcli.director.constraints import mentions, negatives, sentences, split
from imgcli.director.style_file import GROUPS, around_subject
from imgcli.errors import UsageError
from imgcli.model.card import Wording
from imgcli.model.prompt import EXCLUDED, TYPED, DirectedPrompt, Piece, Style

PRECEDENCE = "These exclusions outrank everything said about style."

Keywords = tuple[tuple[str, str, tuple[str, ...]], ...]
"""(style, group, terms), style by style."""

_SENTENCE_END = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+")


def direct(prompt: str, styles: Sequence[Style], no: Sequence[str], wording: Wording) -> DirectedPrompt:
    """The words to send for `prompt`; without styles and constraints they are the prompt itself, to the letter.

    A style that is named twice counts once. Blanks are trimmed at the prompt's edges where words of ours adjoin it.

    Raises:
        UsageError: there is no prompt.
    """
    styles = _distinct(styles)
    negative = "" if wording is Wording.PROSE else _negative(prompt, styles, no)
    return DirectedPrompt(
        typed=prompt,
        text="".join(text for text, _ in compose(prompt, styles, no, wording)),
        negative=negative,
        styles=tuple(style.name for style in styles),
        constraints=tuple(no),
        colours=tuple(dict.fromkeys(colour for style in styles for colour in style.palette or style.colours)),
        versions=tuple(style.version for style in styles),
    )


def compose(prompt: str, styles: Sequence[Style], no: Sequence[str], wording: Wording) -> list[Piece]:
    """The text of `direct` in pieces, each with who said it.

    Raises:
        UsageError: there is no prompt.
    """
    if not prompt.strip():
        raise UsageError("the prompt is empty; say what the picture shows")
    styles = _distinct(styles)
    things = split(no)
    keywords = _keywords(styles, things)
    match wording:
        case Wording.PROSE:
            return _prose(prompt, styles, keywords, no)
        case Wording.KEYWORDS:
            return _keyword_list(prompt, styles, keywords, things)
        case _:
            assert_never(wording)


def _distinct(styles: Sequence[Style]) -> tuple[Style, ...]:
    return tuple({style.name: style for style in styles}.values())


def _prose(prompt: str, styles: Sequence[Style], keywords: Keywords, no: Sequence[str]) -> list[Piece]:
    avoid = _avoided(prompt, styles, Wording.PROSE)
    exclusions = sentences(no, avoid)
    if not styles and not exclusions:
        return [Piece(prompt, TYPED)]
    things = split(no)
    named = [Piece(text, EXCLUDED) for text in exclusions[: len(things)]]
    spoilt = [
        Piece(text, "+".join(style.name for style in styles if style.avoid)) for text in exclusions[len(things) :]
    ]
    sections = [
        _led(prompt.strip(), styles[0]) if styles else [Piece(prompt.strip(), TYPED)],
        *([Piece(f"Blend in the look of {_spoken(s)}: {_without_subject(s.prose)}", s.name)] for s in styles[1:]),
        _grouped(keywords, is_held=any(style.palette for style in styles)),
        _held_to(styles),
        *([piece] for piece in (*named, *spoilt)),
        [Piece(PRECEDENCE, EXCLUDED)] if styles and things else [],
    ]
    said: list[Piece] = []
    for section in filter(None, sections):
        if said:
            section[0] = Piece(f" {section[0].text}", section[0].origin)
        section[-1] = Piece(_closed(section[-1].text), section[-1].origin)
        said += section
    return said


def _grouped(keywords: Keywords, *, is_held: bool) -> list[Piece]:
    """`Medium: film still; lighting: side light, haze`, term by term."""
    said: list[Piece] = []
    for group, terms in _by_group(keywords):
        if group == "palette" and is_held:
            continue  # other colours than the only ones that are allowed
        lead = f"; {group}: " if said else f"{group.capitalize()}: "
        for term, style in terms:
            said.append(Piece(f"{lead}{term}", style))
            lead = ", "
    return said


def _held_to(styles: Sequence[Style]) -> list[Piece]:
    """The palette of the first style that has one: two would allow what each of them rules out."""
    style = next((style for style in styles if style.palette), None)
    if style is None:
        return []
    return [Piece(f"Use only these colours and shades of them: {', '.join(style.palette)}", style.name)]


def _keyword_list(prompt: str, styles: Sequence[Style], keywords: Keywords, things: Sequence[str]) -> list[Piece]:
    whole = {style.name for style in styles if style.keyword_prompt}
    terms = [Piece(term, style) for style, _, group in keywords if style not in whole for term in group]
    terms += [Piece(_without_subject(style.prose), style.name) for style in styles if _is_silent(style)]
    if not terms and not whole:
        return [Piece(prompt, TYPED)]
    said = [Piece(prompt.strip(), TYPED)]
    for style in styles:
        if style.keyword_prompt:
            # As other tools do it: each whole prompt takes what is there already as its subject.
            before, after = _spared(style.keyword_prompt, things)
            said = [*_unless_empty(before, style), *said, *_unless_empty(after, style)]
    for term in terms:
        ends = said[-1].text
        comma = "" if _SENTENCE_END.search(ends) or ends.endswith((",", ";", ":")) else ","
        lead = comma if len(said) == 1 or whole else ","
        said.append(Piece(f"{lead} {term.text}", term.origin))
    return said


def _is_silent(style: Style) -> bool:
    return not style.keywords and not style.keyword_prompt


def _unless_empty(text: str, style: Style) -> list[Piece]:
    return [Piece(text, style.name)] if text else []


def _spared(whole: str, things: Sequence[str]) -> tuple[str, str]:
    """What a whole keyword prompt says before and after the subject, without its terms that name an excluded thing.

    A term that adjoins the subject, or that holds a part of a bracket, cannot be taken out.
    """
    before, after = around_subject(whole)

    def kept(term: str) -> bool:
        return term.count("(") != term.count(")") or not any(mentions(term, thing) for thing in things)

    *terms, last = before.split(",")
    first, *others = after.split(",")
    return ",".join([*filter(kept, terms), last]).lstrip(), ",".join([first, *filter(kept, others)])


def _negative(prompt: str, styles: Sequence[Style], no: Sequence[str]) -> str:
    """The negative prompt; a style that has one of its own is not asked what it avoids."""
    own = [style.negative for style in styles if style.negative]
    return ", ".join(filter(None, [negatives(no, _avoided(prompt, styles, Wording.KEYWORDS)), *own]))


def _led(subject: str, style: Style) -> list[Piece]:
    """The first style's prose around the subject; a prompt that is a whole sentence brings its own full stop."""
    before, after = around_subject(style.prose)
    if _SENTENCE_END.search(subject):
        after = re.sub(r"^[.,;:]", "", after)
    return [*_unless_empty(before, style), Piece(subject, TYPED), *_unless_empty(after, style)]


def _without_subject(prose: str) -> str:
    """The sentences of `prose` that do not hold the subject; if there are no others, that one of "the same subject"."""
    before, after = around_subject(prose)
    others = [*_BETWEEN_SENTENCES.split(before)[:-1], *_BETWEEN_SENTENCES.split(after)[1:]]
    return " ".join(others).strip() or f"{before}the same subject{after}"


def _keywords(styles: Sequence[Style], things: Sequence[str]) -> Keywords:
    """(style, group, terms); without repeats, and without terms that name an excluded thing."""
    seen: set[str] = set()
    found = []
    for style in styles:
        for group, terms in style.keywords:
            kept = []
            for term in terms:
                if term.casefold() not in seen and not any(mentions(term, thing) for thing in things):
                    kept.append(term)
                seen.add(term.casefold())
            found.append((style.name, group, tuple(kept)))
    return tuple(found)


def _by_group(keywords: Keywords) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(group, (term, style))."""
    for group in GROUPS:
        found = [[(term, style) for term in terms] for style, name, terms in keywords if name == group and terms]
        # Two media at once ("watercolour, film still") make a picture of neither.
        if terms := [term for some in (found[:1] if group == "medium" else found) for term in some]:
            yield group, terms


def asked_for(style: Style, wording: Wording) -> tuple[str, ...]:
    """The terms in which a style asks for things, of those that are told in this wording."""
    if wording is Wording.KEYWORDS and style.keyword_prompt:
        return tuple(term for part in around_subject(style.keyword_prompt) for term in part.split(","))
    return tuple(term for _, terms in style.keywords for term in terms)


def avoids(style: Style, wording: Wording) -> tuple[str, ...]:
    """What a style avoids; a negative prompt of its own stands instead where it is told."""
    return () if wording is Wording.KEYWORDS and style.negative else style.avoid


def _avoided(prompt: str, styles: Sequence[Style], wording: Wording) -> list[str]:
    """What the styles avoid, save what the prompt or a keyword of another style asks for."""
    kept = []
    for style in styles:
        wished = [term for other in styles if other is not style for term in asked_for(other, wording)]
        wishes = " | ".join([prompt, *wished])
        kept += [thing for thing in avoids(style, wording) if not mentions(wishes, thing)]
    return kept


def _spoken(style: Style) -> str:
    return style.name.replace("-", " ")


def _closed(text: str) -> str:
    return text if _SENTENCE_END.search(text) or text.endswith((",", ";", ":")) else f"{text}."
