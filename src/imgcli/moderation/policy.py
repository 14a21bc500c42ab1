"""What is asked of moderation, and what its scores mean; pure.

| policy | words of a list | the team's blocklist | scores above their threshold | nobody can say |
| --- | --- | --- | --- | --- |
| off | not looked for | blocked, where there is one | not asked | not asked |
| warn | warned | warned | warned | warned |
| on | warned | blocked | blocked | unavailable: stops like a block |
| strict | blocked | blocked | blocked | unavailable: stops like a block |
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from imgcli.model.verdict import Decision, Stage, Verdict
from imgcli.settings import OTHERS

BLOCKLIST, WORDS, PROVIDER, LOCAL = "blocklist", "words", "provider", "local"
"""The layers, in the order in which they are asked."""

THRESHOLDS: Mapping[str, float] = {OTHERS: 0.5, "sexual/minors": 0.1}

LEAST_TOLD = 0.01
"""Scores below say nothing and are not kept."""


class Policy(Enum):
    OFF = "off"
    WARN = "warn"
    ON = "on"
    STRICT = "strict"

    @property
    def enforces(self) -> bool:
        """Whether anything but a blocklist can stop a prompt or set a picture aside."""
        return self in (Policy.ON, Policy.STRICT)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a run is moderated; `looks` are some of `settings.LOOKS`, `thresholds` by category with OTHERS among them."""

    policy: Policy = Policy.OFF
    looks: frozenset[str] = frozenset()
    thresholds: Mapping[str, float] = field(default_factory=lambda: THRESHOLDS)

    def asks(self, look: str) -> bool:
        """Whether this run has that looked at, one of `settings.LOOKS`."""
        return self.policy is not Policy.OFF and look in self.looks

    @property
    def of_pictures(self) -> tuple[str, ...]:
        """The layers that look at what came."""
        asked = {PROVIDER: self.asks("picture"), LOCAL: self.asks("local")}
        return tuple(layer for layer, is_asked in asked.items() if is_asked)

    @property
    def guard(self) -> str:
        """What a picture of this run may not do without: its layers, like `provider+local`, or nothing."""
        return "+".join(self.of_pictures) if self.policy.enforces else ""

    def found(self, stage: Stage, layer: str, what: Collection[str]) -> Verdict:
        """The verdict of a list that found `what`."""
        if not what:
            return Verdict(stage, layer, Decision.CLEARED)
        is_mild = layer == WORDS and self.policy is not Policy.STRICT
        decision = Decision.WARNED if is_mild else self._unless_warned(Decision.BLOCKED)
        return Verdict(stage, layer, decision, ", ".join(what))

    def unsure(self, stage: Stage, layer: str, why: str) -> Verdict:
        """A list that cannot say whether it holds something: as if it did."""
        return replace(self.found(stage, layer, [why]), decision=self._unless_warned(Decision.UNAVAILABLE))

    def _unless_warned(self, decision: Decision) -> Decision:
        return Decision.WARNED if self.policy is Policy.WARN else decision

    def scored(self, stage: Stage, layer: str, scores: Mapping[str, float], *, enforced: bool) -> Verdict:
        """The verdict on scores; `enforced` where an earlier run asked for more than this one."""
        told = sorted(((c, s) for c, s in scores.items() if s >= LEAST_TOLD), key=lambda each: (-each[1], each[0]))
        over = [f"{category} {score:.2f}" for category, score in told if score >= self.threshold(category)]
        # What blocks by a threshold below what is told blocks all the same.
        over += [c for c, s in scores.items() if s < LEAST_TOLD and s >= self.threshold(c)]
        stops = Decision.BLOCKED if enforced or self.policy.enforces else Decision.WARNED
        decision = stops if over else Decision.CLEARED
        return Verdict(stage, layer, decision, ", ".join(over), tuple((c, round(s, 4)) for c, s in told))

    def unavailable(self, stage: Stage, layer: str, why: str, *, enforced: bool) -> Verdict:
        """Nobody can say: under a policy that enforces that stops like a block."""
        stops = enforced or self.policy.enforces
        return Verdict(stage, layer, Decision.UNAVAILABLE if stops else Decision.WARNED, why)

    def threshold(self, category: str) -> float:
        return self.thresholds.get(category, self.thresholds.get(OTHERS, THRESHOLDS[OTHERS]))
