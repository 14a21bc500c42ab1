"""`direct` for many prompts that share their styles: what the Director says around the subject is composed once.

A prompt decides over the words around it in two ways only: by the things it speaks of, which no style may then avoid,
and by how it ends. So prompts that agree in both share a frame. A test holds the two against each other.
"""

from collections.abc import Sequence

from imgcli.director.constraints import mentions
from imgcli.director.direct import direct
from imgcli.model.card import Wording
from imgcli.model.prompt import DirectedPrompt, Style

FRAMES = 4096
"""Frames that are remembered; with more of them composing anew costs less than the memory."""

_SUBJECT = "qsubjectq"
"""A word that no style, constraint or prompt holds; where one does, nothing is shared."""

_Asked = tuple[tuple[str, ...], tuple[str, ...], Wording]


class Frames:
    """What is said around the subject, by what decides it; for styles that are the same for as long as it lives."""

    def __init__(self) -> None:
        self._frames: dict[tuple[_Asked, tuple[str, ...], str], tuple[str, str, DirectedPrompt] | None] = {}
        self._avoided: dict[tuple[str, ...], tuple[str, ...]] = {}

    def direct(self, prompt: str, styles: Sequence[Style], no: Sequence[str], wording: Wording) -> DirectedPrompt:
        """The same as `director.direct.direct`.

        Raises:
            UsageError: there is no prompt.
        """
        end = _end(prompt)
        if not (styles or no) or prompt != prompt.strip() or end == prompt or _SUBJECT in prompt:
            return direct(prompt, styles, no, wording)
        names = tuple([style.name for style in styles])
        if (avoided := self._avoided.get(names)) is None:
            avoided = self._avoided[names] = tuple({thing for style in styles for thing in style.avoid})
        spoken = tuple([thing for thing in avoided if mentions(prompt, thing)])
        key = ((names, tuple(no), wording), spoken, end)
        if key not in self._frames:
            if len(self._frames) >= FRAMES:
                self._frames.clear()
            subject = " | ".join([_SUBJECT, *spoken, _SUBJECT]) + end
            alike = tuple([thing for thing in avoided if mentions(subject, thing)]) == spoken
            self._frames[key] = _framed(subject, styles, no, wording) if alike else None
        frame = self._frames[key]
        if frame is None:
            return direct(prompt, styles, no, wording)
        before, after, words = frame
        return DirectedPrompt(
            typed=prompt,
            text=f"{before}{prompt}{after}",
            negative=words.negative,
            styles=words.styles,
            constraints=words.constraints,
            colours=words.colours,
            versions=words.versions,
        )


def _end(prompt: str) -> str:
    """What follows its last letter or digit."""
    at = len(prompt)
    while at and not prompt[at - 1].isalnum():
        at -= 1
    return prompt[at:]


def _framed(
    subject: str, styles: Sequence[Style], no: Sequence[str], wording: Wording
) -> tuple[str, str, DirectedPrompt] | None:
    """The words before and after `subject`, and all others; None where it has no one place."""
    words = direct(subject, styles, no, wording)
    before, found, after = words.text.partition(subject)
    return (before, after, words) if found and _SUBJECT not in before + after + words.negative else None
