"""The keys of a batch file: their types and limits, and the JSON Schema that editors read."""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from imgcli.model.expectation import EXPECTATIONS, MOST_TRIES

PROMPT_LIMIT = 32_000
COUNT_LIMIT = 1000
SEED_LIMIT = 2**63 - 1
ID_LIMIT = 100
MATRIX_KEYS = 16
JOBS_LIMIT = 100_000
VARS_LIMIT = 1000
INCLUDES_LIMIT = 100
REFS_LIMIT = 16

Word = Annotated[str, Meta(min_length=1, max_length=100)]
Words = Annotated[tuple[Word, ...], Meta(max_length=100)] | Word
Thing = Annotated[str, Meta(min_length=1, max_length=1000)]
Things = Annotated[tuple[Thing, ...], Meta(max_length=100)] | Thing
Path = Annotated[str, Meta(min_length=1, max_length=200)]
Value = Annotated[str, Meta(max_length=1000)] | int | float
Values = Annotated[tuple[Value, ...], Meta(min_length=1, max_length=JOBS_LIMIT)]
Lists = Annotated[dict[str, Values], Meta(min_length=1, max_length=MATRIX_KEYS)]
References = Annotated[tuple[Path, ...], Meta(max_length=REFS_LIMIT)] | Path
Expectation = Literal["size", "alpha", "palette", "not-blank", "distinct"]
Expected = Annotated[tuple[Expectation, ...], Meta(max_length=len(EXPECTATIONS))] | Expectation
Count = Annotated[int, Meta(ge=1, le=JOBS_LIMIT)]


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
        Meta(
            description="WIDTHxHEIGHT in pixels, square, portrait, landscape, auto, or input: that of the first ref.",
            examples=["1536x1024"],
        ),
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
    ref: Annotated[
        References | UnsetType,
        Meta(
            description="Pictures it is made from: PNG, JPEG or WebP files in the directory of this file or below.",
            examples=["photos/{sku}.png", ["room.jpg", "chair.png"]],
        ),
    ] = UNSET
    mask: Annotated[
        Path | UnsetType,
        Meta(
            description="A picture of the size of the first ref whose transparent part may change; black and white does "
            "too, with white for what may.",
            examples=["masks/sky.png"],
        ),
    ] = UNSET
    input_fidelity: Annotated[
        Literal["low", "high"] | UnsetType,
        Meta(description="How close to keep to the ref, where a model has a choice."),
    ] = UNSET
    expect: Annotated[
        Expected | UnsetType,
        Meta(
            description="What the picture has to be; one that is not is kept in rejected/ and another made.",
            examples=[["size", "not-blank"]],
        ),
    ] = UNSET
    tries: (
        Annotated[
            int, Meta(ge=0, le=MOST_TRIES, description="How many more pictures may be made and paid where one is not.")
        ]
        | UnsetType
    ) = UNSET
    tags: Annotated[
        Words | UnsetType, Meta(description="Tags for budgets and searches.", examples=[["launch", "web"]])
    ] = UNSET


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some of the combinations of an entry, drawn by a seed: the same ones everywhere."""

    count: Annotated[Count, Meta(description="How many to draw; a larger number keeps those of a smaller one.")]
    seed: Annotated[int, Meta(ge=0, le=SEED_LIMIT, description="Another number draws others.")] = 0


class Prompt(Defaults, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One prompt, or with lists of values one prompt for every combination of them."""

    prompt: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=PROMPT_LIMIT,
            description="What the picture shows. With a matrix, zip or sample in the entry, [vars] in the file or a "
            "{@wildcard} in this text {name} takes its values, {red|blue} one of these, and {{ and }} are literal "
            "braces; else braces are plain text.",
        ),
    ]
    id: Annotated[
        Annotated[str, Meta(min_length=1, max_length=ID_LIMIT)] | UnsetType,
        Meta(description="Unique in the batch; prompt-001, prompt-002 and so on where it is left out."),
    ] = UNSET
    matrix: Annotated[
        Lists | UnsetType,
        Meta(
            description="Lists of values by name; every combination is made, the first name changing slowest. "
            "style, provider, model, size, quality and seed as names set that key.",
            examples=[{"colour": ["red", "blue"]}],
        ),
    ] = UNSET
    zip: Annotated[
        Lists | UnsetType,
        Meta(
            description="Lists of one length by name that are walked together: first with first, second with second.",
            examples=[{"tea": ["mint", "rooibos"], "tin": ["green", "red"]}],
        ),
    ] = UNSET
    sample: Annotated[
        Count | Sample | UnsetType,
        Meta(description="Draw only so many of all combinations.", examples=[50, {"count": 50, "seed": 7}]),
    ] = UNSET


class BatchFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prompts for `imgcli batch`, with what they share."""

    include: Annotated[
        Annotated[tuple[Path, ...], Meta(max_length=INCLUDES_LIMIT)] | Path | UnsetType,
        Meta(
            description="TOML batch files in the directory of this one, whose prompts come first; "
            "* stands for any part of a file name.",
            examples=[["sets/*.toml"]],
        ),
    ] = UNSET
    vars: Annotated[
        Annotated[dict[str, Value | Values], Meta(max_length=VARS_LIMIT)] | UnsetType,
        Meta(
            description="Words for {name} in the texts of this file; a list makes a prompt of each of its values.",
            examples=[{"brand": "Saltmarsh", "season": ["spring", "autumn"]}],
        ),
    ] = UNSET
    defaults: Defaults | UnsetType = UNSET
    prompts: Annotated[
        tuple[Prompt, ...] | UnsetType,
        Meta(description="The prompts, in the order they are made."),
    ] = UNSET


TABLES = BatchFile.__struct_fields__
DEFAULT_KEYS = Defaults.__struct_fields__
PROMPT_KEYS = ("id", "prompt", *DEFAULT_KEYS, "matrix", "zip", "sample")
SET_KEYS = frozenset({"matrix", "zip", "sample"})
"""Keys that make several prompts of one entry."""
ROW_KEYS = tuple(key for key in PROMPT_KEYS if key not in SET_KEYS)
SAMPLE_KEYS = Sample.__struct_fields__
SETTING_AXES = ("style", "provider", "model", "size", "quality", "seed")
"""Keys of an entry that a matrix or zip may give several values."""

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
    "ref": f"must be the path of a picture or a list of at most {REFS_LIMIT}",
    "mask": 'must be the path of a picture, such as "masks/sky.png"',
    "input_fidelity": 'must be "low" or "high"',
    "expect": f"must be one of {', '.join(EXPECTATIONS)} or a list of them",
    "tries": f"must be a whole number from 0 to {MOST_TRIES}",
    "seed": f"must be a whole number from 0 to {SEED_LIMIT}",
    "tags": f"must be {_WORDS}",
    "matrix": 'must be a table of lists, such as { colour = ["red", "blue"] }',
    "zip": 'must be a table of lists, such as { tea = ["mint", "rooibos"], tin = ["green", "red"] }',
    "sample": f"must be a whole number from 1 to {JOBS_LIMIT:,}, or a table such as {{ count = 50, seed = 7 }}",
}
"""What to type instead, for every key."""


def batch_json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a TOML batch file; `#/$defs/Prompt` is also that of one JSONL line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "imgcli batch file",
        **msgspec.json.schema(BatchFile),
    }
