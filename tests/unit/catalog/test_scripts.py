from hypothesis import given
from hypothesis import strategies as st

from imgcli.catalog.scripts import spread, wanted
from tests.rows import each_row

SPREAD: dict[str, str] = {
    "a red car": "a red car",
    "红色汽车": "红色 色汽 汽车 车",
    "the 灯 at night": "the 灯 at night",
    "ไทย": "ไท ทย ย",
    "น้ำ": "นา า",
    "ｶﾞ": "ガ",
    "café": "café",
}


@each_row("row", SPREAD)
def test_runs_without_blanks_become_pairs(row: str) -> None:
    assert spread(row).split() == SPREAD[row].split()


@given(st.text("红色汽车灯塔夜晚ひカไท", min_size=1, max_size=12), st.data())
def test_every_part_of_a_run_is_a_phrase_of_its_pairs(run: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : data.draw(st.integers(start + 1, len(run)))]
    there = spread(f"the {run} car").split()
    phrase, is_part = wanted(part)
    sought = phrase.split()
    for at in range(len(there)):
        row = there[at : at + len(sought)]
        if row[:-1] == sought[:-1] and row and (row[-1].startswith(sought[-1]) if is_part else row[-1] == sought[-1]):
            return
    raise AssertionError((part, sought, there))
