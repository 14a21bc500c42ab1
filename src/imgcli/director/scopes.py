"""What a text excludes: each negation with the things it speaks of."""

from dataclasses import dataclass

from imgcli.director.tokens import BLANK, COMMA, JOINED, Token
from imgcli.director.word_lists import (
    BANNING,
    COLOURS,
    FILLERS,
    MODALS,
    NEGATORS,
    NOT_NEGATIONS,
    NUMBERED,
    STOPS,
    SURE,
    VAGUE_JOINT,
)

LONGEST_THING = 3
"""Words of one excluded thing; what follows them is more likely another thought."""

_ARTICLES = frozenset({"a", "an", "the", "original", "of"})


@dataclass(frozen=True, slots=True)
class Scope:
    """One negation: the word for it, where it stands in the text, and its things as (first word, end).

    Attributes:
        is_only: "nothing but", "only a": these things and no others; "nothing else" is its own thing.
    """

    said: str
    at: int
    things: tuple[tuple[int, int], ...]
    is_only: bool = False


def find_scopes(tokens: list[Token]) -> list[Scope]:
    """Every negation that speaks of something; double negations and figures of speech are none."""
    found: list[Scope] = []
    index = 0
    while index < len(tokens):
        scope, index = _scope_at(tokens, index)
        if scope is not None:
            found.append(scope)
    return found


def _scope_at(tokens: list[Token], index: int) -> tuple[Scope | None, int]:
    """The negation at `index`, if there is one, and where to go on."""
    token = tokens[index]
    after = tokens[index + 1] if index + 1 < len(tokens) else None
    if token.word == "free" and token.gap == JOINED and index:
        return Scope("no", tokens[index - 1].at, ((index - 1, index),)), index + 1
    if token.word in {"nobody", "noone"} or (token.word == "no" and after and after.word == "one"):
        end = index + (1 if token.word != "no" else 2)
        return Scope("no", token.at, ((end - 1, end),)), end
    if after is None or after.gap > BLANK:
        return None, index + 1
    if (limit := _limit(tokens, index)) is not None:
        return limit
    if _leaves_out(tokens, index):
        if token.word in {"stop", "instead", "rather"}:
            return _scope(f"stop {after.word}" if token.word == "stop" else "no", tokens, index, index + 2)
        said = {
            "zero": "no",
            "0": "no",
            "leave": "leave out",
            "leaving": "leaving out",
            "but": "except",
            "excepting": "except",
        }
        return _scope(said.get(token.word, token.word), tokens, index, index + 1)
    if token.word in {"free", "devoid", "empty"} and after.word == "of":
        return _scope("no", tokens, index, index + 2)
    if token.word not in NEGATORS or after.gap == JOINED or (index and token.word == "sin" and _is_noun(tokens, index)):
        return None, index + 1
    return _negated(tokens, index)


def _limit(tokens: list[Token], index: int) -> tuple[Scope | None, int] | None:
    """What "nothing but", "only a" or "nothing else" at `index` limits the picture to; None for other words."""
    token, after = tokens[index], tokens[index + 1]
    if token.word == "nothing" and after.word in {"else", "more"}:
        return Scope("nothing else", token.at, ((index, index + 2),), is_only=True), index + 2
    if token.word in {"only", "just"} and _is_limit(tokens, index):
        things = _things(tokens, index + 2, is_list=False)
        return (Scope("only", token.at, things, is_only=True) if things else None), index + 2
    if token.word == "nothing" and after.word in {"but", "except"}:
        things = _things(tokens, index + 2, is_list=False)
        if not things:
            return None, index + 2
        return Scope("only", token.at, things, is_only=True), things[-1][1]
    return None


def _is_limit(tokens: list[Token], index: int) -> bool:
    """Whether "only" or "just" at `index` limits what is there: "only a chair", not "only natural light"."""
    token, after = tokens[index], tokens[index + 1]
    if index and token.gap <= BLANK and tokens[index - 1].word in {"not", "the", "if", "is"}:
        return False
    if token.word == "just" and index and token.gap <= BLANK:
        return False
    noun = tokens[index + 2].word if index + 2 < len(tokens) else ""
    return after.word in NUMBERED and noun not in {"hint", "touch", "bit", "little", "few", "trace", "suggestion"}


def _leaves_out(tokens: list[Token], index: int) -> bool:
    """Whether the words at `index` take something away: "leave out the", "skip the", "minus the", "except blue"."""
    token, after = tokens[index], tokens[index + 1]
    opens = index == 0 or token.gap >= COMMA or tokens[index - 1].word in {"please", "and", "but", "or", "to"}
    match token.word:
        case "leave" | "leaving":
            return after.word == "out"
        case "skip" | "skipping" | "remove" | "drop" | "lose" | "ditch":
            return opens and after.word in {"the", "any", "all", "this", "that"}
        case "stop":
            return after.word in BANNING and after.word.endswith("ing")
        case "instead" | "rather":
            return after.word == ("of" if token.word == "instead" else "than")
        case "zero" | "0":
            return after.word in {"people", "text"} or (after.word.endswith("s") and after.word not in _DEGREES)
        case "omit" | "omitting":
            return True
        case "but":
            before = tokens[max(0, index - 3) : index]
            return any(other.word in _WHATEVER for other in before) and not any(o.word in NEGATORS for o in before)
        case "minus":
            return not after.word.isdecimal() and after.word not in NUMBERED - SURE
        case "except" | "excepting":
            before = tokens[max(0, index - 6) : index]
            is_all = any(other.word in NEGATORS or other.word == "nothing" for other in before)
            return not is_all and (after.word != "for" or index + 2 < len(tokens))
        case _:
            return False


_DEGREES = frozenset(("degrees", "seconds", "hours", "minutes"))
_WHATEVER = frozenset(("any", "anything", "every", "everything", "everyone", "anyone"))


def _is_noun(tokens: list[Token], index: int) -> bool:
    """Whether the "sin" at `index` is the English one."""
    return tokens[index - 1].word in _ARTICLES or tokens[index + 1].word == "city"


def _negated(tokens: list[Token], index: int) -> tuple[Scope | None, int]:
    """The scope of the negator at `index`: "no no text" says it twice, "not without text" takes it back."""
    start, words = index, [tokens[index].word]
    while start + 1 < len(tokens) and tokens[start + 1].word in NEGATORS and tokens[start + 1].gap <= BLANK:
        start += 1
        words.append(tokens[start].word)
    start += 1
    if start < len(tokens) and tokens[start].word in NOT_NEGATIONS:
        return None, start + 1
    if len(set(words)) % 2 == 0:
        return None, start
    said = words[0] if words[0] not in {"neither", "none", "exclude", "excluding", "nor"} else "no"
    first = index
    if index and tokens[index].gap <= BLANK and tokens[index - 1].word in MODALS and said in {"not", "never"}:
        first, said = index - 1, f"{tokens[index - 1].word} {said}"
    verbs = _verbs(tokens, start) if said != "no" else start
    if verbs == start:
        return _scope(said, tokens, first, start)
    is_modal = said.split()[0] in MODALS - {"do"} or said.endswith(_THIRD)
    meant = "not" if tokens[verbs - 1].word in {"be", "being"} else "no"
    asked = " ".join([said, *(token.word for token in tokens[start:verbs])])
    return _scope(meant if is_modal else asked, tokens, first, verbs)


_THIRD = (
    "esn't",
    "esn’t",
    "ustn't",
    "ustn’t",
    "ouldn't",
    "ouldn’t",
    "annot",
    "can't",
    "can’t",
    "isn't",
    "isn’t",
    "won't",
    "won’t",
)


def _verbs(tokens: list[Token], start: int) -> int:
    """Where the thing begins after "show", "include any", "to be" and the like; `start` if nothing comes after them."""
    end = start
    while end < len(tokens) and tokens[end].gap <= BLANK and tokens[end].word in BANNING:
        end += 1
    if end == start or tokens[end - 1].word == "to":
        return start
    if tokens[end - 1].word in {"make", "render", "paint"}:
        end += tokens[end : end + 1] != [] and tokens[end].word in {"it", "them", "him", "her", "this"}
        thing = _thing(tokens, end)
        if thing and tokens[thing[1] - 1].word in COLOURS:
            # "don't make the dress blue" is no ban of the dress.
            return thing[1] - 1
    return end if _thing(tokens, end) else start


def _scope(said: str, tokens: list[Token], index: int, start: int) -> tuple[Scope | None, int]:
    things = _things(tokens, start, is_list=said not in {"not", "isn't", "isn’t", "except"})
    return (Scope(said, tokens[index].at, things) if things else None), max(start, things[-1][1] if things else start)


def _things(tokens: list[Token], start: int, *, is_list: bool) -> tuple[tuple[int, int], ...]:
    """The thing from `start`, and the others of its list: "text, logos or people"."""
    found: list[tuple[int, int]] = []
    ends = _thing(tokens, start)
    while ends is not None:
        found.append(ends)
        if not is_list:
            break
        ends = _next_thing(tokens, ends[1])
    return tuple(found)


_PASSED = FILLERS | {"out", "for"}


def _thing(tokens: list[Token], start: int) -> tuple[int, int] | None:
    while start < len(tokens) and tokens[start].word in _PASSED and tokens[start].gap <= BLANK:
        start += 1
    end = start
    while end < len(tokens) and end - start < LONGEST_THING:
        token = tokens[end]
        if token.word in STOPS or (token.gap > BLANK) or token.word in NEGATORS:
            break
        end += 1
    return (start, end) if end > start else None


def _next_thing(tokens: list[Token], index: int) -> tuple[int, int] | None:
    """The next thing of a list at `index`, if it goes on there: by "or" and "nor", or by "and" to a single word."""
    if index >= len(tokens):
        return None
    token = tokens[index]
    if token.word in VAGUE_JOINT and token.gap <= COMMA and index + 1 < len(tokens):
        if tokens[index + 1].word in SURE | NEGATORS or tokens[index + 1].gap > BLANK:
            return None
        thing = _thing(tokens, index + 1)
        alone = thing is not None and thing[1] - thing[0] == 1
        return thing if alone or token.word not in {"and", "und", "y", "et"} else None
    if token.gap != COMMA or token.word in STOPS:
        return None
    thing = _after_comma(tokens, index)
    # "no text, a red car": a list says so at its end.
    return thing if thing is not None and _ends_in_or(tokens, thing[1]) else None


def _after_comma(tokens: list[Token], index: int) -> tuple[int, int] | None:
    end = index + 1
    while (
        end < len(tokens) and end - index < LONGEST_THING and tokens[end].gap <= BLANK and tokens[end].word not in STOPS
    ):
        end += 1
    return index, end


def _ends_in_or(tokens: list[Token], index: int) -> bool:
    """Whether the list that goes on at `index` comes to an "or" within a few words."""
    for token in tokens[index : index + 12]:
        if token.word in {"or", "nor", "oder", "ni", "ou"}:
            return True
        if token.gap > COMMA or token.word in STOPS:
            return False
    return False
