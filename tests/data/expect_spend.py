"""The sums that reports of `attempts_200.csv` must tell, worked out from the list alone; it knows nothing of imgcli.

    python tests/data/expect_spend.py > tests/data/spend_200.csv

Dollars are Decimals and every attempt is looked at by itself. A row for each way to tell and each name, then one `total`,
and one `overlap` of what stands in more than one row; names of two ways are joined by ` & `, `-` is "has none".
"""

import csv
import sys
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from pathlib import Path

WAYS = [
    ["day"], ["month"], ["model"], ["provider"], ["style"], ["tag"], ["user"], ["project"], ["command"], ["state"],
    ["month", "model"], ["tag", "style"], ["user", "tag"],
]  # fmt: skip
MONEY = ["spent", "uncertain", "held", "failed", "refused", "words"]
COLUMNS = ["pictures", "attempts", *MONEY, "average", "priced"]


def names(attempt: dict[str, str], way: str) -> list[str]:
    if way == "day":
        return [attempt["at"][:10]]
    if way == "month":
        return [attempt["at"][:7]]
    if way in {"style", "tag"}:
        return attempt[way + "s"].split() or ["-"]
    if way == "project":
        return [attempt["directory"]]
    if way == "state":
        if attempt["what"] == "words" and attempt["state"] == "posted":
            return ["words"]
        return [attempt["state"] + (", decided" if attempt["decided"] else "")]
    return [attempt[way]]


def add_up(attempts: list[dict[str, str]]) -> list[object]:
    money = dict.fromkeys(MONEY, Decimal(0))
    pictures = 0
    prices = []
    for attempt in attempts:
        state, posted = attempt["state"], Decimal(attempt["posted_usd"] or 0)
        if state in {"received", "saved", "settled"}:
            pictures += 1
            if posted > 0:
                prices.append(posted)
        if state in {"reserved", "sent"}:
            money["held"] += Decimal(attempt["upper_usd"])
        elif state in {"uncertain", "moderated"}:
            money["uncertain"] += posted
        else:
            money["spent"] += posted
        if state == "moderated":
            money["refused"] += posted
        if state == "posted":
            money["words" if attempt["what"] == "words" else "failed"] += posted
    average: object = ""
    if prices:
        average = (sum(prices, Decimal(0)) / len(prices)).quantize(Decimal("0.000000001"), ROUND_HALF_UP)
    return [pictures, len(attempts), *money.values(), average, len(prices)]


def main() -> None:
    with Path(__file__).with_name("attempts_200.csv").open(encoding="utf-8", newline="") as file:
        attempts = list(csv.DictReader(file))
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(["way", "name", *COLUMNS])
    for ways in WAYS:
        rows: dict[str, list[dict[str, str]]] = {}
        several = []
        for attempt in attempts:
            places = list(product(*(names(attempt, way) for way in ways)))
            if len(places) > 1:
                several.append(attempt)
            for place in places:
                rows.setdefault(" & ".join(place), []).append(attempt)
        for name in sorted(rows):
            table.writerow([" & ".join(ways), name, *add_up(rows[name])])
        table.writerow([" & ".join(ways), "total", *add_up(attempts)])
        table.writerow([" & ".join(ways), "overlap", *add_up(several)])


if __name__ == "__main__":
    main()
