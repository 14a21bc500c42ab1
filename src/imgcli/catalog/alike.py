"""How alike two jobs are: by what is the same, by the form of their words, and by what no model's opinion outweighs."""

import hashlib
import json
from collections import Counter

from imgcli.catalog.canonical import canonical
from imgcli.model.job import Job

VERSION = 2
"""Part of both keys: raise it when a form changes, so that old ones match nothing."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NUMBERS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve dozen hundred thousand single double triple "
    "pair couple several many few both half first second third"
)
COLOURS = _words(
    "red orange yellow green blue purple violet pink brown black white gray golden gold silver beige turquoise teal cyan "
    "magenta crimson scarlet maroon navy indigo lavender olive ivory cream blond blonde copper bronze"
)
NEGATIONS = _words("no not without never none nothing nobody neither nor except minus empty lacking missing sans")
GUARDED = NUMBERS | COLOURS | NEGATIONS


def rest_key(job: Job) -> str:
    """What `job` is but for its words: SHA-256 over every other input that can change a picture."""
    return _hash(_rest(job))


def loose_key(job: Job) -> str:
    """As `rest_key`, with the form of its words."""
    return _hash(_rest(job) | {"words": canonical(job.prompt.typed), "expanded": canonical(job.prompt.expanded)})


def opposed(typed: str, other: str) -> str:
    """Why two prompts are not the same, however alike a model finds them; empty where nothing here says so.

    Numbers, colours and negations in their order, and one thing against many.
    """
    one, two = (_told(text) for text in (typed, other))
    for name, words in (("numbers", NUMBERS), ("colours", COLOURS), ("negations", NEGATIONS)):
        if [word for word in one if word in words] != [word for word in two if word in words]:
            return f"their {name} differ"
    if [word for word in one if word.isdecimal()] != [word for word in two if word.isdecimal()]:
        return "their numbers differ"
    more, less = Counter(one) - Counter(two), Counter(two) - Counter(one)
    if any(f"{word}s" in less or (word.endswith("s") and word[:-1] in less) for word in more):
        return "one has many of what the other has one of"
    if not more and not less and one != two:
        return "the same words stand in another order"
    return ""


def _told(text: str) -> list[str]:
    return [word.casefold() for word in canonical(text).split() if word != "|"]


def _rest(job: Job) -> dict[str, object]:
    words = job.prompt
    edit = job.edit
    pictures = [each.sha256 for each in (*edit.inputs, edit.mask, edit.markup) if each] if edit else []
    return {
        "v": VERSION,
        "provider": job.provider,
        "model": job.model,
        "styles": words.styles,
        "versions": words.versions,
        "constraints": words.constraints,
        "negative": words.negative,
        "frame": _frame(job),
        "colours": words.colours,
        "size": str(job.size),
        "quality": job.quality,
        "format": job.format,
        "seed": job.seed,
        "variant": job.variant,
        "background": job.background,
        "through": job.through,
        "pictures": pictures,
        "roles": [bool(edit.mask), bool(edit.markup), edit.fidelity] if edit else [],
    }


def _frame(job: Job) -> str:
    """What is sent around the words; all of it where they do not stand in it as they were typed."""
    subject = (job.prompt.expanded or job.prompt.typed).strip().rstrip(".")
    return job.prompt.text.replace(subject, "{}", 1).rstrip(".") if subject else job.prompt.text


def _hash(inputs: dict[str, object]) -> str:
    return hashlib.sha256(json.dumps(inputs, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
