import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.cli.axes import CELL, MOST_CELLS, Axis, format_axis, named, parse_axes, parse_axis, spread, with_cell
from imgcli.errors import UsageError
from imgcli.model.entry import Entry

NOTHING: dict[str, object] = {}
VALUES = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=30)


def entry(prompt: str = "a {colour} car", name: str = "") -> Entry:
    return Entry(prompt=prompt, id=name, where="prompt 1")


def axes_of(*texts: str, prompt: str = "a {colour} car", **given_: object) -> tuple[Axis, ...]:
    return parse_axes(texts, [prompt], given_)


def refusal(*texts: str, prompt: str = "a {colour} car", **given_: object) -> str:
    with pytest.raises(UsageError) as error:
        axes_of(*texts, prompt=prompt, **given_)
    assert "\n" not in str(error.value)
    return str(error.value)


@given(st.lists(VALUES, min_size=1, max_size=6, unique=True))
def test_what_is_typed_for_an_axis_is_read_as_that_axis(values: list[str]) -> None:
    axis = Axis("colour", tuple(values))
    assert parse_axis(format_axis(axis)) == axis


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("colour=red,blue", ("red", "blue")),
        ("{colour}= red , blue ", ("red", "blue")),
        (r"colour=red\, white,b\\,c\d", ("red, white", "b\\", r"c\d")),
        ("style=cinematic, cinematic + neon-noir ,none", ("cinematic", "cinematic+neon-noir", "none")),
        ("size=square,640X480", ("1024x1024", "640x480")),
        ("aspect=16/9,1:1", ("16:9", "1:1")),
        ("seed=007,8", ("7", "8")),
        (r"no=text\, people,none", ("text, people", "none")),
        ("quality=low", ("low",)),
    ],
)
def test_values(text: str, values: tuple[str, ...]) -> None:
    assert parse_axis(text).values == values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("style", "is not like style="),
        ("=a,b", "is not like style="),
        ("style=a,,b", "empty value; write none"),
        ("colour=a,", "empty value"),
        ("colour=a,b,a", "'a' is there twice"),
        ("size=square,1024x1024", "'1024x1024' is there twice"),
        ("seed=1,01", "'1' is there twice"),
        ("seed=1,-2", "not a whole number"),
        ("size=big,small", "is not WIDTHxHEIGHT"),
        ("aspect=wide", "not like 16:9"),
        ("style=a+,b", "is not like cinematic"),
        ("style=a+none,b", "is not like cinematic"),
        ("colour=a\x1b[2J,b", "control characters"),
        ("colour=" + "x" * 1001, "1,001 letters"),
    ],
)
def test_bad_values_are_one_line(text: str, said: str) -> None:
    assert said in refusal(text)


def test_an_axis_is_one_of_ours_or_a_word_of_the_prompt() -> None:
    assert "did you mean style?" in refusal("stlye=a,b")
    assert "did you mean colour?" in refusal("color=red,blue")
    assert "no such axis, and no {thing} in the prompt" in refusal("thing=a,b")
    with pytest.raises(UsageError, match=r"prompt 2 has no \{colour\}"):
        parse_axes(["colour=a,b"], ["a {colour} car", "a boat"], NOTHING)


def test_axes_do_not_contradict_each_other_or_the_flags() -> None:
    assert "and --style both" in refusal("style=a,b", style=["c"])
    assert "one size" in refusal("aspect=1:1,16:9", size="square")
    assert "one size" in refusal("size=square,portrait", aspect="16:9")
    assert "varied once" in refusal("size=square,portrait", "aspect=1:1,16:9")
    assert "varied once" in refusal("colour=a,b", "colour=c,d")
    assert "at most 2" in refusal("colour=a,b", "seed=1,2", "quality=low,high")
    many = ",".join(map(str, range(51)))
    assert f"{MOST_CELLS} are the most" in refusal(f"seed={many}", "quality=low,high")


def test_each_cell_is_an_entry_of_its_own() -> None:
    axes = axes_of("colour=red,blue", "style=cinematic+noir,none")
    cells = spread(entry(), axes)
    assert [(one.id, one.prompt, one.style) for one in cells.entries] == [
        ("red/cinematic+noir", "a red car", ("cinematic", "noir")),
        ("red/none", "a red car", ()),
        ("blue/cinematic+noir", "a blue car", ("cinematic", "noir")),
        ("blue/none", "a blue car", ()),
    ]
    assert cells.values["blue/none"] == ("blue", "none")
    assert cells.entries[0].where == "prompt 1, colour=red, style=cinematic+noir"


def test_every_axis_reaches_its_field() -> None:
    def one(text: str) -> Entry:
        return spread(entry(), [parse_axis(text)]).entries[0]

    assert one("model=m").model == "m"
    assert one("provider=p").provider == "p"
    assert one("quality=low").quality == "low"
    assert one("size=square").size == "1024x1024"
    assert one("aspect=16:9").size == "16:9"
    assert one("background=opaque").background == "opaque"
    assert one("seed=7").seed == 7
    assert one(r"no=text\, people").no == ("text, people",)
    assert one("no=none").no == ()


def test_other_braces_stay_and_values_are_not_filled_again() -> None:
    axes = axes_of("a={b},x", "b=1,2", prompt="{a} {b} {c} { b }")
    assert spread(entry("{a} {b} {c} { b }"), axes).entries[0].prompt == "{b} 1 {c} { b }"


def test_ids_are_unique_whatever_the_values_hold() -> None:
    axes = (Axis("colour", ("a/b", "a")), Axis("thing", ("c", "b/c")))
    ids = [one.id for one in spread(entry("{colour} {thing}"), axes).entries]
    assert len(set(ids)) == 4


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{slug}-{style}-{n}", f"{{slug}}-{{style}}-{CELL}-{{n}}"),
        ("hero", f"hero-{CELL}"),
        ("{slug}_{n}", f"{{slug}}_{{n}}-{CELL}"),
        ("{id}-{n}", "{id}-{n}"),
        (f"{CELL}/x", f"{CELL}/x"),
    ],
)
def test_a_template_gets_a_place_for_the_cell(template: str, expected: str) -> None:
    assert with_cell(template) == expected


def names(template: str, *texts: str, prompts: tuple[str, ...] = ("a {colour} car",)) -> list[str | None]:
    axes = [parse_axis(text) for text in texts]
    grids = named([spread(entry(prompt, str(place)), axes) for place, prompt in enumerate(prompts)], template)
    return [one.name for grid in grids for one in grid.entries]


def test_names_tell_what_no_other_field_tells() -> None:
    assert names("{slug}-{style}-{n}", "style=noir,none", "quality=low,high") == [
        *("{slug}-{style}-low-{n}", "{slug}-{style}-high-{n}") * 2
    ]
    assert names("{slug}-{n}", "style=noir,none") == ["{slug}-noir-{n}", "{slug}-none-{n}"]
    assert names("hero", "aspect=16:9,1:1", r"no=a\, b,none")[0] == "hero-16-9-no-a-b"
    assert names("{slug}", "colour=red,blue") == ["{slug}-", "{slug}-"]
    assert names("{cell}", "colour=red,blue") == ["red", "blue"]


def test_values_that_look_alike_in_a_file_name_get_a_number() -> None:
    assert names("{slug}-{n}", "colour=red!,red?") == ["{slug}--{n}", "{slug}-2-{n}"]
    assert names("{style}-{n}", "seed=1,2", prompts=("a car!", "a car?"))[2:] == ["{style}-1-2-{n}", "{style}-2-2-{n}"]


@given(st.lists(VALUES, min_size=1, max_size=5, unique=True))
def test_no_value_puts_a_field_or_a_separator_into_a_name(values: list[str]) -> None:
    axis = Axis("background", tuple(values))
    for one in named([spread(entry("a car"), [axis])], "x")[0].entries:
        assert one.name is not None
        assert not set(one.name) & set("{}/\\")
