from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.neighbours import FILES_LIMIT, Nearby, NeighbourError, inner_path


class Shelf:
    """A directory that is a table; tells how often it was asked."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files, self.asked = files, 0

    def read(self, path: str, limit: int) -> str:
        self.asked += 1
        return self.files[path][:limit]

    def names(self, directory: str) -> Iterable[str]:
        return [path.rpartition("/")[2] for path in self.files if path.rpartition("/")[0] == directory]


@pytest.mark.parametrize(
    ("beside", "typed", "path"),
    [
        ("p.toml", "a.txt", "a.txt"),
        ("p.toml", "sets/a.txt", "sets/a.txt"),
        ("sets/p.toml", "a.txt", "sets/a.txt"),
        ("sets/p.toml", "../a.txt", "a.txt"),
        ("sets/p.toml", "../sets/./a.txt", "sets/a.txt"),
        ("p.toml", "a b/größe.toml", "a b/größe.toml"),
        ("p.toml", "sets/*.toml", "sets/*.toml"),
    ],
)
def test_a_path_leads_from_the_file_that_names_it(beside: str, typed: str, path: str) -> None:
    assert inner_path(beside, typed) == path


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("../a.txt", "'../a.txt' leads out of the directory of the batch file; move the file into it"),
        ("a/../../a.txt", "leads out"),
        ("..", "leads out"),
        ("/etc/passwd.txt", "must be written relative to the file that names it"),
        ("~/a.txt", "must be written relative"),
        ("C:/a.txt", "must be written relative"),
        ("C:a.txt", "must be written relative"),
        ("a\\b.txt", "has a backslash; write / between the parts"),
        ("", "is no path of 1 to 200 printable characters"),
        ("x" * 201, "is no path of 1 to 200"),
        ("a\x00.txt", "is no path"),
        ("a\n.txt", "is no path"),
        (".", "has an empty part"),
        ("con.txt", "is a reserved name on Windows"),
        ("a.txt:b", "may not hold ':'"),
        (".env.txt", "'.env.txt' is hidden; rename it without the dot"),
        ("a/.git/x.txt", "is hidden"),
        ("a?.txt", "may not hold '?'"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(typed: str, problem: str) -> None:
    with pytest.raises(NeighbourError) as caught:
        inner_path("p.toml", typed)
    assert problem in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text("./\\a~:", max_size=12), st.sampled_from(["p", "a/p", "a/b/p"]))
def test_no_path_leads_out(typed: str, beside: str) -> None:
    try:
        path = inner_path(beside, typed)
    except NeighbourError:
        return
    assert not path.startswith("/")
    assert ".." not in path.split("/")


def test_a_file_is_read_once() -> None:
    shelf = Shelf({"a.txt": "x"})
    nearby = Nearby(shelf)
    assert [nearby.read("a.txt", 9) for _ in range(3)] == ["x"] * 3
    assert shelf.asked == 1


def test_files_and_characters_are_limited_together() -> None:
    many = Nearby(Shelf({f"{at}.txt": "" for at in range(FILES_LIMIT + 1)}))
    for at in range(FILES_LIMIT):
        many.read(f"{at}.txt", 9)
    with pytest.raises(NeighbourError, match=r"^'300.txt' is one file too many: 300 are allowed$"):
        many.read(f"{FILES_LIMIT}.txt", 9)
    large = Nearby(Shelf({f"{at}.txt": "x" * (4 << 20) for at in range(5)}))
    for at in range(4):
        large.read(f"{at}.txt", 4 << 20)
    with pytest.raises(NeighbourError, match=r"^'4.txt' brings the other files to more than 16 MiB"):
        large.read("4.txt", 4 << 20)


def test_stdin_has_no_neighbours() -> None:
    for ask in (lambda: Nearby(None).read("a.txt", 9), lambda: Nearby(None).matching("*.toml")):
        with pytest.raises(NeighbourError, match="cannot be found from stdin; save the batch as a file beside it"):
            ask()


def test_a_star_means_the_files_of_one_directory_by_name() -> None:
    nearby = Nearby(Shelf({"s/b.toml": "", "s/a.toml": "", "s/a.txt": "", "s/t/c.toml": "", "d.toml": ""}))
    assert nearby.matching("s/*.toml") == ["s/a.toml", "s/b.toml"]
    assert nearby.matching("*.toml") == ["d.toml"]
    with pytest.raises(NeighbourError, match=r"^'x/\*.toml' matches no file$"):
        nearby.matching("x/*.toml")
