import pytest

from imgcli.errors import UsageError
from imgcli.inputs.colours import parse_colour


@pytest.mark.parametrize("typed", ["#00ff7f", "00FF7f", " #00ff7F "])
def test_a_colour(typed: str) -> None:
    assert parse_colour(typed) == (0, 255, 127)


@pytest.mark.parametrize("typed", ["", "red", "#fff", "#00ff7f00", "##00ff7f", "#00ff7g"])
def test_what_is_no_colour(typed: str) -> None:
    with pytest.raises(UsageError, match="is not like '#00ff00'"):
        parse_colour(typed)
