"""Where words stand among others: the Embeddings API of OpenAI, and of servers that speak it."""

import json
from typing import Any

from imgcli.model.numbers import floats_of, vector_text
from imgcli.model.picture import Painted
from imgcli.model.question import Question
from imgcli.providers.openai.writing import usage_of

SHORTENS = "text-embedding-3"
"""How the names of OpenAI's models begin that leave the number of numbers to us."""


def request(question: Question, *, foreign: bool) -> dict[str, Any]:
    """The parameters of `embeddings.create`; other servers than OpenAI get only what each of them takes."""
    asked: dict[str, Any] = {"model": question.model, "input": [question.words]}
    if foreign:
        return asked | {"encoding_format": "float"}
    asked["encoding_format"] = "base64"
    return asked | ({"dimensions": question.most} if _is_shortened(question, foreign=foreign) else {})


def read(body: bytes, question: Question, request_id: str, *, foreign: bool) -> Painted:
    """What an answer says, as `model.numbers.vector_text`; no words and a note where it makes no sense."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        return Painted(request_id=request_id, notes=("the answer is no JSON",))
    usage, raw_usage = usage_of(told)
    most = question.most if _is_shortened(question, foreign=foreign) else None
    words = note = ""
    try:
        words = vector_text(_numbers(told, most))
    except (ValueError, OverflowError) as error:
        note = f"the embedding makes no sense: {error}"
    return Painted(
        usage=usage, request_id=request_id, revised=words, notes=(note,) if note else (), raw_usage=raw_usage
    )


def _is_shortened(question: Question, *, foreign: bool) -> bool:
    return not foreign and question.model.startswith(SHORTENS)


def _numbers(told: dict[str, Any], most: int | None) -> tuple[float, ...]:
    """The one vector: numbers, or base64 of them.

    Raises:
        ValueError: there is none, there are several, or it has not the numbers that were asked for.
        OverflowError: a number that is none for a computer.
    """
    items = told.get("data")
    if not isinstance(items, list) or len(items) != 1 or not isinstance(items[0], dict):
        raise ValueError("the answer has not one vector")
    vector = items[0].get("embedding")
    if isinstance(vector, str):
        numbers = floats_of(vector)
    # `type` and not isinstance: true and false are numbers in Python.
    elif isinstance(vector, list) and all(type(number) in (int, float) for number in vector):
        numbers = tuple(float(number) for number in vector)
    else:
        raise ValueError("not all of it is numbers")
    if most is not None and len(numbers) != most:
        raise ValueError(f"{len(numbers)} numbers, and {most} were asked for")
    return numbers
