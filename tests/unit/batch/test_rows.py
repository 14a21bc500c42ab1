import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.batch.read import Kind, parse_batch
from imgcli.errors import BatchFileError
from imgcli.model.entry import Entry

LABEL = {Kind.CSV: "p.csv", Kind.JSONL: "p.jsonl", Kind.TEXT: "p.txt"}


def read(text: str, kind: Kind) -> tuple[Entry, ...]:
    return parse_batch(text, kind, LABEL[kind]).entries


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (Kind.CSV, "promt\nx\n", "p.csv:1: unknown column 'promt'; did you mean 'prompt'?"),
        (Kind.CSV, "\n\nprompt,base_url\n", "p.csv:3: a batch file may not set 'base_url'; it belongs in the config"),
        (Kind.CSV, "prompt,prompt\n", "p.csv:1: column 'prompt' stands twice; remove one"),
        (Kind.CSV, "prompt,\nx\n", "p.csv:1: column 2 has no name; name it or remove it"),
        (Kind.CSV, "prompt,matrix\n", "p.csv:1: matrix: a matrix needs a TOML or JSONL file"),
        (Kind.CSV, "size,n\n", "p.csv:1: there is no column 'prompt'"),
        (Kind.CSV, "prompt;size\na;b\n", "p.csv:1: the columns are parted by semicolons; save the file with commas"),
        (Kind.CSV, "prompt\tsize\na\tb\n", "p.csv:1: the columns are parted by tabs"),
        (Kind.CSV, "prompt\na,b\n", 'p.csv:2: has 2 cells, but the header has 1; put text with commas in "quotes"'),
        (Kind.CSV, 'prompt\na\n"b\nc', "p.csv:3: not valid CSV: unexpected end of data"),
        (Kind.CSV, 'prompt\n"a"b\n', "p.csv:2: not valid CSV: ',' expected after '\"'"),
        (Kind.CSV, "prompt,n\na,many\n", "p.csv:2: n: must be a whole number from 1 to 1000, not 'many'"),
        (Kind.CSV, "prompt,n\na,٣\n", "p.csv:2: n: must be a whole number from 1 to 1000, not '٣'"),
        (Kind.CSV, 'prompt,n\n"a\nb",1\n\nc,0\n', "p.csv:5: n: must be a whole number from 1 to 1000, not 0"),
        (Kind.CSV, "prompt,seed\na,99999999999999999999\n", "p.csv:2: seed: must be a whole number from 0"),
        (Kind.CSV, "prompt,size\na,auto\n,auto\n", "p.csv:3: has no prompt"),
        (Kind.CSV, "prompt,out\na,../b\n", 'p.csv:2: out: ".." is not allowed'),
        (Kind.JSONL, "{", "p.jsonl:1: not valid JSON: Expecting property name enclosed in double quotes (column 2)"),
        (Kind.JSONL, "\n[]\n", 'p.jsonl:2: must be an object such as {"prompt": "a car"}, one a line, not a list'),
        (Kind.JSONL, '"a"', "p.jsonl:1: must be an object"),
        (Kind.JSONL, '{"prompt": "a"} {}', "p.jsonl:1: not valid JSON: Extra data"),
        (Kind.JSONL, '{"prompt": "a", "prompt": "b"}', "p.jsonl:1: key 'prompt' stands twice; remove one"),
        (Kind.JSONL, '{"prompt": "a", "n": NaN}', "p.jsonl:1: NaN is no number"),
        (Kind.JSONL, '{"prompt": "a", "n": -Infinity}', "p.jsonl:1: -Infinity is no number"),
        (Kind.JSONL, '{"prompt": "a", "n": 1e999}', "p.jsonl:1: n: must be a whole number from 1 to 1000, not inf"),
        pytest.param(Kind.JSONL, f'{{"prompt": "a", "n": {"9" * 5000}}}', "p.jsonl:1: a number is too long", id="huge"),
        (
            Kind.JSONL,
            '{"prompt": "a"}\n\n{"prompt": 3}',
            "p.jsonl:3: prompt: must be text of 1 to 32,000 characters, not 3",
        ),
        (Kind.JSONL, '{"prompt": null}', "p.jsonl:1: has no prompt"),
        (Kind.JSONL, '{"prompt": "\\ud800"}', "p.jsonl:1: prompt: holds a control character (U+D800)"),
        (Kind.JSONL, '{"Prompt": "a"}', "p.jsonl:1: Prompt: unknown key 'Prompt'; did you mean 'prompt'?"),
        (Kind.JSONL, '{"prompt": "{a}", "matrix": {"a": [1e999]}}', "p.jsonl:1: matrix.a: inf is no number"),
        pytest.param(Kind.JSONL, "[" * 100_000, "p.jsonl:1: lists or objects are nested too deeply", id="deep"),
        (Kind.TEXT, "a\nb\x00", "p.txt:2: prompt: holds a control character (U+0000)"),
        pytest.param(
            Kind.TEXT, f"#\n{'x' * 32_001}", "p.txt:2: prompt: must be text of 1 to 32,000 characters", id="long"
        ),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(kind: Kind, text: str, message: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        read(text, kind)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_cells_say_what_keys_say() -> None:
    text = (
        "\nID, Prompt ,style,no,provider,model,size,quality,format,n,out,name,seed,tags\n\n"
        'x, a car ,macro; food,"text;a, b",openai,m,auto,low,png,2,a/b,{id},7,s;t\n,b\n'
    )
    car, other = read(text, Kind.CSV)
    assert car == Entry(
        prompt="a car",
        id="x",
        where="p.csv:4",
        style=("macro", "food"),
        no=("text", "a, b"),
        provider="openai",
        model="m",
        size="auto",
        quality="low",
        format="png",
        n=2,
        out="a/b",
        name="{id}",
        seed=7,
        tags=("s", "t"),
    )
    assert other == Entry("b", "row-002", "p.csv:5")


def test_null_says_nothing_and_a_matrix_works_in_json() -> None:
    text = '{"prompt": "a {b}", "size": null, "matrix": {"b": ["x", 2.5]}}'
    assert [(entry.id, entry.prompt, entry.size) for entry in read(text, Kind.JSONL)] == [
        ("row-001-x", "a x", None),
        ("row-001-2-5", "a 2.5", None),
    ]


def test_lines_are_prompts_but_comments_and_blanks() -> None:
    entries = read("# x\n\n a car \n\t# y\nb # c\u2028d\r\n", Kind.TEXT)
    assert [(entry.prompt, entry.id, entry.where) for entry in entries] == [
        ("a car", "row-001", "p.txt:3"),
        ("b # c\u2028d", "row-002", "p.txt:5"),
    ]


words = st.text(
    st.one_of(st.sampled_from(" ,;\"'\n\t#{}é"), st.characters(codec="utf-8", exclude_categories=["C", "Z"])),
    min_size=1,
)


@given(st.lists(words.filter(str.strip), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_any_prompt_survives_csv(prompts: list[str], end: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=end).writerows([["n", "prompt"], *([1, prompt] for prompt in prompts)])
    assert [entry.prompt for entry in read(file.getvalue(), Kind.CSV)] == [prompt.strip() for prompt in prompts]


@given(st.lists(words.filter(str.strip), min_size=1, max_size=5), st.booleans())
def test_any_prompt_survives_json(prompts: list[str], ascii_only: bool) -> None:
    text = "\n".join(json.dumps({"prompt": prompt}, ensure_ascii=ascii_only) for prompt in prompts)
    assert [entry.prompt for entry in read(text, Kind.JSONL)] == [prompt.strip() for prompt in prompts]
