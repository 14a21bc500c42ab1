"""The words: what was typed, and what the Director made of it."""

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Style:
    """A named preset of the Director.

    Attributes:
        prose: wording for natural-language models, with `{prompt}` where the subject goes.
        keywords: group (lighting, camera, medium, palette, mood) -> comma-separable terms, for keyword models.
        avoid: things the picture should not show, as plain noun phrases ("motion blur").
        colours: hex colours `#rrggbb` that evoke the style, for its swatch and the placeholder painter.
        size, quality, background: what the style looks best at; None leaves it to the settings.
        source: where it was read from, for `styles list`: `built-in` or a path.
        family: what it stands under in lists (`cinema`), or empty.
        extends: names of the styles it is built on, as its file says; the other fields hold what came of it.
        palette: hex colours the picture is to keep to; told to models that read prose.
        keyword_prompt: a whole prompt with `{prompt}` in it for models that read keywords, used instead of `keywords`.
        negative: a negative prompt for them, verbatim, used instead of `avoid`.
        version: the first 12 hex digits of a SHA-256 over everything in it that can change a picture.
    """

    name: str
    description: str
    prose: str
    keywords: tuple[tuple[str, tuple[str, ...]], ...] = ()
    avoid: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    size: str | None = None
    quality: str | None = None
    source: str = "built-in"
    family: str = ""
    extends: tuple[str, ...] = ()
    background: str | None = None
    palette: tuple[str, ...] = ()
    keyword_prompt: str = ""
    negative: str = ""
    version: str = ""


class Piece(NamedTuple):
    """A part of the directed prompt; `origin` is TYPED, EXCLUDED, or the style that said it."""

    text: str
    origin: str


TYPED = ""
EXCLUDED = "--no"


@dataclass(frozen=True, slots=True)
class DirectedPrompt:
    """The words that are sent, beside the words they came from.

    Attributes:
        typed: what the user typed.
        text: what is sent as the prompt.
        negative: what is sent as the negative prompt to models that have one, else empty.
        styles: names of the styles used, in order.
        constraints: what the user said must not appear, as typed.
        colours: hex colours of the styles, in order, without repeats.
        expanded: what a text model, or rules, made of it before it was directed; empty if nothing did.
        versions: the version of each of `styles`; empty for pictures made before styles had one.
    """

    typed: str
    text: str
    negative: str = ""
    styles: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    expanded: str = ""
