"""How the Director reads texts, for those who count what became of many of them."""

import functools
from collections.abc import Sequence

from imgcli.director.constraints import mentions, split
from imgcli.director.survival import fate


class Judging:
    """Satisfies `reports.prompts.Judge`."""

    def things(self, no: Sequence[str]) -> Sequence[str]:
        return split(no)

    def says(self, text: str, phrase: str) -> bool:
        # Most phrases stand there as they are, which is found far quicker than by any of their names.
        return _stands_in(_folded(text), phrase.casefold()) or mentions(text, phrase)

    def fate(self, text: str, thing: str) -> str:
        return fate(text, thing).value


@functools.lru_cache(maxsize=4)
def _folded(text: str) -> str:
    return text.casefold()


def _stands_in(text: str, phrase: str) -> bool:
    """Whether `phrase`, plain words, is in `text` as whole words, where it comes first."""
    at = text.find(phrase) if phrase.replace(" ", "").isalnum() else -1
    if at < 0:
        return False
    before, after = text[at - 1 : at], text[at + len(phrase) : at + len(phrase) + 1]
    return not (before.isalnum() or after.isalnum() or "_" in {before, after})
