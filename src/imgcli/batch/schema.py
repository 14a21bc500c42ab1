"""The keys of a batch file: their types and limits, and the JSON Schema that editors read."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

PROMPT_LIMIT = 32_000
COUNT_LIMIT = 1000
SEED_LIMIT = 2**63 - 1
ID_LIMIT = 100

Word = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[tuple[Word, ...], Meta(max_length=100)] | Word
Things = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=1000)], ...], Meta(max_length=100)]
Thing = Annotated[str, Meta(min_length=1, max_length=1000)]
Path = Annotated[str, Meta(min_length=1, max_length=200)]
Values = Annotated[tuple[Annotated[str, Meta(max_length=1000)] | int | float, ...], Meta(min_length=1)]


class Defaults(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every prompt of the file gets unless it says otherwise; a key of a prompt replaces its default."""

    style: Annotated[Words | UnsetType, Meta(description="Styles of the Director, by name; see `imgcli styles`.")] = (
        UNSET
    )
    no: Annotated[Things | Thing | UnsetType, Meta(description="What must not appear in the picture.")] = UNSET
    provider: Annotated[
        Word | UnsetType, Meta(description="Who makes the picture: openai, placeholder or a plugin.")
    ] = UNSET
    model: Annotated[
        Word | UnsetType, Meta(description="The model of the provider.", examples=["gpt-image-2.5-flare"])
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
    n: Annotated[int, Meta(ge=1, le=COUNT_LIMIT, description="Pictures wanted of this prompt.")] | UnsetType = UNSET
    out: Annotated[
        Path | UnsetType,
        Meta(description="Directory below the output directory, with / between parts.", examples=["social/tiles"]),
    ] = UNSET
    name: Annotated[
        Path | UnsetType, Meta(description="File name or template without extension.", examples=["{id}-{n}"])
    ] = UNSET
    seed: Annotated[int, Meta(ge=0, le=SEED_LIMIT, description="Seed, for models that take one.")] | UnsetType = UNSET
    tags: Annotated[Words | UnsetType, Meta(description="Tags for budgets and search.")] = UNSET


class Prompt(Defaults, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One prompt, or with a matrix one prompt for every combination of its values."""

    prompt: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=PROMPT_LIMIT,
            description="What the picture shows. With a matrix, {name} is filled from it.",
        ),
    ]
    id: Annotated[
        Annotated[str, Meta(min_length=1, max_length=ID_LIMIT)] | UnsetType,
        Meta(description="Unique in the file; prompt-001, prompt-002 and so on if it is left out."),
    ] = UNSET
    matrix: Annotated[
        dict[str, Values] | UnsetType,
        Meta(
            description="Lists of values by name. Every combination is made, the first name changing slowest; "
            "{{ and }} are literal braces in an entry that has a matrix."
        ),
    ] = UNSET


class BatchFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prompts for `imgcli batch`, with what they share."""

    defaults: Defaults | UnsetType = UNSET
    prompts: Annotated[tuple[Prompt, ...], Meta(min_length=1, description="The prompts, in the order they are made.")]


DEFAULT_KEYS = Defaults.__struct_fields__
PROMPT_KEYS = Prompt.__struct_fields__
ROW_KEYS = tuple(key for key in PROMPT_KEYS if key != "matrix")

_WORDS = "a list of 1 to 100 characters each, at most 100, or one such text"

WANTED = {
    "style": f"must be a style name or {_WORDS.replace('a list of', 'a list of names of')}",
}


def batch_json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a batch file in TOML; its `Prompt` is also one line of a JSONL file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "imgcli batch file",
        **msgspec.json.schema(BatchFile),
    }
