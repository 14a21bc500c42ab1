from collections.abc import Mapping

import pytest

from imgcli.batch.read import Kind, parse_batch
from imgcli.errors import BatchFileError
from imgcli.model.entry import Entry
from tests.unit.batch.test_neighbours import Shelf


def read(files: Mapping[str, str], kind: Kind = Kind.TOML) -> list[Entry]:
    return list(parse_batch(files["p"], kind, "here/p.toml", Shelf(files)).entries)


def refusal(files: Mapping[str, str]) -> str:
    with pytest.raises(BatchFileError) as caught:
        read(files)
    assert "\n" not in str(caught.value)
    return str(caught.value)


A = "[[prompts]]\nprompt = 'a'\n"


def test_what_is_included_comes_first_and_is_called_by_its_file() -> None:
    found = read({"p": f"include = ['s/b.toml', 's/a.toml']\n{A}", "s/a.toml": A, "s/b.toml": A + A})
    assert [(entry.id, entry.where) for entry in found] == [
        ("b-001", "here/s/b.toml:1"),
        ("b-002", "here/s/b.toml:3"),
        ("a-001", "here/s/a.toml:1"),
        ("prompt-001", "here/p.toml:2"),
    ]


def test_a_star_includes_by_name_and_never_the_file_itself() -> None:
    files = {"p": "include = '*.toml'\n", "p.toml": A, "b.toml": A, "a.toml": A}
    assert [entry.id for entry in read(files)] == ["a-001", "b-001"]


def test_an_include_is_found_beside_the_file_that_names_it() -> None:
    files = {"p": "include = 's/a.toml'", "s/a.toml": "include = '../b.toml'", "b.toml": A}
    assert [entry.id for entry in read(files)] == ["b-001"]


def test_a_file_is_included_once() -> None:
    files = {"p": "include = ['a.toml', 'b.toml', 'a.toml']", "a.toml": "include = 'c.toml'", "c.toml": A}
    files["b.toml"] = "include = 'c.toml'"
    assert [entry.id for entry in read(files)] == ["c-001"]


def test_of_defaults_the_nearest_has_the_say() -> None:
    files = {
        "p": f"include = 'a.toml'\n[defaults]\nquality = 'p'\nmodel = 'p'\nstyle = 'p'\nout = 'o'\n{A}",
        "a.toml": f"include = 'b.toml'\n[defaults]\nquality = 'a'\nmodel = 'a'\n{A}",
        "b.toml": f"[defaults]\nquality = 'b'\n{A}quality = 'own'\n{A}",
    }
    assert [(entry.id, entry.quality, entry.model, entry.style, entry.out) for entry in read(files)] == [
        ("b-001", "own", "a", ("p",), "o"),
        ("b-002", "b", "a", ("p",), "o"),
        ("a-001", "a", "a", ("p",), "o"),
        ("prompt-001", "p", "p", ("p",), "o"),
    ]


def prompts(files: Mapping[str, str]) -> list[str]:
    return [entry.prompt for entry in read(files)]


def test_of_vars_the_file_that_includes_has_the_say() -> None:
    files = {
        "p": "include = 'a.toml'\n[vars]\nx = 'p'\n",
        "a.toml": "include = 'b.toml'\n[vars]\nx = 'a'\ny = 'a'\n",
        "b.toml": "[vars]\nx = 'b'\ny = 'b'\nz = 'b'\n[[prompts]]\nprompt = '{x}{y}{z}'\n",
    }
    assert prompts(files) == ["pab"]


def test_vars_of_an_included_file_serve_the_file_that_includes_it_and_no_other() -> None:
    files = {
        "p": "include = ['a.toml', 'b.toml']\n[vars]\nx = 'p'\n[[prompts]]\nprompt = '{x}{y}{z}'\n",
        "a.toml": "[vars]\nx = 'a'\ny = 'a'\nz = 'a'\n",
        "b.toml": "[vars]\nz = 'b'\n",
    }
    assert prompts(files) == ["pab"]
    beside = {"p": "include = ['a.toml', 'b.toml']\n", "a.toml": "[vars]\nx = 'a'\n"}
    beside["b.toml"] = "[vars]\ny = 'b'\n[[prompts]]\nprompt = '{x}'\n"
    assert "here/b.toml:4: prompts[1].prompt: unknown field '{x}'" in refusal(beside)


def test_vars_above_or_below_make_braces_live() -> None:
    brace = "[[prompts]]\nprompt = '{{x}}'\n"
    assert prompts({"p": brace}) == ["{{x}}"]
    assert prompts({"p": f"[vars]\n{brace}"}) == ["{x}"]
    assert prompts({"p": "include = 'a.toml'\n[vars]\ny = 1\n", "a.toml": brace}) == ["{x}"]
    assert prompts({"p": f"include = 'a.toml'\n{brace}", "a.toml": "[vars]\ny = 1\n"}) == ["{x}"]
    beside = {"p": f"include = 'a.toml'\n{brace}", "a.toml": "[[prompts]]\nprompt = '{y}'\nmatrix.y = [1]\n"}
    assert prompts(beside) == ["1", "{{x}}"]


def test_an_included_file_may_end_its_lines_as_windows_does() -> None:
    assert prompts({"p": "include = 'a.toml'\r\n", "a.toml": A.replace("\n", "\r\n")}) == ["a"]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"p": "\ninclude = '../a.toml'\n"}, "here/p.toml:2: include: '../a.toml' leads out of the directory"),
        ({"p": "include = '/a.toml'\n"}, "here/p.toml:1: include: '/a.toml' must be written relative"),
        ({"p": "include = 'a.csv'\n"}, "include: 'a.csv' is no TOML batch file; only those can be included"),
        ({"p": "include = 's/*.toml'\n"}, "include: 's/*.toml' matches no file"),
        ({"p": "include = 'p.toml'\n"}, "here/p.toml:1: include: goes round: p.toml > p.toml; remove one include"),
        (
            {"p": "include = 's/a.toml'\n", "s/a.toml": "\n\ninclude = '../p.toml'\n"},
            "here/s/a.toml:3: include: goes round: p.toml > s/a.toml > p.toml; remove one include",
        ),
        (
            {"p": "include = 'a.toml'", "a.toml": "include = 'b.toml'", "b.toml": "include = 'a.toml'"},
            "here/b.toml:1: include: goes round: a.toml > b.toml > a.toml",
        ),
        ({"p": "include = 'a.toml'", "a.toml": f"{A}n = 0"}, "here/a.toml:3: prompts[1].n: must be a whole number"),
        ({"p": "include = 'a.toml'", "a.toml": "x ="}, "here/a.toml:1: not valid TOML"),
        ({"p": "include = 'a.toml'", "a.toml": "[budget]"}, "here/a.toml:1: a batch file may not set '[budget]'"),
        ({"p": "include = 'a.toml'", "a.toml": "base_url = 'x'"}, "here/a.toml:1: a batch file may not set 'base_url'"),
        ({"p": "include = 'a.toml'", "a.toml": "[vars]\na = ''"}, "here/a.toml:2: vars.a: is empty"),
        ({"p": "include = 'a.toml'", "a.toml": "[vars]\na = 1"}, "here/p.toml: holds no prompts"),
        (
            {"p": f"include = 'a.toml'\n{A}id = 'x'\n", "a.toml": f"{A}id = 'x'\n"},
            "here/p.toml:4: prompts[1].id: 'x' is already the id on here/a.toml:1; choose another",
        ),
        (
            {"p": "include = ['s/a.toml', 't/a.toml']", "s/a.toml": A, "t/a.toml": A},
            "here/t/a.toml:1: prompts[1].id: this entry would get the id 'a-001', which is already the id on here/s/a.toml",
        ),
    ],
)
def test_an_include_that_cannot_be_meant_is_refused_where_it_stands(files: dict[str, str], message: str) -> None:
    assert message in refusal(files)


def test_includes_go_eight_deep() -> None:
    files = {f"{at}.toml": f"include = '{at + 1}.toml'" for at in range(20)} | {"p": "include = '0.toml'"}
    assert refusal(files).startswith("here/7.toml:1: include: '8.toml' is included over more than 8 files")
    files["7.toml"] = A
    assert [entry.id for entry in read(files)] == ["7-001"]


def test_a_hundred_files_may_be_included() -> None:
    files = {f"s/{at:03d}.toml": "" for at in range(101)} | {"p": "include = 's/*.toml'"}
    assert "'s/100.toml' is one file too many: 100 are allowed" in refusal(files)
    del files["s/100.toml"]
    assert "holds no prompts" in refusal(files)


def test_files_that_include_each_others_files_take_no_longer_for_it() -> None:
    """Eight levels of twelve files that each include the whole next level: 12 ** 8 ways through them."""
    files = {"p": f"include = {[f'0-{at}.toml' for at in range(12)]}"}
    for level in range(7):
        below = [f"{level + 1}-{at}.toml" for at in range(12)]
        files |= {f"{level}-{at}.toml": f"include = {below}\n[vars]\nk{level}{at} = 1" for at in range(12)}
    files |= {f"7-{at}.toml": A for at in range(12)}
    assert len(read(files)) == 12


def test_parsing_many_small_files_is_bounded_like_one_large() -> None:
    many = "[[prompts]]\nprompt = 'a'\nseed = 1\n" * 10_000
    files = {"p": "include = '*.toml'"} | {f"{at:02d}.toml": many for at in range(60)}
    assert refusal(files).endswith(
        "holds too many prompts, keys or values; make several batches of the files that are included"
    )
