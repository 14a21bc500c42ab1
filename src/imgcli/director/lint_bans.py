"""Whether a prompt asks for a thing that is excluded from its picture."""

from imgcli.director.constraints import mentions
from imgcli.director.reading import Reading
from imgcli.director.tokens import BLANK, JOINED, tokens_of
from imgcli.director.word_lists import COLOURS, NOT_THINGS, STOPS, words

_OTHERS = words("text people background backdrop border frame image picture")
"""What is banned with another meaning than it is asked for, or has a rule of its own."""
_LIKE = words("like shaped style inspired statue sculpture painting drawing poster sign photo logo costume toy print")
_NOT_ITSELF = words("hot teddy toy plush rocking sea prairie guinea")


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
