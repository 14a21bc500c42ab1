"""How alike two jobs are: by what is the same, by the form of their words, and by what no model's opinion outweighs."""

import hashlib
import json
from collections import Counter

from imgcli.catalog.canonical import canonical, is_foreign
from imgcli.catalog.guarded import colours, negations, numbers, one_of, order, persons, signs, told
from imgcli.model.job import Job

VERSION = 2
"""Part of both keys: raise it when a form changes, so that old ones match nothing."""


def rest_key(job: Job) -> str:
    """What `job` is but for its words: SHA-256 over every other input that can change a picture."""
    return _hash(_rest(job))


def loose_key(job: Job) -> str:
    """As `rest_key`, with the form of its words."""
    return _hash(_rest(job) | {"words": canonical(job.prompt.typed), "expanded": canonical(job.prompt.expanded)})


def opposed(typed: str, other: str) -> str:
    """Why two prompts are not the same, however alike a model finds them; empty where nothing here says so.

    Numbers, colours, negations and signs in their order, persons, and one thing against many: by lists of English words. Of
    other scripts than Latin nothing is known, so two prompts in them are the same only if their forms are.
    """
    if canonical(typed) == canonical(other):
        return ""
    if is_foreign(typed) or is_foreign(other):
        return "they hold letters of which nothing is known here"
    one, two = told(typed), told(other)
    for name, said in (
        *(("numbers", numbers), ("colours", colours), ("negations", negations)),
        *(("persons", persons), ("signs", signs)),
    ):
        if said(one) != said(two):
            return f"their {name} differ"
    more, less = Counter(order(one)) - Counter(order(two)), Counter(order(two)) - Counter(order(one))
    if {one_of(word) for word in more} & {one_of(word) for word in less}:
        return "one has many of what the other has one of"
    if not more and not less and [*order(one)] != [*order(two)]:
        return "the same words stand in another order"
    return ""


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
