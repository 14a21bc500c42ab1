"""After whatever was done to imgcli: its ledger and its files against the bill of the server that charged it."""

import hashlib
import json
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fake_api.client import Bill, FakeApi

COUNTED = ("received", "saved", "settled", "posted", "uncertain", "moderated")


@dataclass
class Books:
    """Everything that can be known from outside: attempts, bills, files.

    `twice` allows a second bill for a job, for runs whose user took that risk.
    """

    home: Path
    out: Path
    api: FakeApi
    cap: int | None = None
    twice: bool = False
    wrong: list[str] = field(default_factory=list)

    def check(self, *, finished: bool) -> list[str]:
        """Violations of the promises, in words; with `finished` also of what a last, undisturbed run owes."""
        self.wrong = []
        bills = self.api.bill()
        rows = attempts(self.home)
        self._bills(bills, rows)
        self._money(bills, rows)
        self._files(bills, rows)
        if finished:
            self._finished(rows)
        return self.wrong

    def _bills(self, bills: list[Bill], rows: dict[str, dict[str, Any]]) -> None:
        jobs: Counter[tuple[str, str]] = Counter()
        for bill in bills:
            row = rows.get(bill.x_client_request_id)
            if row is None:
                self.wrong.append(f"unrecorded: a bill for {bill.x_client_request_id}, which the ledger has never seen")
            elif row["state"] in {"reserved", "voided"}:
                self.wrong.append(f"unrecorded: {row['id']} was billed and is {row['state']}")
            elif row["state"] in {"received", "saved", "settled"} and row["posted"] < bill.cost_nano:
                self.wrong.append(f"unrecorded: {row['id']} cost {bill.cost_nano}, posted {row['posted']}")
            if row is not None:
                jobs[row["key"], row["directory"]] += 1
        if not self.twice:
            self.wrong += [f"double: {count} bills for one job" for count in jobs.values() if count > 1]

    def _money(self, bills: list[Bill], rows: dict[str, dict[str, Any]]) -> None:
        # What is under way when a run was killed counts at its upper bound, as the ledger's own sums do.
        held = sum(row["upper"] for row in rows.values() if row["state"] in {"reserved", "sent"})
        posted = sum(row["posted"] or 0 for row in rows.values() if row["state"] in COUNTED)
        billed = sum(bill.cost_nano for bill in bills)
        if posted + held < billed:
            self.wrong.append(f"unrecorded: the ledger counts {posted + held}, the server billed {billed}")
        if self.cap is not None and max(billed, posted + held) > self.cap:
            self.wrong.append(f"overspent: cap {self.cap}, billed {billed}, counted {posted + held}")

    def _files(self, bills: list[Bill], rows: dict[str, dict[str, Any]]) -> None:
        sent = {sha for bill in bills for sha in bill.sha256}
        received = {
            json.loads(row["picture"])["sha256"] for row in rows.values() if row["state"] not in {"reserved", "voided"}
            and row["picture"]
        }  # fmt: skip
        for path in self.out.rglob("*.png"):
            if path.name.startswith(".imgcli-"):
                continue
            sha = hashlib.sha256(path.read_bytes()).hexdigest()
            if sha not in sent:
                self.wrong.append(f"torn: {path.name} is nothing the server sent")
            elif sha not in received:
                self.wrong.append(f"torn: {path.name} is visible and the ledger does not have it")

    def _finished(self, rows: dict[str, dict[str, Any]]) -> None:
        for row in rows.values():
            if row["state"] in {"reserved", "sent", "received", "saved"}:
                self.wrong.append(f"unfinished: {row['id']} is still {row['state']}")
            if row["state"] == "settled":
                self._settled(row)
        living = {row["id"] for row in rows.values() if row["state"] == "uncertain"}
        for path in self.out.rglob(".imgcli-*"):
            if not any(name in path.name for name in living):
                self.wrong.append(f"leftover: {path.name}")

    def _settled(self, row: dict[str, Any]) -> None:
        path = Path(row["directory"], row["name"])
        told = json.loads(row["picture"])
        if not path.exists():
            self.wrong.append(f"lost: {path.name} is settled and not there")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != told["sha256"]:
            self.wrong.append(f"torn: {path.name} is not what was received")
        sidecar = path.with_name(f"{path.name}.json")
        if not sidecar.exists() or json.loads(sidecar.read_bytes())["sha256"] != told["sha256"]:
            self.wrong.append(f"lost: the sidecar of {path.name}")


def attempts(home: Path) -> dict[str, dict[str, Any]]:
    """Every attempt by its id, as it stands after the rollback of what was cut off."""
    path = home / "data" / "ledger.db"
    if not path.exists():
        return {}
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'attempt'").fetchone():
            return {}
        return {row["id"]: dict(row) for row in connection.execute("SELECT * FROM attempt")}
    finally:
        connection.close()


def states(home: Path) -> Counter[str]:
    return Counter(row["state"] for row in attempts(home).values())
