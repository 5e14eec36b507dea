"""Tasks after a case: what a person ends by a word, and what only by the deed."""

from __future__ import annotations

import pytest
from tickets_support import Desk

from bot.console.case_bodies import TaskDone
from bot.console.cases import Cases
from bot.console.tasks import Tasks
from bot.conversation.survey import store as surveyed
from bot.conversation.survey.figures import score
from bot.errors import Conflict, InvalidInput, RefusedByGuard
from bot.tickets import deadlines

VISITED = {"satisfaction": "一般", "continuity": "没有再出现", "suggestions": "多开窗口"}


@pytest.fixture
def number(desk: Desk, conversation: str) -> str:
    number = desk.complain(conversation)
    desk.resolved(number)
    return number


@pytest.fixture
def tasks(desk: Desk) -> Tasks:
    return Tasks(Cases(desk.entering, desk.house.files, desk.house.staff))


def done(desk: Desk, tasks: Tasks, number: str, kind: str, note: str = "", **more: object) -> None:
    boss = desk.officer("super", "supervisor", "head")
    tasks.done(boss, desk.clock_of(number, kind).id, TaskDone(note=note, **more))


def visited(desk: Desk, tasks: Tasks, number: str, **answers: object) -> None:
    desk.at("2026-11-26T10:00")
    done(desk, tasks, number, "visit", answers={**VISITED, **answers})


def test_a_report_is_not_ended_without_being_sent(desk: Desk, tasks: Tasks, number: str) -> None:
    with pytest.raises(Conflict):
        done(desk, tasks, number, "report", "已写好")
    desk.act(number, "report")
    assert desk.clock_of(number, "report").state == deadlines.DONE


def test_the_feedback_after_a_visit_is_what_the_customer_reads(
    desk: Desk, tasks: Tasks, number: str, conversation: str
) -> None:
    visited(desk, tasks, number)
    with pytest.raises(InvalidInput):
        done(desk, tasks, number, "feedback")
    done(desk, tasks, number, "feedback", "窗口已经增加到五个")
    assert "窗口已经增加到五个" in desk.read(conversation)[-1]
    assert desk.clock_of(number, "feedback").state == deadlines.DONE


def test_feedback_passes_the_guard(desk: Desk, tasks: Tasks, number: str, conversation: str) -> None:
    visited(desk, tasks, number)
    said, figure = desk.read(conversation), "已按年利率3.71%退还利息"
    for confirmed in (True, False):
        with pytest.raises(RefusedByGuard) as refused:
            done(desk, tasks, number, "feedback", figure if confirmed else "这款理财保本，绝对没有风险")
        assert refused.value.extra["field"] == "note"
    assert desk.read(conversation) == said
    done(desk, tasks, number, "feedback", figure, confirmed=True)
    assert figure in desk.read(conversation)[-1]


def test_feedback_that_a_person_must_tell_is_done_when_he_has(desk: Desk, tasks: Tasks) -> None:
    chat = desk.conversation()
    number = desk.complain(chat, phone="不想留")
    desk.resolved(number)
    visited(desk, tasks, number)
    desk.ends(chat)
    done(desk, tasks, number, "feedback", "窗口已经增加到五个")
    assert desk.clock_of(number, "feedback").state == deadlines.OPEN
    done(desk, tasks, number, "tell", "已电话告知")
    assert desk.clock_of(number, "feedback").state == deadlines.DONE


@pytest.mark.parametrize("kind", ["points", "tell"])
def test_where_the_customer_hears_something_it_is_written_down_how(
    desk: Desk, tasks: Tasks, number: str, kind: str
) -> None:
    visited(desk, tasks, number, points="年费怎么算")
    case = desk.tickets.case(number)
    with desk.db.transaction() as tx:
        desk.casework.telling.person_tells(tx, case, "…", "case_closed", "x", desk.clock.now())
    with pytest.raises(InvalidInput):
        done(desk, tasks, number, kind, " ")
    done(desk, tasks, number, kind, "已电话答复")


def test_what_was_read_before_the_lock_is_read_again(desk: Desk, number: str) -> None:
    boss, aftercare = desk.officer("super", "supervisor", "head"), desk.casework.aftercare
    desk.at("2026-11-26T10:00")
    task = desk.clock_of(number, "visit")  # as all of them read it, who then waited for the lock
    first, second = desk.officer("anna"), desk.officer("bert")
    with desk.db.transaction() as tx:
        aftercare.take(tx, task, first, desk.clock.now())
    with pytest.raises(Conflict), desk.db.transaction() as tx:
        aftercare.take(tx, task, second, desk.clock.now())
    for note in ("没人接", "关机"):
        with desk.db.transaction() as tx:
            aftercare.done(tx, task, first, desk.clock.now(), note, {"reached": False})
    assert [one["note"] for one in desk.clock_of(number, "visit").detail["tries"]] == ["没人接", "关机"]
    desk.tick("2026-12-04T09:00")  # missed, and known to be
    with desk.db.transaction() as tx:
        aftercare.done(tx, task, boss, desk.clock.now(), "", VISITED)
    missed = [e for e in desk.tickets.history(number) if e.action == "breached" and e.detail["clock"] == "visit"]
    assert len(missed) == 1


@pytest.mark.parametrize("missing", ["satisfaction", "continuity", "suggestions"])
@pytest.mark.parametrize("blank", ["", "  "])
def test_a_visit_asks_all_three_questions(desk: Desk, tasks: Tasks, number: str, missing: str, blank: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        visited(desk, tasks, number, **{missing: blank})
    assert refused.value.extra["field"] == f"answers.{missing}"
    visited(desk, tasks, number, suggestions="无")


@pytest.mark.parametrize(("heard", "points"), [("非常满意", 100), ("一般", 60), ("不满意", 0)])
def test_what_the_visit_hears_counts_in_the_months_score(
    desk: Desk, tasks: Tasks, number: str, heard: str, points: int
) -> None:
    visited(desk, tasks, number, satisfaction=heard)
    with desk.db.transaction() as tx:
        found = score(tx, desk.clock.now().date(), desk.house.knowledge.survey)
    assert (found.points.count, found.average, found.by_subject["case"].count) == (1, points, 1)


def test_but_not_twice_where_the_customer_has_pressed_already(desk: Desk, tasks: Tasks, number: str) -> None:
    case = desk.tickets.case(number)
    with desk.db.transaction() as tx:
        surveyed.ask(tx, case.conversation_id, number, "grade", 1, desk.clock.now())
        (asked,) = surveyed.of_subject(tx, case.conversation_id, number)
        surveyed.answer(tx, asked, "rate_3", desk.clock.now(), points=100)
    visited(desk, tasks, number, satisfaction="不满意")
    with desk.db.transaction() as tx:
        assert score(tx, desk.clock.now().date(), desk.house.knowledge.survey).average == 100


@pytest.mark.parametrize("open_chat", [True, False])
def test_who_could_not_be_asked_at_the_end_stands_in_the_history(
    desk: Desk, number: str, conversation: str, open_chat: bool
) -> None:
    if not open_chat:
        desk.ends(conversation)
    desk.act(number, "close")
    assert (("system", "not_surveyed") in desk.history(number)) is not open_chat
