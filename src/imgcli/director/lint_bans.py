"""What a prompt asks for and excludes at once; read by `prompt_lint.py`. Each finding is (code, message, advice)."""

from collections.abc import Iterator, Sequence

from imgcli.director import lint_words as table
from imgcli.director.constraints import mentions, split
from imgcli.director.lint_habits import Finding, shown
from imgcli.director.reading import Reading
from imgcli.director.tokens import BLANK, JOINED, tokens_of
from imgcli.director.word_lists import COLOURS, NOT_THINGS, STOPS, words

_OTHERS = words("text people background backdrop border frame image picture")
"""What is banned with another meaning than it is asked for, or has a rule of its own."""
_LIKE = words("like shaped style inspired statue sculpture painting drawing poster sign photo logo costume toy print")
_FRUITS = words("orange olive peach")
_NOT_ITSELF = words("hot teddy toy plush rocking sea prairie guinea")


def bans(asked: Reading, no: Sequence[str]) -> Iterator[Finding]:
    """What is asked for in `asked` and excluded by it, or by `no`."""
    tokens = asked.tokens
    own = [
        " ".join(token.word for token in tokens[start:end])
        for scope in asked.scopes
        if not scope.is_only
        for start, end in scope.things
    ]
    things = [*split(no), *own]
    if not things or table.BUT.search(asked.rest):
        return
    if any(mentions("text", thing) for thing in things) and (wanted := _words_wanted(asked)):
        message = f"it excludes text and asks for the words {shown(wanted)}"
        yield "clash-text", message, "drop one of them; to ban stray marks only, say --no watermarks, logos"
    if any(mentions("people", thing) for thing in things) and (person := _person(asked)):
        yield "clash-people", f'it excludes people and asks for "{person}"', "drop the one or the other"
    if ban := next((thing for thing in things if is_asked_for(asked, thing)), ""):
        yield "clash-ban", f"it excludes and asks for {shown(ban)}", "drop the one or the other"


def _words_wanted(asked: Reading) -> str:
    """The words that are to be read in the picture, quoted or not; or nothing."""
    for inner, at in asked.quoted:
        if table.SAYS.search(asked.text[max(0, at - 60) : at]):
            return inner
    match = table.SAID.search(asked.rest)
    return next(filter(None, match.groups()), "") if match else ""


def _person(asked: Reading) -> str:
    if any(token.word in table.LIKENESSES for token in asked.tokens):
        return ""
    tokens = asked.tokens
    for index, token in enumerate(tokens):
        is_compound = index + 1 < len(tokens) and tokens[index + 1].gap == JOINED
        if token.word in table.PERSONS and index not in asked.negated and not is_compound and token.gap != JOINED:
            return token.word
    return ""


def is_asked_for(asked: Reading, thing: str) -> bool:
    """Whether the words of `thing` stand in the prompt as something it shows."""
    wanted = tokens_of(thing)
    if (
        not wanted
        or any(mentions(name, thing) for name in _OTHERS)
        or any(token.word in NOT_THINGS for token in wanted)
    ):
        return False
    stems = [token.stem for token in wanted]
    if len(stems) == 1 and wanted[0].word in COLOURS:
        return any(_is_colour(asked, index, wanted[0].word) for index in range(len(asked.tokens)))
    if any(token.word in _LIKE for token in asked.tokens):
        return False
    return any(_is_shown(asked, index, stems) for index in range(len(asked.tokens) - len(stems) + 1))


def _is_colour(asked: Reading, index: int, colour: str) -> bool:
    """Whether something is to have the colour; "red-haired" and "Red Square" are words of their own."""
    token = asked.tokens[index]
    if index in asked.negated or COLOURS.get(token.word) != COLOURS[colour]:
        return False
    after = asked.tokens[index + 1] if index + 1 < len(asked.tokens) else None
    if token.word in _FRUITS and not (after is not None and after.gap == BLANK and after.word not in STOPS):
        return False
    if after is not None and after.word == "hour":
        return False
    pair = {other.word for other in asked.tokens[max(0, index - 2) : index + 3]}
    if {"black", "and", "white"} <= pair:
        return False
    is_part = token.gap == JOINED or (after is not None and after.gap == JOINED)
    return not is_part and not (token.is_capital and after is not None and after.is_capital)


def _is_shown(asked: Reading, index: int, stems: list[str]) -> bool:
    """Whether the words at `index` are the thing, as the end of what is said of it: "a dog", not "a dog bowl"."""
    tokens = asked.tokens
    end = index + len(stems)
    if any(at in asked.negated for at in range(index, end)) or [token.stem for token in tokens[index:end]] != stems:
        return False
    if tokens[index].gap == JOINED or (index and tokens[index - 1].word in _NOT_ITSELF | _FEW):
        return False
    if end == len(tokens):
        return True
    return tokens[end].gap > BLANK or (
        tokens[end].gap == BLANK and (tokens[end].word in STOPS or _is_doing(tokens[end].word))
    )


_FEW = words("few hardly barely fewer less free")


def _is_doing(word: str) -> bool:
    return word.endswith("ing")
