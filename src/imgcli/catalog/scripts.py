"""Words of scripts that put no blanks between them, as pairs of letters, so that a part of a line can be found."""

import re
import unicodedata
from itertools import pairwise

_LETTERS = (
    "(?:["
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "][\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*)+"
)
_RUN, _LAST = re.compile(_LETTERS), re.compile(f"{_LETTERS}$")


def spread(text: str) -> str:
    """`text` with each run of such letters as its pairs, the last letter alone behind them; all else as it is.

    The pairs of a part of a run stand one behind the other in those of the run, so it is found as a phrase.
    """
    return text if text.isascii() else _RUN.sub(lambda run: f" {' '.join(_parts(run[0]))} ", text)


def wanted(text: str) -> tuple[str, bool]:
    """The phrase by which `text` is found in what was `spread`, and whether its last word is only a beginning.

    A run at its end may go on in what is found; one letter is only what pairs begin with.
    """
    if text.isascii() or (last := _LAST.search(text)) is None:
        return spread(text), False
    parts = _parts(last[0])
    return f"{spread(text[: last.start()])} {' '.join(parts[:-1] or parts)}", len(parts) == 1


def _parts(run: str) -> list[str]:
    # Half and full width are one letter, and tone marks are left out: FTS5 would part words at them.
    plain = unicodedata.normalize("NFKC", run)
    letters = [letter for letter in plain if unicodedata.category(letter)[0] in "LN"]
    return [*(first + second for first, second in pairwise(letters)), *letters[-1:]]
