import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.input import Edit
from imgcli.model.mark import Mark
from imgcli.model.opinion import Opinion
from imgcli.model.pick import Pick
from imgcli.reports.gallery import CHUNK, FIRST, MARK, Api, Item, Thumb, blocks, item, page
from tests.fakes.jobs import an_input
from tests.fakes.picks import a_pick, changed

BLOCK = re.compile(r'<script type="application/json" (?:class|id)="(items|facts)">(.*?)</script>', re.DOTALL)


def data_of(text: str) -> tuple[dict[str, Any], list[list[dict[str, Any]]]]:
    """The facts of a page, and its pictures block by block, as a browser would read them."""
    found = BLOCK.findall(text)
    return json.loads(found[0][1]), [json.loads(block) for name, block in found if name == "items"]


def some(count: int) -> list[Item]:
    return [Item(f"attempt-{place}", f"{place}.png", f"{place}.png", typed=f"car {place}") for place in range(count)]


def test_a_picture_is_told_as_its_record_tells_it(tmp_path: Path) -> None:
    pick = a_pick(
        tmp_path,
        typed="a car",
        sent="a car, cinematic",
        revised="A red car",
        styles=("cinematic",),
        tags=("launch",),
        seed=7,
    )
    told = item(
        pick, Opinion(frozenset({Mark.PICKED, Mark.OPENED}), 4, ("cover",)), "../picture-1.png", Thumb("t.webp", 40, 60)
    )
    assert (told.typed, told.directed, told.revised) == ("a car", "a car, cinematic", "A red car")
    assert (told.styles, told.tags, told.added, told.seed) == (("cinematic",), ("launch",), ("cover",), 7)
    assert (told.marks, told.stars) == (("opened", "picked"), 4)
    assert (told.href, told.thumb, told.w, told.h, told.cost) == ("../picture-1.png", "t.webp", 40, 60, 10_000_000)


def test_what_is_the_same_is_not_told_twice(tmp_path: Path) -> None:
    told = item(a_pick(tmp_path, typed="a car", revised="a car"))
    assert (told.directed, told.revised) == ("", "")


@pytest.mark.parametrize(
    ("thumb", "sides"),
    [
        (None, (60, 40)),
        (Thumb("", 480, 320), (60, 40)),
        (Thumb("", 320, 480), (40, 60)),  # a camera had been turned
        (Thumb("", 480, 480), (60, 40)),
    ],
)
def test_the_sides_are_those_that_are_seen(thumb: Thumb | None, sides: tuple[int, int], tmp_path: Path) -> None:
    told = item(a_pick(tmp_path, 4), thumb=thumb)
    assert (told.w, told.h) == sides


def test_money_nobody_knows_is_not_nothing(tmp_path: Path) -> None:
    pick = a_pick(tmp_path, cost=0)
    assert item(pick).cost == 0
    assert item(changed(pick, flags=("unpriced",))).cost is None


def test_sources_are_named_and_linked_where_they_may_be_shown(tmp_path: Path) -> None:
    edit = Edit((an_input(name="a.png"), an_input(name="b.png", sha256="ef" * 32)))
    told = item(a_pick(tmp_path, edit=edit), before=("../a.png",))
    assert told.kind == "edit"
    assert [(each.name, each.href) for each in told.inputs] == [("a.png", "../a.png"), ("b.png", "")]


def test_halves_of_letters_and_endless_texts_do_not_break_the_page(tmp_path: Path) -> None:
    pick = a_pick(tmp_path, typed="x" * 50_000)
    broken = Pick(
        replace(pick.record, job=replace(pick.record.job, entry="\udc80")), Path("/nowhere/\udcff.png"), pick.key
    )
    told = item(broken)
    assert (told.name, told.id, len(told.typed)) == ("?.png", "?", 40_001)
    assert data_of(page([told], "\ud800"))[1][0][0]["id"] == "?"


def test_the_first_pictures_stand_before_the_script_and_the_others_behind_it() -> None:
    text = page(some(FIRST + CHUNK + 5), "Cars")
    _, chunks = data_of(text)
    assert [len(chunk) for chunk in chunks] == [FIRST, CHUNK, 5]
    assert [each["typed"] for chunk in chunks for each in chunk] == [
        f"car {place}" for place in range(FIRST + CHUNK + 5)
    ]
    script = text.index("<script>")
    assert text.index('"car 79"') < script < text.index('"car 80"')


def test_pictures_are_asked_for_as_the_page_is_written() -> None:
    asked = 0

    def items() -> Any:
        nonlocal asked
        for each in some(10 * CHUNK):
            asked += 1
            yield each

    pieces = blocks(items(), "Cars")
    for piece in pieces:
        if '"car 0"' in piece:
            break
    assert asked <= FIRST + 2 * CHUNK


def test_an_empty_page_is_one_too() -> None:
    facts, chunks = data_of(page([], ""))
    assert facts == {"title": "", "watch": False}
    assert chunks == [[]]


def policy_of(text: str) -> str:
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert found
    return found[1].replace("&#39;", "'")


@pytest.mark.parametrize(("api", "more"), [(None, ""), (Api("secret", 7), "; connect-src 'self'")])
def test_the_policy_allows_its_own_style_and_script_and_no_other(api: Api | None, more: str) -> None:
    text = page(some(2), "Cars", api)
    inside = [text.split(f"<{tag}>", 1)[1].split(f"</{tag}>", 1)[0] for tag in ("style", "script")]
    style, script = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in inside]
    where = "'self' data:" if api else "'self' data: file:"
    assert policy_of(text) == (
        f"default-src 'none'; img-src {where}; style-src 'sha256-{style}'; script-src 'sha256-{script}'{more}"
        "; base-uri 'none'; form-action 'none'"
    )
    assert MARK.encode() in text.encode()[:400]


def test_a_page_that_is_served_knows_where_to_write_and_where_it_goes_on() -> None:
    facts, _ = data_of(page(some(2), "Cars", Api("secret", 7), watch=True))
    assert facts == {"title": "Cars", "watch": True, "token": "secret", "after": 7}


def test_the_script_takes_no_text_for_markup() -> None:
    text = page([], "")
    script = text.split("<script>", 1)[1].split("</script>", 1)[0]
    for word in (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "setAttribute('style'",
        "srcdoc",
    ):
        assert word not in script
    assert "<!--" not in script


HOSTILE = st.text(st.sampled_from("<>&\"'/!-\u2028\u2029script \n{}%#\x00\u202ea"), max_size=40) | st.text(max_size=20)


@given(HOSTILE, HOSTILE)
def test_whatever_words_are_they_stay_data(words: str, title: str) -> None:
    text = page([Item("attempt-1", words, "x.png", typed=words, tags=(words,), styles=(words,))], title)
    _, chunks = data_of(text)
    plain = words.encode("utf-8", "replace").decode()
    assert chunks[0][0].get("typed", "") == plain
    for _, block in BLOCK.findall(text):
        assert not set("<>&\u2028\u2029") & set(block)
    assert text.count("<script>") == 1
    assert text.count("<") == page([Item("attempt-1", "a", "x.png", typed="a", tags=("a",), styles=("a",))], "a").count(
        "<"
    )


def test_a_drawing_is_no_link_in_the_list_without_scripts() -> None:
    text = page([Item("attempt-1", "a.svg", "a.svg", format="svg")], "")
    listed = text.split("<noscript>", 1)[1].split("</noscript>", 1)[0]
    assert '<img src="a.svg"' in listed
    assert "href" not in listed


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = "".join(each * 2 for each in digits) if len(digits) == 3 else digits
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    ]
    return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_words_and_edges_stand_out_in_light_and_dark() -> None:
    style = page([], "").split("<style>", 1)[1].split("</style>", 1)[0]
    schemes = [
        dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})(?=[;}])", block))
        for block in re.findall(r":root[^{]*\{[^}]*\}", style)
    ]
    light, *dark = [each for each in schemes if "quiet" in each][:3]
    assert len(dark) == 2
    assert dark[0] == dark[1]  # by the system, and by the switch
    for scheme in (light, dark[0]):
        for words, ground in (
            ("ink", "paper"),
            ("quiet", "paper"),
            ("quiet", "raised"),
            ("quiet", "mat"),
            ("on-strong", "strong"),
            ("paper", "pick"),
            ("paper", "drop"),
        ):
            assert contrast(scheme[words], scheme[ground]) >= 4.5, (words, ground, scheme)
        for edge in ("field", "focus"):
            assert contrast(scheme[edge], scheme["paper"]) >= 3, (edge, scheme)
