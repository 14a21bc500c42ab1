"""Prices of one model: what a token costs is the only rule."""

from imgcli.model.job import Job
from imgcli.model.picture import Usage
from imgcli.model.quote import Priced, Quote, Unpriced

TOKEN = 30_000


class FakePricer:
    """Satisfies `ports.Pricer`."""

    def quote(self, job: Job) -> Quote:
        if job.model == "mystery":
            return Unpriced(job, f"nobody priced {job.model}")
        return Priced(job, 439 * TOKEN, 500 * TOKEN, "fake")

    def actual(self, job: Job, usage: Usage | None) -> int | None:
        return None if usage is None or job.model == "mystery" else usage.image_out * TOKEN
