"""Of what kind the subject of a prompt is, by its head noun and a table; where that is not certain, it is unknown.

The words around the head decide as much as the head: "a hero shot of a bottle" is a bottle, "a hot dog" is food,
"a mug mockup" is a thing and "a UI mockup" none.
"""

import re
from collections.abc import Sequence

from imgcli.director.demands import subjects_in
from imgcli.director.kind_table import Kind, table
from imgcli.director.manner import stems
from imgcli.director.reading import Reading, is_plural
from imgcli.director.tokens import BLANK, COMMA, JOINED, NUMBERS, STOP, Token
from imgcli.director.word_lists import ADJECTIVES, COLOURS, FRAMES, NEGATORS, STOPS, TINTS, words

# fmt: off
_OF = words("of showing depicting featuring")
_FRAME_NOUNS = words(
    "photo photograph picture image shot view portrait drawing painting illustration sketch render rendering headshot "
    "closeup up still study snapshot angle depiction mockup macro scene visual visualization visualisation engraving "
    "woodcut linocut watercolor watercolour doodle cartoon packshot photography art concept lay"
)
_FRAME = FRAMES | _FRAME_NOUNS | words("hero wide low high macro aerial product editorial flat angle extreme mock 3d realistic minimalist")
_GROUPS = words(
    "group pair team row pile stack bunch herd flock couple set series collection slice piece bowl plate glass cup mug "
    "pot tray basket box handful variety assortment selection trio line cluster school pack litter swarm fleet spread "
    "scoop field bouquet bottle jar crowd close-up"
)
_LIKENESS = words("portrait headshot selfie mugshot")
_COOKED = words("roast roasted fried grilled baked smoked steamed bbq barbecued chocolate gummy gingerbread crispy candied stuffed")
_MADE = words(
    "teddy toy plush wooden ceramic glass paper origami balloon porcelain marble bronze stone wax inflatable neon metal "
    "lego crystal knitted felt clay plastic rubber origami crochet stuffed papier rocking garden gold silver computer "
    "wireless gaming model miniature"
)
_TOYS = words("toy figurine lego plush model plastic inflatable")
_BARE = words("model star bar crane seal bat jaguar mouse bank bridge tower school game race adventure journey key box party workshop symbol cover label app hat cap ring pan tube table storm oak chat pepper lime menu ticket nature cream scene market")
"""Words of many meanings, taken at their first only where nothing but adjectives stands before them."""
_PLAIN = ADJECTIVES | COLOURS.keys() | TINTS | NUMBERS.keys() | words(
    "a an the my our your his her beautiful wild lone majestic nice simple minimalist minimal classic retro futuristic "
    "great busy quiet crowded abandoned grand stone suspension wooden luxury sports dark cozy cosy rustic night farmers "
    "street christmas birthday diamond engagement wedding gold silver mobile banking fitness weather music travel meditation delivery shopping "
    "finance dating health recipe face hand body baseball straw bucket"
)
_IMPLIES = frozenset(("ui", "gui"))
# fmt: on

_MADE_THINGS = frozenset(("product", "wear", "furniture", "food", "produce", "drink"))
_ANOTHER = re.compile(
    r"\bmade (?:out )?(?:of|from)\b|\bin(?:side)? an? (?:\w{1,12} )?(?:bottle|jar|globe|dome|teacup|light ?bulb)\b",
    re.IGNORECASE,
)
"""A "man made of smoke" and a "ship in a bottle" have little of their kind."""
_UNDERWATER = frozenset(("underwater", "undersea"))
_LIVING = frozenset(
    (
        "person",
        "group",
        "figure",
        "pet",
        "animal",
        "small",
        "farm",
        "reptile",
        "bird",
        "sealife",
        "creature",
        "car",
        "train",
        "boat",
    )
)


def kind_of(asked: Reading) -> Kind:
    """The kind of the subject of a prompt."""
    kinds = table().kinds
    name = _name_of(asked)
    if not kinds[name].is_flat and asked.positive & stems(_UNDERWATER):
        name = "sealife"
    return kinds[name]


def _name_of(asked: Reading) -> str:
    tokens = _first_sentence(asked)
    if any(token.word in _IMPLIES for token in tokens):
        return "ui"
    is_likeness = any(token.word in _LIKENESS for token in tokens[:6])
    whole = _subject_of(asked, tokens)
    is_mockup = any(token.stem == "mockup" for token in tokens)
    name = _kind_named(whole)
    if is_mockup and name != "ui":
        return "product"
    if name not in _MADE_THINGS and not table().kinds[name].is_flat and _ANOTHER.search(asked.rest):
        return "unknown"
    if is_likeness and name == "unknown":
        return "person"
    return name


def _first_sentence(asked: Reading) -> list[Token]:
    tokens = asked.tokens
    end = next((i for i in range(1, len(tokens)) if tokens[i].gap == STOP or tokens[i].word in _FOR), len(tokens))
    return [token for index, token in enumerate(tokens[:end]) if index not in asked.negated]


def _subject_of(asked: Reading, tokens: Sequence[Token]) -> Reading:
    """The first sentence without what says how it is shown: "a hero shot of", "low angle,"."""
    start = 0
    for index, token in enumerate(tokens[:8]):
        if token.word in _OF:
            if index and tokens[index - 1].stem in stems(_FRAME_NOUNS):
                start = index + 1
            break
        if index and token.word in _LINKS:
            break
    if not start:
        start = _after_framing(tokens)
    if start >= len(tokens):
        return Reading("")
    return Reading(_spelt(asked, tokens[start:]))


_ARTICLES = frozenset(("a", "an", "the"))
_LINKS = STOPS - _ARTICLES - words("shot set made taken up seen")
"""Words at which a noun phrase ends."""
_FOR = frozenset(("für", "pour"))
_BEFORE = {JOINED: "-", BLANK: " "}


def _spelt(asked: Reading, tokens: Sequence[Token]) -> str:
    """The words as typed, with what stands between them, so that clauses stay clauses."""
    return "".join(f"{_BEFORE.get(token.gap, ', ')}{asked.rest[token.at : token.end]}" for token in tokens).lstrip(
        " ,-"
    )


def _after_framing(tokens: Sequence[Token]) -> int:
    """Where the first clause that is not all framing begins: "hero shot, a bottle"."""
    start = 0
    for index in range(1, len(tokens)):
        if tokens[index].gap >= COMMA:
            if not all(token.word in _FRAME for token in tokens[start:index]):
                return start
            start = index
    return start


def _kind_named(subject: Reading) -> str:
    tokens = subject.tokens
    if not tokens:
        return "unknown"
    if (name := _by_phrase(tokens)) is not None:
        return name
    names = [_named(tokens, head) for head in _heads(subject)]
    known = set(names) - {"unknown"}
    if len(known) != 1 or len(names) != len([name for name in names if name != "unknown"]):
        return "group" if known and known <= {"person", "group", "figure"} else "unknown"
    if known == {"person"} and (len(names) > 1 or _are_many(subject)):
        return "group"
    return known.pop()


def _by_phrase(tokens: Sequence[Token]) -> str | None:
    """The kind of a phrase at the head of the prompt, before its first preposition."""
    end = next((i for i, t in enumerate(tokens) if i and (t.word in _LINKS or t.gap >= COMMA)), len(tokens))
    run = f" {' '.join(token.stem for token in tokens[:end])} "
    found = [(run.find(phrase), name) for phrase, name in table().by_phrase if phrase in run]
    return min(found)[1] if found else None


def _heads(subject: Reading) -> list[int]:
    """Indexes of the head nouns; of a group ("a bowl of ramen") what it consists of."""
    tokens = subject.tokens
    at = {token.at: index for index, token in enumerate(tokens)}
    heads = [at[found.demand.at] for found in subjects_in(subject) if found.demand.at in at]
    if not heads:
        return []
    head = _mended_head(tokens, heads[0])
    if head != heads[0]:
        return [head]
    if (
        len(heads) == 1
        and tokens[head].stem in stems(_GROUPS)
        and head + 2 < len(tokens)
        and tokens[head + 1].word == "of"
    ):
        inner = Reading(" ".join(token.word for token in tokens[head + 2 :]))
        inside = _heads(inner)
        if inside and _named(inner.tokens, inside[0]) != "unknown":
            return [head + 2 + inside[0]]
    return heads


def _mended_head(tokens: Sequence[Token], head: int) -> int:
    """The head noun where the grammar of demands takes another word for it."""
    known = table().by_word
    last = _last_of_run(tokens, head)
    # "packaging" and "building" look like what somebody does; "dog walking app" and "sports car" go on.
    named = known.get(tokens[last].stem)
    is_part = head + 1 < len(tokens) and tokens[head + 1].gap == JOINED
    if last != head and (
        is_part
        or named in _COMPOUNDED
        or tokens[last].word in _THINGS_IN_ING
        or (named and tokens[head].stem not in known)
        or (named and last == head + 1 and is_plural(tokens[head]))
    ):
        return last
    # "grandmother baking bread": the stems leave short words in -ing as they are.
    for index in range(head):
        after = tokens[index + 1]
        if known.get(tokens[index].stem) in _LIVING and after.word.endswith("ing") and after.word not in _NO_DOING:
            return index
    return head


_THINGS_IN_ING = words("packaging building")
_NO_DOING = words("ring king wing string spring swing icing earring packaging building wedding clothing")
_COMPOUNDED = frozenset(("ui", "graphic", "sheet", "pattern", "interior", "map", "marketing", "ground"))


def _last_of_run(tokens: Sequence[Token], head: int) -> int:
    """The last word of the run of words at `head`: "dog walking app" is an app."""
    end = head
    while end + 1 < len(tokens) and _goes_on(tokens[end + 1]):
        end += 1
    return end


def _goes_on(token: Token) -> bool:
    return token.gap == JOINED or (token.gap == BLANK and token.word not in STOPS | NEGATORS)


def _named(tokens: Sequence[Token], head: int) -> str:
    name = table().by_word.get(tokens[head].stem, "unknown")
    start = head
    while start > 0 and tokens[start].gap <= BLANK and tokens[start - 1].word not in _LINKS:
        start -= 1
    before = {token.word for token in tokens[start:head]}
    if name in _LIVING:
        if before & _COOKED:
            return "food" if name not in {"person", "group", "figure"} else name
        if before & _MADE:
            return "product" if name not in {"person", "group"} else "unknown"
    if tokens[head].word in _BARE and not before <= _PLAIN:
        return "unknown"
    if before & _TOYS and name not in {"person", "group", "wear"}:
        return "product"
    return name


def _are_many(subject: Reading) -> bool:
    heads = _heads(subject)
    return bool(heads) and is_plural(subject.tokens[heads[0]])
