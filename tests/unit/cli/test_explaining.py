import io
import json
from contextlib import redirect_stdout
from dataclasses import replace

import pytest

from imgcli.cli.explaining import tell
from imgcli.cli.show import Output
from imgcli.director.explain import Omission, Part
from imgcli.explanation import Choice, Explanation
from imgcli.model.prompt import DirectedPrompt, Piece
from imgcli.model.quote import Priced, Quote, Unpriced
from tests.fakes.jobs import a_job

JOB = a_job(prompt=DirectedPrompt("a car", "Dark: a car", "haze", ("noir",), ("haze",)))
PIECES = (Piece("Dark: ", "noir"), Piece("a car", ""))
OMISSIONS = (
    Omission("noir", Part.KEYWORD, "haze", "--no haze names it"),
    Omission("noir", Part.KEYWORD, "light haze", "--no haze names it"),
    Omission("noir", Part.AVOID, "cars", "the prompt wishes it"),
)


def shown(quote: Quote, pieces: tuple[Piece, ...] = PIECES, count: int = 1, *, as_json: bool = False) -> str:
    told = Explanation(quote, count, pieces, OMISSIONS, (Choice("size", "1024x1024", "default"),))
    out = io.StringIO()
    with redirect_stdout(out):
        tell([told], Output(json=as_json, quiet=True))
    return out.getvalue()


def test_reasons_are_told_once() -> None:
    seen = shown(Priced(JOB, 10**9, 2 * 10**9, "x"), count=2)
    assert "left out  cars  (avoided by noir: the prompt wishes it)\n" in seen
    assert "          haze, light haze  (keyword of noir: --no haze names it)\n" in seen
    assert "price     $1.00, at most $2.00 each; $2.00 for all 2\n" in seen
    assert "styles    noir\n" in seen
    assert "negative  haze\n" in seen


@pytest.mark.parametrize(
    ("quote", "price"),
    [
        (Priced(JOB, 10**9, 10**9, "x"), "$1.00"),
        (Priced(JOB, 10**9, 2 * 10**9, "x", rough=True), "~$1.00, at most $2.00"),
        (Unpriced(JOB, "nobody told"), "unknown: nobody told"),
    ],
)
def test_prices(quote: Quote, price: str) -> None:
    assert f"price     {price}\n" in shown(quote)


def test_without_pieces_the_diff_is_plain() -> None:
    assert "directed  {+Dark:+} a car\n" in shown(Priced(JOB, 1, 1, "x"), ())


def test_a_prompt_that_nobody_changed_is_not_said_twice() -> None:
    same = replace(JOB, prompt=DirectedPrompt("a car", "a car"))
    assert "directed  the same, to the letter\n" in shown(Priced(same, 1, 1, "x"), (Piece("a car", ""),))


def test_json_has_all_of_it() -> None:
    line = json.loads(shown(Priced(JOB, 10**9, 10**9, "x"), as_json=True))
    assert line["pieces"] == [{"text": "Dark: ", "by": "noir"}, {"text": "a car", "by": None}]
    assert line["left_out"][0] == {"style": "noir", "part": "keyword", "what": "haze", "why": "--no haze names it"}
    assert (line["typed"], line["directed"], line["negative"]) == ("a car", "Dark: a car", "haze")
    assert line["size"] == {"value": "1024x1024", "from": "default"}
    assert (line["expected_usd"], line["upper_usd"]) == ("1.00", "1.00")
