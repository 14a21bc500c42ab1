"""The text a new style starts with."""

import json
from collections.abc import Sequence

from imgcli.director.style_file import read_draft

TEMPLATE = '''\
# A style of imgcli. The name of this file, without .toml, is the name of the style.

# One line for `imgcli styles list`.
description = "What this style looks like"

# How the picture is made: medium, light, lens, composition, texture. {prompt} stands where the subject goes, exactly
# once, best in a short sentence of its own, so that any subject fits. For a brace that is meant, write it twice.
prose = """
A photograph by a north-facing window: {prompt}. Soft, cool light falls from one side and fades slowly into shadow.
A 50 mm lens keeps the subject sharp and lets the room behind it go quiet.
"""

# Things that spoil this style. What the user typed always wins over them.
avoid = ["harsh flash", "oversaturated colours"]

# 3 to 6 colours that evoke the style, the most important first; the placeholder provider paints with them.
colours = ["#dfe4e6", "#9aa7ad", "#5a6670", "#c9a27a"]

# What it stands under in the list.
# family = "photo"

# The only colours the picture may have, 1 to 12 of them.
# palette = ["#dfe4e6", "#5a6670"]

# What the style looks best at. Without these lines the settings decide.
# size = "1024x1536"
# quality = "medium"
# background = "opaque"

# For models that read keywords: a whole prompt, and what goes into their negative prompt, both sent as they are.
# keyword_prompt = "{prompt}, natural-light photograph, (soft shadows:1.2)"
# negative = "lowres, blurry"

# Short terms, mainly for models that follow keywords better than sentences. Leave out the groups you do not need.
[keywords]
medium = ["natural-light photograph"]
lighting = ["north window light", "soft shadows"]
camera = ["50 mm lens", "eye level"]
palette = ["cool greys", "one warm accent"]
mood = ["quiet"]
'''

EXTENDING = """\
# A style of imgcli, built on another: what is not said here is as it is there (docs/styles.md tells how).
extends = EXTENDED

# One line for `imgcli styles list`.
description = "What this style looks like"

# Sentences without {prompt} are added to the prose of the other; a prose with {prompt} replaces it.
# prose = "Rain runs down a window between the camera and the scene."

# Added to what the other avoids; "-film grain" takes away what it has.
# avoid = ["harsh flash", "-film grain"]

# Each of these replaces what the other says; an empty text or list takes it away.
# family = "photo"
# colours = ["#dfe4e6", "#9aa7ad", "#5a6670", "#c9a27a"]
# palette = ["#dfe4e6", "#5a6670"]
# size = "1024x1536"
# quality = "medium"
# background = "opaque"

# So does each group.
# [keywords]
# mood = ["quiet"]
"""


def render_new(name: str, description: str, extends: Sequence[str] = ()) -> str:
    """The starter text of a new style `name`, built on those it `extends`: ready to be edited and already valid.

    Raises:
        StyleError: a name or a description that a style cannot have.
    """
    text = (
        EXTENDING.replace("EXTENDED", _toml(list(extends) if len(extends) > 1 else extends[0]), 1)
        if extends
        else TEMPLATE
    )
    text = text.replace('"What this style looks like"', _toml(description.strip()), 1)
    read_draft(text, name, f"{name}.toml")
    return text


def _toml(value: str | list[str]) -> str:
    # JSON's texts and lists are TOML's too, but for DEL, which no style may have.
    return json.dumps(value, ensure_ascii=False)
