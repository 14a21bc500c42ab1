"""Moderation of a run, as a part of the chain of `guarding`: lists, a provider's endpoint, and the local classifier.

What leaves for an endpoint goes through `asking`: held, and remembered, so that the same words and the same picture are
asked once. A copy of each picture is sent, small enough to be looked at and large enough to see.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from imgcli.asking import ask_now
from imgcli.director.explain import retold
from imgcli.engine.stop import Stop
from imgcli.errors import AccountError, AttemptError, BudgetError, Halt, ImgcliError, LedgerError
from imgcli.model.events import Told
from imgcli.model.input import Input
from imgcli.model.job import Job
from imgcli.model.numbers import Screening, parse_verdict
from imgcli.model.picture import Picture
from imgcli.model.prompt import EXCLUDED, DirectedPrompt
from imgcli.model.question import Question, moderation_question
from imgcli.model.quote import Priced
from imgcli.model.verdict import Aside, Decision, Remarks, Stage, Verdict
from imgcli.moderation import local, words
from imgcli.moderation.blocklist import Blocklist
from imgcli.moderation.log import Noted, note
from imgcli.moderation.patterns import Patterns, PatternsError
from imgcli.moderation.policy import BLOCKLIST, LOCAL, PROVIDER, WORDS, Policy, Rules
from imgcli.pipeline import Line
from imgcli.ports import Clock
from imgcli.settings import NSFW

LONGEST = 1024
"""Pixels of the longer side of what is sent to be looked at."""

AVOID = "Avoid "
"""How the Director begins what styles want left out."""

BLIND_AFTER = 3
"""Pictures in a row that nobody could look at, whatever the reason: no more are bought for the quarantine."""

REMEMBERED = 4096
"""Prompts whose verdicts of the lists are kept: variants of one differ in nothing that they read."""


@dataclass(slots=True)
class Desk:
    """What moderation asks at.

    Attributes:
        line: of its own, so that neither waits for the seats of the other, and paid pictures are looked at to the end.
        stop: of the run.
        endpoint: provider of a job -> the provider and model that moderate for it; None where there is none.
        data: where the audit log is, and the one directory of all questions.
        cache: where copies are put while they are looked at.
    """

    line: Line
    stop: Stop
    endpoint: Callable[[str], tuple[str, str] | None]
    data: Path
    cache: Path


class UnseenError(Exception):
    """Nobody can say; the words tell why. `of_all` where it is no matter of one picture."""

    def __init__(self, why: str, *, of_all: bool = False) -> None:
        super().__init__(why)
        self.of_all = of_all


class Moderation:
    """Satisfies `guarding.Part`."""

    def __init__(self, rules: Rules, blocklist: Blocklist | None, desk: Desk) -> None:
        self._rules, self._blocklist, self._desk = rules, blocklist, desk
        self._patterns = Patterns(blocklist.patterns if blocklist else ())
        self._inputs_seen: dict[str, Verdict] = {}
        self._read: dict[tuple[str, ...], tuple[Verdict, ...]] = {}
        self._told: set[tuple[str, str]] = set()
        self._unseen: dict[tuple[str, str], int] = {}
        self._blind: dict[tuple[str, str], str] = {}

    @property
    def money(self) -> tuple[int, int]:
        """Nano-USD spent and held for what was asked."""
        return self._desk.line.spent, self._desk.line.held

    async def close(self) -> None:
        """End the process of the regular expressions."""
        await self._patterns.close()

    def looks(self, job: Job) -> bool:
        return bool(self._layers(job))

    def blind(self, job: Job) -> str:
        return next(
            (self._blind[at] for layer in self._layers(job) if (at := (layer, job.provider)) in self._blind), ""
        )

    async def clear(self, job: Job) -> Sequence[Verdict]:
        said = [*await self._lists(job.prompt)]
        if not any(verdict.stops for verdict in said):
            said += await self._words(job, job.prompt.text)
        if job.edit and not any(verdict.stops for verdict in said):
            said += await self._inputs(job, [*job.edit.inputs, *([job.edit.markup] if job.edit.markup else [])])
        self._tell(job, said)
        return said

    async def clear_question(self, job: Job) -> Sequence[Verdict]:
        """What is said of typed words, or of the pictures of a question, before a text model is asked about them."""
        typed = job.prompt.typed
        if job.edit is not None:
            said = await self._inputs(job, job.edit.inputs)  # its words are ours
        else:
            said = [*await self._lists(DirectedPrompt(typed, typed))]
            if not any(verdict.stops for verdict in said):
                said += await self._words(job, typed)
        self._tell(job, said)
        return said

    async def inspect(self, job: Job, data: bytes, picture: Picture, tried: int) -> Remarks:
        said: list[Verdict] = []
        for layer in self._layers(job):
            look = self._here(data) if layer == LOCAL else self._there(job, data, picture)
            noted = self._noted((layer, job.provider), look)
            said.append(await self._scored(Stage.PICTURE, layer, noted, enforced=bool(job.guard)))
            if said[-1].stops:
                break
        self._tell(job, said)
        return Remarks(tuple(said), tried=tried, aside=Aside.QUARANTINE if said and said[-1].stops else None)

    def _layers(self, job: Job) -> list[str]:
        """What looks at a picture: what this run asks, and what the run asked that it is of."""
        asked = {*job.guard.split("+"), *self._rules.of_pictures}
        return [layer for layer in (LOCAL, PROVIDER) if layer in asked]

    async def _lists(self, prompt: DirectedPrompt) -> tuple[Verdict, ...]:
        """What the blocklist and the list of rude words say of all that was written for a picture.

        What must not appear is named in order to be left out, so it is not held against the prompt.
        """
        texts = tuple(dict.fromkeys(t for t in (prompt.typed, prompt.expanded, self._wished(prompt)) if t.strip()))
        if texts not in self._read:
            if len(self._read) >= REMEMBERED:
                self._read.clear()
            said = [*await self._blocked(texts), *await self._rude(texts)]
            if any(verdict.decision is Decision.UNAVAILABLE for verdict in said):
                return tuple(said)
            self._read[texts] = tuple(said)
        return self._read[texts]

    def _wished(self, prompt: DirectedPrompt) -> str:
        """The directed prompt without its exclusions; all of it where nobody can tell them apart."""
        pieces = retold(prompt, self._desk.line.studio.styles)
        wished = [
            piece.text for piece in pieces if piece.origin != EXCLUDED and not piece.text.lstrip().startswith(AVOID)
        ]
        return "".join(wished) if pieces else prompt.text

    async def _blocked(self, texts: Sequence[str]) -> list[Verdict]:
        if self._blocklist is None:
            return []
        found: list[str] = []
        for text in texts:
            hits = await asyncio.to_thread(self._blocklist.hits, text)
            try:
                hits += await self._patterns.hits(text)
            except PatternsError as error:
                return [self._rules.unsure(Stage.PROMPT, BLOCKLIST, str(error))]
            found += map(str, hits)
        return [self._rules.found(Stage.PROMPT, BLOCKLIST, [*dict.fromkeys(found)])]

    async def _rude(self, texts: Sequence[str]) -> list[Verdict]:
        if self._rules.policy is Policy.OFF or not words.is_installed():
            return []
        found = [word for text in texts for word in await asyncio.to_thread(words.rude_words, text)]
        return [self._rules.found(Stage.PROMPT, WORDS, [*dict.fromkeys(found)])]

    async def _words(self, job: Job, text: str) -> list[Verdict]:
        if not self._rules.asks("prompt"):
            return []
        return [await self._scored(Stage.PROMPT, PROVIDER, self._unless_stopped(self._screened(job, text, None)))]

    async def _inputs(self, job: Job, pictures: Sequence[Input]) -> list[Verdict]:
        if not self._rules.asks("inputs"):
            return []
        said = []
        for picture in pictures:
            verdict = self._inputs_seen.get(picture.sha256)
            if verdict is None:
                look = self._unless_stopped(self._screened(job, "", picture))
                verdict = await self._scored(Stage.INPUT, PROVIDER, look)
                if verdict.scores or verdict.decision is Decision.CLEARED:
                    self._inputs_seen[picture.sha256] = verdict
            said.append(replace(verdict, reason=f"{picture.name}: {verdict.reason}") if verdict.reason else verdict)
        return said

    async def _unless_stopped(self, look: Coroutine[Any, Any, Screening]) -> Screening:
        """What `look` says, if anything new is still begun; what came is looked at to the end."""
        if self._desk.stop.draining:
            look.close()
            raise UnseenError(self._desk.stop.reason)
        return await look

    async def _noted(self, at: tuple[str, str], look: Coroutine[Any, Any, Screening]) -> Screening:
        """What `look` says of a picture; that nobody can say is remembered for those that are not bought yet."""
        try:
            seen = await look
        except UnseenError as error:
            self._unseen[at] = self._unseen.get(at, 0) + 1
            if self._rules.policy.enforces and (error.of_all or self._unseen[at] >= BLIND_AFTER):
                self._blind[at] = f"nobody can look at pictures ({error}), so no more are bought"
            raise
        self._unseen.pop(at, None)
        return seen

    async def _scored(
        self, stage: Stage, layer: str, look: Coroutine[Any, Any, Screening], *, enforced: bool = False
    ) -> Verdict:
        try:
            seen = await look
        except UnseenError as error:
            return self._rules.unavailable(stage, layer, str(error), enforced=enforced)
        verdict = self._rules.scored(stage, layer, seen.scores, enforced=enforced)
        if seen.flagged and verdict.decision is Decision.CLEARED:
            # Its own word counts for less than the thresholds of the team, and is not kept from them.
            return replace(verdict, decision=Decision.WARNED, reason="flagged by the model, below your thresholds")
        return verdict

    async def _here(self, data: bytes) -> Screening:
        try:
            return Screening(False, {NSFW: await asyncio.to_thread(local.nsfw_score, data)}, {})
        except local.LocalError as error:
            raise UnseenError(str(error)) from None

    async def _there(self, job: Job, data: bytes, picture: Picture) -> Screening:
        """What the endpoint says of a picture that has no name yet; it lies in the cache while it is asked."""
        told = (picture.sha256, picture.size_bytes, picture.format, picture.width, picture.height)
        try:
            with _bench(self._desk.cache) as bench:
                await asyncio.to_thread((bench / "whole").write_bytes, data)
                return await self._screened(job, "", Input(bench / "whole", *told, "the picture"))
        except OSError as error:
            raise UnseenError(f"the cache takes no copy of it ({error.strerror or error})") from None

    async def _screened(self, job: Job, text: str, picture: Input | None) -> Screening:
        """What the endpoint says.

        Raises:
            UnseenError: nothing, or nothing of the picture.
        """
        from imgcli.inputs.prepare import Workshop  # noqa: PLC0415 - most runs look at no picture, and need no Pillow

        desk = self._desk
        if (endpoint := desk.endpoint(job.provider)) is None:
            raise UnseenError(f"{job.provider} has no moderation endpoint", of_all=True)
        try:
            if picture is None:
                return await self._asked(moderation_question(*endpoint, text), job)
            with _bench(desk.cache) as bench:
                copy = await asyncio.to_thread(Workshop(bench).smaller, picture, LONGEST)
                seen = await self._asked(moderation_question(*endpoint, text, copy), job)
        except LedgerError:
            raise  # no ledger, no call, and nothing else either
        except (ImgcliError, ValueError) as error:
            raise UnseenError(str(error), of_all=_is_of_all(error)) from None
        if not seen.saw_image:
            raise UnseenError("the endpoint did not look at the picture", of_all=True)
        return seen

    async def _asked(self, question: Question, job: Job) -> Screening:
        """The answer: of the ledger, or else of the endpoint.

        Raises:
            ImgcliError: there is none.
            UnseenError: nor is there a price, which a budget in dollars asks for.
            ValueError: it makes no sense.
        """
        desk = self._desk
        # A picture is the same whatever it was made for; words are told with those that were typed.
        asked = question.job("" if question.images else job.prompt.typed, job.entry, job.tags, desk.data)
        quote = desk.line.studio.pricer.quote(asked)
        try:
            painted = await desk.stop.unless_aborting(ask_now(quote, desk.line))
        except BudgetError as error:
            if isinstance(quote, Priced):
                raise
            raise UnseenError(str(error), of_all=True) from None
        return parse_verdict(painted.revised)

    def _tell(self, job: Job, said: Sequence[Verdict]) -> None:
        """Say each warning once; what stops is told with its picture."""
        for verdict in said:
            seen = (verdict.layer, verdict.reason)
            if verdict.decision is Decision.WARNED and seen not in self._told:
                self._told.add(seen)
                of = f"the {verdict.stage.value} of {job.stem}" if job.stem else f"{job.prompt.typed[:60]!r}"
                self._desk.line.studio.observe(Told(f"warning, {verdict.layer}: {verdict.reason} ({of})"))


def _is_of_all(error: Exception) -> bool:
    """Whether the next picture fares no better: the key, the model or its price is at fault."""
    if isinstance(error, AttemptError):
        return error.halt is not Halt.JOB or error.account
    return isinstance(error, AccountError)


@dataclass(frozen=True, slots=True)
class Journal:
    """Satisfies `guarding.Journal`: the audit log of a run in the directory `data`."""

    run: str
    clock: Clock
    data: Path

    async def note(self, job: Job, attempt: str, verdicts: Sequence[Verdict]) -> None:
        at = self.clock.now().isoformat(timespec="seconds")
        lines = [
            Noted(
                at=at,
                run=self.run,
                key=job.key,
                attempt=attempt,
                stage=verdict.stage.value,
                layer=verdict.layer,
                decision=verdict.decision.value,
                reason=verdict.reason,
                scores=verdict.scores,
                prompt=job.prompt.typed,
            )
            for verdict in verdicts
            if verdict.decision is not Decision.CLEARED
        ]
        if lines:
            await asyncio.to_thread(note, self.data, lines)


@contextmanager
def _bench(cache: Path) -> Iterator[Path]:
    """A directory of our own for copies that nobody else is to see, gone afterwards.

    Raises:
        OSError: there can be none.
    """
    cache.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix="looked-at-", dir=cache, ignore_cleanup_errors=True) as made:
        yield Path(made)
