"""The words for a picture that is continued, cut out or made anew; what is kept is always said first."""

import re

CUT_OUT = (
    "Keep the subject of the reference picture exactly as it is: its shape, its colours, its light and every detail of it, "
    "at the same place and size. Leave out everything behind it, around it and under it, with the shadow it throws. "
    "The background is fully transparent, and the outline is clean, without a rim or a halo."
)

REMADE = (
    "Keep the reference picture exactly as it is: the same subject, parts, composition, framing, colours, light and medium, "
    "every element at its place. Make it anew in a higher resolution: spell out the fine detail that the larger size has "
    "room for, with sharp edges and clean surfaces, and add, move or leave out nothing."
)

_CLOSED = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")


def continued(prompt: str) -> str:
    """The words that continue a picture beyond its edges; `prompt` says what is to be seen there, or is empty."""
    words = (
        "Keep what the picture shows already exactly as it is. Continue it beyond its edges into the empty area around it: "
        "the same place, perspective, light, colours and medium, without a seam, a frame or a repetition."
    )
    prompt = prompt.strip()
    if not prompt:
        return words
    return f"{words} In the new area: {prompt}{'' if _CLOSED.search(prompt) else '.'}"
