"""What was promised after the first result is kept, although the customer appeals (000-37, 000-45)."""

from __future__ import annotations

import pytest
from survey_support import PAGE, answers, closed, to_the_words
from tickets_support import Desk, at

from bot.tickets import deadlines
from bot.tickets.deadlines import Deadline
from bot.tickets.recusal import Officer

POINTS = "要求退还50元并书面道歉"
VISITED = {"satisfaction": "不满意", "continuity": "又出现", "suggestions": "无", "points": POINTS}


SETTINGS = {"QIANTAI_PUBLIC_URL": PAGE}


@pytest.fixture
def anna(desk: Desk) -> Officer:
    return desk.officer("anna", "complaints")


@pytest.fixture
def bert(desk: Desk) -> Officer:
    return desk.officer("bert", "complaints")


@pytest.fixture
def number(desk: Desk, conversation: str, anna: Officer) -> str:
    """Settled by anna and visited; the customer has raised something."""
    number = desk.complain(conversation)
    desk.resolved(number, anna)
    desk.act(number, "close", anna)
    desk.at("2026-11-27T10:00")
    (visit,) = desk.tasks(number, "visit")
    done(desk, visit, desk.officer("carl"), answers=VISITED)
    return number


def done(desk: Desk, task: Deadline, who: Officer, note: str = "电话", answers: dict[str, str] | None = None) -> None:
    with desk.db.transaction() as tx:
        desk.casework.aftercare.done(tx, task, who, desk.clock.now(), note, answers)


def promised(desk: Desk, number: str) -> dict[str, Deadline]:
    return {task.kind: task for task in desk.tasks(number) if task.kind in ("points", "feedback")}


def test_its_date_stays_and_the_next_owner_keeps_it(desk: Desk, number: str, bert: Officer) -> None:
    before = {kind: task.due_at for kind, task in promised(desk, number).items()}
    assert sorted(before) == ["feedback", "points"]
    desk.act(number, "appeal", reason="客户不服")
    assert {kind: (task.due_at, task.person) for kind, task in promised(desk, number).items()} == {
        kind: (due_at, None) for kind, due_at in before.items()
    }
    assert not desk.tasks(number, "final")  # that one begins anew
    desk.act(number, "take", bert)
    assert {task.person for task in promised(desk, number).values()} == {"bert"}


def test_it_can_be_done_while_the_case_is_reviewed(desk: Desk, number: str, conversation: str, bert: Officer) -> None:
    desk.act(number, "appeal", reason="客户不服")
    desk.act(number, "take", bert)
    for task in promised(desk, number).values():
        done(desk, task, bert, "已电话答复您提的问题")
    assert promised(desk, number) == {}
    assert {desk.clock_of(number, kind).state for kind in ("points", "feedback")} == {deadlines.DONE}
    assert any("已电话答复您提的问题" in text for text in desk.read(conversation))


def test_not_kept_it_is_a_breach(desk: Desk, number: str) -> None:
    desk.act(number, "appeal", reason="客户不服")
    desk.tick("2026-12-03T10:00")
    assert desk.clock_of(number, "points").breached_at == at("2026-12-02T17:30")


def test_feedback_that_a_person_tells_is_over_when_he_has(desk: Desk, number: str, anna: Officer) -> None:
    """Written before the appeal, told after it."""
    case = desk.tickets.case(number)
    with desk.db.transaction() as tx:
        desk.casework.telling.person_tells(tx, case, "反馈：已退还", "case_feedback", "v1", desk.clock.now())
    desk.act(number, "appeal", reason="客户不服")
    desk.act(number, "told", how="phone", what="case_feedback")
    assert sorted(promised(desk, number)) == ["points"]


def test_who_takes_back_his_complaint_is_promised_nothing_any_more(desk: Desk, number: str) -> None:
    desk.act(number, "appeal", reason="客户不服")
    desk.act(number, "withdraw", reason="客户撤回")
    assert desk.tasks(number) == []


def test_who_wrote_of_danger_is_called_although_he_appeals_or_withdraws(desk: Desk, bert: Officer) -> None:
    number = closed(desk)
    to_the_words(desk)
    answers(desk, "words", text="我刚被骗了，钱正在被转走")
    (call,) = desk.tasks(number, "points")
    desk.act(number, "appeal", reason="客户不服")
    desk.act(number, "withdraw", reason="客户撤回")
    (still,) = desk.tasks(number)
    assert (still.key, still.due_at, still.person) == (call.key, call.due_at, None)
    done(desk, still, bert, "已联系上")
    assert desk.tasks(number) == []
