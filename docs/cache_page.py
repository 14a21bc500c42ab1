"""The page on the cache, with the table of what each way to find a picture gets right."""

from collections.abc import Callable, Sequence
from pathlib import Path

import tomli

from imgcli.catalog.alike import opposed
from imgcli.catalog.canonical import canonical

DOCS = Path(__file__).resolve().parent
THRESHOLDS = (0.95, 0.97, 0.98)
PAGE = """\
# Never paying for the same picture twice

Written by `python3 dev.py docs`; the table below is computed from [cache-pairs.toml](cache-pairs.toml).

## What is taken

`--cache WORD`, or the setting `cache`:

| word | takes | keeps what is made |
| --- | --- | --- |
| `use` | a picture of the very same job: every input that can change it, seed and number among `-n` included | yes |
| `loose` | also one whose words have the same form, all else being the same | yes |
| `refresh` | nothing | yes, in the place of the older one |
| `off` | nothing | no |

Without it (`cache = "auto"`) `batch` and `final` use what was made before; `gen`, `edit` and all others make new pictures at
every call. `--remake` and `--again` make anew whatever the cache has.

A picture is looked for in the ledger first, in whatever directory it was made, then in the cache directory. It becomes a
**new file with a name and a sidecar of its own**, never a link, so that no edit of one changes the other. The sidecar says
`reused`: of which attempt, and what that cost; its own cost is 0. The bytes are hashed while they are copied, and a copy with
another SHA-256 than was recorded is dropped. It passes moderation like a new one, before and after; what is in quarantine or
rejected is never taken. `--dry-run` and `--plan` count what would be taken as free.

A picture that you take away from its directory comes back from the cache at the next run of its batch. `--again ID` makes
another one instead.

## The cache directory

`cache_dir` (default: below imgcli's cache, `imgcli cache stats` says where) holds plain files: `ab/ab12....png`, its entry
`ab/ab12....json`, and `ab/cd34....like`, which tells where words of a form are found. It may lie on a share: several users and
machines can use one, if they trust each other (an entry proves that it is whole, not who wrote it).
For that, make it writable for all of them before it is used (`chgrp TEAM DIR; chmod 2770 DIR`): what imgcli makes in it then
follows its group and other bits, whatever the umask; a picture keeps the permissions of the file that it is a second name of, and
whoever may not read it misses it. A link in place of one of its directories is not written through.
On the same file system a
picture is kept as a second name of your file, which takes no room; elsewhere as a copy. If you edit your file in place, the
cache sees by the hash that its bytes are others, and drops it.

At most `cache_size` is kept (default 2 GB; 0: nothing); what was of no use for longest goes first. Nothing is ever touched there
that has no name of the form above, no link is followed, and your own files stay. Whatever is wrong with the cache is told
once and is a miss: it never fails a run.

`imgcli cache stats` tells entries, bytes and the money saved; `imgcli cache verify` reads every byte (exit code 7 while
something broken is left there, else 0), and `--drop` takes broken ones away; `imgcli cache clear` empties it, or takes what was of no use for `--older DAYS`.

## Like, but not the same

With `use`, a picture whose words have the same form is *suggested* before one is made. The form is made by rules alone, for
English: articles, spelling (colour, color), numbers as words, a few leads ("an image of"), the capital letter of the first word
and the order of what is said of the whole picture do not count. Words keep their order otherwise, and nothing that tells
numbers, colours, negations, comparisons or places is left out. Whatever is no plain Latin word (emoji, signs, arrows) stays as
it is, a capital letter inside a sentence makes a name of a word and keeps the article before it, and after a quotation mark or
a word like *says*, *reads*, *titled*, *sign*, *number* all stays as it was typed. A prompt that holds letters of another
script is the same only as itself, blanks aside.

`near = "local"` or `near = "provider"` has a model compare words: a small one on your machine (`pip install "imgcli[near]"`,
12 ms a prompt), or the provider's embeddings, held and billed like all else and asked once for each prompt. Near pictures are
suggested; `--near 0.98` takes them unseen from that similarity on, **unless** numbers, colours, negations, persons (man, woman,
child) or signs and emoji differ, one thing stands against many, or the same words stand in another order. This guard is a list
of words, and English: what is not in the list it does not see (sunset, sunrise; under, on), nor anything in another language in
Latin letters. Prompts in other scripts are never taken as near unless they are equal. Similarity does not separate safely, as
the table shows: 0.98 of one model is not 0.98 of another, and each takes its wrong pictures somewhere.

## What each way gets right

{same} pairs that ask for the same picture in other words, {different} that differ by one word which changes it. The columns of
`near` were measured once, with {model}, on {on}; the others are computed here.

{table}
Wrong at {wrong_at:g} in spite of the guard: {wrong}.
"""


def cache_page(markdown_table: Callable[[Sequence[str], Sequence[Sequence[str]]], str]) -> str:
    pairs = tomli.loads((DOCS / "cache-pairs.toml").read_text("utf-8"))
    near = tomli.loads((DOCS / "cache-near.toml").read_text("utf-8"))
    same, different = pairs["same"], pairs["different"]
    rows = [
        row("exact", [one == other for one, other in same], [one == other for one, other in different]),
        row("loose", *([canonical(one) == canonical(other) for one, other in each] for each in (same, different))),
    ]
    for least in THRESHOLDS:
        for name, holds in (("", lambda _: True), (", guarded", lambda pair: not opposed(*pair))):
            hits = [
                [cosine >= least and holds(pair) for cosine, pair in zip(near[kind], pairs[kind], strict=True)]
                for kind in ("same", "different")
            ]
            rows.append(row(f"near {least:g}{name}", *hits))
    head = ("way", "same, found", "different, taken for the same", "precision", "recall")
    wrong_at = THRESHOLDS[0]
    wrong = [
        f"{one!r} and {other!r}"
        for cosine, (one, other) in zip(near["different"], different, strict=True)
        if cosine >= wrong_at and not opposed(one, other)
    ]
    return PAGE.format(
        same=len(same),
        different=len(different),
        model=near["model"],
        on=near["on"],
        table=markdown_table(head, rows),
        wrong_at=wrong_at,
        wrong="; ".join(wrong),
    )


def row(name: str, found: Sequence[bool], taken: Sequence[bool]) -> tuple[str, ...]:
    hits, misses = sum(found), sum(taken)
    precision = f"{100 * hits / (hits + misses):.0f} %" if hits + misses else "none found"
    return name, f"{hits} of {len(found)}", f"{misses} of {len(taken)}", precision, f"{100 * hits / len(found):.0f} %"
