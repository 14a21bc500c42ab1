import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.neighbours import Nearby
from imgcli.batch.template import TemplateError
from imgcli.batch.wildcards import Wildcards, read_values
from imgcli.errors import BatchFileError
from tests.unit.batch.test_neighbours import Shelf


def wildcards(path: str = "p.toml", **files: str) -> Wildcards:
    return Wildcards(
        Nearby(Shelf({f"{name.replace('__', '/')}.txt": text for name, text in files.items()})),
        path,
        lambda inner: f"here/{inner}",
    )


def test_lines_are_values_and_blank_ones_and_comments_are_not() -> None:
    text = "# colours\r\nred\r\n\r\n  sea green \n#end\nred\n\\#fff\n\\\\x\n\\x\n{a|b} \\ {{\n"
    assert read_values(text, "c.txt") == ("red", "sea green", "#fff", "\\x", "{a|b} \\ {{")


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=9),
        min_size=1,
        unique=True,
    )
)
def test_every_value_can_be_written(values: list[str]) -> None:
    lines = [f"\\{value}" if value.startswith(("#", "\\")) else value for value in values]
    assert read_values("\n".join(lines), "c.txt") == tuple(values)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("red\n#c8553d\n", "c.txt:2: #c8553d would be a comment; write \\#c8553d for the colour, or # c8553d for a"),
        ("a\nb\x07\n", "c.txt:2: holds a control character (U+0007); remove it"),
        ("x" * 1001, "c.txt:1: 'xxx"),
        ("a\n" * 10_001, "c.txt: has over 10,000 lines; shorten it"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(text: str, message: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        read_values(text, "c.txt")
    assert str(caught.value).startswith(message)


def test_ten_thousand_lines_are_taken() -> None:
    assert len(read_values("".join(f"{at}\n" for at in range(10_000)), "c.txt")) == 10_000


def test_a_wildcard_is_one_axis_however_it_is_written() -> None:
    found = wildcards("sets/p.toml", sets__colours="red\nblue\n")
    names = [found.axis(body).names for body in ("@colours", "@colours.txt", "@../sets/colours", "@colours:1")]
    assert names == [("@sets/colours",)] * 4
    assert found.axis("@colours:2").names == ("@sets/colours:2",)
    assert found.axis("@colours:2").rows == found.axis("@colours").rows == (("red",), ("blue",))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("@empty", "wildcard '{@empty}': 'empty.txt' is empty; write one value a line"),
        ("@only-comments", "wildcard '{@only-comments}': 'only-comments.txt' is empty"),
        ("@../x", "wildcard '{@../x}': '../x.txt' leads out of the directory"),
        ("@colours:0", "wildcard '{@colours:0}': 'colours:0.txt': may not hold ':'"),
        ("@", "wildcard '{@}' names no file; write {@colours} for colours.txt"),
        ("@:2", "wildcard '{@:2}' names no file"),
    ],
)
def test_a_wildcard_without_values_is_refused(body: str, problem: str) -> None:
    found = wildcards(empty="\n\n", **{"only-comments": "# a\n"})
    with pytest.raises(TemplateError) as caught:
        found.axis(body)
    assert str(caught.value).startswith(problem)


def test_what_is_wrong_in_the_file_is_told_with_its_line() -> None:
    with pytest.raises(BatchFileError, match=r"^here/c.txt:2: holds a control character"):
        wildcards(c="a\n\x07\n").axis("@c")
