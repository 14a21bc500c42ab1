from dataclasses import replace
from pathlib import Path

from imgcli.explanation import Explanation, explain
from imgcli.model.entry import Entry
from imgcli.plan import plan
from tests.fakes.studio import a_studio, settings_for

A_CAR = Entry(prompt="a red car", id="car", where="prompts.toml:3", style=("cinematic",))


def explained(
    tmp_path: Path, *entries: Entry, flags: frozenset[str] = frozenset(), **given: object
) -> list[Explanation]:
    studio, _ = a_studio(tmp_path / "home")
    settings = settings_for(tmp_path / "home", **given)
    quotes = [studio.pricer.quote(job) for job in plan(entries, studio, settings, tmp_path / "out").jobs]
    return explain(quotes, entries, flags, studio, settings)


def sources(tmp_path: Path, entry: Entry, flags: frozenset[str] = frozenset(), **given: object) -> dict[str, str]:
    (only,) = explained(tmp_path, entry, flags=flags, **given)
    return {choice.name: choice.source for choice in only.choices}


def test_who_chose(tmp_path: Path) -> None:
    assert sources(tmp_path, A_CAR) == {
        "model": "the provider's first",
        "size": "style cinematic",
        "quality": "default",
        "background": "the model chooses",
    }
    said = replace(A_CAR, size="16:9", quality="low", model="gpt-image-2.5-flare", background="opaque")
    assert set(sources(tmp_path, said).values()) == {"prompts.toml:3"}
    assert sources(tmp_path, said, frozenset({"size", "quality", "model", "background"})) == {
        "model": "--model",
        "size": "--aspect 16:9",
        "quality": "--quality",
        "background": "--background",
    }
    assert sources(tmp_path, replace(A_CAR, style=None), size="1024x1536")["size"] == "--size"


def test_a_wish_that_the_model_does_not_grant_is_told(tmp_path: Path) -> None:
    styles = tmp_path / "home" / "config" / "styles"
    styles.mkdir(parents=True)
    (styles / "tall.toml").write_text('description = "d"\nprose = "{prompt}"\nsize = "100x3000"\n')
    told = sources(tmp_path, replace(A_CAR, style=("tall",)))["size"]
    assert told == "default; tall wishes 100x3000, which gpt-image-2.5-flare does not make"


def test_pictures_that_differ_in_their_number_alone_are_one(tmp_path: Path) -> None:
    found = explained(tmp_path, replace(A_CAR, n=3), replace(A_CAR, id="boat", prompt="a boat"))
    assert [(one.quote.job.entry, one.count) for one in found] == [("car", 3), ("boat", 1)]
    for one in found:
        assert "".join(piece.text for piece in one.pieces) == one.quote.job.prompt.text
