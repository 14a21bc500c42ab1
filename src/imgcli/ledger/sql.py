"""The ledger's SQL, by name."""

from importlib.resources import files

from imgcli.db.named import named_queries

_HERE = files("imgcli.ledger")

SQL = named_queries(_HERE.joinpath("queries.sql").read_text("utf-8"))
_NAMES = ("0001.sql", "0002.sql", "0003.sql", "0004.sql", "0005.sql")
SCRIPTS = tuple(_HERE.joinpath("migrations", name).read_text("utf-8") for name in _NAMES)
"""Ordered for ever: a released script is never edited, a change is a new one behind it."""
