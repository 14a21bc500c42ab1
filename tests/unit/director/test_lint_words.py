from imgcli.director.lint_words import FAMILIES, INCOMPATIBLE, REFUSED


def test_families_share_no_word_and_only_families_clash() -> None:
    every = [word for words in FAMILIES.values() for word in words]
    assert len(every) == len(set(every))
    assert {family for pair in INCOMPATIBLE for family in pair} <= set(FAMILIES)


def test_the_list_of_names_is_dated_and_each_is_there_once() -> None:
    assert "2026-11-21" in REFUSED
    names = [
        name for line in REFUSED.splitlines() if line.startswith("[") for name in line[1:].split("] ")[1].split(", ")
    ]
    assert len(names) == len(set(names))
    assert len(names) < 120
