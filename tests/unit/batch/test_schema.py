import json
from dataclasses import fields

import msgspec
import tomli

from imgcli.batch.schema import DEFAULT_KEYS, PROMPT_KEYS, WANTED, BatchFile, Prompt, batch_json_schema
from imgcli.model.entry import Entry


def test_the_keys_are_the_fields_of_an_entry_and_a_matrix() -> None:
    assert set(PROMPT_KEYS) == set(Prompt.__struct_fields__)
    assert set(PROMPT_KEYS) - {"matrix"} == {field.name for field in fields(Entry)} - {"where", "expanded"}


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


def test_the_schema_takes_what_a_file_holds() -> None:
    text = "[defaults]\nn = 2\n[[prompts]]\nprompt = 'a {b}'\nstyle = 'x'\nmatrix.b = ['c', 1, 2.5]\n"
    found = msgspec.convert(tomli.loads(text), BatchFile)
    assert found.prompts[0].matrix == {"b": ("c", 1, 2.5)}
