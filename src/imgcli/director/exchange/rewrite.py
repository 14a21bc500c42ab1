"""Prompts written for diffusion tools, reworded for models that read prose.

What weighs words (`(soft light:1.2)`, `[grain]`, `mist++`), loads a file (`<lora:ink:0.8>`, `embedding:x`) or steers
the encoder (`BREAK`, `AND`) says nothing to such a model; alternatives (`{oak|elm}`, `[oak|elm]`) become "oak or elm".
"""

import re
from collections.abc import Iterator

from imgcli.director.exchange.foreign import SUBJECT

MOST_AVOIDED = 12
LONGEST_AVOIDED = 120

_SUBJECT_MARK = "\ue000"
"""Stands for the subject while braces are read; a private letter that no prompt with a meaning holds."""

_LOADS = re.compile(
    r"<[a-zA-Z]+:[^<>]*>|\s:\d+(?:\.\d+)?(?=\s*(?:AND\b|$))|\b(?:embedding|embeddings):[\w./-]+|\b__[\w./*-]+__\b"
)
_STEERS = re.compile(r"\b(?:BREAK|AND|ADDCOMM|ADDROW|ADDCOL|ADDBASE)\b")
_NUMBER = r"\s*-?(?:\d+(?:\.\d*)?|\.\d+)\s*"
_ROUND = re.compile(r"(?<!\\)\(([^()\\]*(?:\\.[^()\\]*)*)\)(?:[+-]+|\d*\.\d+)?")
_WEIGHT = re.compile(rf":{_NUMBER}$")
_SQUARE = re.compile(r"(?<!\\)\[([^\[\]]*)(?<!\\)\]")
_CHOICE = re.compile(r"\{([^{}]*)\}")
_SIGNS = re.compile(rf"(?<=[\w{_SUBJECT_MARK}])(?:\+{{1,9}}(?=[\s,.;)]|$)|-{{2,9}}(?=\s)|-{{1,9}}(?=[,.;)]|$))")
_MIXES = re.compile(r"\.(?:blend|and)\([^()]*\)")
_SWAPS = re.compile(r"[\w\ue000]+\.swap\(([^(),]*)[^()]*\)")
_DEPTH = 8
"""More brackets in brackets than anyone weighs words with."""

_PARTS = re.compile(r"[,;\n|]|\.(?=\s|$)")
_FLAWS = (
    r"(?:the )?(?:worst|low|lowest|lower|normal|bad|poor|worse|medium|average|jpeg|best|high) (?:quality|resolution|res|details?)"
    r"|(?:low|jpe?g|compression)[ -]?(?:res|poly ?artifacts|artifacts?|quality)|lowres|artifacts?|error|username|(?:very )?ugly"
    r"|(?:bad|poorly|badly|wrong|incorrect|poor|gross|weird|strange)(?: \w+){1,3}"
    r"|(?:extra|missing|fused|fewer|too many|floating|disconnected|mutated|malformed|deformed|distorted|disappearing|"
    r"multiple|cloned|more than \w+|less than \w+|abnormal|unnatural)(?: \w+){0,2}"
    r" (?:limbs?|arms?|legs?|fingers?|hands?|feet|foot|digits?|heads?|faces?|eyes?|bod(?:y|ies)|toes?|thighs?|calf|anatomy)"
    r"|(?:mutated|malformed|deformed|disfigured|mutilated|mutation|mutations|deformity|deformities|morbid|duplicate|"
    r"dehydrated|amputation|gross proportions|long ?neck|longbody|disgusting|amateur|draft|worst|censored|nsfw|"
    r"masterpiece|best|glitch|tiling|noisy|blurry|blurred|unfocused|out of focus|distorted|low contrast|out of frame|cropped|cut off)"
    r"|(?:easy|bad|verybad|ng|neg|unaestheti|aid|fast|baddream|unrealistic)[\w-]*(?:negative|dream|hand|artist|prompt|xl)[\w.-]*"
)
_BOILERPLATE = re.compile(_FLAWS, re.IGNORECASE)


def prose_of(prompt: str) -> str:
    """A prompt as a style's `prose`: readable, `{prompt}` in it exactly once, other braces doubled."""
    marked = prompt.replace(_SUBJECT_MARK, "").replace(SUBJECT, _SUBJECT_MARK, 1)
    text = _sentence(_unweighed(marked))
    if _SUBJECT_MARK not in text:
        # A subject inside what was left out, such as a tag, still needs its place.
        text = f"{_SUBJECT_MARK}, {text}" if text else _SUBJECT_MARK
    return text.replace("{", "{{").replace("}", "}}").replace(_SUBJECT_MARK, SUBJECT)


def avoided_of(negative: str) -> tuple[str, ...]:
    """What a negative prompt names as a style's `avoid`: without weights, repeats and the usual pleas for quality."""
    kept: dict[str, str] = {}
    for thing in _named(_unweighed(negative.replace(SUBJECT, ""))):
        kept.setdefault(thing.casefold(), thing)
    return tuple(kept.values())[:MOST_AVOIDED]


def _named(text: str) -> Iterator[str]:
    for part in _PARTS.split(text):
        thing = " ".join(part.replace('"', "").split()).strip(" .:-_!?'")
        if 1 < len(thing) <= LONGEST_AVOIDED and not _BOILERPLATE.fullmatch(thing):
            yield thing


def _unweighed(text: str) -> str:
    text = _SWAPS.sub(r"\1", _MIXES.sub("", _STEERS.sub(",", _LOADS.sub("", text))))
    for _ in range(_DEPTH):
        plainer = _CHOICE.sub(lambda found: _either(found[1]), text)
        plainer = _SQUARE.sub(lambda found: _scheduled(found[1]), plainer)
        plainer = _ROUND.sub(lambda found: _WEIGHT.sub("", found[1]), plainer)
        if plainer == text:
            break
        text = plainer
    return _SIGNS.sub("", re.sub(r"\\([()\[\]{}])", r"\1", text))


def _either(text: str) -> str:
    """`2$$oak|elm::3` of dynamic prompts as "oak or elm"."""
    options = (
        re.sub(r"^[\d.]+::|::[\d.]+$", "", option.strip()) for option in re.sub(r"^[\d-]*\$\$", "", text).split("|")
    )
    return " or ".join(filter(None, options))


def _scheduled(text: str) -> str:
    """`[from:to:0.5]` draws one and then the other, `[to:0.5]` begins late, `[grain:0.8]` may be either."""
    if "|" in text:
        return _either(text)
    *words, last = text.split(":")
    if not words:
        return last
    words = words if re.fullmatch(_NUMBER, last) else [*words, last]
    return ", ".join(filter(None, (word.strip() for word in words)))


def _sentence(text: str) -> str:
    """`text` on one line with its punctuation in order, a capital behind each full stop, and one at the end."""
    text = " ".join(text.split())
    text = re.sub(r"\s+([,.;:!?])(?!\d)", r"\1", text)
    text = re.sub(r",(?:\s*,)+", ",", text)
    text = re.sub(r",+\s*([.;])", r"\1", text)
    text = re.sub(r"([.;]),+", r"\1", text)
    text = re.sub(r"(?<![.])\.(?:\s*\.)(?!\.)", ".", text)
    text = re.sub(r",(?=[^\s\d])", ", ", text).strip(" ,;")
    # "f/8" and "e.g." are no words that begin a sentence.
    text = re.sub(r"(^|[.!?] )([a-z])(?=[a-z\s])", lambda found: found[1] + found[2].upper(), text)
    return text if not text or text == _SUBJECT_MARK or text.endswith((".", "!", "?")) else f"{text}."
