import pytest

from imgcli.choosing import Choice
from imgcli.cli.chosen import choice_of
from imgcli.errors import UsageError
from imgcli.model.query import Query


@pytest.mark.parametrize("option", ["WHAT", "--run", "--tag", "--search"])
@pytest.mark.parametrize("empty", ["", " "])
def test_an_empty_variable_of_a_script_does_not_mean_every_picture(option: str, empty: str) -> None:
    what, tag = [empty] if option == "WHAT" else [], [empty] if option == "--tag" else None
    run, search = empty if option == "--run" else None, empty if option == "--search" else None
    with pytest.raises(UsageError, match=f"{option} is empty"):
        choice_of(what, run, tag, search, picked=False)


def test_nothing_said_means_all() -> None:
    assert choice_of(None, None, None, None, picked=False) == Choice(query=Query())
