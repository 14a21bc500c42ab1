import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imgcli.batch.read import Batch, Kind, kind_of, parse_batch
from imgcli.errors import BatchFileError
from imgcli.model.entry import Entry
from tests.unit.batch.test_neighbours import Shelf

EXAMPLES = Path(__file__).parents[3] / "examples"
A = "[[prompts]]\nprompt = 'a'\n"
PLAIN = {Kind.TOML: A, Kind.CSV: "prompt\na\n", Kind.JSONL: '{"prompt": "a"}\n', Kind.TEXT: "a\n"}
LABEL = {Kind.TOML: "p.toml", Kind.CSV: "p.csv", Kind.JSONL: "p.jsonl", Kind.TEXT: "p.txt"}


def read(text: str, kind: Kind = Kind.TOML) -> tuple[Entry, ...]:
    return parse_batch(text, kind, LABEL[kind]).entries


def refusal(text: str, kind: Kind = Kind.TOML) -> str:
    with pytest.raises(BatchFileError) as caught:
        parse_batch(text, kind, LABEL[kind])
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("prompts.toml", Kind.TOML),
        ("PROMPTS.TOML", Kind.TOML),
        ("a/b.csv", Kind.CSV),
        ("b.jsonl", Kind.JSONL),
        ("b.ndjson", Kind.JSONL),
        ("b.txt", Kind.TEXT),
    ],
)
def test_the_extension_tells_the_kind(name: str, kind: Kind) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a", ".toml", "a.toml.bak", ""])
def test_another_extension_is_refused_with_advice(name: str) -> None:
    with pytest.raises(BatchFileError, match=r"name (it|the file) \."):
        kind_of(name)


def test_defaults_fill_what_a_prompt_does_not_say() -> None:
    text = """
[defaults]
style = ["cinematic", "macro"]
no = "text"
provider = "placeholder"
model = "m"
size = "portrait"
quality = "low"
format = "webp"
n = 2
out = "a/b/"
name = "{id}-{n}"
seed = 0
tags = ["x", "y", "x"]

[[prompts]]
prompt = " a car "

[[prompts]]
id = "own"
prompt = "a bus"
style = []
no = ["rain"]
n = 1
tags = "z"
"""
    car, bus = read(text)
    assert car == Entry(
        prompt="a car",
        id="prompt-001",
        where="p.toml:16",
        style=("cinematic", "macro"),
        no=("text",),
        provider="placeholder",
        model="m",
        size="portrait",
        quality="low",
        format="webp",
        n=2,
        out="a/b",
        name="{id}-{n}",
        seed=0,
        tags=("x", "y"),
    )
    assert (bus.id, bus.where, bus.style, bus.no, bus.n, bus.tags) == ("own", "p.toml:19", (), ("rain",), 1, ("z",))


@pytest.mark.parametrize("kind", Kind)
def test_what_nobody_said_stays_none(kind: Kind) -> None:
    first = "prompt-001" if kind is Kind.TOML else "row-001"
    line = 2 if kind is Kind.CSV else 1
    assert read(PLAIN[kind], kind) == (Entry("a", first, f"{LABEL[kind]}:{line}"),)


@pytest.mark.parametrize("kind", Kind)
def test_a_byte_order_mark_and_windows_lines_change_nothing(kind: Kind) -> None:
    assert read("\ufeff" + PLAIN[kind].replace("\n", "\r\n"), kind) == read(PLAIN[kind], kind)


@pytest.mark.parametrize("kind", Kind)
def test_a_file_without_prompts_is_refused(kind: Kind) -> None:
    assert refusal("", kind).startswith(f"{LABEL[kind]}: holds no prompts; ")


@pytest.mark.parametrize("kind", Kind)
def test_a_file_over_4_mib_is_refused(kind: Kind) -> None:
    for text in ("#" * ((4 << 20) + 1), "ü" * ((2 << 20) + 1)):
        assert refusal(text, kind) == f"{LABEL[kind]}: is larger than 4 MiB; split it"


def test_a_file_over_a_million_lines_is_refused() -> None:
    assert refusal("\n" * 1_000_001) == "p.toml: has over 1,000,000 lines; split it"


def test_two_equal_ids_are_refused_with_both_lines() -> None:
    assert refusal(f"{A}id = 'x'\n{A}id = ' x '\n") == (
        "p.toml:6: prompts[2].id: 'x' is already the id on line 1; choose another"
    )
    assert refusal("id,prompt\nx,a\ny,b\nx,c\n", Kind.CSV) == (
        "p.csv:4: id: 'x' is already the id on line 2; choose another"
    )
    assert "would get the id 'prompt-002', which is already the id on line 1" in refusal(f"{A}id = 'prompt-002'\n{A}")
    assert "already the id on line 1" in refusal(f"{A}id = 'prompt-002-x'\n{A[:-3]}{{k}}'\nmatrix.k = ['x']\n")


def test_pictures_are_counted_before_anything_is_multiplied() -> None:
    hundred = [str(at) for at in range(100)]
    grid = f"[[prompts]]\nprompt = '{{a}} {{b}} {{c}}'\nmatrix = {{ a = {hundred}, b = {hundred}, c = {hundred} }}\n"
    assert "prompts[1]: brings the file to 1,000,000 pictures; 100,000 are allowed" in refusal(grid)
    lines = "\n".join(['{"prompt": "a", "n": 1000}'] * 101)
    assert refusal(lines, Kind.JSONL).startswith("p.jsonl:101: brings the file to 101,000 pictures")
    assert len(read("\n".join(['{"prompt": "a", "n": 1000}'] * 100), Kind.JSONL)) == 100


def test_the_characters_of_matrices_are_limited_together() -> None:
    values = [str(at) for at in range(2500)]
    assert "64 million characters" in refusal(f"[[prompts]]\nprompt = '{{a}}{'x' * 30_000}'\nmatrix.a = {values}\n")


@pytest.mark.parametrize(
    ("text", "kind", "prompts"),
    [
        (f"{A[:-3]}{{red|blue}} {{{{x}}}} {{'\n", Kind.TOML, ["{red|blue} {{x}} {"]),
        ("prompt\n{red|blue} {{@x}}\n", Kind.CSV, ["{red|blue} {{@x}}"]),
        ("{red|blue} {{@x}}\n", Kind.TEXT, ["{red|blue} {{@x}}"]),
        (json.dumps({"prompt": '{"@x": {"a|b": 1}} {@c} {'}), Kind.JSONL, ['{"@x": {"a|b": 1}} {@c} {']),
        (json.dumps({"prompt": "{r|b} {{x}}", "sample": 2}), Kind.JSONL, ["r {x}", "b {x}"]),
        (json.dumps({"prompt": "{a}{b}", "zip": {"a": [1, 2], "b": [3, 4]}}), Kind.JSONL, ["13", "24"]),
        ("[[prompts]]\nprompt = '{a}{x|y}'\nmatrix.a = [1]\n", Kind.TOML, ["1x", "1y"]),
        ("[vars]\n[[prompts]]\nprompt = '{x|y}'\n", Kind.TOML, ["x", "y"]),
        (f"{A}[[prompts]]\nprompt = '{{@c}} {{x|y}}'\n", Kind.TOML, ["a", "red x", "red y", "blue x", "blue y"]),
    ],
)
def test_braces_mean_something_only_where_the_file_says_so(text: str, kind: Kind, prompts: list[str]) -> None:
    batch = parse_batch(text, kind, LABEL[kind], Shelf({"c.txt": "red\nblue\n"}))
    assert [entry.prompt for entry in batch.entries] == prompts


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        (
            "[[prompts]]\nprompt = '{@c}'\n",
            Kind.TOML,
            "p.toml:2: prompts[1].prompt: wildcard '{@c}': 'c.txt' cannot be",
        ),
        (
            "include = 'a.toml'\n",
            Kind.TOML,
            "p.toml:1: include: 'a.toml' cannot be found from stdin; save the batch as",
        ),
        ("include = '*.toml'\n", Kind.TOML, "p.toml:1: include: '*.toml' cannot be found from stdin"),
        ('{"prompt": "{@c}", "sample": 1}', Kind.JSONL, "p.jsonl:1: prompt: wildcard '{@c}': 'c.txt' cannot be found"),
        ("[[prompts]]\nprompt = 'x {@c'\n", Kind.TOML, "prompts[1].prompt: has a single '{'"),
        ("[[prompts]]\nprompt = 'x {@c'\n", Kind.TOML, "braces mean something here because the prompt has {@"),
        (f"[vars]\n{A[:-3]}{{'\n", Kind.TOML, "braces mean something here because of [vars]"),
        ("prompt,zip\na,b\n", Kind.CSV, "p.csv:1: zip: a zip needs a TOML or JSONL file"),
        ("prompt,sample\na,b\n", Kind.CSV, "p.csv:1: sample: a sample needs a TOML or JSONL file"),
        ('{"prompt": "a", "vars": {"a": 1}}', Kind.JSONL, "'vars' stands at the top of a TOML batch file"),
        ('{"prompt": "a", "include": "x"}', Kind.JSONL, "'include' stands at the top of a TOML batch file"),
    ],
)
def test_sets_that_cannot_be_read_here_are_refused(text: str, kind: Kind, message: str) -> None:
    assert message in refusal(text, kind)


def test_constants_count_as_the_characters_they_make() -> None:
    text = f"[vars]\nv = '{'x' * 1000}'\n" + "[[prompts]]\nprompt='{v}{v}{v}{v}{v}{v}{v}{v}{v}{v}'\n" * 6500
    assert "its values make more than 64 million characters" in refusal(text)


def test_entries_that_share_a_long_list_do_not_work_it_out_again() -> None:
    """5,000 samples of one out of 10,000 lines each: seconds, not hours."""
    lines = "".join(f"word {at}\n" for at in range(10_000))
    text = "[[prompts]]\nprompt='{@c}'\nsample=1\nid='i%d'\n"
    batch = parse_batch("".join(text % at for at in range(5000)), Kind.TOML, "p.toml", Shelf({"c.txt": lines}))
    assert len(batch.entries) == 5000


@given(st.text(), st.sampled_from(Kind))
@example("\ud800", Kind.TOML)
@example("[[prompts]]\nprompt = '\ud800'", Kind.TOML)
@example('{"prompt": "\\ud800"}', Kind.JSONL)
@example('{"prompt": "a", "n": 1e999}', Kind.JSONL)
@example("a = 0000-01-01", Kind.TOML)
def test_no_text_raises_anything_else(text: str, kind: Kind) -> None:
    _never_surprised(text, kind)


PIECES = st.sampled_from(
    [
        *[
            "[[prompts]]\n",
            "[defaults]\n",
            "[prompts.matrix]\n",
            "[",
            "]",
            "{",
            "}",
            "\n",
            "\r",
            ",",
            ".",
            "=",
            "#",
            "\\",
        ],
        *['"', "'", '"""', "'''", "prompt", "prompt = 'a {b}'\n", "matrix.b = ['x']\n", "n = 1\n", "id = 'x'\n", ";"],
        *[
            "out = 'a'\n",
            "[vars]\n",
            "b = ['x', 'y']\n",
            "[prompts.zip]\n",
            "sample = 2\n",
            "include = ",
            "'c.txt'\n",
            "{@c}",
            "{x|y}",
            "zip.b = ['x']\n",
            "size",
            '{"prompt": ',
            '"a"',
            "}\n",
            "prompt,n\n",
            "a,1\n",
            "\x00",
            "\ufeff",
            "é",
            " ",
            "9",
            "nan",
        ],
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.sampled_from(Kind))
def test_no_pieces_of_batch_files_raise_anything_else(text: str, kind: Kind) -> None:
    _never_surprised(text, kind)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)


@given(
    st.sampled_from(
        ["id", "style", "no", "n", "size", "out", "name", "seed", "tags", "format", "matrix", "zip", "sample", "prompt"]
    ),
    JSON,
)
def test_no_value_of_a_key_raises_anything_else(key: str, value: object) -> None:
    _never_surprised(json.dumps({"prompt": "a {b}", key: value}), Kind.JSONL)


def _never_surprised(text: str, kind: Kind) -> None:
    try:
        batch = parse_batch(text, kind, LABEL[kind], Shelf({"c.txt": "red\nblue\n"}))
    except BatchFileError as error:
        message = str(error)
    else:
        assert batch.entries
        assert len({entry.id for entry in batch.entries}) == len(batch.entries)
        for entry in batch.entries:
            assert entry.prompt == entry.prompt.strip() != ""
            entry.prompt.encode()
        return
    assert "\n" not in message
    assert message.startswith(LABEL[kind])


def test_the_example_library_is_what_its_comment_says() -> None:
    entries = example_batch("prompts.toml").entries
    prompts = (EXAMPLES / "prompts.toml").read_text("utf-8")
    said = re.search(r"(\d+) prompts, (\d+) pictures", prompts)
    assert said is not None
    assert prompts.count("[[prompts]]") == int(said[1]) >= 12
    assert sum(entry.n for entry in entries) == int(said[2])
    assert {entry.provider for entry in entries} == {"placeholder"}
    assert 2 in {entry.n for entry in entries}
    assert len({entry.size for entry in entries}) >= 3


@pytest.mark.parametrize(("name", "rows", "pictures"), [("csv", 5, 6), ("jsonl", 7, 8), ("txt", 5, 5)])
def test_the_other_examples_parse(name: str, rows: int, pictures: int) -> None:
    entries = example_batch(f"prompts.{name}").entries
    assert (len(entries), sum(entry.n for entry in entries)) == (rows, pictures)


def example_batch(name: str) -> Batch:
    return parse_batch((EXAMPLES / name).read_text("utf-8"), kind_of(name), name)


def keys(count: int, line: str) -> str:
    return "".join(line.format(at) for at in range(count))[: 4 << 20]


HOSTILE = {
    "a key of 20,000 parts": "a." * 20_000 + "b = 1",
    "a header of 20,000 parts": "[" + "a." * 20_000 + "b]",
    "a quoted key of 20,000 parts": "'a'." * 20_000 + "b = 1",
    "a spaced key of 20,000 parts": "a . " * 20_000 + "b = 1",
    "a long key nobody ends": "a = a." * 700_000,
    "many keys of 30 parts": keys(60_000, "k{}." + "a." * 29 + "b=1\n"),
    "many keys of 4 parts": keys(300_000, "k{}.a.b.c=1\n"),
    "many keys": keys(300_000, "k{}=1\n"),
    "many keys of a prompt": "[[prompts]]\n" + keys(300_000, "k{}=1\n"),
    "many keys of a matrix": A + "[prompts.matrix]\n" + keys(200_000, "k{}=[1]\n"),
    "many inline tables": keys(300_000, "k{}={{}}\n"),
    "many tables": keys(300_000, "[k{}.a.b]\n"),
    "many prompts": "[[prompts]]\n" * 340_000,
    "many matrices": "[[prompts]]\n[prompts.matrix]\n" * 140_000,
    "one matrix many times": "[prompts.matrix]\n" * 240_000,
    "many numbers": "a = [" + "1," * 1_900_000 + "]",
    "fewer numbers": "a = [" + "1," * 340_000 + "]",
    "many texts": "a = [" + "''," * 1_300_000 + "]",
    "nested lists": "a = " + "[" * 100_000,
    "lists nested 390 times": "a = " + "[" * 390 + "]" * 390,
    "nested tables": "a = " + "{a = " * 100_000,
    "a huge number": A + "n = " + "9" * 5000,
    "a huge hexadecimal number": "a = 0x" + "9" * 4_000_000,
    "a huge fraction": "a = " + "9" * 4_000_000 + ".0",
    "a number with underscores": "a = " + "1_" * 2_000_000 + "1",
    "comments": "#\n" * 2_000_000,
    "lines": "\n" * 4_000_000,
    "carriage returns": "\r" * 4_000_000,
    "quotes": "'" * 4_000_000,
    "double quotes": '"' * 4_000_000,
    "escapes nobody ends": 'a = "' + '\\"' * 2_000_000,
    "a long text nobody ends": 'a = """' + '\\"' * 2_000_000,
    "brackets": "[" * 4_000_000,
    "brackets behind words": "x[" * 2_000_000,
    "brackets on lines": "a = [\n" + "[\n" * 100_000,
    "texts nobody ends": ('"a"."b"."c"."' + "x" * 100 + "\n") * 30_000,
    "dots": "." * 4_000_000,
    "a huge prompt": "[[prompts]]\nprompt = '" + "x" * 4_000_000 + "'",
    "a huge key": A + "'" + "x" * 4_000_000 + "' = 1",
    "a huge matrix": "[[prompts]]\nprompt = '{a}'\nmatrix.a = [" + ",".join(map(str, range(340_000))) + "]",
    "many vars": "[vars]\n" + keys(200_000, "k{}=1\n"),
    "vars a prompt repeats": f"[vars]\nv='{'x' * 1000}'\n"
    + "[[prompts]]\nprompt='{v}{v}{v}{v}{v}{v}{v}{v}'\n" * 80_000,
    "many includes": "include = [" + "'a.toml'," * 300_000 + "]",
    "a zip of many lists": A + "[prompts.zip]\n" + keys(200_000, "k{}=[1]\n"),
    "a zip of one row twice": "[[prompts]]\nprompt='{a}'\nzip.a=[" + ",".join([*map(str, range(50_000)), "1"]) + "]",
    "alternatives": "[vars]\n[[prompts]]\nprompt='" + "{a|b}" * 6000 + "'",
    "one choice of many": "[vars]\n[[prompts]]\nprompt='{" + "a|" * 15_000 + "b}'",
    "braces nobody ends": "[vars]\n[[prompts]]\nprompt='" + "{a|" * 10_000 + "'",
    "backslashes in braces": "[vars]\n[[prompts]]\nprompt='{" + "\\" * 31_000 + "'",
    "a template of keys": "[[prompts]]\nprompt = '" + "{a}" * 10_000 + "'\nmatrix.a = ['x', 'y']",
}
HOSTILE_ROWS = {
    "lists": (Kind.JSONL, "[" * 4_000_000),
    "objects": (Kind.JSONL, '{"a":' * 700_000),
    "numbers": (Kind.JSONL, "[" + "1," * 1_900_000 + "1]"),
    "a huge number": (Kind.JSONL, '{"prompt": "a", "n": ' + "9" * 4_000_000 + "}"),
    "a huge fraction": (Kind.JSONL, '{"prompt": "a", "n": ' + "9" * 4_000_000 + ".0}"),
    "many keys": (Kind.JSONL, "{" + keys(300_000, '"k{}":1,') + '"a":1}'),
    "many rows": (Kind.JSONL, '{"prompt":"a"}\n' * 200_000),
    "empty lines of JSON": (Kind.JSONL, "\n" * 4_000_000),
    "commas": (Kind.CSV, "," * 4_000_000),
    "a header of commas": (Kind.CSV, "prompt" + ",a" * 1_900_000),
    "empty lines": (Kind.CSV, "\n" * 4_000_000),
    "empty rows": (Kind.CSV, ",\n" * 2_000_000),
    "rows": (Kind.CSV, "prompt\n" + "a\n" * 1_500_000),
    "a cell nobody ends": (Kind.CSV, 'prompt\n"' + '""' * 2_000_000),
    "a huge cell": (Kind.CSV, "prompt\n" + "a" * 4_000_000),
    "lines of text": (Kind.TEXT, "a\n" * 2_000_000),
    "a huge line": (Kind.TEXT, "a" * 4_000_000),
    "zeros": (Kind.TEXT, "\x00" * 4_000_000),
}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *[pytest.param(Kind.TOML, text, id=name) for name, text in HOSTILE.items()],
        *[pytest.param(kind, text, id=f"{kind.value}: {name}") for name, (kind, text) in HOSTILE_ROWS.items()],
    ],
)
def test_a_hostile_file_fails_within_seconds(kind: Kind, text: str) -> None:
    # Seconds of a busy machine are long; what has no bound takes minutes.
    assert any(_seconds_to_refuse(text[: 4 << 20], kind) < 3 for _ in range(3))


def _seconds_to_refuse(text: str, kind: Kind) -> float:
    began = time.process_time()
    message = refusal(text, kind)
    assert len(message) < 400
    return time.process_time() - began
