import re

import pytest

from imgcli.batch.check import id_problem, text_problem, value_problem
from imgcli.batch.read import Kind, parse_batch
from imgcli.errors import BatchFileError

A = "[[prompts]]\nprompt = 'a'\n"


@pytest.mark.parametrize(
    ("line", "where", "problem"),
    [
        ("promt = 'x'", ".promt", "unknown key 'promt'; did you mean 'prompt'?"),
        ("styles = 'x'", ".styles", "unknown key 'styles'; did you mean 'style'?"),
        ("negative_prompt = 'x'", ".negative_prompt", "did you mean 'no'?"),
        ("aspect = '16:9'", ".aspect", "did you mean 'size'?"),
        ("zzz = 1", ".zzz", "unknown key 'zzz'; known: id, prompt, style, no, "),
        ("'a b' = 1", "", "unknown key 'a b'; known: "),
        ("base_url = 'http://x'", ".base_url", "a batch file may not set 'base_url'; it belongs in the config"),
        ("api-key = 'x'", ".api-key", "it belongs in the config"),
        ("key = 'x'", ".key", "it belongs in the config"),
        ("webhook = 'x'", ".webhook", "it belongs in the config"),
        ("budget = 5", ".budget", "it belongs in the config"),
        ("providers = 'x'", ".providers", "did you mean 'provider'?"),
        ("n = 0", ".n", "must be a whole number from 1 to 1000, not 0"),
        ("n = 1001", ".n", "must be a whole number from 1 to 1000, not 1001"),
        ("n = true", ".n", "not true"),
        ("n = '2'", ".n", "not '2'"),
        ("n = 2.0", ".n", "not 2.0"),
        ("n = nan", ".n", "not nan"),
        ("n = 0x" + "f" * 300, ".n", "not a huge number"),
        ("seed = -1", ".seed", "must be a whole number from 0 to 9223372036854775807, not -1"),
        ("seed = 9223372036854775808", ".seed", "not 9223372036854775808"),
        ("seed = inf", ".seed", "not inf"),
        ("seed = true", ".seed", "not true"),
        ("size = 1024", ".size", 'must be text such as "1536x1024", not 1024'),
        ("size = '1024*1024'", ".size", "size '1024*1024' is not WIDTHxHEIGHT in pixels"),
        ("format = 'jpg'", ".format", 'must be "png", "jpeg" or "webp", not \'jpg\''),
        ("format = false", ".format", "not false"),
        ("style = 3", ".style", "must be one text of 1 to 100 characters or a list of at most 100, not 3"),
        ("style = ''", ".style", "not ''"),
        ("style = ' '", ".style", "must not be blank"),
        ("style = ['a', 3]", ".style[2]", "must be text of 1 to 100 characters, not 3"),
        ("no = ['']", ".no[1]", "must be text of 1 to 1,000 characters, not ''"),
        pytest.param(f"no = {['x'] * 101}", ".no", "not a list of 101", id="many"),
        ("tags = { a = 1 }", ".tags", "not a table"),
        ("tags = [['a']]", ".tags[1]", "not a list of 1"),
        ("model = 1979-05-27", ".model", "not a date"),
        ("provider = ['a']", ".provider", "not a list of 1"),
        ('quality = "a\\nb"', ".quality", "holds a control character (U+000A); remove it"),
        ('model = "a\\u0000"', ".model", "holds a control character (U+0000)"),
        ('tags = ["a\\u001b[2J"]', ".tags", "holds a control character (U+001B)"),
        ("id = '  '", ".id", "must not be blank"),
        ('id = "a\\u200b"', ".id", "holds a character that cannot be printed (U+200B); remove it"),
        (f"id = '{'x' * 101}'", ".id", "must be text of 1 to 100 characters, not 'xxxx"),
        ("out = '../x'", ".out", '".." is not allowed; use --out'),
        ("out = '/x'", ".out", "must be relative to the output directory"),
        ("out = 'C:x'", ".out", "a drive letter is not allowed"),
        ("out = 'a\\b'", ".out", "write / between the parts, not a backslash"),
        ("out = '{colour}'", ".out", "{colour} needs a matrix in this entry"),
        ("name = 'a/b'", ".name", "may not hold / or \\; use out for directories"),
        ("name = 'a.PNG'", ".name", "leave out '.PNG'"),
        ("name = '{slugg}'", ".name", "unknown field '{slugg}'; did you mean '{slug}'?"),
        ("name = '{'", ".name", "has a single '{'; write {{"),
        ("matrix = 3", ".matrix", 'must be a table of lists, such as { colour = ["red", "blue"] }, not 3'),
        ("matrix = {}", ".matrix", "is empty"),
        ("matrix = { a = 'x' }", ".matrix.a", 'must be a list such as ["red", "blue"], not \'x\''),
        ("matrix = { a = [] }", ".matrix.a", "the list is empty"),
        ("matrix = { a = [true] }", ".matrix.a", "values must be texts or numbers, not true"),
        ("matrix = { a = [[]] }", ".matrix.a", "values must be texts or numbers, not a list"),
        (f"matrix = {{ a = ['{'x' * 1001}'] }}", ".matrix.a", "is over 1,000 characters"),
        ('matrix = { a = ["x\\u0007"] }', ".matrix", "holds a control character (U+0007)"),
        ("matrix = { slug = ['x'] }", ".matrix.slug", "matrix key 'slug' already means something in a name"),
        ("zip = { date = ['x'] }", ".zip.date", "zip key 'date' already means something in a name; call it 'my_date'"),
        ("matrix = { style = ['x', ''] }", ".matrix.style", "must be one text of 1 to 100 characters"),
        ("matrix = { style = [' '] }", ".matrix.style", "must not be blank"),
        ("matrix = { size = ['1024*1024'] }", ".matrix.size", "size '1024*1024' is not WIDTHxHEIGHT in pixels"),
        ("matrix = { size = [1024] }", ".matrix.size", 'must be text such as "1536x1024", not 1024'),
        ("matrix = { model = ['m', 3] }", ".matrix.model", "must be text of 1 to 100 characters, not 3"),
        (
            "matrix = { seed = [1, '2'] }",
            ".matrix.seed",
            "must be a whole number from 0 to 9223372036854775807, not '2'",
        ),
        ("zip = { seed = [1.0] }", ".zip.seed", "not 1.0"),
        ("style = 'y'\nmatrix = { style = ['x'] }", ".matrix.style", "style is also a key of this entry; remove one"),
        ("size = 'auto'\nzip = { size = ['auto'] }", ".zip.size", "size is also a key of this entry; remove one"),
        ("zip = 3", ".zip", 'must be a table of lists, such as { tea = ["mint", "rooibos"]'),
        ("zip = {}", ".zip", "is empty; give it a list"),
        ("zip = { a = 'x' }", ".zip.a", 'must be a list such as ["red", "blue"], not \'x\''),
        ("zip = { a = [false] }", ".zip.a", "values must be texts or numbers, not false"),
        ('zip = { a = ["x\\u0007"] }', ".zip", "holds a control character (U+0007)"),
        (
            "sample = 0",
            ".sample",
            "must be a whole number from 1 to 100,000, or a table such as { count = 50, seed = 7 }",
        ),
        ("sample = '5'", ".sample", "seed = 7 }, not '5'"),
        ("sample = true", ".sample", "not true"),
        ("sample = {}", ".sample", "has no count; write { count = 50, seed = 7 }"),
        ("sample = { seed = 7 }", ".sample", "has no count"),
        ("sample = { coun = 7 }", ".sample.coun", "unknown key 'coun'; did you mean 'count'?"),
        ("sample = { count = 0 }", ".sample.count", "must be a whole number from 1 to 100000, not 0"),
        ("sample = { count = 1, seed = -1 }", ".sample.seed", "must be a whole number from 0 to 9223372036854775807"),
        ("sample = 3", ".sample", "there is nothing to draw from; add a matrix, a wildcard or alternatives"),
        ("random = 3", ".random", "unknown key 'random'; did you mean 'sample'?"),
        ("pairs = {}", ".pairs", "did you mean 'zip'?"),
        ("vars = {}", ".vars", "'vars' stands at the top of a TOML batch file, not in an entry"),
        ("include = 'x.toml'", ".include", "'include' stands at the top of a TOML batch file"),
        ("matrix = { 'a b' = ['x'] }", "", "matrix key 'a b' must be one word"),
        (
            "matrix = { " + ", ".join(f"k{at} = [1]" for at in range(17)) + " }",
            ".matrix",
            "has 17 keys; 16 are allowed",
        ),
    ],
)
def test_a_wrong_key_is_named_with_its_line_and_what_to_type(line: str, where: str, problem: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        parse_batch(f"{A}\n# the next line is wrong\n{line}\n{A}", Kind.TOML, "p.toml")
    message = str(caught.value)
    assert message.startswith(f"p.toml:5: prompts[1]{where}: ")
    assert problem in message


@pytest.mark.parametrize(
    ("prompt", "problem"),
    [
        ("''", "must be text of 1 to 32,000 characters, not ''"),
        ("' '", "the prompt is empty; say what the picture shows"),
        pytest.param(f"'{'x' * 32_001}'", "(32,001 characters)", id="long"),
        ("3", "must be text of 1 to 32,000 characters, not 3"),
        ('"a\\u0000b"', "holds a control character (U+0000); remove it"),
        ('"a\\rb"', "holds a control character (U+000D); remove it"),
        ('"a\\u0085b"', "holds a control character (U+0085); remove it"),
    ],
)
def test_a_prompt_is_text_that_can_be_sent(prompt: str, problem: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        parse_batch(f"[[prompts]]\nprompt = {prompt}\n", Kind.TOML, "p.toml")
    assert str(caught.value).startswith("p.toml:2: prompts[1].prompt: ")
    assert problem in str(caught.value)


def test_a_prompt_may_have_lines_tabs_and_braces() -> None:
    text = "[[prompts]]\nprompt = '''\na\n\tb {colour} }\n'''\n"
    assert parse_batch(text, Kind.TOML, "p").entries[0].prompt == "a\n\tb {colour} }"
    assert parse_batch(f"[[prompts]]\nprompt = '{'x' * 32_000}'", Kind.TOML, "p").entries


@pytest.mark.parametrize("key", ["id", "prompt", "matrix", "zip", "sample"])
def test_some_keys_have_no_default(key: str) -> None:
    with pytest.raises(BatchFileError) as caught:
        parse_batch(f"[defaults]\n{key} = 'x'\n{A}", Kind.TOML, "p.toml")
    problem = "belongs in a [[prompts]] entry, not in [defaults]"
    assert str(caught.value) == f"p.toml:2: defaults.{key}: {problem}"


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("style", "noir", ""),
        ("size", "portrait", ""),
        ("seed", 2**63 - 1, ""),
        ("size", "big", "size 'big' is not"),
        ("seed", 2**63, "must be a whole number"),
        ("quality", "\ud800", "must be text|holds"),
    ],
)
def test_a_value_of_a_setting_is_checked_like_the_key(key: str, value: object, problem: str) -> None:
    found = value_problem(key, value)
    assert bool(found) == bool(problem)
    assert re.match(problem, found)


def test_a_value_that_goes_into_texts_is_short_and_clean() -> None:
    assert text_problem("a {b} | \\") == ""
    assert text_problem("x" * 1001).endswith("is over 1,000 characters; shorten it")
    assert text_problem("a\nb") == "holds a control character (U+000A); remove it"


def test_an_id_is_any_short_printable_text() -> None:
    assert [id_problem(text) for text in ("hero", "Ein Auto – rot", "車", "a/b:c")] == [""] * 4
    assert id_problem("x" * 101).endswith("is over 100 characters; shorten it")
