import pytest

from imgcli.batch.keys import CONFIG_ONLY, MEANT, NAMING_FIELDS, matrix_key_problem, unknown_key
from imgcli.batch.schema import PROMPT_KEYS, SETTING_AXES, TABLES
from imgcli.storage.naming import FIELDS
from tests.rows import each_row


def test_the_naming_fields_are_those_of_a_name_template() -> None:
    assert set(NAMING_FIELDS) == set(FIELDS)


def test_no_key_is_both_known_and_something_else() -> None:
    assert not CONFIG_ONLY & set(PROMPT_KEYS)
    assert not MEANT.keys() & set(PROMPT_KEYS)
    assert set(MEANT.values()) <= {*PROMPT_KEYS, *TABLES}


@each_row("key", sorted(CONFIG_ONLY - {"providers"}))
def test_what_belongs_in_the_config_says_so(key: str) -> None:
    assert unknown_key(key, PROMPT_KEYS) == f"a batch file may not set {key!r}; it belongs in the config"


@pytest.mark.parametrize("key", ["colour", "Farbe", "größe", "a-b", "a_b", "k1", "車", "background", *SETTING_AXES])
def test_a_matrix_key_is_one_word(key: str) -> None:
    assert matrix_key_problem(key) == ""


@pytest.mark.parametrize(
    "key", ["", "1a", "a b", "a.b", "-a", "x" * 41, "{a}", "a\n", *sorted({*NAMING_FIELDS} - {*SETTING_AXES})]
)
def test_other_matrix_keys_are_refused(key: str) -> None:
    assert matrix_key_problem(key).startswith("matrix key ")


def test_a_table_in_an_entry_is_told_its_place() -> None:
    assert unknown_key("Vars", PROMPT_KEYS) == "'Vars' stands at the top of a TOML batch file, not in an entry"
