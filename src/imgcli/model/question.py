"""What a text model is asked, as a job that is held and billed like any other."""

import json
from dataclasses import dataclass
from pathlib import Path

from imgcli.model.job import TEXT, Job
from imgcli.model.prompt import DirectedPrompt
from imgcli.model.size import Size


@dataclass(frozen=True, slots=True)
class Question:
    """One request to a text model, fully determined.

    Attributes:
        instructions: ours alone; nothing of a user's stands in them.
        words: JSON with the user's words, which are data and nothing else.
        schema: the JSON Schema of the answer, as JSON.
        most: tokens that the answer may have at most, those of its reasoning included.
    """

    provider: str
    model: str
    instructions: str
    words: str
    schema: str
    most: int

    def job(self, typed: str, entry: str, tags: tuple[str, ...], directory: Path) -> Job:
        """The job of this question about the prompt `typed`; its key is over all of the question."""
        text = json.dumps([self.instructions, self.words, self.schema], ensure_ascii=False)
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
        )


def question_of(job: Job) -> Question:
    """The question that a job of format `text` was made of.

    Raises:
        ValueError: it is no such job.
    """
    instructions, words, schema = json.loads(job.prompt.text)
    return Question(job.provider, job.model, instructions, words, schema, int(job.quality))
