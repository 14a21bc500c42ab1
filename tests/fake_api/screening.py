"""The Moderations API of the fake server: it knows some words and colours, and what a test tells it.

A word of WORDS in the text, or a picture whose first pixel has a colour of COLOURS, gets its score; all else 0.0001.
A test adds rules, each used where all of its conditions hold, with the highest score of a category winning:

    {"scores": {"sexual": 0.98}, "text": "beach|pool"}      text that the pattern is found in
    {"scores": {"violence": 0.9}, "image": true}            requests with a picture, or (false) without one
    {..., "colour": "#ff0000"}                              a picture that begins with this colour
    {..., "every": 3, "times": 2}                           the 3rd and the 6th of those, and no more

It is free, so nothing of it stands on the bill. One picture a request, as nobody knows what the real one takes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.fake_api.checks import RefusedError
from tests.fake_api.sight import Seen, parts_of
from tests.fake_api.wire import Json

ROUTE = "/v1/moderations"
MODELS = ("omni-moderation-latest", "omni-moderation-2024-09-26")
OF_IMAGES = (
    *("self-harm", "self-harm/instructions", "self-harm/intent"),
    *("sexual", "violence", "violence/graphic"),
)
OF_TEXT = (
    *("harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent"),
    "sexual/minors",
)
CATEGORIES = tuple(sorted((*OF_IMAGES, *OF_TEXT)))
CLEAN, FLAGGED = 0.0001, 0.5
WORDS = {
    "naked": ("sexual", 0.91),
    "orgy": ("sexual", 0.97),
    "beheading": ("violence/graphic", 0.95),
    "massacre": ("violence", 0.88),
    "kill yourself": ("self-harm/instructions", 0.93),
    "subhuman": ("hate", 0.86),
}
COLOURS = {"#ff00fe": ("sexual", 0.96), "#fe0000": ("violence/graphic", 0.94)}


@dataclass(slots=True)
class Rule:
    """What a test told; `left` is None when it never ends."""

    scores: dict[str, float]
    text: re.Pattern[str] | None
    image: bool | None
    colour: str
    every: int
    left: int | None
    seen: int = 0

    def fits(self, text: str, pictures: Sequence[Seen]) -> bool:
        """Whether it holds for this request, which it counts."""
        if self.left == 0 or (self.text and not self.text.search(text)):
            return False
        if self.image is not None and self.image is not bool(pictures):
            return False
        if self.colour and not any(each.colour == self.colour for each in pictures):
            return False
        self.seen += 1
        if self.seen % self.every:
            return False
        if self.left is not None:
            self.left -= 1
        return True


def rule(told: Json) -> Rule:
    """A rule as a test writes it.

    Raises:
        ValueError, TypeError, KeyError, re.error: it is none.
    """
    if strange := sorted(told.keys() - {"scores", "text", "image", "colour", "every", "times"}):
        raise ValueError(f"a rule of moderation has no {', '.join(strange)}")
    if strange := sorted(told["scores"].keys() - set(CATEGORIES)):
        raise ValueError(f"there is no category {', '.join(strange)}")
    pattern = re.compile(told["text"]) if "text" in told else None
    return Rule(
        told["scores"], pattern, told.get("image"), told.get("colour", ""), told.get("every", 1), told.get("times")
    )


def inputs(body: Json, extra_models: Sequence[str] = ()) -> list[tuple[str, list[Seen]]]:
    """The words and the picture of each input.

    Raises:
        RefusedError: with the status and body of the first thing wrong.
    """
    if unknown := sorted(set(body) - {"model", "input"}):
        raise RefusedError("unknown_parameter", unknown[0], f"Unknown parameter: '{unknown[0]}'.")
    if body.get("model") not in (*MODELS, *extra_models):
        raise RefusedError("model_not_found", "model", f"The model '{body.get('model')}' does not exist.", 404)
    asked = body.get("input")
    if isinstance(asked, str):
        return [(asked, [])]
    if not isinstance(asked, list) or not asked:
        raise RefusedError("invalid_value", "input", "Input cannot be an empty array.")
    if all(isinstance(each, str) for each in asked):
        return [(each, []) for each in asked]
    words, seen = parts_of(asked)
    if len(seen) > 1:
        raise RefusedError("invalid_value", "input", "This fake API moderates one image at a time.")
    return [(words, seen)]


def result(text: str, seen: Sequence[Seen], rules: Sequence[Rule]) -> Json:
    """One result, as the real API writes it."""
    scores = dict.fromkeys(CATEGORIES, CLEAN)
    found: list[tuple[str, float]] = [WORDS[word] for word in WORDS if word in text.lower()]
    found += [COLOURS[each.colour] for each in seen if each.colour in COLOURS]
    found += [pair for each in rules if each.fits(text, seen) for pair in each.scores.items()]
    for category, score in found:
        scores[category] = max(scores[category], score)
    kinds = {name: ["text"] if text else [] for name in OF_TEXT}
    kinds |= {name: [*(["text"] if text else []), *(["image"] if seen else [])] for name in OF_IMAGES}
    flags = {category: score >= FLAGGED for category, score in scores.items()}
    return {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": scores,
        "category_applied_input_types": kinds,
    }


def told(model: str, results: Sequence[Json]) -> dict[str, Any]:
    """The body of an answer."""
    return {"id": "modr-1", "model": model, "results": list(results)}
