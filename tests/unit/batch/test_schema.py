import json
from dataclasses import fields

import msgspec
import tomli

from imgcli.batch.check import _FIELDS
from imgcli.batch.schema import (
    DEFAULT_KEYS,
    PROMPT_KEYS,
    SET_KEYS,
    SETTING_AXES,
    TABLES,
    WANTED,
    BatchFile,
    Prompt,
    batch_json_schema,
)
from imgcli.model.entry import Entry


def test_the_keys_are_the_fields_of_an_entry_and_those_that_make_several() -> None:
    assert set(PROMPT_KEYS) == set(Prompt.__struct_fields__)
    assert {_FIELDS.get(key, key) for key in PROMPT_KEYS if key not in SET_KEYS} == {
        field.name for field in fields(Entry)
    } - {
        "where",
        "edit",
        "expanded",
        "draft",
        "before",
        "pending",
    }


def test_every_key_says_what_to_type_instead() -> None:
    assert set(WANTED) == set(PROMPT_KEYS)


def test_the_json_schema_describes_every_key() -> None:
    schema = batch_json_schema()
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    prompt, defaults = schema["$defs"]["Prompt"], schema["$defs"]["Defaults"]
    assert set(prompt["properties"]) == set(PROMPT_KEYS)
    assert set(defaults["properties"]) == set(DEFAULT_KEYS)
    assert prompt["required"] == ["prompt"]
    for table in (prompt, defaults, schema["$defs"]["BatchFile"]):
        assert table["additionalProperties"] is False
        assert table["description"]
        assert all(key == "defaults" or found["description"] for key, found in table["properties"].items())


def test_the_json_schema_knows_the_tables_and_sets() -> None:
    found = batch_json_schema()["$defs"]
    assert tuple(found["BatchFile"]["properties"]) == TABLES == ("include", "vars", "defaults", "prompts")
    assert not found["BatchFile"].get("required")
    assert found["Sample"]["required"] == ["count"]
    assert found["Sample"]["additionalProperties"] is False


def test_what_a_matrix_sets_are_keys_of_an_entry() -> None:
    assert set(SETTING_AXES) <= set(DEFAULT_KEYS)


def test_the_schema_takes_what_a_file_holds() -> None:
    text = """
include = ["sets/*.toml"]
[vars]
brand = "B"
season = ["spring", 2]
[defaults]
n = 2
[[prompts]]
prompt = 'a {b}'
style = 'x'
matrix.b = ['c', 1, 2.5]
zip = { d = ["e"] }
sample = { count = 3 }
"""
    found = msgspec.convert(tomli.loads(text), BatchFile)
    assert isinstance(found.prompts, tuple)
    assert found.prompts[0].matrix == {"b": ("c", 1, 2.5)}
    assert found.vars == {"brand": "B", "season": ("spring", 2)}
