import json

import pytest

from imgcli.errors import UsageError
from imgcli.model.budget import Spending
from imgcli.reports.reconcile import Agreement, compare, parse_costs

CENT = 10_000_000


def spent(cents: int, uncertain: int = 0) -> Spending:
    return Spending(cents * CENT, 0, uncertain * CENT, 1)


def page(*results: dict[str, object], day: int = 20_000) -> str:
    return json.dumps({"data": [{"start_time": day * 86_400, "results": list(results)}]})


def result(value: object, item: str | None = None, currency: str = "usd") -> dict[str, object]:
    return {"amount": {"value": value, "currency": currency}, "line_item": item}


@pytest.mark.parametrize(
    ("billed", "ledger", "agreement"),
    [
        ({"2026-11-20": 5}, {"2026-11-20": spent(5)}, [Agreement.AGREES]),
        ({"2026-11-20": 3}, {"2026-11-20": spent(3, 2)}, [Agreement.BELOW]),
        ({"2026-11-20": 6}, {"2026-11-20": spent(3, 2)}, [Agreement.ABOVE]),
        # Asked for before midnight, billed after it.
        ({"2026-11-20": 4, "2026-11-21": 6}, {"2026-11-20": spent(5), "2026-11-21": spent(5)}, ["below", "below"]),
        ({"2026-11-20": 4, "2026-11-21": 7}, {"2026-11-20": spent(5), "2026-11-21": spent(5)}, ["below", "above"]),
        ({"2026-11-20": 1}, {"2026-11-19": spent(9), "2026-11-20": spent(1)}, [Agreement.AGREES]),
        ({}, {"2026-11-20": spent(1)}, []),
    ],
)
def test_days_side_by_side(billed: dict[str, int], ledger: dict[str, Spending], agreement: list[object]) -> None:
    days = compare({day: cents * CENT for day, cents in billed.items()}, ledger)
    assert [day.agreement for day in days] == [Agreement(word) for word in agreement]


def test_amounts_are_exact_and_only_pictures_count() -> None:
    text = page(
        result(0.1, "gpt-image-2.5, image output"), result("0.2", "image generation"), result(7, "gpt-5, input")
    )
    assert list(parse_costs(text, "x").values()) == [300_000_000]
    assert list(parse_costs(page(result(1.5)), "x").values()) == [1_500_000_000]
    assert list(parse_costs(page(result(1e-9)), "x").values()) == [1]


def test_pages_come_alone_as_a_list_or_a_line_each() -> None:
    one, two = page(result(1)), page(result(2), day=20_001)
    expected = {"2024-10-04": 10**9, "2024-10-05": 2 * 10**9}
    assert parse_costs(f"[{one}, {two}]", "x") == expected
    assert parse_costs(f"{one}\n{two}\n", "x") == expected


@pytest.mark.parametrize("amount", [result(1, currency="eur"), result("much"), result("nan"), {}, {"amount": 3}])
def test_what_is_no_amount_is_refused(amount: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"costs\.json"):
        parse_costs(page(amount), "costs.json")
