import unicodedata

import pytest

from imgcli.model.names import plain_name


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("around", ["{}", " {}", "{}\t ", "\u00a0{}\u2003"])
def test_one_name_however_it_is_typed(form: str, around: str) -> None:
    assert plain_name(around.format(unicodedata.normalize(form, "café"))) == "caf\u00e9"  # type: ignore[arg-type]


def test_other_names_stay_others() -> None:
    assert plain_name("Café") != plain_name("café")
    assert plain_name("spring  sale") == "spring  sale"
