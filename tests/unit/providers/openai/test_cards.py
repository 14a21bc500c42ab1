from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.errors import ModelError, SettingsError
from imgcli.model.card import ModelCard, Wording
from imgcli.model.input import EditRules
from imgcli.model.size import AUTO, Size
from imgcli.providers.openai.cards import ending_notice, find_card, living, load_cards
from tests.rows import each_row

TEXT = files("imgcli.providers.openai").joinpath("models.toml").read_text("utf-8")
CARDS = load_cards(TEXT)
TODAY = date(2026, 11, 21)
LAST = date(2026, 12, 1)

THREE = ("low", "medium", "high", "auto")
FIVE = ("low", "medium", "high", "xhigh", "max", "auto")
FREE = (
    "gpt-image-2.5-flare",
    "gpt-image-2.5-sunburst",
    "gpt-image-2.6-flare",
    "gpt-image-2.6-sunburst",
    "gpt-image-2",
)
ENDING = ("gpt-image-1.5", "gpt-image-1-mini", "chatgpt-image-latest")


def find(model: str, today: date = TODAY) -> ModelCard:
    return find_card(model, CARDS, foreign=False, today=today)


def refusal(model: str, today: date = TODAY) -> str:
    with pytest.raises(ModelError) as caught:
        find(model, today)
    return str(caught.value)


def test_the_default_comes_first_and_the_dead_are_not_among_the_living() -> None:
    assert [card.name for card in living(CARDS, TODAY)] == [*FREE, *ENDING]
    assert [card.name for card in living(CARDS, LAST)] == [*FREE, *ENDING]
    assert [card.name for card in living(CARDS, LAST + timedelta(days=1))] == [*FREE]


@pytest.mark.parametrize("name", [*FREE, *ENDING])
def test_what_every_card_says(name: str) -> None:
    card = find(name)
    assert card.provider == "openai"
    assert card.sizes == (Size(1024, 1024), Size(1536, 1024), Size(1024, 1536))
    assert card.auto_size
    assert set(card.formats) == {"png", "jpeg", "webp"}
    assert card.wording is Wording.PROSE
    assert not card.takes_seed
    assert card.prompt_limit == 32_000
    assert card.qualities == (FIVE if "-2.5" in name or "-2.6" in name else THREE)
    assert (card.free is None) == (name in ENDING)
    assert card.ends == (LAST if name in ENDING else None)


@each_row(
    ("name", "fidelities", "markup"),
    [
        ("gpt-image-2.5-flare", (), True),
        ("gpt-image-2.5-sunburst", (), True),
        ("gpt-image-2.6-flare", (), True),
        ("gpt-image-2.6-sunburst", (), True),
        ("gpt-image-2", (), False),
        ("gpt-image-1.5", ("low", "high"), False),
        ("gpt-image-1-mini", ("low",), False),
        ("chatgpt-image-latest", ("low", "high"), False),
    ],
)
def test_what_each_takes_to_make_pictures_from_pictures(name: str, fidelities: tuple[str, ...], markup: bool) -> None:
    rules = find(name).edits
    assert rules is not None
    assert (rules.fidelities, rules.markup, rules.mask) == (fidelities, markup, True)
    assert (rules.most, rules.most_bytes, rules.mask_bytes) == (16, 50_000_000, 4_000_000)
    assert rules.formats == ("png", "jpeg", "webp")


def test_at_a_foreign_server_every_fidelity_may_be_tried_and_no_markup() -> None:
    rules = find_card("flux", CARDS, foreign=True, today=TODAY).edits
    assert rules == EditRules(fidelities=("low", "high"))


@each_row("name", FREE)
@each_row(
    ("size", "problem"),
    [
        (Size(3840, 2160), ""),
        (Size(2160, 3840), ""),
        (Size(2880, 2880), ""),
        (Size(1024, 640), ""),
        (AUTO, ""),
        (Size(1023, 1024), "multiples of 16"),
        (Size(3856, 2048), "over 3840"),
        (Size(3840, 1264), "3 times"),
        (Size(2896, 2880), "8,294,400"),
        (Size(1024, 624), "655,360"),
    ],
)
def test_free_sizes(name: str, size: Size, problem: str) -> None:
    card = find(name)
    if problem:
        with pytest.raises(ModelError, match=problem):
            card.check(size, "high", "png", "a car")
    else:
        card.check(size, "high", "png", "a car")


@pytest.mark.parametrize("name", ENDING)
def test_the_older_models_make_three_sizes(name: str) -> None:
    for size in (Size(1024, 1024), Size(1536, 1024), Size(1024, 1536), AUTO):
        find(name).check(size, "auto", "webp", "a car")
    with pytest.raises(ModelError, match="fixed sizes only"):
        find(name).check(Size(2048, 2048), "auto", "webp", "a car")


@pytest.mark.parametrize(
    ("model", "day"), [("dall-e-2", "2026-05-12"), ("dall-e-3", "2026-05-12"), ("gpt-image-1", "2026-10-23")]
)
def test_retired_models_say_when_and_what_instead(model: str, day: str) -> None:
    assert refusal(model) == f"{model} was retired on {day}; use gpt-image-2.5-flare"


@pytest.mark.parametrize("model", [*ENDING, "gpt-image-1.5-2025-12-16"])
def test_a_model_works_to_its_last_day(model: str) -> None:
    assert find(model, LAST).name == model
    assert refusal(model, LAST + timedelta(days=1)) == f"{model} was retired on 2026-12-01; use gpt-image-2.5-flare"


def test_every_successor_lives_on() -> None:
    later = {card.name for card in living(CARDS, date(2027, 6, 1))}
    assert {card.successor for card in CARDS if card.ends} <= later


@pytest.mark.parametrize("base", [*FREE, "gpt-image-1.5", "gpt-image-1-mini"])
def test_a_dated_snapshot_has_the_card_of_its_model(base: str) -> None:
    card = find(f"{base}-2026-09-08")
    assert card.name == f"{base}-2026-09-08"
    assert (card.sizes, card.free, card.qualities) == (find(base).sizes, find(base).free, find(base).qualities)


@pytest.mark.parametrize(
    "model", ["gpt-image-2-2026-13-08", "gpt-image-9-2026-09-08", "chatgpt-image-latest-2026-09-08"]
)
def test_what_only_looks_like_a_snapshot_is_refused(model: str) -> None:
    assert model in refusal(model)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("gpt-image-2.5-flair", "gpt-image-2.5-flare"),
        ("GPT-Image-2", "gpt-image-2"),
        ("gpt-image2", "gpt-image-2"),
        ("gpt-image-2.5", "gpt-image-2.5-flare or gpt-image-2.5-sunburst"),
        ("gpt-image-2.6", "gpt-image-2.6-flare or gpt-image-2.6-sunburst"),
        ("flare", "gpt-image-2.5-flare or gpt-image-2.6-flare"),
    ],
)
def test_a_slip_is_answered_with_a_guess(typed: str, meant: str) -> None:
    assert refusal(typed) == f"OpenAI has no model {typed!r}; did you mean {meant}?"


def test_a_slip_in_a_retired_name_leads_to_its_successor() -> None:
    assert refusal("dalle-3") == (
        "OpenAI has no model 'dalle-3'; dall-e-3 was retired on 2026-05-12; use gpt-image-2.5-flare"
    )


def test_a_strange_name_is_answered_with_all_that_live() -> None:
    message = refusal("flux-1-dev")
    assert all(name in message for name in [*FREE, *ENDING])
    assert "dall-e" not in message


@given(st.text())
def test_at_a_foreign_server_every_name_is_open(model: str) -> None:
    card = find_card(model, CARDS, foreign=True, today=TODAY)
    assert card.name == model
    assert card.is_open
    card.check(Size(7, 7), "any", "tiff", "x" * 100_000)


@given(st.text())
def test_at_openai_a_name_is_found_or_refused_with_advice(model: str) -> None:
    try:
        said = find(model).name
    except ModelError as error:
        said = str(error)
    assert said == model or "gpt-image-" in said


def test_models_ending_soon_are_told_of() -> None:
    card = find("gpt-image-1.5")
    assert ending_notice(card, TODAY) == "gpt-image-1.5 ends in 10 days, on 2026-12-01; use gpt-image-2.5-flare"
    assert ending_notice(card, date(2026, 11, 30)).startswith("gpt-image-1.5 ends tomorrow, on")
    assert ending_notice(card, LAST).startswith("gpt-image-1.5 ends today, on")
    assert ending_notice(card, LAST + timedelta(days=1)) == ""
    assert ending_notice(card, LAST - timedelta(days=91)) == ""
    assert ending_notice(find("gpt-image-2"), TODAY) == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("qualities", "qualitys", "qualitys"),
        ("ends = 2026-12-01", 'ends = "soon"', "ends"),
        ('"1024x1024"', '"1024"', "1024"),
        ("[[models]]", "[[models]", "line"),
    ],
)
def test_a_broken_list_says_where(old: str, new: str, said: str) -> None:
    with pytest.raises(SettingsError, match="OpenAI's models") as caught:
        load_cards(TEXT.replace(old, new))
    assert said in str(caught.value)
