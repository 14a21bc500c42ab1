"""Nouns as plain dictionaries, for what is written as JSON."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def plain(noun: "DataclassInstance") -> dict[str, Any]:
    """As `dataclasses.asdict`, for a noun with no others in its tuples; what cannot change is not copied."""
    values = {name: getattr(noun, name) for name in noun.__dataclass_fields__}
    return {name: plain(v) if hasattr(v, "__dataclass_fields__") else v for name, v in values.items()}
