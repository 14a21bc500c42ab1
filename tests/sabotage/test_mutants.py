"""The list of mutants fits the source as it is: a line that moved must not take its mutant out of the world."""

import re
from pathlib import Path

from tests.rows import each_row
from tests.sabotage.mutants import MUTANTS, ROOT, SOURCE, Mutant
from tests.sabotage.run import is_caught


@each_row("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_changes_what_stands_there_and_its_test_exists(mutant: Mutant) -> None:
    for file, old, new in mutant.changes:
        assert (SOURCE / file).read_text("utf-8").count(old) == 1, (file, old)
        assert old != new
    path, _, name = mutant.test.partition("::")
    place = ROOT / path
    assert place.exists()
    if name:
        assert re.search(rf"def {re.escape(name.partition('[')[0])}\b", place.read_text("utf-8"))


def test_names_are_told_apart() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 24


def test_a_mutant_that_matters_is_caught(tmp_path: Path) -> None:
    """The short form: the script itself works, on a mutant whose test is quick."""
    (quick,) = [mutant for mutant in MUTANTS if mutant.name == "days are local"]
    assert is_caught(quick)[0]
    harmless = Mutant("harmless", (("ledger/rules.py", '"""The ledger\'s rules', '"""The rules'),), quick.test)
    assert not is_caught(harmless)[0]
