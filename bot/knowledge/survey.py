"""knowledge/survey.yml: what is asked about satisfaction, what each answer counts, and when the figures alarm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import Field, root_validator

from bot.knowledge.fields import Frozen, Identifier, Label, Text

PREFIX = "rate_"  # every answer's id begins with it: by that alone channels and the widget know an answer
SKIP = "rate_skip_"  # and the id of the question that is skipped


class Answer(Frozen):
    id: Identifier
    label: Label
    points: int = Field(..., ge=0, le=100)


class Question(Frozen):
    """One step: either a choice among answers, or words of the customer's own."""

    id: Identifier = Field(..., max_length=40)
    dimension: Label = Field(..., description="what it measures, as the figures name it")
    text: Text
    answers: tuple[Answer, ...] = ()
    free: bool = Field(False, description="answered in words; asked only when the conversation has ended")

    @root_validator(skip_on_failure=True)
    def _one_of_both(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["free"] and values["answers"]:
            raise ValueError("free: true 的问题由客户自己写，不能有 answers")
        if not values["free"] and not 2 <= len(values["answers"]) <= 5:
            raise ValueError("要有2到5个答案；让客户自己写的问题，写 free: true")
        return values


class Survey(Frozen):
    mark: int = Field(..., ge=0, le=100, description="a month's average under it calls for an improvement plan")
    score_of: Identifier = Field(..., description="the question whose points are the month's score")
    most_steps: int = Field(..., ge=1, le=10)
    words_minutes: int = Field(..., ge=1, le=60, description="so long after the free question a text is its answer")
    link_days: int = Field(..., ge=1, le=60, description="so long a link to the survey of a case is good for")
    skip: Label
    questions: tuple[Question, ...]

    def question(self, id_: str) -> Question | None:
        return next((question for question in self.questions if question.id == id_), None)

    def answers(self) -> Iterator[tuple[Question, Answer]]:
        for question in self.questions:
            yield from ((question, answer) for answer in question.answers)

    def meant(self, choice: str) -> tuple[Question, Answer | None] | None:
        """The question that a choice answers, and its answer; without one it is skipped."""
        for question in self.questions:
            if choice == SKIP + question.id:
                return question, None
        return next((found for found in self.answers() if found[1].id == choice), None)

    def buttons(self, question: Question) -> tuple[tuple[str, str], ...]:
        """(id, label) of what can be pressed: the answers in their order, then the one that skips it."""
        return (*((answer.id, str(answer.label)) for answer in question.answers), (SKIP + question.id, str(self.skip)))
