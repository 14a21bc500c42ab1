"""The ledger's SQL, by name."""

from importlib.resources import files

from imgcli.db.named import named_queries

_HERE = files("imgcli.ledger")

SQL = named_queries(_HERE.joinpath("queries.sql").read_text("utf-8"))
MIGRATIONS = (_HERE.joinpath("schema.sql").read_text("utf-8"),)
"""Ordered for ever: a released script is never edited, a change is a new one behind it."""
