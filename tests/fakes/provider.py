"""A provider that follows its scripts, and paints a small true PNG when they are used up."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field

from imgcli.errors import AttemptError, ModelError, Money
from imgcli.model.allowance import Allowance
from imgcli.model.attempt import Hold
from imgcli.model.card import ModelCard
from imgcli.model.finding import Finding, Level
from imgcli.model.input import EditRules
from imgcli.model.picture import Painted, Usage
from imgcli.model.question import question_of
from imgcli.model.size import Size
from imgcli.ports import Easel

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005fe02fe"
    "a72d9c3a0000000049454e44ae426082"
)
"""One pixel."""

MEDIUM = Usage(text_in=8, image_in=0, image_out=439)
PRICE = 8 * 5_000 + 439 * 30_000
"""Nano-USD of MEDIUM."""

Script = Callable[[Hold, Easel], Awaitable[Painted]]


async def paints(hold: Hold, easel: Easel) -> Painted:
    await easel.write(PNG)
    return Painted(usage=MEDIUM, request_id=f"req-{hold.attempt}")


async def writes(hold: Hold) -> Painted:
    """Its prompt, and a light for each of the ideas wanted."""
    wanted = json.loads(question_of(hold.job).words)
    prompts = [f"{wanted['prompt']}, in light number {number}." for number in range(1, wanted["count"] + 1)]
    return Painted(usage=Usage(200, 0, 0, 60), request_id="req_w", revised=json.dumps({"prompts": prompts}))


@dataclass
class FakeProvider:
    """Satisfies `ports.Provider`; `calls` are the holds it was asked with, unless a picture in them was not as told."""

    scripts: list[Script] = field(default_factory=list)
    calls: list[Hold] = field(default_factory=list)
    name: str = "openai"
    limit_name: str = "scripted"
    told: Allowance | None = None
    text_model: str | None = "scripted-words"
    moderation_model: str | None = None
    embedding_model: str | None = None
    answers: list[Callable[[Hold], Awaitable[Painted]]] = field(default_factory=list)

    def allowance(self) -> Allowance | None:
        told, self.told = self.told, None
        return told

    async def warm_up(self) -> None:
        """It is always ready."""

    def notices(self, models: Collection[str]) -> Sequence[str]:
        return [f"{model} is painted by a script" for model in models]

    def cards(self) -> Sequence[ModelCard]:
        rules = EditRules(markup=True, fidelities=("low", "high"))
        return [ModelCard("scripted", self.name, (Size(1024, 1024),), qualities=("medium",), edits=rules)]

    def card(self, model: str) -> ModelCard:
        for card in self.cards():
            if card.name == model:
                return card
        raise ModelError(f"{self.name} has no model {model!r}; there is {self.cards()[0].name}")

    def ready(self) -> None:
        """It needs no key."""

    async def paint(self, hold: Hold, easel: Easel) -> Painted:
        for each in hold.job.edit.everything if hold.job.edit else ():
            if not each.path.is_file() or hashlib.sha256(each.path.read_bytes()).hexdigest() != each.sha256:
                raise AttemptError(f"{each.name} is not what it was; nothing was sent", money=Money.VOID)
        self.calls.append(hold)
        return await (self.scripts.pop(0) if self.scripts else paints)(hold, easel)

    async def answer(self, hold: Hold) -> Painted:
        self.calls.append(hold)
        return await (self.answers.pop(0) if self.answers else writes)(hold)

    async def check(self) -> Finding:
        return Finding(Level.OK, f"provider {self.name}", "scripted")

    async def close(self) -> None:
        self.scripts.clear()
