"""A month in figures: the score, its dimensions and channels, and whether it is below the mark (004-90)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from support import SUNDAY_NOON

from bot.clock import BEIJING
from bot.conversation import store as log_store
from bot.conversation.survey import store
from bot.conversation.survey.figures import Points, Score, below_mark, remarks, score
from bot.conversation.survey.steps import OWN
from bot.wiring import House

NOVEMBER = date(2026, 11, 22)
GRADES = {"rate_3": 100, "rate_2": 60, "rate_1": 0}


def answered(
    house: House,
    answer: str | None,
    at: datetime = SUNDAY_NOON,
    *,
    question: str = "grade",
    channel: str = "web",
    subject: str = OWN,
    text: str | None = None,
) -> None:
    """One question in a conversation of its own; None: it was passed over."""
    points = GRADES.get(answer or "")
    with house.db.transaction() as tx:
        id_ = log_store.create(tx, channel=channel, at=at).id
        assert store.ask(tx, id_, subject, question, 2, at)
        (asked,) = store.of_subject(tx, id_, subject)
        if answer is not None:
            assert store.answer(tx, asked, answer, at, points=points, text=text)
            assert not store.answer(tx, asked, "rate_1", at, points=0)


def of(house: House, month: date = NOVEMBER) -> Score:
    with house.db.transaction() as tx:
        return score(tx, month, house.knowledge.survey)


def low(house: House, month: date = NOVEMBER) -> Score | None:
    with house.db.transaction() as tx:
        return below_mark(tx, month, house.knowledge.survey)


def test_a_month_without_answers_has_no_average_and_is_not_below_the_mark(any_house: House) -> None:
    answered(any_house, None)
    found = of(any_house)
    assert (found.average, found.points.count, found.asked, found.below) == (None, 0, 1, False)
    assert low(any_house) is None


def test_the_average_is_that_of_the_grade_and_what_was_skipped_does_not_count(any_house: House) -> None:
    for grade in ("rate_3", "rate_3", "rate_2", "skip", None):
        answered(any_house, grade)
    found = of(any_house)
    assert (found.month, found.points, found.asked) == (date(2026, 11, 1), Points(3, 260), 5)
    assert found.average == pytest.approx(86.7, abs=0.05)


def test_dimensions_channels_and_subjects_stand_apart(any_house: House) -> None:
    answered(any_house, "rate_3")
    answered(any_house, "rate_2", channel="wechat")
    answered(any_house, "rate_1", channel="wechat", subject="TS20261122-000001")
    answered(any_house, "rate_2", question="attitude")
    answered(any_house, "rate_1", question="of_last_year")
    found = of(any_house)
    assert list(found.by_dimension.items()) == [
        ("总体满意度", Points(3, 160)),
        ("服务态度", Points(1, 60)),
        ("of_last_year", Points(1, 0)),
    ]
    assert found.by_channel == {"web": Points(1, 100), "wechat": Points(2, 60)}
    assert found.by_subject == {"case": Points(1, 0), "conversation": Points(2, 160)}


def test_a_month_is_beijings(any_house: House) -> None:
    begins = datetime(2026, 11, 1, tzinfo=BEIJING)
    ends = datetime(2026, 12, 1, tzinfo=BEIJING)
    for at in (begins - timedelta(seconds=1), begins, ends - timedelta(seconds=1), ends):
        answered(any_house, "rate_3", at)
    counts = [of(any_house, date(2026, month, 30)).points.count for month in (10, 11)]
    assert [*counts, of(any_house, date(2026, 12, 31)).points.count] == [1, 2, 1]


@pytest.mark.parametrize(
    ("grades", "below"), [(["rate_3"] * 3 + ["rate_2"], False), (["rate_3"] * 2 + ["rate_2"], True)]
)
def test_below_the_mark_or_just_at_it(any_house: House, grades: list[str], below: bool) -> None:
    """Three of 100 and one of 60 make 90, which is the mark."""
    for grade in grades:
        answered(any_house, grade)
    found = low(any_house)
    assert (found is not None) == below == of(any_house).below
    assert found is None or (found == of(any_house) and found.mark == 90)
    assert low(any_house, date(2026, 10, 1)) is None


def test_what_customers_wrote_is_listed_the_oldest_first(any_house: House) -> None:
    answered(any_house, "words", SUNDAY_NOON, question="words", text="很好")
    answered(
        any_house, "words", SUNDAY_NOON - timedelta(days=1), question="words", text="太慢", subject="TS20261122-000001"
    )
    answered(any_house, "skip", question="words")
    with any_house.db.transaction() as tx:
        found = [(one.text, one.subject_kind) for one in remarks(tx, NOVEMBER)]
    assert found == [("太慢", "case"), ("很好", "conversation")]


def test_a_question_is_asked_once_of_a_subject(any_house: House) -> None:
    with any_house.db.transaction() as tx:
        one, other = (log_store.create(tx, channel="web", at=SUNDAY_NOON).id for _ in range(2))
        assert store.ask(tx, one, OWN, "grade", 2, SUNDAY_NOON) and store.ask(tx, other, OWN, "grade", 2, SUNDAY_NOON)
        assert not store.ask(tx, one, OWN, "grade", 3, SUNDAY_NOON)
        assert store.ask(tx, one, "TS20261122-000001", "grade", 4, SUNDAY_NOON)
        assert not store.ask(tx, other, "TS20261122-000001", "grade", 4, SUNDAY_NOON)
