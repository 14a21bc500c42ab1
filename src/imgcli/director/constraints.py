"""What must not be in the picture: `--no text` as sentences that image models obey, and as a negative prompt.

A model that reads a bare "no text" tends to paint text. What works is to name every form the thing takes, and to say
what is there instead; so each subject people often exclude has a sentence of its own in `subjects.py`.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from imgcli.director.subjects import COLOUR_NAMES, SUBJECTS, Subject

_EDGES = " .;:!-_"
_LEAD = re.compile(r"^(?:(?:no|not|without|any|the|a|an)\s+)+", re.IGNORECASE)
_JOINT = re.compile(r"\s+(?:and|or|&)\s+", re.IGNORECASE)
_SHADE = re.compile(r"(?:(?:dark|light|bright|pale|deep|hot|neon|pastel) )?(\w+)(?: (?:colou?rs?|tones?|tints?))?")


def sentences(no: Sequence[str], avoid: Sequence[str]) -> tuple[str, ...]:
    """What the picture must not show, for models that read prose.

    One sentence for each constraint of the user, in order, without repeats; then one for all that the style avoids
    and the user has not named already.
    """
    things = split(no)
    rest = _distinct([*things, *_tidied(avoid)], _identity)[len(things) :]
    return (*map(_sentence, things), *([f"Avoid {_listed(rest)}."] if rest else []))


def negatives(no: Sequence[str], avoid: Sequence[str]) -> str:
    """The same as a comma list for models with a negative prompt; the user's constraints come first."""
    terms = [term for thing in split(no) for term in _negatives(thing)]
    return ", ".join(_distinct([*terms, *_tidied(avoid)], str.casefold))


def split(no: Sequence[str]) -> tuple[str, ...]:
    """The single things in `no`, without repeats: parted at commas, and at "and" or "or" between known subjects."""
    parts = (_tidy(part) for typed in no for part in typed.split(","))
    return _distinct((thing for part in parts if part for thing in _parted(part)), _identity)


def mentions(text: str, thing: str) -> bool:
    """Whether `text` speaks of `thing`, by any of its names, as whole words and without regard to case."""
    folded = text.casefold()
    # A pattern is compiled only where it could match: most things are not there at all, and compiling is slow.
    return any(word in folded for word in _first_words(thing)) and _pattern(thing).search(folded) is not None


def names_of(thing: str) -> Sequence[str]:
    """What `thing` may be called, in lower case, the longest first."""
    return _forms(thing)


def _parted(thing: str) -> Iterator[str]:
    pieces = [_tidy(piece) for piece in _JOINT.split(thing)]
    if _find(thing) is None and all(_find(piece) for piece in pieces):
        yield from pieces
    else:
        yield thing


def _tidy(part: str) -> str:
    """`part` without a leading "no" or article and without closing punctuation, as far as anything is left."""
    thing = " ".join(part.split()).strip(_EDGES)
    return _LEAD.sub("", thing, count=1) or thing


def _tidied(avoid: Sequence[str]) -> list[str]:
    return [thing for typed in avoid if (thing := _tidy(typed))]


def _distinct(things: Iterable[str], identity: Callable[[str], str]) -> tuple[str, ...]:
    first: dict[str, str] = {}
    for thing in things:
        first.setdefault(identity(thing), thing)
    return tuple(first.values())


def _sentence(thing: str) -> str:
    subject = _find(thing)
    return subject.sentence if subject else f"The image contains no {thing}: leave {thing} out entirely."


def _negatives(thing: str) -> tuple[str, ...]:
    subject = _find(thing)
    return subject.negatives if subject else (thing,)


@functools.lru_cache(maxsize=4096)
def _identity(thing: str) -> str:
    subject = _find(thing)
    return subject.sentence if subject else _plain(thing)


def _listed(things: Sequence[str]) -> str:
    return f"{', '.join(things[:-1])} and {things[-1]}" if len(things) > 1 else things[0]


def _plain(thing: str) -> str:
    return re.sub(r"[\s_-]+", " ", thing).strip().casefold()


@functools.lru_cache(maxsize=4096)
def _find(thing: str) -> Subject | None:
    plain = _plain(thing)
    if found := _by_name().get(plain):
        return found
    shade = _SHADE.fullmatch(plain)
    if shade is None or shade[1] not in COLOUR_NAMES:
        return None
    hue = re.sub(r" (?:colou?rs?|tones?|tints?)$", "", plain)
    sentence = f"No {hue} anywhere in the image: no {hue} objects, surfaces, light, tints or accents."
    return Subject((hue,), sentence, (hue,))


@functools.cache
def _by_name() -> Mapping[str, Subject]:
    return {form: subject for subject in SUBJECTS for name in subject.names for form in (name, _plural(name))}


def _plural(name: str) -> str:
    if re.search(r"[^aeiou]y$", name):
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "ch", "sh")) else f"{name}s"


@functools.lru_cache(maxsize=4096)
def _forms(thing: str) -> Sequence[str]:
    """What `thing` may be called, the longest first."""
    subject = _find(thing)
    names = subject.names if subject else (_plain(thing) or thing,)
    return sorted({form for name in names for form in (name, _plural(name))}, key=len, reverse=True)


@functools.lru_cache(maxsize=4096)
def _first_words(thing: str) -> frozenset[str]:
    return frozenset(form.split()[0] for form in _forms(thing))


@functools.lru_cache(maxsize=4096)
def _pattern(thing: str) -> re.Pattern[str]:
    spaced = (r"[\s_-]+".join(map(re.escape, form.split())) for form in _forms(thing))
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)")
