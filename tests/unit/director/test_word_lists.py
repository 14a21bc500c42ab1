from imgcli.director.word_lists import CLASHES, COLOURS, SHADE_OF, SPATIAL, TIMES


def test_groups_share_no_phrase_and_clashes_name_groups() -> None:
    phrases = [phrase for group in (*SPATIAL, *TIMES) for phrase in group]
    assert len(phrases) == len(set(phrases))
    names = {group[0] for group in (*SPATIAL, *TIMES)}
    assert {name for group, others in CLASHES for name in (group, *others)} <= names


def test_shades_are_colours() -> None:
    assert set(SHADE_OF) | set(SHADE_OF.values()) <= set(COLOURS)
