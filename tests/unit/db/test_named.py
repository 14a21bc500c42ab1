import pytest

from imgcli.db.named import named_queries
from imgcli.ledger.sql import SQL


def test_names_and_statements() -> None:
    assert named_queries("-- one --\nSELECT 1\n\n-- two --\nSELECT\n  2\n") == {"one": "SELECT 1", "two": "SELECT\n  2"}


@pytest.mark.parametrize("text", ["-- one --\n", "-- one --\nSELECT 1\n-- one --\nSELECT 2\n"])
def test_a_name_without_a_statement_or_twice(text: str) -> None:
    with pytest.raises(ValueError, match="a name of its own"):
        named_queries(text)


def test_the_ledger_has_all_it_uses() -> None:
    assert {"step", "hold", "shift", "weigh_attempts"} <= set(SQL)
