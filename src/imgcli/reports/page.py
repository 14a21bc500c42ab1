"""A grid as a page: one HTML file without scripts, which asks nobody for anything and links the pictures beside it."""

import os
import re
from collections.abc import Collection
from html import escape
from pathlib import Path
from urllib.parse import quote

from imgcli.reports.grid import Cell, Grid, Row
from imgcli.reports.policy import hashed

SEEN = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".avif"})
"""Extensions of pictures that browsers show."""

LONGEST = 40_000
"""Letters of one text of the page; directed prompts have 32,000 at most."""

STYLE = """
:root{color-scheme:light dark;--paper:#fafaf8;--ink:#181816;--quiet:#6b6a65;--mat:#f1f1ed;--rule:#dbdad5;--gap:1.25rem;
--pad:clamp(1rem,3.5vw,3.5rem)}
@media (prefers-color-scheme:dark){:root{--paper:#151513;--ink:#ecebe6;--quiet:#a09f98;--mat:#201f1d;--rule:#383733}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;padding:var(--pad);background:var(--paper);color:var(--ink);font:1rem/1.45 Inter,system-ui,sans-serif;
overflow-wrap:anywhere}
h1{margin:0;max-width:40ch;font-size:clamp(1.5rem,1.1rem + 1.8vw,2.4rem);font-weight:600;line-height:1.15;
letter-spacing:-.015em;text-wrap:balance;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:6;
overflow:hidden}
header{margin-bottom:2.5rem}
header p,.note,.caption,details,.axis{color:var(--quiet)}
header p{margin:.7rem 0 0;text-wrap:balance}
h2{margin:2.75rem 0 1.1rem;padding-top:.8rem;border-top:1px solid var(--rule);font-size:1.05rem;font-weight:600}
section:first-child h2{margin-top:0}
ul{list-style:none;margin:0;padding:0;display:grid;gap:2rem var(--gap);
grid-template-columns:repeat(auto-fill,minmax(max(min(100%,9.5rem),(100% - (var(--across) - 1)*var(--gap))/var(--across)),1fr))}
figure{margin:0;min-width:0}
.view{display:block;position:relative;background:var(--mat);border-radius:2px;overflow:hidden;color:inherit}
.view:focus-visible,summary:focus-visible,.others a:focus-visible{outline:3px solid #2f6fde;outline-offset:2px}
img{display:block;width:100%;height:auto}
.clear{background:conic-gradient(#ecece9 25%,#fff 0 50%,#ececE9 0 75%,#fff 0) 0 0/24px 24px}
.words{position:absolute;inset:auto 0 0;max-height:70%;overflow:hidden;padding:2.2rem .9rem .9rem;color:#fff;
background:linear-gradient(#0000,#000a 2.2rem,#000d);font-size:.8rem;line-height:1.4;opacity:0;transition:opacity .15s;
pointer-events:none}
.words span{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:9;overflow:hidden}
.view:focus-visible .words{opacity:1}
@media (hover:hover){.view:hover .words{opacity:1}}
.blank{display:flex;align-items:center;justify-content:center;aspect-ratio:var(--shape);margin:0;padding:1rem;
background:var(--mat);border:1px solid var(--rule);border-radius:2px;color:var(--quiet);font-size:.8rem;text-align:center;text-wrap:balance;
overflow:auto}
figcaption{padding-top:.6rem;font-size:.875rem}
figcaption>*{margin:0 0 .15rem}
.name{font-weight:600;font-size:1rem}
.caption{font-variant-numeric:tabular-nums}
summary{cursor:pointer;width:max-content;max-width:100%;padding:.2rem 0}
details p{margin:.2rem 0 .5rem;white-space:pre-wrap;color:var(--ink)}
.others a{color:inherit}
.table{width:max-content;min-width:100%}
.table header{position:sticky;left:var(--pad);width:calc(100vw - 3*var(--pad))}
table{border-collapse:separate;border-spacing:0}
thead th{position:sticky;top:0;z-index:2;background:var(--paper);padding:.5rem var(--gap) .7rem 0;text-align:left;
vertical-align:bottom}
tbody th{position:sticky;left:0;z-index:1;background:var(--paper);padding:0 var(--gap) 0 var(--pad);text-align:left;
vertical-align:top}
tbody th span{display:block;width:max-content;max-width:10rem;overflow-wrap:break-word;line-height:1.2;margin-top:-.1em}
thead th:first-child{left:0;z-index:3;padding-left:var(--pad)}
table{margin-left:calc(-1*var(--pad))}
th{font-weight:600}
.axis{display:block;font-weight:400;font-size:.8rem}
td{padding:0 var(--gap) 1.5rem 0;vertical-align:top}
td figure{width:clamp(9rem,(100vw - 2*var(--pad) - 9rem)/var(--across) - var(--gap),30rem)}
td figcaption:empty{display:none}
@media (max-width:40rem){body{font-size:.9375rem}tbody th{padding-right:.75rem;font-size:.8125rem}tbody th span{max-width:6.5rem}}
@media print{details,.words{display:none}figure,h2{break-inside:avoid}h2{break-after:avoid}thead th,tbody th{position:static}}
"""


def page(grid: Grid, directory: Path, unreadable: Collection[Path] = ()) -> str:
    """The page that stands in `directory`; pictures in `unreadable` are linked and not shown."""
    shapes = {cell.shape for cell in grid.cells if cell.picture and all(cell.shape)}
    width, height = shapes.pop() if len(shapes) == 1 else (1, 1)
    style = f"{STYLE}:root{{--across:{grid.across};--shape:{width}/{height}}}\n"
    # Opened from a disk, the pictures beside it are `file:`; behind a web server, `self`.
    policy = f"default-src 'none'; img-src 'self' file:; style-src {hashed(style)}; base-uri 'none'; form-action 'none'"
    body = _table(grid, directory, unreadable) if grid.columns else _sheet(grid, directory, unreadable)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="generator" content="imgcli">\n'
        f"<title>{_text(grid.title[:200])}</title>\n<style>{style}</style>\n</head>\n"
        f'<body{" class=table" if grid.columns else ""}>\n<header>\n<h1 dir="auto">{_text(grid.title)}</h1>\n'
        f"<p>{_text(grid.facts)}</p>\n</header>\n<main>\n{body}</main>\n</body>\n</html>\n"
    )


def _table(grid: Grid, directory: Path, unreadable: Collection[Path]) -> str:
    across, down = grid.axes
    corner = f'<th scope="col"><span class="axis" dir="auto">{_text(down)}</span></th>'
    over = f'<span class="axis">{_text(across)}</span>'
    heads = [
        f'<th scope="col" dir="auto">{over if not place else ""}{_text(column)}</th>'
        for place, column in enumerate(grid.columns)
    ]
    lines = ["<table>\n<thead><tr>", corner, *heads, "</tr></thead>\n<tbody>\n"]
    for row in grid.rows:
        cells = "".join(
            f"<td>{_figure(cell, f'{row.label}, {column}', directory, unreadable)}</td>\n"
            for cell, column in zip(row.cells, grid.columns, strict=True)
        )
        lines.append(f'<tr><th scope="row" dir="auto"><span>{_text(row.label)}</span></th>\n{cells}</tr>\n')
    return "".join([*lines, "</tbody>\n</table>\n"])


def _sheet(grid: Grid, directory: Path, unreadable: Collection[Path]) -> str:
    return "".join(_section(row, directory, unreadable) for row in grid.rows)


def _section(row: Row, directory: Path, unreadable: Collection[Path]) -> str:
    head = f'<h2 dir="auto">{_text(row.label)}</h2>\n' if row.label else ""
    items = "".join(f"<li>{_figure(cell, cell.label, directory, unreadable)}</li>\n" for cell in row.cells)
    return f"<section>\n{head}<ul>\n{items}</ul>\n</section>\n"


def _figure(cell: Cell, name: str, directory: Path, unreadable: Collection[Path]) -> str:
    lines = [
        f'<p class="name" dir="auto">{_text(cell.label)}</p>' if cell.label else "",
        f'<p class="note" dir="auto">{_text(cell.note)}</p>' if cell.note else "",
        f'<p class="caption">{_text(cell.caption)}</p>' if cell.caption else "",
        _others(cell, directory),
        f'<details><summary>Prompt</summary><p dir="auto">{_text(cell.directed)}</p></details>',
    ]
    return f"<figure>{_view(cell, name, directory, unreadable)}<figcaption>{''.join(lines)}</figcaption></figure>"


def _view(cell: Cell, name: str, directory: Path, unreadable: Collection[Path]) -> str:
    if cell.picture is None:
        return f'<p class="blank" dir="auto">{_text(cell.blank)}</p>'
    link = _link(cell.picture, directory)
    if cell.picture in unreadable or cell.picture.suffix.lower() not in SEEN:
        why = _text(f"{cell.picture.name} cannot be shown")
        return f'<a class="view" href="{link}"><span class="blank">{why}</span></a>'
    width, height = cell.shape
    sides = f' width="{width}" height="{height}"' if width and height else ""
    ground = "view clear" if cell.is_clear else "view"
    words = f'<span class="words" dir="auto" aria-hidden="true"><span>{_text(cell.directed)}</span></span>'
    image = f'<img src="{link}" alt="{_text(name)}"{sides} loading="lazy">'
    return f'<a class="{ground}" href="{link}">{image}{words}</a>'


def _others(cell: Cell, directory: Path) -> str:
    links = [
        f'<a href="{_link(path, directory)}" aria-label="picture {number}">{number}</a>'
        for number, path in enumerate(cell.others, 2)
    ]
    return f'<p class="caption others">also: {" ".join(links)}</p>' if links else ""


def _link(path: Path, directory: Path) -> str:
    """`path` as a relative address: a letter that means something in one is quoted."""
    beside = Path(os.path.relpath(path, directory)).as_posix()
    return escape(quote(beside, errors="replace"))


_HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Letters that control, turn the direction of writing, or are none."""


def _text(text: str) -> str:
    """Words of a stranger as text of a page: no markup, no control characters, of bounded length."""
    shown = text[:LONGEST] + "…" if len(text) > LONGEST else text
    return escape("".join(c if c in "\n\t" or not _HIDDEN.match(c) else "\ufffd" for c in shown))
