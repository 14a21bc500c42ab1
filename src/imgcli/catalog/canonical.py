"""Prompts that ask for the same picture in other words, told by rules alone; where a rule could be wrong there is none.

A wrong match hands out the wrong picture, a missed one costs a few cents: so words keep their order, what tells numbers,
colours, negations, comparisons or places is never left out, and only words of closed lists are made alike.
"""

import re
import unicodedata

TOKEN = re.compile(
    r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|(?<!\w)'[^']+'(?!\w)|[^\W_]+(?:['’.\-/][^\W_]+)*(?:-[^\W_]+)*|[,;:()\[\]{}|/&+%$€£°#*<>=~^!?-]"
)
"""Words with the hyphens and apostrophes in them, what is quoted as a whole, and signs that may mean something."""

ARTICLES = frozenset({"a", "an", "the"})
AMOUNTS = frozenset(
    {"few", "little", "lot", "bit", "couple", "dozen", "hundred", "thousand", "million", "pair", "number"}
)
"""After an article these are an amount: `a few trees` are not `few trees`."""

LEADS = tuple(
    tuple(text.split())
    for text in (
        *("please", "an image of", "a image of", "the image of", "image of", "a picture of", "picture of"),
        *("there is", "there are", "draw me", "make me", "show me", "i want", "i would like", "i need"),
    )
)
"""What begins a prompt and says nothing of the picture; a medium (photo, drawing, painting) does say something."""

ORDERS = frozenset({"draw", "create", "generate", "show"})
"""Before an article these begin a prompt too; before another word they may be a part of it (`draw bridge`)."""

JOINTS = (("who", "is"), ("who", "are"), ("which", "is"), ("which", "are"), ("that", "is"), ("that", "are"))
"""`a child who is holding` is `a child holding`."""

SPELLINGS = {
    "grey": "gray",
    "greyish": "grayish",
    "colour": "color",
    "colours": "colors",
    "coloured": "colored",
    "colourful": "colorful",
    "colouring": "coloring",
    "multicoloured": "multicolored",
    "harbour": "harbor",
    "harbours": "harbors",
    "watercolour": "watercolor",
    "watercolours": "watercolors",
    "centre": "center",
    "centred": "centered",
    "theatre": "theater",
    "metre": "meter",
    "metres": "meters",
    "fibre": "fiber",
    "neighbour": "neighbor",
    "neighbourhood": "neighborhood",
    "armour": "armor",
    "honour": "honor",
    "vapour": "vapor",
    "odour": "odor",
    "mould": "mold",
    "plough": "plow",
    "jewellery": "jewelry",
    "aluminium": "aluminum",
    "cosy": "cozy",
    "travelling": "traveling",
    "traveller": "traveler",
    "marvellous": "marvelous",
    "sceptical": "skeptical",
    "stylised": "stylized",
    "minimalistic": "minimalist",
    "photograph": "photo",
    "photographs": "photos",
    "tv": "television",
    "okay": "ok",
    "closeup": "close-up",
    "pyjamas": "pajamas",
    "moustache": "mustache",
    "doughnut": "donut",
    "doughnuts": "donuts",
    "yoghurt": "yogurt",
    "tyre": "tire",
    "tyres": "tires",
    "&": "and",
    "hi-res": "high-resolution",
    "b&w": "black-and-white",
}
DIGITS = dict(
    zip(
        (str(number) for number in range(2, 13)),
        ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        strict=True,
    )
)
VERBS = {
    "sits": "sitting",
    "sleeps": "sleeping",
    "eats": "eating",
    "wears": "wearing",
    "holds": "holding",
    "swims": "swimming",
    "sings": "singing",
    "carries": "carrying",
    "hovers": "hovering",
    "wanders": "wandering",
    "gallops": "galloping",
    "glides": "gliding",
    "stares": "staring",
    "kneels": "kneeling",
}
"""Two forms of a verb, only where that in -s is no plural of a thing: `drinks on a table` is not `drinking`. The bare verb
is none of them: a `swimming pool` is no `swim pool`."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NAMES = _words(
    "turkey china polish apple us it amazon jaguar may march august mercury rose mark will bill pat jack earth mars "
    "venus saturn jordan chad cuba java basil olive iris ivy lily daisy hope joy grace amber ruby pearl crystal dawn "
    "summer april june chase hunter mason baker cook king prince queen stone wood woods forest lake rivers bush gates "
    "jobs musk cruise hanks drake pink prince seal sting usher queen kiss eagles police doors wings japan oscar "
    "tiffany victoria nice cork reading bath derby"
)
"""Words that are another thing with a capital letter; all others are the same in any case."""

EPITHETS = _words(
    "red yellow green blue purple pink brown black white gray small big large tiny huge tall old new young ancient modern "
    "vintage wooden rusty dusty empty broken shiny wet dry fluffy furry"
)
"""Before a thing these say it of that thing, in whatever order they stand; none of them names a thing itself."""

TAIL = _words(
    "watercolor photography photo lighting light style background mood atmosphere illustration render rendering palette "
    "view shot focus bokeh resolution grain texture perspective composition"
)
"""What the last word of a part between commas may be that says something of the whole picture."""


def canonical(prompt: str) -> str:
    """The form that prompts share which ask for the same picture; `|` stands between its parts, words by blanks.

    Laws: it is its own form's form in everything but marks; case, articles, blanks and the full stop do not change it.
    """
    whole = _without_lead(tuple(_tokens(prompt)))
    parts = [part for part in (_ordered(_plain(part)) for part in _parts(whole)) if part]
    subjects = [part for part in parts if not _is_of_all(part)]
    if len(subjects) == 1:
        # With one thing in it, what is said of the whole picture may stand anywhere; with two it may be of one of them.
        parts = [*subjects, *sorted(part for part in parts if _is_of_all(part))]
    return " | ".join(" ".join(part) for part in parts if part)


def _tokens(prompt: str) -> list[str]:
    text = unicodedata.normalize("NFC", prompt).replace("’", "'")
    return [_cased(token, is_first=at == 0) for at, token in enumerate(TOKEN.findall(text))]


def _cased(token: str, *, is_first: bool) -> str:
    if token[0] in "\"'“„«":
        return f'"{token[1:-1]}"'  # letters that are to be read, as they stand
    lower = token.casefold()
    # Shouted words may be letters that are to be read, too.
    kept = (lower in NAMES and not is_first) or (len(token) > 1 and token.isupper() and token.isalpha())
    return token if kept and token != lower else SPELLINGS.get(lower, DIGITS.get(lower, lower))


def _parts(tokens: tuple[str, ...]) -> list[tuple[str, ...]]:
    found: list[list[str]] = [[]]
    for token in tokens:
        if token in {",", ";"}:
            found.append([])
        else:
            found[-1].append(token)
    return [tuple(part) for part in found]


def _plain(part: tuple[str, ...]) -> tuple[str, ...]:
    """Without articles and joints, verbs in one form."""
    words: list[str] = []
    at = 0
    while at < len(part):
        word, after = part[at], part[at + 1] if at + 1 < len(part) else ""
        if (word, after) in JOINTS:
            at += 2
            continue
        if word not in ARTICLES or after in AMOUNTS:
            words.append(VERBS.get(word, word))
        at += 1
    return tuple(words)


def _without_lead(part: tuple[str, ...]) -> tuple[str, ...]:
    while lead := next((lead for lead in LEADS if part[: len(lead)] == lead and len(part) > len(lead)), ()):
        part = part[len(lead) :]
    return part[1:] if part[0:1] and part[0] in ORDERS and part[1:2] and part[1] in ARTICLES else part


def _ordered(part: tuple[str, ...]) -> tuple[str, ...]:
    """Epithets that stand together before a thing, by the alphabet; at the end of a part they may be things."""
    words: list[str] = []
    run: list[str] = []
    for word in part:
        if word in EPITHETS:
            run.append(word)
            continue
        words += [*sorted(run), word]
        run = []
    return (*words, *run)


def _is_of_all(part: tuple[str, ...]) -> bool:
    """Whether a part between commas says something of the whole picture."""
    return bool(part) and part[-1] in TAIL and len(part) <= 4
