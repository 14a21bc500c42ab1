import json

from tests.cli.run_cli import imgcli


def test_models_have_sizes_qualities_and_prices() -> None:
    models = {line["model"]: line for line in map(json.loads, imgcli("models", "--json").lines)}
    assert models["gpt-image-2.5-flare"]["usd"]["high"].startswith("0.0527")
    flare, older = models["gpt-image-2.5-flare"]["edits"], models["gpt-image-1.5"]["edits"]
    assert flare == {"images": 16, "mask": True, "markup": True, "input_fidelity": []}
    assert (older["markup"], older["input_fidelity"]) == (False, ["low", "high"])
    assert models["gpt-image-1.5"]["ends"] == "2026-12-01"
    assert models["placeholder"]["usd"]["medium"] == "0.00"
    assert not {"dall-e-3", "gpt-image-1"} & set(models)


def test_the_table_names_the_successor_of_what_ends() -> None:
    seen = imgcli("models")
    text = seen.out
    assert "ends 2026-12-01" in text
    assert "gpt-image-2.5-sunburst" in text
    assert "1536x1024" in seen.err
    assert "make pictures from pictures" in seen.err


def test_one_provider_only() -> None:
    models = [json.loads(line)["provider"] for line in imgcli("models", "--provider", "placeholder", "--json").lines]
    assert models == ["placeholder"]
