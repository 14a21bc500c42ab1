"""The words: what was typed, and what the Director made of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """A named preset of the Director.

    Attributes:
        prose: wording for natural-language models, with `{prompt}` where the subject goes.
        keywords: group (lighting, camera, medium, palette, mood) -> comma-separable terms, for keyword models.
        avoid: things the picture should not show, as plain noun phrases ("motion blur").
        colours: hex colours `#rrggbb`, for the placeholder painter's palette.
        size, quality: what the style looks best at; None leaves it to the settings.
        source: where it was read from, for `styles list`: `built-in` or a path.
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
    """

    typed: str
    text: str
    negative: str = ""
    styles: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
