"""Events and outcomes as plain dictionaries: the JSON lines of `--json`, and the fields of `--print`."""

from typing import Any, assert_never

from imgcli.model.events import (
    AttemptBegan,
    Event,
    JobEnded,
    MoneyMoved,
    Paced,
    Pacing,
    Queued,
    Recovered,
    Rejected,
    RunBegan,
    Told,
    Waiting,
)
from imgcli.model.job import Job
from imgcli.model.money import exact_usd
from imgcli.model.origin import Origin
from imgcli.model.outcome import Failed, Made, Outcome, Refused, Reused, SetAside, Uncertain, Unstarted
from imgcli.model.quote import Priced, Quote
from imgcli.reports.inputs import input_fields
from imgcli.reports.summary import Summary

FIELDS: tuple[str, ...] = (
    *("path", "sidecar", "id", "prompt", "directed", "style", "provider", "model", "size", "quality", "format"),
    *("width", "height", "bytes", "sha256", "seed", "n", "cost", "key", "status"),
)
"""What `--print` may hold."""


def event_line(event: Event) -> dict[str, Any] | None:
    """One JSON line; None for events that say nothing to a script."""
    match event:
        case RunBegan():
            return {
                "event": "begin",
                "run": event.run,
                "jobs": event.jobs,
                "expected_usd": exact_usd(event.expected),
                "upper_usd": exact_usd(event.upper),
                "unpriced": event.unpriced,
            }
        case JobEnded():
            return {"event": "picture"} | outcome_line(event.outcome)
        case Rejected():
            return {"event": "rejected"} | outcome_line(event.outcome)
        case AttemptBegan():
            job = event.quote.job
            return {"event": "attempt", "attempt": event.attempt, "id": job.entry, "n": job.variant, "try": event.tries}
        case Waiting():
            seconds = round(event.seconds, 3)
            return {"event": "waiting", "id": event.job.entry, "seconds": seconds, "reason": event.reason}
        case Paced():
            return {"event": "paced", "ipm": event.ipm, "hold_seconds": round(event.hold, 3), "reason": event.reason}
        case Recovered():
            counts = {
                "finished": event.finished,
                "voided": event.voided,
                "uncertain": event.uncertain,
            }
            return {"event": "recovered"} | counts
        case Told():
            return {"event": "told", "text": event.text}
        case MoneyMoved() | Pacing() | Queued():
            return None
        case _:
            assert_never(event)


def outcome_line(outcome: Outcome) -> dict[str, Any]:
    """How a job ended, flat."""
    line = job_line(outcome.job)
    match outcome:
        case Made():
            picture = outcome.saved.picture
            line |= {"status": "made", "path": str(outcome.saved.path), "sidecar": str(outcome.saved.sidecar)}
            line |= {"format": picture.format, "width": picture.width, "height": picture.height}
            line |= {"bytes": picture.size_bytes, "sha256": picture.sha256, "notes": list(outcome.notes)}
            line |= {"cost_usd": None if outcome.cost is None else exact_usd(outcome.cost), "overrun": outcome.overrun}
            line |= {"lost_before": outcome.lost}
        case SetAside():
            picture = outcome.saved.picture
            # Its path is not told: what prints or shows the pictures of a run must not come upon it.
            line |= {"then": outcome_line(outcome.then)["status"]} if outcome.then else {}
            line |= {"status": outcome.aside.value, "reason": outcome.reason, "sha256": picture.sha256}
            line |= {"cost_usd": None if outcome.cost is None else exact_usd(outcome.cost), "overrun": outcome.overrun}
            line |= {"lost_before": outcome.lost}
        case Reused():
            line |= {"status": "reused", "path": str(outcome.path), "sidecar": f"{outcome.path}.json"}
            line |= {"cost_usd": "0.00", "reason": outcome.why} | _of_copy(outcome.origin)
        case Refused():
            line |= {"status": "refused", "by": outcome.by.value, "reason": outcome.reason}
            line |= {"held_usd": exact_usd(outcome.held)}
        case Failed():
            line |= {"status": "failed", "reason": str(outcome.error), "cost_usd": exact_usd(outcome.cost)}
        case Unstarted():
            line |= {"status": "unstarted", "reason": outcome.reason}
        case Uncertain():
            line |= {"status": "uncertain", "attempt": outcome.attempt, "reason": outcome.reason}
            line |= {"held_usd": exact_usd(outcome.held)}
        case _:
            assert_never(outcome)
    return line


def _of_copy(origin: Origin | None) -> dict[str, Any]:
    """Where a copy was taken from, and what it saved; nothing of a picture that was there already."""
    if origin is None:
        return {}
    saved = None if origin.cost is None else exact_usd(origin.cost)
    told = {"place": origin.place.value, "attempt": origin.attempt, "match": origin.match.value}
    return {"reused": told | {"saved_usd": saved}}


def job_line(job: Job) -> dict[str, Any]:
    return {
        "id": job.entry,
        "n": job.variant,
        "prompt": job.prompt.typed,
        "directed": job.prompt.text,
        "styles": list(job.prompt.styles),
        "provider": job.provider,
        "model": job.model,
        "size": str(job.size),
        "quality": job.quality,
        "format": job.format,
        "seed": job.seed,
        "key": job.key,
    } | (_of_draft(job) | input_fields(job.edit))


def _of_draft(job: Job) -> dict[str, Any]:
    """What a draft stands for, whose final it is, or after which it is made again; nothing of other pictures."""
    told: dict[str, Any] = {name: of for name, of in (("draft", job.draft), ("again", job.again)) if of}
    return told | ({"wanted": {"size": str(job.wanted.size), "quality": job.wanted.quality}} if job.wanted else {})


def quote_line(quote: Quote) -> dict[str, Any]:
    """A planned picture and its price, for `--dry-run --json`."""
    price: dict[str, Any] = {"expected_usd": None, "upper_usd": None, "reason": ""}
    if isinstance(quote, Priced):
        price = {"expected_usd": exact_usd(quote.expected), "upper_usd": exact_usd(quote.upper), "rough": quote.rough}
    else:
        price["reason"] = quote.reason
    path = str(quote.job.directory / quote.job.stem)
    return {"event": "planned", "stem": path} | job_line(quote.job) | price


def summary_line(summary: Summary) -> dict[str, Any]:
    return {
        "event": "end",
        "made": summary.made,
        "reused": summary.reused,
        "refused": summary.refused,
        "failed": summary.failed,
        "unstarted": summary.unstarted,
        "uncertain": summary.uncertain,
        "set_aside": summary.set_aside,
        "spent_usd": exact_usd(summary.spent),
        "held_usd": exact_usd(summary.held),
        "unpriced": summary.unpriced,
        "lost_before": summary.lost,
        "cached": summary.cached,
        "saved_usd": exact_usd(summary.saved),
        "unseen": summary.unseen,
        "exit_code": summary.exit_code,
    }


def print_fields(outcome: Outcome) -> dict[str, str]:
    """The fields of `--print` for a picture that is there, all as text."""
    line = outcome_line(outcome)
    line["style"] = "+".join(line["styles"])
    line["cost"] = line.get("cost_usd") or ""
    return {name: "" if line.get(name) is None else str(line[name]) for name in FIELDS}
