"""Which pictures OpenAI makes at half the price in its Batch API, within a day."""

from collections.abc import Mapping

from imgcli.model.job import Job
from imgcli.model.quote import Priced, Quote
from imgcli.pricing.basis import YOURS
from imgcli.pricing.quote import ASSUMED
from imgcli.pricing.rates import base_model

DOUBTED = "its model page said that it is not batched, and bills of 2026-09 show half the price"

BATCHED: Mapping[str, str] = {
    "gpt-image-2": "",
    "gpt-image-2.5-sunburst": DOUBTED,
    "gpt-image-2.5-flare": DOUBTED,
}
"""Models that are made so, each with what is in doubt of it. Of 2.6 nobody knows, nor of 1.5 and mini."""


def is_batched(job: Job, quote: Quote) -> bool:
    """Whether OpenAI itself made `job`, at a price of its table, by a way that the Batch API has too."""
    is_listed = isinstance(quote, Priced) and quote.rates not in {YOURS, ASSUMED}
    return is_listed and not job.through and not job.is_text and base_model(job.model) in BATCHED


def doubt(model: str) -> str:
    """What speaks against it, of one of BATCHED, for people; empty if nothing does."""
    why = BATCHED.get(base_model(model), "")
    return f"{model}: {why}" if why else ""
