import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from imgcli import exporting
from imgcli.errors import StorageError, UsageError
from imgcli.exporting import Exported, foreseen, look_at, make, plan
from imgcli.exports.wish import SETS, Label, Wish
from imgcli.model.pick import Pick
from imgcli.storage.naming import safe_stem
from tests.fakes.masters import noise
from tests.fakes.picks import a_pick


def picks(directory: Path, *names: str) -> list[Pick]:
    """Pictures of 60 x 40 pixels, no two alike."""
    made = []
    for number, name in enumerate(names):
        path = directory / name
        path.parent.mkdir(exist_ok=True, parents=True)
        noise(60, 40, number).save(path)
        made.append(a_pick(path.parent, number, name=path.name, data=path.read_bytes()))
    return made


def export(some: Sequence[Pick], wish: Wish, staging: Path) -> Exported:
    staging.mkdir(exist_ok=True)

    async def whole() -> Exported:
        looked = await look_at(some, safe_stem)
        return await make(plan(looked.masters, wish), looked, wish, staging, lambda _: None)

    return asyncio.run(whole())


def hashes(some: Sequence[Pick]) -> list[str]:
    return [hashlib.sha256(pick.path.read_bytes()).hexdigest() for pick in some]


def test_every_set_at_once_and_no_master_is_touched(tmp_path: Path) -> None:
    some = picks(tmp_path, "a.png", "b.png")
    before = hashes(some), [pick.path.stat() for pick in some]
    done = export(some, Wish(SETS, 20, ("webp", "png"), upscale=True, label=Label.PROMPT), tmp_path / "out")
    assert (hashes(some), [pick.path.stat() for pick in some]) == before
    there = {str(each.relative_to(tmp_path / "out")) for each in (tmp_path / "out").rglob("*") if each.is_file()}
    assert there == set(done.paths)
    assert done.paths[-2:] == ("manifest.json", "SHA256SUMS")
    assert {each.set for each in done.made} == set(SETS)
    for line in (tmp_path / "out" / "SHA256SUMS").read_text().splitlines():
        digest, path = line.split("  ")
        assert hashlib.sha256((tmp_path / "out" / path).read_bytes()).hexdigest() == digest
    told = json.loads((tmp_path / "out" / "manifest.json").read_text())
    by_path = {each["path"]: each for each in told["files"]}
    assert set(by_path) | {"manifest.json", "SHA256SUMS"} == there
    assert [each["sha256"] for each in by_path["sprite/sprite.png"]["masters"]] == before[0]
    assert by_path["web/b.webp"]["masters"] == [
        {"name": "b.png", "sha256": before[0][1], "attempt": some[1].record.attempt}
    ]


def test_what_is_foreseen_is_what_comes(tmp_path: Path) -> None:
    some = picks(tmp_path, "a.png", "b.png")
    wish = Wish(SETS, 30, ("png", "webp"))
    planned = plan(asyncio.run(look_at(some, safe_stem)).masters, wish)
    made = export(some, wish, tmp_path / "out")
    told = {each.path: (each.width, each.height) for each in made.made}
    assert {path: (width, height) for path, width, height in foreseen(planned, wish)} == {
        **told,
        "manifest.json": (0, 0),
        "SHA256SUMS": (0, 0),
    }
    assert made.skipped == planned.skipped != ()


def test_the_same_masters_give_the_same_bytes(tmp_path: Path) -> None:
    some = picks(tmp_path, "a.png", "b.png")
    wish = Wish(SETS, 20, ("webp", "avif", "jpeg", "png"))
    one, two = export(some, wish, tmp_path / "one"), export(some, wish, tmp_path / "two")
    assert [(each.path, each.sha256) for each in one.made] == [(each.path, each.sha256) for each in two.made]
    assert (tmp_path / "one" / "manifest.json").read_bytes() == (tmp_path / "two" / "manifest.json").read_bytes()


def test_a_changed_master_is_refused_and_the_others_go_on(tmp_path: Path) -> None:
    some = picks(tmp_path, "a.png", "b.png", "c.png")
    some[1].path.write_bytes(some[1].path.read_bytes() + b"x")
    some[2] = replace(some[2], record=replace(some[2].record, picture=None))
    done = export(some, Wish(("web", "sprite")), tmp_path / "out")
    assert [each.name for each in done.refused] == ["b.png", "c.png"]
    assert {master.name for each in done.made for master in each.masters} == {"a.png"}
    assert len(json.loads((tmp_path / "out" / "manifest.json").read_text())["refused"]) == 2


def test_a_master_that_changes_while_it_is_exported_is_refused_too(tmp_path: Path) -> None:
    some = picks(tmp_path, "a.png", "b.png")
    wish = Wish(("web", "sprite"))
    (tmp_path / "out").mkdir()

    async def whole() -> Exported:
        looked = await look_at(some, safe_stem)
        planned = plan(looked.masters, wish)
        some[0].path.write_bytes(b"other")
        return await make(planned, looked, wish, tmp_path / "out", lambda _: None)

    done = asyncio.run(whole())
    assert [each.name for each in done.refused] == ["a.png"]
    assert json.loads((tmp_path / "out/sprite/sprite.json").read_text())["frames"].keys() == {"b.png"}
    assert not list((tmp_path / "out").rglob("a*"))


def test_pictures_of_one_name_stay_apart(tmp_path: Path) -> None:
    some = picks(tmp_path, "x/a.png", "y/A.png", "z/a-2.png", "w/aux.png")
    done = export(some, Wish(("web",), 20), tmp_path / "out")
    assert sorted(each.path for each in done.made if "@" not in each.path) == [
        "web/A-3.webp",
        "web/_aux.webp",
        "web/a-2.webp",
        "web/a.webp",
    ]


def test_each_picture_of_an_atlas_is_where_its_table_says(tmp_path: Path) -> None:
    some = picks(tmp_path, *(f"p{number}.png" for number in range(9)))
    export(some, Wish(("sprite",), padding=3), tmp_path / "out")
    told = json.loads((tmp_path / "out/sprite/sprite.json").read_text())
    with Image.open(tmp_path / "out/sprite" / told["meta"]["image"]) as whole:
        assert whole.size == (told["meta"]["size"]["w"], told["meta"]["size"]["h"])
        for number in range(9):
            at: Any = told["frames"][f"p{number}.png"]["frame"]
            cut = whole.convert("RGB").crop((at["x"], at["y"], at["x"] + at["w"], at["y"] + at["h"]))
            assert cut.tobytes() == noise(60, 40, number).tobytes()


def test_what_cannot_be_is_told_before_anything_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    masters = asyncio.run(look_at(picks(tmp_path, "a.png", "b.png"), safe_stem)).masters
    with pytest.raises(UsageError, match="do not fit into an atlas of 64x64"):
        plan(masters, Wish(("sprite",), max_size=64))
    monkeypatch.setattr(exporting, "can_write", lambda form: form != "avif")
    with pytest.raises(UsageError, match="cannot write avif; leave avif out of --as"):
        plan(masters, Wish(("web",), formats=("avif", "webp")))
    assert plan(masters, Wish(("web", "sprite"))).files


def test_a_full_disk_ends_the_export_once_nobody_writes_any_more(tmp_path: Path) -> None:
    some = picks(tmp_path, "a.png", "b.png", "c.png")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "web").write_bytes(b"")
    with pytest.raises(StorageError, match="cannot be written"):
        export(some, Wish(("web",), 20), tmp_path / "out")
