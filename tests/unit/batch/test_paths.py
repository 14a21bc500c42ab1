import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.paths import as_part, name_problem, out_problem


@pytest.mark.parametrize("out", ["a", "a/b", "a/b/", "Größe/a b", "a..b/.hidden", "-x", "console", "社"])
def test_a_directory_below_is_taken(out: str) -> None:
    assert out_problem(out) == ""


@pytest.mark.parametrize(
    ("out", "problem"),
    [
        ("..", '".." is not allowed'),
        ("a/../b", '".." is not allowed'),
        (".", "has an empty part"),
        ("a//b", "has an empty part"),
        ("./a", "has an empty part"),
        ("a//", "has an empty part"),
        ("/a", "must be relative"),
        ("~", "must be relative"),
        ("\\\\host\\a", "not a backslash"),
        ("c:/a", "a drive letter"),
        ("a/b:c", "may not hold ':'"),
        ("a*", "may not hold '*'"),
        ("a /b", "may not begin or end with a space"),
        ("a./b", "nor end with a dot"),
        ("NUL", "'NUL' is a reserved name on Windows"),
        ("a/com1.x", "reserved"),
        ("é" * 91, "is over 180 bytes"),
        ("a/" * 101, "is over 200 characters"),
    ],
)
def test_another_directory_is_refused(out: str, problem: str) -> None:
    assert problem in out_problem(out)


@given(st.text(st.sampled_from("ab./\\:~ \n\x00C")))
def test_a_directory_that_is_taken_stays_below(out: str) -> None:
    if not out_problem(out):
        parts = out.removesuffix("/").split("/")
        assert parts
        assert not {"", ".", ".."} & set(parts)
        assert not set("\\:") & set(out)


@pytest.mark.parametrize("name", ["car", "{slug}-{n}", "v1.2", "car.pnga", "Auto rot"])
def test_a_name_is_taken(name: str) -> None:
    assert name_problem(name) == ""


@pytest.mark.parametrize("name", ["a/b", "a\\b", "..", ". .", "a.png", "a.JPEG", "{slug}.webp", "a.jpg"])
def test_another_name_is_refused(name: str) -> None:
    assert name_problem(name)


@given(st.text(max_size=20))
def test_a_value_becomes_one_part(value: str) -> None:
    part = as_part(value)
    assert part
    assert not set('/\\:*?"<>|') & set(part)
    assert part.strip(" .") == part
