import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.layout import PROMPTS, sections
from imgcli.batch.read import Kind, parse_batch
from imgcli.batch.toml_file import read_toml
from imgcli.errors import BatchFileError
from tests.rows import each_row

A = "[[prompts]]\nprompt = 'a'\n"


@each_row(
    ("text", "message"),
    [
        ("a", "p.toml:1: not valid TOML: Expected '=' after a key"),
        ("[[prompts]]\nprompt = a", "p.toml:2: not valid TOML: Invalid value (column 10); text goes in quotes"),
        ('[[prompts]]\nprompt = "a', "p.toml:2: not valid TOML: Unterminated string"),
        ("[[prompts]]\nprompt = 'a", 'p.toml:2: not valid TOML: Expected "\'"'),
        ('[[prompts]]\nprompt = "a\nb"', 'text over several lines goes between """ and """'),
        ('[[prompts]]\nprompt = "C:\\Users"', "write \\\\ for a backslash"),
        ('[[prompts]]\nprompt = "C:\\dir"', "write \\\\ for a backslash"),
        (f"{A}prompt = 'b'", "p.toml:3: not valid TOML: Cannot overwrite a value (column 13); the key is set twice"),
        (f"{A}n = 1 seed = 2", "p.toml:3: not valid TOML: Expected newline"),
        (f"{A}tags = ['a' 'b']", "put a comma between two items"),
        ("[defaults]\n[defaults]\n", "p.toml:2: not valid TOML: Cannot declare ('defaults',) twice"),
        (f"{A}n = 0x{'f' * 500}", "p.toml:3: a key or number is over 399 characters"),
        (f"a = {'[' * 500}", "p.toml: lists or tables are nested too deeply"),
        (f"{'a.' * 40}b = 1", "p.toml:1: a key has 41 parts; no key of a batch file has more than 3"),
        ("[budget]\nday = 1", "p.toml:1: a batch file may not set '[budget]'; it belongs in the config"),
        ("[providers.openai]\n", "it belongs in the config"),
        ("base_url = 'x'", "p.toml:1: a batch file may not set 'base_url'; it belongs in the config"),
        ("[prompts]\nprompt = 'a'", "p.toml:1: write [[prompts]] with two brackets"),
        ("[[defaults]]", "p.toml:1: write [defaults] with one bracket"),
        (f"{A}[[prompts.matrix]]", "p.toml:3: write [prompts.matrix] with one bracket"),
        (f"{A}[[prompts.zip]]", "p.toml:3: write [prompts.zip] with one bracket on each side, below its [[prompts]]"),
        ("[[vars]]", "p.toml:1: write [vars] with one bracket"),
        ("[var]", "p.toml:1: unknown table '[var]'; did you mean [vars]?"),
        (f"{A}[matrix]", "p.toml:3: unknown table '[matrix]'; did you mean [prompts.matrix]?"),
        (f"{A}[zip]", "did you mean [prompts.zip]?"),
        (f"{A}[sample]", "did you mean [prompts.sample]?"),
        ("[include]", "p.toml:1: '[include]' is no table; write include = [\"more.toml\"] above the first table"),
        ("[imports]", "write include = "),
        ("vars = 1", "p.toml:1: vars: must be a table: write [vars] on a line of its own, not 1"),
        ("include = 1", 'p.toml:1: include: must be a list of files such as ["sets/tins.toml"], not 1'),
        ("\ninclude = ['a.toml', 0]", 'p.toml:2: include: must be texts such as "sets/tins.toml", not 0'),
        (f"include = {['a.toml'] * 101}", "p.toml:1: include: names 101 files; 100 are allowed"),
        ("[[prompt]]\nprompt = 'a'", "p.toml:1: unknown table '[[prompt]]'; did you mean [[prompts]]?"),
        ("[default]\n", "p.toml:1: unknown table '[default]'; did you mean [defaults]?"),
        (
            "\n[other]\n",
            "p.toml:2: '[other]' is no table of a batch file; there is [defaults], [vars], [[prompts]], [prompts.",
        ),
        ("n = 1\n", "p.toml:1: 'n' stands above the first table; put it below [defaults] or a [[prompts]]"),
        ("promts = 1\n", "p.toml:1: unknown key 'promts'; did you mean 'prompts'?"),
        ("defaults = 1\n", "p.toml:1: defaults: must be a table: write [defaults] on a line of its own, not 1"),
        ("\nprompts = 1\n", "p.toml:2: prompts: must be a list of tables"),
        ("prompts = ['a']\n", "p.toml: prompts[1]: must be a table: write [[prompts]]"),
        ("[[prompts]]\nn = 1\n", "p.toml:1: prompts[1]: has no prompt; add prompt = "),
        ("[defaults]\nn = 0\n", "p.toml:2: defaults.n: must be a whole number"),
        (f"[defaults]\n\nstyles = 'x'\n{A}", "p.toml:3: defaults.styles: unknown key 'styles'; did you mean 'style'?"),
        (f"{A}{A}[prompts.matrix]\na = 3", "p.toml:6: prompts[2].matrix.a: must be a list"),
        ("prompts = [{prompt = 'a', n = 0}]", "p.toml: prompts[1].n: must be a whole number"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        parse_batch(text, Kind.TOML, "p.toml")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_keys_are_found_behind_texts_that_look_like_keys() -> None:
    text = f'''{A}
[[prompts]]  # n = 1
prompt = """
[[prompts]]
n = 3
"""
name = 'n = 4'
tags = [
  "n = 5", # n = 6
]
n = 0
'''
    with pytest.raises(BatchFileError, match=r"^p:13: prompts\[2\]\.n: "):
        parse_batch(text, Kind.TOML, "p")


def test_prompts_may_be_written_as_one_list() -> None:
    entries = parse_batch("prompts = [\n  {prompt = 'a'},\n  {prompt = 'b', style = ['x']},\n]", Kind.TOML, "p").entries
    assert [(entry.prompt, entry.where) for entry in entries] == [("a", "p: prompts[1]"), ("b", "p: prompts[2]")]


QUOTED = st.builds(
    lambda quote, pieces: f"{quote}{''.join(pieces).replace(quote[0], '')}{quote}",
    st.sampled_from(['"', "'", '"""', "'''"]),
    st.lists(
        st.sampled_from(["[[prompts]]", "#", " ", "a.b.c = 1", "'", '"', "x", "=", "[", "]", "{", "}"]), max_size=6
    ),
)
LINES = st.one_of(
    st.just("[[prompts]]"),
    st.just("  [[ prompts ]] # [[prompts]]"),
    st.just('[["prompts"]]'),
    st.just("[defaults]"),
    st.just("# [[prompts]] 'a"),
    st.builds("k{} = {}".format, st.integers(0, 99), QUOTED),
    st.builds("k{} = [ {}, [{}] ]".format, st.integers(0, 99), QUOTED, QUOTED),
    st.builds("k{}.b = {{ a = [\n {} ] }}".format, st.integers(0, 99), QUOTED),
    st.builds("k{} = '''\n[[prompts]]\n{}\n'''".format, st.integers(0, 99), st.sampled_from(["", '"', '"""', "#"])),
)


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_the_layout_sees_the_prompts_the_parser_sees(text: str) -> None:
    try:
        data = tomli.loads(text)
    except tomli.TOMLDecodeError:
        return
    found = [section for section in sections(text, "p") if section.table == PROMPTS]
    assert len(found) == len(data.get("prompts", []))
    for section in found:
        assert "prompts" in text.split("\n")[section.line - 1]


def test_the_reader_gives_raw_keys() -> None:
    found = read_toml(f"include = 'x.toml'\n[vars]\na = 1\n[defaults]\nn = 3\n{A}zzz = 1\n", "p")
    assert found.include == ("x.toml",)
    assert found.vars is not None
    assert found.vars.keys == {"a": 1}
    assert found.defaults is not None
    assert found.defaults.keys == {"n": 3}
    assert [draft.keys for draft in found.prompts] == [{"prompt": "a", "zzz": 1}]
