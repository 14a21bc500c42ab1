import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.director.exchange.rewrite import MOST_AVOIDED, avoided_of, prose_of
from imgcli.director.styles import around_subject
from tests.rows import each_row

ANY = st.text(st.sampled_from('ab ,.:()[]{}|<>\\+-_"0129\nAND') | st.characters(), max_size=60)
PROMPTS = st.tuples(ANY, st.sampled_from(["{prompt}", ""]), ANY).map("".join)


@pytest.mark.parametrize(
    ("prompt", "prose"),
    [
        ("film still {prompt} . moody, (grain:1.2), [haze]", "Film still {prompt}. Moody, grain, haze."),
        ("((lead lines)), {prompt}, (((soft)))", "Lead lines, {prompt}, soft."),
        ("<lora:ink_v2:0.8> wash of {prompt}, <hypernet:x:1>", "Wash of {prompt}."),
        ("brick BREAK {prompt} AND low sun", "Brick, {prompt}, low sun."),
        ("{prompt} AND moss :1.2", "{prompt}, moss."),
        ("[copper:verdigris:0.4] vane, {prompt}, [rain|sleet], [steam::0.6]", "Copper, verdigris vane, {prompt}, rain or sleet, steam."),
        ("{oak|elm|2::ash} bench, {prompt}", "Oak or elm or ash bench, {prompt}."),
        ("{2$$oak|elm} bench, {prompt}", "Oak or elm bench, {prompt}."),
        (r"box \(1970s\), {prompt}", "Box (1970s), {prompt}."),
        ("(dry brush)++, {prompt}+, moss-, (peat)1.3", "Dry brush, {prompt}, moss, peat."),
        ('("a tower", "a heron").blend(0.7, 0.3), {prompt} in oak.swap(elm)', '"a tower", "a heron", {prompt} in elm.'),
        ("__season__ orchard, {prompt}, embedding:burr_line, nets", "Orchard, {prompt}, nets."),
        ("f/8, {prompt}. f/2. soft. 1.5 m", "f/8, {prompt}. f/2. Soft. 1.5 m."),
        ("oak,elm ,, ash,\n\n{prompt},,", "Oak, elm, ash, {prompt}."),
        ("{prompt}", "{prompt}"),
        ("<lora:{prompt}:1>", "{prompt}"),
        ("a pre- and post-war {prompt}!", "a pre- and post-war {prompt}!".capitalize()),
        ("", "{prompt}"),
    ],
)  # fmt: skip
def test_a_prompt_becomes_prose(prompt: str, prose: str) -> None:
    assert prose_of(prompt) == prose


@given(PROMPTS)
def test_prose_always_has_one_place_for_the_subject(prompt: str) -> None:
    prose = prose_of(prompt)
    around_subject(prose)
    assert "\ue000" not in prose
    assert "\n" not in prose


def test_what_is_avoided_has_no_weights_no_repeats_and_no_pleas() -> None:
    negative = (
        "(worst quality, low quality:1.4), Fog, (fog:1.2), ((extra fingers)), text, bad hands. EasyNegative, [neon]"
    )
    assert avoided_of(negative) == ("Fog", "text", "neon")


@each_row(
    "plea",
    [
        "worst quality", "low quality", "lowres", "jpeg artifacts", "bad anatomy", "poorly drawn hands", "extra limbs",
        "fused fingers", "too many fingers", "mutated hands", "disfigured", "ugly", "EasyNegative", "long neck",
        "bad_hand_v4", "cropped", "out of frame", "error", "missing arms", "gross proportions", "blurry", "low contrast",
    ],
)  # fmt: skip
def test_pleas_for_quality_are_left_out(plea: str) -> None:
    assert avoided_of(plea) == ()


@pytest.mark.parametrize(
    "thing", ["text", "watermark", "crowd", "soft focus", "plastic", "extra light", "bare feet", "写真", "motion blur"]
)
def test_things_that_can_be_seen_stay(thing: str) -> None:
    assert avoided_of(thing) == (thing,)


def test_no_more_is_avoided_than_a_model_keeps_in_mind() -> None:
    assert len(avoided_of(", ".join(f"thing {number}" for number in range(100)))) == MOST_AVOIDED


@given(ANY)
def test_what_is_avoided_fits_a_style_file(negative: str) -> None:
    assert all(thing.strip() == thing and 1 < len(thing) <= 120 for thing in avoided_of(negative))


@pytest.mark.parametrize(
    "part", ["(", "[", "{", "(a:", ":1", "(1:1", "\\(", "__", "a|", "-", "+", "<lora:", "[a:1", " ,", ".", "x.swap("]
)
def test_no_text_keeps_it_busy(part: str) -> None:
    text = (part * 4000)[:4000]
    before = time.perf_counter()
    prose_of(text)
    avoided_of(text)
    prose_of(f"({text}")
    assert time.perf_counter() - before < 2
