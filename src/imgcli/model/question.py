"""What a model is asked that makes no picture of it, as a job that is held and billed like any other."""

import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from imgcli.model.input import Edit, Input
from imgcli.model.job import TEXT, Job
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size

DIMENSIONS = 256
"""Numbers of an embedding where a model leaves one the choice; prompts are told apart by as many, in 1 kB each."""


class Kind(Enum):
    """What a model is asked for that is no picture; the values are what people read."""

    EXPANSION = "an expansion"
    DESCRIPTION = "a description"
    STYLE = "a style"
    MODERATION = "a moderation check"
    EMBEDDING = "an embedding"

    @property
    def is_written(self) -> bool:
        """Whether the answer is words of a text model; else it is numbers, and only what is read is billed."""
        return self not in (Kind.MODERATION, Kind.EMBEDDING)


@dataclass(frozen=True, slots=True)
class Question:
    """One request to a model for words or numbers, fully determined.

    Attributes:
        kind: moderation checks and embeddings have no instructions and no schema; `words` is what is looked at.
        images: pictures it is about.
        instructions: ours alone; nothing of a user's stands in them.
        words: JSON with the user's words, which are data and nothing else.
        schema: the JSON Schema of the answer, as JSON.
        most: tokens that the answer may have at most, those of its reasoning included; of an embedding the numbers it
            is to have, where a model leaves one the choice.
    """

    provider: str
    model: str
    instructions: str
    words: str
    schema: str
    most: int
    kind: Kind = Kind.EXPANSION
    images: tuple[Input, ...] = ()

    def job(self, typed: str, entry: str, tags: tuple[str, ...], directory: Path) -> Job:
        """The job of this question about the prompt `typed`; its key is over all of the question."""
        parts = [self.instructions, self.words, self.schema]
        if self.kind is not Kind.EXPANSION:
            parts.append(self.kind.name.lower())  # only where it is said: older answers keep their keys
        text = json.dumps(parts, ensure_ascii=False)
        return Job(
            provider=self.provider,
            model=self.model,
            prompt=DirectedPrompt(typed=typed, text=text),
            size=Size(0, 0),
            quality=str(self.most),
            format=TEXT,
            seed=None,
            variant=1,
            entry=entry,
            tags=tags,
            directory=directory,
            stem="",
            edit=Edit(self.images) if self.images else None,
        )


def question_of(job: Job) -> Question:
    """The question that a job of format `text` was made of.

    Raises:
        ValueError: it is no such job.
    """
    try:
        instructions, words, schema, *kind = json.loads(job.prompt.text)
        asked = Kind[kind[0].upper()] if kind else Kind.EXPANSION
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("the job is no question") from error
    images = job.edit.inputs if job.edit else ()
    return Question(job.provider, job.model, instructions, words, schema, int(job.quality), asked, images)


def noun_of(job: Job) -> str:
    """What `job` asks for, for people: `picture`, `description`, ..."""
    if not job.is_text:
        return "picture"
    try:
        return question_of(job).kind.value.partition(" ")[2]
    except ValueError:
        return "answer"


def moderation_question(provider: str, model: str, text: str, image: Input | None = None) -> Question:
    """What moderation says of words, of a picture, or of both together; the answer is for `parse_verdict`.

    Raises:
        ValueError: there is nothing to look at.
    """
    if not text.strip() and image is None:
        raise ValueError("there is nothing to moderate")
    return Question(provider, model, "", text, "", 0, Kind.MODERATION, (image,) if image else ())


def embedding_question(provider: str, model: str, text: str) -> Question:
    """Where words stand among all others; the answer is for `parse_vector`.

    Raises:
        ValueError: there are no words.
    """
    if not text.strip():
        raise ValueError("there are no words to embed")
    return Question(provider, model, "", text, "", DIMENSIONS, Kind.EMBEDDING)
