"""The keys of a batch file: their types and limits, and the JSON Schema that editors read."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

PROMPT_LIMIT = 32_000
COUNT_LIMIT = 1000
SEED_LIMIT = 2**63 - 1
ID_LIMIT = 100
MATRIX_KEYS = 16
JOBS_LIMIT = 100_000

Word = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[tuple[Word, ...], Meta(max_length=100)] | Word
Thing = Annotated[str, Meta(min_length=1, max_length=1000)]
Things = Annotated[tuple[Thing, ...], Meta(max_length=100)] | Thing
Path = Annotated[str, Meta(min_length=1, max_length=200)]
Value = Annotated[str, Meta(max_length=1000)] | int | float
Values = Annotated[tuple[Value, ...], Meta(min_length=1, max_length=JOBS_LIMIT)]


class Defaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every prompt of the file gets; the same key in a prompt replaces it."""

    style: Annotated[
        Words | UnsetType, Meta(description="Styles of the Director by name, in order.", examples=[["cinematic"]])
    ] = UNSET
    no: Annotated[
        Things | UnsetType, Meta(description="What must not appear in the picture.", examples=[["text", "people"]])
    ] = UNSET
    provider: Annotated[
        Word | UnsetType, Meta(description="Who makes the picture.", examples=["openai", "placeholder"])
    ] = UNSET
    model: Annotated[
        Word | UnsetType, Meta(description="The provider's name of the model.", examples=["gpt-image-2.5-flare"])
    ] = UNSET
    size: Annotated[
        Word | UnsetType,
        Meta(description="WIDTHxHEIGHT in pixels, square, portrait, landscape or auto.", examples=["1536x1024"]),
    ] = UNSET
    quality: Annotated[Word | UnsetType, Meta(description="A quality the model knows.", examples=["low", "high"])] = (
        UNSET
    )
    format: Annotated[Literal["png", "jpeg", "webp"] | UnsetType, Meta(description="The file format to ask for.")] = (
        UNSET
    )
    background: Annotated[
        Literal["auto", "opaque", "transparent"] | UnsetType,
        Meta(description="Behind the subject, where a model has it."),
    ] = UNSET
    n: Annotated[int, Meta(ge=1, le=COUNT_LIMIT, description="Pictures wanted of each prompt.")] | UnsetType = UNSET
    out: Annotated[
        Path | UnsetType,
        Meta(description="Directory below the output directory, with / between parts.", examples=["social/tiles"]),
    ] = UNSET
    name: Annotated[
        Path | UnsetType, Meta(description="File name or template, without extension.", examples=["{id}-{n}"])
    ] = UNSET
    seed: Annotated[int, Meta(ge=0, le=SEED_LIMIT, description="For models that take a seed.")] | UnsetType = UNSET
    tags: Annotated[
        Words | UnsetType, Meta(description="Tags for budgets and searches.", examples=[["launch", "web"]])
    ] = UNSET


class Prompt(Defaults, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One prompt, or with a matrix one prompt for every combination of its values."""

    prompt: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=PROMPT_LIMIT,
            description="What the picture shows. In an entry with a matrix {name} takes its values, "
            "and {{ and }} are literal braces; without a matrix braces are plain text.",
        ),
    ]
    id: Annotated[
        Annotated[str, Meta(min_length=1, max_length=ID_LIMIT)] | UnsetType,
        Meta(description="Unique in the file; prompt-001, prompt-002 and so on where it is left out."),
    ] = UNSET
    matrix: Annotated[
        Annotated[dict[str, Values], Meta(min_length=1, max_length=MATRIX_KEYS)] | UnsetType,
        Meta(
            description="Lists of values by name; every combination is made, the first name changing slowest.",
            examples=[{"colour": ["red", "blue"]}],
        ),
    ] = UNSET


class BatchFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prompts for `imgcli batch`, with what they share."""

    defaults: Defaults | UnsetType = UNSET
    prompts: Annotated[tuple[Prompt, ...], Meta(min_length=1, description="The prompts, in the order they are made.")]


TABLES = BatchFile.__struct_fields__
DEFAULT_KEYS = Defaults.__struct_fields__
PROMPT_KEYS = ("id", "prompt", *DEFAULT_KEYS, "matrix")
ROW_KEYS = tuple(key for key in PROMPT_KEYS if key != "matrix")

_WORDS = "one text of 1 to 100 characters or a list of at most 100"

WANTED = {
    "prompt": f"must be text of 1 to {PROMPT_LIMIT:,} characters",
    "id": f"must be text of 1 to {ID_LIMIT} characters",
    "style": f"must be {_WORDS}",
    "no": "must be one text of 1 to 1,000 characters or a list of at most 100",
    "provider": "must be text of 1 to 100 characters",
    "model": "must be text of 1 to 100 characters",
    "size": 'must be text such as "1536x1024"',
    "quality": 'must be text such as "high"',
    "format": 'must be "png", "jpeg" or "webp"',
    "background": 'must be "auto", "opaque" or "transparent"',
    "n": f"must be a whole number from 1 to {COUNT_LIMIT}",
    "out": 'must be text of 1 to 200 characters such as "social/tiles"',
    "name": 'must be text of 1 to 200 characters such as "{id}-{n}"',
    "seed": f"must be a whole number from 0 to {SEED_LIMIT}",
    "tags": f"must be {_WORDS}",
    "matrix": 'must be a table of lists, such as { colour = ["red", "blue"] }',
}
"""What to type instead, for every key."""


def batch_json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a TOML batch file; `#/$defs/Prompt` is also that of one JSONL line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "imgcli batch file",
        **msgspec.json.schema(BatchFile),
    }
