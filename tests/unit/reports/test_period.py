from datetime import date

import pytest

from imgcli.errors import UsageError
from imgcli.reports.period import Period, parse_period, span
from tests.rows import each_row

TODAY = date(2026, 11, 22)


@each_row(
    ("typed", "first", "last"),
    [
        ("2026-11-01", "2026-11-01", "2026-11-01"),
        ("2026-02", "2026-02-01", "2026-02-28"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026", "2026-01-01", "2026-12-31"),
        ("today", "2026-11-22", "2026-11-22"),
        ("Yesterday ", "2026-11-21", "2026-11-21"),
        ("this-month", "2026-11-01", "2026-11-30"),
        ("last-month", "2026-10-01", "2026-10-31"),
        ("this-year", "2026-01-01", "2026-12-31"),
        ("last-year", "2025-01-01", "2025-12-31"),
        ("7d", "2026-11-16", "2026-11-22"),
        ("1d", "2026-11-22", "2026-11-22"),
        ("9999-12", "9999-12-01", "9999-12-31"),
    ],
)
def test_what_people_type(typed: str, first: str, last: str) -> None:
    assert tuple(map(str, span(typed, TODAY, "--since"))) == (first, last)


@each_row(
    ("typed", "message"),
    [
        ("tody", "did you mean today?"),
        ("2026-13", "write a day like"),
        ("2026-11-31", "write a day like"),
        ("0000", "is no day"),
        ("", "is no day"),
        ("0d", "after"),
        ("x" * 500, "'" + "x" * 40 + "'"),
    ],
)
def test_what_is_no_day(typed: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse_period(typed, "today", TODAY)


def test_a_month_is_told_from_its_first_day_to_its_last() -> None:
    period = parse_period("last-month", "last-month", TODAY)
    assert (str(period), period.bounds) == ("2026-10-01 to 2026-10-31", ("2026-10-01", "2026-11-01"))
    assert Period(None, None).bounds == ("", "")
    assert parse_period("7d", None, TODAY).bounds == ("2026-11-16", "")
    assert parse_period(None, "9999", TODAY).bounds == ("", "")
    assert str(parse_period("today", "today", TODAY)) == "2026-11-22"
