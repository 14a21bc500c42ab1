import asyncio
import json
import os
import re
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from imgcli import exhibiting
from imgcli.errors import UsageError
from imgcli.exhibiting import Shrinker, link, may_be_shown
from imgcli.model.input import Edit, Input
from imgcli.model.verdict import Aside, Remarks
from imgcli.settings import find_paths
from imgcli.storage.sidecar import sidecar_bytes
from imgcli.storage.smalls import SmallCache
from imgcli.wiring import open_store
from tests.browser.exhibits import hang
from tests.fakes.clock import FakeClock
from tests.fakes.jobs import an_input
from tests.fakes.ledger import FakeLedger
from tests.fakes.picks import a_pick, changed, tiny_png


def items(page: Path) -> list[dict[str, Any]]:
    found = re.findall(r'class="items">(.*?)</script>', page.read_text())
    return [each for block in found for each in json.loads(block)]


def there(pick_path: Path) -> Input:
    data = pick_path.read_bytes()
    return an_input(60, 40, path=pick_path, sha256=sha256(data).hexdigest(), size_bytes=len(data), name=pick_path.name)


def test_pictures_stay_where_they_are_and_are_linked_from_there(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    picks = [a_pick(tmp_path / "out", number, name=f"ein #{number}?.png") for number in range(5)]
    before = {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()}
    page = hang(picks, tmp_path / "gallery")
    told = items(page)
    assert [each["href"] for each in told] == [f"../out/ein%20%23{number}%3F.png" for number in range(5)]
    assert {each["thumb"] for each in told} == {
        f"thumbs/{each.name}" for each in (tmp_path / "gallery" / "thumbs").iterdir()
    }
    assert {each.name: each.read_bytes() for each in (tmp_path / "out").iterdir()} == before


def test_what_cannot_be_made_small_is_shown_without(tmp_path: Path) -> None:
    picks = [
        a_pick(tmp_path, 1, data=b"\x89PNG spoilt"),
        a_pick(tmp_path, 2, data=b"<svg/>", image_format="svg", format="png"),
        a_pick(tmp_path, 3),
    ]
    assert ["thumb" in each for each in items(hang(picks, tmp_path / "gallery"))] == [False, False, True]


def test_a_small_picture_is_made_once_for_all_galleries(tmp_path: Path) -> None:
    pick = a_pick(tmp_path)
    hang([pick], tmp_path / "one")
    (kept,) = (tmp_path / "small-cache").iterdir()
    made = kept.stat().st_mtime_ns, kept.stat().st_ino
    hang([pick], tmp_path / "two")
    assert kept.stat().st_ino == made[1]
    assert (tmp_path / "two" / "thumbs" / kept.name).read_bytes() == kept.read_bytes()


def test_a_picture_that_was_changed_is_not_shown_as_it_was(tmp_path: Path) -> None:
    pick = a_pick(tmp_path)
    hang([pick], tmp_path / "gallery")
    pick.path.write_bytes(tiny_png(7) + b"more")
    digest = sha256(pick.path.read_bytes()).hexdigest()
    assert items(hang([pick], tmp_path / "gallery"))[0]["thumb"] == f"thumbs/{digest}.webp"
    assert [each.stem for each in (tmp_path / "gallery" / "thumbs").iterdir()] == [digest]


def test_copies_go_with_the_gallery(tmp_path: Path) -> None:
    pick = a_pick(tmp_path, name="a car.png")
    told = items(hang([pick], tmp_path / "gallery", copies=True))[0]
    digest = sha256(pick.path.read_bytes()).hexdigest()
    assert told["href"] == f"pictures/a%20car-{digest[:8]}.png"
    assert (tmp_path / "gallery" / "pictures" / f"a car-{digest[:8]}.png").read_bytes() == pick.path.read_bytes()


def test_one_file_takes_only_so_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picks = [a_pick(tmp_path, number) for number in range(4)]
    assert items(hang(picks, tmp_path / "a.html", single=True))[0]["thumb"].startswith("data:image/webp;base64,UklGR")
    monkeypatch.setattr(exhibiting, "MOST_IN_ONE", 100)
    with pytest.raises(UsageError, match="leave out --single"):
        hang(picks, tmp_path / "b.html", single=True)
    assert not (tmp_path / "b.html").exists()


def test_what_an_edit_was_made_from_is_linked_while_it_is_there(tmp_path: Path) -> None:
    source = a_pick(tmp_path, 1)
    kept = there(source.path)
    edits = [
        a_pick(tmp_path, 2, edit=Edit((kept,))),
        a_pick(tmp_path, 3, edit=Edit((replace(kept, path=tmp_path / "gone.png"),))),
        a_pick(tmp_path, 4, edit=Edit((replace(kept, size_bytes=1),))),
        a_pick(tmp_path, 5, edit=Edit((replace(kept, origin="ab" * 32),))),
    ]
    told = items(hang(edits, tmp_path / "gallery"))
    assert [each["inputs"][0].get("href", "") for each in told] == ["../picture-1.png", "", "", ""]


@pytest.mark.parametrize(
    ("remarks", "shown"),
    [
        (Remarks(), True),
        (Remarks(aside=Aside.QUARANTINE), False),
        (Remarks(aside=Aside.QUARANTINE, settled="released 2026-11-21"), True),
        (Remarks(aside=Aside.QUARANTINE, settled="deleted 2026-11-21"), False),
        (Remarks(aside=Aside.REJECTED), True),
    ],
)
def test_a_source_that_moderation_set_aside_is_never_shown(remarks: Remarks, shown: bool, tmp_path: Path) -> None:
    pick = changed(a_pick(tmp_path), remarks=remarks)
    pick.path.with_name(f"{pick.path.name}.json").write_bytes(sidecar_bytes(pick.record))
    store = open_store(find_paths(os.environ))
    assert asyncio.run(may_be_shown(there(pick.path), FakeLedger(FakeClock()), store)) is shown


def test_a_source_in_quarantine_is_known_by_its_place_alone(tmp_path: Path) -> None:
    (tmp_path / "quarantine").mkdir()
    pick = a_pick(tmp_path / "quarantine")
    store = open_store(find_paths(os.environ))
    assert not asyncio.run(may_be_shown(there(pick.path), FakeLedger(FakeClock()), store))


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("javascript:alert(1).png", "../javascript%3Aalert%281%29.png"),
        ('"><script>.png', "../%22%3E%3Cscript%3E.png"),
        ("100%.png", "../100%25.png"),
        ("ü\u2028.png", "../%C3%BC%E2%80%A8.png"),
        ("\udcff.png", "../%3F.png"),
    ],
)
def test_an_address_is_quoted_whatever_the_name_is(name: str, address: str) -> None:
    assert link(Path("/pictures") / name, Path("/pictures/gallery")) == address


def test_several_tasks_share_the_workers(tmp_path: Path) -> None:
    picks = [a_pick(tmp_path, number) for number in range(12)]

    async def story() -> None:
        shrinker = Shrinker(SmallCache(tmp_path / "small"))
        try:
            made = await asyncio.gather(*(shrinker.small(pick) for pick in picks))
        finally:
            await shrinker.close()
        assert [each is not None and each[0].sha256 for each in made] == [
            pick.record.picture and pick.record.picture.sha256 for pick in picks
        ]

    asyncio.run(story())
