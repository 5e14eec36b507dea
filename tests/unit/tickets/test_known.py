"""A clock that promises the customer word ends when he has it, not when it was written (L1, C3)."""

from __future__ import annotations

import pytest
from tickets_support import RESULT, STORY, Desk, at

from bot.errors import Conflict, InvalidInput
from bot.notices.model import Delivery, Fate, Outgoing
from bot.tickets import deadlines
from bot.tickets.recusal import Officer

NOBODY = "不想留"  # no number: once the chat is over, only a person can tell him


class Refuses:
    """A gateway that takes nothing."""

    def deliver(self, notice: Outgoing) -> Delivery:
        return Delivery(Fate.REFUSED, "404")


def taken(desk: Desk, phone: str = "13800138000") -> str:
    """A case that is being investigated; its chat is over."""
    desk.at("2026-11-23T10:00")
    chat = desk.conversation()
    number = desk.complain(chat, STORY, phone)
    desk.ends(chat)
    for act in ("take", "investigate"):
        desk.act(number, act)
    return number


def settled(desk: Desk, number: str, who: Officer | None = None) -> None:
    desk.act(number, "propose", who, text="向您道歉，并安排优先办理")
    desk.act(number, "agreed", who, agreed=True)
    desk.act(number, "resolve", who, **RESULT)


def waiting(desk: Desk, number: str, what: str) -> deadlines.Deadline:
    (task,) = [task for task in desk.tasks(number, "tell") if task.detail["what"].startswith(what)]
    return task


def finished(desk: Desk, task: deadlines.Deadline) -> None:
    boss = desk.officer("super", "supervisor", "head")
    with desk.db.transaction() as tx:
        desk.casework.aftercare.done(tx, task, boss, desk.clock.now(), "已电话告知")


def state(desk: Desk, number: str, kind: str) -> str:
    return desk.clock_of(number, kind).state


@pytest.mark.parametrize("solution", ["", "退还手续费"])
def test_a_first_response_that_a_person_must_tell_is_given_when_he_has(desk: Desk, solution: str) -> None:
    number = taken(desk, NOBODY)
    desk.act(number, "respond", analysis="正在核实当天的排队记录", solution=solution)
    assert state(desk, number, "first_response") == deadlines.OPEN
    finished(desk, waiting(desk, number, "case_first_response"))
    assert state(desk, number, "first_response") == deadlines.DONE


def test_a_report_and_a_result_too(desk: Desk) -> None:
    number = taken(desk, NOBODY)
    settled(desk, number)
    desk.act(number, "report")
    for kind in ("report", "result_notice", "cap"):
        assert state(desk, number, kind) == deadlines.OPEN
    finished(desk, waiting(desk, number, "case_report"))
    assert [state(desk, number, kind) for kind in ("report", "result_notice")] == [deadlines.DONE, deadlines.OPEN]
    finished(desk, waiting(desk, number, "case_result"))
    assert [state(desk, number, kind) for kind in ("cap", "result_notice")] == [deadlines.DONE] * 2


def test_a_result_that_the_gateway_could_not_deliver_is_not_known(desk: Desk) -> None:
    number = taken(desk)
    settled(desk, number)
    assert state(desk, number, "result_notice") == deadlines.DONE
    desk.house.notices._port = Refuses()
    desk.house.notices.tick()
    clock = desk.clock_of(number, "result_notice")
    assert (clock.state, clock.done_at, clock.done_by) == (deadlines.OPEN, None, None)
    with pytest.raises(Conflict):
        desk.act(number, "close")
    desk.tick("2026-11-25T09:00")
    assert desk.clock_of(number, "result_notice").breached_at == at("2026-11-24T17:30")
    finished(desk, waiting(desk, number, "case_result"))
    assert [state(desk, number, kind) for kind in ("cap", "result_notice")] == [deadlines.DONE] * 2
    desk.act(number, "close")


def test_a_first_response_that_did_not_arrive_runs_on(desk: Desk) -> None:
    number = taken(desk)
    desk.act(number, "respond", analysis="正在核实当天的排队记录")
    desk.house.notices._port = Refuses()
    desk.house.notices.tick()
    desk.tick("2026-11-25T10:00:01")
    assert desk.clock_of(number, "first_response").breached_at == at("2026-11-25T10:00")


def test_what_did_not_arrive_before_an_appeal_opens_nothing_again(desk: Desk) -> None:
    number = taken(desk)
    settled(desk, number)
    desk.act(number, "appeal", reason="不同意")
    desk.house.notices._port = Refuses()
    desk.house.notices.tick()
    assert [d.round for d in desk.clocks(number) if d.open and d.kind == "cap"] == [2]
    assert {d.round for d in desk.tasks(number, "tell") if d.detail["what"] == "case_result"} == {1}


def test_told_means_one_thing(desk: Desk) -> None:
    """Three notices wait for a person; he has told the result by phone, and nothing else."""
    number = taken(desk, NOBODY)
    desk.act(number, "respond", analysis="正在核实当天的排队记录")
    with pytest.raises(InvalidInput):
        desk.act(number, "told", how="phone")  # which?
    desk.act(number, "told", how="phone", what="case_first_response")
    assert state(desk, number, "first_response") == deadlines.DONE
    with pytest.raises(InvalidInput):
        desk.act(number, "told", how="phone", what="case_first_response")  # known already
    settled(desk, number)
    desk.act(number, "report")
    before = {task.detail["what"] for task in desk.tasks(number, "tell")}
    desk.act(number, "told", how="phone")
    assert before - {task.detail["what"] for task in desk.tasks(number, "tell")} == {"case_result"}
    assert [state(desk, number, k) for k in ("result_notice", "cap", "report")] == ["done", "done", "open"]


def test_each_rounds_extension_is_told(desk: Desk) -> None:
    number = taken(desk)
    reviewer = None
    for name in ("carl", "dora"):  # nobody reviews his own decision
        settled(desk, number, reviewer)
        desk.act(number, "appeal", reason="不同意")
        reviewer = desk.officer(name, "complaints")
        desk.act(number, "take", reviewer)
        desk.act(number, "investigate", reviewer)
        desk.act(number, "extend", desk.officer("boss", "head"), days=30, reason="要调取分行的记录")
    assert [template for _, template in desk.sent()].count("case_extended") == 2


def test_what_was_not_put_is_told_by_a_person(desk: Desk) -> None:
    """Two texts under one key: the second leaves by no gateway, and the history does not say so."""
    number = taken(desk)
    case, texts = desk.tickets.case(number), []
    with desk.db.transaction() as tx:
        for reason in ("一", "二"):
            texts.append(
                desk.casework.telling.phrase(tx, case, "case_paused", desk.clock.now(), key="k", reason=reason)
            )
    assert texts == ["sms", "person"]
    assert "二" in waiting(desk, number, "case_paused").text
