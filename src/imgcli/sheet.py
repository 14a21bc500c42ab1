"""A grid hung beside its pictures: a PNG to look at and a page to walk through."""

import asyncio
from pathlib import Path

from imgcli.errors import StorageError
from imgcli.ports import Store
from imgcli.reports.contact_sheet import ContactSheet
from imgcli.reports.grid import Grid
from imgcli.reports.page import page

MOST_BYTES = 128 * 1024 * 1024
"""Bytes of a picture that is drawn; the largest PNG of a model has a quarter of that."""


async def hang(grid: Grid, store: Store, directory: Path, stem: str) -> list[Path]:
    """The paths of the PNG and the page of `grid`; one picture at a time is in memory.

    Raises:
        StorageError: the disk does not take them; a picture that cannot be read is just a blank.
    """
    drawn = await asyncio.to_thread(ContactSheet, grid)
    unreadable: set[Path] = set()
    for where in drawn.places:
        cell = grid.rows[where[0]].cells[where[1]]
        if cell.picture is None:
            drawn.leave_blank(where, cell.blank)
            continue
        try:
            data = await store.look(cell.picture, MOST_BYTES)
        except StorageError as error:
            drawn.leave_blank(where, str(error))
            unreadable.add(cell.picture)
            continue
        if await asyncio.to_thread(drawn.place, where, data):
            unreadable.add(cell.picture)
    files = {"png": await asyncio.to_thread(drawn.png), "html": page(grid, directory, unreadable).encode()}
    return list(await store.hang(directory, stem, files))
