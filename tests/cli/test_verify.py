import datetime as dt
import json
import shutil
from pathlib import Path

import pytest

from tests.cli.run_cli import Seen, imgcli


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four pictures of the placeholder's."""
    monkeypatch.chdir(tmp_path)
    done = imgcli("gen", "a car", "a boat", "-n", "2", "--provider", "placeholder", "-s", "64x64", "-o", "library/")
    assert done.code == 0, done.err
    return tmp_path / "library"


def verdicts(*words: str) -> tuple[int, dict[str, str]]:
    seen = imgcli("verify", *words, "--json")
    events = [json.loads(line) for line in seen.lines]
    found = {Path(event["path"]).name: event["verdict"] for event in events if event["event"] == "picture"}
    assert events[-1]["event"] == "end"
    assert events[-1]["exit_code"] == seen.code
    return seen.code, found


def test_what_is_sound_is_said_to_be(library: Path) -> None:
    for words in ([], ["--read-data"], [str(library)], ["library", "--read-data"]):
        code, found = verdicts(*words)
        assert code == 0
        assert sorted(found.values()) == ["sound"] * 4
    seen = imgcli("verify", "--read-data")
    assert seen.out.splitlines() == [
        "4 sound; every byte read",
        "the ledger is sound: its chain and its sums hold",
    ]


def test_a_gallery_and_a_contact_sheet_are_no_leftovers(library: Path) -> None:
    for words in (
        ["gallery", "library", "-o", "library/gallery", "--copy"],
        ["sheet", "library", "-o", "library/all.pdf"],
    ):
        assert imgcli(*words).code == 0
    for words in ([], [str(library), "--read-data"]):
        assert verdicts(*words) == (0, dict.fromkeys((each.name for each in library.glob("*.png")), "sound"))


def test_every_planted_damage_is_found(library: Path) -> None:
    car, car2, boat, boat2 = (library / name for name in ("a-car-1.png", "a-car-2.png", "a-boat-1.png", "a-boat-2.png"))
    data = bytearray(car.read_bytes())
    data[len(data) // 2] ^= 1
    car.write_bytes(data)
    car2.write_bytes(car2.read_bytes()[:-1])
    sidecar = boat.with_name("a-boat-1.png.json")
    sidecar.write_text(sidecar.read_text().replace("a boat", "a goat"))
    boat2.unlink()
    code, found = verdicts()
    assert code == 7
    assert found == {car.name: "sound", car2.name: "damaged", boat.name: "damaged", boat2.name: "damaged"}
    assert verdicts("--read-data")[1] == dict.fromkeys(found, "damaged")
    seen = imgcli("verify", "--read-data")
    for words in ("SHA-256", "were saved", "sidecar was changed", "the picture is gone", "4 damaged"):
        assert words in seen.out


def test_two_pictures_that_changed_places_are_found(library: Path) -> None:
    car, boat = library / "a-car-1.png", library / "a-boat-1.png"
    car.rename(library / "x")
    boat.rename(car)
    (library / "x").rename(boat)
    assert verdicts("--read-data")[0] == 7


def test_what_somebody_took_away_whole_is_no_damage(library: Path) -> None:
    for name in ("a-car-1.png", "a-car-1.png.json"):
        (library / name).unlink()
    code, found = verdicts()
    assert (code, found["a-car-1.png"]) == (0, "gone")


def test_pictures_of_another_ledger_are_held_against_their_own_sidecars(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(library, copy)
    (copy / "notes.json").write_text("[1, 2]")
    (copy / "mine.png").write_bytes(b"my own")
    assert set(verdicts("copy")[1].values()) == {"strange"}
    (copy / "a-car-1.png").unlink()
    (copy / "a-car-2.png.json").write_text('{"imgcli_sidecar": 1')
    (copy / "a-boat-1.png").write_bytes(b"no picture")
    code, found = verdicts("copy")
    assert code == 7
    assert found == {
        "a-car-1.png": "damaged",
        "a-car-2.png": "damaged",
        "a-boat-1.png": "damaged",
        "a-boat-2.png": "strange",
    }
    monkeypatch.setenv("IMGCLI_HOME", str(tmp_path / "other"))
    assert set(verdicts("library", "--read-data")[1].values()) == {"strange"}


def test_leftovers_are_told(library: Path) -> None:
    (library / ".imgcli-01a1fd1f.part").write_bytes(b"torn")
    assert verdicts("library")[1][".imgcli-01a1fd1f.part"] == "unfinished"


def test_no_directory_is_a_typing_error() -> None:
    assert imgcli("verify", "nowhere").code == 2


def attempts() -> list[str]:
    return [
        event["attempt"]
        for line in imgcli("budget", "log", "--json").lines
        if (event := json.loads(line))["event"] == "settled"
    ]


def test_the_log_tells_every_step_of_an_attempt(library: Path) -> None:
    first = attempts()[0]
    events = [json.loads(line) for line in imgcli("budget", "log", first, "--json").lines]
    assert [event["event"] for event in events] == ["reserved", "sent", "received", "saved", "settled"]
    assert events[0]["changed"]["name"].endswith(".png")
    assert all(len(event["hash"]) == 64 for event in events)
    imgcli("budget", "set", "5")
    seen = imgcli("budget", "log")
    assert "up to $0.00" in seen.out
    assert "everything, per month, $5.00" in seen.out
    assert imgcli("budget", "log", "nothing").code == 2


def test_a_backup_is_whole_and_never_replaces(library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = imgcli("ledger", "backup", "copy.db")
    assert seen.out.strip() == str(tmp_path / "copy.db")
    assert imgcli("ledger", "backup", "copy.db").code == 2
    assert imgcli("ledger", "backup", "no/where.db").code == 2
    assert imgcli("ledger", "backup").code == 0
    home = tmp_path / "restored"
    (home / "data").mkdir(parents=True)
    shutil.copy(tmp_path / "copy.db", home / "data" / "ledger.db")
    monkeypatch.setenv("IMGCLI_HOME", str(home))
    assert verdicts("--read-data") == (0, dict.fromkeys(verdicts()[1], "sound"))


def damage(home: Path, data: bytes = b"\xff" * 30_000) -> None:
    (home / "data" / "ledger.db").write_bytes(data)


def make(*words: str) -> Seen:
    return imgcli("gen", *words, "--provider", "placeholder", "-s", "64x64", "--quiet")


def test_a_ledger_that_is_gone_is_rebuilt_from_sidecars_and_adopted(library: Path, home: Path) -> None:
    damage(home)
    assert imgcli("verify").code == 8
    assert make("a cat").code == 8
    seen = imgcli("ledger", "rebuild", "library")
    assert seen.code == 0, seen.err
    assert "4 from sidecars" in seen.out
    assert "4 pictures of unknown users (sidecars name none) count against every cap per user" in seen.out
    assert "4 pictures" in seen.out
    refused = make("a cat")
    assert refused.code == 8
    assert "imgcli ledger adopt" in refused.err
    assert verdicts("--read-data")[0] == 0
    assert imgcli("ledger", "adopt", "--reason", "looked at it").code == 0
    assert imgcli("ledger", "adopt", "--reason", "again").code == 2
    assert make("a cat").code == 0
    assert verdicts("--read-data")[0] == 0
    assert len(list((home / "data").glob("ledger.db.damaged-*"))) == 1
    assert imgcli("ledger", "rebuild", "nowhere").code == 2


@pytest.mark.parametrize("gone", [False, True])
def test_a_ledger_that_is_empty_or_gone_pays_nothing_until_it_is_rebuilt(library: Path, home: Path, gone: bool) -> None:
    damage(home, b"")
    if gone:
        (home / "data" / "ledger.db").unlink()
    for words in (["verify"], ["budget", "show"], ["gen", "a cat", "--provider", "placeholder", "--quiet"]):
        seen = imgcli(*words)
        assert seen.code == 8
        assert "imgcli ledger rebuild DIR" in seen.err
    assert imgcli("doctor", "--offline").code == 1
    seen = imgcli("ledger", "rebuild", "library")
    assert "4 from sidecars" in seen.out
    assert imgcli("ledger", "adopt", "--reason", "looked at it").code == 0
    assert verdicts("--read-data")[0] == 0


def test_a_sidecar_that_is_not_believed_is_named(library: Path, home: Path) -> None:
    damage(home)
    car, boat = library / "a-car-1.png.json", library / "a-boat-1.png.json"
    car.write_text(car.read_text().replace('"nano_usd": 0', '"nano_usd": -1'))
    boat.write_bytes(boat.read_bytes()[:300])
    (library / "somebody-elses.json").write_text("{}")
    seen = imgcli("ledger", "rebuild", "library", str(library.parent))
    assert seen.code == 0, seen.err
    assert "2 from sidecars" in seen.out
    assert "2 sidecars were not believed" in seen.err
    assert f"{car}: cost: no imgcli writes this" in seen.err
    assert f"{boat}: " in seen.err
    assert "somebody" not in seen.err


def test_a_whole_picture_without_a_name_is_named(library: Path, home: Path) -> None:
    """Of a run that was killed before it could publish, and of a ledger that is gone since."""
    known = json.loads((library / "a-car-1.png.json").read_text())["attempt"]
    for attempt in ("01a1fd1f", "02b2", known):
        (library / f".imgcli-{attempt}.part").write_bytes((library / "a-car-1.png").read_bytes())
    for attempt in ("01a1fd1f", known):
        (library / f".imgcli-{attempt}.meta").write_text("{}")
    assert "a whole paid picture without a name" in imgcli("verify", "library").out
    damage(home)
    seen = imgcli("ledger", "rebuild", "library", str(library.parent))
    assert seen.code == 0, seen.err
    assert "1 whole paid pictures that this ledger does not know" in seen.err
    assert str(library / ".imgcli-01a1fd1f.part") in seen.err
    assert known not in seen.err
    assert "02b2" not in seen.err


def costs(*amounts: tuple[str, float, str]) -> str:
    """The costs endpoint's answer, a bucket for each (UTC day, dollars, line item)."""
    buckets = []
    for day, value, item in amounts:
        start = int(dt.datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp())
        result = {"object": "organization.costs.result", "amount": {"value": value, "currency": "usd"}}
        buckets.append({"object": "bucket", "start_time": start, "results": [result | {"line_item": item}]})
    return json.dumps({"object": "page", "data": buckets, "has_more": False})


def test_reconcile_reads_files_and_stdin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("costs.json").write_text(costs(("2026-11-20", 0.5, "gpt-image-2, image output"), ("2026-11-20", 9, "gpt-5")))
    seen = imgcli("budget", "reconcile", "costs.json", "--json")
    assert seen.code == 6
    (day,) = [json.loads(line) for line in seen.lines]
    assert (day["billed_usd"], day["ledger_usd"], day["agreement"]) == ("0.50", "0.00", "above")
    assert imgcli("budget", "reconcile", "-", stdin=costs()).code == 0
    assert "MORE than the ledger knows" in imgcli("budget", "reconcile", "costs.json").out


@pytest.mark.parametrize(
    "text", ["", "no", "{}", '{"data": [{}]}', '{"data": [{"start_time": "x"}]}', "[[1]]", "[" * 9999]
)
def test_reconcile_refuses_what_is_no_bill(tmp_path: Path, text: str) -> None:
    path = tmp_path / "costs.json"
    path.write_text(text)
    seen = imgcli("budget", "reconcile", str(path))
    assert seen.code in {0, 2}
    assert len(seen.err.splitlines()) == 1


def test_reconcile_wants_one_source(monkeypatch: pytest.MonkeyPatch) -> None:
    assert imgcli("budget", "reconcile").code == 2
    assert imgcli("budget", "reconcile", "x.json", "--api").code == 2
    seen = imgcli("budget", "reconcile", "--api")
    assert (seen.code, "OPENAI_ADMIN_KEY" in seen.err) == (4, True)
