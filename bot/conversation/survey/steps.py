"""Which question of the survey comes next, and what a pressed button answers. Pure.

A choice's id is the answer's; where a case is asked about, its number stands behind it (`rate_3:TS20261122-000001`), so
that an old button never answers another survey.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from bot.knowledge.model import Choice, Label
from bot.knowledge.survey import PREFIX, Answer, Question, Survey

OWN = "conversation"  # the subject that is no case
LINK = "link"  # the channel of a survey that a link opens
_CASE = ":"
_NUMBER = re.compile(r"[A-Z]{2,4}\d{8}-\d{4,8}")


@dataclass(frozen=True)
class Pressed:
    """`answer` is None where the question is skipped."""

    subject: str
    question: Question
    answer: Answer | None


def is_answer(choice: str | None) -> bool:
    return choice is not None and choice.startswith(PREFIX)


def pressed(survey: Survey, choice: str) -> Pressed | None:
    """None: no such answer (any more)."""
    id_, case, number = choice.partition(_CASE)
    found = survey.meant(id_)
    if found is None or (case and not is_case(number)):
        return None
    return Pressed(number if case else OWN, *found)


def is_case(subject: str) -> bool:
    """TS20261122-000001. Nothing else may stand behind an answer: a choice goes into the log as it comes."""
    return _NUMBER.fullmatch(subject) is not None


def label(survey: Survey, choice: str) -> str | None:
    """What the button says."""
    meant = pressed(survey, choice)
    return None if meant is None else str(meant.answer.label if meant.answer else survey.skip)


def buttons(survey: Survey, question: Question, subject: str) -> tuple[Choice, ...]:
    return tuple(Choice(id=about(id_, subject), label=Label(words)) for id_, words in survey.buttons(question))


def about(answer: str, subject: str) -> str:
    """An answer's id as the choice that answers the question about this subject."""
    return answer if subject == OWN else f"{answer}{_CASE}{subject}"


def bare(choice: str) -> str:
    """The answer's id without the case that it is about."""
    return choice.partition(_CASE)[0]


def next_question(survey: Survey, asked: Collection[str], ended: bool) -> Question | None:
    """The first that was not asked. Words are asked for at the very end only: before it, what is written is a turn."""
    if len(asked) >= survey.most_steps:
        return None
    return next((q for q in survey.questions if q.id not in asked and (ended or not q.free)), None)
