"""The one law: a frame says what the Director says. Whatever decides over a prompt's words must be in its key."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imgcli.director.direct import direct
from imgcli.director.frames import FRAMES, Frames
from imgcli.model.card import Wording
from imgcli.model.prompt import Style
from imgcli.settings import find_paths
from imgcli.wiring import load_styles

STYLES = dict(load_styles(find_paths({"IMGCLI_HOME": "/nowhere"})))
ODD = Style(
    "odd", "", "{prompt}", avoid=("text", "watermark", "blur", "motion blur", "qsubjectq"), palette=("#ff0000",)
)
WHOLE = Style("whole", "", "Seen: {prompt}.", keyword_prompt="best, {prompt}, sharp", negative="ugly", avoid=("fog",))
ALL = [*STYLES.values(), ODD, WHOLE]
SAID = sorted({thing for style in ALL for thing in style.avoid} | {"letters", "a logo stamp", "words", "fog", "Blur"})
WORDS = st.sampled_from([*SAID, "a car", "the", "and", "in", "rain,", "x", "—", "né", "雨"])
PROMPTS = st.builds(
    lambda words, end: " ".join(words) + end,
    st.lists(WORDS, min_size=1, max_size=6),
    st.sampled_from(["", ".", "!", "?", ",", ";", ":", '."', " .", "...", "?)", "。", "-"]),
)
CHOSEN = st.lists(st.sampled_from(ALL), max_size=3)
NO = st.lists(st.sampled_from(["text", "people, fog", "blur", "red tones"]), max_size=2)


@settings(max_examples=400, deadline=None)
@given(st.lists(PROMPTS, min_size=1, max_size=4), CHOSEN, NO, st.sampled_from(Wording))
def test_a_frame_says_what_the_director_says(
    prompts: list[str], styles: list[Style], no: list[str], wording: Wording
) -> None:
    frames = Frames()
    for prompt in prompts * 2:
        assert frames.direct(prompt, styles, no, wording) == direct(prompt, styles, no, wording)


@pytest.mark.parametrize("prompt", [" a car ", "...", "a qsubjectq", "\n", "a car\nat night"])
def test_what_fits_no_frame_is_directed_by_itself(prompt: str) -> None:
    styles = [STYLES["cinematic"]]
    if not prompt.strip():
        return
    assert Frames().direct(prompt, styles, ["text"], Wording.PROSE) == direct(prompt, styles, ["text"], Wording.PROSE)


def test_thousands_of_prompts_of_a_style_need_few_frames() -> None:
    frames = Frames()
    for number in range(2000):
        frames.direct(f"a car with the number {number}", [STYLES["cinematic"]], ["text"], Wording.PROSE)
    assert len(frames._frames) == 1


def test_frames_are_bounded() -> None:
    frames = Frames()
    for number in range(FRAMES + 10):
        frames.direct(f"a car{'.' * number}", [ODD], [], Wording.KEYWORDS)
    assert len(frames._frames) <= FRAMES
