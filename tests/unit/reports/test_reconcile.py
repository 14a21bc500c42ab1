import json

import pytest

from imgcli.errors import UsageError
from imgcli.model.budget import Spending
from imgcli.reports.reconcile import Agreement, Bill, compare, parse_costs

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
    assert list(parse_costs(text, "x").days.values()) == [300_000_000]
    assert list(parse_costs(page(result(1.5)), "x").days.values()) == [1_500_000_000]
    assert list(parse_costs(page(result(1e-9)), "x").days.values()) == [1]


def test_pages_come_alone_as_a_list_or_a_line_each() -> None:
    one, two = page(result(1)), page(result(2), day=20_001)
    expected = {"2024-10-04": 10**9, "2024-10-05": 2 * 10**9}
    assert parse_costs(f"[{one}, {two}]", "x") == Bill(expected)
    assert parse_costs(f"{one}\n{two}\n", "x") == Bill(expected)


def test_a_page_that_is_given_twice_counts_once() -> None:
    one, two, nothing = page(result(1)), page(result(2), day=20_001), page(day=20_002)
    bill = parse_costs(f"{one}\n{two}\n{one}\n{nothing}\n{nothing}\n", "x")
    assert bill.days == {"2024-10-04": 10**9, "2024-10-05": 2 * 10**9, "2024-10-06": 0}
    assert bill.notes == ("x: 2024-10-04: the same costs are in it twice, and counted once",)


def test_a_day_with_two_bills_counts_whole_and_is_told() -> None:
    bill = parse_costs(f"[{page(result(1))}, {page(result(2))}, {page()}]", "x")
    assert bill.days == {"2024-10-04": 3 * 10**9}
    assert bill.notes == ("x: 2024-10-04: in it with different costs, all of them counted",)


def test_a_bill_that_goes_on_says_so() -> None:
    first, last = ({"has_more": more} | json.loads(page(result(1), day=day)) for more, day in ((True, 1), (False, 2)))
    assert parse_costs(json.dumps([first, last]), "x").notes == ()
    (note,) = parse_costs(json.dumps([last, first]), "x").notes
    assert "not the whole bill" in note


@pytest.mark.parametrize("value", ["1.185" + "0" * 70 + "e-2", "0." + "0" * 70 + "1"])
def test_an_amount_is_never_cut(value: str) -> None:
    with pytest.raises(UsageError, match=rf"^x: .{{64}}… is no amount: it has {len(value)} characters$"):
        parse_costs(page(result(value)), "x")


@pytest.mark.parametrize(
    "text",
    [
        page(result(7)).replace("7", "1" * 5000),
        page(result(7), day=1).replace("86400", "1" * 5000),
        page(result(7), day=1).replace("86400", f'"{"1" * 5000}"'),
        page(result(7)) + "\n" + page(result(7)).replace("7", "1" * 5000),
    ],
)
def test_a_huge_number_is_refused_in_words_of_ours(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_costs(text, "costs.json")
    assert str(refused.value).startswith("costs.json: ")
    assert "set_int_max_str_digits" not in str(refused.value)
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("amount", [result(1, currency="eur"), result("much"), result("nan"), {}, {"amount": 3}])
def test_what_is_no_amount_is_refused(amount: dict[str, object]) -> None:
    with pytest.raises(UsageError, match=r"costs\.json"):
        parse_costs(page(amount), "costs.json")
