"""`[vars]`: words that all entries of a file may use by name, and which of two files has the say."""

from typing import Any

from imgcli.batch.axes import as_texts, different
from imgcli.batch.check import list_problem, text_problem
from imgcli.batch.draft import Draft, shown
from imgcli.batch.keys import word_problem
from imgcli.batch.schema import JOBS_LIMIT, SETTING_AXES, VARS_LIMIT

Vars = dict[str, str | tuple[str, ...]]
"""Text by name: one for good, or several to make a prompt of each."""


def check_vars(draft: Draft) -> Vars:
    """The words of a `[vars]` table.

    Raises:
        BatchFileError: a name that cannot stand in braces, or a value that is no text, number or list of those.
    """
    if len(draft.keys) > VARS_LIMIT:
        raise draft.place.error(f"has {len(draft.keys):,} names; {VARS_LIMIT:,} are allowed")
    return {name: _value(draft, name, value) for name, value in draft.keys.items()}


def _value(draft: Draft, name: str, value: object) -> str | tuple[str, ...]:
    if name in SETTING_AXES:
        raise draft.place.error(
            f"{name!r} is a key of its own: set it in [defaults], or give it several values in a matrix", name
        )
    if problem := word_problem(name, "variable"):
        raise draft.place.error(problem, name)
    several = isinstance(value, list)
    values: list[Any] = value if isinstance(value, list) else [value]
    if not several and (isinstance(value, bool) or not isinstance(value, (str, int, float))):
        raise draft.place.error(f"must be text, a number or a list of those, not {shown(value)}", name)
    if len(values) > JOBS_LIMIT:
        raise draft.place.error(f"has {len(values):,} values; {JOBS_LIMIT:,} are allowed", name)
    if problem := list_problem(values):
        raise draft.place.error(problem, name)
    texts = as_texts(name, tuple(values), draft.place, name)
    if problem := next((problem for text in texts if (problem := text_problem(text))), ""):
        raise draft.place.error(problem, name)
    if several:
        return different(texts, draft.place, name)
    if not texts[0].strip():
        raise draft.place.error("is empty; give it text or remove it and its {" + name + "}", name)
    return texts[0]
