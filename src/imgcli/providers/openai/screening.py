"""Words and pictures shown to a moderation model: the Moderations API of OpenAI, and of servers that speak it."""

import json
from collections.abc import Sequence
from typing import Any

from imgcli.model.numbers import Screening, screening_of, verdict_text
from imgcli.model.picture import Painted
from imgcli.model.question import Question
from imgcli.providers.openai.writing import usage_of


def request(question: Question, urls: Sequence[str]) -> dict[str, Any]:
    """The parameters of `moderations.create`; words alone go as text, which every server takes."""
    if not urls:
        return {"model": question.model, "input": question.words}
    words = [{"type": "text", "text": question.words}] if question.words.strip() else []
    pictures = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return {"model": question.model, "input": [*words, *pictures]}


def read(body: bytes, request_id: str, *, free: bool) -> Painted:
    """What an answer says, as `model.numbers.verdict_text`; no words and a note where it makes no sense."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return Painted(request_id=request_id, free=free, notes=("the answer is no JSON",))
    usage, raw_usage = usage_of(told)
    words = note = ""
    try:
        words = verdict_text(_screening(told))
    except ValueError as error:
        note = f"the answer of moderation makes no sense: {error}"
    return Painted(
        usage=usage,
        request_id=request_id,
        revised=words,
        free=free,
        notes=(note,) if note else (),
        raw_usage=raw_usage,
    )


def _screening(told: dict[str, Any]) -> Screening:
    """The one result.

    Raises:
        ValueError: there is none, several, or one that contradicts itself.
    """
    results = told.get("results")
    if not isinstance(results, list) or len(results) != 1 or not isinstance(results[0], dict):
        raise ValueError("it has not one result")
    result: dict[str, Any] = results[0]
    applied = result.get("category_applied_input_types")
    found = screening_of(result.get("flagged"), result.get("category_scores"), {} if applied is None else applied)
    categories = result.get("categories")
    if isinstance(categories, dict) and True in categories.values() and not found.flagged:
        raise ValueError("it flags a category and nothing as a whole")
    return found
