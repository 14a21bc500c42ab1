"""A table of cases as one test: all rows are tried, and all that fail are told, each with its label.

A test for each row costs more than most rows do. For rows that need a fixture of their own, as a fresh directory, use
`pytest.mark.parametrize`.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

Test = Callable[..., None]


def each_row(
    names: str | Sequence[str], table: Iterable[Any], ids: Iterable[str] | Callable[[Any], Any] | None = None
) -> Callable[[Test], Test]:
    """As `pytest.mark.parametrize`, in one test; may be stacked, and asks for fixtures once for all rows."""
    named = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)
    cases = [(row if len(named) > 1 else (row,)) for row in table]
    if ids is None or callable(ids):
        labels = [", ".join(str(ids(value) if ids else value)[:100] for value in case) for case in cases]
    else:
        labels = list(ids)
    assert cases
    assert all(len(case) == len(named) for case in cases)
    assert len(labels) == len(cases)

    def decorate(test: Test) -> Test:
        def all_rows(**others: Any) -> None:
            wrong: list[Exception] = []
            for label, case in zip(labels, cases, strict=True):
                try:
                    test(**dict(zip(named, case, strict=True)), **others)
                except pytest.fail.Exception as error:
                    wrong.append(AssertionError(f"{label}: {error}"))
                except Exception as error:  # noqa: BLE001 - every row is to be told
                    error.add_note(f"in the row: {label}")
                    wrong.append(error)
            if wrong:
                raise ExceptionGroup(f"{len(wrong)} of {len(cases)} rows", wrong)

        all_rows.__name__, all_rows.__qualname__ = test.__name__, test.__qualname__
        all_rows.__doc__, all_rows.__module__ = test.__doc__, test.__module__
        signature = inspect.signature(test)
        left = [parameter for name, parameter in signature.parameters.items() if name not in named]
        assert len(left) == len(signature.parameters) - len(named), f"{test.__name__} does not take {named}"
        all_rows.__signature__ = signature.replace(parameters=left)  # type: ignore[attr-defined]
        return all_rows

    return decorate
