"""Galleries for a browser to look at, made by what makes them for users."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from imgcli.exhibiting import Curator, Exhibition
from imgcli.model.opinion import UNSEEN, Opinion
from imgcli.model.pick import Pick
from imgcli.storage.smalls import SmallCache
from imgcli.wiring import open_wall
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.store import FakeStore


def hang(
    picks: Sequence[Pick],
    place: Path,
    *,
    title: str = "Pictures",
    opinion: Callable[[Pick], Opinion] = lambda _: UNSEEN,
    copies: bool = False,
    single: bool = False,
) -> Path:
    """The page of a gallery of `picks`, newest first; small pictures are cached beside it."""
    curator = Curator(
        FakeLedger(FakeClock()), FakeStore(), SmallCache(place.parent / "small-cache"), open_wall(place, single=single)
    )
    return asyncio.run(curator.hang(Exhibition(picks, opinion, title, copies=copies, single=single)))
