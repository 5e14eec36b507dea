"""A month of the survey in figures: the score, its dimensions, its channels (004-90). Months are Beijing's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa

from bot.clock import midnight
from bot.conversation.survey.store import survey_answers
from bot.conversation.tables import conversations
from bot.db import Tx
from bot.knowledge.model import Survey

_A = survey_answers.c


@dataclass(frozen=True)
class Points:
    """So many answers, and what they count together. What was skipped is in neither."""

    count: int = 0
    total: int = 0

    @property
    def average(self) -> float | None:
        """0 to 100, as it is: rounded only where it is shown. None without answers."""
        return self.total / self.count if self.count else None

    def __add__(self, other: Points) -> Points:
        return Points(self.count + other.count, self.total + other.total)


@dataclass(frozen=True)
class Score:
    """`points` are those of the question that the score is of, and so are those by channel and by subject.

    `asked`: how often it was asked in the month. Dimensions as survey.yml names them now; a question that it no longer
    has goes under its id. Subjects are "conversation" and "case".
    """

    month: date
    mark: int
    points: Points
    asked: int
    by_dimension: Mapping[str, Points] = field(default_factory=dict)
    by_channel: Mapping[str, Points] = field(default_factory=dict)
    by_subject: Mapping[str, Points] = field(default_factory=dict)

    @property
    def average(self) -> float | None:
        return self.points.average

    @property
    def below(self) -> bool:
        """A month without answers is not below anything."""
        return self.points.total < self.mark * self.points.count


@dataclass(frozen=True)
class Remark:
    """What a customer wrote, masked."""

    at: datetime
    conversation_id: str
    subject_kind: str
    subject_id: str
    text: str


def score(tx: Tx, month: date, survey: Survey) -> Score:
    """Of the month in which the day `month` lies."""
    rows = tx.execute(
        sa.select(_A.question, _A.subject_kind, conversations.c.channel, sa.func.count(), sa.func.sum(_A.points))
        .select_from(survey_answers.join(conversations, conversations.c.id == _A.conversation_id))
        .where(_within(_A.answered_at, month), _A.points.is_not(None))
        .group_by(_A.question, _A.subject_kind, conversations.c.channel)
    )
    dimensions = {str(question.id): str(question.dimension) for question in survey.questions}
    by_dimension: dict[str, Points] = {}
    by_channel: dict[str, Points] = {}
    by_subject: dict[str, Points] = {}
    whole = Points()
    for question, kind, channel, count, total in rows:
        points = Points(count, int(total))
        _add(by_dimension, dimensions.get(question, question), points)
        if question == survey.score_of:
            whole += points
            _add(by_channel, channel, points)
            _add(by_subject, kind, points)
    asked = tx.execute(
        sa.select(sa.func.count()).where(_within(_A.asked_at, month), _A.question == survey.score_of)
    ).scalar_one()
    order = {name: place for place, name in enumerate(dimensions.values())}
    ordered = dict(sorted(by_dimension.items(), key=lambda one: (order.get(one[0], len(order)), one[0])))
    return Score(month.replace(day=1), survey.mark, whole, asked, ordered, _sorted(by_channel), _sorted(by_subject))


def below_mark(tx: Tx, month: date, survey: Survey) -> Score | None:
    """The month's figures where its average is below the mark and so asks for an improvement plan, else None."""
    found = score(tx, month, survey)
    return found if found.below else None


def remarks(tx: Tx, month: date) -> Iterator[Remark]:
    """What customers wrote in the month, the oldest first (002-20)."""
    rows = tx.execute(
        sa.select(_A.answered_at, _A.conversation_id, _A.subject_kind, _A.subject_id, _A.text)
        .where(_within(_A.answered_at, month), _A.text.is_not(None))
        .order_by(_A.answered_at, _A.conversation_id)
    )
    yield from (Remark(*row) for row in rows)


def _within(column: sa.Column, month: date) -> sa.sql.ColumnElement:
    first = month.replace(day=1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    start, end = (midnight(day) for day in (first, following))
    return sa.and_(column >= start, column < end)


def _add(kept: dict[str, Points], name: str, points: Points) -> None:
    kept[name] = kept.get(name, Points()) + points


def _sorted(kept: dict[str, Points]) -> dict[str, Points]:
    return dict(sorted(kept.items()))
