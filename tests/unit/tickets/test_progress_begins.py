"""A complaint that was open before progress was told is told of it from now on (003-13). On both stores."""

from __future__ import annotations

from dataclasses import replace

from tickets_support import Desk, at, filed

from bot.knowledge import Knowledge
from bot.tickets import deadlines
from bot.tickets.clockwork import Clockwork
from bot.tickets.informing import Informing


def informing(desk: Desk, knowledge: Knowledge) -> Informing:
    """As if the bank had written it down since."""
    slas = tuple(
        sla.copy(update={"progress_notice_wd": 3} if sla.severity == "一般" else {})
        for sla in knowledge.complaints.slas
    )
    knows = replace(knowledge, complaints=knowledge.complaints.copy(update={"slas": slas}))
    return Informing(desk.db, Clockwork(desk.casework.clockwork.calendar, knows))


def test_what_was_open_before_gets_it_once(desk: Desk, knowledge: Knowledge) -> None:
    case = filed(desk, "2026-11-23T10:00")
    settled = desk.complain_again(desk.conversation(), "我要投诉手机银行闪退两小时")[0].values["number"]
    desk.resolved(settled)
    desk.tick("2026-11-24T10:00")
    assert not [one for one in desk.clocks(case.number) if one.kind == "progress"]  # its level names no interval
    worker = informing(desk, knowledge)
    desk.at("2026-11-24T11:00")
    assert [worker.look(desk.clock.now()), worker.look(desk.clock.now())] == [1, 0]
    (row,) = [one for one in desk.clocks(case.number) if one.kind == "progress"]
    assert (row.state, row.starts_at, row.due_at) == (deadlines.OPEN, at("2026-11-24T11:00"), at("2026-11-27T17:30"))
    assert not [one for one in desk.clocks(settled) if one.kind == "progress"]


def test_a_new_round_has_one_of_its_own(desk: Desk, knowledge: Knowledge) -> None:
    case = filed(desk, "2026-11-23T10:00")
    worker = informing(desk, knowledge)
    assert worker.look(desk.clock.now()) == 1
    desk.resolved(case.number)
    assert worker.look(desk.clock.now()) == 0
    desk.act(case.number, "appeal", reason="不认可")
    assert worker.look(desk.clock.now()) == 1


def test_the_worker_looks(desk: Desk) -> None:
    looked: list[bool] = []
    desk.casework.watching.informing.look = lambda now: looked.append(True) or 0  # type: ignore[method-assign]
    desk.tick()
    assert looked
