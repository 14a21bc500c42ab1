from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from imgcli.exports.draw import encode
from imgcli.exports.label import LONGEST, MOST_SOURCES, xmp
from imgcli.exports.plan import Drawing
from imgcli.exports.wish import Label
from tests.fakes.masters import a_master, noise

HOSTILE = """</rdf:li><x a="1">&amp;&lt;'"]]>\x00\x0b\x1b\ufffe ünï 🚗"""


def told(data: bytes) -> dict[str, Any]:
    with Image.open(BytesIO(data)) as picture:
        picture.load()
        found: dict[str, Any] = picture.getxmp()["xmpmeta"]["RDF"]["Description"]
        return found


def words(description: dict[str, Any]) -> str:
    return str(description["description"]["Alt"]["li"]["text"])


@pytest.mark.parametrize("form", ["png", "jpeg", "webp", "avif"])
def test_a_label_is_read_back_from_every_format(form: str) -> None:
    master = a_master(path=Path("/x/a <car> & co.png"), prompt="a car, <red> & fast")
    found = told(encode(noise(16, 16), Drawing(16, 16, form), None, xmp([master], Label.PROMPT, "imgcli 1.2")))
    assert found["CreatorTool"] == "imgcli 1.2"
    assert found["DigitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia"
    assert found["DerivedFrom"]["documentID"] == f"urn:sha256:{'ab' * 32}"
    assert found["DerivedFrom"]["filePath"] == "a <car> & co.png"
    assert words(found) == "a car, <red> & fast"


def test_the_words_are_told_only_where_they_are_wanted() -> None:
    secret = a_master(prompt="secret plans")
    assert xmp([secret], Label.NONE, "t") == b""
    assert b"secret" not in xmp([secret], Label.ORIGIN, "t")
    assert b"secret plans" in xmp([secret], Label.PROMPT, "t")
    # Of an atlas of several prompts none can be told for all.
    assert b"plans" not in xmp([secret, a_master(prompt="other plans")], Label.PROMPT, "t")


def test_an_atlas_names_what_it_was_made_from() -> None:
    masters = [a_master(sha256=f"{number:064x}") for number in range(3)]
    found = told(encode(noise(8, 8), Drawing(8, 8, "png"), None, xmp(masters, Label.ORIGIN, "t")))
    assert [each["documentID"] for each in found["Ingredients"]["Bag"]["li"]] == [
        f"urn:sha256:{number:064x}" for number in range(3)
    ]
    mixed = [*masters, a_master(source_type="trainedAlgorithmicMedia")]
    assert b"digitalsourcetype/compositeSynthetic" in xmp(mixed, Label.ORIGIN, "t")


@settings(deadline=None)
@given(st.text(max_size=60) | st.just(HOSTILE))
def test_no_words_break_out_of_a_label(prompt: str) -> None:
    master = a_master(prompt=prompt, path=Path("/x") / (prompt.replace("/", "").replace("\0", "") or "a"))
    found = told(encode(noise(4, 4), Drawing(4, 4, "png"), None, xmp([master], Label.PROMPT, "imgcli")))
    assert set(found) == {"about", "CreatorTool", "DigitalSourceType", "DerivedFrom", "description"}
    assert set(found["DerivedFrom"]) <= {"parseType", "documentID", "filePath"}


def test_a_long_label_still_fits_into_a_jpeg() -> None:
    masters = [a_master(prompt="&" * 50_000, path=Path("/x") / ("&" * 60)) for _ in range(1000)]
    for some in (masters[:1], masters):
        packet = xmp(some, Label.PROMPT, "t")
        assert told(encode(noise(8, 8), Drawing(8, 8, "png"), None, packet))
    assert len(xmp(masters[:1], Label.PROMPT, "t")) < 65_000
    found = told(encode(noise(8, 8), Drawing(8, 8, "jpeg"), None, xmp(masters[:1], Label.PROMPT, "t")))
    assert len(words(found)) == LONGEST
    assert xmp(masters, Label.ORIGIN, "t").count(b"documentID>urn") == MOST_SOURCES
