"""Paths of pictures in batch files: whose directory they are told from, and that none leads out."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.check import LIKE_INPUT
from imgcli.batch.neighbours import NeighbourError
from imgcli.batch.read import Kind, parse_batch
from imgcli.cli.neighbours import DirectoryNeighbours
from imgcli.errors import BatchFileError
from imgcli.model.entry import Entry
from imgcli.plan import LIKE_INPUT as OF_THE_PLAN


def entries(text: str, kind: Kind = Kind.TOML, beside: Path | None = None) -> list[Entry]:
    return list(parse_batch(text, kind, f"p.{kind.value}", DirectoryNeighbours(beside) if beside else None).entries)


def refs(text: str, kind: Kind = Kind.TOML, beside: Path | None = None) -> list[tuple[str, ...]]:
    return [entry.refs for entry in entries(text, kind, beside)]


def problem(text: str, kind: Kind = Kind.TOML, beside: Path | None = None) -> str:
    with pytest.raises(BatchFileError) as raised:
        entries(text, kind, beside)
    return str(raised.value)


A = "[[prompts]]\nprompt = 'a'\n"


def test_one_path_or_several() -> None:
    assert refs(f"{A}ref = 'a.png'\n{A}ref = ['a.png', 'b/c.jpg']\n{A}") == [("a.png",), ("a.png", "b/c.jpg"), ()]


@pytest.mark.parametrize("words", ["tries = 1", "expect = []\ntries = 0"])
def test_tries_without_anything_expected_are_refused(words: str) -> None:
    assert problem(f"{A}{words}\n").endswith(
        'prompts[1].tries: goes with expect; add expect = "size", or leave tries out'
    )
    assert entries(f"[defaults]\nexpect = 'size'\ntries = 3\n{A}tries = 1\n{A}expect = []\n{A}")[0].tries == 1


def test_defaults_are_replaced_whole_and_may_be_put_off() -> None:
    seen = entries(
        f"[defaults]\nref = 'a.png'\nmask = 'm.png'\ninput_fidelity = 'high'\n{A}{A}ref = ['b.png']\ninput_fidelity = 'low'\n{A}ref = []"
    )
    assert [(one.refs, one.mask, one.fidelity) for one in seen] == [
        (("a.png",), "m.png", "high"),
        (("b.png",), "m.png", "low"),
        ((), None, None),
    ]


def test_rows_have_them_too() -> None:
    assert refs('prompt,ref,mask\na,a.png; b.png,m.png\n"b",,\n', Kind.CSV) == [("a.png", "b.png"), ()]
    lines = [{"prompt": "a", "ref": "a.png", "input_fidelity": "low"}, {"prompt": "b", "ref": ["a.png", "b.png"]}]
    assert refs("\n".join(map(json.dumps, lines)), Kind.JSONL) == [("a.png",), ("a.png", "b.png")]


def test_values_fill_paths() -> None:
    text = f"{A}ref = ['photos/{{sku}}.png', 'logo.png']\nmask = 'masks/{{sku}}.png'\nid = '{{sku}}'\n"
    seen = entries(f"{text}zip = {{ sku = ['x1', 'sets/x2'] }}")
    assert [(one.refs, one.mask) for one in seen] == [
        (("photos/x1.png", "logo.png"), "masks/x1.png"),
        (("photos/sets/x2.png", "logo.png"), "masks/sets/x2.png"),
    ]
    assert refs(f"[vars]\nhouse = 'saltmarsh'\n{A}ref = '{{house}}/logo.png'") == [("saltmarsh/logo.png",)]
    assert refs(f"{A}ref = 'odd{{name}}.png'") == [("odd{name}.png",)]


def test_a_path_alone_makes_several_pictures() -> None:
    assert len(refs(f"{A}ref = 'photos/{{sku}}.png'\nmatrix = {{ sku = ['x1', 'x2'] }}")) == 2


def test_included_files_tell_paths_from_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "one.toml").write_text(f"{A}ref = 'in.png'\nmask = '../m.png'\n{A}")
    root = "include = 'sets/one.toml'\n[defaults]\nref = 'house.png'\n"
    seen = entries(root, beside=tmp_path)
    assert [(one.refs, one.mask) for one in seen] == [(("sets/in.png",), "m.png"), (("house.png",), None)]
    (tmp_path / "sets" / "one.toml").write_text(f"[defaults]\nref = 'in.png'\n{A}")
    assert refs(root, beside=tmp_path) == [("sets/in.png",)]


def test_a_directory_with_braces_cannot_be_told_from_a_value(tmp_path: Path) -> None:
    (tmp_path / "{a}").mkdir()
    (tmp_path / "{a}" / "one.toml").write_text(f"{A}ref = 'in.png'\n")
    assert "has braces in its name; rename it" in problem("include = '{a}/one.toml'\n", beside=tmp_path)


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("ref = '../a.png'", "p.toml:3: prompts[1].ref: '../a.png' leads out of the directory of the batch file"),
        ("ref = 'a/../../b.png'", "leads out of the directory"),
        ("ref = '/etc/a.png'", "must be written relative to the file that names it"),
        ("ref = '~/a.png'", "must be written relative"),
        ("ref = 'C:/a.png'", "must be written relative"),
        (r"ref = 'a\b.png'", "has a backslash"),
        ("ref = '.secret/a.png'", "is hidden"),
        ("ref = ''", "must be the path of a picture"),
        ("ref = ' '", "must not be blank"),
        ("ref = 'a/con.png'", "reserved name on Windows"),
        ("ref = 7", "must be the path of a picture or a list of at most 16, not 7"),
        (f"ref = {['a.png'] * 17}", "must be the path of a picture or a list of at most 16, not a list of 17"),
        ("ref = ['a.png', '']", "p.toml:3: prompts[1].ref[2]: must be text of 1 to 200 characters"),
        ("ref = 'a\\u001b[2J.png'".replace("'", '"'), "holds a control character (U+001B)"),
        ("ref = 'a.png'\nmask = '../m.png'", "p.toml:4: prompts[1].mask: '../m.png' leads out"),
        ("mask = 'm.png'", 'prompts[1].mask: goes with a picture; add ref = "photo.png"'),
        ("input_fidelity = 'high'", "prompts[1].input_fidelity: goes with a picture"),
        ("ref = 'a.png'\ninput_fidelity = 'medium'", 'must be "low" or "high"'),
        ("ref = '{x}.png'\nmatrix = { x = ['a', '../../b'] }", "'../../b.png' leads out"),
        ("ref = '{x}.png'\nmatrix = { y = ['a', 'b'] }", "unknown field '{x}'"),
        ("image = 'a.png'", "unknown key 'image'; did you mean 'ref'?"),
        ("refs = 'a.png'", "unknown key 'refs'; did you mean 'ref'?"),
        ("fidelity = 'low'", "did you mean 'input_fidelity'?"),
    ],
)
def test_what_cannot_be_a_path_is_told_with_its_line(lines: str, told: str) -> None:
    assert told in problem(f"{A}{lines}")


def test_an_included_file_leads_no_further_out(tmp_path: Path) -> None:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "one.toml").write_text(f"{A}ref = '../../a.png'\n")
    told = problem("include = 'sets/one.toml'\n", beside=tmp_path)
    assert "one.toml:3: prompts[1].ref: 'sets/../../a.png' leads out of the directory" in told
    (tmp_path / "sets" / "one.toml").write_text(f"{A}ref = '/etc/a.png'\n")
    assert "'/etc/a.png' must be written relative" in problem("include = 'sets/one.toml'\n", beside=tmp_path)


def test_the_size_may_be_that_of_the_picture() -> None:
    assert LIKE_INPUT == OF_THE_PLAN
    assert entries(f"{A}ref = 'a.png'\nsize = 'input'")[0].size == "input"
    assert "size 'inputs' is not WIDTHxHEIGHT" in problem(f"{A}ref = 'a.png'\nsize = 'inputs'")


@given(st.text(max_size=40))
def test_no_path_that_is_taken_leads_out(typed: str) -> None:
    try:
        (found,) = refs(json.dumps({"prompt": "a", "ref": typed}), Kind.JSONL)
    except (BatchFileError, NeighbourError):
        return
    for path in found:
        assert not path.startswith(("/", "~", "../"))
        assert ".." not in path.split("/")
