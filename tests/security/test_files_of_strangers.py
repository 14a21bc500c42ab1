"""A batch file may come from anybody: it names pictures, and neither servers, keys, budgets nor places elsewhere."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgcli.batch.keys import CONFIG_ONLY
from imgcli.providers.openai.options import proxy_of
from imgcli.settings import NAMES
from tests.cli.run_cli import Seen, imgcli
from tests.fake_api.client import KEY
from tests.security.parrot import Parrot

EVIL = "http://evil.example/v1"


@pytest.fixture
def parrot() -> Iterator[Parrot]:
    with Parrot() as server:
        yield server


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


# A server other than OpenAI's is named in every run


def made_at(parrot: Parrot, *words: str) -> str:
    """What was told by a run that went to the parrot."""
    seen = imgcli("gen", "a car", "-m", "m", "--assume-cost", "0.01", *words)
    assert seen.code == 0, seen.err
    assert parrot.seen
    return seen.err + seen.out


@pytest.mark.parametrize("told", [[], ["--json"], ["--no-progress"]], ids=["plain", "json", "no-progress"])
@pytest.mark.parametrize("source", ["OPENAI_BASE_URL", "IMGCLI_BASE_URL", "config.toml", "profile", "command line"])
def test_where_requests_go_is_told_in_every_run(
    here: Path, home: Path, parrot: Parrot, source: str, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    url, words = parrot.url("ok"), list(told)
    config = home / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    match source:
        case "config.toml":
            config.write_text(f'base_url = "{url}"\n')
        case "profile":
            config.write_text(f'[profiles.mine]\nbase_url = "{url}"\n')
            words += ["--profile", "mine"]
        case "command line":
            words += ["--base-url", url]
        case variable:
            monkeypatch.setenv(variable, url)
    heard = made_at(parrot, *words)
    where = "profiles.mine" if source == "profile" else source
    (line,) = [line for line in heard.splitlines() if "requests and prompts go to" in line]
    assert url in line
    assert where in line


def test_a_proxy_of_the_environment_is_named_without_its_password(
    here: Path, parrot: Parrot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://studio.example/ok/v1")
    monkeypatch.setenv("HTTP_PROXY", f"http://me:{KEY}@127.0.0.1:{parrot.server_port}")
    told = imgcli("gen", "a car", "-m", "m", "--assume-cost", "0.01").err
    assert parrot.seen, "the request went to the proxy"
    assert f"pass the proxy http://127.0.0.1:{parrot.server_port}, as the environment says" in told
    assert KEY not in told
    for url, named in (("http://studio.example/v1", True), ("https://studio.example/v1", False)):
        assert bool(proxy_of(url)) is named
    monkeypatch.setenv("NO_PROXY", "studio.example")
    assert not proxy_of("http://me:word@studio.example/v1")


ENV = """\
OPENAI_BASE_URL={url}
OPENAI_API_KEY={key}
IMGCLI_BASE_URL={url}
IMGCLI_MAX_COST=1000
IMGCLI_OUT=/nowhere
export OPENAI_BASE_URL={url}
"""


@pytest.mark.parametrize("name", [".env", ".env.local", ".envrc", "imgcli.toml", "config.toml", "pyproject.toml"])
def test_no_file_beside_the_work_is_taken_for_config(here: Path, parrot: Parrot, name: str) -> None:
    """Not in the current directory, not beside the batch file, not above them."""
    text = ENV.format(url=parrot.url("ok"), key=KEY)
    if name.endswith(".toml"):
        text = f'base_url = "{parrot.url("ok")}"\nmax_cost = 1000\n[tool.imgcli]\nbase_url = "{parrot.url("ok")}"\n'
    below = here / "below"
    below.mkdir()
    for place in (here.parent, here, below):
        (place / name).write_text(text)
    (below / "batch.toml").write_text('[[prompts]]\nprompt = "a car"\n')
    shown = json.loads(imgcli("config", "show", "--json").out)
    assert shown["base_url"]["value"] == shown["max_cost"]["value"] == "(none)"
    assert shown["keys"]["openai"] == "none"
    assert imgcli("batch", "below/batch.toml").code == 4
    assert imgcli("gen", "a car").code == 4
    assert parrot.seen == []


# What a batch file may not say

INJECTIONS: dict[str, str] = {
    "a server": f'base_url = "{EVIL}"',
    "a server, hyphened": f'base-url = "{EVIL}"',
    "a server, shouted": f'BASE_URL = "{EVIL}"',
    "a server, quoted": f'"base_url" = "{EVIL}"',
    "a server, dotted": f'providers.openai.base_url = "{EVIL}"',
    "a server, spelled out": f'"\\u0062ase_url" = "{EVIL}"',
    "a key": 'api_key = "sk-0123456789"',
    "a variable": 'key_env = "AWS_SECRET_ACCESS_KEY"',
    "environment": f'env = {{ OPENAI_BASE_URL = "{EVIL}" }}',
    "a larger cost": 'max_cost = "1000"',
    "no price": 'assume_cost = "0"',
    "a budget": "budget = 1000",
    "rates": 'rates = [{ model = "m", per_picture = "0" }]',
    "extra body": "extra_body = { n = 10 }",
    "a profile": 'profile = "rich"',
    "a plugin": 'plugins = ["evil"]',
    "a user": 'user = "somebody-else"',
    "a proxy": f'proxy = "{EVIL}"',
    "an absolute place": 'out = "/tmp"',
    "a place above": 'out = "../x"',
    "a place above, inside": 'out = "a/../../x"',
    "a place at home": 'out = "~/x"',
    "a drive": 'out = "C:/x"',
    "a share": 'out = "\\\\\\\\host\\\\x"',
    "a path for a name": 'name = "../x"',
    "a path in a template": 'name = "{id}/../../x"',
    "an input picture": 'image = "/etc/passwd"',
    "headers": 'headers = { authorization = "x" }',
}
TABLES = ["[providers.openai]", "[providers.evil]", "[[rates]]", "[budget]", "[profiles.x]", "[config]", "[settings]"]


def batch_files(line: str) -> Iterator[tuple[str, str]]:
    yield "toml", f'[[prompts]]\nprompt = "a car"\n{line}\n'
    yield "toml", f'[defaults]\n{line}\n[[prompts]]\nprompt = "a car"\n'
    yield "toml", f'{line}\n[[prompts]]\nprompt = "a car"\n'
    key, _, value = line.partition(" = ")
    plain = value.strip('"').replace("\\\\", "\\")
    if "\\u" not in key and "." not in key:
        key = key.strip('"')
        yield "jsonl", json.dumps({"prompt": "a car", key: plain}) + "\n"
        yield "csv", f'prompt,{key}\na car,"{plain}"\n'


@pytest.mark.parametrize("name", INJECTIONS)
def test_a_batch_file_sets_no_server_key_budget_or_place(
    here: Path, home: Path, parrot: Parrot, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused before a request, a directory or a ledger is made."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", parrot.url("ok"))
    for at, (kind, text) in enumerate(batch_files(INJECTIONS[name])):
        file = here / f"{at}.{kind}"
        file.write_text(text)
        seen = imgcli("batch", file.name, "--model", "gpt-image-2", "--assume-cost", "0.01", "-o", "out")
        assert seen.code == 2, (kind, text, seen)
        (line,) = seen.err.splitlines()
        assert line.startswith(f"error: {file.name}")
        assert not seen.out
    assert parrot.seen == []
    assert not (home / "data").exists()
    assert not (here / "out").exists()


@pytest.mark.parametrize("table", TABLES)
def test_a_batch_file_has_no_table_of_the_config(here: Path, table: str) -> None:
    (here / "a.toml").write_text(f'[[prompts]]\nprompt = "a car"\n{table}\nbase_url = "{EVIL}"\n')
    seen = imgcli("batch", "a.toml", "--provider", "placeholder", "--dry-run")
    assert seen.code == 2
    assert len(seen.err.splitlines()) == 1


def test_every_setting_is_either_a_key_of_a_batch_file_or_refused(here: Path) -> None:
    """A setting that is added one day is not by chance one that a stranger's file may change."""
    harmless = {"provider", "model", "size", "quality", "format", "style", "out"}
    for name in sorted({*NAMES, *CONFIG_ONLY} - harmless):
        (here / "a.jsonl").write_text(json.dumps({"prompt": "a car", name: "1"}) + "\n")
        seen = imgcli("batch", "a.jsonl", "--provider", "placeholder", "--dry-run")
        assert seen.code == 2, name
        assert name in seen.err


# Files made to keep a parser busy

MIB = 1 << 20
PROMPT = '[[prompts]]\nprompt = "a car"\n'
BOMBS: dict[str, tuple[str, str | bytes]] = {
    "a long dotted key": ("toml", f"{PROMPT}{'.'.join('a' * 20_000)} = 1\n"),
    "a long dotted key, quoted": ("toml", PROMPT + ".".join(['"a"'] * 10_000) + " = 1\n"),
    "a long dotted key with blanks": ("toml", f"{PROMPT}{' . '.join('a' * 20_000)} = 1\n"),
    "a long dotted key in a table": ("toml", f"{PROMPT}matrix = {{ {'.'.join('a' * 20_000)} = 1 }}\n"),
    "many dotted keys": ("toml", PROMPT + "".join(f"{'.'.join('a' * 30)}.k{i} = 1\n" for i in range(20_000))),
    "a deep header": ("toml", f"[{'.'.join('a' * 20_000)}]\n{PROMPT}"),
    "a deep header of lists": ("toml", f"[[{'.'.join('a' * 20_000)}]]\n"),
    "many headers": ("toml", "".join(f"[a{i}]\n" for i in range(100_000))),
    "many headers of ours": ("toml", "[[prompts]]\n" * 120_000),
    "deep lists": ("toml", f"{PROMPT}style = {'[' * 50_000}{']' * 50_000}\n"),
    "deep lists, open": ("toml", f"{PROMPT}style = {'[' * 1_000_000}\n"),
    "deep tables": ("toml", f"{PROMPT}matrix = {'{a=' * 20_000}1{'}' * 20_000}\n"),
    "a number of 5000 digits": ("toml", f"{PROMPT}seed = {'9' * 5000}\n"),
    "a number of 300 digits": ("toml", f"{PROMPT}n = {'9' * 300}\n"),
    "a number of a million digits": ("toml", f"{PROMPT}seed = {'9' * 1_000_000}\n"),
    "a hex number of 5000 digits": ("toml", f"{PROMPT}seed = 0x{'f' * 5000}\n"),
    "a long exponent": ("toml", f"{PROMPT}seed = 1e{'9' * 300}\n"),
    "nan": ("toml", f"{PROMPT}seed = nan\n"),
    "inf": ("toml", f"{PROMPT}n = inf\n"),
    "minus inf in a matrix": ("toml", '[[prompts]]\nprompt = "{a}"\nmatrix = { a = [-inf] }\n'),
    "a date": ("toml", f"{PROMPT}n = 2026-01-01\n"),
    "zero": ("toml", f"{PROMPT}n = 0\n"),
    "less than nothing": ("toml", f"{PROMPT}n = -1\n"),
    "a huge n": ("toml", f"{PROMPT}n = 1000000000\n"),
    "many times a large n": ("toml", "".join(f'[[prompts]]\nprompt = "{i}"\nn = 1000\n' for i in range(200))),
    "a huge matrix": (
        "toml",
        '[[prompts]]\nprompt = "{a}{b}{c}"\nmatrix = { '
        + ", ".join(f"{key} = {list(range(1000))}" for key in "abc")
        + " }\n",
    ),
    "a matrix of long words": (
        "toml",
        '[[prompts]]\nprompt = "{a} {a} {a} {a} {a} {a} {a} {a} {b}"\nmatrix = { a = '
        + json.dumps([f"{i}{'x' * 900}" for i in range(300)])
        + f", b = {list(range(300))} }}\n",
    ),
    "one long line": ("toml", f'[[prompts]]\nprompt = "{"x" * 3 * MIB}"\n'),
    "an open text": ("toml", f'[[prompts]]\nprompt = """{"x" * 3 * MIB}'),
    "many quotes": ("toml", f"[[prompts]]\nprompt = {chr(34) * 300_000}\n"),
    "many escapes": ("toml", f'[[prompts]]\nprompt = "{chr(92) * 999_999}"\n'),
    "five MiB": ("toml", PROMPT + "#" * 5 * MIB),
    "five MiB of lines": ("txt", "a car\n" * (5 * MIB // 6)),
    "200,000 rows": ("csv", "prompt\n" + "a car\n" * 200_000),
    "200,000 objects": ("jsonl", '{"prompt":"a"}\n' * 200_000),
    "200,000 lines": ("txt", "a car\n" * 200_000),
    "two million empty lines": ("txt", "\n" * 2_000_000),
    "a cell of a megabyte": ("csv", f'prompt\n"{"x" * MIB}"\n'),
    "a hundred thousand columns": ("csv", f"prompt,{','.join('a' * 100_000)}\n"),
    "an open cell": ("csv", 'prompt\n"' + "x\n" * 100_000),
    "deep JSON": ("jsonl", '{"prompt":' + "[" * 500_000 + "\n"),
    "deep JSON objects": ("jsonl", '{"a":' * 300_000 + "1" + "}" * 300_000 + "\n"),
    "a JSON number of 5000 digits": ("jsonl", f'{{"prompt":"a","seed":{"9" * 5000}}}\n'),
    "a JSON number of 400 digits": ("jsonl", f'{{"prompt":"a","n":{"9" * 400}}}\n'),
    "JSON nan": ("jsonl", '{"prompt":"a","seed":NaN}\n'),
    "JSON infinity": ("jsonl", '{"prompt":"a","n":-Infinity}\n'),
    "JSON 1e999": ("jsonl", '{"prompt":"a","n":1e999}\n'),
    "a key twice": ("jsonl", '{"prompt":"a","prompt":"b"}\n'),
    "a key twice in TOML": ("toml", f'{PROMPT}prompt = "b"\n'),
    "a column twice": ("csv", "prompt,prompt\na,b\n"),
    "an id twice": ("csv", "prompt,id\na,x\nb,x\n"),
    "JSON with a lone surrogate": ("jsonl", '{"prompt":"a \\ud800"}\n'),
    "NUL in TOML": ("toml", '[[prompts]]\nprompt = "a\x00b"\n'),
    "NUL in CSV": ("csv", "prompt\na\x00b\n"),
    "NUL in text": ("txt", "a\x00b\n"),
    "NUL in JSON": ("jsonl", '{"prompt":"a\\u0000b"}\n'),
    "nothing but NUL": ("toml", "\x00" * 100_000),
    "no UTF-8": ("toml", b'[[prompts]]\nprompt = "\xff\xfe"\n'),
    "half a letter": ("txt", "夜".encode()[:2]),
    "overlong UTF-8": ("txt", b"\xc0\xaf\n"),
    "UTF-8 surrogates": ("txt", b"\xed\xa0\x80\n"),
    "UTF-16": ("toml", PROMPT.encode("utf-16")),
    "UTF-32": ("csv", "prompt\na car\n".encode("utf-32")),
    "two BOMs": ("toml", b"\xef\xbb\xbf\xef\xbb\xbf\xef\xbb\xbf" + PROMPT.encode()),
    "a BOM and nothing": ("toml", b"\xef\xbb\xbf"),
    "nothing": ("jsonl", ""),
    "a picture": ("toml", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100),
    "a gzip": ("csv", b"\x1f\x8b\x08" + bytes(range(256)) * 100),
    "other line ends": ("toml", PROMPT.replace("\n", "\r")),
}


def timed(*words: str) -> tuple[float, Seen]:
    """Seconds of processor time, the better of two when the first is long: a machine may be busy."""
    took = []
    while True:
        began = time.process_time()
        seen = imgcli(*words)
        took.append(time.process_time() - began)
        if took[-1] < 1 or len(took) == 2:
            return min(took), seen


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_a_moment_and_in_a_line(here: Path, home: Path, name: str) -> None:
    kind, content = BOMBS[name]
    file = here / f"bomb.{kind}"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    took, seen = timed("batch", file.name, "--provider", "placeholder", "--dry-run")
    assert seen.code == 2, seen.err[:500]
    (line,) = seen.err.splitlines()
    assert line.startswith(f"error: {file.name}")
    assert len(line) < 500
    assert not seen.out
    assert took < 5, f"{took:.2f} s of processor time"
    assert not (home / "data").exists()


@pytest.mark.parametrize("kind", ["toml", "csv", "jsonl", "txt"])
def test_a_bomb_from_stdin_is_refused_too(here: Path, kind: str) -> None:
    word = {"txt": "text"}.get(kind, kind)
    seen = imgcli("batch", "-", "--type", word, "--provider", "placeholder", stdin="x" * (5 * MIB))
    assert seen.code == 2
    assert len(seen.err.splitlines()) == 1


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("kind", "text"),
    [("toml", PROMPT), ("csv", "prompt\na car\n"), ("jsonl", '{"prompt":"a car"}\n'), ("txt", "a car\n")],
)
def test_a_bom_is_no_bomb(here: Path, kind: str, text: str, bom: bytes) -> None:
    (here / f"a.{kind}").write_bytes(bom + text.encode())
    assert imgcli("batch", f"a.{kind}", "--provider", "placeholder", "--dry-run", "--json").code == 0


STYLE_BOMBS = {
    "a long dotted key": f"{'.'.join('a' * 20_000)} = 1\n",
    "deep lists": f"avoid = {'[' * 20_000}\n",
    "a long number": f"prose = {'9' * 5000}\n",
    "large": "#" * MIB,
    "no text": "\x00" * 1000,
}


@pytest.mark.parametrize("name", STYLE_BOMBS)
def test_a_style_beside_a_batch_file_is_no_bomb_either(here: Path, name: str) -> None:
    (here / "styles").mkdir()
    (here / "styles" / "evil.toml").write_text(STYLE_BOMBS[name])
    (here / "a.txt").write_text("a car\n")
    took, seen = timed("batch", "a.txt", "--provider", "placeholder", "--dry-run")
    assert took < 1
    assert seen.code == 2
    assert len(seen.err.splitlines()) == 1
    assert "evil.toml" in seen.err


@pytest.mark.parametrize("name", ["base_url", "model"])
@pytest.mark.parametrize("bomb", ["dotted", "deep", "digits"])
def test_a_config_that_is_a_bomb_is_refused_in_a_line(home: Path, name: str, bomb: str) -> None:
    text = {
        "dotted": f"{'.'.join('a' * 2000)} = 1\n",
        "deep": f"{name} = {'[' * 20_000}\n",
        "digits": f"{name} = {'9' * 5000}\n",
    }
    path = home / "config" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(text[bomb])
    seen = imgcli("config", "show")
    assert seen.code == 2
    assert len(seen.err.splitlines()) == 1
