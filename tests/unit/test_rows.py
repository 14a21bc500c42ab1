"""That a table hides no row: `tests/rows.py` stands between thousands of cases and their verdicts."""

import inspect

import pytest

from tests.rows import each_row


def test_every_row_that_fails_is_told_with_its_label() -> None:
    seen = []

    @each_row("wording", ["short", "long"])
    @each_row(("number", "name"), [(1, "one"), (2, "two"), (3, "three")], ids=["a", "b", "c"])
    def test(number: int, name: str, wording: str, fixture: str) -> None:
        seen.append((wording, number, name, fixture))
        if number == 3 and wording == "long":
            pytest.fail("failed")
        assert number != 2

    assert list(inspect.signature(test).parameters) == ["fixture"]
    with pytest.raises(ExceptionGroup, match="2 of 2 rows") as caught:
        test(fixture="f")
    assert len(seen) == 6
    short, long = caught.value.exceptions
    assert isinstance(short, ExceptionGroup)
    assert isinstance(long, ExceptionGroup)
    assert [error.__notes__ for error in (short, long)] == [["in the row: short"], ["in the row: long"]]
    assert [error.__notes__ for error in short.exceptions] == [["in the row: b"]]
    assert str(long.exceptions[1]) == "c: failed"


def test_a_table_that_does_not_fit_is_no_test() -> None:
    with pytest.raises(AssertionError):
        each_row("number", [])
    with pytest.raises(AssertionError):
        each_row("number, name", [(1,)])
    with pytest.raises(AssertionError, match="does not take"):
        each_row("number", [1])(lambda: None)
