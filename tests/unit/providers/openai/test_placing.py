"""Embeddings: a vector of the size that was asked for, or none."""

import json
import math
from typing import Any

import pytest

from imgcli.model.numbers import parse_vector
from imgcli.model.question import DIMENSIONS, embedding_question
from imgcli.providers.openai.placing import read, request
from tests.fake_api import vectors

SMALL = embedding_question("openai", "text-embedding-3-small", "a car")
ADA = embedding_question("openai", "text-embedding-ada-002", "a car")
LOCAL = embedding_question("openai", "nomic", "a car")


def said(numbers: Any, **more: Any) -> bytes:
    return json.dumps({"data": [{"embedding": numbers, "index": 0}], **more}).encode()


def test_other_servers_get_what_every_one_takes() -> None:
    assert request(SMALL, foreign=False) == {
        "model": "text-embedding-3-small",
        "input": ["a car"],
        "encoding_format": "base64",
        "dimensions": DIMENSIONS,
    }
    assert "dimensions" not in request(ADA, foreign=False)
    assert request(SMALL, foreign=True) == {
        "model": "text-embedding-3-small",
        "input": ["a car"],
        "encoding_format": "float",
    }


@pytest.mark.parametrize("packed", [False, True])
def test_numbers_come_in_either_form_and_leave_at_length_1(packed: bool) -> None:
    numbers = [3.0, 4.0] + [0.0] * (DIMENSIONS - 2)
    form = "base64" if packed else "float"
    used = {"in": 9, "out": 0}
    told = vectors.told({"model": "m", "encoding_format": form}, [numbers], used)
    painted = read(json.dumps(told).encode(), SMALL, "req_1", foreign=False)
    assert painted.notes == ()
    assert [round(number, 6) for number in parse_vector(painted.revised)[:3]] == [0.6, 0.8, 0.0]
    assert painted.usage is not None
    assert (painted.usage.text_in, painted.usage.text_out, painted.request_id) == (9, 0, "req_1")


def test_only_who_was_asked_for_a_size_has_to_give_it() -> None:
    assert read(said([1.0] * 1536), ADA, "", foreign=False).revised
    assert read(said([1.0] * 768), LOCAL, "", foreign=True).revised
    assert "768 numbers, and 256 were asked for" in read(said([1.0] * 768), SMALL, "", foreign=False).notes[0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"data": []}',
        b'{"data": [7]}',
        said(None),
        said([]),
        said(["1"]),
        said([True]),
        said([math.nan]),
        said([math.inf]),
        said([0.0, 0.0]),
        said([10**400]),
        said([1.0] * 4097),
        said("!"),
        said("AAA="),
        json.dumps({"data": [{"embedding": [1.0]}, {"embedding": [1.0]}]}).encode(),
    ],
)
def test_what_is_no_vector_has_no_words_and_says_why(body: bytes) -> None:
    painted = read(body, LOCAL, "", foreign=True)
    assert painted.revised == ""
    assert len(painted.notes) == 1


@pytest.mark.parametrize("count", [0, -1, True, 1.5, "7", None, 10**12])
def test_usage_that_no_text_has_is_no_usage(count: object) -> None:
    assert read(said([1.0], usage={"prompt_tokens": count}), LOCAL, "", foreign=True).usage is None
