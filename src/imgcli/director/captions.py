"""What a vision model says of a picture, made fit to stand in a prompt: data of a stranger, and never more than that.

A picture may hold any words, and its owner may be anybody; so what comes back may try to be an order, a tag that some
server obeys, or a character that turns a terminal around. None of it gets further than here.
"""

import re

from imgcli.director.mending import is_chatter
from imgcli.director.question import tidy

LONGEST = 400
"""Characters of one caption that are kept."""

LONGEST_LETTERING = 120
MOST_LETTERINGS = 12
MOST_LOOKED = 8_000
"""Characters of one string of an answer that are looked at."""

_TAGS = re.compile(r"<[^<>]{0,4000}>")
_ADDRESSES = re.compile(r"\b(?:[a-z][a-z0-9+.-]{1,10}:/{0,2}|www\.)\S*[/.@?=]\S*", re.IGNORECASE)
_FLAGS = re.compile(r"(?<![\w-])-{1,2}[a-zA-Z][\w-]*(?:=\S+)?")
_SIGNS = str.maketrans(dict.fromkeys('<>{}[]|\\^~`$#*_"“”„«»‹›「」『』=', " "))
"""What is said of a picture needs none of them; servers and templates may."""

_SENTENCES = re.compile(r"(?<=[.!?。！？])\s+")
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|obey|reveal|print|return|execute|run)\b.{0,60}"
    r"\b(?:previous|above|prior|instructions?|rules?|prompts?|keys?|json|code|commands?|exactly)\b"
    r"|\b(?:system|developer|assistant|admin|user)\s*(?:prompt|message|mode|role|:)"
    r"|\b(?:api|secret|access)[ -]?keys?\b|\byou (?:are now|must|should|will|may|can)\b|\bas an ai\b|\binstructions?:",
    re.IGNORECASE,
)


def caption(text: str, longest: int = LONGEST) -> str:
    """`text` on one line without signs, tags, addresses and flags, and without sentences that speak to somebody."""
    plain = _FLAGS.sub(" ", _ADDRESSES.sub(" ", _TAGS.sub(" ", tidy(text[:MOST_LOOKED], MOST_LOOKED))))
    plain = " ".join(plain.translate(_SIGNS).split())
    kept = [part for part in _SENTENCES.split(plain) if not is_chatter(part) and not _ORDERS.search(part)]
    told = tidy(" ".join(kept), longest).strip(" ,;:-")
    return told if any(char.isalnum() for char in told) else ""


def lettering(text: str) -> str:
    """Words that stand in a picture, to be said in quotation marks only; empty where no letter of them is left."""
    plain = tidy(_TAGS.sub(" ", text[:MOST_LOOKED]), LONGEST_LETTERING)
    told = " ".join(plain.translate(_QUOTE_SIGNS).split()).strip()
    return told if any(char.isalnum() for char in told) else ""


_QUOTE_SIGNS = str.maketrans(dict.fromkeys('<>{}[]|\\`"“”„«»‹›「」『』', " "))
