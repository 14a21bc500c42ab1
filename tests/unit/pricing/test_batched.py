from typing import Any

from imgcli.model.quote import Priced, Quote, Unpriced
from imgcli.pricing.batched import doubt, is_batched
from tests.fakes.jobs import a_job
from tests.rows import each_row


@each_row(
    "changes, rates, expected",
    [
        ({"model": "gpt-image-2"}, "2026-11-21", True),
        ({"model": "gpt-image-2-2026-04-21"}, "2026-11-21", True),
        ({"model": "gpt-image-2.5-flare"}, "2026-11-21", True),
        ({"model": "gpt-image-2.6-flare"}, "2026-11-21", False),  # nobody knows
        ({"model": "gpt-image-1-mini"}, "2026-11-21", False),
        ({"model": "gpt-image-2"}, "yours", False),  # another server's price
        ({"model": "gpt-image-2"}, "assumed", False),
        ({"model": "gpt-image-2", "through": "gpt-6-luna"}, "2026-11-21", False),  # another endpoint
        ({"model": "gpt-image-2", "format": "text"}, "2026-11-21", False),
    ],
)
def test_half_the_price_is_for_what_is_known_to_be_batched(changes: dict[str, Any], rates: str, expected: bool) -> None:
    job = a_job(**changes)
    quote: Quote = Priced(job, 5, 6, rates)
    assert is_batched(job, quote) is expected
    assert not is_batched(job, Unpriced(job, "nobody knows"))


def test_what_is_in_doubt_is_told() -> None:
    assert doubt("gpt-image-2") == doubt("other") == ""
    assert doubt("gpt-image-2.5-flare").startswith("gpt-image-2.5-flare: ")
