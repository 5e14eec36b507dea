"""After the result: visit, points, feedback, final confirmation; and whose a task is (C7, 000-36 to 000-45)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tickets_support import Desk, at

from bot.conversation.survey import figures
from bot.errors import Conflict, Forbidden, InvalidInput
from bot.tickets import deadlines, improving
from bot.tickets.deadlines import Deadline
from bot.tickets.recusal import Officer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ANSWERS = {"satisfaction": "非常满意", "continuity": "正常", "suggestions": "无"}
VISIT_OPENS, VISIT_DUE = "2026-11-26T00:00", "2026-12-02T17:30"  # 3 and 7 working days after Monday 23 November


@pytest.fixture
def bert(desk: Desk) -> Officer:
    """Any agent."""
    return desk.officer("bert")


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    """Settled on Monday 23 November at ten."""
    number = desk.complain(conversation)
    desk.resolved(number, desk.officer("anna", "complaints"))
    return number


def done(desk: Desk, task: Deadline, who: Officer, note: str = "已回访", answers: dict[str, Any] | None = None) -> None:
    with desk.db.transaction() as tx:
        desk.casework.aftercare.done(tx, task, who, desk.clock.now(), note, answers)


def take(desk: Desk, task: Deadline, who: Officer) -> None:
    with desk.db.transaction() as tx:
        desk.casework.aftercare.take(tx, task, who, desk.clock.now())


def task(desk: Desk, number: str, kind: str) -> Deadline:
    (found,) = desk.tasks(number, kind)
    return found


class TestTheVisit:
    def test_opens_after_three_working_days_and_is_due_after_seven(self, desk: Desk, number: str) -> None:
        visit = task(desk, number, "visit")
        assert (visit.opens_at, visit.due_at) == (at(VISIT_OPENS), at(VISIT_DUE))

    def test_is_on_no_list_and_not_to_be_done_before(self, desk: Desk, number: str, bert: Officer) -> None:
        visit = task(desk, number, "visit")
        assert "visit" not in [one.kind for one in desk.open_tasks()]
        with pytest.raises(Conflict):
            done(desk, visit, bert, answers=ANSWERS)
        desk.at(VISIT_OPENS)
        assert "visit" in [one.kind for one in desk.open_tasks()]

    def test_keeps_the_answers_and_owes_written_feedback_in_ten_working_days(
        self, desk: Desk, number: str, bert: Officer
    ) -> None:
        desk.at("2026-11-27T10:00")
        done(desk, task(desk, number, "visit"), bert, answers=ANSWERS)
        assert desk.clock_of(number, "visit").detail["answers"] == {"reached": True, **ANSWERS}
        assert task(desk, number, "feedback").due_at == at("2026-12-11T17:30")
        assert desk.tasks(number, "points") == []
        assert ("bert", "task_done") in desk.history(number)

    def test_points_raised_are_answered_in_three_working_days_by_the_owner(
        self, desk: Desk, number: str, bert: Officer
    ) -> None:
        desk.at("2026-11-27T10:00")
        done(desk, task(desk, number, "visit"), bert, answers={**ANSWERS, "points": "希望多开窗口"})
        points = task(desk, number, "points")
        assert (points.person, points.text, points.due_at) == ("anna", "希望多开窗口", at("2026-12-02T17:30"))

    def test_who_was_not_reached_is_called_again(self, desk: Desk, number: str, bert: Officer) -> None:
        desk.at("2026-11-27T10:00")
        for _ in range(2):
            done(desk, task(desk, number, "visit"), bert, "没人接", {"reached": False})
        visit = task(desk, number, "visit")
        assert (visit.state, visit.person, len(visit.detail["tries"])) == (deadlines.OPEN, "bert", 2)
        assert ("bert", "not_reached") in desk.history(number)

    @pytest.mark.parametrize(
        ("answers", "field"),
        [
            (None, "answers.satisfaction"),
            ({"satisfaction": "还行"}, "answers.satisfaction"),
            ({**ANSWERS, "x": "y"}, "answers"),
        ],
    )
    def test_asks_its_question(
        self, desk: Desk, number: str, bert: Officer, answers: dict[str, Any] | None, field: str
    ) -> None:
        desk.at("2026-11-27T10:00")
        with pytest.raises(InvalidInput) as refused:
            done(desk, task(desk, number, "visit"), bert, answers=answers)
        assert refused.value.extra["field"] == field

    def test_made_too_late_is_a_breach(self, desk: Desk, number: str, bert: Officer) -> None:
        desk.at("2026-12-03T10:00")
        done(desk, task(desk, number, "visit"), bert, answers=ANSWERS)
        assert desk.clock_of(number, "visit").breached_at == at(VISIT_DUE)
        assert len([row for row in desk.given(number, "breach") if "回访" in row.text]) == 1

    def test_of_a_case_that_is_appealed_is_not_made(self, desk: Desk, number: str) -> None:
        desk.act(number, "appeal", reason="不认可")
        assert {clock.kind for clock in desk.clocks(number) if clock.state == deadlines.VOID} >= {"visit", "final"}


class TestTheFinalConfirmation:
    def test_comes_within_fifteen_working_days(self, desk: Desk, number: str, bert: Officer) -> None:
        final = task(desk, number, "final")
        assert final.due_at == at("2026-12-14T17:30")
        desk.at("2026-12-10T10:00")
        done(desk, final, bert, answers=ANSWERS)
        assert desk.tasks(number, "feedback") == []  # that is the visit's


class TestWhose:
    def test_the_report_is_on_the_owners_own_list(self, desk: Desk, number: str) -> None:
        assert task(desk, number, "report").person == "anna"

    def test_what_somebody_has_taken_is_his(self, desk: Desk, number: str, bert: Officer) -> None:
        desk.at("2026-11-27T10:00")
        take(desk, task(desk, number, "visit"), bert)
        clara = desk.officer("clara")
        with pytest.raises(Conflict):
            take(desk, task(desk, number, "visit"), clara)
        with pytest.raises(Forbidden):
            done(desk, task(desk, number, "visit"), clara, answers=ANSWERS)
        done(desk, task(desk, number, "visit"), desk.officer("sofia", "supervisor"), answers=ANSWERS)

    def test_whether_anything_is_due_for_a_missed_clock_a_supervisor_decides(
        self, desk: Desk, conversation: str
    ) -> None:
        number = desk.complain(conversation)
        anna = desk.officer("anna", "complaints")
        desk.act(number, "take", anna)
        desk.tick("2026-11-26T10:00")
        with pytest.raises(Forbidden):
            done(desk, task(desk, number, "apology"), anna, "不用补偿")
        done(desk, task(desk, number, "apology"), desk.officer("sofia", "supervisor"), "致歉并减免年费")

    def test_done_once(self, desk: Desk, number: str) -> None:
        desk.tick("2026-12-01T10:00")
        final, anna = task(desk, number, "visit"), desk.officer("anna", "complaints")
        done(desk, final, anna, answers=ANSWERS)
        with pytest.raises(Conflict):
            done(desk, final, anna, answers=ANSWERS)


class TestSubtasks:
    VALUES = {"department": "信用卡部", "text": "查录音", "due_at": at("2026-11-25T10:00")}  # noqa: RUF012

    def test_help_and_leave_the_lead_with_the_owner(self, desk: Desk, conversation: str, bert: Officer) -> None:
        number = desk.complain(conversation)
        desk.act(number, "take", desk.officer("anna", "complaints"))
        case = desk.act(number, "subtask", **self.VALUES, to="bert")
        assert case.owner_user == "anna"
        assert task(desk, number, "subtask").detail["lead"] == "anna"
        done(desk, task(desk, number, "subtask"), bert, "录音已调取")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"department": "食堂"}, "department"),
            ({"to": "nobody"}, "to"),
            ({"due_at": at("2026-11-23T10:00")}, "due_at"),
        ],
    )
    def test_go_to_who_is_there_by_a_date_to_come(
        self, desk: Desk, conversation: str, change: dict[str, Any], field: str
    ) -> None:
        number = desk.complain(conversation)
        desk.act(number, "take")
        with pytest.raises(InvalidInput) as refused:
            desk.act(number, "subtask", **{**self.VALUES, **change})
        assert refused.value.extra["field"] == field


class TestAMonthBelowTheMark:
    @pytest.fixture(autouse=True)
    def poor(self, monkeypatch: pytest.MonkeyPatch) -> None:
        score = type("Score", (), {"average": 71.25, "mark": 90})()
        monkeypatch.setattr(improving, "below_mark", lambda tx, month, survey: score)
        assert figures.below_mark is not None

    def items(self, desk: Desk) -> list[Deadline]:
        return [one for one in desk.open_tasks() if one.kind == "improvement"]

    def test_is_an_item_for_a_supervisor_with_a_date_once(self, desk: Desk) -> None:
        for moment in ("2026-12-01T00:00:01", "2026-12-01T00:00:02", "2026-12-15T10:00"):
            desk.tick(moment)
        (item,) = self.items(desk)
        assert "2026-11" in item.text and "71.2" in item.text
        assert item.due_at == at("2026-12-15T17:30")
        assert len(desk.alerts(desk.officer("sofia", "supervisor"), "survey")) == 1

    def test_is_not_ticked_off_by_an_agent(self, desk: Desk, bert: Officer) -> None:
        desk.tick("2026-12-01T00:00:01")
        with pytest.raises(Forbidden):
            done(desk, self.items(desk)[0], bert)

    def test_each_month_has_its_own(self, desk: Desk) -> None:
        moment: datetime = at("2026-11-01T01:00")
        for _ in range(3):
            desk.clock.set(moment)
            desk.tick()
            moment += timedelta(days=31)
        assert len(self.items(desk)) == 3
