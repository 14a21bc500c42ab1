"""docs/moderation.md: the words below, and a table of what the real layers say of sixty prompts."""

import re
from collections.abc import Iterator
from pathlib import Path

import tomli

from imgcli.model.verdict import Stage, Verdict
from imgcli.moderation.blocklist import Blocklist, parse_blocklist
from imgcli.moderation.policy import BLOCKLIST, THRESHOLDS, WORDS, Policy, Rules
from imgcli.moderation.words import rude_words

ROOT = Path(__file__).resolve().parents[1]
PROMPTS = ROOT / "tests" / "data" / "moderation.toml"
EXAMPLE = ROOT / "examples" / "blocklist.txt"

TEXT = """\
# Moderation

Written by `python3 dev.py docs`; the table below comes from the program itself.

Nothing is moderated unless you say so: with `--policy`, or once and for all with the setting `policy`.

| policy | your blocklist | rude words | scores above a threshold | nobody can say |
| --- | --- | --- | --- | --- |
| `off` (default) | blocks, where you name one | - | - | - |
| `warn` | warns | warn | warn | warns |
| `on` | blocks | warn | block | blocks |
| `strict` | blocks | block | block | blocks |

A prompt that is blocked costs nothing: nothing of it is sent to a model that paints or expands, the batch goes on, and
the run ends with exit code 1. A picture that is flagged is paid. It is kept in `quarantine/` below its directory, with
its sidecar, and shown nowhere: no path on stdout or in `--json`, no grid, no sheet, no lock file, no pick. "Nobody can
say" is an endpoint that does not answer or did not look; under `on` and `strict` that stops like a block.

## The layers, in their order

1. **Blocklist** (`--blocklist FILE`): the team's own words, phrases and `/regular expressions/`, as in
   [blocklist.txt](../examples/blocklist.txt) or as TOML with a list for each category. Looked for in what was typed,
   in expansions and in the directed prompt, but not in what `--no` or a style excludes. Words are whole words, read
   through case, accents, invisible characters, letters of other scripts, `g u n`, `g.u.n`, `gr3n4de`, `guuun` and
   `g*n`; a plural is a word of its own.
   `gre nade` is read, too: a word of five letters or more that one blank parts, unless a half of it is a common little
   word (`is`, `the`). In scripts that put no blanks between words an entry is looked for anywhere. There are no
   wildcards in an entry: `g*n` is refused, `/g.n/` is meant. A regular expression runs in a process of its own, for 5 s
   at most.
2. **Words**: an English list of rude words (glin-profanity, `pip install 'imgcli[words]'`). Every such list flags
   harmless prompts too, so it blocks under `strict` alone. Without the extra `strict` is refused, and the other
   policies say that the list is not there.
3. **Provider**: its moderation endpoint, about the directed prompt, each input picture, and the picture that came; a
   copy of at most 1024 pixels is sent. `--moderate prompt,inputs,picture` is the default; `--moderate none` leaves it
   out. It is that of the provider that paints, or of `moderation_provider`. Checks are held and remembered like
   everything that is asked: the same words are asked about once. A server that does not tell that it looked at a
   picture counts as one that did not.
4. **Local** (`--moderate local`, `pip install 'imgcli[nsfw]'`): a classifier on this machine. It knows nakedness and
   nothing else; its category is `nsfw`.

Thresholds are in the config; these are the defaults:

```toml
[moderation]
{thresholds}
```

What an interrupted run was to look at is looked at by the next one, whatever that asks itself.

Once nobody can look at pictures any more (the key, the model, no price under a budget in dollars, or three in a row without an
answer) no more of them are bought in that run; those under way end in quarantine. They stay there when the endpoint is back: no
later run looks at them again by itself, so look yourself and release or delete them. A copy of an earlier picture that is flagged,
or that nobody can look at, is refused and is not bought either; `--cache refresh` makes it anew.

## Quarantine

```text
imgcli quarantine list              what is there, why, where, and what it cost (--all: also what was decided)
imgcli quarantine show ID           all scores of one
imgcli quarantine release ID...     it gets its planned name among the others; sidecar and ledger say who let it out
imgcli quarantine delete ID...      gone for good, after a question; the ledger keeps what is known
```

What is deleted is not made anew by a batch in the same directory with the same ledger, except with `--again`; another
directory or another ledger knows nothing of it and pays for it again.

Every verdict is in the sidecar. All that were more than "cleared", refusals of providers (`refusal`), and what people
decided (`person`) are lines of `moderation.jsonl` in the data directory, which is only ever added to;
`imgcli report moderation` counts them.

## What the lists say of sixty prompts

With [blocklist.txt](../examples/blocklist.txt), which blocks some weapons, a competitor, and the great tit, because a
team may. The endpoint is not in the table: what it says is for it to say, and it is asked about every prompt that the
lists let through.

{sums}

{table}"""


def page() -> str:
    kinds = tomli.loads(PROMPTS.read_text("utf-8"))
    blocklist = parse_blocklist(EXAMPLE.read_bytes(), EXAMPLE.name)
    rows = [(kind, *_row(prompt, blocklist)) for kind, prompts in kinds.items() for prompt in prompts]
    head = ("kind", "prompt", "blocklist", "words", "under `on`", "under `strict`")
    lines = (head, ["---"] * len(head), *rows)
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    thresholds = "\n".join(
        f'"{name}" = {score}' if "/" in name else f"{name} = {score}" for name, score in THRESHOLDS.items()
    )
    return TEXT.format(table=table, sums=_sums(rows), thresholds=thresholds)


def _row(prompt: str, blocklist: Blocklist) -> tuple[str, ...]:
    # The patterns of the example are harmless, so they need no process here.
    hits = [str(entry) for entry in blocklist.hits(prompt)]
    hits += [str(entry) for entry in blocklist.patterns if re.search(entry.pattern, prompt, re.IGNORECASE)]
    rude = rude_words(prompt)
    shown = prompt.replace("\u200b", "&#8203;").replace("*", "\\*").replace("$", "\\$")
    cells = [", ".join(found).replace("|", "\\|").replace("*", "\\*") or "-" for found in (hits, rude)]
    return (shown, *cells, *(_under(policy, hits, rude) for policy in (Policy.ON, Policy.STRICT)))


def _under(policy: Policy, hits: list[str], rude: list[str]) -> str:
    rules = Rules(policy)
    said: Iterator[Verdict] = (
        rules.found(Stage.PROMPT, layer, found) for layer, found in ((BLOCKLIST, hits), (WORDS, rude))
    )
    decisions = {verdict.decision.value for verdict in said}
    return next(word for word in ("blocked", "warned", "cleared") if word in decisions)


def _sums(rows: list[tuple[str, ...]]) -> str:
    told = []
    for kind in dict.fromkeys(row[0] for row in rows):
        of_kind = [row for row in rows if row[0] == kind]
        by_list, by_words = sum(row[2] != "-" for row in of_kind), sum(row[3] != "-" for row in of_kind)
        told.append(f"{kind}: blocklist {by_list}, words {by_words} of {len(of_kind)}")
    return f"Hits: {'; '.join(told)}."
