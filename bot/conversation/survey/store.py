"""What was asked and what was answered. A row is made when a question is asked, and filled once.

So the key keeps a question from being asked twice of one subject, in whichever conversation. Every function works
inside the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.conversation.survey.steps import OWN
from bot.db import Moment, Tx, insert_new, metadata

SKIPPED, WORDS = "skip", "words"  # answers that are none of survey.yml's

survey_answers = sa.Table(
    "survey_answers",
    metadata,
    sa.Column("subject_kind", sa.String(16), primary_key=True),  # conversation | case
    sa.Column("subject_id", sa.String(32), primary_key=True),  # the conversation's id, or the case's number
    sa.Column("question", sa.String(60), primary_key=True),
    sa.Column("conversation_id", sa.String(32), sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),  # of the event that asked
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("answer", sa.String(60)),
    sa.Column("points", sa.Integer),
    sa.Column("text", sa.Text),  # masked
    sa.Column("answered_at", Moment),
    sa.Index("ix_survey_answers_conversation_id", "conversation_id"),
    sa.Index("ix_survey_answers_asked_at", "asked_at"),
    sa.Index("ix_survey_answers_answered_at", "answered_at"),
)
_A = survey_answers.c


@dataclass(frozen=True)
class Asked:
    subject_kind: str
    subject_id: str
    question: str
    conversation_id: str
    seq: int
    asked_at: datetime
    answer: str | None
    points: int | None
    text: str | None
    answered_at: datetime | None

    @property
    def open(self) -> bool:
        return self.answer is None


def ask(tx: Tx, conversation_id: str, subject: str, question: str, seq: int, at: datetime) -> bool:
    """False: it was asked before, here or elsewhere."""
    kind, id_ = _key(conversation_id, subject)
    named = {"subject_kind": kind, "subject_id": id_, "question": question}
    return insert_new(tx, survey_answers, **named, conversation_id=conversation_id, seq=seq, asked_at=at)


def answer(
    tx: Tx, asked: Asked, answer: str, at: datetime, *, points: int | None = None, text: str | None = None
) -> bool:
    """False: it was answered before, and stays as it is."""
    done = tx.execute(
        survey_answers.update()
        .where(
            _A.subject_kind == asked.subject_kind,
            _A.subject_id == asked.subject_id,
            _A.question == asked.question,
            _A.answer.is_(None),
        )
        .values(answer=answer, points=points, text=text, answered_at=at)
    )
    return bool(done.rowcount == 1)


def of_subject(tx: Tx, conversation_id: str, subject: str) -> list[Asked]:
    """In the order in which they were asked."""
    kind, id_ = _key(conversation_id, subject)
    return _all(tx, (_A.subject_kind == kind, _A.subject_id == id_))


def answers_of_cases(tx: Tx, numbers: Sequence[str], question: str) -> dict[str, str]:
    """What was answered to it, by the case's number; what is open is not in it."""
    asked = _all(tx, (_A.subject_kind == "case", _A.subject_id.in_(numbers), _A.question == question))
    return {one.subject_id: one.answer for one in asked if one.answer is not None}


def in_conversation(tx: Tx, conversation_id: str) -> list[Asked]:
    """Of all subjects, in the order in which they were asked."""
    return _all(tx, (_A.conversation_id == conversation_id,))


def find(tx: Tx, conversation_ids: Sequence[str], subject: str, question: str) -> Asked | None:
    """As the first of these conversations asked it, else as it was asked last in another of them."""
    kind, id_ = _key(conversation_ids[0], subject)
    among = (_A.subject_kind == kind, _A.question == question, _A.conversation_id.in_(conversation_ids))
    rows = _all(tx, among if subject == OWN else (*among, _A.subject_id == id_))
    return max(rows, key=lambda one: (one.conversation_id == conversation_ids[0], one.asked_at), default=None)


def _key(conversation_id: str, subject: str) -> tuple[str, str]:
    return (OWN, conversation_id) if subject == OWN else ("case", subject)


def _all(tx: Tx, where: Sequence[Any]) -> list[Asked]:
    rows = tx.execute(sa.select(survey_answers).where(*where).order_by(_A.asked_at, _A.seq))
    return [Asked(**row._mapping) for row in rows]
