"""`imgcli history open` and `tag`: looking at pictures, and saying what one thinks of them."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from imgcli.cli import completing, options, show
from imgcli.cli.chosen import Desk, choice_of, open_desk
from imgcli.errors import UsageError

if TYPE_CHECKING:
    from imgcli.model.opinion import Opinion
    from imgcli.model.pick import Pick

MOST_OPENED = 10
"""Windows that a slip of the finger opens."""

LONGEST_TAG = 100
"""Characters."""

Which = Annotated[
    list[str],
    typer.Argument(
        metavar="WHAT",
        help="Pictures, their sidecars, directories, or ids as imgcli history list tells them.",
        autocompletion=completing.complete_picture,
    ),
]
WORD = "WORD"


async def open_pictures(
    what: Which,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Also more than ten at once.")] = False,
    json: options.Json = False,
) -> int:
    """Open pictures in the viewer of this system, and remember that somebody looked at them.

    What was never opened is what imgcli report calls waste. Examples:

      imgcli history open 019ab3f2-7c

      imgcli history open a-car-1.png a-car-2.png
    """
    from imgcli.cli.opening import open_path
    from imgcli.model.mark import Mark, Marked
    from imgcli.settings import load_settings

    async with open_desk(load_settings(os.environ)) as desk:
        picks = await _picks(desk, what)
        if len(picks) > MOST_OPENED and not yes:
            raise UsageError(f"that would open {len(picks):,} pictures; name fewer, or say --yes")
        for pick in picks:
            open_path(pick.path)
            await desk.catalog.mark(Marked(pick.record.attempt, Mark.OPENED, pick.path))
            if json:
                show.json_line({"event": "opened", "path": str(pick.path), "attempt": pick.record.attempt})
    return 0


async def tag(
    what: Which,
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar=WORD, help="Put this tag on them; repeatable.")
    ] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar=WORD, help="Take this tag off again; repeatable.")
    ] = None,
    stars: Annotated[
        int | None, typer.Option("--stars", metavar="N", min=0, max=5, help="Give 1 to 5 stars; 0 takes them away.")
    ] = None,
    json: options.Json = False,
) -> int:
    """Put tags and stars on pictures; no file is touched.

    Tags a picture was made with stay: budgets go by them. Examples:

      imgcli history tag 019ab3f2-7c --add shortlist --stars 4

      imgcli history tag set/hero-*.png --add website --remove shortlist
    """
    from imgcli.settings import load_settings

    if not add and not remove and stars is None:
        raise UsageError("say what to do: --add WORD, --remove WORD or --stars N")
    adds, removes = [_tag(word) for word in add or ()], [_tag(word) for word in remove or ()]
    async with open_desk(load_settings(os.environ)) as desk:
        picks = await _picks(desk, what)
        for pick in picks:
            await _change(desk, pick.record.attempt, adds, removes, stars)
        opinions = await desk.catalog.opinions([pick.record.attempt for pick in picks])
    for pick in picks:
        _tell(pick, opinions.get(pick.record.attempt), removes, json=json)
    return 0


async def _picks(desk: Desk, what: Sequence[str]) -> "Sequence[Pick]":
    words = [_as_id(word) for word in what]
    return (await desk.chosen(choice_of(words, None, None, None, picked=False))).picks


def _as_id(word: str) -> str:
    """As ids are written, where `word` is one and no file."""
    is_id = set(word.lower()) <= set("0123456789abcdef-") and not os.path.lexists(word)
    return word.lower() if is_id else word


def _tag(typed: str) -> str:
    from imgcli.model.names import plain_name

    word = plain_name(typed)
    if not word or len(word) > LONGEST_TAG or not word.isprintable():
        raise UsageError(f"{typed[:40]!r} is no tag; write a word or a few, of at most {LONGEST_TAG} letters")
    return word


async def _change(desk: Desk, attempt: str, adds: Sequence[str], removes: Sequence[str], stars: int | None) -> None:
    for word in adds:
        await desk.catalog.tag(attempt, word)
    for word in removes:
        await desk.catalog.untag(attempt, word)
    if stars is not None:
        await desk.catalog.rate(attempt, stars)


def _tell(pick: "Pick", opinion: "Opinion | None", removes: Sequence[str], *, json: bool) -> None:
    from imgcli.cli.places import near

    made = pick.record.job.tags
    tags = list(dict.fromkeys((*made, *(opinion.tags if opinion else ()))))
    stars = opinion.stars if opinion else 0
    if json:
        told = {"event": "tagged", "path": str(pick.path), "attempt": pick.record.attempt, "tags": tags}
        show.json_line(told | {"stars": stars})
        return
    said = [", ".join(tags) or "no tags", *([f"{stars} star{'s' if stars != 1 else ''}"] if stars else [])]
    show.talk(f"{near(pick.path)}: {'; '.join(said)}")
    for word in removes:
        if word in made:
            show.talk(f"{near(pick.path)} was made with the tag {word}, which stays: its budget counts it")
