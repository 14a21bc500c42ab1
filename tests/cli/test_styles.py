import json
from itertools import pairwise
from pathlib import Path

import pytest

from imgcli.cli.style_tables import NO_FAMILY
from imgcli.director.style_file import style_json_schema
from tests.cli.run_cli import imgcli

LEAST = 'description = "d"\nprose = "A photo: {prompt}."\n'


def keep(home: Path, **texts: str) -> Path:
    """Style files of the user's; their directory."""
    directory = home / "config" / "styles"
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (directory / f"{name.replace('_', '-')}.toml").write_text(text)
    return directory


def test_list_has_cinematic_and_two_dozen_more() -> None:
    names = [json.loads(line)["name"] for line in imgcli("styles", "list", "--json").lines]
    assert "cinematic" in names
    assert len(names) >= 24
    assert "cinematic" in imgcli("styles", "list").out


def test_show_directs_an_example() -> None:
    seen = imgcli("styles", "show", "cinematic")
    assert seen.code == 0
    assert "example" in seen.out
    assert "a car" in json.loads(imgcli("styles", "show", "cinematic", "--json").out)["example"]


def test_show_guesses() -> None:
    seen = imgcli("styles", "show", "cinematc")
    assert seen.code == 2
    assert "did you mean" in seen.err


def test_new_can_be_used_at_once_and_is_never_overwritten(home: Path) -> None:
    seen = imgcli("styles", "new", "mine", "--description", "My own look")
    assert seen.code == 0
    path = Path(seen.lines[0])
    assert path == home / "config" / "styles" / "mine.toml"
    assert "My own look" in imgcli("styles", "list").out
    assert imgcli("gen", "a car", "--style", "mine", "--provider", "placeholder", "--dry-run").code == 0
    path.write_text(path.read_text() + "\n# edited\n")
    assert imgcli("styles", "new", "mine").code == 2
    assert path.read_text().endswith("# edited\n")


def test_a_bad_name_is_refused(home: Path) -> None:
    assert imgcli("styles", "new", "../evil").code == 2
    assert not (home / "config").exists()


def test_a_broken_style_of_the_users_says_where(home: Path) -> None:
    directory = home / "config" / "styles"
    directory.mkdir(parents=True)
    (directory / "bad.toml").write_text('description = "x"\nprose = "no subject"\n')
    seen = imgcli("styles", "list")
    assert seen.code == 2
    assert "bad.toml" in seen.err
    assert "{prompt}" in seen.err


# The list


def test_the_list_is_grouped_by_family(home: Path) -> None:
    keep(home, mine=LEAST + 'family = "brand"', yours=LEAST + 'family = "brand"', plain=LEAST)
    keep(home, cinematic='description = "d"\nextends = "cinematic"\nfamily = "cinema"')
    lines = imgcli("styles", "list").lines
    (heading,) = [at for at, line in enumerate(lines) if line.strip() == "brand"]
    assert "mine" in lines[heading + 1]
    assert "yours" in lines[heading + 2]
    assert f"yours are in {home / 'config' / 'styles'}" in imgcli("styles", "list").err
    told = [json.loads(line) for line in imgcli("styles", "list", "--json").lines]
    assert told[0]["name"] == "cinematic"
    families = [style["family"] for style in told]
    assert all(families[at] in families[: at + 1] for at in range(len(families)))
    assert sum(one != other for one, other in pairwise(families)) + 1 == len(set(families))


def test_one_family_can_be_listed(home: Path) -> None:
    keep(home, mine='description = "d"\nextends = "cinematic"\nfamily = "brand"')
    (line,) = imgcli("styles", "list", "--family", "brand", "--json").lines
    told = json.loads(line)
    assert list(told) == ["name", "family", "description", "version", "extends", "source"]
    assert (told["name"], told["family"], told["extends"]) == ("mine", "brand", ["cinematic"])
    assert len(told["version"]) == 12
    assert told["source"].endswith("mine.toml")
    assert "mine" in imgcli("styles", "list", "--family", "brand").out
    assert NO_FAMILY not in imgcli("styles", "list", "--family", "brand").out
    seen = imgcli("styles", "list", "--family", "brnd")
    assert seen.code == 2
    assert "no family 'brnd'; did you mean 'brand'?; there are " in seen.err


# One style, and several


def test_show_tells_what_a_style_inherits(home: Path) -> None:
    more = 'palette = ["#aabbcc"]\nbackground = "opaque"\nnegative = "lowres"\nkeyword_prompt = "ink {prompt}"'
    keep(home, mine=f'description = "Mine"\nextends = "cinematic"\n{more}')
    out = imgcli("styles", "show", "mine").out
    for row in ("extends", "cinematic", "anamorphic lens", "keeps to", "#aabbcc", "background", "lowres", "version"):
        assert row in out
    told = json.loads(imgcli("styles", "show", "mine", "--json", "--wording", "keywords").out)
    assert (told["example"], told["wording"]) == ("ink a car", "keywords")
    assert told["negative_example"] == "lowres"
    assert told["version"] != json.loads(imgcli("styles", "show", "cinematic", "--json").out)["version"]


def test_show_in_keywords_tells_the_negative_prompt() -> None:
    out = imgcli("styles", "show", "cinematic", "--wording", "keywords").out
    assert "a car, feature film still" in out
    assert "flat frontal lighting, oversaturated colours" in out
    seen = imgcli("styles", "show", "cinematic", "--wording", "keyword")
    assert seen.code == 2
    assert "did you mean 'keywords'" in seen.err


def test_several_styles_are_shown_blended_with_their_conflicts() -> None:
    told = json.loads(imgcli("styles", "show", "cinematic", "watercolor", "cinematic", "--json").out)
    assert [style["name"] for style in told["styles"]] == ["cinematic", "watercolor"]
    assert "Blend in the look of watercolor" in told["example"]
    assert told["conflicts"][0].startswith('cinematic is made as "feature film still", watercolor as "transparent')
    out = imgcli("styles", "show", "cinematic", "watercolor").out
    assert "cinematic comes first and wins" in " ".join(out.split())
    assert "cinematic + watercolor" in out


def test_a_long_example_is_shown_whole(home: Path) -> None:
    keep(home, long='description = "d"\nprose = "{prompt}. ' + "word " * 700 + 'LAST."')
    assert "LAST." in imgcli("styles", "show", "long", "cinematic").out


def test_to_show_a_style_no_other_need_be_whole(home: Path) -> None:
    keep(home, broken="description = 3")
    assert imgcli("styles", "show", "cinematic").code == 0
    assert imgcli("styles", "show", "broken").code == 2


# A new one


def test_a_new_style_may_extend_another_also_of_its_own_name(home: Path) -> None:
    seen = imgcli("styles", "new", "cinematic", "--extends", "cinematic", "--description", "Mine")
    assert seen.code == 0, seen.err
    told = json.loads(imgcli("styles", "show", "cinematic", "--json").out)
    assert (told["extends"], told["description"], told["size"]) == (["cinematic"], "Mine", "1536x1024")
    assert told["source"] == str(home / "config" / "styles" / "cinematic.toml")


@pytest.mark.parametrize(
    ("extends", "message"),
    [("cinematc", "no style 'cinematc'; did you mean cinematic?"), ("mine", "mine -> mine goes round in a circle")],
)
def test_a_new_style_that_cannot_be_is_not_written(home: Path, extends: str, message: str) -> None:
    seen = imgcli("styles", "new", "mine", "--extends", extends)
    assert (seen.code, seen.out) == (2, "")
    assert message in seen.err
    assert not (home / "config").exists()


# Lint


def test_lint_lists_every_problem(home: Path) -> None:
    keep(home, a='description = "d"\nextends = "b"', b='description = "d"\nextends = "a"', bad="x = 1", short=LEAST)
    seen = imgcli("styles", "lint", "a", "b", "bad", "short", "nothing", "--json")
    assert seen.code == 2
    told = [json.loads(line) for line in seen.lines]
    errors = {line["style"]: line["message"] for line in told if line["level"] == "error"}
    assert errors["a"].endswith("a.toml: extends: a -> b -> a goes round in a circle")
    assert errors["b"].endswith("b.toml: extends: b -> a -> b goes round in a circle")
    assert "x: no such key" in errors["bad"]
    assert "no style 'nothing'" in errors["nothing"]
    assert {line["rule"] for line in told if line["style"] == "short"} == {"family", "length", "medium", "colours"}
    assert imgcli("styles", "lint").code == 2


def test_warnings_alone_fail_only_where_it_is_asked(home: Path) -> None:
    keep(home, short=LEAST)
    seen = imgcli("styles", "lint", "short")
    assert seen.code == 0
    assert "warning: short: prose: 18 characters say little" in seen.out
    assert "1 looked at: no errors, 4 warnings" in seen.err
    assert imgcli("styles", "lint", "short", "--strict").code == 1
    good = 'description = "d"\nextends = "cinematic"\nfamily = "cinema"'
    keep(home, good=good)
    strict = imgcli("styles", "lint", "good", "--strict")
    assert (strict.code, strict.out) == (0, "")


def test_lint_looks_at_every_style_without_a_name(home: Path) -> None:
    keep(home, short=LEAST)
    seen = imgcli("styles", "lint", "--json")
    assert seen.code == 0
    assert "short" in {json.loads(line)["style"] for line in seen.lines}


# The schema


def test_the_schema_is_printed_and_published() -> None:
    schema = json.loads(imgcli("styles", "schema").out)
    assert schema == json.loads(json.dumps(style_json_schema()))
    published = Path(__file__).resolve().parents[2] / "docs" / "style.schema.json"
    assert json.loads(published.read_text("utf-8")) == schema


# Conflicts before a run


def test_a_run_says_once_what_its_styles_disagree_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ("gen", "a car", "a boat", "--style", "cinematic", "--style", "sticker", "--provider", "placeholder")
    seen = imgcli(*words, "--dry-run")
    assert seen.code == 0
    told = [line for line in seen.err.splitlines() if line.startswith("styles: ")]
    media, sizes = told
    assert media.startswith('styles: cinematic is made as "feature film still", sticker as "die-cut vinyl sticker": ')
    assert sizes == "styles: cinematic wants size 1536x1024, sticker wants 1024x1024: cinematic comes first and wins"
    sized = imgcli(*words, "--dry-run", "--size", "512x512")
    assert "wants size" not in sized.err
    assert "is made as" in sized.err
    assert "styles: " not in imgcli(*words, "--dry-run", "--quiet").err
    made = imgcli(*words, "--size", "128x128")
    assert made.code == 0
    assert made.err.count("is made as") == 1
